"""Checkpoints: what an organisation's auditor was handed, asking for the newest, and taking it away (R54)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.access.again import proved_at
from contactpoint.actions.account import checkpoints as actions
from contactpoint.actions.account.checkpoints import CheckpointAsked
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.once import form_key, sent_number
from contactpoint.web.presenters.checkpoints import asked_words, checkpoint_rows, elsewhere_rows
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_checkpoint_asked"


@require_GET
def checkpoints(request: HttpRequest) -> HttpResponse:
    """What was handed over, newest first."""
    at = timezone.localtime()
    found = actions.checkpoints(by=viewer_of(request), at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "rows": checkpoint_rows(found.own),
        "elsewhere": elsewhere_rows(found.elsewhere, at),
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "checkpoints", page)


@require_POST
def ask_checkpoint(request: HttpRequest) -> HttpResponse:
    """Ask for the newest."""
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        lambda: actions.ask_for_checkpoint(by=by, at=at),
        key=form_key(request),
        action="ask_checkpoint",
        sent={},
        answered=CheckpointAsked,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = asked_words(anew=answer.anew)
    return redirect("checkpoints")


@require_POST
@proved_at("checkpoints")
def take_checkpoint(request: HttpRequest) -> HttpResponse:
    """One of them as a file."""
    number = sent_number(request, "handover")
    bundle = actions.take_checkpoint(handover=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(bundle, Refusal):
        return refuse(request, refused_page(bundle))
    return HttpResponse(
        bundle.to_json(),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="contactpoint-checkpoint.json"'},
    )
