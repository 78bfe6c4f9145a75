"""What is known about a child, derived from what its sources say; nothing derived is stored (ADR 0004).

Each field has its order of sources, best first, and the age at which a source's word on it grows stale.
Values that say the same are one value with several voices. The best value is chosen by the criteria of
`precedence.CRITERIA`, in this order: verified (a check digit or a whole date), not stale, more than one
voice, the best voice's place in the order, the newest voice; and it says which of them decided.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from contactpoint.domain.disclosure.answers import (
    Because,
    BelongsBecause,
    Provenance,
    SourcedAddress,
    SourcedCarer,
    SourcedText,
)
from contactpoint.domain.homes import derive_addresses, derive_carers
from contactpoint.domain.identifiers import nhs_number_is_valid, upn_is_valid
from contactpoint.domain.people import Address, Statement
from contactpoint.domain.precedence import CRITERIA, PRECEDENCE, FieldRule, plain, provenance, why_chosen


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
    belief: tuple[bool, bool, bool, int, int, str]


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


def derive(statements: Iterable[Statement], *, on: date | None = None) -> Derived:
    """Work out a record from the versions of its source records of one moment, in any order.

    What is said to begin after `on` (a move, leaving England, a death) counts from that day; None counts all.
    """
    held = _in_order(statements)
    newest = held[0].as_at if held else date.min
    names = _choices(held, "name", full_name, newest)
    homes, past = derive_addresses(held, newest, on=on)
    return Derived(
        name=_best(names),
        known_as=_best(_choices(held, "known_as", lambda one: one.facts.known_as, newest)),
        date_of_birth=_best(_choices(held, "date_of_birth", _date_of_birth, newest)),
        sex=_best(_choices(held, "sex", _sex, newest)),
        addresses=homes,
        past_addresses=past,
        carers=derive_carers(held),
        names=_all(names),
        former_names=_all(_choices(held, "name", _former_name, newest)),
        identifiers=tuple(
            (scheme, found)
            for scheme, read in _IDENTIFIERS
            if (found := _best(_choices(held, scheme, read, newest)))
        ),
        date_of_death=_best(_choices(held, "date_of_death", _death_by(on), newest)),
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
    homes = derive_addresses(held, held[0].as_at if held else date.min)[0]
    return homes[0].address if homes else None


def responsible_authority(
    statements: Iterable[Statement], home: str | None, nearest: str | None
) -> str | None:
    """Whoever placed the child; else whose children's services know it; else the home's or nearest (R58).

    Arguments are three-digit codes or None; `nearest` is the school's, else the GP practice's. A child placed
    elsewhere stays with the authority that placed it, whoever else's services know it there. Where there is
    none, the child is in scope all the same (R15).
    """
    own = _of_childrens_services(statements)
    return _placed_by(own) or (own[0].authority if own else None) or home or nearest


def why_is_it_responsible(
    statements: Iterable[Statement], home: str | None, nearest: str | None
) -> BelongsBecause | None:
    """What `responsible_authority` goes by, in the same order (R58); None where it finds nobody."""
    if own := _of_childrens_services(statements):
        return BelongsBecause.PLACED if _placed_by(own) else BelongsBecause.KNOWN
    if home:
        return BelongsBecause.HOME
    return BelongsBecause.NEAREST if nearest else None


def _of_childrens_services(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """What children's services of authorities say, newest first."""
    own = [one for one in statements if one.contract == "childrens_services" and one.authority]
    return tuple(sorted(own, key=lambda one: (one.as_at, one.source, one.local_id), reverse=True))


def _placed_by(own: Sequence[Statement]) -> str | None:
    """The authority that placed the child: as it says itself, else as others said last.

    What others say of it is nothing once its own word, no older, says otherwise: placements end.
    """
    said = [one for one in own if one.placed_by]
    themselves = [one for one in said if one.placed_by == one.authority]
    borne_out = [
        one
        for one in said
        if not any(its.authority == one.placed_by and its.as_at >= one.as_at for its in own)
    ]
    return next((one.placed_by for one in (*themselves, *borne_out)), None)


_IDENTIFIERS: tuple[tuple[str, Read], ...] = (
    ("nhs_number", lambda one: one.facts.nhs_number),
    ("upn", lambda one: one.facts.upn),
)


def _in_order(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Newest first; the order of what comes in changes nothing."""
    return tuple(sorted(statements, key=lambda one: (one.as_at, one.source, one.local_id), reverse=True))


def _date_of_birth(statement: Statement) -> str | None:
    return statement.facts.date_of_birth


def _death_by(on: date | None) -> Read:
    """Read a date of death that has come; a partial one has come when it may have."""

    def read(statement: Statement) -> str | None:
        died = statement.facts.date_of_death
        return died if died and (on is None or died <= on.isoformat()[: len(died)]) else None

    return read


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
            groups.setdefault(plain(value), []).append(statement)
    choices = []
    for voices in groups.values():
        ordered = sorted(
            voices, key=lambda one: (rule.place(one.contract), -one.as_at.toordinal(), one.source)
        )
        value = read(ordered[0]) or ""
        belief = _belief(value, ordered, field, rule, newest)
        choices.append(_Choice(value=value, voices=tuple(ordered), belief=belief))
    return tuple(sorted(choices, key=lambda choice: choice.belief))


def _belief(
    value: str, voices: Sequence[Statement], field: str, rule: FieldRule, newest: date
) -> tuple[bool, bool, bool, int, int, str]:
    """A sort key after CRITERIA, the most believed first. A source counts once, however many its records."""
    told = max(one.as_at for one in voices)
    return (
        not _is_verified(field, value),
        newest - told > rule.stale_after,
        len({one.source for one in voices}) < 2,
        min(rule.place(one.contract) for one in voices),
        -told.toordinal(),
        value,
    )


def _best(choices: Sequence[_Choice]) -> SourcedText | None:
    return _sourced(choices[0], choices) if choices else None


def _all(choices: Sequence[_Choice]) -> tuple[SourcedText, ...]:
    return tuple(_sourced(choice, choices) for choice in choices)


def _sourced(choice: _Choice, among: Sequence[_Choice]) -> SourcedText:
    others = [one for other in among if other is not choice for one in other.voices]
    because: Because | None = None
    if choice is among[0]:
        because = why_chosen(CRITERIA, choice.belief, among[1].belief if len(among) > 1 else None)
    return SourcedText(value=choice.value, provenance=provenance(choice.voices, others, because))


def _sources(held: Sequence[Statement]) -> tuple[Provenance, ...]:
    newest: dict[str, date] = {}
    for statement in held:
        newest[statement.source_name] = max(newest.get(statement.source_name, date.min), statement.as_at)
    return tuple(
        Provenance(source_name=name, as_at=told)
        for name, told in sorted(newest.items(), key=lambda item: item[0])
    )
