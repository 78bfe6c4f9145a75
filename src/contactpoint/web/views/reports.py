"""How the directory is used: a page and its files."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.run.reports import Period, use_report
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.downloads import csv_answer, pdf_answer
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.reports import of_period, report_rows, report_sheet
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """The report of so many weeks."""
    by, period = viewer_of(request), period_of(request.GET.get("weeks"))
    found = use_report(period=period, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "report", {"report": of_period(report_sheet(found, period, by), period)})


@require_POST
def csv_file(request: HttpRequest) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    by, at, period = viewer_of(request), timezone.localtime(), period_of(request.POST.get("weeks"))
    found = use_report(period=period, exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return csv_answer(report_rows(found, by), _name(at, period))


@require_POST
def pdf_file(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    by, at, period = viewer_of(request), timezone.localtime(), period_of(request.POST.get("weeks"))
    found = use_report(period=period, exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return pdf_answer(report_sheet(found, period, by), _name(at, period), at.date())


def period_of(weeks: str | None) -> Period:
    """The period asked for; a quarter if none is, or one that there is not."""
    known = {str(int(one)): one for one in Period}
    return known.get(weeks or "", Period.QUARTER)


def _name(at: datetime, period: Period) -> str:
    return f"use-{int(period)}-weeks-to-{at:%Y-%m-%d}"
