"""Use to review: the list, one access, a month signed off; and a manager's answers."""

from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.account import review_use as actions
from contactpoint.actions.account.use_questions import answer_question, questions_about_team
from contactpoint.actions.once import answered_before, once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.review.deciding import (
    OPEN,
    QuestionAnswered,
    SignedOff,
    UseChanged,
    UseDecided,
    UseInFull,
    UseState,
    Verdict,
)
from contactpoint.web.forms.review import AnswerForm, SignOffForm, VerdictForm
from contactpoint.web.handles import case_of, keep_case
from contactpoint.web.once import form_key, read_number, sent_number
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.review import (
    CHANGED,
    STATE_WORDS,
    decided_words,
    month_view,
    months_to_choose,
    question_rows,
    signed_rows,
    use_rows,
    use_view,
)
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_use_done"
_USE: Final = "use"
_PAGE: Final = 50
_LARGEST: Final = 10_000


@require_GET
def use(request: HttpRequest) -> HttpResponse:
    """What waits for the reviewer, riskiest first; `?closed=1` what was closed, `?stands=` a part."""
    past, closed, stands = _passed_over(request), "closed" in request.GET, _stands(request)
    found = actions.use_to_review(
        by=viewer_of(request), at=timezone.localtime(), passed_over=past, closed=closed, stands=stands
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    in_all, lines = found
    page = {
        "lines": use_rows(lines, partial(keep_case, request.session, _USE)),
        "closed": closed,
        "stands": STATE_WORDS[stands] if stands else "",
        "asked": f"&stands={stands}" if stands else "&closed=1" if closed else "",
        "in_all": in_all,
        "first": past + 1,
        "last": past + len(lines),
        "more": past + _PAGE if past + len(lines) < in_all else None,
        "before": max(past - _PAGE, 0) if past else None,
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "use", page)


@require_http_methods(["GET", "POST"])
def use_item(request: HttpRequest, handle: str) -> HttpResponse:
    """One access: why somebody should look, the evidence, what may be said."""
    item, by = case_of(request.session, _USE, handle), viewer_of(request)
    before = answered_before(key=form_key(request), action="decide_use", answered=UseDecided, by=by)
    if request.method == "POST" and before:
        return _decided(request, before)
    found = actions.open_use(item=item, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    choices = use_view(found, handle).choices
    form = VerdictForm(choices, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, handle, item, form)
    return _use_page(request, handle, found, form)


@require_http_methods(["GET", "POST"])
def use_month(request: HttpRequest) -> HttpResponse:
    """A month's figures, and signing it off."""
    by, at = viewer_of(request), timezone.localtime()
    month = _month(request.POST.get("month") or request.GET.get("month", ""), at.date())
    form = SignOffForm(request.POST) if request.method == "POST" else SignOffForm()
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        answer = once(
            lambda: actions.sign_off_month(month=month, because=because, by=by, at=at),
            key=form_key(request),
            action="sign_off_use",
            sent={"month": month.isoformat(), "because": because},
            answered=SignedOff,
            by=by,
            at=at,
        )
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        return redirect(f"{reverse('use_month')}?month={month.isoformat()[:7]}")
    found = actions.month_of_use(month=month, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    figures, signed = found
    page = {
        "month": month_view(figures, signed),
        "months": months_to_choose(at.date()),
        "signed": signed_rows(signed),
        "is_over": (at.year, at.month) > (month.year, month.month),
        "form": form,
    }
    return render_page(request, "use_month", page)


@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """What reviewers ask about the viewer's team, and the answers."""
    by, at = viewer_of(request), timezone.localtime()
    form = AnswerForm(request.POST) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        item, said = sent_number(request, "item"), form.cleaned_data["said"]
        answer = once(
            lambda: answer_question(item=item, said=said, by=by, at=at),
            key=form_key(request),
            action="answer_use_question",
            sent={"item": item, "said": said},
            answered=QuestionAnswered,
            by=by,
            at=at,
        )
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        request.session[_DONE] = "Your answer is recorded. The reviewer decides."
        return redirect("questions")
    found = questions_about_team(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "questions": question_rows(found),
        "form": form,
        "about": sent_number(request, "item"),
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "questions", page)


def _decide(request: HttpRequest, handle: str, item: int, form: VerdictForm) -> HttpResponse:
    said, by, at = form.cleaned_data, viewer_of(request), timezone.localtime()
    seen = request.POST.get("seen", "")
    kept = once(
        lambda: actions.decide_use(
            item=item, seen=seen, verdict=Verdict(said["verdict"]), because=said["because"], by=by, at=at
        ),
        key=form_key(request),
        action="decide_use",
        sent={"item": item, "seen": seen, **said},
        answered=UseDecided,
        by=by,
        at=at,
    )
    answer = cast("UseDecided | UseChanged | Refusal", kept)
    if isinstance(answer, UseChanged):
        anew = VerdictForm(use_view(answer.now, handle).choices)
        return _use_page(request, handle, answer.now, anew, changed=CHANGED)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return _decided(request, answer)


def _decided(request: HttpRequest, answer: UseDecided) -> HttpResponse:
    request.session[_DONE] = decided_words(answer.verdict)
    return redirect("use")


def _use_page(
    request: HttpRequest, handle: str, found: UseInFull, form: VerdictForm, *, changed: str = ""
) -> HttpResponse:
    page = {"use": use_view(found, handle), "form": form, "changed": changed}
    return render_page(request, "use_item", page, status=HTTPStatus.CONFLICT if changed else HTTPStatus.OK)


def _month(typed: str, today: date) -> date:
    """The month that was asked for, this one if none was or it is none."""
    year, _, month = typed[:7].partition("-")
    if (
        year.isdecimal()
        and month.isdecimal()
        and len(year) == 4
        and 1 <= int(month) <= 12
        and int(year) >= 2000
    ):
        return date(int(year), int(month), 1)
    return today.replace(day=1)


def _stands(request: HttpRequest) -> UseState | None:
    """How what is asked for stands; None for all that waits."""
    asked = request.GET.get("stands", "")
    return next((one for one in OPEN if one.value == asked), None)


def _passed_over(request: HttpRequest) -> int:
    return min(read_number(request.GET.get("after", ""), figures=5) or 0, _LARGEST)
