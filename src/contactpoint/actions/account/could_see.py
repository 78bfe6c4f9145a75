"""Ask on a page what somebody could see of a child at a moment, and read the answer; both are looks (R51)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.replay import Became, ReplayLine
from contactpoint.storage import replays as stored

_ASKED: Final = Permission.ASK_WHAT_WAS_SEEN
_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAsked:
    """The answer to asking: it is worked out in a few seconds."""

    asked_at: str


@transaction.atomic
def ask_what_was_seen(
    *, account: UUID, child: str, moment: datetime, because: str, by: Viewer, at: datetime
) -> ReplayAsked | Became | Refusal:
    """Ask; what became of it where the person or the child is not the asker's to ask about (R34, R52)."""
    details: dict[str, Json] = {
        "account": str(account),
        "moment": moment.isoformat(),
        "because": because,
    }
    seeing = _begin(Action.ASKED_REPLAY, [child], details, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    became = stored.ask(seeing, child=child, account=account, moment=moment, because=because, at=at)
    return ReplayAsked(asked_at=at.isoformat()) if became is Became.ASKED else became


@transaction.atomic
def what_was_asked(*, by: Viewer, at: datetime) -> tuple[ReplayLine, ...] | Refusal:
    """Return the viewer's own questions with their answers, newest first; audited with whose they are."""
    seeing = _begin(Action.REPLAYED, [], {}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    found = stored.asked(seeing)
    subjects = sorted({one.child for one in found if one.answer is not None})
    if subjects:
        # A moment later, so that what somebody did stands in the order in which they did it.
        record(Action.REPLAYED, by=by, at=at + _MOMENT, subjects=subjects)
    return found


def _begin(
    action: Action, subjects: list[str], details: dict[str, Json], *, by: Viewer, at: datetime
) -> UUID | Refusal:
    """Ask the rules, and write down first who looks."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, subjects=subjects, details=details)
    return record(action, by=by, at=at, subjects=subjects, details={**details, "rules": list(decision.rules)})
