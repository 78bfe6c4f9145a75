"""The roll-out: waves, their checklists and steps; and what shield desks say before one opens."""

from dataclasses import asdict
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.access.again import proved
from contactpoint.actions.once import answered_before, once
from contactpoint.actions.run import rollout
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.rollout import ShieldsHow, ShieldsNoted, WaveAnswer, WaveState, WaveStep
from contactpoint.web.forms.rollout import PlanForm, ShieldsForm, StepForm
from contactpoint.web.once import form_key
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.rollout import (
    BUTTONS,
    DONE_WORDS,
    SHIELDS_DONE,
    WILL,
    first_words,
    rollout_view,
    shields_words,
    wave_view,
)
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_rollout_done"


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every wave."""
    at = timezone.localtime()
    found = rollout.roll_out(by=viewer_of(request), at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"rollout": rollout_view(found, at.date()), "done": request.session.pop(_DONE, "")}
    return render_page(request, "rollout", page)


@require_GET
def wave(request: HttpRequest, number: int) -> HttpResponse:
    """One wave, and what each of its bodies has and lacks."""
    by, at = viewer_of(request), timezone.localtime()
    found = rollout.wave(number=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"wave": wave_view(found, at.date(), by.account_id), "done": request.session.pop(_DONE, "")}
    return render_page(request, "wave", page)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a wave."""
    by, at = viewer_of(request), timezone.localtime()
    found = rollout.roll_out(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    first = not found.is_on
    form = PlanForm(first=first, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            planned = form.plan()
            all_wait = form.cleaned_data.get("all_wait", False)
            answer = once(
                lambda: rollout.plan_wave(plan=planned, all_wait=all_wait, by=by, at=at),
                key=form_key(request),
                action="plan_wave",
                sent=asdict(planned),
                answered=WaveAnswer,
                by=by,
                at=at,
            )
        except InvalidInput as fault:
            form.add_error("bodies", str(fault))
        else:
            return _answered(request, answer)
    page = {"form": form, "first": first_words(found) if first else ""}
    return render_page(request, "plan_wave", page)


@require_http_methods(["GET", "POST"])
@proved
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Take a step of a wave, having read what it means."""
    by, at = viewer_of(request), timezone.localtime()
    if step not in set(WaveStep):
        raise NotFound(rollout.NO_WAVE)
    taken = WaveStep(step)
    # A wave whose plan was dropped is there no longer for the second press.
    before = answered_before(key=form_key(request), action="step_wave", answered=WaveAnswer, by=by)
    if before:
        return _answered(request, before)
    found = rollout.wave(number=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = StepForm(taken, data=request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {
            "form": form,
            "wave": wave_view(found, at.date(), by.account_id),
            "button": BUTTONS[taken],
            "will": WILL[taken],
        }
        return render_page(request, "wave_step", page)
    because = form.cleaned_data.get("because", "")
    answer = once(
        lambda: rollout.step_wave(number=number, step=taken, because=because, by=by, at=at),
        key=form_key(request),
        action="step_wave",
        sent={"wave": number, "step": taken.value, "because": because},
        answered=WaveAnswer,
        by=by,
        at=at,
    )
    return _answered(request, answer)


@require_http_methods(["GET", "POST"])
def shields_loaded(request: HttpRequest) -> HttpResponse:
    """A shield desk says whether the protections that there were stand here."""
    by, at = viewer_of(request), timezone.localtime()
    found = rollout.existing_shields(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = ShieldsForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"form": form, "said": shields_words(found), "done": request.session.pop(_DONE, "")}
        return render_page(request, "shields_loaded", page)
    how = ShieldsHow(form.cleaned_data["how"])
    answer = once(
        lambda: rollout.note_shields(how=how, by=by, at=at),
        key=form_key(request),
        action="note_shields",
        sent={"how": how.value},
        answered=ShieldsNoted,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = SHIELDS_DONE
    return redirect("shields_loaded")


def _answered(request: HttpRequest, answer: WaveAnswer | Refusal) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    state = WaveState(answer.state)
    request.session[_DONE] = DONE_WORDS[state]
    return redirect("rollout") if state is WaveState.DROPPED else redirect("wave", number=answer.number)
