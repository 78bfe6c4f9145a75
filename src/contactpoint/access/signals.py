"""Writes to the audit log what the sign-in library tells us by signal."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from contactpoint.access import audit

ENROLLED = "enrolled_in_this_session"


def connect() -> None:
    """Listen, once."""
    password_changed.connect(_password_changed, dispatch_uid="contactpoint")
    authenticator_added.connect(_authenticator_added, dispatch_uid="contactpoint")
    authentication_failed.connect(_wrong_code, dispatch_uid="contactpoint")
    user_logged_out.connect(_signed_out, dispatch_uid="contactpoint")


def request_id(request: HttpRequest) -> str:
    """The random id that the request was given when it came in."""
    return str(getattr(request, "request_id", "none"))


def _password_changed(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    audit.note_password_changed(user.pk, request_id=request_id(request))


def _authenticator_added(*, request: HttpRequest, user: Any, authenticator: Any, **_more: Any) -> None:
    if authenticator.type == authenticator.Type.TOTP:
        audit.note_second_factor(user.pk, request_id=request_id(request))
        request.session[ENROLLED] = True


def _wrong_code(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    audit.note_wrong_code(user.pk, request_id=request_id(request))


def _signed_out(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    if user is not None:
        audit.note_sign_out(user.pk, request_id=request_id(request))
