"""How a feed is read: bring a mapping, see what a file comes to by it, ask and agree."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access.again import proved_at
from contactpoint.actions.run import mappings as actions
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import NotFound
from contactpoint.domain.source_mappings import MappingAnswer
from contactpoint.domain.two_people import Step
from contactpoint.supply.opening import size_words
from contactpoint.supply.places import UPLOADED, inbox_of
from contactpoint.web.forms.mappings import AskForm, TryForm
from contactpoint.web.once import send_once
from contactpoint.web.presenters.feeds import no_uploads_page
from contactpoint.web.presenters.mappings import (
    done_words,
    fault_rows,
    faults_title,
    history_view,
    version_view,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of
from contactpoint.web.uploads import TOO_LARGE, received

_DONE: Final = "cp_mapping_done"


@require_GET
def feed_mapping(request: HttpRequest, code: str) -> HttpResponse:
    """How a feed is read now, and every version."""
    found = actions.mapping_versions(code=code, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "feed_mapping", {"code": code, "history": history_view(found)})


@require_http_methods(["GET", "POST"])
def try_mapping(request: HttpRequest, code: str) -> HttpResponse:
    """Take a mapping, and a file to try it over."""
    if not settings.HOME:
        return render_message(request, no_uploads_page())
    allowed = actions.mapping_versions(code=code, by=viewer_of(request), at=timezone.localtime())
    if isinstance(allowed, Refusal):
        return refuse(request, refused_page(allowed))
    form, status = _form(request), HTTPStatus.OK
    page: dict[str, object] = {"form": form, "code": code}
    if getattr(request, TOO_LARGE, False):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        form.add_error(
            "file", f"A file is larger than {size_words(settings.DELIVERY_LIMIT)}. Send a part of it"
        )
    if form.is_valid():
        faults = actions.judge_mapping(code=code, data=form.cleaned_data["mapping"])
        if isinstance(faults, str):
            return _try(request, code, form.cleaned_data, page)
        form.add_error("mapping", faults_title(faults))
        page["faults"] = fault_rows(faults)
    page["columns"] = actions.contract_of_feed(code=code).columns
    return render_page(request, "mapping_try", page, status=status)


@require_http_methods(["GET", "POST"])
def mapping_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version, and the next step of it."""
    by, at = viewer_of(request), timezone.localtime()
    sent = request.POST.get("step", "")
    asking = sent == Step.ASK.value
    form = AskForm(request.POST if asking else None)
    if request.method == "POST" and (not asking or form.is_valid()):
        if sent not in set(Step):
            raise NotFound(actions.NO_VERSION)
        because = form.cleaned_data["because"] if asking else ""
        return _once(
            request,
            code,
            "step_mapping",
            {"version": number, "step": sent, "because": because},
            lambda: actions.step_mapping(
                code=code, version=number, step=Step(sent), because=because, by=by, at=at
            ),
        )
    found = actions.mapping_version(code=code, version=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "code": code,
        "one": version_view(found),
        "form": form,
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "mapping_version", page)


@require_GET
@proved_at("mapping_version")
def mapping_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version as the file that it was brought as."""
    found = actions.mapping_version(code=code, version=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    response = HttpResponse(found.text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{number}.toml"'
    return response


@require_POST
def put_back_mapping(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Draw up what was in force before."""
    by, at = viewer_of(request), timezone.localtime()
    return _once(
        request,
        code,
        "put_back_mapping",
        {"version": number},
        lambda: actions.put_back_mapping(code=code, version=number, by=by, at=at),
    )


def _form(request: HttpRequest) -> TryForm:
    if request.method == "GET":
        return TryForm()
    return TryForm(request.POST, request.FILES)


def _try(request: HttpRequest, code: str, said: Mapping[str, Any], page: dict[str, object]) -> HttpResponse:
    by, at = viewer_of(request), timezone.localtime()
    answer = send_once(
        request,
        "try_mapping",
        {"feed": code, "mapping": said["mapping"].hex(), "name": said["name"]},
        lambda: actions.try_mapping(
            code=code,
            data=said["mapping"],
            received=received(said["file"]) if said["file"] else None,
            inbox=inbox_of(settings.HOME) / UPLOADED,
            file_name=said["name"],
            by=by,
            at=at,
        ),
        answered=MappingAnswer,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    if answer == actions.SAME:
        page |= {"same": True, "columns": actions.contract_of_feed(code=code).columns}
        return render_page(request, "mapping_try", page)
    return redirect("mapping_version", code=code, number=answer.version)


def _once(
    request: HttpRequest,
    code: str,
    action: str,
    sent: Mapping[str, object],
    act: Callable[[], MappingAnswer | Refusal],
) -> HttpResponse:
    answer = send_once(request, action, {"feed": code, **sent}, act, answered=MappingAnswer)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done_words(answer)
    return redirect("mapping_version", code=code, number=answer.version)
