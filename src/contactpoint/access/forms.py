"""The sign-in library's forms in our words; what they check stays the library's."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as LibraryChangePasswordForm
from allauth.account.forms import LoginForm as LibraryLoginForm
from allauth.account.forms import ReauthenticateForm as LibraryPasswordAgainForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.forms.utils import ErrorDict

from contactpoint.access.accounts import second_factors
from contactpoint.access.given_passwords import CHOOSE

_NO_RECOVERY = "Enter one of your recovery codes that you have not used yet."
_CODE_HELP = "Six figures from your authenticator app, like 123 456"


def _say(form: forms.BaseForm, name: str, *, label: str, missing: str, hint: str = "") -> forms.Field:
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = missing
    return field


def _as_code(form: forms.BaseForm, *, hint: str = _CODE_HELP) -> None:
    field = _say(form, "code", label="One-time code", missing="Enter your one-time code", hint=hint)
    field.widget.attrs = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "class": "govuk-input--width-10",
    }


class _SpacedCode:
    """Lets people type a code as they read it: in two groups."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        data = kwargs.get("data")
        if data is not None and "code" in data:
            kwargs["data"] = {**data.dict(), "code": "".join(str(data["code"]).split())}
        super().__init__(*args, **kwargs)
        _as_code(self)  # type: ignore[arg-type]


class LoginForm(LibraryLoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = _say(self, "login", label="E-mail address", missing="Enter your e-mail address")
        login.error_messages["invalid"] = "Enter your e-mail address like name@example.org"
        login.widget.attrs = {"autocomplete": "username", "inputmode": "email"}
        _say(self, "password", label="Password", missing="Enter your password")


class PasswordAgainForm(LibraryPasswordAgainForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", label="Password", missing="Enter your password")


class ChangePasswordForm(LibraryChangePasswordForm):  # type: ignore[misc]
    """The password now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_one_use = context.request is not None and CHOOSE in context.request.session
        _say(self, "oldpassword", label="Your password now", missing="Enter your password now")
        _say(
            self,
            "password1",
            label="New password",
            missing="Enter a new password",
            hint="At least 12 characters. Three words you can remember are good.",
        )
        _say(self, "password2", label="New password again", missing="Enter the new password again")

    def clean_password1(self) -> str:
        """Another one: a password that somebody else gave must not stay."""
        password = str(self.cleaned_data["password1"])
        if password == self.cleaned_data.get("oldpassword"):
            raise forms.ValidationError("Choose another password than the one you have now.")
        return password


class _CodeOrRecovery(_SpacedCode):
    """A one-time code; of somebody who has passkeys alone, one of their recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_code = "totp" in second_factors(self.user.pk)  # type: ignore[attr-defined]
        if not self.has_code:
            form: forms.BaseForm = self  # type: ignore[assignment]
            hint = "One of those you were shown when you set up your passkey. Each works once."
            field = _say(form, "code", label="Recovery code", missing="Enter a recovery code", hint=hint)
            field.widget.attrs = {"autocomplete": "off", "class": "govuk-input--width-10"}

    def clean_code(self) -> str:
        """Say what is wrong of what they have."""
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except forms.ValidationError as error:
            if self.has_code or error.code != "incorrect_code":
                raise
            raise forms.ValidationError(_NO_RECOVERY, code=error.code) from error


class CodeForm(_CodeOrRecovery, AuthenticateForm):  # type: ignore[misc]
    """The one-time code at sign-in."""


class CodeAgainForm(_CodeOrRecovery, ReauthenticateForm):  # type: ignore[misc]
    """The one-time code once more."""


class CodeOnceMoreForm(_CodeOrRecovery, BaseAuthenticateForm):  # type: ignore[misc]
    """The one-time code of somebody who is signed in already, beside a passkey."""

    def passkey_refused(self) -> None:
        """Say that the passkey was not accepted, where the code can be typed instead."""
        self.is_bound = True
        self.cleaned_data: dict[str, Any] = {}
        self._errors = ErrorDict()
        other = "a one-time code" if self.has_code else "a recovery code"
        self.add_error("code", f"That passkey was not accepted. Try again, or enter {other}.")


class ActivateCodeForm(_SpacedCode, ActivateTOTPForm):  # type: ignore[misc]
    """The first code that the app shows."""


class NewFactorForm(ActivateCodeForm):
    """The password, and the first code of a new telephone: what a manager's link asks for."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )
    field_order = ("password", "code")

    def clean_password(self) -> str:
        """The link alone opens nothing: whoever found it would need the password too."""
        password = str(self.cleaned_data["password"])
        found = get_adapter().authenticate(context.request, email=self.user.email, password=password)
        if found is None or found.pk != self.user.pk:
            raise get_adapter().validation_error("incorrect_password")
        return password
