"""Training: exercises and assessment in Training England, and what it gives entered in the directory."""

from datetime import date
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.access import training as statements
from contactpoint.access.sessions import account_of
from contactpoint.access.signals import request_id
from contactpoint.actions.account import training
from contactpoint.actions.account.training import NotPassed, Passed, Practice
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.web.forms.training import AssessmentForm, StatementForm
from contactpoint.web.once import form_key
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.training import practice_view, trained_words
from contactpoint.web.render import refuse, render_page, viewer_of

_GIVEN: Final = "cp_training_statement"
ONLY_THERE: Final = (
    "Exercises are done in Training England, never here: everybody here is looked up for work alone."
)


@require_GET
def exercises(request: HttpRequest) -> HttpResponse:
    """What to practise, and how far one is."""
    found = _practice(request)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "exercises", {"practice": practice_view(found)})


@require_http_methods(["GET", "POST"])
def assessment(request: HttpRequest) -> HttpResponse:
    """Ten questions; what is wrong is explained, and answered again."""
    found = _practice(request)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if not found.is_done:
        return redirect("exercises")
    form = AssessmentForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "assessment", {"form": form})
    by, at = viewer_of(request), timezone.localtime()
    answer: Passed | NotPassed | Refusal = once(  # type: ignore[assignment]  # as in web/once.py
        lambda: training.take_assessment(answered=form.answered(), by=by, at=at),
        key=form_key(request),
        action="take_assessment",
        sent=form.cleaned_data,
        answered=Passed,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    if isinstance(answer, NotPassed):
        form.mark(answer.wrong)
        return render_page(
            request, "assessment", {"form": form, "right": len(form.fields) - len(answer.wrong)}
        )
    request.session[_GIVEN] = [answer.statement, answer.on]
    return redirect("passed")


@require_GET
def passed(request: HttpRequest) -> HttpResponse:
    """What to take to the directory."""
    _only_there()
    if _GIVEN not in request.session:
        return redirect("exercises")
    number, on = request.session[_GIVEN]
    signed = statements.sign_for(
        account_of(request), UUID(number), viewer_of(request).role, date.fromisoformat(on)
    )
    return render_page(request, "passed", {"statement": signed})


@require_http_methods(["GET", "POST"])
def training_date(request: HttpRequest) -> HttpResponse:
    """Until when one's training is good; entering a statement sets it anew."""
    form = StatementForm(request.POST if request.method == "POST" else None)
    until: date | None = None
    if form.is_valid():
        try:
            until = statements.accept(
                form.cleaned_data["statement"],
                account=account_of(request),
                at=timezone.localtime(),
                request_id=request_id(request),
            )
        except InvalidInput as fault:
            form.add_error("statement", str(fault))
    standing = request.signed_in.standing  # type: ignore[attr-defined]
    page = {
        "form": form,
        "trained": trained_words(until or standing.trained_until, timezone.localdate()),
        "done": until is not None,
        "is_training": statements.is_training(),
    }
    return render_page(request, "training_date", page)


def _practice(request: HttpRequest) -> Practice | Refusal:
    _only_there()
    return training.practice(by=viewer_of(request), at=timezone.localtime())


def _only_there() -> None:
    if not statements.is_training():
        raise NotFound(ONLY_THERE)
