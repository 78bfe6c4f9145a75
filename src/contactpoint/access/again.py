"""Pages on which one proves once more who one is: the second factor, within the last fifteen minutes (R4)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from contactpoint.access.accounts import second_factors
from contactpoint.access.organisation.sign_in import begin
from contactpoint.access.sessions import BY_ORGANISATION, PROVED, account_of

View = Callable[..., HttpResponseBase]
_FACTOR: Final = "allauth.mfa"
_WAITS: Final = "button_waits_at"


def proved(view: View) -> View:
    """Ask for the second factor first. Whom their organisation signed in proves themselves there again."""
    asked: View = reauthentication_required(app=_FACTOR)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
        code = _signed_in_by(request)
        if code is None:
            return asked(request, *given, **named)
        if _has_proved(request):
            return view(request, *given, **named)
        return redirect(begin(request, code, again=True, then=request.path))

    return guarded


def proved_at(page: str | Callable[..., str]) -> Callable[[View], View]:
    """The same for what a button does or downloads: afterwards one is back where it stands, to press it.

    A file that answered the code would leave one at the page of the code. `page` is the name of the page
    with the button, which takes what the view takes, or returns its address. To look at it asks nothing.
    """

    def with_view(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
            back = reverse(page, kwargs=named) if isinstance(page, str) else page(request, **named)
            if _has_proved(request) or (request.method == "GET" and request.path == back):
                return view(request, *given, **named)
            request.session[_WAITS] = back.partition("?")[0]
            code = _signed_in_by(request)
            if code is not None:
                return redirect(begin(request, code, again=True, then=back))
            methods = get_adapter().get_reauthentication_methods(request.user)
            return redirect(f"{methods[0]['url']}?{urlencode({'next': back})}")

        return guarded

    return with_view


def button_waits(request: HttpRequest) -> bool:
    """Whether somebody comes back, having proved who they are, to a button that they pressed; said once."""
    if request.session.get(_WAITS) != request.path or not _has_proved(request):
        return False
    del request.session[_WAITS]
    return True


def _signed_in_by(request: HttpRequest) -> str | None:
    """The organisation where somebody proves themselves, who has no second factor here."""
    code: str | None = request.session.get(BY_ORGANISATION)
    return code if code is not None and not second_factors(account_of(request)) else None


def _has_proved(request: HttpRequest) -> bool:
    if _signed_in_by(request) is None:
        return not is_reauthentication_required(request, app=_FACTOR)
    since: float = time.time() - request.session.get(PROVED, 0)
    return since < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
