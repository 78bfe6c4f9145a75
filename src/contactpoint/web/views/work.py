"""How the directory's own work goes: a page and a file."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.run.work import work_report
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.work import work_rows, work_view
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.views.reports import period_of


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """What was done in so many weeks, and what waits now."""
    by, period = viewer_of(request), period_of(request.GET.get("weeks"))
    found = work_report(period=period, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "work_report", {"report": work_view(found, period, by)})


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    by, at, period = viewer_of(request), timezone.localtime(), period_of(request.POST.get("weeks"))
    found = work_report(period=period, exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(work_rows(found, period, by))
    name = f"work-{int(period)}-weeks-to-{at:%Y-%m-%d}.csv"
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
