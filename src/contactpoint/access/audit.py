"""What sign-in writes to the audit log (R51); each event stands before anything is shown."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from contactpoint.access.accounts import ActingAs
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Json, Outcome
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.storage.audit_log import append
from contactpoint.storage.models.accounts import Account

ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)


def note_sign_in(account_id: UUID, *, request_id: str, factors: Sequence[str] = ()) -> None:
    """Somebody signed in with everything asked of them; the event names the kinds of proof they gave."""
    details: Mapping[str, Json] = {"with": list(factors)} if factors else {}
    _note(Action.SIGNED_IN, _person(account_id), request_id=request_id, details=details)


def note_by_organisation(account_id: UUID, organisation: str, *, request_id: str) -> None:
    """Somebody was signed in by their organisation, with a second factor."""
    details: Mapping[str, Json] = {"with": ["organisation"], "organisation": organisation}
    _note(Action.SIGNED_IN, _person(account_id), request_id=request_id, details=details)


def note_not_by_organisation(organisation: str, *, request_id: str) -> None:
    """An organisation's answer proved nothing, or named nobody who was invited; it is not kept."""
    details: Mapping[str, Json] = {"by": "organisation", "organisation": organisation[:48]}
    _note(Action.SIGN_IN_REFUSED, ANONYMOUS, request_id=request_id, refused=True, details=details)


def note_sign_out(account_id: UUID, *, request_id: str) -> None:
    """Somebody signed out."""
    _note(Action.SIGNED_OUT, _person(account_id), request_id=request_id)


def note_second_factor(account_id: UUID, *, request_id: str) -> None:
    """A one-time code was set up."""
    _note(Action.ENROLLED_SECOND_FACTOR, _person(account_id), request_id=request_id)


def note_password_changed(account_id: UUID, *, request_id: str) -> None:
    """Somebody chose a new password."""
    _note(Action.CHANGED_PASSWORD, _person(account_id), request_id=request_id)


def note_session_expired(account_id: UUID, *, request_id: str) -> None:
    """A session ended by itself, after too long a rest or ten hours."""
    _note(Action.SESSION_EXPIRED, _person(account_id), request_id=request_id)


def note_own(
    action: Action, account_id: UUID, *, request_id: str, details: Mapping[str, Json] | None = None
) -> None:
    """Somebody changed how they sign in, locked or ended a session of theirs."""
    _note(action, _person(account_id), request_id=request_id, details=details)


def note_not_in_good_standing(viewer: Viewer) -> None:
    """Somebody who may sign in may not go on (R3, R56); the event names why."""
    if viewer.account_id is None:
        return
    details: Mapping[str, Json] = {"lapses": [lapse.value for lapse in viewer.lapses]}
    actor = _acting(viewer)
    _note(Action.SIGN_IN_REFUSED, actor, request_id=viewer.request_id, refused=True, details=details)


def note_wrong_role(viewer: Viewer, page: str) -> None:
    """Somebody asked for a page that their role does not open (R57); the event names the page."""
    if viewer.account_id is None:
        return
    details: Mapping[str, Json] = {"asked": "page", "page": page, "rules": ["R57"]}
    _note(Action.REFUSED, _acting(viewer), request_id=viewer.request_id, refused=True, details=details)


def note_role_chosen(account_id: UUID, chosen: ActingAs, *, request_id: str) -> None:
    """Somebody with several roles chose what to act as (R1)."""
    actor = Actor(
        kind=ActorKind.PERSON,
        account=account_id,
        organisation=chosen.organisation_code,
        role=chosen.role.value,
    )
    _note(Action.CHOSE_ROLE, actor, request_id=request_id)


def note_wrong_code(account_id: UUID, *, request_id: str) -> None:
    """The password was right and the one-time code was not."""
    _note(Action.SIGN_IN_REFUSED, _person(account_id), request_id=request_id, refused=True)


def note_closed_account(account_id: UUID, *, request_id: str) -> None:
    """The password was right and the account is closed (R56)."""
    details = {"closed": True}
    _note(Action.SIGN_IN_REFUSED, _person(account_id), request_id=request_id, refused=True, details=details)


def note_refused_sign_in(email: str, *, request_id: str) -> None:
    """A sign-in was refused. An address that names no account is not kept: it may be a password."""
    known = Account.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
    actor = _person(known) if known else ANONYMOUS
    _note(Action.SIGN_IN_REFUSED, actor, request_id=request_id, refused=True)


def _acting(viewer: Viewer) -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        account=viewer.account_id,
        organisation=viewer.organisation_code,
        role=viewer.role.value,
    )


def _person(account_id: UUID) -> Actor:
    return Actor(kind=ActorKind.PERSON, account=account_id)


def _note(
    action: Action,
    actor: Actor,
    *,
    request_id: str | None,
    refused: bool = False,
    details: Mapping[str, Json] | None = None,
) -> None:
    event = AuditEvent(
        event_id=uuid4(),
        occurred_at=timezone.now(),
        actor=actor,
        action=action,
        outcome=Outcome.REFUSED if refused else Outcome.ALLOWED,
        details=details or {},
        request_id=request_id,
    )
    with transaction.atomic():
        append(event)
