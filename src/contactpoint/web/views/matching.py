"""Records to check: the list, one case, what somebody says of it, and the next."""

from http import HTTPStatus
from typing import Final, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.link import cases as actions
from contactpoint.actions.link.decide import decide_review_case
from contactpoint.actions.once import answered_before, once
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.matching import CaseAnswer, CaseChanged, CaseDecided, CaseInFull, CaseKind, Verdict
from contactpoint.web.case_queues import DONE, ORDINARY, PROTECTED, Queue
from contactpoint.web.forms.matching import VerdictForm
from contactpoint.web.once import form_key, read_number
from contactpoint.web.presenters.matching import (
    CHANGED,
    NEXT_ONE,
    between_words,
    case_rows,
    case_view,
    done_words,
    kind_views,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.reasons import reasons
from contactpoint.web.render import refuse, render_page, viewer_of

_PAGE = 50
# These pages have a script that fetches the next one (`cases.js`); no other page asks for anything by itself.
_FETCHES: Final = csp_update({"connect-src": [SELF]})
_LARGEST = 10_000


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """What waits for the team, riskiest first."""
    return _cases(request, ORDINARY)


@require_GET
def protected_cases(request: HttpRequest) -> HttpResponse:
    """What touches a protected child, for shield staff."""
    return _cases(request, PROTECTED)


@require_http_methods(["GET", "POST"])
@_FETCHES  # type: ignore[arg-type]  # typed for views without arguments
def case(request: HttpRequest, handle: str) -> HttpResponse:
    """Both sides, why it is asked, and three buttons."""
    return _case(request, handle, ORDINARY)


@require_http_methods(["GET", "POST"])
@_FETCHES  # type: ignore[arg-type]  # typed for views without arguments
def protected_case(request: HttpRequest, handle: str) -> HttpResponse:
    """The same, of one that touches a protected child."""
    return _case(request, handle, PROTECTED)


@require_GET
def case_after(request: HttpRequest, handle: str) -> HttpResponse:
    """The case that comes after this one, for a script that fetches it while this one is read."""
    return _after(request, handle, ORDINARY)


@require_GET
def protected_case_after(request: HttpRequest, handle: str) -> HttpResponse:
    """The same, of those that touch a protected child."""
    return _after(request, handle, PROTECTED)


def _cases(request: HttpRequest, queue: Queue) -> HttpResponse:
    past, by = _passed_over(request), viewer_of(request)
    kind, at = _kind(request.GET.get("kind", "")), timezone.localtime()
    found = actions.cases_to_check(
        by=by, at=at, kinds=_kinds(kind), passed_over=past, near_shield=queue.near_shield
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    in_all, lines = found
    page = {
        "queue": queue,
        "kinds": kind_views(kind),
        "kind": kind.value if kind else "",
        "cases": case_rows(lines, queue.keep(request, "case"), at),
        "in_all": in_all,
        "first": past + 1,
        "last": past + len(lines),
        "more": past + _PAGE if past + len(lines) < in_all else None,
        "before": max(past - _PAGE, 0) if past else None,
        "done": request.session.pop(DONE, ""),
    }
    return render_page(request, "cases", page)


def _case(request: HttpRequest, handle: str, queue: Queue) -> HttpResponse:
    number = queue.find(request, "case", handle)
    if request.method == "POST" and (done := _sent_before(request, number, queue)):
        return done
    # What is chosen between two parts needs the case to be read by; deciding reads it anyway.
    if request.method == "POST" and "between" not in request.POST:
        plain = VerdictForm((), request.POST)
        if plain.is_valid():
            return _decide(request, handle, number, plain, queue)
    found = actions.open_case(
        case=number,
        by=viewer_of(request),
        at=timezone.localtime(),
        near_shield=queue.near_shield,
        leaving=_ticked(request),
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if "preview" in request.POST:
        return _case_page(request, handle, found, _as_typed(found, request.POST.get("because", "")), queue)
    form = VerdictForm(between_words(found), request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _decide(request, handle, number, form, queue)
    if "verdict" in form.errors:
        raise InvalidInput("Press one of the three buttons under the question.")
    return _case_page(request, handle, found, form, queue)


def _ticked(request: HttpRequest) -> list[int] | None:
    """Which of the records between somebody says go with the other part; None where nobody was asked yet."""
    if "between" not in request.POST:
        return None
    places = (read_number(place, figures=5) for place in request.POST.getlist("leaves"))
    return [place for place in places if place is not None]


def _as_typed(found: CaseInFull, because: str) -> VerdictForm:
    """The form of a case that is shown again before anything is said of it, with the reason so far."""
    form = VerdictForm(between_words(found), None)
    form.initial["because"] = because
    return form


def _after(request: HttpRequest, handle: str, queue: Queue) -> HttpResponse:
    """The next page as it will be shown, or nothing: then deciding leads on as it does without a script."""
    kind, by = _kind(request.GET.get("kind", "")), viewer_of(request)
    number = queue.find(request, "case", handle)
    following, at = _number_after(number, kind, queue, by=by), timezone.localtime()
    if following is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    found = actions.open_case(case=following, by=by, at=at, near_shield=queue.near_shield, ahead=True)
    if isinstance(found, Refusal):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    form = VerdictForm(between_words(found), None)
    return _case_page(request, queue.keep(request, "case")(following), found, form, queue)


def _sent_before(request: HttpRequest, number: int, queue: Queue) -> HttpResponse | None:
    """What the same form was answered with: the case it is about waits no longer."""
    before = answered_before(
        key=form_key(request), action="decide_case", answered=CaseDecided, by=viewer_of(request)
    )
    return _next(request, before, number, queue) if before else None


def _decide(request: HttpRequest, handle: str, number: int, form: VerdictForm, queue: Queue) -> HttpResponse:
    said, by, at = form.cleaned_data, viewer_of(request), timezone.localtime()
    seen = request.POST.get("seen", "")

    def act() -> CaseAnswer:
        verdict, because = Verdict(said["verdict"]), said["because"]
        return decide_review_case(
            case=number,
            verdict=verdict,
            because=because,
            seen=seen,
            by=by,
            at=at,
            near_shield=queue.near_shield,
            leaving=form.leaving() if "between" in request.POST else None,
        )

    kept = once(
        act,
        key=form_key(request),
        action="decide_case",
        sent={"case": number, "seen": seen, **said},
        answered=CaseDecided,
        by=by,
        at=at,
    )
    answer = cast("CaseAnswer", kept)  # the checker sees three types joined as an object
    if isinstance(answer, CaseChanged):
        anew = _as_typed(answer.now, said["because"])
        return _case_page(request, handle, answer.now, anew, queue, changed=CHANGED)
    return _next(request, answer, number, queue)


def _case_page(
    request: HttpRequest,
    handle: str,
    found: CaseInFull,
    form: VerdictForm,
    queue: Queue,
    *,
    changed: str = "",
) -> HttpResponse:
    page = {
        "queue": queue,
        "case": case_view(found, handle, timezone.localtime()),
        "form": form,
        "changed": changed,
        "kind": request.POST.get("kind", request.GET.get("kind", "")),
        "done": request.session.pop(DONE, ""),
        "next_one": NEXT_ONE,
        "by_two": reasons()["match_by_two"] == 1,
    }
    return render_page(request, "case", page, status=HTTPStatus.CONFLICT if changed else HTTPStatus.OK)


def _next(request: HttpRequest, answer: CaseDecided | Refusal, number: int, queue: Queue) -> HttpResponse:
    """What became of it, and on to the next of the same list; the list itself where nothing waits."""
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    done = done_words(answer.verdict, waits=answer.waits)
    if "behind" in request.POST:  # sent by a script, which shows the next case already
        return JsonResponse({"done": f"{done} {NEXT_ONE}"})
    request.session[DONE] = done
    kind = _kind(request.POST.get("kind", ""))
    following = _number_after(number, kind, queue, by=viewer_of(request))
    if following is None:
        return redirect(queue.cases)
    back = reverse(queue.case, kwargs={"handle": queue.keep(request, "case")(following)})
    # The keyboard goes on from the content, of which the first link leads to the question.
    return redirect(f"{back}{f'?kind={kind.value}' if kind else ''}#main-content")


def _number_after(number: int, kind: CaseKind | None, queue: Queue, *, by: Viewer) -> int | None:
    return actions.case_after(
        number, by=by, at=timezone.localtime(), kinds=_kinds(kind), near_shield=queue.near_shield
    )


def _kind(asked: str) -> CaseKind | None:
    return next((kind for kind in CaseKind if kind.value == asked), None)


def _kinds(kind: CaseKind | None) -> tuple[CaseKind, ...]:
    return (kind,) if kind else tuple(CaseKind)


def _passed_over(request: HttpRequest) -> int:
    return min(read_number(request.GET.get("after", ""), figures=5) or 0, _LARGEST)
