"""Puts the frozen viewer on every request, and ends sessions in time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contactpoint.access import sessions
from contactpoint.access.accounts import SignedIn, note_use, signed_in
from contactpoint.access.audit import note_session_expired

LOCKED = "locked"
Next = Callable[[HttpRequest], HttpResponse]

NOBODY = SignedIn(viewer=None, standing=None, choices=())


class SessionLimits:
    """Ends a session ten hours after sign-in, after too long a rest, or when its owner ended it elsewhere."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whoever has to be; what they held waits for them alone."""
        now = timezone.now()
        if request.user.is_authenticated:
            self._check(request, now)
        elif key := request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            self._meet_expired(request, key, now)
        return self._get_response(request)

    def _check(self, request: HttpRequest, now: datetime) -> None:
        session, account_id = request.session, sessions.account_of(request)
        if not sessions.is_open(request, now):
            session.flush()
            request.user = AnonymousUser()
            return
        started = session.setdefault(sessions.STARTED, now.timestamp())
        rested = now.timestamp() - session.get(sessions.USED, now.timestamp())
        session[sessions.USED] = now.timestamp()
        too_long = now.timestamp() - started > settings.SESSION_ABSOLUTE_AGE
        if too_long or rested > sessions.idle_seconds(session):
            held = dict(session.items())
            sessions.end_this(request, now)
            session.flush()
            request.user = AnonymousUser()
            self._leave(request, account_id, held)

    def _meet_expired(self, request: HttpRequest, key: str, now: datetime) -> None:
        """The database's own clock ended it; the row that says whose it was is still there."""
        if request.session.session_key is None and (found := sessions.expired_owner(key, now)):
            self._leave(request, *found)

    def _leave(self, request: HttpRequest, account_id: UUID, held: Mapping[str, Any]) -> None:
        note_session_expired(account_id, request_id=request.request_id)  # type: ignore[attr-defined]
        sessions.leave_for(request.session, account_id, held)


class SetViewer:
    """Sets `request.signed_in`: the viewer, its standing and what else the account may act as."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Work out the viewer once; there is none where the account is closed or the screen locked."""
        request.signed_in = self._signed_in(request)  # type: ignore[attr-defined]
        request.viewer = request.signed_in.viewer  # type: ignore[attr-defined]
        return self._get_response(request)

    def _signed_in(self, request: HttpRequest) -> SignedIn:
        account: Any = request.user
        if not account.is_authenticated or not account.is_active or LOCKED in request.session:
            return NOBODY
        now = timezone.now()
        found = signed_in(
            account.pk,
            membership_id=request.session.get(sessions.MEMBERSHIP),
            request_id=request.request_id,  # type: ignore[attr-defined]
            on=timezone.localdate(now),
            by_organisation=request.session.get(sessions.BY_ORGANISATION),
        )
        if found.viewer and not found.viewer.lapses:
            note_use(account.pk, now)
        return found
