"""Who saw what: the report of a breach, on a page and as a file (R55)."""

import csv
import io
from datetime import datetime, time, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.access.again import proved
from contactpoint.actions.run import incident as actions
from contactpoint.actions.run.incident import account_named
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.incident import Seen
from contactpoint.web.forms.breach import BreachForm
from contactpoint.web.presenters.breach import COLUMNS, report_view, row_of
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_NOBODY: Final = "No account has this e-mail address"


@require_http_methods(["GET", "POST"])
@proved
def breach(request: HttpRequest) -> HttpResponse:
    """Ask, and read the answer below; each report is recorded."""
    by, at = viewer_of(request), timezone.localtime()
    asked = actions.may_report(by=by, at=at)
    if isinstance(asked, Refusal):
        return refuse(request, refused_page(asked))
    form = BreachForm(request.POST) if request.method == "POST" else BreachForm()
    if request.method != "POST" or not form.is_valid():
        return render_page(request, "breach", {"form": form, "report": None})
    said = form.cleaned_data
    account = account_named(said["email"]) if said["email"] else None
    if said["email"] and account is None:
        form.add_error("email", _NOBODY)
        return render_page(request, "breach", {"form": form, "report": None})
    begin, end = said["begin"], said["end"]
    found = actions.breach_report(
        child=said["child"] or None,
        account=account,
        begin=timezone.make_aware(datetime.combine(begin, time())) if begin else None,
        end=timezone.make_aware(datetime.combine(end + timedelta(days=1), time())) if end else None,
        by=by,
        at=at,
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if "download" in request.POST:
        return _file(found)
    return render_page(request, "breach", {"form": form, "report": report_view(found)})


def _file(found: tuple[Seen, ...]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(row_of(one) for one in found)
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="who-saw-what.csv"'},
    )
