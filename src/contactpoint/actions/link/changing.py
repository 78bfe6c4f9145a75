"""Joining and parting in the database: records re-pointed, shields kept, both indexes made anew (R20-R22)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contactpoint.actions.find.index import refresh
from contactpoint.actions.protect.place_shield import place_shields
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.policies import MatchInQuestion
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.storage import identity_changes as stored
from contactpoint.storage.former_names import forget
from contactpoint.storage.queries.moves import given_authorities_of, old_authorities_of
from contactpoint.storage.sealed_pairs import (
    children_digest,
    half_digest,
    known_pairs,
    pair_key,
    record_key,
    records_digest,
)
from contactpoint.storage.search_index import main_rows
from contactpoint.storage.settings import settings_at

_BECAUSE = "The record was joined with one that is protected, or parted from it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Who changes what, why and when; `change` is the row that says so."""

    change: int
    by: Viewer
    at: datetime

    @property
    def name(self) -> str:
        """Who decided, as links hold it."""
        return name_of(self.by)


def name_of(by: Viewer) -> str:
    """Who decided: an account, or the name of a process."""
    return str(by.account_id) if by.account_id else by.name


def join(kept: str, gone: str, *, decision: str, doing: Doing) -> None:
    """Point every record of `gone` at `kept`, of which it is an alias from now on.

    The shield of either survives, and is there before any record arrives; so does what either withdrew its
    consent to. Both are locked by the caller.
    """
    share_shield(from_=gone, to=kept, doing=doing)
    stored.move(
        stored.records_of(gone), to=kept, change=doing.change, decision=decision, by=doing.name, at=doing.at
    )
    stored.withdraw_for_all(kept)
    stored.retire(gone, into=kept)
    _forget_former_names(kept)
    stored.forget_what_is_linked()
    refresh([kept, gone], by=doing.by, at=doing.at)


def _forget_former_names(number: str) -> None:
    """Nobody is found by what is said of an earlier name of half of a sealed identity (R35)."""
    digests = known_pairs()
    if not digests:
        return
    key, records = pair_key(), stored.records_of(number)
    if any(half_digest(key, record_key(*name)) in digests for name in stored.names_in_pairs(records)):
        forget(records)


def part(stays: str, goes: str, records: Collection[int], *, decision: str, doing: Doing) -> None:
    """Point `records` of one child at another number; where the one is shielded, both are until decided."""
    share_shield(from_=stays, to=goes, doing=doing)
    stored.move(records, to=goes, change=doing.change, decision=decision, by=doing.name, at=doing.at)
    stored.forget_what_is_linked()
    refresh([stays, goes], by=doing.by, at=doing.at)


def share_shield(*, from_: str, to: str, doing: Doing) -> None:
    """Shield one number because the other is, for the same reason, and keep it from the same people."""
    ground = stored.ground_of(from_)
    if ground is not None:
        place_shields(
            numbers=[to], ground=Ground(ground), by=doing.by, at=doing.at, because=_BECAUSE, index=False
        )
    within = timedelta(hours=settings_at(doing.at)["shield_confirmed_within_hours"])
    stored.keep_from_the_same(from_, to, by=doing.name, confirm_within=within, at=doing.at)


def match_of(numbers: Iterable[str], *, restricted: bool, asked: bool) -> MatchInQuestion:
    """What the rules ask about children: who is responsible for them now, as the search index says."""
    rows = main_rows(list(numbers))
    stays, given = old_authorities_of(list(rows)), given_authorities_of(list(rows))
    homes = {
        number: stays.get(number, row.la) if row.la else given.get(number) for number, row in rows.items()
    }
    return MatchInQuestion(
        authorities=frozenset(home for home in homes.values() if home),
        restricted=restricted,
        asked=asked,
    )


def are_sealed_apart(one: str, other: str) -> bool:
    """Say whether two children are the two halves of a sealed identity (R35)."""
    digests = known_pairs()
    if not digests:
        return False
    key = pair_key()
    if children_digest(key, one, other) in digests:
        return True
    ours, theirs = (
        [record_key(*name) for name in stored.names_in_pairs(stored.records_of(number))]
        for number in (one, other)
    )
    return any(records_digest(key, a, b) in digests for a in ours for b in theirs)
