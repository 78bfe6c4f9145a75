"""Records to check that were decided: the list, taking one back, and who saw two children as one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.link import cases as actions
from contactpoint.actions.link.decide import came_since, undo_decision
from contactpoint.actions.link.mixed import decide_mixed, looks_while_mixed
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.shield_desk import BreachDecided, BreachOutcome
from contactpoint.domain.errors import NotFound
from contactpoint.domain.matching import CaseDecided
from contactpoint.web.case_queues import DONE, ORDINARY, PROTECTED, Queue
from contactpoint.web.forms.matching import UndoForm
from contactpoint.web.forms.shields import BreachForm
from contactpoint.web.once import form_key
from contactpoint.web.presenters.matching import came_words, decided_rows, done_words, undoing_words
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.shields import BREACH_WORDS, looks_page
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def decided(request: HttpRequest) -> HttpResponse:
    """What was decided and what became of it."""
    return _decided(request, ORDINARY)


@require_GET
def protected_decided(request: HttpRequest) -> HttpResponse:
    """The same, of what touches a protected child."""
    return _decided(request, PROTECTED)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, handle: str) -> HttpResponse:
    """Take a decision back; the page says what will happen, before it does."""
    return _undo(request, handle, ORDINARY)


@require_http_methods(["GET", "POST"])
def undo_protected(request: HttpRequest, handle: str) -> HttpResponse:
    """The same, of one that touches a protected child."""
    return _undo(request, handle, PROTECTED)


def _decided(request: HttpRequest, queue: Queue) -> HttpResponse:
    found = actions.cases_decided(
        by=viewer_of(request), at=timezone.localtime(), near_shield=queue.near_shield
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    rows = decided_rows(found, queue.keep(request, "decision"))
    page = {"queue": queue, "decided": rows, "done": request.session.pop(DONE, "")}
    return render_page(request, "cases_decided", page)


def _undo(request: HttpRequest, handle: str, queue: Queue) -> HttpResponse:
    number, by, at = queue.find(request, "decision", handle), viewer_of(request), timezone.localtime()
    form = UndoForm(request.POST) if request.method == "POST" else UndoForm()
    if request.method == "POST" and form.is_valid():
        because, near = form.cleaned_data["because"], queue.near_shield
        answer = once(
            lambda: undo_decision(decision=number, because=because, by=by, at=at, near_shield=near),
            key=form_key(request),
            action="undo_decision",
            sent={"decision": number, "because": because},
            answered=CaseDecided,
            by=by,
            at=at,
        )
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        request.session[DONE] = done_words(answer.verdict, waits=answer.waits)
        return redirect(queue.decided)
    found = actions.cases_decided(by=by, at=at, near_shield=queue.near_shield)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    line = next((one for one in found if one.id == number and one.may_be_undone), None)
    if line is None:
        raise NotFound("This was taken back already, or something decided later has to be taken back first.")
    (row,) = decided_rows([line], lambda _: handle)
    came = came_since(decision=number, by=by, at=at, near_shield=queue.near_shield)
    page = {
        "queue": queue,
        "one": row,
        "will": undoing_words(line),
        "came": came_words(came),
        "form": form,
    }
    return render_page(request, "case_undo", page)


@require_http_methods(["GET", "POST"])
def seen(request: HttpRequest, handle: str) -> HttpResponse:
    """Who saw a record while it was two children's."""
    return _seen(request, handle, ORDINARY)


@require_http_methods(["GET", "POST"])
def protected_seen(request: HttpRequest, handle: str) -> HttpResponse:
    """The same where one of them is protected, for shield staff."""
    return _seen(request, handle, PROTECTED)


def _seen(request: HttpRequest, handle: str, queue: Queue) -> HttpResponse:
    number, by, at = queue.find(request, "decision", handle), viewer_of(request), timezone.localtime()
    near = queue.near_shield
    choices = [(outcome.value, words) for outcome, words in BREACH_WORDS.items()]
    form = BreachForm(choices, request.POST if request.method == "POST" else None)
    if form.is_valid():
        outcome = BreachOutcome(form.cleaned_data["outcome"])
        answer = once(
            lambda: decide_mixed(decision=number, outcome=outcome, by=by, at=at, near_shield=near),
            key=form_key(request),
            action="decide_mixed",
            sent={"decision": number, "outcome": outcome.value},
            answered=BreachDecided,
            by=by,
            at=at,
        )
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        return redirect(queue.seen, handle=handle)
    found = looks_while_mixed(decision=number, by=by, at=at, near_shield=near)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"queue": queue, "form": form, "handle": handle, **looks_page(found)}
    return render_page(request, "mixed_seen", page)
