"""My children: still involved, end, correct, lead, hand over."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contribute import hand_over, keep_involvement
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.find.choices import keeps_consents
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import KeptInvolvement, OwnChild, OwnChildInFull, Refusal
from contactpoint.domain.meanwhile import ChangedMeanwhile, LeadVersion, OwnVersion
from contactpoint.web.forms.keeping import CorrectOwnForm, HandOverForm
from contactpoint.web.handles import keep_own, own_of
from contactpoint.web.once import form_key, seen_version, sent_number
from contactpoint.web.presenters.keeping import DONE_WORDS, lead_view, my_children_view, own_child_view
from contactpoint.web.presenters.meanwhile import changed_rows
from contactpoint.web.presenters.messages import Link
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE = "cp_kept"
BACK_TO_CHILDREN = Link(text="Go back to my children", href="/my-children/")


@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """The children I work with, and what changed."""
    mine = my_children(by=viewer_of(request), at=timezone.localtime())
    if isinstance(mine, Refusal):
        return refuse(request, refused_page(mine))
    own = [one.involvement_id for one in mine.children if isinstance(one, OwnChild)]
    handles = {involvement: keep_own(request.session, involvement) for involvement in own}
    view = my_children_view(mine, handles, timezone.localdate())
    done = DONE_WORDS.get(request.session.pop(_DONE, ""), "")
    page = {"mine": view, "done": done, "keeps_consents": keeps_consents(viewer_of(request))}
    return render_page(request, "my_children", page)


@require_http_methods(["GET", "POST"])
def own_child(request: HttpRequest, handle: str) -> HttpResponse:
    """Correct what I said of my work with one child; the page also leads to all else one can do."""
    found = _open(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if request.method == "GET":
        return _page(request, handle, found)
    form, seen = CorrectOwnForm(found.child, request.POST.dict()), seen_version(request, OwnVersion)
    if not form.is_valid():
        return _page(request, handle, found, form=form, seen=seen)
    typed = form.cleaned_data
    said = {
        "role": typed["role"],
        "phone": typed["phone"],
        "start": typed["start"],
        "assessment_held": typed["assessment"] == "yes",
    }
    return _act(request, handle, "corrected", keep_involvement.correct_involvement, seen=seen, **said)


@require_POST
def still(request: HttpRequest, handle: str) -> HttpResponse:
    """Still involved."""
    return _act(request, handle, "still", keep_involvement.say_still_involved)


@require_POST
def end(request: HttpRequest, handle: str) -> HttpResponse:
    """No longer."""
    return _act(request, handle, "ended", keep_involvement.end_involvement)


@require_POST
def lead(request: HttpRequest, handle: str) -> HttpResponse:
    """I am the lead practitioner."""
    seen = seen_version(request, LeadVersion)
    return _act(request, handle, "lead", keep_involvement.become_lead, seen=seen)


@require_POST
def offer(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask a colleague to take over."""
    found = _open(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = HandOverForm(found.colleagues, request.POST.dict())
    if not form.is_valid():
        return _page(request, handle, found, handing=form)
    return _act(request, handle, "offered", hand_over.offer_handover, to=form.chosen())


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Take over from a colleague."""
    return _answer(request, "accepted", hand_over.accept_handover, phone="")


@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    """Leave it with the colleague."""
    return _answer(request, "declined", hand_over.decline_handover)


def _open(request: HttpRequest, handle: str) -> OwnChildInFull | Refusal:
    return keep_involvement.open_own_child(
        involvement_id=own_of(request.session, handle), by=viewer_of(request), at=timezone.localtime()
    )


def _page(
    request: HttpRequest,
    handle: str,
    found: OwnChildInFull,
    *,
    form: CorrectOwnForm | None = None,
    handing: HandOverForm | None = None,
    seen: OwnVersion | None = None,
) -> HttpResponse:
    page = {
        "handle": handle,
        "child": own_child_view(found.child, handle, timezone.localdate()),
        "lead": lead_view(found),
        "own_version": seen or keep_involvement.own_version(found.child),
        "lead_version": keep_involvement.lead_version(found.lead_now),
        "form": form or CorrectOwnForm(found.child),
        "handing": handing or HandOverForm(found.colleagues),
        "failed": handing if handing is not None else form,
        "can_hand_over": bool(found.colleagues),
    }
    return render_page(request, "own_child", page)


def _act(
    request: HttpRequest,
    handle: str,
    done: str,
    action: Callable[..., KeptInvolvement | ChangedMeanwhile | Refusal],
    **said: Any,
) -> HttpResponse:
    back = Link(text="Go back to this child", href=reverse("own_child", args=[handle]))
    return _kept(request, done, action, back=back, involvement_id=own_of(request.session, handle), **said)


def _answer(
    request: HttpRequest,
    done: str,
    action: Callable[..., KeptInvolvement | ChangedMeanwhile | Refusal],
    **said: Any,
) -> HttpResponse:
    number = sent_number(request, "handover")
    return _kept(request, done, action, back=BACK_TO_CHILDREN, handover_id=number, **said)


def _kept(
    request: HttpRequest,
    done: str,
    action: Callable[..., KeptInvolvement | ChangedMeanwhile | Refusal],
    *,
    back: Link,
    **said: Any,
) -> HttpResponse:
    """Act once, whatever is pressed twice; then the list again, with a line that says what was done."""
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        lambda: action(by=by, at=at, **said),
        key=form_key(request),
        action=f"own_{done}",
        sent={name: str(value) for name, value in said.items() if name != "seen"},
        answered=KeptInvolvement,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    if isinstance(answer, ChangedMeanwhile):
        page = {"rows": changed_rows(answer), "sent": answer.sent is not None, "back": back}
        return render_page(request, "changed", page, status=HTTPStatus.CONFLICT)
    request.session[_DONE] = done
    return redirect("my_children")
