"""The guides, for everybody: somebody who cannot sign in may need one most."""

from functools import cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from contactpoint.domain.errors import NotFound
from contactpoint.pipelines.guides import Guide, read_guides
from contactpoint.web.render import render_page

NO_SUCH_GUIDE: Final = "There is no guide of that name. Choose one under Help, at the foot of every page."


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """One guide."""
    found = guides().get(name)
    if found is None:
        raise NotFound(NO_SUCH_GUIDE)
    return render_page(request, "guide", {"guide": found})


@cache
def guides() -> dict[str, Guide]:
    """All, by name; read once."""
    read = read_guides(settings.GUIDES, address="/guide/{}/", pictures=static("guide/") + "{}")
    return {one.name: one for one in read}
