"""I am working with this child: say it, check it, done; and a second person's confirmation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement, waiting
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.choices import services_of
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.forms.contribute import Said, WorkingWithForm
from contactpoint.web.handles import OpenedRecord, record_of
from contactpoint.web.presenters.contribute import check_rows, confirmed_page, done_page, waiting_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of

_SAID = "cp_said"


@require_http_methods(["GET", "POST"])
def working_with(request: HttpRequest, handle: str) -> HttpResponse:
    """The form; what was typed waits in the session for the check."""
    record_of(request.session, handle)
    kept = request.session.get(_SAID, {}).get(handle)
    sent = request.method == "POST"
    form = _form(request, request.POST.dict() if sent else kept)
    if sent and form.is_valid():
        request.session[_SAID] = {**request.session.get(_SAID, {}), handle: form.data}
        return redirect("check", handle=handle)
    return render_page(request, "working_with", {"form": form, "handle": handle})


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, handle: str) -> HttpResponse:
    """Show it once more, then record it; a second press records nothing twice."""
    opened = record_of(request.session, handle)
    kept = request.session.get(_SAID, {}).get(handle)
    form = _form(request, kept)
    if kept is None or not form.is_valid():
        return redirect("working_with", handle=handle)
    said = form.said()
    if request.method == "GET":
        return render_page(request, "check", {"rows": check_rows(said), "handle": handle})
    answer = _record(request, opened, said)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    shelf: dict[str, Any] = request.session[_SAID]
    del shelf[handle]
    request.session[_SAID] = shelf
    request.session["cp_done"] = {handle: answer.confirming}
    return redirect("done", handle=handle)


@require_GET
def done(request: HttpRequest, handle: str) -> HttpResponse:
    """Say what happens now."""
    confirming = request.session.get("cp_done", {}).get(handle)
    if confirming is None:
        return redirect("working_with", handle=handle)
    return render_message(request, done_page(confirming, handle))


@require_GET
def waiting_list(request: HttpRequest) -> HttpResponse:
    """What colleagues recorded and I may confirm."""
    found = waiting(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "waiting", {"waiting": [waiting_view(one) for one in found]})


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm one."""
    chosen = request.POST.get("involvement", "")
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    answer = confirm_involvement(involvement_id=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, confirmed_page())


def _form(request: HttpRequest, data: dict[str, str] | None) -> WorkingWithForm:
    viewer = viewer_of(request)
    return WorkingWithForm(services_of(viewer), viewer, data)


def _record(request: HttpRequest, opened: OpenedRecord, said: Said) -> Any:
    return record_involvement(
        number=opened.number,
        service=said.service.code,
        role=said.role,
        phone=said.phone,
        start=said.start,
        lead_practitioner=said.lead_practitioner,
        assessment_held=said.assessment_held,
        consent=said.consent,
        consent_until=said.consent_until,
        by=viewer_of(request),
        at=timezone.localtime(),
    )
