"""Keeping a child from one named person, and what that person tried since."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.once import once
from contactpoint.actions.protect import keep_from as act
from contactpoint.actions.protect.shield_desk import what_to_do
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.shield_desk import AttemptOutcome, AttemptsDecided, NowKeptFrom
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.web.forms.shields import AttemptsForm, KeepFromForm
from contactpoint.web.handles import case_of
from contactpoint.web.once import form_key
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.shields import attempt_rows, kept_from_words, now_kept_words
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.views.overrides import DONE
from contactpoint.web.views.shields import SHIELD, reason_for


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Say what will happen, ask which child, from whom and why, and do it at once."""
    by, at = viewer_of(request), timezone.localtime()
    form = KeepFromForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        waiting = what_to_do(by=by, at=at)  # whoever has no desk is told so before they type
        if isinstance(waiting, Refusal):
            return refuse(request, refused_page(waiting))
        return render_page(request, "keep_from", {"form": form})
    number, email = form.cleaned_data["number"], form.cleaned_data["email"]
    ground = Ground(form.cleaned_data["ground"])
    answer = once(
        lambda: act.keep_from(number=number, email=email, ground=ground, purpose=form.stated, by=by, at=at),
        key=form_key(request),
        action="keep_from",
        sent={"number": number, "email": email, "ground": ground.value},
        answered=NowKeptFrom,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[DONE] = now_kept_words(answer)
    return redirect("shields")


@require_http_methods(["GET", "POST"])
def tried(request: HttpRequest, handle: str) -> HttpResponse:
    """What they tried; the desk says what came of it."""
    number, reason = case_of(request.session, SHIELD, handle), reason_for(request, handle)
    if reason is None:
        return redirect("shield_why", handle=handle)
    by, at = viewer_of(request), timezone.localtime()
    form = AttemptsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        outcome = AttemptOutcome(form.cleaned_data["outcome"])
        answer = once(
            lambda: act.decide_attempts(shield=number, outcome=outcome, purpose=reason, by=by, at=at),
            key=form_key(request),
            action="decide_attempts",
            sent={"shield": number, "outcome": outcome.value},
            answered=AttemptsDecided,
            by=by,
            at=at,
        )
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        return redirect("shield_tried", handle=handle)
    found = act.what_they_tried(shield=number, purpose=reason, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "form": form,
        "handle": handle,
        "who": kept_from_words(found.kept_from),
        "attempts": attempt_rows(found),
        "open": any(one.outcome is None for one in found.found),
    }
    return render_page(request, "shield_tried", page)
