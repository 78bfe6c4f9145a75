"""Get in touch: ask from a record, the inbox, and the desk between."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contact import ask as asking
from contactpoint.actions.contact import calls
from contactpoint.actions.contact import desk as desks
from contactpoint.actions.contact import inbox as inboxes
from contactpoint.actions.once import once
from contactpoint.domain.contacting import Askables, CallNoted, CallOutcome, ContactSent, ContactStepDone
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.forms.contacting import AnswerForm, AskForm, DeskForm, HandOnForm
from contactpoint.web.handles import OpenedRecord, case_of, keep_case, record_of
from contactpoint.web.once import form_key, read_number
from contactpoint.web.presenters.contacting import (
    DONE_WORDS,
    answered_view,
    asked_view,
    desk_line_view,
    desk_message_view,
    noted_page,
    sent_page,
    to_answer_view,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of

_DONE: Final = "cp_contact_done"
# Requests are numbered as they come, and a gap would tell that a desk has passed something on.
_REQUEST, _MESSAGE = "contact request", "desk message"


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, handle: str) -> HttpResponse:
    """Whom, what about, how soon."""
    opened, by = record_of(request.session, handle), viewer_of(request)
    found = asking.whom_to_ask(number=opened.number, purpose=opened.purpose, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    sent = request.POST.dict() if request.method == "POST" else None
    place = read_number(request.GET.get("row", ""), figures=3)
    form = AskForm(found, by.phone or "", row=place, data=sent)
    if not form.is_valid():
        page = {"handle": handle, "form": form, "protected": found.protected, "name": found.child_name}
        return render_page(request, "ask_contact", page)
    return _send(request, handle, opened, found, form)


def _send(
    request: HttpRequest, handle: str, opened: OpenedRecord, found: Askables, form: AskForm
) -> HttpResponse:
    by, at, key, question = viewer_of(request), timezone.localtime(), form.chosen(), form.question()

    def act() -> ContactSent | Refusal:
        about: dict[str, Any] = {
            "number": opened.number,
            "question": question,
            "purpose": opened.purpose,
            "by": by,
            "at": at,
        }
        return asking.leave_message(**about) if key is None else asking.ask_to_be_contacted(key=key, **about)

    answer = once(
        act,
        key=form_key(request),
        action="ask_contact",
        sent={"record": handle, "to": key, "about": question.about, "urgency": question.urgency},
        answered=ContactSent,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, sent_page(answer, protected=found.protected, handle=handle))


@require_POST
def rang(request: HttpRequest, handle: str) -> HttpResponse:
    """How ringing a contact on the record went."""
    opened, by, at = record_of(request.session, handle), viewer_of(request), timezone.localtime()
    row, service, rung, said = (request.POST.get(name, "") for name in ("row", "service", "rung", "outcome"))
    if said not in set(CallOutcome) or not (row.isascii() and row.isdigit() and len(row) < 4):
        raise InvalidInput("Choose how it went.")
    answer = once(
        lambda: calls.note_call(
            number=opened.number,
            row=int(row),
            service=service,
            rung=rung,
            outcome=CallOutcome(said),
            purpose=opened.purpose,
            by=by,
            at=at,
        ),
        key=form_key(request),
        action="note_call",
        sent={"record": handle, "row": row, "service": service, "rung": rung, "outcome": said},
        answered=CallNoted,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, noted_page(answer, handle))


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What my service is asked, and what I asked."""
    at = timezone.localtime()
    found = inboxes.inbox(by=viewer_of(request), at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))

    def keep(number: int) -> str:
        return keep_case(request.session, _REQUEST, number)

    page = {
        "to_answer": [to_answer_view(one, keep(one.request), at) for one in found.to_answer],
        "asked": [asked_view(one, keep(one.request), at) for one in found.asked],
        "answered": [answered_view(one, at) for one in found.answered],
        "colleagues": found.colleagues,
        "done": DONE_WORDS.get(request.session.pop(_DONE, ""), ""),
    }
    return render_page(request, "inbox", page)


@require_POST
def take(request: HttpRequest, handle: str) -> HttpResponse:
    """I will get in touch."""
    return _step(request, handle, "taken", inboxes.take_request)


@require_POST
def answer(request: HttpRequest, handle: str) -> HttpResponse:
    """How it ended."""
    form = AnswerForm(request.POST.dict())
    if not form.is_valid():
        raise InvalidInput("Choose how it ended.")
    return _step(request, handle, "answered", inboxes.answer_request, outcome=form.chosen())


@require_POST
def hand_on(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand it on to a colleague."""
    form = HandOnForm(request.POST.dict())
    if not form.is_valid():
        raise InvalidInput("Choose a colleague.")
    return _step(request, handle, "handed_on", inboxes.hand_on_request, to=form.chosen())


@require_POST
def withdraw(request: HttpRequest, handle: str) -> HttpResponse:
    """Take back what I asked."""
    return _step(request, handle, "withdrawn", asking.withdraw_request)


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits at the desk."""
    found = desks.desk_messages(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    lines = [desk_line_view(one, keep_case(request.session, _MESSAGE, one.request)) for one in found]
    return render_page(request, "desk", {"lines": lines, "done": request.session.pop(_DONE, "")})


@require_http_methods(["GET", "POST"])
def desk_message(request: HttpRequest, handle: str) -> HttpResponse:
    """A message, and what was done with it."""
    number, by, at = case_of(request.session, _MESSAGE, handle), viewer_of(request), timezone.localtime()
    found = desks.open_desk_message(request=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = DeskForm(found.contacts, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"handle": handle, "message": desk_message_view(found), "form": form}
        return render_page(request, "desk_message", page)
    answer = once(
        lambda: desks.deal_with_message(
            request=number, outcome=form.outcome_chosen(), pass_on_to=form.chosen(), by=by, at=at
        ),
        key=form_key(request),
        action="desk_message",
        sent={"request": number, "outcome": form.outcome_chosen(), "to": form.chosen()},
        answered=ContactStepDone,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = "Recorded. The sender is told nothing more."
    return redirect("desk")


def _step(
    request: HttpRequest,
    handle: str,
    done: str,
    action: Callable[..., ContactStepDone | Refusal],
    **said: Any,
) -> HttpResponse:
    """Act once, whatever is pressed twice; then the inbox again, with a line that says what was done."""
    number, by, at = case_of(request.session, _REQUEST, handle), viewer_of(request), timezone.localtime()
    answer = once(
        lambda: action(request=number, by=by, at=at, **said),
        key=form_key(request),
        action=f"contact_{done}",
        sent={"request": number, **{name: str(value) for name, value in said.items()}},
        answered=ContactStepDone,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done
    return redirect("inbox")
