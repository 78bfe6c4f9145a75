"""Your account: where you are signed in, your passkeys, codes and password."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access import passkeys, sessions
from contactpoint.access.accounts import second_factors
from contactpoint.access.audit import note_own, note_refused_sign_in
from contactpoint.access.sessions import account_of
from contactpoint.access.signals import request_id
from contactpoint.domain.audit.events import Action
from contactpoint.web.presenters.account import passkey_view, session_view
from contactpoint.web.presenters.messages import MessagePage
from contactpoint.web.render import render_message, render_page

ENDED_EVERYWHERE = MessagePage(
    title="You are signed out everywhere",
    lines=(
        "Every browser you were signed in with is signed out, this one too.",
        "If somebody else may know your password, sign in again and change it.",
    ),
)


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The page."""
    owner, now = account_of(request), timezone.now()
    here = request.session.get(sessions.ROW)
    context = {
        "sessions": [session_view(one) for one in sessions.open_sessions(owner, here=here, at=now)],
        "passkeys": [passkey_view(one) for one in passkeys.passkeys_of(owner)],
        "has_code": "totp" in second_factors(owner),
        "recovery_codes_left": passkeys.recovery_codes_left(owner),
        "idle_minutes": sessions.idle_seconds(request.session) // 60,
    }
    return render_page(request, "account", context)


@require_POST
def end_session(request: HttpRequest, session: UUID) -> HttpResponse:
    """Sign out one of one's own browsers."""
    if sessions.end_sessions(account_of(request), timezone.now(), only=session):
        note_own(Action.ENDED_SESSION, account_of(request), request_id=request_id(request))
    return redirect("account")


@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, at once."""
    owner = account_of(request)
    ended = sessions.end_sessions(owner, timezone.now())
    details = {"sessions_ended": ended}
    note_own(Action.ENDED_ALL_SESSIONS, owner, request_id=request_id(request), details=details)
    request.session.flush()
    request.viewer = None  # type: ignore[attr-defined]
    return render_message(request, ENDED_EVERYWHERE)


@require_http_methods(["GET", "POST"])
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def rename_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name."""
    owner = account_of(request)
    passkey = passkeys.passkey_of(owner, pk)
    sent = request.POST if request.method == "POST" else None
    form = passkeys.PasskeyNameForm(sent, initial={"name": passkey.name})
    if form.is_valid():
        passkeys.rename_passkey(owner, pk, form.cleaned_data["name"], request_id=request_id(request))
        return redirect("account")
    return render_page(request, "passkey_rename", {"form": form, "passkey": passkey_view(passkey)})


@require_http_methods(["GET", "POST"])
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remove; never the last second factor (R4)."""
    owner = account_of(request)
    passkey = passkeys.passkey_of(owner, pk)
    if request.method == "POST":
        passkeys.remove_passkey(owner, pk, request_id=request_id(request))
        return redirect("account")
    context = {"passkey": passkey_view(passkey), "is_last": passkeys.is_last_factor(owner)}
    return render_page(request, "passkey_remove", context)


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey alone. The page says what it needs and offers the other way."""

    template_name = "web/passkey_sign_in.html"

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The page, with what the browser has to ask its passkeys."""
        return self._page(request)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, saying why; the failed try counted."""
        del form
        note_refused_sign_in("", request_id=request_id(self.request))
        return self._page(self.request, refused=True)

    def _page(self, request: HttpRequest, *, refused: bool = False) -> HttpResponse:
        options = {"request_options": auth.begin_authentication(user=None)}
        return render_page(request, "passkey_sign_in", {"passkey": options, "refused": refused})


passkey_sign_in = PasskeySignIn.as_view()
