"""How many children the directory holds: a page and its files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.run.children import children_counted
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.downloads import csv_answer, pdf_answer
from contactpoint.web.presenters.children import children_rows, children_sheet
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """What was counted this month."""
    by = viewer_of(request)
    found = children_counted(by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "children_counted", {"sheet": children_sheet(found, by) if found else None})


@require_POST
def csv_file(request: HttpRequest) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    by, at = viewer_of(request), timezone.localtime()
    found = children_counted(exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return csv_answer(children_rows(found, by) if found else (), f"children-{at:%Y-%m}")


@require_POST
def pdf_file(request: HttpRequest) -> HttpResponse:
    """The same on paper; before anything is counted, the page, which says so."""
    by, at = viewer_of(request), timezone.localtime()
    found = children_counted(exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if found is None:
        return redirect("children_counted")
    return pdf_answer(children_sheet(found, by), f"children-{at:%Y-%m}", at.date())
