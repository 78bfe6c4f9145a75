"""See which bodies are accredited, and accredit one, or end its accreditation (R3)."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.people.asking import NOT_NOW, ask_reach, reach_of
from contactpoint.actions.people.roles import body_called
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict
from contactpoint.domain.staff import Body, BodyInQuestion, StaffDone
from contactpoint.storage.queries import staff

_ASKED: Final = Permission.ACCREDIT


@transaction.atomic
def organisations(
    *, words: str, ending: bool, skip: int, by: Viewer, at: datetime
) -> tuple[Body, ...] | Refusal:
    """Return a page of the bodies that the viewer answers for, and one more where there are more."""
    reach = ask_reach(by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    record(Action.LISTED_ORGANISATIONS, by=by, at=at, details={"words": words[:80]})
    return staff.bodies(
        authority=reach.authority,
        words=words,
        ending=ending,
        on=at.date(),
        skip=skip,
        limit=staff.A_PAGE + 1,
    )


def organisations_called(words: str, *, by: Viewer, at: datetime) -> tuple[tuple[str, str], ...]:
    """Code and name of the bodies the viewer answers for whose name or code holds some words: a few."""
    reach = reach_of(by)
    if reach is None or not words.strip():
        return ()
    found = staff.bodies(authority=reach.authority, words=words, on=at.date(), limit=5)
    return tuple((one.code, one.name) for one in found)


@transaction.atomic
def organisation(*, code: str, by: Viewer, at: datetime) -> Body | Refusal:
    """Return one body that the viewer accredits.

    Raises:
        NotFound: there is none of that code.
    """
    body, refusal = _ask(code, by, at)
    if refusal:
        return refusal
    record(Action.LISTED_ORGANISATIONS, by=by, at=at, details={"organisation": code})
    return body


@transaction.atomic
def accredit(*, code: str, until: date | None, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Accredit a body until a day; None ends it at once, and with it the access of all its people (R3).

    Raises:
        NotFound: there is none of that code.
    """
    body, refusal = _ask(code, by, at)
    if refusal:
        return refusal
    last = until or at.date() - timedelta(days=1)
    details = {"organisation": code, "accredited_until": last.isoformat()}
    seeing = record(Action.GRANTED if until else Action.REVOKED, by=by, at=at, details=details)
    if not staff.accredit_body(seeing, code, last):
        raise Conflict(NOT_NOW)
    return StaffDone(what="accredited" if until else "not_accredited", name=body.name)


def _ask(code: str, by: Viewer, at: datetime) -> tuple[Body, Refusal | None]:
    body, reach = body_called(code, at), reach_of(by)
    question = BodyInQuestion(
        in_reach=reach is not None and reach.reaches(body.authority, body.code),
        own=code == by.organisation_code,
    )
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, body=question))
    if decision.refusal is None:
        return body, None
    return body, record_refusal(decision.refusal, _ASKED, by=by, at=at, details={"organisation": code})
