"""I am working with this child: say it, check it, done; and a second person's confirmation."""

from http import HTTPStatus
from typing import Any, cast
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contribute.already_said import already_said
from contactpoint.actions.contribute.confirm_involvement import confirm_involvement, waiting
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.choices import services_of
from contactpoint.actions.once import answered_before, once
from contactpoint.domain.disclosure.answers import AlreadySaid, RecordedInvolvement, Refusal, ShownTo
from contactpoint.domain.meanwhile import ChangedMeanwhile, InvolvementVersion
from contactpoint.web.forms.contribute import Said, WorkingWithForm
from contactpoint.web.handles import KEPT, OpenedRecord, keep_own, record_of
from contactpoint.web.once import form_key, seen_version, sent_number
from contactpoint.web.presenters.contribute import (
    BACK_TO_LIST,
    already_said_view,
    check_rows,
    confirmed_page,
    done_page,
    waiting_view,
)
from contactpoint.web.presenters.meanwhile import changed_rows
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of

_SAID, _DONE = "cp_said", "cp_done"
_RECORD, _CONFIRM = "record_involvement", "confirm_involvement"


@require_http_methods(["GET", "POST"])
def working_with(request: HttpRequest, handle: str) -> HttpResponse:
    """The form; what was typed waits in the session for the check, under the key it will be recorded by."""
    stands = _stands(request, handle)
    if isinstance(stands, Refusal):
        return refuse(request, refused_page(stands))
    kept = request.session.get(_SAID, {}).get(handle, {})
    sent = request.method == "POST"
    form = _form(request, request.POST.dict() if sent else _draft(kept))
    same = sent and form.is_valid() and kept.get("said") == form.typed()
    before = _answered(request, kept["key"]) if same else None
    if before and before.involvement_id in {one.involvement_id for one in stands}:
        # Its answer was lost on the way: what was sent is what stands.
        return _recorded(request, handle, kept["key"], before)
    again = form.which_were_said(stands)
    if again:
        return _already(request, handle, again, HTTPStatus.CONFLICT if sent else HTTPStatus.OK)
    if sent and form.is_valid():
        said = form.typed()
        key = kept["key"] if same and not before else str(uuid4())
        shelf = {**request.session.get(_SAID, {}), handle: {"said": said, "key": key}}
        request.session[_SAID] = dict(list(shelf.items())[-KEPT:])
        return redirect("check", handle=handle)
    return render_page(request, "working_with", {"form": form, "handle": handle})


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, handle: str) -> HttpResponse:
    """Show it once more, then record it; a second press, whenever it comes, gets the first's answer."""
    opened = record_of(request.session, handle)
    by, key = viewer_of(request), form_key(request)
    before = _answered(request, key)
    if before:
        return _recorded(request, handle, key, before)
    kept = request.session.get(_SAID, {}).get(handle, {})
    form = _form(request, _draft(kept))
    if not form.is_valid():
        return redirect("done" if kept.get("recorded") else "working_with", handle=handle)
    said = form.said()
    if request.method == "GET" or key != kept["key"]:
        stale = request.method == "POST"
        page = {"rows": check_rows(said), "handle": handle, "key": kept["key"], "changed": stale}
        return render_page(request, "check", page, status=HTTPStatus.CONFLICT if stale else HTTPStatus.OK)
    answer = once(
        lambda: _record(request, opened, said),
        key=key,
        action=_RECORD,
        sent=kept["said"],
        answered=RecordedInvolvement,
        by=by,
        at=timezone.localtime(),
    )
    return _recorded(request, handle, key, cast("RecordedInvolvement | AlreadySaid | Refusal", answer))


def _answered(request: HttpRequest, key: str) -> RecordedInvolvement | None:
    by = viewer_of(request)
    return answered_before(key=key, action=_RECORD, answered=RecordedInvolvement, by=by)


def _draft(kept: dict[str, Any]) -> dict[str, str] | None:
    """What waits to be recorded. What was recorded stays: the same words once more have the same key."""
    return None if kept.get("recorded") else kept.get("said")


def _recorded(
    request: HttpRequest, handle: str, key: str, answer: RecordedInvolvement | AlreadySaid | Refusal
) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    if isinstance(answer, AlreadySaid):
        return _already(request, handle, (answer,), HTTPStatus.CONFLICT)
    shelf: dict[str, Any] = request.session.get(_SAID, {})
    if shelf.get(handle, {}).get("key") == key:
        request.session[_SAID] = {**shelf, handle: {**shelf[handle], "recorded": True}}
    request.session[_DONE] = {**request.session.get(_DONE, {}), handle: answer.involvement_id}
    return redirect("done", handle=handle)


@require_GET
def done(request: HttpRequest, handle: str) -> HttpResponse:
    """Say what happens now, and who will be shown it."""
    stands = _stands(request, handle)
    if isinstance(stands, Refusal):
        return refuse(request, refused_page(stands))
    made = request.session.get(_DONE, {}).get(handle)
    said = next((one for one in stands if one.involvement_id == made), None)
    if said is None:
        return redirect("working_with", handle=handle)
    return render_message(request, done_page(said, handle))


def _stands(request: HttpRequest, handle: str) -> tuple[AlreadySaid, ...] | Refusal:
    """What the viewer has said of this child already."""
    opened = record_of(request.session, handle)
    return already_said(number=opened.number, by=viewer_of(request), at=timezone.localtime())


def _already(
    request: HttpRequest, handle: str, stands: tuple[AlreadySaid, ...], status: HTTPStatus
) -> HttpResponse:
    changeable = [one.involvement_id for one in stands if one.shown_to is not ShownTo.NOBODY]
    own = {made: keep_own(request.session, made) for made in changeable}
    views = [already_said_view(one, own.get(one.involvement_id, "")) for one in stands]
    return render_page(request, "already_said", {"handle": handle, "stands": views}, status=status)


@require_GET
def waiting_list(request: HttpRequest) -> HttpResponse:
    """What colleagues recorded and I may confirm."""
    found = waiting(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "waiting", {"waiting": [waiting_view(one) for one in found]})


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm one."""
    number = sent_number(request, "involvement")
    by, at, seen = viewer_of(request), timezone.localtime(), seen_version(request, InvolvementVersion)
    answer = once(
        lambda: confirm_involvement(involvement_id=number, seen=seen, by=by, at=at),
        key=form_key(request),
        action=_CONFIRM,
        sent={"involvement": number},
        answered=RecordedInvolvement,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    if isinstance(answer, ChangedMeanwhile):
        page = {"rows": changed_rows(answer), "sent": False, "back": BACK_TO_LIST}
        return render_page(request, "changed", page, status=HTTPStatus.CONFLICT)
    return render_message(request, confirmed_page())


def _form(request: HttpRequest, data: dict[str, str] | None) -> WorkingWithForm:
    viewer = viewer_of(request)
    return WorkingWithForm(services_of(viewer), viewer, data)


def _record(
    request: HttpRequest, opened: OpenedRecord, said: Said
) -> RecordedInvolvement | AlreadySaid | Refusal:
    return record_involvement(
        number=opened.number,
        service=said.service.code,
        role=said.role,
        phone=said.phone,
        start=said.start,
        lead_practitioner=said.lead_practitioner,
        assessment_held=said.assessment_held,
        consent=said.consent,
        by=viewer_of(request),
        at=timezone.localtime(),
    )
