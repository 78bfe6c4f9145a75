"""Children who move between authorities: the lists, one move, and what is said of it."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contribute import moves
from contactpoint.actions.once import answered_before, once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.relationship import Came
from contactpoint.domain.errors import NotFound
from contactpoint.domain.moves import MoveAnswered, MoveReason, MovesAccepted, MoveState, MoveStep
from contactpoint.web.forms.moves import AcceptForm, MoveForm
from contactpoint.web.handles import GONE, OpenedRecord, case_of, keep_case, keep_record
from contactpoint.web.once import form_key
from contactpoint.web.presenters.moves import (
    PROTECTED_DONE_WORDS,
    PROTECTED_SLUGS,
    accepted_words,
    done_words,
    move_groups,
    move_view,
    protected_lines,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.views.shields import SHIELD

_MOVE, _PROTECTED, _ANSWER = "move", "protected move", "answer_move"
_DONE: Final = "cp_move_done"


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Who comes, who goes, and what is disputed."""
    found = moves.children_who_move(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    groups = move_groups(found, lambda move: keep_case(request.session, _MOVE, move))
    return render_page(request, "moves", {"groups": groups, "done": request.session.pop(_DONE, "")})


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Accept those that are ticked on the list."""
    by, at, ticked = viewer_of(request), timezone.localtime(), sorted(set(request.POST.getlist("ticked")))
    if not ticked:
        found = moves.children_who_move(by=by, at=at)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        groups = move_groups(found, lambda move: keep_case(request.session, _MOVE, move))
        return render_page(request, "moves", {"groups": groups, "form": AcceptForm(data=request.POST)})
    numbers = [case_of(request.session, _MOVE, handle) for handle in ticked]
    answer = once(
        lambda: moves.accept_moves(moves=numbers, by=by, at=at),
        key=form_key(request),
        action="accept_moves",
        sent={"moves": numbers},
        answered=MovesAccepted,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = accepted_words(answer)
    return redirect("moves")


@require_POST
def open_record(request: HttpRequest, handle: str) -> HttpResponse:
    """Open the record of a child who moves, because it is transferred."""
    number = case_of(request.session, _MOVE, handle)
    found = moves.open_move(move=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    opened = OpenedRecord(
        number=found.child,
        purpose_code=moves.WHY.code.value,
        purpose_text=None,
        search=None,
        how=Came.LISTED.value,
    )
    return redirect("record", handle=keep_record(request.session, opened))


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, handle: str) -> HttpResponse:
    """One move, and what is said of it."""
    number, by, at = case_of(request.session, _MOVE, handle), viewer_of(request), timezone.localtime()
    if request.method == "POST" and (said := _said_before(request)):
        return _done(request, said)
    found = moves.open_move(move=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    view = move_view(found, at.date())
    if request.method == "POST" and not view.steps:
        return refuse(request, refused_page(moves.NOT_LISTED))
    form = MoveForm(view.steps, data=request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "move", {"form": form, "handle": handle, "move": view})
    return _answered(request, number, *form.said)


def _answered(request: HttpRequest, number: int, step: MoveStep, reason: MoveReason | None) -> HttpResponse:
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        lambda: moves.answer_move(move=number, step=step, reason=reason, by=by, at=at),
        key=form_key(request),
        action=_ANSWER,
        sent={"move": number, "step": step.value, "reason": reason.value if reason else ""},
        answered=MoveAnswered,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return _done(request, answer)


def _said_before(request: HttpRequest) -> MoveAnswered | None:
    """What the same form was answered with: by now there may be nothing left to say of the move."""
    return answered_before(
        key=form_key(request), action=_ANSWER, answered=MoveAnswered, by=viewer_of(request)
    )


def _done(request: HttpRequest, answer: MoveAnswered) -> HttpResponse:
    request.session[_DONE] = done_words(answer)
    return redirect("moves")


@require_GET
def protected(request: HttpRequest) -> HttpResponse:
    """The moves of protected children, for the national shield desk."""
    found = moves.protected_moves(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    lines = protected_lines(
        found,
        lambda move: keep_case(request.session, _PROTECTED, move),
        lambda shield: keep_case(request.session, SHIELD, shield),
    )
    return render_page(request, "protected_moves", {"lines": lines, "done": request.session.pop(_DONE, "")})


@require_POST
def answer_protected(request: HttpRequest, handle: str, step: str) -> HttpResponse:
    """Give one of them to the new desk, or leave it where it is."""
    number, by, at = case_of(request.session, _PROTECTED, handle), viewer_of(request), timezone.localtime()
    said = PROTECTED_SLUGS.get(step)
    if said is None:
        raise NotFound(GONE)
    answer = once(
        lambda: moves.answer_protected_move(move=number, step=said, by=by, at=at),
        key=form_key(request),
        action="answer_protected_move",
        sent={"move": number, "step": said.value},
        answered=MoveAnswered,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = PROTECTED_DONE_WORDS[MoveState(answer.state)]
    return redirect("protected_moves")
