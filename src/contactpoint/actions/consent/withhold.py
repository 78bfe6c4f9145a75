"""A decision not to share is one too: written down with its reason and who answers for it (R37-R39)."""

from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.find.open_record import NO_SUCH_RECORD, record_in_question
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consents import NotSharedLine, NotSharedNoted, NotSharedSaid
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.storage.queries import consenting as stored

_ASKED: Final = Permission.WITHHOLD


@transaction.atomic
def decide_not_to_share(
    *, number: str, said: NotSharedSaid, purpose: Purpose | None, by: Viewer, at: datetime
) -> NotSharedNoted | Refusal:
    """Write down what is not shared about a child, why, and who decided; the same of every child.

    Nobody is shown it but whoever wrote it down and the consent desk, and nothing else changes with it.
    """
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal) or by.account_id is None:
        return held if isinstance(held, Refusal) else NO_SUCH_RECORD
    event = record(
        Action.DECIDED_NOT_TO_SHARE,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[held.number],
        details={
            "what": said.what.value,
            "reason": said.reason.value,
            "decided_by": said.decided_by,
            "decided_by_title": said.decided_by_title,
        },
    )
    return NotSharedNoted(decision=stored.decide_not_to_share(event, held.number, said, at))


@transaction.atomic
def decisions_not_to_share(*, by: Viewer, at: datetime) -> tuple[NotSharedLine, ...] | Refusal:
    """Return the viewer's own decisions, or at a consent desk those of its area, newest first; audited (R51).

    The children are named by number alone.
    """
    if by.account_id is None:
        return NO_SUCH_RECORD
    decision = authorise(AccessRequest(viewer=by, permission=Permission.SEE_INBOX, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_NOT_SHARED, by=by, at=at, details={"rules": list(decision.rules)})
    return stored.not_shared_by(seeing)
