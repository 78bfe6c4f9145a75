"""What is known about a child, derived from what its sources say; nothing derived is stored (ADR 0004).

Each field has its order of sources, best first, and the age at which a source's word on it grows stale.
Values that say the same are one value with several voices. The best value is chosen by, in this order:
verified (a check digit or a whole date), not stale, more than one voice, the best voice's place in the order,
the newest voice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contactpoint.domain.disclosure.answers import Provenance, SourcedAddress, SourcedCarer, SourcedText
from contactpoint.domain.identifiers import nhs_number_is_valid, upn_is_valid
from contactpoint.domain.people import Address, AddressKind, Carer, Statement

YEAR = timedelta(days=365)

# Who is closest to a fact says it first: births know how a life began, case systems and the NHS of changes.
_LEGAL = (
    "nhs_demographics",
    "childrens_services",
    "school_census",
    "gp_registrations",
    "child_health",
    "child_benefit",
    "births",
    "youth_justice",
    "charity",
    "mental_health",
)
_AT_BIRTH = (
    "births",
    "nhs_demographics",
    "child_benefit",
    "school_census",
    "childrens_services",
    "gp_registrations",
    "child_health",
    "youth_justice",
    "charity",
    "mental_health",
)
_EVERYDAY = (
    "childrens_services",
    "school_census",
    "charity",
    "youth_justice",
    "mental_health",
    "nhs_demographics",
    "child_health",
    "gp_registrations",
    "child_benefit",
    "births",
)
_HOME = (
    "childrens_services",
    "nhs_demographics",
    "gp_registrations",
    "school_census",
    "child_health",
    "child_benefit",
    "youth_justice",
    "charity",
    "mental_health",
    "births",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """Which sources to believe about a field, best first, and for how long after they said it."""

    order: tuple[str, ...]
    stale_after: timedelta

    def place(self, contract: str) -> int:
        """The contract's place in the order; a contract not named comes last."""
        return self.order.index(contract) if contract in self.order else len(self.order)


PRECEDENCE: Mapping[str, FieldRule] = {
    "name": FieldRule(order=_LEGAL, stale_after=2 * YEAR),
    "known_as": FieldRule(order=_EVERYDAY, stale_after=2 * YEAR),
    "date_of_birth": FieldRule(order=_AT_BIRTH, stale_after=30 * YEAR),
    "sex": FieldRule(order=_AT_BIRTH, stale_after=30 * YEAR),
    "date_of_death": FieldRule(order=_AT_BIRTH, stale_after=30 * YEAR),
    "address": FieldRule(order=_HOME, stale_after=YEAR),
    "nhs_number": FieldRule(order=_LEGAL, stale_after=30 * YEAR),
    "upn": FieldRule(order=_EVERYDAY, stale_after=30 * YEAR),
}

_NOT_A_PLACE = frozenset({AddressKind.LEFT_ENGLAND, AddressKind.NONE_KNOWN, AddressKind.NO_FIXED_ABODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A record as its sources together make it, for nobody's eyes in particular.

    `addresses` are current, the main one first; `names` are every current way of writing the name.
    """

    name: SourcedText | None
    known_as: SourcedText | None
    date_of_birth: SourcedText | None
    sex: SourcedText | None
    addresses: tuple[SourcedAddress, ...]
    past_addresses: tuple[SourcedAddress, ...]
    carers: tuple[SourcedCarer, ...]
    names: tuple[SourcedText, ...]
    former_names: tuple[SourcedText, ...]
    identifiers: tuple[tuple[str, SourcedText], ...]
    date_of_death: SourcedText | None
    sources: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """One value with the statements that give it, the most believed first."""

    value: str
    voices: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The name, birth date and sex that a record goes by."""

    forename: str | None
    surname: str | None
    date_of_birth: str | None
    sex: str | None


Read = Callable[[Statement], str | None]


def full_name(statement: Statement) -> str | None:
    """Forename and last name as one line; a single name stands alone; a new baby is "Baby" and the name."""
    parts = (statement.facts.forename, statement.facts.surname)
    return " ".join(part for part in parts if part) or None


def derive(statements: Iterable[Statement]) -> Derived:
    """Work out a record from the current versions of its source records, in any order."""
    held = _in_order(statements)
    newest = held[0].as_at if held else date.min
    names = _choices(held, "name", full_name, newest)
    homes, past = _addresses(held, newest)
    return Derived(
        name=_best(names),
        known_as=_best(_choices(held, "known_as", lambda one: one.facts.known_as, newest)),
        date_of_birth=_best(_choices(held, "date_of_birth", _date_of_birth, newest)),
        sex=_best(_choices(held, "sex", _sex, newest)),
        addresses=homes,
        past_addresses=past,
        carers=_carers(held),
        names=_all(names),
        former_names=_all(_choices(held, "name", _former_name, newest)),
        identifiers=tuple(
            (scheme, found)
            for scheme, read in _IDENTIFIERS
            if (found := _best(_choices(held, scheme, read, newest)))
        ),
        date_of_death=_best(_choices(held, "date_of_death", lambda one: one.facts.date_of_death, newest)),
        sources=_sources(held),
    )


def identity_of(statements: Iterable[Statement]) -> Identity:
    """Work out only the name, birth date and sex, as `derive` would."""
    held = _in_order(statements)
    newest = held[0].as_at if held else date.min
    names = _choices(held, "name", full_name, newest)
    born = _choices(held, "date_of_birth", _date_of_birth, newest)
    sexes = _choices(held, "sex", _sex, newest)
    named = names[0].voices[0].facts if names else None
    return Identity(
        forename=named.forename if named else None,
        surname=named.surname if named else None,
        date_of_birth=born[0].value if born else None,
        sex=sexes[0].value if sexes else None,
    )


def main_address(statements: Iterable[Statement]) -> Address | None:
    """Work out only the main address, as `derive` would; None if none is current."""
    held = _in_order(statements)
    homes = _addresses(held, held[0].as_at if held else date.min)[0]
    return homes[0].address if homes else None


def responsible_authority(
    statements: Iterable[Statement], home: str | None, nearest: str | None
) -> str | None:
    """The authority whose children's services know the child; else that of the home, else the nearest (R58).

    Arguments are three-digit codes or None; `nearest` is the school's, else the GP practice's. A child placed
    elsewhere stays with the authority that placed it.
    """
    own = [one for one in statements if one.contract == "childrens_services" and one.authority]
    if own:
        return max(own, key=lambda one: (one.as_at, one.source)).authority
    return home or nearest


_IDENTIFIERS: tuple[tuple[str, Read], ...] = (
    ("nhs_number", lambda one: one.facts.nhs_number),
    ("upn", lambda one: one.facts.upn),
)


def _in_order(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Newest first; the order of what comes in changes nothing."""
    return tuple(sorted(statements, key=lambda one: (one.as_at, one.source, one.local_id), reverse=True))


def _date_of_birth(statement: Statement) -> str | None:
    return statement.facts.date_of_birth


def _sex(statement: Statement) -> str | None:
    return statement.facts.sex


def _former_name(statement: Statement) -> str | None:
    return statement.facts.former_surname


def _is_verified(field: str, value: str) -> bool:
    match field:
        case "nhs_number":
            return nhs_number_is_valid(value)
        case "upn":
            return upn_is_valid(value)
        case "date_of_birth":
            return len(value) == len("2019-03-27")
        case _:
            return True


def _choices(held: Sequence[Statement], field: str, read: Read, newest: date) -> tuple[_Choice, ...]:
    """Group what sources say about a field by what it comes to, the most believed value first."""
    rule = PRECEDENCE[field]
    groups: dict[str, list[Statement]] = {}
    for statement in held:
        value = read(statement)
        if value:
            groups.setdefault(_plain(value), []).append(statement)
    choices = []
    for voices in groups.values():
        ordered = sorted(
            voices, key=lambda one: (rule.place(one.contract), -one.as_at.toordinal(), one.source)
        )
        choices.append(_Choice(value=read(ordered[0]) or "", voices=tuple(ordered)))
    return tuple(sorted(choices, key=lambda choice: _belief(choice, field, rule, newest)))


def _belief(
    choice: _Choice, field: str, rule: FieldRule, newest: date
) -> tuple[bool, bool, bool, int, int, str]:
    """A sort key, the most believed first. Sources count once however many records they hold."""
    told = max(one.as_at for one in choice.voices)
    return (
        not _is_verified(field, choice.value),
        newest - told > rule.stale_after,
        len({one.source for one in choice.voices}) < 2,
        min(rule.place(one.contract) for one in choice.voices),
        -told.toordinal(),
        choice.value,
    )


def _plain(value: str) -> str:
    return "".join(value.casefold().split())


def _best(choices: Sequence[_Choice]) -> SourcedText | None:
    return _sourced(choices[0], choices) if choices else None


def _all(choices: Sequence[_Choice]) -> tuple[SourcedText, ...]:
    return tuple(_sourced(choice, choices) for choice in choices)


def _sourced(choice: _Choice, among: Sequence[_Choice]) -> SourcedText:
    others = [one for other in among if other is not choice for one in other.voices]
    return SourcedText(value=choice.value, provenance=_provenance(choice.voices, others))


def _provenance(voices: Sequence[Statement], others: Iterable[Statement]) -> Provenance:
    first = voices[0]
    agreeing = {one.source_name for one in voices[1:]} - {first.source_name}
    differing = {one.source_name for one in others} - agreeing - {first.source_name}
    return Provenance(
        source_name=first.source_name,
        as_at=first.as_at,
        agreeing=tuple(sorted(agreeing)),
        differing=tuple(sorted(differing)),
    )


def _sources(held: Sequence[Statement]) -> tuple[Provenance, ...]:
    newest: dict[str, date] = {}
    for statement in held:
        newest[statement.source_name] = max(newest.get(statement.source_name, date.min), statement.as_at)
    return tuple(
        Provenance(source_name=name, as_at=told)
        for name, told in sorted(newest.items(), key=lambda item: item[0])
    )


@dataclass(slots=True)
class _Home:
    """One address with every statement that gives it."""

    address: Address
    voices: list[Statement]


def _addresses(
    held: Sequence[Statement], newest: date
) -> tuple[tuple[SourcedAddress, ...], tuple[SourcedAddress, ...]]:
    """Current addresses, the main one first, and past ones.

    An address is past when every source that gives it is stale and another address is not. A child who has
    left England has no current address here (R50).
    """
    rule = PRECEDENCE["address"]
    homes = sorted(_homes(held), key=lambda home: _home_belief(home, rule, newest))
    if not homes:
        return (), ()
    if homes[0].address.kind is AddressKind.LEFT_ENGLAND:
        current = homes[:1]
    else:
        fresh = [home for home in homes if not _is_past(home, homes[0], rule, newest)]
        current = [home for home in fresh if home.address.kind not in _NOT_A_PLACE] or fresh[:1]
    past = [home for home in homes if home not in current and home.address.line]
    return _sourced_homes(current, homes), _sourced_homes(past, homes)


def _homes(held: Sequence[Statement]) -> list[_Home]:
    found: dict[str, _Home] = {}
    for statement in held:
        for address in statement.addresses:
            words = _plain(f"{address.line or ''} {address.postcode or ''}") or address.kind.value
            home = found.setdefault(words, _Home(address, []))
            home.voices.append(statement)
            if home.address.kind is AddressKind.HOME and address.kind is not AddressKind.HOME:
                # "Home" is what a source says that does not distinguish.
                home.address = address
    return list(found.values())


def _home_belief(home: _Home, rule: FieldRule, newest: date) -> tuple[bool, bool, bool, int, int, str]:
    told = max(one.as_at for one in home.voices)
    since = home.address.since or date.min
    return (
        newest - told > rule.stale_after,
        home.address.kind is AddressKind.SECOND_HOME,
        len({one.source for one in home.voices}) < 2,
        min(rule.place(one.contract) for one in home.voices),
        -max(told, since).toordinal(),
        home.address.line or "",
    )


def _is_past(home: _Home, main: _Home, rule: FieldRule, newest: date) -> bool:
    """Stale, or given only by sources that are older than the main address and in agreement with nobody."""
    told = max(one.as_at for one in home.voices)
    if newest - told > rule.stale_after:
        return home is not main
    moved = main.address.since
    return home is not main and moved is not None and told < moved


def _sourced_homes(homes: Sequence[_Home], among: Sequence[_Home]) -> tuple[SourcedAddress, ...]:
    sourced = []
    for number, home in enumerate(homes):
        others = [one for other in among if other is not home for one in other.voices]
        sourced.append(
            SourcedAddress(
                address=home.address, provenance=_provenance(home.voices, others), main=number == 0
            )
        )
    return tuple(sourced)


def _carers(held: Sequence[Statement]) -> tuple[SourcedCarer, ...]:
    """Each carer once, with whatever relationship and telephone the best source knows."""
    rule = PRECEDENCE["address"]
    voices: dict[str, list[tuple[Statement, Carer]]] = {}
    for statement in held:
        for carer in statement.carers:
            key = _plain(f"{carer.forename or ''} {carer.surname or ''}")
            if key:
                voices.setdefault(key, []).append((statement, carer))
    found = []
    for said in voices.values():
        said.sort(key=lambda pair: (rule.place(pair[0].contract), -pair[0].as_at.toordinal()))
        merged = Carer(
            forename=said[0][1].forename,
            surname=said[0][1].surname,
            relationship=next((carer.relationship for _, carer in said if carer.relationship), None),
            phone=next((carer.phone for _, carer in said if carer.phone), None),
        )
        found.append(
            SourcedCarer(carer=merged, provenance=_provenance([statement for statement, _ in said], ()))
        )
    return tuple(found)
