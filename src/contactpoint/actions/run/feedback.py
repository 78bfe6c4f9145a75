"""People say how the directory works and what nearly went wrong; the national team reads and answers."""

from dataclasses import dataclass
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
from contactpoint.domain.errors import InvalidInput, NotFound, Throttled
from contactpoint.domain.feedback import (
    LONGEST,
    MOST_A_DAY,
    Feedback,
    FeedbackDone,
    FeedbackState,
    Given,
    WaveSaid,
    is_too_much,
    what_may_name_a_child,
)
from contactpoint.domain.meanwhile import AnswerVersion, ChangedMeanwhile
from contactpoint.storage.queries import feedback as stored

_GIVE: Final = Permission.GIVE_FEEDBACK
_READ: Final = Permission.PLAN_ROLLOUT
NOTHING_SAID: Final = "There is nothing of that number. Go back to the list."
TOO_MUCH: Final = (
    f"You have said {MOST_A_DAY} things within a day, which is as much as one person may, so that everybody "
    "is read. Nothing was sent: say it tomorrow, or tell your authority's team what cannot wait."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackList:
    """The first of what was said, at most 200, and how much of all was said in each wave."""

    first: tuple[Given, ...]
    waves: tuple[WaveSaid, ...]


@transaction.atomic
def give_feedback(*, said: Feedback, by: Viewer, at: datetime) -> FeedbackDone | Refusal:
    """Keep what somebody says, beside the wave that they are in; the audit has that they did.

    Raises:
        Throttled: it would be more than one person may say in a day.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_GIVE, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOT_A_PERSON, _GIVE, by=by, at=at)
    if is_too_much(stored.own(by.account_id), at):
        raise Throttled(TOO_MUCH)
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
def feedback_to_read(*, by: Viewer, at: datetime) -> FeedbackList | Refusal:
    """Return what was said, what nobody has read and what did harm first; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_READ, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _READ, by=by, at=at)
    seeing = record(Action.LISTED_FEEDBACK, by=by, at=at, details={"rules": list(decision.rules)})
    return FeedbackList(first=stored.to_read(seeing), waves=stored.by_wave(seeing))


@transaction.atomic
def feedback_of(*, number: int, by: Viewer, at: datetime) -> Given | Refusal:
    """Return one thing that was said; audited.

    Raises:
        NotFound: there is nothing of that number.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_READ, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _READ, by=by, at=at, details={"feedback": number})
    seeing = record(Action.LISTED_FEEDBACK, by=by, at=at, details={"feedback": number})
    found = stored.one_of(seeing, number)
    if found is None:
        raise NotFound(NOTHING_SAID)
    return found


@transaction.atomic
def answer_feedback(
    *,
    number: int,
    state: FeedbackState,
    answer: str,
    seen: AnswerVersion | None = None,
    by: Viewer,
    at: datetime,
) -> FeedbackDone | ChangedMeanwhile | Refusal:
    """Say to whoever said it that it was seen, or what was done.

    Where a colleague answered since the page was `seen`, nothing is changed and both answers come back.

    Raises:
        NotFound: there is nothing of that number.
        InvalidInput: the answer is too long, or could name a child.
    """
    if len(answer) > LONGEST:
        raise InvalidInput(f"Use at most {LONGEST} characters.")
    if found := what_may_name_a_child(answer):
        raise InvalidInput(f"Take out {found[0]}: nothing here may say who a child is.")
    given = feedback_of(number=number, by=by, at=at)
    if isinstance(given, Refusal):
        return given
    now, sent = version_of(given), AnswerVersion(state=state.value, answer=answer)
    if seen and seen != now:
        return ChangedMeanwhile(seen=seen, now=now, sent=sent)
    details = {"feedback": number, "state": state.value}
    seeing = record(Action.ANSWERED_FEEDBACK, by=by, at=at, details=details)
    stored.answer(seeing, number, state, answer)
    return FeedbackDone(number=number)


def version_of(given: Given) -> AnswerVersion:
    """What became of it and the answer, as a page says them."""
    return AnswerVersion(state=given.state.value, answer=given.answer)


NOT_A_PERSON: Final = Refusal(
    sentence="Only a person says how it works.", rules=("R1",), way_on="Sign in and try again."
)
