"""Pages for everybody: start, accessibility, privacy, help, and what to do without a password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_safe

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.web.context import home_of
from contactpoint.web.drafts import way_back
from contactpoint.web.render import render_page
from contactpoint.web.views.guide import guides


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and the way in; from sign-in on to whatever somebody had begun before."""
    if request.user.is_authenticated:
        viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
        back = way_back(request) if viewer and not viewer.lapses else None
        return redirect(back or home_of(viewer))
    return render_page(request, "start")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render_page(request, "accessibility")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is held and recorded, and how a family asks about it."""
    return render_page(request, "privacy")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to turn."""
    return render_page(request, "help", {"guides": guides().values()})


@require_safe
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Passwords are not reset by e-mail, so that nobody learns here who has an account."""
    return render_page(request, "forgotten_password")


@require_GET
def second_factor_is_set(request: HttpRequest) -> HttpResponse:
    """Where the sign-in library sends somebody who asks to set up a code that is already there."""
    return redirect("account" if request.viewer else "start")  # type: ignore[attr-defined]
