"""Authorities whose shield desks second each other, for the national team (R31)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from contactpoint.access.again import proved_at
from contactpoint.actions.once import once
from contactpoint.actions.run import pairings as act
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import NotFound
from contactpoint.domain.pairings import PairingDone
from contactpoint.domain.two_people import Step
from contactpoint.web.forms.pairings import NOBODY, PairingForm
from contactpoint.web.handles import GONE
from contactpoint.web.once import form_key
from contactpoint.web.presenters.pairings import DONE_WORDS, asked_rows, desk_rows
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_pairings_done"
_ANSWERS: Final = {"agree": Step.AGREE, "refuse": Step.REFUSE, "drop": Step.DROP}


@require_http_methods(["GET", "POST"])
def pairings(request: HttpRequest) -> HttpResponse:
    """Every desk with its second, what waits, and asking for a pairing."""
    by, at = viewer_of(request), timezone.localtime()
    found = act.desks(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = PairingForm(found.desks, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {
            "form": form,
            "desks": desk_rows(found.desks),
            "asked": asked_rows(found.asked),
            "done": request.session.pop(_DONE, ""),
        }
        return render_page(request, "pairings", page)
    said = form.cleaned_data
    second = "" if said["second"] == NOBODY else said["second"]
    answer = once(
        lambda: act.ask_pairing(
            authority=said["authority"],
            second=second,
            both_ways=said["both_ways"],
            because=said["because"],
            by=by,
            at=at,
        ),
        key=form_key(request),
        action="ask_pairing",
        sent=said,
        answered=PairingDone,
        by=by,
        at=at,
    )
    return _answered(request, answer)


@require_POST
@proved_at(lambda _request, **_named: reverse("pairings"))
def answer_pairing(request: HttpRequest, number: int) -> HttpResponse:
    """Agree to one, refuse it, or drop one's own."""
    by, at = viewer_of(request), timezone.localtime()
    step = _ANSWERS.get(request.POST.get("what", ""))
    if step is None:
        raise NotFound(GONE)
    answer = once(
        lambda: act.answer_pairing(pairing=number, step=step, by=by, at=at),
        key=form_key(request),
        action="answer_pairing",
        sent={"pairing": number, "step": step.value},
        answered=PairingDone,
        by=by,
        at=at,
    )
    return _answered(request, answer)


def _answered(request: HttpRequest, answer: PairingDone | Refusal) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = DONE_WORDS[answer.what]
    return redirect("pairings")
