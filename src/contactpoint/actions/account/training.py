"""Training England: what somebody's role practises, how far they are, and the assessment (R3, R56).

Whether an exercise was done is read from one's own audit; nobody ticks a box.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.assessment import QUESTIONS, wrong_answers
from contactpoint.domain.audit.events import Action, AuditEvent
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, Throttled
from contactpoint.domain.training import (
    EXERCISES,
    TRIES_A_DAY,
    Exercise,
    Heard,
    exercises_done,
    misheard,
    tries_within_a_day,
)
from contactpoint.storage import audit_log
from contactpoint.storage.training import child_to_find

_ASKED: Final = Permission.SEE_OWN_ACTIVITY
_PAGE: Final = 200
_PAGES: Final = 10
NOBODY: Final = Refusal(
    sentence="Only a person is trained.", rules=("R1",), way_on="Sign in, and open the exercises again."
)
FIRST_THE_EXERCISES: Final = "The assessment opens once every exercise is done. Go back to the exercises."
TRIED_ENOUGH: Final = (
    f"You have taken the assessment {TRIES_A_DAY} times within a day. Read the guide of your role, under "
    "Help, and take it again tomorrow."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """The exercises of a role and which are done; `heard` is the child of those that are about one."""

    heard: Heard | None
    exercises: tuple[tuple[Exercise, bool], ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do before the assessment."""
        return all(done for _, done in self.exercises)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The assessment is passed: the number of the statement, and the day it says."""

    statement: str
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPassed:
    """Which questions were answered wrongly, by their keys; the try is recorded."""

    wrong: tuple[str, ...]


@transaction.atomic
def practice(*, by: Viewer, at: datetime) -> Practice | Refusal:
    """Return the exercises of the viewer's role and how far they are; audited, for it names a child."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOBODY, _ASKED, by=by, at=at)
    found = _practice(by, by.account_id, _events(by.account_id))
    subjects = (found.heard.number,) if found.heard else ()
    record(Action.READ_EXERCISES, by=by, at=at, subjects=subjects, details={"rules": list(decision.rules)})
    return found


@transaction.atomic
def take_assessment(*, answered: Mapping[str, int], by: Viewer, at: datetime) -> Passed | NotPassed | Refusal:
    """Mark the answers; all have to be right. Each try is recorded with how many were.

    Raises:
        Conflict: exercises are left.
        Throttled: it was tried as often as a day allows.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOBODY, _ASKED, by=by, at=at)
    events = _events(by.account_id)
    if not _practice(by, by.account_id, events).is_done:
        raise Conflict(FIRST_THE_EXERCISES)
    if tries_within_a_day(events, at) >= TRIES_A_DAY:
        raise Throttled(TRIED_ENOUGH)
    wrong = tuple(one.key for one in wrong_answers(answered))
    details = {"right": len(QUESTIONS) - len(wrong), "of": len(QUESTIONS)}
    record(Action.TOOK_ASSESSMENT, by=by, at=at, details=details)
    if wrong:
        return NotPassed(wrong=wrong)
    return Passed(statement=str(uuid4()), on=at.date().isoformat())


def _practice(by: Viewer, account: UUID, events: tuple[AuditEvent, ...]) -> Practice:
    heard = _heard(by, account) if Permission.SEARCH in PERMISSIONS[by.role] else None
    done = exercises_done(by.role, events, heard.number if heard else None)
    return Practice(heard=heard, exercises=tuple(zip(EXERCISES[by.role], done, strict=True)))


def _heard(by: Viewer, account: UUID) -> Heard | None:
    found = child_to_find(account, by.authority or "")
    if found is None:
        return None
    number, forename, surname, born = found
    return Heard(number=number, forename=forename, surname=misheard(surname), born=born)


def _events(account: UUID) -> tuple[AuditEvent, ...]:
    """One's own newest events, some thousands at most."""
    found: list[AuditEvent] = []
    for _ in range(_PAGES):
        last = found[-1] if found else None
        page = audit_log.activity(
            account,
            limit=_PAGE,
            before=last.occurred_at if last else None,
            before_id=last.event_id if last else None,
        )
        found += page
        if len(page) < _PAGE:
            break
    return tuple(found)
