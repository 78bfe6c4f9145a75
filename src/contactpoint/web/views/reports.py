"""How the directory is used: a page and its files."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from contactpoint.actions.run.reports import use_report
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.downloads import Files, asked_in, handed_out
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.reports import of_period, report_rows, report_sheet
from contactpoint.web.render import refuse, render_page

_FILES = Files(
    found=lambda asked: use_report(period=asked.period, exported=True, by=asked.by, at=asked.at),
    rows=lambda found, asked: report_rows(found, asked.by),
    sheet=lambda found, asked: report_sheet(found, asked.period, asked.by),
    name=lambda asked: f"use-{int(asked.period)}-weeks-to-{asked.at:%Y-%m-%d}",
    page="use_report",
)
csv_file, pdf_file = handed_out(_FILES.csv, "use_report"), handed_out(_FILES.pdf, "use_report")


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """The report of so many weeks."""
    asked = asked_in(request)
    found = use_report(period=asked.period, by=asked.by, at=asked.at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    sheet = report_sheet(found, asked.period, asked.by)
    return render_page(request, "report", {"report": of_period(sheet, asked.period)})
