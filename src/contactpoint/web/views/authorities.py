"""Splits and mergers of authorities: plan one, see what it concerns, agree as a second person, undo it."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.access.again import proved_at
from contactpoint.actions.run import authority_changes as actions
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.reorganising import ChangeAnswer, ChangeStep
from contactpoint.web.forms.authorities import PlanForm
from contactpoint.web.once import send_once
from contactpoint.web.presenters.authorities import (
    authority_rows,
    authority_view,
    done_words,
    preview_facts,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_authority_done"


@require_GET
def authorities(request: HttpRequest) -> HttpResponse:
    """Every split and merger that was planned."""
    found = actions.authority_changes(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "authorities", {"changes": authority_rows(found)})


@require_http_methods(["GET", "POST"])
def plan_authority(request: HttpRequest) -> HttpResponse:
    """Plan one: first see what it concerns, then ask a colleague to agree."""
    by, at = viewer_of(request), timezone.localtime()
    allowed = actions.authority_changes(by=by, at=at)
    if isinstance(allowed, Refusal):
        return refuse(request, refused_page(allowed))
    form = PlanForm(request.POST if request.method == "POST" else None)
    page: dict[str, object] = {"form": form, "preview": (), "said": ()}
    if form.is_valid():
        said = {name: str(text) for name, text in form.cleaned_data.items()}
        because = said.pop("because")
        try:
            plan = actions.plan_of(**said)
            if "sure" in request.POST:
                return _once(
                    request,
                    "plan_authority",
                    {**said, "because": because},
                    lambda: actions.ask_for_change(plan=plan, because=because, by=by, at=at),
                )
            means = actions.preview_change(plan=plan, by=by, at=at)
        except InvalidInput as fault:
            form.add_error("listed" if said["listed"] else "authority", str(fault))
        else:
            if isinstance(means, Refusal):
                return refuse(request, refused_page(means))
            page |= {"preview": preview_facts(means), "said": (*said.items(), ("because", because))}
    return render_page(request, "plan_authority", page)


@require_http_methods(["GET", "POST"])
@proved_at("authority_change")
def authority_change(request: HttpRequest, number: int) -> HttpResponse:
    """One change, and the next step of it."""
    by, at = viewer_of(request), timezone.localtime()
    if request.method == "POST":
        sent = request.POST.get("step", "")
        if sent not in set(ChangeStep):
            raise NotFound(actions.NO_CHANGE)
        return _once(
            request,
            "step_authority_change",
            {"change": number, "step": sent},
            lambda: actions.step_authority_change(number=number, step=ChangeStep(sent), by=by, at=at),
        )
    found = actions.authority_change(number=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"change": authority_view(found), "done": request.session.pop(_DONE, "")}
    return render_page(request, "authority_change", page)


def _once(
    request: HttpRequest, action: str, sent: Mapping[str, object], act: Callable[[], ChangeAnswer | Refusal]
) -> HttpResponse:
    answer = send_once(request, action, sent, act, answered=ChangeAnswer)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done_words(answer)
    return redirect("authority_change", number=answer.number)
