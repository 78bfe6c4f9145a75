"""A young person's consent to stay until 25: record it, and take it back."""

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from contactpoint.actions.retain import staying as staying_actions
from contactpoint.actions.retain.staying import StayingDone
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.forms.staying import StayingForm
from contactpoint.web.handles import record_of
from contactpoint.web.once import send_once
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.words import day_words
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_staying_done"


@require_http_methods(["GET", "POST"])
def staying(request: HttpRequest, handle: str) -> HttpResponse:
    """How it stands; and that they agreed."""
    opened, by, at = record_of(request.session, handle), viewer_of(request), timezone.localtime()
    found = staying_actions.staying(number=opened.number, purpose=opened.purpose, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = StayingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        done = request.session.pop(_DONE, "")
        page = {"form": form, "handle": handle, "agreed": found.agreed, "until": day_words(found.until)}
        return render_page(request, "staying", {**page, "done": done})
    given_on: date = form.cleaned_data["given_on"]
    answer = send_once(
        request,
        "record_staying",
        {"record": handle, "given_on": given_on},
        lambda: staying_actions.record_staying(
            number=opened.number, given_on=given_on, purpose=opened.purpose, by=by, at=at
        ),
        answered=StayingDone,
    )
    return _done(request, handle, answer, "Recorded: they stay until 25. They can take it back at any time.")


@require_POST
def take_back(request: HttpRequest, handle: str) -> HttpResponse:
    """They take it back."""
    opened, by, at = record_of(request.session, handle), viewer_of(request), timezone.localtime()
    answer = send_once(
        request,
        "take_staying_back",
        {"record": handle},
        lambda: staying_actions.take_staying_back(number=opened.number, purpose=opened.purpose, by=by, at=at),
        answered=StayingDone,
    )
    return _done(request, handle, answer, "Recorded: they took it back. The record closes when they are 18.")


def _done(request: HttpRequest, handle: str, answer: StayingDone | Refusal, words: str) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = words
    return redirect("staying", handle=handle)
