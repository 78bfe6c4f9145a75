"""One organisation or source: add, change, close, open again; each a change of the lists, for two people."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.find.choices import authorities
from contactpoint.actions.run import bodies as actions
from contactpoint.actions.run.reference import Tried
from contactpoint.domain.bodies import BODY_FIELDS, SOURCE_FIELDS
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.reference_lists import ListAnswer, ListKind
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.web.forms.bodies import BodyForm, NewBodyForm, NewSourceForm, SourceForm, as_typed
from contactpoint.web.once import send_once
from contactpoint.web.presenters.reference import ONE_WORDS
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_SAME: Final = "It is so already. There is nothing to change."
_FormOf = BodyForm | SourceForm


@require_http_methods(["GET", "POST"])
def new_body(request: HttpRequest) -> HttpResponse:
    """Say what an organisation is that is not here yet."""
    by, at = viewer_of(request), timezone.localtime()
    if refusal := actions.may_say_bodies(by=by, at=at):
        return refuse(request, refused_page(refusal))
    form = NewBodyForm(_areas(), request.POST if request.method == "POST" else None)
    page: dict[str, object] = {"form": form, "new": True}
    if not form.is_valid():
        return render_page(request, "body", page)
    kind, code, cells = ListKind(form.cleaned_data["kind"]), form.cleaned_data["code"].strip(), form.cells()
    return _say(
        request,
        {"kind": kind.value, "code": code, **cells},
        lambda: actions.say_body(kind=kind, code=code, cells=cells, by=by, at=at),
        form,
        lambda: render_page(request, "body", page),
    )


@require_http_methods(["GET", "POST"])
def body(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is different about an organisation, that it is closed, or that it is open again."""
    by, at = viewer_of(request), timezone.localtime()
    found = actions.body(code=code, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    step = request.POST.get("step", "")
    sent = request.POST if request.method == "POST" and not step else None
    form = BodyForm(_areas(), sent, initial=as_typed(found.cells, BODY_FIELDS))
    page: dict[str, object] = {
        "form": form,
        "title": found.cells["name"],
        "what": f"{ONE_WORDS[found.kind]}, {code}",
        "closed": found.is_closed,
        "ends": found.kind is not ListKind.AUTHORITY,
    }

    def shown() -> HttpResponse:
        return render_page(request, "body", page)

    if step in {"close", "open"}:
        closed = step == "close"
        sent_step = {"code": code, "step": step}
        return _say(
            request,
            sent_step,
            lambda: actions.close_body(code=code, closed=closed, by=by, at=at),
            form,
            shown,
        )
    if not form.is_valid():
        return shown()
    cells = form.cells()
    return _say(
        request,
        {"code": code, **cells},
        lambda: actions.say_body(kind=None, code=code, cells=cells, by=by, at=at),
        form,
        shown,
    )


@require_http_methods(["GET", "POST"])
def new_source(request: HttpRequest) -> HttpResponse:
    """Register a source that is not here yet."""
    by, at = viewer_of(request), timezone.localtime()
    if refusal := actions.may_say_bodies(by=by, at=at):
        return refuse(request, refused_page(refusal))
    form = NewSourceForm(_areas(), request.POST if request.method == "POST" else None)
    page: dict[str, object] = {"form": form, "new": True}
    if not form.is_valid():
        return render_page(request, "source", page)
    code, cells = form.cleaned_data["code"].strip(), form.cells()
    return _say(
        request,
        {"code": code, **cells},
        lambda: actions.say_source(new=True, code=code, cells=cells, by=by, at=at),
        form,
        lambda: render_page(request, "source", page),
    )


@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is different about a source."""
    by, at = viewer_of(request), timezone.localtime()
    found = actions.source(code=code, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    sent = request.POST if request.method == "POST" else None
    form = SourceForm(_areas(), sent, initial=as_typed(found.cells, SOURCE_FIELDS))
    contract = found.cells["contract"]
    page: dict[str, object] = {
        "form": form,
        "title": found.cells["name"],
        "code": code,
        "what": CONTRACTS[contract].title,
    }
    if not form.is_valid():
        return render_page(request, "source", page)
    cells = form.cells(contract)
    return _say(
        request,
        {"code": code, **cells},
        lambda: actions.say_source(new=False, code=code, cells=cells, by=by, at=at),
        form,
        lambda: render_page(request, "source", page),
    )


def _say(
    request: HttpRequest,
    sent: Mapping[str, object],
    act: Callable[[], ListAnswer | Tried | Refusal],
    form: _FormOf,
    again: Callable[[], HttpResponse],
) -> HttpResponse:
    """Draw it up once, and go to where it is asked for; or show the form with what is wrong."""
    answer = send_once(request, "say_reference", sent, act, answered=ListAnswer)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    if isinstance(answer, ListAnswer):
        return redirect("reference_change", number=answer.number)
    if isinstance(answer, Tried) and answer.faults:
        form.show(answer.faults)
    else:
        form.add_error(None, _SAME)
    return again()


def _areas() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in authorities()]
