"""How many children the directory holds: a page and its files."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from contactpoint.actions.run.children import children_counted
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.downloads import Files, handed_out
from contactpoint.web.presenters.children import children_rows, children_sheet, title_words
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_FILES = Files(
    found=lambda asked: children_counted(exported=True, by=asked.by, at=asked.at),
    rows=lambda found, asked: children_rows(found, asked.by) if found else (),
    sheet=lambda found, asked: children_sheet(found, asked.by) if found else None,
    name=lambda asked: f"children-{asked.at:%Y-%m}",
    page="children_counted",
)
csv_file, pdf_file = handed_out(_FILES.csv, "children_counted"), handed_out(_FILES.pdf, "children_counted")


@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """What was counted this month."""
    by = viewer_of(request)
    found = children_counted(by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    sheet = children_sheet(found, by) if found else None
    return render_page(request, "children_counted", {"sheet": sheet, "title": title_words(by)})
