"""Destroy what is held of children whose archive has ended, and keep an account that names nobody (R47).

The tables forget them whole. The audit forgets what its events said: their bodies and salts go, so that
nothing opens the commitments any more, while every leaf and proof stands (ADR 1, ADR 22). One event says that
it was done and which entries it emptied; where such an entry also named children who stay, another says of
them what it had.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import event_of, record
from contactpoint.domain.audit.events import PURGED_EVENTS, Action, AuditEvent, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.storage import audit_log
from contactpoint.storage import retention as stored
from contactpoint.storage.sealed_pairs import forget_ways

# One purge names so many entries at most, so that no event grows without bounds.
_ENTRIES: Final = 1000
# What was made to be taken away: nothing here can call it back, so the report says that there is some, and
# who has it. Reports that count, and rows that were refused, are about no child that could be forgotten.
_EXPORTS: Final = (
    Action.REPORTED_BREACH,
    Action.RELEASED_ARCHIVED,
    Action.TOOK_CORRECTIONS,
    Action.MADE_FAMILY_REPORT,
    Action.PRINTED_RECORD,
)
Figures = dict[str, dict[str, int]]


@transaction.atomic
def purge(numbers: Sequence[str], strays: Sequence[int] = (), *, by: Viewer, at: datetime) -> Figures:
    """Destroy children (archived, their last day come) and records about nobody, all or nothing.

    Raises:
        DatabaseError: it is not time for all of them; the database refuses.
    """
    why = Counter(stored.archived_why(numbers).values())
    every = stored.with_aliases(numbers)
    entries, kept, exports = _empty(every, by=by, at=at)
    forget_ways(every)  # counted nowhere: a figure would say that somebody was half of a sealed identity
    figures: Figures = {
        "purged": {**why, "about_no_child": len(strays)},
        "audit": {"entries_emptied": entries, "entries_kept_for_others": kept},
        "exports_to_call_back": dict(exports),
        "rows": stored.purge(numbers, strays),
    }
    some = {kind: {name: n for name, n in counts.items() if n} for kind, counts in figures.items()}
    stored.add_figures(at, some)
    return some


@transaction.atomic
def sweep(every: Sequence[str], *, by: Viewer, at: datetime) -> None:
    """Empty what was written about them while they were being purged: somebody tried to open one, say."""
    entries, kept, _ = _empty(every, by=by, at=at)
    stored.add_figures(at, {"audit": {"entries_emptied": entries, "entries_kept_for_others": kept}})


@transaction.atomic
def empty_old(before: datetime, most: int, *, by: Viewer, at: datetime) -> int:
    """Empty entries that name no child and are older than `before`; say how many that were."""
    found = audit_log.old_events_about_nobody(before, most)
    _say_purged([str(one) for one in found], "old", by=by, at=at)
    stored.add_figures(at, {"audit": {"old_entries_emptied": len(found)}} if found else {})
    return len(found)


def _empty(every: Sequence[str], *, by: Viewer, at: datetime) -> tuple[int, int, Counter[str]]:
    """Empty what the audit says of them; how many entries, how many said again for others, and exports."""
    events, gone = audit_log.events_about(every), frozenset(every)
    others = 0
    for event in events:
        left = [child for child in event.subjects if child not in gone]
        if left:
            others += 1
            record(Action.KEPT_OF_PURGED, by=by, at=at, subjects=left, details=_what_stays(event))
    for some in _pieces([str(event.event_id) for event in events]):
        _say_purged(some, "time_up", by=by, at=at)
    exports = Counter(_export(event) for event in events if event.action in _EXPORTS)
    return len(events), others, exports


def _export(event: AuditEvent) -> str:
    """What was made, in which month, and for whom: the command line makes it for no organisation."""
    made = f"{event.action.value} {event.occurred_at:%Y-%m}"
    return f"{made} {event.actor.organisation}" if event.actor.organisation else made


def _what_stays(event: AuditEvent) -> Mapping[str, Json]:
    """Who did what when, and why; what was typed or returned may have been about whoever is forgotten."""
    actor = event.actor
    return {
        "was": str(event.event_id),
        "action": event.action.value,
        "outcome": event.outcome.value,
        "at": event.occurred_at.isoformat(),
        "account": str(actor.account) if actor.account else None,
        "organisation": actor.organisation,
        "role": actor.role,
        "purpose": event.purpose.code if event.purpose else None,
    }


def _say_purged(entries: Sequence[str], why: str, *, by: Viewer, at: datetime) -> None:
    if entries:
        details: dict[str, Json] = {PURGED_EVENTS: list(entries), "why": why}
        audit_log.purge_bodies(event_of(Action.PURGED, by=by, at=at, details=details))


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _ENTRIES):
        yield ids[start : start + _ENTRIES]
