"""Find a child, and the results."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.account.family_requests import answers_families
from contactpoint.actions.contribute.make_record import makes_records
from contactpoint.actions.find.choices import authorities, may_mediate_for_others
from contactpoint.actions.find.search import search
from contactpoint.actions.find.trawling import SEARCH_SAY_AGAIN
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.errors import NotFound
from contactpoint.web.forms.find import FindForm
from contactpoint.web.forms.need import SearchNeedForm
from contactpoint.web.govuk.fields import BOXES
from contactpoint.web.handles import (
    GONE,
    OpenedRecord,
    keep_record,
    keep_said_again,
    keep_search,
    said_again_for,
    search_of,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.results import results_view
from contactpoint.web.render import refuse, render_page, viewer_of

_LONGEST_NUMBER = 40  # a session keeps it


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The form. What was typed goes into the session, so that no address ever holds it."""
    form = find_form(request, request.POST.dict() if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = {name: value for name, value in form.data.items() if name in _names(form) and value}
        return redirect("results", handle=keep_search(request.session, typed))
    may_mediate = may_mediate_for_others(viewer_of(request))
    return render_page(request, "find", {"form": form, "may_mediate": may_mediate})


@require_GET
def results(request: HttpRequest, handle: str) -> HttpResponse:
    """Search again and show what matches now: every look is a search of its own, and recorded as one."""
    form = find_form(request, search_of(request.session, handle))
    if not form.is_valid() or form.criteria is None:
        return render_page(request, "find", {"form": form})
    now = timezone.localtime()
    answer = search(
        criteria=form.criteria,
        purpose=form.stated,
        by=viewer_of(request),
        at=now,
        said_again=said_again_for(request.session, handle),
    )
    if answer is SEARCH_SAY_AGAIN:
        return render_page(request, "search_again", {"form": SearchNeedForm(), "handle": handle})
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    view = results_view(answer, now.date())
    page = {"results": view, "form": form, "handle": handle, "makes": makes_records(viewer_of(request))}
    return render_page(request, "results", page)


@require_POST
def search_again(request: HttpRequest, handle: str) -> HttpResponse:
    """Say why one goes on searching; the search is answered then."""
    search_of(request.session, handle)
    form = SearchNeedForm(request.POST)
    if not form.is_valid():
        return render_page(request, "search_again", {"form": form, "handle": handle})
    keep_said_again(request.session, handle, form.cleaned_data["need"])
    return redirect("results", handle=handle)


@require_POST
def open_result(request: HttpRequest, handle: str) -> HttpResponse:
    """Open one of the results under the reason stated for the search."""
    form = find_form(request, search_of(request.session, handle))
    number = request.POST.get("number", "")
    if not form.is_valid() or form.stated is None or not 0 < len(number) <= _LONGEST_NUMBER:
        raise NotFound(GONE)
    return redirect("record", handle=keep_record(request.session, _opened(number, form.stated, handle)))


def _opened(number: str, purpose: Purpose, search_handle: str) -> OpenedRecord:
    return OpenedRecord(
        number=number, purpose_code=purpose.code.value, purpose_text=purpose.text, search=search_handle
    )


def find_form(request: HttpRequest, data: dict[str, str] | None) -> FindForm:
    """The search form, with the reasons that this viewer may state."""
    answers = answers_families(viewer_of(request))
    return FindForm([(one.code, one.name) for one in authorities()], data, answers_families=answers)


def _names(form: FindForm) -> set[str]:
    return {*form.fields, *(f"date_of_birth-{box}" for box in BOXES)}
