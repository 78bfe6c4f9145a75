"""Today: what a team has to do."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from contactpoint.actions.run.today import today as what_waits
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import Permission, may_this_role_ask
from contactpoint.web.presenters.children import title_words
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.today import queue_views
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Every queue, counted, and where to work it."""
    by = viewer_of(request)
    at = timezone.localtime()
    found = what_waits(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(
        request,
        "today",
        {
            "queues": queue_views(found, at.date()),
            "reports": title_words(by) if may_this_role_ask(by.role, Permission.SEE_REPORTS) else "",
            "quality": may_this_role_ask(by.role, Permission.SEE_QUALITY),
            "could_see": may_this_role_ask(by.role, Permission.ASK_WHAT_WAS_SEEN),
            "mediate": may_this_role_ask(by.role, Permission.MEDIATE),
            "archive": may_this_role_ask(by.role, Permission.OPEN_ARCHIVED),
            "model": may_this_role_ask(by.role, Permission.CHANGE_MODEL),
            "crossers": may_this_role_ask(by.role, Permission.NAME_CROSSERS),
            "settings": may_this_role_ask(by.role, Permission.CHANGE_SETTINGS),
        },
    )
