"""What waits today for whoever watches how the directory is used: reviewers and auditors (R52, R54)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.handed import is_it_time, should_one_be_asked_for
from contactpoint.domain.here import HERE
from contactpoint.domain.review.deciding import UseState
from contactpoint.domain.today import QUEUE_OF, Queue, Waiting
from contactpoint.domain.work import REVIEWED_WITHIN
from contactpoint.storage import handovers
from contactpoint.storage.queries import review

_NATIONAL: Final = "national"


def uses_waiting(by: Viewer, seeing: UUID, at: datetime) -> Iterator[Waiting]:
    """Uses that wait for a reviewer, by how they stand, and months that nobody has signed off."""
    found = {one.state: one for one in review.use_waiting(seeing, at - REVIEWED_WITHIN)}
    for state, queue in QUEUE_OF.items():
        if state is UseState.ESCALATED and by.organisation_kind != _NATIONAL:
            continue
        if one := found.get(state):
            oldest = one.oldest.astimezone(HERE).date()
            yield Waiting(queue=queue, count=one.count, late=one.late, oldest=oldest)
        else:
            yield Waiting(queue=queue, count=0)
    months = review.months_due(seeing, at.date())
    yield Waiting(queue=Queue.USE_MONTHS, count=len(months), oldest=min(months, default=None))


def checkpoints_waiting(by: Viewer, seeing: UUID, at: datetime) -> Iterator[Waiting]:
    """Checkpoints that an auditor has not taken away; to the nation's, who else has not for a month."""
    waits = handovers.waiting(seeing)
    ready_since = waits.ready_since.astimezone(HERE).date() if waits.ready_since else None
    yield Waiting(queue=Queue.CHECKPOINTS, count=waits.ready, oldest=ready_since)
    due = int(should_one_be_asked_for(waits, at))
    yield Waiting(queue=Queue.CHECKPOINT_DUE, count=due)
    if by.organisation_kind == _NATIONAL:
        missing = sum(is_it_time(one.taken_at, at) for one in handovers.elsewhere(seeing))
        yield Waiting(queue=Queue.CHECKPOINTS_ELSEWHERE, count=missing)
