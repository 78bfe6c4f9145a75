"""Passkeys: adding, listing, renaming, removing; and when one alone is enough to sign in (R4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.db import transaction

from contactpoint.access.accounts import second_factors
from contactpoint.access.audit import note_own
from contactpoint.domain.audit.events import Action
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.storage.models.accounts import Account

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One passkey of an account."""

    passkey_id: int
    name: str
    added_at: datetime
    used_at: datetime | None


class PasskeyNameForm(forms.Form):
    """What its owner calls a passkey."""

    name = forms.CharField(
        label="Name of this passkey",
        help_text="Like “work laptop” or “blue key”, so that you know which to remove when you lose one",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter a name for this passkey",
            "max_length": "The name must be 60 characters or fewer",
        },
    )


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name, and what the browser answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)  # whether it may stand alone is seen at each sign-in
        name = self.fields["name"]
        name.label, name.max_length = "Name of this passkey", LONGEST_NAME
        name.help_text = PasskeyNameForm.base_fields["name"].help_text

    @property
    def is_first(self) -> bool:
        """Whether its owner is joining: there is no second factor yet, and nothing to go back to."""
        return not second_factors(self.user.pk)

    def clean_name(self) -> str:
        """A name that is too long is cut, because the passkey is made already."""
        return str(super().clean_name())[:LONGEST_NAME]


class PasskeyAloneForm(LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with nothing but a passkey: only where it also checked a fingerprint, face or PIN."""

    def clean_credential(self) -> Authenticator:
        """Both factors in one: the key, and what only its owner knows or is (R4)."""
        found = super().clean_credential()
        answered = auth.parse_authentication_response(self.cleaned_data["credential"])
        if not answered.response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return found


def passkeys_of(account_id: UUID) -> tuple[Passkey, ...]:
    """The passkeys of an account, oldest first."""
    return tuple(_passkey(row) for row in _rows(account_id).order_by("created_at", "pk"))


def passkey_of(account_id: UUID, passkey_id: int) -> Passkey:
    """One of them; raises NotFound for any other account's."""
    return _passkey(_row(account_id, passkey_id))


@transaction.atomic
def rename_passkey(account_id: UUID, passkey_id: int, name: str, *, request_id: str) -> None:
    """Give it another name; raises NotFound."""
    row = _row(account_id, passkey_id)
    row.data = {**row.data, "name": name}
    row.save(update_fields=["data"])
    note_own(Action.RENAMED_PASSKEY, account_id, request_id=request_id)


@transaction.atomic
def remove_passkey(account_id: UUID, passkey_id: int, *, request_id: str) -> None:
    """Remove it.

    Raises:
        NotFound: it is none of this account's.
        Conflict: it is the last second factor, without which nobody may sign in (R4).
    """
    Account.objects.select_for_update().get(pk=account_id)  # two removals at once would leave none
    row = _row(account_id, passkey_id)
    if len(second_factors(account_id)) < 2:
        raise Conflict("This is your only second factor. Set up a one-time code or another passkey first.")
    row.delete()
    note_own(Action.REMOVED_PASSKEY, account_id, request_id=request_id)


def is_last_factor(account_id: UUID) -> bool:
    """Whether the account has one second factor only."""
    return len(second_factors(account_id)) < 2


def recovery_codes_left(account_id: UUID) -> int:
    """How many recovery codes have not been used."""
    row = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0


def _rows(account_id: UUID) -> Any:
    return Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.WEBAUTHN)


def _row(account_id: UUID, passkey_id: int) -> Any:
    row = _rows(account_id).filter(pk=passkey_id).first()
    if row is None:
        raise NotFound("That passkey is not in your account.")
    return row


def _passkey(row: Any) -> Passkey:
    return Passkey(
        passkey_id=row.pk, name=row.data["name"], added_at=row.created_at, used_at=row.last_used_at
    )
