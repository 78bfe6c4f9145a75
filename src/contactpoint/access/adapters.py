"""What the sign-in library asks us: who may sign up (nobody), what messages say, how secrets are kept."""

import time
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from contactpoint.access import sessions
from contactpoint.access.accounts import second_factors
from contactpoint.access.audit import note_closed_account, note_refused_sign_in, note_sign_in
from contactpoint.access.ciphers import CODES, cipher
from contactpoint.access.given_passwords import CHOOSE, has_run_out
from contactpoint.access.sessions import STARTED
from contactpoint.access.signals import ENROLLED, request_id

_NOT_RIGHT = (
    "Check your e-mail address and password and enter them again. After five wrong tries you have to wait "
    "five minutes."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by an organisation, never taken; every sign-in and every refused one is recorded."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        # One sentence for every cause, so that it does not tell which addresses have an account.
        "email_password_mismatch": _NOT_RIGHT,
        "invalid_login": _NOT_RIGHT,
        "account_inactive": _NOT_RIGHT,
        "too_many_login_attempts": (
            "This account is locked for five minutes because of too many wrong tries. Wait, then try again. "
            "If you have forgotten your password, ask the account manager of your organisation."
        ),
        "incorrect_password": "That is not your password. Enter it again.",
        "enter_current_password": "That is not your password now. Enter it again.",
        "incorrect_code": "Enter the six figures that your app shows now. Codes change every 30 seconds.",
        "rate_limited": "Too many wrong codes. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: an account comes from an authority or a national partner (R1)."""
        del request
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Record the sign-in before anything is shown."""
        given = get_authentication_records(request, user)
        factors = [str(one.get("type") or one["method"]) for one in given]
        note_sign_in(user.pk, request_id=request_id(request), factors=factors)
        if user.password_given_at is not None and "password" in factors:
            request.session[CHOOSE] = True
        sessions.begin(request, timezone.now())
        return super().post_login(request, user, **kwargs)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Let a password for one use in for a day; afterwards it is a wrong one, and told as such."""
        user: Any = super().authenticate(request, **credentials)
        if user is not None and has_run_out(user, timezone.now()):
            self.authentication_failed(request, **credentials)
            return None
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record the refused sign-in; what was typed is not kept unless it names an account."""
        super().authentication_failed(request, **credentials)
        note_refused_sign_in(str(credentials.get("email", "")), request_id=request_id(request))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> Any:
        """Record that a closed account was tried with its right password, and say that it is closed."""
        note_closed_account(user.pk, request_id=request_id(request))
        return super().respond_user_inactive(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask no second time of somebody who sets up their first second factor right after their password."""
        request = context.request
        recent = time.time() - request.session.get(STARTED, 0) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        first_time = ENROLLED in request.session or not second_factors(request.user.pk)
        if recent and first_time:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask again for the second factor where there is one: the password alone may have been seen."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"] != "reauthenticate"] or methods

    def set_password(self, user: Any, password: str) -> None:
        """Write the password, its owner's own now, and nothing else: the pages may change little more."""
        user.set_password(password)
        user.password_given_at = None
        user.save(update_fields=["password", "password_given_at"])
        if context.request is not None:
            context.request.session.pop(CHOOSE, None)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing beside the page itself: "Successfully signed in as ..." helps nobody."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of one-time codes encrypted, and never lets them be turned off."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return cipher(CODES).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret back."""
        return cipher(CODES).decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library's name
        """The name of a passkey that was given none."""
        del type
        return f"Passkey {second_factors(user.pk).count('webauthn') + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks for a passkey: this service, at the one address it is served at."""
        return {"id": urlsplit(settings.ORIGIN).hostname or "localhost", "name": "ContactPoint"}

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """A second factor is required of everybody (R4), so nobody turns it off alone."""
        del authenticator
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: this service sends no e-mail."""
