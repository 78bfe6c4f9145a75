"""Pages for what went wrong; each says what to do next."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join

from contactpoint.access.sessions import account_of
from contactpoint.actions.failures import known_failure
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.drafts import keep_sent
from contactpoint.web.errors import page_of
from contactpoint.web.presenters.messages import FIND_AGAIN, START, URGENT, MessagePage
from contactpoint.web.render import render_message

OLD_ADDRESS = (
    "If you opened a child's record from a bookmark or an old tab: its address works only until you sign "
    "out. Search again and state your reason."
)

UNREADABLE = "What was sent could not be read. Go back, reload the page and send it again."


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Status 403."""
    del exception
    page = MessagePage(
        title="You cannot open this page",
        lines=(
            "Your role does not include it. If your work needs it, ask your organisation's account manager.",
            URGENT,
        ),
        links=(START,),
        reference=_reference(request),
    )
    return render_message(request, page, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Status 404. A record's address works only in the session that opened it."""
    del exception
    page = MessagePage(
        title="This page is not here",
        lines=(
            OLD_ADDRESS,
            "If you typed an address, check it.",
        ),
        links=(FIND_AGAIN, START),
    )
    return render_message(request, page, status=HTTPStatus.NOT_FOUND)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without the proof that we sent it: mostly an old tab, or cookies switched off."""
    del reason
    viewer = getattr(request, "viewer", None)
    if viewer is not None and not viewer.lapses and _came_from_here(request):
        keep_sent(request, account_of(request), why="ended")
        return redirect("start")
    page = MessagePage(
        title="This page had been open too long",
        lines=("Nothing was sent or changed. Go back, reload the page and send it again.",),
        steps=(
            "If you have signed out or in since you opened it, that is why.",
            "If it happens every time, allow cookies for this address.",
        ),
        links=(START,),
    )
    return render_message(request, page, status=HTTPStatus.FORBIDDEN)


def broken(request: HttpRequest) -> HttpResponse:
    """Status 500; or 507 on a full disk and 503 without a database, met before a request reached its view."""
    known = known_failure(sys.exc_info()[1])
    page, status = page_of(known) if known else (_our_fault(request), HTTPStatus.INTERNAL_SERVER_ERROR)
    return _shown(request, page, status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Status 400; where a session could not be kept because the database went away, the page that says so."""
    between = exception.__context__ if exception else None  # Django's word for "the session was not kept"
    known = known_failure(between.__context__ if between else None)
    page, status = page_of(known or InvalidInput(UNREADABLE))
    return _shown(request, page, status)


def _shown(request: HttpRequest, page: MessagePage, status: HTTPStatus) -> HttpResponse:
    try:
        return render_message(request, page, status=status)
    except Exception:  # noqa: BLE001 - the frame of a page asks the session, which is in the database
        return _bare(page, status)


def _bare(page: MessagePage, status: HTTPStatus) -> HttpResponse:
    """The page without its frame."""
    said = format_html_join("", "<p>{}</p>", ((line,) for line in (*page.lines, *page.steps)))
    head = '<!DOCTYPE html><html lang="en-GB"><title>{} - ContactPoint</title><h1>{}</h1>{}</html>'
    return HttpResponse(format_html(head, page.title, page.title, said), status=status)


def _our_fault(request: HttpRequest) -> MessagePage:
    return MessagePage(
        title="Sorry, something went wrong here",
        lines=(
            "It is not your doing. Nothing you sent was half done: it was done whole or not at all.",
            URGENT,
        ),
        steps=(
            "Try again in a minute.",
            "If it happens again, tell your help desk and give them the reference below.",
        ),
        links=(START,),
        reference=_reference(request),
    )


def _came_from_here(request: HttpRequest) -> bool:
    """Whether one of our own pages sent it: another site's form is not kept, nor shown to anybody."""
    return request.headers.get("Origin") == settings.ORIGIN


def _reference(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))
