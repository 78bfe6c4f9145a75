"""Children for whom no authority is responsible: the list, and one who is given to an authority."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contribute import unplaced as lists
from contactpoint.actions.once import answered_before, once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.relationship import Came
from contactpoint.domain.unplaced import AuthorityGiven, LeavingNoted, UnplacedChild, UnplacedChildren
from contactpoint.web.forms.unplaced import GiveForm, LeavingForm
from contactpoint.web.handles import OpenedRecord, case_of, keep_case, keep_record
from contactpoint.web.once import form_key
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.unplaced import LEFT_WORDS, given_words, unplaced_child_view, unplaced_view
from contactpoint.web.render import refuse, render_page, viewer_of

_CHILD, _GIVE, _LEFT = "unplaced child", "give_authority", "note_leaving"
_DONE: Final = "cp_unplaced_done"


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Who waits for an authority."""
    found = _list(request)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    view = unplaced_view(found, lambda child: keep_case(request.session, _CHILD, _digits(child)))
    return render_page(request, "unplaced", {"list": view, "done": request.session.pop(_DONE, "")})


@require_POST
def open_record(request: HttpRequest, handle: str) -> HttpResponse:
    """Open the record of one of them, to see where the child may be."""
    found = _one(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    opened = OpenedRecord(
        number=found.child,
        purpose_code=lists.WHY.code.value,
        purpose_text=None,
        search=None,
        how=Came.LISTED.value,
    )
    return redirect("record", handle=keep_record(request.session, opened))


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, handle: str) -> HttpResponse:
    """One of them, and the authority that should be responsible."""
    by, at = viewer_of(request), timezone.localtime()
    if request.method == "POST" and (
        said := answered_before(key=form_key(request), action=_GIVE, answered=AuthorityGiven, by=by)
    ):
        return _done(request, given_words(said))
    found = _one(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    choices = [(one.code, one.name) for one in lists.authorities_to_give()]
    form = GiveForm(choices, data=request.POST if request.method == "POST" else None)
    if not form.is_valid():
        view = unplaced_child_view(found, at.date())
        return render_page(request, "unplaced_child", {"form": form, "handle": handle, "child": view})
    authority, because = form.said
    answer = once(
        lambda: lists.give_authority(child=found.child, authority=authority, because=because, by=by, at=at),
        key=form_key(request),
        action=_GIVE,
        sent={"child": found.child, "authority": authority, "because": because.value},
        answered=AuthorityGiven,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return _done(request, given_words(answer))


@require_http_methods(["GET", "POST"])
def left(request: HttpRequest, handle: str) -> HttpResponse:
    """One of them who left England."""
    by, at = viewer_of(request), timezone.localtime()
    before = answered_before(key=form_key(request), action=_LEFT, answered=LeavingNoted, by=by)
    if request.method == "POST" and before:
        return _done(request, LEFT_WORDS)
    found = _one(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = LeavingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        view = unplaced_child_view(found, at.date())
        return render_page(request, "unplaced_left", {"form": form, "handle": handle, "child": view})
    leaving = form.said
    answer = once(
        lambda: lists.note_leaving(child=found.child, leaving=leaving, by=by, at=at),
        key=form_key(request),
        action=_LEFT,
        sent={"child": found.child, "kind": leaving.kind.value, "since": leaving.since.isoformat()},
        answered=LeavingNoted,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return _done(request, LEFT_WORDS)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    request.session[_DONE] = words
    return redirect("unplaced")


def _list(request: HttpRequest) -> UnplacedChildren | Refusal:
    return lists.children_without_authority(by=viewer_of(request), at=timezone.localtime())


def _one(request: HttpRequest, handle: str) -> UnplacedChild | Refusal:
    digits = case_of(request.session, _CHILD, handle)
    found = _list(request)
    if isinstance(found, Refusal):
        return found
    mine = (child for child in found.children if _digits(child.child) == digits)
    return next(mine, lists.NOT_LISTED)


def _digits(number: str) -> int:
    """A child's number without its letters, which follow from it."""
    return int(number[1:10])
