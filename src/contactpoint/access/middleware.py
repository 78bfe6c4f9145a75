"""Puts the frozen viewer on every request, and ends sessions in time."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contactpoint.access.accounts import SignedIn, note_use, signed_in

STARTED = "started_at"
MEMBERSHIP = "acting_as"
Next = Callable[[HttpRequest], HttpResponse]

NOBODY = SignedIn(viewer=None, standing=None, choices=())


class SessionLimits:
    """Ends a session ten hours after sign-in, whatever happens in it; SESSION_COOKIE_AGE ends idle ones."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whoever has been signed in for too long."""
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            started = request.session.setdefault(STARTED, now)
            if now - started > settings.SESSION_ABSOLUTE_AGE:
                logout(request)
        return self._get_response(request)


class SetViewer:
    """Sets `request.signed_in`: the viewer, its standing and what else the account may act as."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Work out the viewer once; nobody is signed in where the account is closed."""
        request.signed_in = self._signed_in(request)  # type: ignore[attr-defined]
        request.viewer = request.signed_in.viewer  # type: ignore[attr-defined]
        return self._get_response(request)

    def _signed_in(self, request: HttpRequest) -> SignedIn:
        account: Any = request.user
        if not account.is_authenticated or not account.is_active:
            return NOBODY
        now = timezone.now()
        found = signed_in(
            account.pk,
            membership_id=request.session.get(MEMBERSHIP),
            request_id=request.request_id,  # type: ignore[attr-defined]
            on=timezone.localdate(now),
        )
        if found.viewer and not found.viewer.lapses:
            note_use(account.pk, now)
        return found
