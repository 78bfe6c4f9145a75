"""The lock of a shared workstation: blank at once, opened again by its owner, or left to somebody else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from contactpoint.access.audit import note_own
from contactpoint.access.middleware import LOCKED
from contactpoint.access.second_factor import SecondFactorAgain
from contactpoint.access.sessions import BY_ORGANISATION, account_of
from contactpoint.access.signals import request_id
from contactpoint.domain.audit.events import Action
from contactpoint.web.drafts import keep_sent, own_path, way_back
from contactpoint.web.render import render_page, viewer_of


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock. The button sends the form of the page it stands on, so that what was typed is kept."""
    viewer = viewer_of(request)
    path = own_path(request.POST.get("lock_from", ""))
    keep_sent(request, account_of(request), why="locked", path=path)
    note_own(Action.LOCKED_SESSION, account_of(request), request_id=request_id(request))
    request.session[LOCKED] = {"name": viewer.name, "path": path}
    return redirect("locked")


@require_http_methods(["GET", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """Say who locked it, and take their code or passkey."""
    held = request.session.get(LOCKED)
    if held is None:
        return redirect("start")
    asked = SecondFactorAgain(request)
    if request.method == "POST" and asked.is_right():
        del request.session[LOCKED]
        note_own(Action.UNLOCKED_SESSION, account_of(request), request_id=request_id(request))
        return redirect(way_back(request) or held["path"])
    context = {
        "name": held["name"],
        "form": asked.form,
        "passkey": asked.passkey_options(),
        "organisation": request.session.get(BY_ORGANISATION, ""),
    }
    return render_page(request, "locked", context)
