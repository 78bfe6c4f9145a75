"""Records to check: the list, one case, what was decided, and taking it back."""

from functools import partial
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.link import cases as actions
from contactpoint.actions.link.decide import decide_review_case, undo_decision
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.matching import CaseAnswer, CaseChanged, CaseDecided, CaseInFull, Verdict
from contactpoint.web.forms.matching import UndoForm, VerdictForm
from contactpoint.web.handles import case_of, keep_case
from contactpoint.web.once import form_key
from contactpoint.web.presenters.matching import (
    CHANGED,
    case_rows,
    case_view,
    decided_rows,
    done_words,
    undoing_words,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE = "cp_case_done"
_PAGE = 50
_LARGEST = 10_000


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """What waits for the team, riskiest first."""
    past = _passed_over(request)
    found = actions.cases_to_check(by=viewer_of(request), at=timezone.localtime(), passed_over=past)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    in_all, lines = found
    page = {
        "cases": case_rows(lines, partial(keep_case, request.session, "case")),
        "in_all": in_all,
        "first": past + 1,
        "last": past + len(lines),
        "more": past + _PAGE if past + len(lines) < in_all else None,
        "before": max(past - _PAGE, 0) if past else None,
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "cases", page)


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, handle: str) -> HttpResponse:
    """Both sides, why it is asked, and three buttons."""
    number = case_of(request.session, "case", handle)
    form = VerdictForm(request.POST) if request.method == "POST" else VerdictForm()
    if request.method == "POST" and form.is_valid():
        return _decide(request, handle, number, form)
    if "verdict" in form.errors:
        raise InvalidInput("Press one of the three buttons under the question.")
    found = actions.open_case(case=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return _case_page(request, handle, found, form)


@require_GET
def decided(request: HttpRequest) -> HttpResponse:
    """What was decided and what became of it."""
    found = actions.cases_decided(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    rows = decided_rows(found, partial(keep_case, request.session, "decision"))
    return render_page(request, "cases_decided", {"decided": rows, "done": request.session.pop(_DONE, "")})


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, handle: str) -> HttpResponse:
    """Take a decision back; the page says what will happen, before it does."""
    number, by, at = case_of(request.session, "decision", handle), viewer_of(request), timezone.localtime()
    form = UndoForm(request.POST) if request.method == "POST" else UndoForm()
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        answer = once(
            lambda: undo_decision(decision=number, because=because, by=by, at=at),
            key=form_key(request),
            action="undo_decision",
            sent={"decision": number, "because": because},
            answered=CaseDecided,
            by=by,
            at=at,
        )
        return _done(request, answer, "cases_decided")
    found = actions.cases_decided(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    line = next((one for one in found if one.id == number and one.may_be_undone), None)
    if line is None:
        raise NotFound("This was taken back already, or something decided later has to be taken back first.")
    (row,) = decided_rows([line], lambda _: handle)
    return render_page(request, "case_undo", {"one": row, "will": undoing_words(line), "form": form})


def _decide(request: HttpRequest, handle: str, number: int, form: VerdictForm) -> HttpResponse:
    said, by, at = form.cleaned_data, viewer_of(request), timezone.localtime()
    seen = request.POST.get("seen", "")

    def act() -> CaseAnswer:
        verdict, because = Verdict(said["verdict"]), said["because"]
        return decide_review_case(case=number, verdict=verdict, because=because, seen=seen, by=by, at=at)

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
        return _case_page(request, handle, answer.now, form, changed=CHANGED)
    return _done(request, answer, "cases")


def _case_page(
    request: HttpRequest, handle: str, found: CaseInFull, form: VerdictForm, *, changed: str = ""
) -> HttpResponse:
    page = {"case": case_view(found, handle), "form": form, "changed": changed}
    return render_page(request, "case", page, status=HTTPStatus.CONFLICT if changed else HTTPStatus.OK)


def _done(request: HttpRequest, answer: CaseDecided | Refusal, back: str) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done_words(answer.verdict, waits=answer.waits)
    return redirect(back)


def _passed_over(request: HttpRequest) -> int:
    typed = request.GET.get("after", "")
    return min(int(typed), _LARGEST) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
