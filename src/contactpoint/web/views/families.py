"""A family asks what is held: recorded from the record's page, answered from the list of families who ask."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.access.again import proved_at
from contactpoint.actions.account import family_requests as families
from contactpoint.actions.account.family_report import family_report
from contactpoint.actions.account.family_requests import FamilyMoved, FamilyRecorded, FamilyRequestInFull
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import NotFound
from contactpoint.domain.family.asking import Asker, FamilyStep
from contactpoint.domain.family.telling import FamilyReport
from contactpoint.web.forms.family import DANGER, FamilyAskForm, FamilyStepForm, FamilyTellForm
from contactpoint.web.handles import GONE, KEPT_OWN, case_of, keep_case, record_of
from contactpoint.web.once import form_key
from contactpoint.web.presenters.family import (
    MOVED_WORDS,
    SLUGS,
    STEP_WORDS,
    choices_of,
    family_lines,
    family_view,
    passed_on_words,
    recorded_page,
    report_view,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, render_step, viewer_of

_REQUEST: Final = "family request"
_TOLD: Final = "cp_family_told"
_DONE: Final = "cp_family_done"


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, handle: str) -> HttpResponse:
    """Who asks, and how they showed that they may."""
    opened, by, at = record_of(request.session, handle), viewer_of(request), timezone.localtime()
    about: dict[str, Any] = {"number": opened.number, "purpose": opened.purpose, "by": by, "at": at}
    if request.method == "GET":
        refusal = families.may_be_recorded(**about)
        if refusal:
            return refuse(request, refused_page(refusal))
    form = FamilyAskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "family_ask", {"form": form, "handle": handle})
    answer = once(
        lambda: families.record_family_request(asking=form.asking, **about),
        key=form_key(request),
        action="record_family_request",
        sent={"record": handle, **form.cleaned_data},
        answered=FamilyRecorded,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, recorded_page(answer.due_on, elsewhere=answer.elsewhere))


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Everybody who waits for an answer, the soonest due first."""
    at = timezone.localtime()
    found = families.family_requests(by=viewer_of(request), at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    lines = family_lines(found, at.date(), lambda number: keep_case(request.session, _REQUEST, number))
    return render_page(request, "families", {"lines": lines, "done": request.session.pop(_DONE, "")})


@require_GET
def one(request: HttpRequest, handle: str) -> HttpResponse:
    """One request, and what may be done with it."""
    found = _open(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    view = family_view(found, timezone.localdate())
    return render_page(request, "family_request", {"family": view, "handle": handle})


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, handle: str, step: str) -> HttpResponse:
    """One step: what will happen is said first; the reason, where one is needed."""
    if step not in SLUGS:
        raise NotFound(GONE)
    number, taken = case_of(request.session, _REQUEST, handle), SLUGS[step]
    form = FamilyStepForm(taken, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        button, will = STEP_WORDS[taken]
        back = ("family_request", handle, "Back to the request")
        return render_step(request, form, button, will, back=back)
    return _moved(request, number, taken, form)


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, handle: str) -> HttpResponse:
    """What may be told to whom, before the report is made."""
    found = _open(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    asks_homes = found.asking.asker is not Asker.CHILD
    homes, carers = (choices_of(some) if asks_homes else [] for some in (found.homes, found.carers))
    form = FamilyTellForm(homes, carers, request.POST if request.method == "POST" else None)
    if found.protected:
        _keep_told(request, handle, {"homes": [], "carers": []})
        return redirect("family_report", handle=handle)
    if not form.is_valid():
        return render_page(request, "family_tell", {"form": form, "handle": handle})
    if form.cleaned_data["danger"] == DANGER:
        return redirect("family_step", handle=handle, step="pass-on")
    _keep_told(request, handle, form.told())
    return redirect("family_report", handle=handle)


@require_GET
def report(request: HttpRequest, handle: str) -> HttpResponse:
    """The report, to read and to print."""
    made = _report(request, handle)
    if not isinstance(made, FamilyReport):
        return refuse(request, refused_page(made)) if made else redirect("family_tell", handle=handle)
    view = report_view(made, by=viewer_of(request), on=timezone.localdate())
    return render_page(request, "family_report", {"report": view, "handle": handle})


@require_GET
@proved_at("family_report")
def report_file(request: HttpRequest, handle: str) -> HttpResponse:
    """The same report as a file that needs nothing else."""
    made = _report(request, handle)
    if not isinstance(made, FamilyReport):
        return refuse(request, refused_page(made)) if made else redirect("family_tell", handle=handle)
    view = report_view(made, by=viewer_of(request), on=timezone.localdate())
    page = render_to_string("web/family_report_file.html", {"report": view})
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="what-is-held.html"'
    return response


def _open(request: HttpRequest, handle: str) -> FamilyRequestInFull | Refusal:
    number = case_of(request.session, _REQUEST, handle)
    return families.open_family_request(request=number, by=viewer_of(request), at=timezone.localtime())


def _moved(request: HttpRequest, number: int, taken: FamilyStep, form: FamilyStepForm) -> HttpResponse:
    by, at, because = viewer_of(request), timezone.localtime(), form.reason()
    answer = once(
        lambda: families.move_family_request(request=number, step=taken, because=because, by=by, at=at),
        key=form_key(request),
        action="move_family_request",
        sent={"request": number, "step": taken.value, "because": because},
        answered=FamilyMoved,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = passed_on_words() if answer.elsewhere else MOVED_WORDS[answer.state]
    return redirect("families")


def _report(request: HttpRequest, handle: str) -> FamilyReport | Refusal | None:
    """Make it anew; None where it was not said yet what may be told."""
    number = case_of(request.session, _REQUEST, handle)
    told = request.session.get(_TOLD, {}).get(handle)
    if told is None:
        return None
    return family_report(
        request=number,
        homes=told["homes"],
        carers=told["carers"],
        by=viewer_of(request),
        at=timezone.localtime(),
    )


def _keep_told(request: HttpRequest, handle: str, told: dict[str, list[str]]) -> None:
    kept = {**request.session.get(_TOLD, {}), handle: told}
    request.session[_TOLD] = dict(list(kept.items())[-KEPT_OWN:])
