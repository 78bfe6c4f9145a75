"""Asking for the second factor once more, in the very form that it allows: unlocking, helping a colleague."""

from typing import Any

from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.http import HttpRequest

from contactpoint.access.accounts import second_factors
from contactpoint.access.forms import CodeOnceMoreForm
from contactpoint.access.sessions import account_of, renew


class SecondFactorAgain:
    """A code or a passkey of whoever is signed in. The library's forms count and record wrong tries."""

    def __init__(self, request: HttpRequest) -> None:
        """Read what was sent, if anything was."""
        self._request = request
        sent = request.POST if request.method == "POST" else None
        with_passkey = sent is not None and bool(sent.get("credential"))
        user = request.user
        self.form = CodeOnceMoreForm(user=user, data=None if with_passkey else sent)
        self._passkey = AuthenticateWebAuthnForm(user=user, data=sent) if with_passkey else None

    def is_right(self) -> bool:
        """Whether the right code or passkey was sent; afterwards `form` carries the error, if any."""
        if self._passkey is None:
            if not self.form.is_valid():
                return False
            self.form.authenticator.record_usage()
            renew(self._request)
            return True
        if self._passkey.is_valid():
            self._passkey.cleaned_data["credential"].record_usage()
            renew(self._request)
            return True
        self.form.passkey_refused()
        return False

    def passkey_options(self) -> dict[str, Any] | None:
        """What the browser needs to ask for a passkey; None for somebody who has none."""
        if "webauthn" not in second_factors(account_of(self._request)):
            return None
        return {"request_options": auth.begin_authentication(self._request.user)}
