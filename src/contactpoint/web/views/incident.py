"""Security incident: what is shut, shutting it, and the second person's agreement (R55)."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access.again import proved_at
from contactpoint.actions.run import incident as actions
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.incident import IncidentDone, Scope
from contactpoint.web.forms.incident import ShutForm
from contactpoint.web.once import send_once, sent_number
from contactpoint.web.presenters.incident import done_words, incident_rows
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_incident_done"


@require_GET
def incident(request: HttpRequest) -> HttpResponse:
    """What is shut now, and what was."""
    by = viewer_of(request)
    found = actions.incidents(by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "incidents": incident_rows(found, by.account_id),
        "done": request.session.pop(_DONE, ""),
        "may_report": Permission.REPORT_BREACH in PERMISSIONS[by.role],
    }
    return render_page(request, "incident", page)


@require_http_methods(["GET", "POST"])
def shut_access(request: HttpRequest) -> HttpResponse:
    """Shut an organisation out or a feed; ask that everybody be shut out."""
    by, at = viewer_of(request), timezone.localtime()
    asked = actions.incidents(by=by, at=at)
    if isinstance(asked, Refusal):
        return refuse(request, refused_page(asked))
    form = ShutForm(request.POST) if request.method == "POST" else ShutForm()
    if request.method != "POST" or not form.is_valid():
        return render_page(request, "shut_access", {"form": form})
    said = form.cleaned_data
    return _once(
        request,
        "shut_access",
        said,
        lambda: actions.shut(
            scope=Scope(said["scope"]), code=said["code"], because=said["because"], by=by, at=at
        ),
    )


@require_POST
@proved_at("incident")
def agree_to_shut(request: HttpRequest) -> HttpResponse:
    """Agree, as the second person."""
    number, by, at = sent_number(request, "incident"), viewer_of(request), timezone.localtime()
    sent = {"incident": number}
    return _once(request, "agree_to_shut", sent, lambda: actions.agree(incident=number, by=by, at=at))


@require_POST
@proved_at("incident")
def open_access(request: HttpRequest) -> HttpResponse:
    """Open again, or ask for it."""
    number, by, at = sent_number(request, "incident"), viewer_of(request), timezone.localtime()
    sent = {"incident": number}
    return _once(request, "open_access", sent, lambda: actions.open_again(incident=number, by=by, at=at))


def _once(
    request: HttpRequest, action: str, sent: Mapping[str, object], act: Callable[[], IncidentDone | Refusal]
) -> HttpResponse:
    answer = send_once(request, action, sent, act, answered=IncidentDone)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done_words(answer.state)
    return redirect("incident")
