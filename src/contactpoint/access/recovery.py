"""Asking for a new second factor with the password alone, and setting it up with the manager's link (R4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from django.db import transaction
from django.http import HttpRequest

from contactpoint.access import sessions
from contactpoint.access.audit import note_own
from contactpoint.access.forms import NewFactorForm
from contactpoint.actions.account.recovery import link_digest
from contactpoint.domain.audit.events import Action
from contactpoint.domain.errors import NotFound
from contactpoint.storage import recovery
from contactpoint.storage.models.accounts import Account

LINK_GONE = (
    "This link has been used, has run out after 60 minutes, or was replaced by a newer one. "
    "Ask your manager for another."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfSignedIn:
    """Somebody whose password was right and whose second factor is still asked for."""

    account_id: UUID
    manager: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What the page of the link shows."""

    form: NewFactorForm
    secret: str
    picture: str


def half_signed_in(request: HttpRequest) -> HalfSignedIn | None:
    """Who stands between password and second factor; None for everybody else."""
    stage = get_pending_stage(request)
    if stage is None or stage.login.user is None:
        return None
    account_id = stage.login.user.pk
    manager = recovery.manager_of(account_id)
    return HalfSignedIn(account_id=account_id, manager=manager[1] if manager else None)


@transaction.atomic
def ask_manager(who: HalfSignedIn, at: datetime, *, request_id: str) -> None:
    """Put the request on the manager's page; asking again changes nothing but is recorded."""
    recovery.ask(who.account_id, at)
    note_own(Action.ASKED_FOR_RECOVERY, who.account_id, request_id=request_id)


def set_up(request: HttpRequest, link: str, at: datetime) -> SetUp:
    """The form of a link; raises NotFound for one that does not work (any more)."""
    account_id = recovery.account_of_link(link_digest(link), at)
    if account_id is None:
        raise NotFound(LINK_GONE)
    account = Account.objects.get(pk=account_id)
    form = NewFactorForm(user=account, data=request.POST if request.method == "POST" else None)
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(account, form.secret))
    return SetUp(form=form, secret=form.secret, picture=_data_uri(picture))


@transaction.atomic
def finish(request: HttpRequest, found: SetUp, link: str, at: datetime) -> tuple[str, ...]:
    """Put the new factor in the place of every old one, end every session, and return new recovery codes."""
    account_id = recovery.use_link(link_digest(link), at)
    if account_id is None:
        raise NotFound(LINK_GONE)
    account: Any = Account.objects.get(pk=account_id)
    Authenticator.objects.filter(user_id=account_id).delete()
    TOTP.activate(account, found.secret)
    clear_totp_secret(request)
    codes = RecoveryCodes.activate(account)
    shown = tuple(codes.get_unused_codes())
    codes.mark_as_viewed()
    ended = sessions.end_sessions(account_id, at)
    request_id = request.request_id  # type: ignore[attr-defined]
    note_own(Action.RECOVERED_ACCOUNT, account_id, request_id=request_id, details={"sessions_ended": ended})
    return shown


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;utf8," + quote(svg)
