"""How good what sources send is: the list of sources, and one of them."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from contactpoint.actions.run.quality import quality_of, quality_of_source
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.presenters.quality import quality_view, source_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of


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
    return render_page(request, "source_quality", {"source": source_view(found)})
