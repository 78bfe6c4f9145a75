"""Pages on which one proves once more who one is: the second factor, within the last fifteen minutes (R4)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from contactpoint.access.accounts import second_factors
from contactpoint.access.organisation.sign_in import begin
from contactpoint.access.sessions import BY_ORGANISATION, PROVED, account_of

View = Callable[..., HttpResponse]


def proved(view: View) -> View:
    """Ask for the second factor first. Whom their organisation signed in proves themselves there again."""
    asked: View = reauthentication_required(app="allauth.mfa")(view)

    @wraps(view)
    def guarded(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        code = request.session.get(BY_ORGANISATION)
        if code is None or second_factors(account_of(request)):
            return asked(request, *given, **named)
        if time.time() - request.session.get(PROVED, 0) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return view(request, *given, **named)
        return redirect(begin(request, code, again=True, then=request.path))

    return guarded
