"""Known pairs: how alike reviewers decide, on records of children who were made up."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.link.known_pairs import known_round, say_known
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.known_pairs import KnownSaid
from contactpoint.domain.matching import Verdict
from contactpoint.web.once import form_key
from contactpoint.web.presenters.known_pairs import agreement_words, learnt_views, right_words
from contactpoint.web.presenters.matching import case_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of


@require_http_methods(["GET", "POST"])
def known_pairs(request: HttpRequest) -> HttpResponse:
    """The next pair of the quarter, or what there is to learn of all ten."""
    if request.method == "POST":
        return _say(request)
    by, at = viewer_of(request), timezone.localtime()
    found = known_round(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "case": case_view(found.case, "", at) if found.case else None,
        "code": found.code,
        "number": found.done + 1,
        "learnt": learnt_views(found),
        "right": right_words(found),
        "team": agreement_words(found.team),
        "whose": "your team" if by.authority else "England",
    }
    return render_page(request, "known_pairs", page)


def _say(request: HttpRequest) -> HttpResponse:
    pair, pressed = request.POST.get("pair", ""), request.POST.get("verdict", "")
    verdict = next((one for one in Verdict if one.value == pressed), None)
    if verdict is None:
        raise InvalidInput("Press one of the three buttons under the pair.")
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        lambda: say_known(pair=pair, verdict=verdict, by=by, at=at),
        key=form_key(request),
        action="say_known",
        sent={"pair": pair, "verdict": verdict.value},
        answered=KnownSaid,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return redirect("known_pairs")
