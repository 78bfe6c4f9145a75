"""How good what sources send is: the list of sources, and one of them."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from contactpoint.actions.run.quality import quality_of, quality_of_source
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.downloads import Files, handed_out
from contactpoint.web.presenters.quality import (
    on_paper,
    quality_sheet,
    quality_view,
    sheet_rows,
    source_sheet,
    source_view,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_LIST = Files(
    found=lambda asked: quality_of(exported=True, by=asked.by, at=asked.at),
    rows=lambda found, asked: sheet_rows(quality_sheet(found, asked.by)),
    sheet=lambda found, asked: quality_sheet(found, asked.by),
    name=lambda asked: f"quality-{asked.at:%Y-%m-%d}",
    page="quality",
)
_SOURCE = Files(
    found=lambda asked: quality_of_source(code=asked.code, exported=True, by=asked.by, at=asked.at),
    rows=lambda found, asked: sheet_rows(source_sheet(found, asked.by)),
    sheet=lambda found, asked: on_paper(source_sheet(found, asked.by)),
    name=lambda asked: f"quality-of-{asked.code}-{asked.at:%Y-%m-%d}",
    page="quality",
)
csv_file, pdf_file = handed_out(_LIST.csv, "quality"), handed_out(_LIST.pdf, "quality")
source_csv_file, source_pdf_file = (
    handed_out(_SOURCE.csv, "source_quality"),
    handed_out(_SOURCE.pdf, "source_quality"),
)


@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """Every source that tells of the viewer's area."""
    by = viewer_of(request)
    found = quality_of(by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "quality", {"quality": quality_view(found, by)})


@require_GET
def source_quality(request: HttpRequest, code: str) -> HttpResponse:
    """One source, field by field and place by place."""
    found = quality_of_source(code=code, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "source_quality", {"source": source_view(found), "code": code})
