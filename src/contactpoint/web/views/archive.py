"""The archive: a data manager reads one record of its first year (R48)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.retain.open_archived import may_ask, open_archived
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.forms.archive import ArchiveForm
from contactpoint.web.presenters.record import record_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of


@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest) -> HttpResponse:
    """Ask which record and why, and show it in answer: each look is one, and recorded as one."""
    by, at = viewer_of(request), timezone.localtime()
    refusal = may_ask(by=by, at=at)
    if refusal:
        return refuse(request, refused_page(refusal))
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "archive", {"form": form})
    shown = open_archived(number=form.cleaned_data["number"], purpose=form.stated, by=by, at=at)
    if isinstance(shown, Refusal):
        return refuse(request, refused_page(shown))
    return render_page(request, "archived", {"record": record_view(shown, at.date())})
