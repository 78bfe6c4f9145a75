"""The lists of organisations, sources and wards: try a file, see what a change changes, ask and agree."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.find.choices import authorities
from contactpoint.actions.run import reference as actions
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.reference_lists import COLUMNS, WARD_COLUMNS, WHOLE, ListAnswer, ListKind
from contactpoint.domain.two_people import Step
from contactpoint.web.forms.reference import KIND_CHOICES, AskForm, TryForm
from contactpoint.web.once import send_once
from contactpoint.web.presenters.reference import (
    change_rows,
    change_view,
    done_words,
    fault_rows,
    faults_title,
    report_csv,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.uploads import TOO_LARGE

_DONE: Final = "cp_reference_done"


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """What was changed in the lists, and what waits."""
    found = actions.reference_changes(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "changes": change_rows(found),
        **_downloads(),
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "reference", page)


@require_http_methods(["GET", "POST"])
def try_reference(request: HttpRequest) -> HttpResponse:
    """Take a file, and compare it with its list."""
    by, at = viewer_of(request), timezone.localtime()
    allowed = actions.reference_changes(by=by, at=at)
    if isinstance(allowed, Refusal):
        return refuse(request, refused_page(allowed))
    form = TryForm(request.POST, request.FILES) if request.method == "POST" else TryForm()
    page: dict[str, object] = {
        "form": form,
        "columns": COLUMNS,
        "ward_columns": WARD_COLUMNS,
        **_downloads(),
    }
    if request.method == "POST" and getattr(request, TOO_LARGE, False):
        form.add_error("file", "The file is too large. No list is so long")
    if form.is_valid():
        said = form.cleaned_data
        try:
            tried = actions.try_list(kind=ListKind(said["kind"]), data=said["file"], by=by, at=at)
        except InvalidInput as fault:
            form.add_error("file", str(fault))
        else:
            if isinstance(tried, Refusal):
                return refuse(request, refused_page(tried))
            if tried.number is not None:
                return redirect("reference_change", number=tried.number)
            if tried.faults:
                form.add_error("file", faults_title(tried.faults))
                page["faults"] = fault_rows(tried.faults)
            else:
                page["same"] = True
    return render_page(request, "reference_try", page)


@require_http_methods(["GET", "POST"])
def reference_change(request: HttpRequest, number: int) -> HttpResponse:
    """One change, and the next step of it."""
    by, at = viewer_of(request), timezone.localtime()
    sent = request.POST.get("step", "")
    asking = sent == Step.ASK.value
    form = AskForm(request.POST if asking else None)
    if request.method == "POST" and (not asking or form.is_valid()):
        if sent not in set(Step):
            raise NotFound(actions.NO_CHANGE)
        because = form.cleaned_data["because"] if asking else ""
        return _once(
            request,
            "step_reference",
            {"change": number, "step": sent, "because": because},
            lambda: actions.step_change(number=number, step=Step(sent), because=because, by=by, at=at),
        )
    found = actions.reference_change(number=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"change": change_view(found), "form": form, "done": request.session.pop(_DONE, "")}
    return render_page(request, "reference_change", page)


@require_POST
def put_back_reference(request: HttpRequest, number: int) -> HttpResponse:
    """Draw up what puts a change back."""
    by, at = viewer_of(request), timezone.localtime()
    return _once(
        request,
        "put_back_reference",
        {"change": number},
        lambda: actions.put_back(number=number, by=by, at=at),
    )


@require_GET
def reference_report(request: HttpRequest, number: int) -> HttpResponse:
    """Everything that a change changes, as a file."""
    found = actions.reference_change(number=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return _file(report_csv(found), f"change-{number}.csv")


@require_GET
def reference_list(request: HttpRequest, kind: str) -> HttpResponse:
    """A list as it is: the file that would change nothing, and the example to go by."""
    if kind not in WHOLE:
        raise NotFound("There is no such list. Go back to the lists.")
    authority = request.GET.get("authority", "")
    found = actions.take_list(
        kind=ListKind(kind), authority=authority, by=viewer_of(request), at=timezone.localtime()
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return _file(found, f"{kind}-list{f'-{authority}' if kind == ListKind.WARD else ''}.csv")


def _once(
    request: HttpRequest, action: str, sent: Mapping[str, object], act: Callable[[], ListAnswer | Refusal]
) -> HttpResponse:
    answer = send_once(request, action, sent, act, answered=ListAnswer)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done_words(answer)
    return redirect("reference_change", number=answer.number)


def _downloads() -> dict[str, object]:
    """The lists as they are; wards are had by authority: England has a million and a half postcodes."""
    whole = [(kind, words) for kind, words in KIND_CHOICES if ListKind(kind) is not ListKind.WARD]
    return {"kinds": whole, "authorities": authorities()}


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
