"""Writes to the audit log what the sign-in library tells us by signal."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from contactpoint.access import audit, sessions
from contactpoint.access.accounts import second_factors
from contactpoint.domain.audit.events import Action

ENROLLED = "enrolled_in_this_session"


def connect() -> None:
    """Listen, once."""
    password_changed.connect(_password_changed, dispatch_uid="contactpoint")
    authenticator_added.connect(_authenticator_added, dispatch_uid="contactpoint")
    authenticator_reset.connect(_new_recovery_codes, dispatch_uid="contactpoint")
    authenticator_used.connect(_second_factor_used, dispatch_uid="contactpoint")
    authentication_failed.connect(_wrong_code, dispatch_uid="contactpoint")
    user_logged_out.connect(_signed_out, dispatch_uid="contactpoint")


def request_id(request: HttpRequest) -> str:
    """The random id that the request was given when it came in."""
    return str(getattr(request, "request_id", "none"))


def _password_changed(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    audit.note_password_changed(user.pk, request_id=request_id(request))
    sessions.end_sessions(user.pk, timezone.now(), but=request.session.get(sessions.ROW))


def _authenticator_added(*, request: HttpRequest, user: Any, authenticator: Any, **_more: Any) -> None:
    if authenticator.type == authenticator.Type.TOTP:
        audit.note_second_factor(user.pk, request_id=request_id(request))
        request.session[ENROLLED] = True
    elif authenticator.type == authenticator.Type.WEBAUTHN:
        audit.note_own(Action.ADDED_PASSKEY, user.pk, request_id=request_id(request))
        if len(second_factors(user.pk)) == 1:
            request.session[ENROLLED] = True  # joining with a passkey alone


def _new_recovery_codes(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    audit.note_own(Action.RENEWED_RECOVERY_CODES, user.pk, request_id=request_id(request))


def _second_factor_used(
    *, request: HttpRequest, user: Any, authenticator: Any, reauthenticated: bool = False, **_more: Any
) -> None:
    if reauthenticated:
        sessions.renew(request)
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        audit.note_own(Action.USED_RECOVERY_CODE, user.pk, request_id=request_id(request))


def _wrong_code(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    audit.note_wrong_code(user.pk, request_id=request_id(request))


def _signed_out(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    if user is not None:
        sessions.end_this(request, timezone.now())
        audit.note_sign_out(user.pk, request_id=request_id(request))
