"""From presenters' words to responses."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.web.presenters.messages import MessagePage


def render_message(
    request: HttpRequest, page: MessagePage, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """A page that says one thing."""
    return render(request, "web/message.html", {"message_page": page}, status=status)


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """A page of its own template."""
    return render(request, f"web/{template}.html", context, status=status)


def render_step(
    request: HttpRequest, form: BaseForm, button: str, will: str, *, back: tuple[str, str, str]
) -> HttpResponse:
    """The page of one decision: what will happen, what it stands on, and its button.

    `back` is the name of the page that one came from, its handle, and the words of the link.
    """
    return render_page(request, "step", {"form": form, "button": button, "will": will, "back": back})


def refuse(request: HttpRequest, page: MessagePage) -> HttpResponse:
    """The page of a refusal."""
    return render_message(request, page, status=HTTPStatus.FORBIDDEN)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer whom the middleware let through."""
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    if viewer is None:
        raise PermissionDenied
    return viewer
