"""My activity: what I searched and opened, with reasons; "this wasn't me"."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.account.activity import Reported, my_activity, report_activity
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import NotFound
from contactpoint.web.once import form_key
from contactpoint.web.presenters.activity import activity_view, reported_page
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of


@require_GET
def activity(request: HttpRequest) -> HttpResponse:
    """The newest 200 lines."""
    found = my_activity(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "activity", {"entries": [activity_view(one) for one in found]})


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """This wasn't me."""
    try:
        event_id = UUID(request.POST.get("event", ""))
    except ValueError:
        raise NotFound("That line is not in your activity.") from None
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        lambda: report_activity(event_id=event_id, by=by, at=at),
        key=form_key(request),
        action="report_activity",
        sent={"event": event_id},
        answered=Reported,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, reported_page())
