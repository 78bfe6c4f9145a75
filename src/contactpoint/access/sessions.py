"""Where an account is signed in: begun, used, ended; what outlives an expired session for its owner (R7).

Ending a session is a mark in the database that every request looks at, so it holds at once and everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from contactpoint.access.browsers import browser_kind, is_handheld
from contactpoint.access.session_store import SessionStore
from contactpoint.storage.models.sessions import SignInSession

ROW, USED, HANDHELD, WAS, STARTED = "sign_in_session", "used_at", "handheld", "was", "started_at"
MEMBERSHIP = "acting_as"
BY_ORGANISATION = "by_organisation"  # the code of the organisation that signed its own person in
PROVED = "proved_at"  # when it last did
_SHELVES = "cp_"  # what the pages keep in a session: searches, opened records
_NOTE_USE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One place where somebody is signed in."""

    session_id: UUID
    browser: str
    began_at: datetime
    used_at: datetime
    is_this_one: bool


def account_of(request: HttpRequest) -> UUID:
    """The account that is signed in; raises PermissionDenied where nobody is."""
    account_id: UUID | None = request.user.pk
    if account_id is None:
        raise PermissionDenied
    return account_id


def idle_seconds(session: SessionBase) -> int:
    """How long this session may rest: ten minutes on a phone or tablet, thirty elsewhere (R7)."""
    return int(settings.HANDHELD_SESSION_AGE if session.get(HANDHELD) else settings.SESSION_COOKIE_AGE)


def seconds_left(session: SessionBase, at: datetime) -> tuple[int, bool]:
    """When this session ends if it is not used again, and whether using it would keep it for longer (R7)."""
    whole = session.get(STARTED, at.timestamp()) + settings.SESSION_ABSOLUTE_AGE - at.timestamp()
    return min(idle_seconds(session), max(int(whole), 0)), idle_seconds(session) < whole


def begin(request: HttpRequest, at: datetime) -> None:
    """Note a new sign-in, and give back what an expired session of the same person held."""
    agent = request.headers.get("User-Agent", "")
    session = request.session
    if not session.session_key:
        session.save()
    row = SignInSession.objects.create(
        account_id=account_of(request),
        session_key=session.session_key or "",
        browser=browser_kind(agent),
        began_at=at,
        used_at=at,
    )
    session[ROW], session[USED], session[HANDHELD] = str(row.pk), at.timestamp(), is_handheld(agent)
    was = session.pop(WAS, None)
    if was and was["account"] == str(request.user.pk):
        session.update(was["kept"])


def renew(request: HttpRequest) -> None:
    """Give the session another key, after its owner proved again who they are: an older one opens nothing."""
    request.session.cycle_key()
    if ROW in request.session:
        key = request.session.session_key or ""
        SignInSession.objects.filter(pk=request.session[ROW]).update(session_key=key)


def is_open(request: HttpRequest, at: datetime) -> bool:
    """Whether nobody has ended this sign-in from elsewhere; notes its use once a minute."""
    session = request.session
    if ROW not in session:
        begin(request, at)
        return True
    row = SignInSession.objects.filter(pk=session[ROW], account_id=account_of(request)).first()
    if row is None or row.ended_at is not None:
        return False
    if at - row.used_at >= _NOTE_USE_EVERY or row.session_key != session.session_key:
        changed = {"used_at": at, "session_key": session.session_key or ""}
        SignInSession.objects.filter(pk=row.pk).update(**changed)
    return True


def open_sessions(account_id: UUID, *, here: str | None, at: datetime) -> tuple[OpenSession, ...]:
    """Where the account is signed in, this one first, then the last used."""
    since = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    began = at - timedelta(seconds=settings.SESSION_ABSOLUTE_AGE)
    rows = SignInSession.objects.filter(
        account_id=account_id, ended_at__isnull=True, used_at__gt=since, began_at__gt=began
    ).order_by("-used_at")
    found = [
        OpenSession(
            session_id=row.pk,
            browser=row.browser,
            began_at=row.began_at,
            used_at=row.used_at,
            is_this_one=str(row.pk) == here,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.is_this_one))


def end_sessions(account_id: UUID, at: datetime, *, only: UUID | None = None, but: str | None = None) -> int:
    """End one sign-in of the account, all, or all but one, with what it held; return how many were open."""
    rows = SignInSession.objects.filter(account_id=account_id, ended_at__isnull=True)
    if only is not None:
        rows = rows.filter(pk=only)
    if but is not None:
        rows = rows.exclude(pk=but)
    keys = list(rows.values_list("session_key", flat=True))
    ended = rows.update(ended_at=at)
    Session.objects.filter(pk__in=keys).delete()
    return ended


def end_this(request: HttpRequest, at: datetime) -> None:
    """Mark this request's own sign-in as ended."""
    if ROW in request.session:
        SignInSession.objects.filter(pk=request.session[ROW]).update(ended_at=at)


def expired_owner(session_key: str, at: datetime) -> tuple[UUID, Mapping[str, Any]] | None:
    """Whose expired session a cookie names and what it held; None for one that was ended or never was."""
    row = SignInSession.objects.filter(session_key=session_key, ended_at__isnull=True).first()
    if row is None:
        return None
    SignInSession.objects.filter(pk=row.pk).update(ended_at=at)
    stored = Session.objects.filter(pk=session_key).first()
    held: Mapping[str, Any] = SessionStore().decode(stored.session_data) if stored else {}
    Session.objects.filter(pk=session_key).delete()
    return row.account_id, held


def leave_for(session: SessionBase, account_id: UUID, held: Mapping[str, Any]) -> None:
    """Leave in the browser's new session, which shows none of it, what its owner gets back by signing in."""
    kept = {name: value for name, value in held.items() if name.startswith(_SHELVES) or name == MEMBERSHIP}
    session[WAS] = {"account": str(account_id), "kept": kept}


def left_for(session: SessionBase) -> UUID | None:
    """The account whose session ended in this browser by itself, while nobody else has signed in."""
    was = session.get(WAS)
    return UUID(was["account"]) if was else None
