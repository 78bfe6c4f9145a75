"""How the directory is used: a page and a file."""

import csv
import io
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.run.reports import Period, use_report
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.reports import report_rows, report_view
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """The report of so many weeks."""
    by, period = viewer_of(request), period_of(request.GET.get("weeks"))
    found = use_report(period=period, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "report", {"report": report_view(found, period, by)})


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    by, at, period = viewer_of(request), timezone.localtime(), period_of(request.POST.get("weeks"))
    found = use_report(period=period, exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(report_rows(found, by))
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_name(at, period)}"'},
    )


def period_of(weeks: str | None) -> Period:
    """The period asked for; a quarter if none is, or one that there is not."""
    known = {str(int(one)): one for one in Period}
    return known.get(weeks or "", Period.QUARTER)


def _name(at: datetime, period: Period) -> str:
    return f"use-{int(period)}-weeks-to-{at:%Y-%m-%d}.csv"
