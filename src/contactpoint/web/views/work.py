"""How the directory's own work goes: a page and its files."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.run.reports import Period
from contactpoint.actions.run.work import work_report
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.downloads import csv_answer, pdf_answer
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.reports import of_period
from contactpoint.web.presenters.work import work_rows, work_sheet
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.views.reports import period_of


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """What was done in so many weeks, and what waits now."""
    by, period = viewer_of(request), period_of(request.GET.get("weeks"))
    found = work_report(period=period, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "work_report", {"report": of_period(work_sheet(found, by), period)})


@require_POST
def csv_file(request: HttpRequest) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    by, at, period = viewer_of(request), timezone.localtime(), period_of(request.POST.get("weeks"))
    found = work_report(period=period, exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return csv_answer(work_rows(found, by), _name(at, period))


@require_POST
def pdf_file(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    by, at, period = viewer_of(request), timezone.localtime(), period_of(request.POST.get("weeks"))
    found = work_report(period=period, exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return pdf_answer(work_sheet(found, by), _name(at, period), at.date())


def _name(at: datetime, period: Period) -> str:
    return f"work-{int(period)}-weeks-to-{at:%Y-%m-%d}"
