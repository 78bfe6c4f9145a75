"""People say how the directory works and what nearly went wrong; the national team reads and answers."""

from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.feedback import (
    LONGEST,
    Feedback,
    FeedbackDone,
    FeedbackState,
    Given,
    what_may_name_a_child,
)
from contactpoint.storage.queries import feedback as stored

_GIVE: Final = Permission.GIVE_FEEDBACK
_READ: Final = Permission.PLAN_ROLLOUT
NOTHING_SAID: Final = "There is nothing of that number. Go back to the list."


@transaction.atomic
def give_feedback(*, said: Feedback, by: Viewer, at: datetime) -> FeedbackDone | Refusal:
    """Keep what somebody says, beside the wave that they are in; the audit has that they did."""
    decision = authorise(AccessRequest(viewer=by, permission=_GIVE, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _GIVE, by=by, at=at)
    seeing = record(Action.GAVE_FEEDBACK, by=by, at=at, details={"kind": said.kind.value})
    return FeedbackDone(number=stored.give(seeing, said))


@transaction.atomic
def own_feedback(*, by: Viewer, at: datetime) -> tuple[Given, ...] | Refusal:
    """Return what the viewer said before, and what became of it."""
    decision = authorise(AccessRequest(viewer=by, permission=_GIVE, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOT_A_PERSON, _GIVE, by=by, at=at)
    return stored.own(by.account_id)


@transaction.atomic
def feedback_to_read(*, by: Viewer, at: datetime) -> tuple[Given, ...] | Refusal:
    """Return what was said, what did harm first; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_READ, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _READ, by=by, at=at)
    seeing = record(Action.LISTED_FEEDBACK, by=by, at=at, details={"rules": list(decision.rules)})
    return stored.to_read(seeing)


@transaction.atomic
def answer_feedback(
    *, number: int, state: FeedbackState, answer: str, by: Viewer, at: datetime
) -> FeedbackDone | Refusal:
    """Say to whoever said it that it was seen, or what was done.

    Raises:
        NotFound: there is nothing of that number.
        InvalidInput: the answer is too long, or could name a child.
    """
    if len(answer) > LONGEST:
        raise InvalidInput(f"Use at most {LONGEST} characters.")
    if found := what_may_name_a_child(answer):
        raise InvalidInput(f"Take out {found[0]}: nothing here may say who a child is.")
    decision = authorise(AccessRequest(viewer=by, permission=_READ, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _READ, by=by, at=at, details={"feedback": number})
    details = {"feedback": number, "state": state.value}
    seeing = record(Action.ANSWERED_FEEDBACK, by=by, at=at, details=details)
    if not stored.answer(seeing, number, state, answer):
        raise NotFound(NOTHING_SAID)
    return FeedbackDone(number=number)


NOT_A_PERSON: Final = Refusal(
    sentence="Only a person says how it works.", rules=("R1",), way_on="Sign in and try again."
)
