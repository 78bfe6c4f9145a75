"""The matching model: what is in force, proposing another, its report, agreeing as the second person."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.access.again import proved
from contactpoint.actions.run import models as actions
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.matching_models import ModelDone
from contactpoint.domain.two_people import Step
from contactpoint.web.forms.models import BackForm, ProposeForm
from contactpoint.web.once import send_once
from contactpoint.web.presenters.models import done_words, in_force_facts, version_rows, version_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.uploads import TOO_LARGE

_DONE: Final = "cp_model_done"
_BOTH: Final = require_http_methods(["GET", "POST"])


@require_GET
def model(request: HttpRequest) -> HttpResponse:
    """What is in force, what is proposed, and what was."""
    found = actions.models_kept(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "facts": in_force_facts(found.name, found.sha256, found.in_force),
        "puts_back": found.in_force is not None,
        "versions": version_rows(found.versions),
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "model", page)


@_BOTH
@proved
def propose_model(request: HttpRequest) -> HttpResponse:
    """Take a model file and why; nothing changes by it."""
    refused = _refused(request)
    if refused is not None:
        return refused
    form = ProposeForm(request.POST, request.FILES) if request.method == "POST" else ProposeForm()
    if request.method == "POST" and getattr(request, TOO_LARGE, False):
        form.add_error("file", "The file is too large. No model is so long")
    if form.is_valid():
        said, by, at = form.cleaned_data, viewer_of(request), timezone.localtime()
        try:
            return _once(
                request,
                "propose_model",
                {"because": said["because"], "file": actions.fingerprint(said["file"])},
                lambda: actions.propose_model(data=said["file"], because=said["because"], by=by, at=at),
            )
        except InvalidInput as fault:
            form.add_error("file", str(fault))
    return render_page(request, "model_propose", {"form": form})


@_BOTH
@proved
def model_back(request: HttpRequest) -> HttpResponse:
    """Propose the model that was in force before."""
    refused = _refused(request)
    if refused is not None:
        return refused
    form = BackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said, by, at = form.cleaned_data, viewer_of(request), timezone.localtime()
        return _once(
            request,
            "put_back_model",
            said,
            lambda: actions.put_back(because=said["because"], by=by, at=at),
        )
    return render_page(request, "model_back", {"form": form})


@require_GET
def model_version(request: HttpRequest, number: int) -> HttpResponse:
    """One version and its report."""
    found = actions.model_version(number=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"version": version_view(found), "done": request.session.pop(_DONE, "")}
    return render_page(request, "model_version", page)


@_BOTH
@proved
def answer_model(request: HttpRequest, number: int) -> HttpResponse:
    """Agree as the second person, refuse, or drop one's own."""
    by, at = viewer_of(request), timezone.localtime()
    if request.method == "POST":
        sent = request.POST.get("step", "")
        if sent not in set(Step):
            raise NotFound(actions.NO_VERSION)
        return _once(
            request,
            "step_model",
            {"model": number, "step": sent},
            lambda: actions.step_model(number=number, step=Step(sent), by=by, at=at),
        )
    found = actions.model_version(number=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "model_answer", {"version": version_view(found)})


def _refused(request: HttpRequest) -> HttpResponse | None:
    found = actions.models_kept(by=viewer_of(request), at=timezone.localtime())
    return refuse(request, refused_page(found)) if isinstance(found, Refusal) else None


def _once(
    request: HttpRequest, action: str, sent: Mapping[str, object], act: Callable[[], ModelDone | Refusal]
) -> HttpResponse:
    answer = send_once(request, action, sent, act, answered=ModelDone)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done_words(answer)
    return redirect("model_version", number=answer.number)
