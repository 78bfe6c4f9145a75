"""How the directory's own work goes: a page and its files."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from contactpoint.actions.run.work import work_report
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.downloads import Files, asked_in, handed_out
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.reports import of_period
from contactpoint.web.presenters.work import work_rows, work_sheet
from contactpoint.web.render import refuse, render_page

_FILES = Files(
    found=lambda asked: work_report(period=asked.period, exported=True, by=asked.by, at=asked.at),
    rows=lambda found, asked: work_rows(found, asked.by),
    sheet=lambda found, asked: work_sheet(found, asked.by),
    name=lambda asked: f"work-{int(asked.period)}-weeks-to-{asked.at:%Y-%m-%d}",
    page="work_report",
)
csv_file, pdf_file = handed_out(_FILES.csv, "work_report"), handed_out(_FILES.pdf, "work_report")


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """What was done in so many weeks, and what waits now."""
    asked = asked_in(request)
    found = work_report(period=asked.period, by=asked.by, at=asked.at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(
        request, "work_report", {"report": of_period(work_sheet(found, asked.by), asked.period)}
    )
