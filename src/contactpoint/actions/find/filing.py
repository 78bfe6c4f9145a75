"""What the search index says of a child, made from what is held about it; pure, and fast: a country waits."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from contactpoint.actions.find import coding
from contactpoint.domain.disclosure.consent import which_statements_may_be_searched
from contactpoint.domain.disclosure.held import Gazetteer
from contactpoint.domain.discreet import DiscreetPlaces
from contactpoint.domain.people import LEAVING, AddressKind, Statement
from contactpoint.domain.survivorship import Identity, identity_of, main_address, responsible_authority
from contactpoint.linking.names import joined, name_of
from contactpoint.storage.queries.involvements import Outline
from contactpoint.storage.queries.told import Told
from contactpoint.storage.search_index import MOST_ROWS, Key, KeyKind, Row

_SCHOOLS: Final = frozenset({"school", "early_years"})
# Kinds of address that survivorship treats in their own way; `_UNLIKE` makes it be asked.
_NO_HOMES: Final = frozenset(kind.value for kind in AddressKind if kind is not AddressKind.HOME)
_UNLIKE: Final = ("another", "another")


@dataclass
class Held:
    """What is held about one child and may be searched, while its rows are made."""

    shielded: bool
    told: list[Told] = field(default_factory=list)
    involvements: list[Outline] = field(default_factory=list)

    @cached_property
    def statements(self) -> list[Statement]:
        """What is said, as domain values: made only where sources differ."""
        return [one.statement() for one in self.told]


def file(held: Mapping[str, Held], places: Gazetteer) -> tuple[list[Row], list[Key]]:
    """Make all rows and keys of children, from what is held of them.

    A shielded child gets one row of name, sex and birth date and no keys (R27); a retired number, or a child
    without records, gets nothing.
    """
    rows: list[Row] = []
    keys: list[Key] = []
    for number, one in held.items():
        if one.shielded:
            rows += _shielded_rows(number, one)
        else:
            rows += rows_of_child(number, one, places)
            keys += keys_of_child(number, one)
    return rows, keys


def areas_of_shielded(held: Mapping[str, Held], places: Gazetteer) -> dict[str, str]:
    """The authority that each shielded child belongs to, where one is known: for its desk, and for no row."""
    areas = {number: _authority(one, places, _home(one)[1]) for number, one in held.items() if one.shielded}
    return {number: area for number, area in areas.items() if area}


def unplaced_among(
    held: Mapping[str, Held], rows: Iterable[Row], hidden: Container[str], places: Gazetteer
) -> tuple[str, ...]:
    """Those who belong to no authority, and neither died nor left England (R50, R58); protected ones too."""
    placed = {row.child for row in rows if row.la}
    return tuple(
        number
        for number, one in held.items()
        if number not in placed
        and number not in hidden
        and not _authority(one, places, _home(one)[1])
        and not _is_gone(one)
    )


def _is_gone(held: Held) -> bool:
    home = main_address(held.statements)
    left = home is not None and home.kind in LEAVING
    return left or any(one.facts.get("date_of_death") for one in held.told)


def held_of(
    numbers: Iterable[str],
    shielded: Container[str],
    told: Iterable[Told],
    outlines: Iterable[Outline],
    places: Gazetteer,
) -> dict[str, Held]:
    """What is held of each child that may be searched, from what is told and who is in contact with them."""
    if places.discreet:
        discreet = DiscreetPlaces(places.discreet)
        told = (one._replace(facts=discreet.what_may_be_told(one.facts)) for one in told)
    held = {number: Held(number in shielded) for number in numbers}
    for one in told:
        held[one.child].told.append(one)
    for outline in outlines:
        if outline.confirmed and not outline.sensitive:
            held[outline.child].involvements.append(outline)
    for child in held.values():
        open_records = {outline.record for outline in child.involvements}
        child.told = list(which_statements_may_be_searched(child.told, open_records))
    return {number: child for number, child in held.items() if child.told}


def _shielded_rows(number: str, held: Held) -> list[Row]:
    """Exactly one row, of visible fields (R27)."""
    who = identity_of(held.statements)
    return [
        _row(number, who.forename, who.surname, who.date_of_birth, who.sex, None, _Place(), shielded=True)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row says a child is; empty for a shielded one."""

    postcode: str | None = None
    authority: str = ""
    town: str = ""


def rows_of_child(number: str, held: Held, places: Gazetteer) -> list[Row]:
    """The main row first, then one for every other way its sources write name, birth date and postcode."""
    who = _who(held)
    line, code = _home(held)
    authority = _authority(held, places, code)
    place = _Place(code, authority, _town(line))
    known_as = next((name for one in held.told if (name := one.facts.get("known_as"))), None)
    found: dict[tuple[object, ...], Row] = {}
    for forename, surname, born, postcode in dict.fromkeys(_ways(who, code, held.told)):
        here = place if postcode == code else _Place(postcode, authority, place.town)
        for row in _filed(number, forename, surname, born, who.sex, known_as, here):
            found.setdefault((row.sk, row.fk, row.dob_text, row.postcode, joined(name_of(forename))), row)
    return list(found.values())[:MOST_ROWS]


def _who(held: Held) -> Identity:
    """The identity that the record goes by: what all sources say, else what survivorship makes of them."""
    names, births, sexes = set(), set(), set()
    for one in held.told:
        get = one.facts.get
        names.add((get("forename"), get("surname")))
        births.add(get("date_of_birth"))
        sexes.add(get("sex"))
    names.discard((None, None))
    births.discard(None)
    sexes.discard(None)
    if len(names) > 1 or len(births) > 1 or len(sexes) > 1:
        return identity_of(held.statements)
    forename, surname = next(iter(names), (None, None))
    return Identity(
        forename=forename,
        surname=surname,
        date_of_birth=next(iter(births), None),
        sex=next(iter(sexes), None),
    )


def _home(held: Held) -> tuple[str | None, str | None]:
    """Line and postcode of the main address: the only one there is, else what survivorship chooses."""
    homes = set()
    for one in held.told:
        get = one.facts.get
        line, code, kind = get("address"), get("postcode"), get("address_kind")
        if line or code or kind:
            homes.add((line, code))
        if other := get("other_address") or get("other_postcode"):
            homes.add((get("other_address"), get("other_postcode")))
        if other or kind in _NO_HOMES:
            homes.add(_UNLIKE)
    if len(homes) < 2:
        return next(iter(homes), (None, None))
    main = main_address(held.statements)
    return (main.line, main.postcode) if main else (None, None)


_Way = tuple[str | None, str | None, str | None, str | None]


def _ways(who: Identity, postcode: str | None, told: Sequence[Told]) -> Iterator[_Way]:
    """(forename, surname, birth date, postcode) in every way that somebody may know them."""
    yield who.forename, who.surname, who.date_of_birth, postcode
    for one in told:
        get = one.facts.get
        forename, surname = get("forename"), get("surname")
        born = get("date_of_birth") or who.date_of_birth
        other = get("other_postcode") or get("other_address")
        if not other or get("postcode") or get("address") or get("address_kind"):
            yield forename, surname or who.surname, born, get("postcode") or postcode
        if other:
            yield forename, surname or who.surname, born, get("other_postcode") or postcode
        if known_as := get("known_as"):
            yield known_as, surname or who.surname, who.date_of_birth, postcode
        if former := get("former_surname"):
            yield forename or who.forename, former, who.date_of_birth, postcode


def _filed(
    number: str,
    forename: str | None,
    surname: str | None,
    born: str | None,
    sex: str | None,
    known_as: str | None,
    place: _Place,
) -> Iterator[Row]:
    """One row for the name as a whole, one for each telling part of a name of several."""
    if not name_of(forename) and not name_of(surname):
        return
    whole = _row(number, forename, surname, born, sex, known_as, place, shielded=False)
    yield whole
    surnames = coding.stored_sounds(surname or "")
    forenames = coding.stored_sounds(forename or "")
    for part in surnames[1:]:
        yield whole._replace(sk=coding.code(part), sfk=coding.pair_code(part, forenames[0]))
    for part in forenames[1:]:
        yield whole._replace(fk=coding.code(part), sfk=coding.pair_code(surnames[0], part))


def _row(
    number: str,
    forename: str | None,
    surname: str | None,
    born: str | None,
    sex: str | None,
    known_as: str | None,
    place: _Place,
    *,
    shielded: bool,
) -> Row:
    sk, fk = coding.sound_of(surname or ""), coding.sound_of(forename or "")
    postcode, sectors, district = coding.sectors_of(place.postcode)
    return Row(
        child=number,
        shielded=shielded,
        forename=(forename or "")[:80],
        surname=(surname or "")[:80],
        known_as=(known_as or "")[:80],
        sk=coding.code(sk),
        fk=coding.code(fk),
        sfk=coding.pair_code(sk, fk),
        dob=date.fromisoformat(born) if born and len(born) == len("2019-03-27") else None,
        dob_text=born or "",
        sex=sex or "",
        postcode=(postcode or "")[:8],
        sec=sectors[0][:6] if sectors else "",
        dis=(district or "")[:4],
        la=place.authority,
        town=place.town[:60],
    )


def _authority(held: Held, places: Gazetteer, postcode: str | None) -> str:
    local = {one.service: one.authority for one in held.involvements if one.end is None and one.authority}
    nearest = next((local[service] for service in ("school", "early_years", "gp") if service in local), None)
    own = any(one.authority and one.contract == "childrens_services" for one in held.told)
    home = places.authority_of(postcode)
    return responsible_authority(held.statements if own else (), home, nearest) or ""


def _town(line: str | None) -> str:
    """The last part of an address line, if it is a name and not a street."""
    parts = [part.strip() for part in (line or "").split(",")]
    return parts[-1] if len(parts) > 1 and not any(letter.isdigit() for letter in parts[-1]) else ""


def keys_of_child(number: str, held: Held) -> list[Key]:
    """Every key to a child: other bodies' numbers, telephones, carers, school, GP practice, addresses."""
    said = {
        (name, text)
        for one in held.told
        for name, named in _KEYED_BY.items()
        if (text := one.facts.get(name)) and (not named or any(map(one.facts.get, named)))
    }
    pairs = {pair for name, text in said for pair in _KEYED[name](text)}
    for involvement in held.involvements:
        kind = KeyKind.SCHOOL if involvement.service in _SCHOOLS else KeyKind.GP_PRACTICE
        if kind is KeyKind.SCHOOL or involvement.service == "gp":
            pairs.add((kind, coding.organisation_key(involvement.organisation)))
    return [Key(number, kind, key) for kind, key in pairs if key is not None]


_Keys = Iterable[tuple[int, int | None]]


def _carer(text: str) -> _Keys:
    return [(int(KeyKind.CARER), key) for key in coding.carer_keys(text)]


def _address(text: str) -> _Keys:
    return [(int(KeyKind.ADDRESS), key) for key in coding.address_keys(text)]


def _phone(text: str) -> _Keys:
    return ((int(KeyKind.PHONE), coding.phone_key(text)),)


def _gp_practice(text: str) -> _Keys:
    return ((int(KeyKind.GP_PRACTICE), coding.organisation_key(text)),)


def _nhs_number(text: str) -> _Keys:
    return ((int(KeyKind.NHS_NUMBER), coding.identifier_key(KeyKind.NHS_NUMBER, text)),)


def _upn(text: str) -> _Keys:
    return ((int(KeyKind.UPN), coding.identifier_key(KeyKind.UPN, text)),)


_KEYED: Final[dict[str, Callable[[str], _Keys]]] = {
    "nhs_number": _nhs_number,
    "upn": _upn,
    "phone": _phone,
    "carer_phone": _phone,
    "carer2_phone": _phone,
    "carer_surname": _carer,
    "carer2_surname": _carer,
    "gp_practice": _gp_practice,
    "address": _address,
    "other_address": _address,
}
# A carer's telephone counts only with a carer.
_KEYED_BY: Final = {
    name: (f"{name.removesuffix('phone')}forename", f"{name.removesuffix('phone')}surname")
    if name.endswith("_phone")
    else ()
    for name in _KEYED
}
