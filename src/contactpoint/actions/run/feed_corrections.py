"""Corrections to whoever runs a feed: listed by the source's own number, taken as a file, answered (R25)."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contribute.corrections import NOTHING_ASKED, does_it_wait, with_items
from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.feeds import ask
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import (
    CorrectableItem,
    CorrectionSent,
    CorrectionsOfFeed,
    FeedCorrection,
    FeedCorrections,
    Refusal,
)
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.contesting import Answer, by_when_is_it_answered, since_when_is_it_late
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.here import HERE
from contactpoint.storage.queries import corrections as stored
from contactpoint.storage.queries import feeds
from contactpoint.storage.queries.corrections import CorrectionRow

_ASKED: Final = Permission.CORRECT_FEED
_MOMENT: Final = timedelta(microseconds=1)
Found = list[tuple[CorrectionRow, CorrectableItem]]


@transaction.atomic
def feed_corrections(
    *, code: str, to_take: bool = False, by: Viewer, at: datetime
) -> FeedCorrections | Refusal:
    """Return what a feed's source is asked; audited, also that it was taken away as a file.

    Never of a shielded child (R27), nor of what the source may not say of them now (R39).

    Raises:
        NotFound: there is no feed of that code.
    """
    refusal, _ = ask(_ASKED, code=code, by=by, at=at)
    if refusal:
        return refusal
    action = Action.TOOK_CORRECTIONS if to_take else Action.LISTED_CORRECTIONS
    found = _waiting(action, code, {"source": code}, by=by, at=at)
    line = feeds.feed_line(code)
    return FeedCorrections(
        code=code,
        name=line.name,
        organisation=line.organisation,
        waiting=tuple(_shown(row, item) for row, item in found),
    )


@transaction.atomic
def corrections_by_feed(*, by: Viewer, at: datetime) -> tuple[CorrectionsOfFeed, ...] | Refusal:
    """Return at which of the viewer's feeds corrections wait, the longest first; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    details: dict[str, Json] = {"rules": list(decision.rules)}
    rows_of = defaultdict(list)
    for row, _ in _waiting(Action.LISTED_CORRECTIONS, None, details, by=by, at=at):
        rows_of[row.source].append(row)
    on = at.astimezone(HERE).date()
    found = (_of_feed(code, rows, on) for code, rows in rows_of.items())
    return tuple(sorted(found, key=lambda one: (one.answer_by, one.name)))


@transaction.atomic
def answer_feed_correction(
    *, code: str, correction_id: int, answer: Answer, by: Viewer, at: datetime
) -> CorrectionSent | Refusal:
    """Say for a feed's source that it is right, or that its next delivery brings what is (R25).

    Raises:
        NotFound: there is no feed of that code.
    """
    details: dict[str, Json] = {"source": code, "correction": correction_id}
    refusal, _ = ask(_ASKED, code=code, by=by, at=at)
    if refusal:
        return refusal
    waiting = _waiting(Action.LISTED_CORRECTIONS, code, details, by=by, at=at)
    row = next((row for row, _ in waiting if row.contest.id == correction_id), None)
    if row is None:
        return record_refusal(NOTHING_ASKED, _ASKED, by=by, at=at, details=details)
    details["answer"] = answer.value
    with transaction.atomic():
        event = record(
            Action.ANSWERED_CORRECTION, by=by, at=at + 2 * _MOMENT, subjects=[row.child], details=details
        )
        done = stored.answer_of_feed(event, correction_id, code, answer)
        transaction.set_rollback(not done)  # what was not done is not written down as done
    if not done:
        return record_refusal(NOTHING_ASKED, _ASKED, by=by, at=at, details=details)
    return CorrectionSent(correction_id=correction_id, source_name=row.source_name)


def count_overdue(seeing: UUID, at: datetime) -> int:
    """Count what waits at any feed longer than it should, for the national team (R25)."""
    late = stored.overdue(seeing, since_when_is_it_late(at.astimezone(HERE).date()))
    return sum(does_it_wait(row, item) for row, item in with_items(late, at))


def _waiting(
    action: Action, code: str | None, details: dict[str, Json], *, by: Viewer, at: datetime
) -> Found:
    rows = stored.of_feed(record(action, by=by, at=at, details=details), code)
    found = [(row, item) for row, item in with_items(rows, at) if does_it_wait(row, item)]
    if children := list(dict.fromkeys(row.child for row, _ in found)):
        # A moment later, so that what somebody did stands in the order in which they did it.
        record(action, by=by, at=at + _MOMENT, subjects=children, details=details)
    return found


def _of_feed(code: str, rows: list[CorrectionRow], on: date) -> CorrectionsOfFeed:
    line = feeds.feed_line(code)
    due = [by_when_is_it_answered(row.contest) for row in rows]
    return CorrectionsOfFeed(
        code=code,
        name=line.name,
        organisation=line.organisation,
        waiting=len(rows),
        late=sum(day < on for day in due),
        answer_by=min(due),
    )


def _shown(row: CorrectionRow, item: CorrectableItem) -> FeedCorrection:
    return FeedCorrection(
        correction_id=row.contest.id,
        local_id=row.local_id,
        field=item.field,
        says=item.says,
        right=row.contest.right,
        basis=row.contest.basis.value,
        asked_at=row.contest.asked_at,
        answer_by=by_when_is_it_answered(row.contest),
        delivered_at=row.contest.delivered_at,
    )
