"""From what somebody typed to what the index is asked."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from contactpoint.actions.find import coding
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.shielding import does_this_search_exclude_shielded_records
from contactpoint.domain.errors import InvalidIdentifier, InvalidInput
from contactpoint.domain.identifiers import nhs_number_is_valid, parse_child_number, upn_is_valid
from contactpoint.linking.model.weights import Model, Rarity, default_model
from contactpoint.linking.names import name_of
from contactpoint.storage.queries.children import find_child
from contactpoint.storage.queries.organisations import codes_named
from contactpoint.storage.search_candidates import Probe
from contactpoint.storage.search_index import KeyKind

KeyGroup = tuple[KeyKind, tuple[int, ...]]


def probe_of(criteria: Criteria, on: date, *, for_whom: UUID | None, model: Model | None = None) -> Probe:
    """Return the codes to search with, for the account that searches; a process searches for nobody.

    `model` knows the names that a wildcard stands for; the one that comes with the project if None.

    Raises:
        InvalidInput: the number typed is none that children have.
    """
    surnames, forenames = _sounds(criteria, (model or default_model()).rarity)
    days: tuple[date, ...] = ()
    near: tuple[date, ...] = ()
    if born := criteria.date_of_birth:
        other = coding.swapped(born)
        days = (born, other) if other else (born,)
        near = coding.near_dates(born)
    postcode, sectors, district = coding.sectors_of(criteria.postcode)
    number, keys = _number(criteria.number, for_whom)
    return Probe(
        number=number,
        sk=coding.codes(surnames),
        fk=coding.codes(forenames),
        sfk=coding.pair_codes(surnames, forenames),
        crossed=coding.pair_codes(forenames, surnames),
        days=days,
        near=near,
        born=coding.born_between(criteria.age, on) if criteria.age is not None and not days else None,
        postcode=postcode,
        secs=sectors,
        district=district,
        authority=criteria.authority,
        keys=(*keys, *_phone(criteria)),
        context=context_of(criteria),
        for_whom=for_whom,
        unshielded_only=does_this_search_exclude_shielded_records(criteria),
    )


def slipped(probe: Probe, criteria: Criteria) -> Probe:
    """Return the probe with codes of sounds a slip away: many, so made only where nothing good was found."""
    forename, surname = criteria.forename, criteria.surname
    only = not (forename and surname)
    first = coding.sound_of(forename or surname or "")
    last = coding.sound_of(surname or forename or "")
    return replace(
        probe,
        sk_slips=coding.codes(coding.slips_of(last)),
        fk_slips=coding.codes(coding.slips_of(first)),
        sfk_slips=() if only else coding.slipped_pair_codes(last, first),
    )


def is_new_baby(criteria: Criteria) -> bool:
    """Say whether the first name only holds a place ("Baby"), so that the last name may be the mother's."""
    return criteria.forename is not None and not name_of(criteria.forename)


def context_of(criteria: Criteria) -> tuple[KeyGroup, ...]:
    """Keys that help to find a child by name: carer, school, GP practice, part of an address."""
    groups: list[KeyGroup] = []
    if criteria.carer_name:
        groups.append((KeyKind.CARER, coding.asked_carer_keys(criteria.carer_name)))
    if is_new_baby(criteria) and criteria.surname:
        groups.append((KeyKind.CARER, coding.asked_carer_keys(criteria.surname)))
    for kind, kinds, text in (
        (KeyKind.SCHOOL, ("school",), criteria.school),
        (KeyKind.GP_PRACTICE, ("gp",), criteria.gp_practice),
    ):
        if text:
            hashed = (coding.organisation_key(code) for code in codes_named(kinds, text))
            groups.append((kind, tuple(key for key in hashed if key is not None)))
    if criteria.place and not criteria.postcode:
        groups.append((KeyKind.ADDRESS, coding.asked_address_keys(criteria.place)))
    return tuple(group for group in groups if len(group[1]) > 0)


def _phone(criteria: Criteria) -> tuple[KeyGroup, ...]:
    key = coding.phone_key(criteria.phone)
    return ((KeyKind.PHONE, (key,)),) if key is not None else ()


def _sounds(criteria: Criteria, rarity: Rarity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sounds of last and first names. A single name may be either, so it is looked for as both (R12)."""
    forename, surname = criteria.forename, criteria.surname
    if forename and surname:
        return (
            coding.asked_surname_sounds(surname, rarity.surname),
            coding.asked_forename_sounds(forename, rarity.forename),
        )
    only = surname or forename
    if not only:
        return (), ()
    return (
        (*coding.asked_surname_sounds(only, rarity.surname), ""),
        (*coding.asked_forename_sounds(only, rarity.forename), ""),
    )


def _number(typed: str | None, for_whom: UUID | None) -> tuple[str | None, tuple[KeyGroup, ...]]:
    """A ContactPoint number, or the key of another body's."""
    if not typed:
        return None, ()
    for kind, is_valid in ((KeyKind.NHS_NUMBER, nhs_number_is_valid), (KeyKind.UPN, upn_is_valid)):
        key = coding.identifier_key(kind, typed)
        if is_valid(typed) and key is not None:
            return None, ((kind, (key,)),)
    try:
        child = find_child(parse_child_number(typed), for_whom=for_whom)
    except InvalidIdentifier:
        raise InvalidInput(
            "Check the number: it is not an NHS number, a unique pupil number or a ContactPoint number."
        ) from None
    return (child.number if child else parse_child_number(typed)), ()
