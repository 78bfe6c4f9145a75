"""How many children the directory holds: a page and a file."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.run.children import children_counted
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.presenters.children import children_rows, children_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """What was counted this month."""
    by = viewer_of(request)
    found = children_counted(by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "children_counted", {"report": children_view(found, by) if found else None})


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    by, at = viewer_of(request), timezone.localtime()
    found = children_counted(exported=True, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(children_rows(found, by) if found else ())
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="children-{at:%Y-%m}.csv"'},
    )
