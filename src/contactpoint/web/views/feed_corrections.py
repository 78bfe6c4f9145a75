"""Corrections to whoever runs a feed: the feeds they wait at, one feed's, as a file, the answer."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.access.again import proved_at
from contactpoint.actions.run import feed_corrections as act
from contactpoint.domain.disclosure.answers import CorrectionSent, Refusal
from contactpoint.domain.disclosure.contesting import ANSWER_DAYS, Answer
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.once import send_once, sent_number
from contactpoint.web.presenters.feed_corrections import (
    correction_rows,
    corrections_of_feed_row,
    feed_correction_view,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def by_feed(request: HttpRequest) -> HttpResponse:
    """The feeds at which corrections wait, the longest first."""
    found = act.corrections_by_feed(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"feeds": [corrections_of_feed_row(one) for one in found], "days": ANSWER_DAYS}
    return render_page(request, "corrections_by_feed", page)


@require_GET
def of_feed(request: HttpRequest, code: str) -> HttpResponse:
    """What one source is asked."""
    found = act.feed_corrections(code=code, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    on = timezone.localdate()
    page = {
        "code": found.code,
        "name": found.name,
        "organisation": found.organisation,
        "waiting": [feed_correction_view(one, on) for one in found.waiting],
        "days": ANSWER_DAYS,
    }
    return render_page(request, "feed_corrections", page)


@require_POST
@proved_at("feed_corrections")
def file(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a file for whoever keeps the source."""
    at = timezone.localtime()
    found = act.feed_corrections(code=code, to_take=True, by=viewer_of(request), at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(correction_rows(found))
    shown = {"Content-Disposition": f'attachment; filename="{found.code}_{at:%Y-%m-%d}_corrections.csv"'}
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=shown
    )


@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """It is right, or the next delivery brings what is."""
    number, said = sent_number(request, "correction"), request.POST.get("answer", "")
    if said not in set(Answer):
        raise InvalidInput("Say whether it is right or will be corrected.")
    done = send_once(
        request,
        "answer_feed_correction",
        {"feed": code, "correction": number, "answer": said},
        lambda: act.answer_feed_correction(
            code=code,
            correction_id=number,
            answer=Answer(said),
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        answered=CorrectionSent,
    )
    if isinstance(done, Refusal):
        return refuse(request, refused_page(done))
    return redirect("feed_corrections", code)
