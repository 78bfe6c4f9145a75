"""Who is signed in as far as the database knows, and what the audit holds of them, whoever may read it."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from contactpoint.access.audit import note_sign_in
from contactpoint.domain.audit.events import AuditEvent
from contactpoint.storage.audit_texts import read_event
from contactpoint.storage.models import Account, AuditBody, SignInSession


@contextmanager
def as_the_owner():
    """Run the statements inside as whoever signed in to the database, inside `acting_as_role` too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (role,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
        yield
        if role != "none":
            cursor.execute("SELECT set_config('role', %s, false)", [role])


def sign_in(account: UUID) -> SignInSession:
    """Sign an account in, as the pages do: a session, its row and the event."""
    with as_the_owner():
        Account.objects.get_or_create(pk=account, defaults={"email": f"{account}@example.org"})
        session = open_session(account)
        note_sign_in(account, request_id="test")
    return session


def open_session(account: UUID) -> SignInSession:
    """The rows of a session alone, without the event of a sign-in."""
    now, key = timezone.now(), uuid4().hex
    Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(minutes=30))
    return SignInSession.objects.create(
        account_id=account, session_key=key, browser="Test", began_at=now, used_at=now
    )


def events_of(account: UUID, *, limit: int = 50) -> tuple[AuditEvent, ...]:
    """What an account did, newest first, but for its sign-ins."""
    with as_the_owner():
        rows = AuditBody.objects.filter(account=account).exclude(action="signed_in")
        bodies = list(rows.order_by("-occurred_at", "-event_id").values_list("body", flat=True)[:limit])
    return tuple(read_event(bytes(body)) for body in bodies)
