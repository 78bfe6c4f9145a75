"""Corrections of what somebody said of their own work: asked of them, else of who stands for them (R25, R44).

They are asked, known again, marked and followed as those that go to a feed (corrections.py); only who answers
differs (domain/disclosure/answering.py, ADR 52).
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contribute.corrections import NOTHING_ASKED, does_it_wait, with_items
from contactpoint.actions.contribute.own_child import named
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answering import (
    RightBecause,
    WordAnswer,
    what_may_be_answered,
)
from contactpoint.domain.disclosure.answers import (
    CorrectableItem,
    Refusal,
    WordAnswered,
    WordInFull,
    WordToAnswer,
)
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.contesting import by_when_is_it_answered
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import ConsentScope
from contactpoint.storage.queries import corrections as stored
from contactpoint.storage.queries.corrections import AskedWordRow, WordNow

_ASKED: Final = Permission.ANSWER_FOR_WORD
_MOMENT: Final = timedelta(microseconds=1)
PASSED_ON_BY_NOBODY: Final = Refusal(
    sentence="You cannot pass this on because nobody else can answer it.",
    rules=("R58",),
    way_on="Say that it is right, correct it, or say that it has ended.",
)
NOT_NAMED: Final = Refusal(
    sentence="You cannot correct this because nobody agreed that names are shown here.",
    rules=("R38",),
    way_on="Ring the service. You can say that it is right, or that it has ended.",
)
Found = tuple[AskedWordRow, CorrectableItem]


@transaction.atomic
def words_to_answer(*, by: Viewer, at: datetime) -> tuple[WordToAnswer, ...] | Refusal:
    """Return what the viewer is asked of their own word, or for somebody else's, oldest first; audited.

    Never of a shielded child (R27), nor of a service that may not be shown now (R39).
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    found = _asked(by=by, at=at, details={"words": True, "rules": list(decision.rules)})
    return tuple(_shown(*one, at) for one in found)


@transaction.atomic
def word_in_full(*, correction_id: int, by: Viewer, at: datetime) -> WordInFull | Refusal:
    """Return one of them, with what may be answered; audited."""
    found = _one(correction_id, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    asked, item, word = found
    return WordInFull(
        asked=_shown(asked, item, at),
        answers=tuple(one.value for one in _answers(asked, word)),
        role=word.role,
        phone=word.phone,
        start=word.involvement.start,
    )


@transaction.atomic
def answer_word(
    *,
    correction_id: int,
    answer: WordAnswer,
    because: RightBecause | None = None,
    role: str = "",
    phone: str = "",
    start: date | None = None,
    by: Viewer,
    at: datetime,
) -> WordAnswered | Refusal:
    """Say that it is right and why, correct it, say that it has ended, or that somebody else is to answer.

    What was said before stays as a version of the word (R61). A correction that is passed on waits with the
    next who are asked.

    Raises:
        InvalidInput: no reason why it is right; or no role or number, or a start in the future.
    """
    _check(answer, because, role=role, phone=phone, start=start, on=at.date())
    found = _one(correction_id, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    asked, _, word = found
    if answer not in _answers(asked, word):
        refusal = PASSED_ON_BY_NOBODY if answer is WordAnswer.NOT_MINE else NOT_NAMED
        return record_refusal(refusal, _ASKED, by=by, at=at + 2 * _MOMENT, subjects=[asked.row.child])
    with transaction.atomic():
        child, details = asked.row.child, _details(asked, word, answer, because)
        moment = at + 2 * _MOMENT
        doing = record(Action.ANSWERED_CORRECTION, by=by, at=moment, subjects=[child], details=details)
        done = stored.answer_word(
            doing, correction_id, answer, because=because, role=role.strip(), phone=phone.strip(), since=start
        )
        transaction.set_rollback(not done)  # what was not done is not written down as done
    if not done:
        return record_refusal(NOTHING_ASKED, _ASKED, by=by, at=at, details={"correction": correction_id})
    return WordAnswered(correction_id=correction_id, answer=answer.value)


def answers_for_words(by: Viewer) -> bool:
    """Say whether the viewer's role can be asked about what somebody said of their own work."""
    return _ASKED in PERMISSIONS[by.role] and by.account_id is not None


def count_words(seeing: UUID, at: datetime) -> tuple[int, int]:
    """How many whoever the event names is asked about, and how many of them are late."""
    found = _waiting(seeing, at)
    late = sum(by_when_is_it_answered(asked.row.contest) < at.date() for asked, _ in found)
    return len(found), late


def _asked(*, by: Viewer, at: datetime, details: dict[str, Json]) -> list[Found]:
    found = _waiting(record(Action.LISTED_CORRECTIONS, by=by, at=at, details=details), at)
    if children := list(dict.fromkeys(asked.row.child for asked, _ in found)):
        # A moment later, so that what somebody did stands in the order in which they did it.
        record(Action.LISTED_CORRECTIONS, by=by, at=at + _MOMENT, subjects=children, details=details)
    return found


def _waiting(seeing: UUID, at: datetime) -> list[Found]:
    asked = {one.row.contest.id: one for one in stored.words_asked(seeing)}
    found = with_items([one.row for one in asked.values()], at)
    return [(asked[row.contest.id], item) for row, item in found if does_it_wait(row, item)]


def _one(
    correction_id: int, *, by: Viewer, at: datetime
) -> tuple[AskedWordRow, CorrectableItem, WordNow] | Refusal:
    details: dict[str, Json] = {"correction": correction_id}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    event = record(Action.LISTED_CORRECTIONS, by=by, at=at, details=details)
    found = next((one for one in _waiting(event, at) if one[0].row.contest.id == correction_id), None)
    word = stored.word_in_question(event, correction_id) if found else None
    if found is None or word is None:
        return record_refusal(NOTHING_ASKED, _ASKED, by=by, at=at + _MOMENT, details=details)
    child = found[0].row.child
    record(Action.LISTED_CORRECTIONS, by=by, at=at + _MOMENT, subjects=[child], details=details)
    return *found, word


def _answers(asked: AskedWordRow, word: WordNow) -> tuple[WordAnswer, ...]:
    agreed = word.involvement.consent
    shown = agreed is None or agreed.scope is ConsentScope.LISTED
    return what_may_be_answered(asked.asked_as, discreet=asked.discreet, names_shown=shown)


def _details(
    asked: AskedWordRow, word: WordNow, answer: WordAnswer, because: RightBecause | None
) -> dict[str, Json]:
    details: dict[str, Json] = {
        "correction": asked.row.contest.id,
        "answer": answer.value,
        "asked_as": asked.asked_as.value,
        "involvement": word.involvement.id,
    }
    if because:
        details["because"] = because.value
    if answer is WordAnswer.CORRECTED:
        details["before"] = _said(word)
    return details


def _said(word: WordNow) -> dict[str, Json]:
    start = word.involvement.start
    return {"role": word.role, "phone": word.phone, "start": start.isoformat() if start else None}


def _shown(asked: AskedWordRow, item: CorrectableItem, at: datetime) -> WordToAnswer:
    row = asked.row
    return WordToAnswer(
        correction_id=row.contest.id,
        child_name=named(row.child, at)[0],
        says=item.says,
        right=row.contest.right,
        basis=row.contest.basis.value,
        asked_at=row.contest.asked_at,
        answer_by=by_when_is_it_answered(row.contest),
        asked_as=asked.asked_as.value,
    )


def _check(
    answer: WordAnswer, because: RightBecause | None, *, role: str, phone: str, start: date | None, on: date
) -> None:
    if (answer is WordAnswer.STANDS) != (because is not None):
        raise InvalidInput("Choose why it is right.")
    complete = role.strip() and phone.strip() and start is not None and start <= on
    if answer is WordAnswer.CORRECTED and not complete:
        raise InvalidInput("Enter the role, a telephone number, and a start date that is not in the future.")
