"""Signing in with one's organisation: which, off to it, and back."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from contactpoint.access.organisation import sign_in
from contactpoint.web.presenters.messages import SIGN_IN, Link, MessagePage
from contactpoint.web.render import render_message, render_page

REFUSED = MessagePage(
    title="Your organisation did not sign you in here",
    lines=(
        "We could not make sure that it was you, with a second step, or you were not invited here.",
        "Try again. If it does not work, ask your account manager whether you were invited, and how.",
    ),
    links=(Link(text="Choose your organisation again", href="/account/organisation/"), SIGN_IN),
)


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The organisations that sign their own people in."""
    return render_page(request, "organisation_sign_in", {"choices": sign_in.choices()})


@require_GET
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Off to the organisation. A form could not lead there: a browser is told that none may."""
    return redirect(sign_in.begin(request, code, again=False))


@require_GET
def answer(request: HttpRequest) -> HttpResponse:
    """Back from it."""
    then = sign_in.finish(request)
    if then is None:
        return render_message(request, REFUSED, status=HTTPStatus.FORBIDDEN)
    return redirect(then or "start")
