"""Sealed identities at the national shield desk: recording a pair, and crossing between its halves (R35)."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access.again import View, proved, proved_at
from contactpoint.actions.once import once
from contactpoint.actions.protect import cross_identity, seal_identity
from contactpoint.actions.protect.crossers import may_they_cross_today
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.sealed_identity import (
    CrossingChanged,
    CrossingReason,
    PairChanged,
    PairGround,
    SealedDesk,
)
from contactpoint.domain.errors import NotFound
from contactpoint.web.forms.sealed import CrossingForm, PairAgainForm, PairForm
from contactpoint.web.handles import GONE, case_of, keep_case
from contactpoint.web.once import form_key
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.sealed import (
    CROSSING_DONE,
    PAIR_DONE,
    crosser_rows,
    crossing_rows,
    number_lines,
    pair_rows,
)
from contactpoint.web.render import refuse, render_page, viewer_of

_PAIR, _CROSSING = "sealed pair", "crossing"
DONE: Final = "cp_sealed_done"


def _forgetting(page: str) -> Callable[[View], View]:
    """Ask for the second factor before the form; of what is sent too late nothing is kept, in no session."""
    return lambda view: proved_at(page)(proved(view))


def _desk(request: HttpRequest) -> SealedDesk | Refusal:
    return seal_identity.sealed_desk(by=viewer_of(request), at=timezone.localtime())


@require_GET
def sealed_identities(request: HttpRequest) -> HttpResponse:
    """What waits, who may cross, and, for the two, their crossings."""
    by, at, found = viewer_of(request), timezone.localtime(), _desk(request)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    named = [(one, may_they_cross_today(one, at)) for one in found.crossers]
    pairs = pair_rows(found.pairs, by.account_id, lambda pair: keep_case(request.session, _PAIR, pair))
    page = {
        "waiting": [one for one in pairs if not one.says],
        "ended": [one for one in pairs if one.says],
        "crossers": crosser_rows(named, by.account_id, str),
        "crossings": crossing_rows(
            found.crossings, by.account_id, at, lambda one: keep_case(request.session, _CROSSING, one)
        ),
        "may_cross": found.may_cross,
        "done": request.session.pop(DONE, ""),
    }
    return render_page(request, "sealed_identities", page)


@require_http_methods(["GET", "POST"])
@_forgetting("sealed_pair")
def pair(request: HttpRequest) -> HttpResponse:
    """Type both numbers, as the first person."""
    form = PairForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _typing(request, form)
    by, at, ground = viewer_of(request), timezone.localtime(), PairGround(form.cleaned_data["ground"])
    return _paired(
        request,
        lambda: seal_identity.type_pair(numbers=form.numbers(), ground=ground, by=by, at=at),
        {"numbers": form.numbers(), "ground": ground.value},
    )


@require_http_methods(["GET", "POST"])
@_forgetting("sealed_pair_again")
def pair_again(request: HttpRequest, handle: str) -> HttpResponse:
    """Type both numbers, as the second person."""
    which = case_of(request.session, _PAIR, handle)
    form = PairAgainForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _typing(request, form, again=True)
    by, at = viewer_of(request), timezone.localtime()
    return _paired(
        request,
        lambda: seal_identity.type_pair_again(pair=which, numbers=form.numbers(), by=by, at=at),
        {"pair": which, "numbers": form.numbers()},
    )


@require_POST
def drop(request: HttpRequest, handle: str) -> HttpResponse:
    """Drop a pair that waits."""
    which, by, at = case_of(request.session, _PAIR, handle), viewer_of(request), timezone.localtime()
    return _paired(request, lambda: seal_identity.drop_pair(pair=which, by=by, at=at), {"drop": which})


@require_http_methods(["GET", "POST"])
@_forgetting("sealed_cross")
def cross(request: HttpRequest) -> HttpResponse:
    """Ask to cross from a number."""
    by, at = viewer_of(request), timezone.localtime()
    form = CrossingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        found = _desk(request)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        if not found.may_cross:
            raise NotFound(GONE)  # whoever is not named is told so before they type
        return render_page(request, "sealed_cross", {"form": form})
    said, reason = form.cleaned_data, CrossingReason(form.cleaned_data["reason"])
    return _crossed(
        request,
        lambda: cross_identity.ask_crossing(number=said["number"], reason=reason, by=by, at=at),
        {"number": said["number"], "reason": reason.value},
    )


@require_POST
@proved_at(lambda _request, **_named: reverse("sealed_identities"))
def crossing(request: HttpRequest, handle: str) -> HttpResponse:
    """Agree to a crossing, end it, or see what it leads to: the number, in answer to this alone."""
    which, by, at = case_of(request.session, _CROSSING, handle), viewer_of(request), timezone.localtime()
    what = request.POST.get("what", "")
    if what == "see":
        shown = cross_identity.see_crossing(crossing=which, by=by, at=at)
        if isinstance(shown, Refusal):
            return refuse(request, refused_page(shown))
        return render_page(request, "sealed_crossed", {"numbers": number_lines(shown.numbers)})
    act = {"agree": cross_identity.agree_crossing, "end": cross_identity.end_crossing}.get(what)
    if act is None:
        raise NotFound(GONE)
    return _crossed(request, lambda: act(crossing=which, by=by, at=at), {"crossing": which, "what": what})


def _typing(request: HttpRequest, form: PairAgainForm, *, again: bool = False) -> HttpResponse:
    found = _desk(request)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "sealed_pair", {"form": form, "again": again})


def _paired(
    request: HttpRequest, act: Callable[[], PairChanged | Refusal], sent: dict[str, object]
) -> HttpResponse:
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        act, key=form_key(request), action="sealed_pair", sent=sent, answered=PairChanged, by=by, at=at
    )
    return _back(request, answer, PAIR_DONE)


def _crossed(
    request: HttpRequest, act: Callable[[], CrossingChanged | Refusal], sent: dict[str, object]
) -> HttpResponse:
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        act, key=form_key(request), action="crossing", sent=sent, answered=CrossingChanged, by=by, at=at
    )
    return _back(request, answer, CROSSING_DONE)


def _back(
    request: HttpRequest, answer: PairChanged | CrossingChanged | Refusal, words: dict[str, str]
) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[DONE] = words[answer.what]
    return redirect("sealed_identities")
