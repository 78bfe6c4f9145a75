"""Where a child lives and with whom, from what its sources say: current homes, past ones, carers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from contactpoint.domain.disclosure.answers import Because, SourcedAddress, SourcedCarer
from contactpoint.domain.people import LEAVING, Address, AddressKind, Carer, Statement
from contactpoint.domain.precedence import (
    HOME_CRITERIA,
    PRECEDENCE,
    FieldRule,
    plain,
    provenance,
    why_chosen,
)
from contactpoint.domain.team_words import CONTRACT

_NOT_A_PLACE = LEAVING | {AddressKind.NONE_KNOWN, AddressKind.NO_FIXED_ABODE}


@dataclass(slots=True)
class _Home:
    """One address with every statement that gives it."""

    address: Address
    voices: list[Statement]


def derive_addresses(
    held: Sequence[Statement], newest: date, *, on: date | None = None
) -> tuple[tuple[SourcedAddress, ...], tuple[SourcedAddress, ...]]:
    """Current addresses, the main one first, and past ones.

    An address is past when every source that gives it is stale and another address is not. A child who has
    left England has no current address here (R50). What begins after `on` is not yet so.
    """
    rule = PRECEDENCE["address"]
    homes = sorted(
        _homes(held, on),
        key=lambda home: (not _does_their_team_say_so(home), _home_belief(home, rule, newest)),
    )
    if not homes:
        return (), ()
    beliefs = [_home_belief(home, rule, newest) for home in homes[:2]]
    because = why_chosen(HOME_CRITERIA, beliefs[0], beliefs[1] if len(beliefs) > 1 else None)
    if len(homes) > 1 and _does_their_team_say_so(homes[0]):
        because = Because.NEARER
    if homes[0].address.kind in LEAVING:
        current, homes = _split_off_leaving(homes)
    else:
        fresh = [home for home in homes if not _is_past(home, homes[0], rule, newest)]
        current = [home for home in fresh if home.address.kind not in _NOT_A_PLACE] or fresh[:1]
    past = [home for home in homes if home not in current and home.address.line]
    main_is_best = bool(current) and current[0].voices is homes[0].voices
    return (
        _sourced_homes(current, homes, main=True, because=because if main_is_best else None),
        _sourced_homes(past, homes, main=False),
    )


def _split_off_leaving(homes: Sequence[_Home]) -> tuple[list[_Home], list[_Home]]:
    """The one statement that the child left, without an address, and the address it left among the others."""
    left = homes[0]
    statement = Address(line=None, postcode=None, kind=left.address.kind, since=left.address.since)
    before = _Home(replace(left.address, kind=AddressKind.HOME, since=None), left.voices)
    return [_Home(statement, left.voices)], [before, *homes[1:]]


def _does_their_team_say_so(home: _Home) -> bool:
    """What the team that answers for the child wrote down counts first, until it is taken back (R50)."""
    return any(one.contract == CONTRACT for one in home.voices)


def _told(home: _Home) -> date:
    """The newest day for which a source vouches for a home; a birth registration knows the day of birth."""
    return max(_vouched(one) for one in home.voices)


def _vouched(statement: Statement) -> date:
    born = statement.facts.date_of_birth
    if statement.contract == "births" and born and len(born) == len("2019-03-27"):
        return min(statement.as_at, date.fromisoformat(born))
    return statement.as_at


def _as_of(address: Address, on: date | None) -> Address | None:
    """The address as it was on a day: nowhere yet, or the one that will be left."""
    if on is None or address.since is None or address.since <= on:
        return address
    if address.kind in LEAVING and (address.line or address.postcode):
        return replace(address, kind=AddressKind.HOME, since=None)
    return None


def _homes(held: Sequence[Statement], on: date | None) -> list[_Home]:
    found: dict[str, _Home] = {}
    for statement in held:
        for said in statement.addresses:
            address = _as_of(said, on)
            if address is None:
                continue
            words = plain(f"{address.line or ''} {address.postcode or ''}") or address.kind.value
            home = found.setdefault(words, _Home(address, []))
            home.voices.append(statement)
            if home.address.kind is AddressKind.HOME and address.kind is not AddressKind.HOME:
                # "Home" is what a source says that does not distinguish.
                home.address = address
    return list(found.values())


def _home_belief(home: _Home, rule: FieldRule, newest: date) -> tuple[bool, bool, bool, int, int, str]:
    told = _told(home)
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
    told = _told(home)
    if newest - told > rule.stale_after:
        return home is not main
    moved = main.address.since
    return home is not main and moved is not None and told < moved


def _sourced_homes(
    homes: Sequence[_Home], among: Sequence[_Home], *, main: bool, because: Because | None = None
) -> tuple[SourcedAddress, ...]:
    sourced = []
    for number, home in enumerate(homes):
        others = [one for other in among if other.voices is not home.voices for one in other.voices]
        told = provenance(home.voices, others, because if number == 0 else None)
        sourced.append(SourcedAddress(address=home.address, provenance=told, main=main and number == 0))
    return tuple(sourced)


def derive_carers(held: Sequence[Statement]) -> tuple[SourcedCarer, ...]:
    """Each carer once, with whatever relationship and telephone the best source knows."""
    rule = PRECEDENCE["address"]
    voices: dict[str, list[tuple[Statement, Carer]]] = {}
    for statement in held:
        for carer in statement.carers:
            key = plain(f"{carer.forename or ''} {carer.surname or ''}")
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
            SourcedCarer(carer=merged, provenance=provenance([statement for statement, _ in said], ()))
        )
    return tuple(found)
