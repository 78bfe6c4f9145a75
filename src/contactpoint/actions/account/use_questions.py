"""What reviewers ask a manager about the use of somebody in the team, and the manager's answer (R52)."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.review.deciding import QuestionAnswered, UseQuestion
from contactpoint.storage.queries import review as stored

_ASKED = Permission.ANSWER_FOR_TEAM
NOBODY_ASKS = Refusal(
    sentence="Nobody asks you about that now.",
    rules=("R52",),
    way_on="The reviewer may have decided meanwhile. Go back to “Your team”.",
)


@transaction.atomic
def questions_about_team(*, by: Viewer, at: datetime) -> tuple[UseQuestion, ...] | Refusal:
    """What reviewers ask about people whose named manager the viewer is; audited (R52)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOBODY_ASKS, _ASKED, by=by, at=at)
    found = stored.questions_to(by.account_id)
    if found:
        children = [one.child for one in found if one.child]
        details = {"items": [one.item for one in found]}
        record(Action.LISTED_QUESTIONS, by=by, at=at, subjects=children, details=details)
    return found


@transaction.atomic
def answer_question(*, item: int, said: str, by: Viewer, at: datetime) -> QuestionAnswered | Refusal:
    """Give the manager's answer to the reviewer who asked; the reviewer decides (R52)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    refusal, details = decision.refusal, {"item": item}
    if refusal or by.account_id is None:
        return record_refusal(refusal or NOBODY_ASKS, _ASKED, by=by, at=at, details=details)
    if not stored.answer_question(item, by.account_id, said=said, at=at):
        return record_refusal(NOBODY_ASKS, _ASKED, by=by, at=at, details=details)
    record(Action.ANSWERED_QUESTION, by=by, at=at, details={"item": item, "said": said})
    return QuestionAnswered(item=item)
