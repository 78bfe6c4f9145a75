"""My activity: what a person searched and opened, as the audit holds it, and "this wasn't me"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, AuditEvent, Json, Outcome
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import ActivityEntry, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.reasons import reason_words
from contactpoint.domain.settings import Values
from contactpoint.storage import audit_log
from contactpoint.storage.queries.organisations import names_of
from contactpoint.storage.settings import settings_at

_ASKED = Permission.SEE_OWN_ACTIVITY
_PAGE = 200
_FURTHEST = 50
NOT_YOURS = Refusal(
    sentence="That is not in your activity.",
    rules=("R51",),
    way_on="Open your activity and choose the line that was not you.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The answer to "this wasn't me"."""

    event: str


@transaction.atomic
def my_activity(*, by: Viewer, at: datetime) -> tuple[ActivityEntry, ...] | Refusal:
    """Return the viewer's newest 200 events, newest first; looking is itself recorded (R51)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOT_YOURS, _ASKED, by=by, at=at)
    events = audit_log.activity(by.account_id, limit=_PAGE)
    record(Action.VIEWED_OWN_ACTIVITY, by=by, at=at, details={"rules": list(decision.rules)})
    return _entries(events, at)


@transaction.atomic
def report_activity(*, event_id: UUID, by: Viewer, at: datetime) -> Reported | Refusal:
    """Record that the viewer says one of their own events was not theirs, for somebody to look into (R52)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    details: Mapping[str, Json] = {"event": str(event_id)}
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOT_YOURS, _ASKED, by=by, at=at, details=details)
    found = next((event for event in _all_events(by.account_id) if event.event_id == event_id), None)
    if found is None:
        return record_refusal(NOT_YOURS, _ASKED, by=by, at=at, details=details)
    record(Action.REPORTED_ACTIVITY, by=by, at=at, subjects=found.subjects, details=details)
    return Reported(event=str(event_id))


def _all_events(account: UUID) -> Iterator[AuditEvent]:
    before: datetime | None = None
    before_id: UUID | None = None
    for _ in range(_FURTHEST):
        events = audit_log.activity(account, limit=_PAGE, before=before, before_id=before_id)
        yield from events
        if len(events) < _PAGE:
            return
        # Two events may share a moment: both bounds, or one of them is lost at the edge of a page.
        before, before_id = events[-1].occurred_at, events[-1].event_id


def _entries(events: tuple[AuditEvent, ...], at: datetime) -> tuple[ActivityEntry, ...]:
    reported = {
        str(event.details.get("event")) for event in events if event.action is Action.REPORTED_ACTIVITY
    }
    names, held = names_of(_codes(events)), settings_at(at)
    return tuple(
        _entry(event, held, reported=str(event.event_id) in reported, names=names) for event in events
    )


def _codes(events: tuple[AuditEvent, ...] | list[AuditEvent]) -> set[str]:
    return {event.actor.organisation for event in events if event.actor.organisation}


def _entry(event: AuditEvent, held: Values, *, reported: bool, names: Mapping[str, str]) -> ActivityEntry:
    terms, asks = event.details.get("terms"), event.actor.mediated_for
    return ActivityEntry(
        event_id=event.event_id,
        at=event.occurred_at,
        action=event.action.value,
        allowed=event.outcome is Outcome.ALLOWED,
        purpose=_purpose_words(event, held),
        subjects=event.subjects,
        terms=tuple((name, str(value)) for name, value in terms.items())
        if isinstance(terms, Mapping)
        else (),
        acting_for=names.get(event.actor.organisation or "", ""),
        reported=reported,
        on_behalf_of=f"{asks.name}, {asks.role}" if asks else "",
        ahead=event.details.get("ahead") is True,
        how=str(event.details.get("how_text") or event.details.get("how") or ""),
    )


def _purpose_words(event: AuditEvent, held: Values) -> str | None:
    if event.purpose is None:
        return None
    code = PurposeCode(event.purpose.code)
    return (
        event.purpose.text if code is PurposeCode.OTHER and event.purpose.text else reason_words(code, held)
    )
