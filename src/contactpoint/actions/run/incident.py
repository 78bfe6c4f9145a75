"""Shut access in a security incident, open it again, and say exactly who saw what (R55).

What is shut is asked on every request (`access/accounts.py`), so it holds from the next one on. A person
shuts the country out, or lets it in again, only with a second one; the command line acts at once.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, AuditEvent, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.domain.incident import (
    Incident,
    IncidentDone,
    IncidentState,
    Scope,
    Seen,
    does_it_take_two,
    may_a_page_open_it,
    may_they_agree,
)
from contactpoint.storage import accounts
from contactpoint.storage import incidents as stored

_ASKED = Permission.HANDLE_INCIDENT
_MOMENT: Final = timedelta(microseconds=1)
NOT_THAT = Refusal(
    sentence="You cannot do that with it as it stands.",
    rules=("R55",),
    way_on="A second person has to agree, or somebody did it meanwhile. A feed opens at the command line.",
)


@transaction.atomic
def incidents(*, by: Viewer, at: datetime) -> tuple[Incident, ...] | Refusal:
    """What is shut, what is asked for, and what was, newest first (R55)."""
    refusal = _refused(by, at, {})
    if refusal:
        return refusal
    found = stored.incidents()
    record(Action.LISTED_INCIDENTS, by=by, at=at)
    return found


@transaction.atomic
def shut(*, scope: Scope, code: str, because: str, by: Viewer, at: datetime) -> IncidentDone | Refusal:
    """Shut an organisation or a feed out at once; ask that the country be, which a system does at once (R55).

    Raises:
        NotFound: there is no such organisation or feed.
        Conflict: it is shut, or asked for, already.
    """
    details: dict[str, Json] = {"scope": scope.value, "code": code[:48], "because": because}
    refusal = _refused(by, at, details)
    if refusal:
        return refusal
    _check_there_is(scope, code)
    at_once = by.is_system or not does_it_take_two(scope)
    made = stored.put_incident(scope, code, because=because, account=by.account_id, at=at, shut=at_once)
    if made is None:
        raise Conflict("That is shut, or asked for, already.")
    action = Action.SHUT_ACCESS if at_once else Action.ASKED_TO_SHUT
    record(action, by=by, at=at, details={"incident": made, **details})
    return IncidentDone(id=made, state=(IncidentState.SHUT if at_once else IncidentState.ASKED).value)


@transaction.atomic
def agree(*, incident: int, by: Viewer, at: datetime) -> IncidentDone | Refusal:
    """Agree, as the second person, that the country is shut out, or let in again (R55)."""
    found, refusal = _find(incident, by, at)
    if refusal or found is None:
        return refusal or NOT_THAT
    if not may_they_agree(found, by.account_id):
        return record_refusal(NOT_THAT, _ASKED, by=by, at=at, details={"incident": incident})
    if found.state is IncidentState.OPENING:
        return _open(found, by, at)
    stored.agree_to_shut(incident, account=by.account_id, at=at)
    record(Action.SHUT_ACCESS, by=by, at=at, details={"incident": incident, "scope": found.scope.value})
    return IncidentDone(id=incident, state=IncidentState.SHUT.value)


@transaction.atomic
def open_again(*, incident: int, by: Viewer, at: datetime) -> IncidentDone | Refusal:
    """Let an organisation in again; ask that the country be; for a system anything opens at once (R55)."""
    found, refusal = _find(incident, by, at)
    if refusal or found is None:
        return refusal or NOT_THAT
    if by.is_system and found.state is not IncidentState.OPEN:
        return _open(found, by, at)
    if by.account_id is None or not may_a_page_open_it(found):
        return record_refusal(NOT_THAT, _ASKED, by=by, at=at, details={"incident": incident})
    if not does_it_take_two(found.scope):
        return _open(found, by, at)
    stored.ask_to_open(incident, account=by.account_id)
    record(Action.ASKED_TO_OPEN, by=by, at=at, details={"incident": incident})
    return IncidentDone(id=incident, state=IncidentState.OPENING.value)


def in_force(scope: Scope, code: str) -> Incident:
    """What is shut, or asked for, of that scope and code.

    Raises:
        NotFound: nothing is.
    """
    for one in stored.incidents(only_open=True):
        if (one.scope, one.code) == (scope, code):
            return one
    raise NotFound("That is not shut.")


@transaction.atomic
def may_report(*, by: Viewer, at: datetime) -> Refusal | None:
    """Say why somebody may not ask who saw what, where they may not (R55)."""
    return _refused(by, at, {}, Permission.REPORT_BREACH)


def account_named(email: str) -> UUID | None:
    """The account of an e-mail address, for a report; None where there is none."""
    return accounts.account_of(email)


@transaction.atomic
def breach_report(
    *,
    child: str | None,
    account: UUID | None,
    begin: datetime | None,
    end: datetime | None,
    by: Viewer,
    at: datetime,
) -> tuple[Seen, ...] | Refusal:
    """Return exactly who saw what, when: of a child, by an account, in a time, or all of these (R55)."""
    details: dict[str, Json] = {
        "child": child,
        "account": str(account) if account else None,
        "begin": begin.isoformat() if begin else None,
        "end": end.isoformat() if end else None,
    }
    refusal = _refused(by, at, details, Permission.REPORT_BREACH)
    if refusal:
        return refusal
    # Written down first: the database answers a person of the desk who was, and nobody else.
    seeing = record(Action.REPORTED_BREACH, by=by, at=at, subjects=[child] if child else [], details=details)
    if by.is_system:
        found = stored.seen(child=child, account=account, begin=begin, end=end)
    else:
        found = stored.seen_at_desk(seeing, child=child, account=account, begin=begin, end=end)
    lines = tuple(line for event, name in found for line in _lines(event, name, child))
    if child is None and lines:
        # Of whom it told, so that it is found again when one of them is forgotten.
        told = list(dict.fromkeys(line.child for line in lines))
        record(Action.REPORTED_BREACH, by=by, at=at + _MOMENT, subjects=told, details=details)
    return lines


def _lines(event: AuditEvent, name: str, only: str | None) -> Iterator[Seen]:
    requester, disclosed = event.actor.mediated_for, event.details.get("disclosed")
    for child in (one for one in event.subjects if only in (None, one)):
        yield Seen(
            at=event.occurred_at,
            who=name,
            account=str(event.actor.account or ""),
            organisation=event.actor.organisation or "",
            role=event.actor.role or "",
            on_behalf_of=f"{requester.name}, {requester.organisation}" if requester else "",
            what=event.action.value,
            child=child,
            shown=_shown(disclosed if isinstance(disclosed, Mapping) else {}),
            reason=(event.purpose.text or event.purpose.code) if event.purpose else "",
            event=str(event.event_id),
        )


def _shown(disclosed: Mapping[str, Json]) -> tuple[str, ...]:
    if disclosed.get("protected") is True:
        return ("protected",)
    parts = [*_listed(disclosed.get("fields")), *_listed(disclosed.get("identifiers"))]
    involvements = [f"involvement {number}" for number in _listed(disclosed.get("involvements"))]
    return (*parts, *involvements)


def _listed(value: Json) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()


def _open(found: Incident, by: Viewer, at: datetime) -> IncidentDone:
    stored.open_again(found.id, account=by.account_id, at=at)
    record(Action.OPENED_ACCESS, by=by, at=at, details={"incident": found.id, "scope": found.scope.value})
    return IncidentDone(id=found.id, state=IncidentState.OPEN.value)


def _find(incident: int, by: Viewer, at: datetime) -> tuple[Incident | None, Refusal | None]:
    refusal = _refused(by, at, {"incident": incident})
    if refusal:
        return None, refusal
    found = stored.incident_for_update(incident)
    if found is None:
        raise NotFound("There is no such incident.")
    return found, None


def _refused(
    by: Viewer, at: datetime, details: Mapping[str, Json], asked: Permission = _ASKED
) -> Refusal | None:
    decision = authorise(AccessRequest(viewer=by, permission=asked, at=at))
    if decision.refusal is None:
        return None
    return record_refusal(decision.refusal, asked, by=by, at=at, details=details)


def _check_there_is(scope: Scope, code: str) -> None:
    if scope is Scope.ORGANISATION and not accounts.organisation_exists(code):
        raise NotFound(f"There is no organisation {code}.")
    if scope is Scope.FEED and not stored.feed_exists(code):
        raise NotFound(f"There is no feed {code}.")
