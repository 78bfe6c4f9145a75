"""Hands moves that nobody answered within ten working days to the national team (R58, R59)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.here import HERE
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import moves as stored

EVERY: Final = timedelta(hours=1)
_AT_ONCE: Final = 500


def escalate_moves(*, by: Viewer, at: datetime) -> int:
    """Hand on whatever was to be answered before today; return how many, some in each transaction."""
    check_may_run(by)
    on, handed_on = at.astimezone(HERE).date(), 0
    while True:
        with transaction.atomic():
            children = stored.escalate(at, on, most=_AT_ONCE)
            if children:
                record(Action.ESCALATED_MOVES, by=by, at=at, subjects=children)
        handed_on += len(children)
        if len(children) < _AT_ONCE:
            return handed_on
