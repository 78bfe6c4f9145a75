"""What every page has in common: a line in the log, headers, good standing, a page for every refusal."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from whitenoise.middleware import WhiteNoiseFileResponse

from contactpoint.access.accounts import SignedIn
from contactpoint.access.audit import note_not_in_good_standing, note_wrong_role
from contactpoint.access.given_passwords import CHOOSE
from contactpoint.access.middleware import LOCKED
from contactpoint.access.sessions import account_of, left_for
from contactpoint.actions.failures import known_failure
from contactpoint.domain.disclosure.actors import Lapse, Role, Viewer
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission, may_this_role_ask
from contactpoint.domain.disclosure.policies import what_keeps_them_out
from contactpoint.web.context import READS_CHILDREN
from contactpoint.web.decisions import DECISIONS, Shows, pages_that_show
from contactpoint.web.drafts import keep_sent
from contactpoint.web.errors import page_of
from contactpoint.web.presenters.standing import lapsed_page
from contactpoint.web.render import render_message

Next = Callable[[HttpRequest], HttpResponse]

# Pages for everybody, signed in or not, in good standing or not.
OPEN_PAGES = pages_that_show(Shows.NOTHING)
# What may be opened while the screen is locked: the lock itself, and signing out of it.
LOCKED_PAGES = frozenset(
    {"locked", "account_logout", "livez", "readyz", "organisation_begin", "organisation_answer"}
)
# Pages a signed-in person needs to get into good standing.
WAY_IN_PAGES = frozenset(
    {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "locked",
    }
)

# What somebody does who joins before they are trained or their area opens: enter that the training is passed,
# choose a password of their own while that for one use lasts, write their recovery codes down.
JOINING_PAGES: Final = frozenset({"training_date", "account_change_password", "mfa_view_recovery_codes"})

# What may be missing then, or have run out; it opens nothing else.
BEFORE_TRAINING: Final = frozenset(
    {
        Lapse.TRAINING_EXPIRED,
        Lapse.CHECK_EXPIRED,
        Lapse.AGREEMENT_UNSIGNED,
        Lapse.NOT_RENEWED,
        Lapse.NOT_OPEN_YET,
    }
)

# Where access is shut and opened again.
INCIDENT_PAGES = frozenset({"incident", "shut_access", "agree_to_shut", "open_access", "breach"})

# What a role that reads no child data may open (R57).
PAGES_WITHOUT_CHILDREN = pages_that_show(Shows.OWN_ACCOUNT, Shows.STAFF)
# What the team of a national partner may ask for as well: people, how they are reached, and how they use it.
PAGES_OF_PARTNERS = pages_that_show(Shows.TEAM)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})

_log = structlog.get_logger("contactpoint.web")


class RequestLog:
    """Names each request by a random id and writes one line about it: the route, never the path."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Time the request."""
        request.request_id = str(uuid4())  # type: ignore[attr-defined]
        began = time.perf_counter()
        response = self._get_response(request)
        match = request.resolver_match
        _log.info(
            "request",
            request_id=request.request_id,  # type: ignore[attr-defined]
            method=request.method if request.method in METHODS else "another",
            route=match.route if match else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000),
        )
        return response


class Headers:
    """Keeps pages out of every cache, and features that no page needs switched off.

    A file of the package (style, script, icon) says about nobody anything, and says itself how long it keeps.
    """

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers."""
        response = self._get_response(request)
        if not isinstance(response, WhiteNoiseFileResponse):
            response["Cache-Control"] = "no-store, private"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class OnlyInGoodStanding:
    """Lets nobody past the open pages who is not signed in, enrolled and in good standing (R3, R4, R56)."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the decision is taken once the view is known."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Send the person to the one thing that has to happen first, or say what has run out."""
        name = request.resolver_match.url_name if request.resolver_match else None
        if LOCKED in request.session:
            return None if name in LOCKED_PAGES else _to_lock(request)
        if name in OPEN_PAGES:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if name not in DECISIONS:
            raise PermissionDenied
        signed_in: SignedIn = request.signed_in  # type: ignore[attr-defined]
        if name in WAY_IN_PAGES or (name == "acting_as" and signed_in.choices):
            return None
        if first := _comes_first(request, signed_in, name):
            return redirect(first)
        if signed_in.viewer is None or _kept_out(signed_in.viewer, name):
            if signed_in.viewer is not None:
                note_not_in_good_standing(signed_in.viewer)
            page = lapsed_page(signed_in.viewer, signed_in.standing)
            return render_message(request, page, status=HTTPStatus.FORBIDDEN)
        if not _is_for_the_role(signed_in.viewer.role, name):
            note_wrong_role(signed_in.viewer, name or "")
            raise PermissionDenied
        return None


class ErrorPages:
    """Turns what the inner rooms refuse into a page that says what happened and what to do (`web.errors`)."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the page of the exception; anything unforeseen goes on to the page for status 500."""
        known = known_failure(exception)
        if known is None:
            return None
        page, status = page_of(known)
        return render_message(request, page, status=status)


def _is_for_the_role(role: Role, name: str | None) -> bool:
    """Whether a role may ask for a page at all; what it sees there, the action decides (R57)."""
    if role in READS_CHILDREN or name in PAGES_WITHOUT_CHILDREN:
        return True
    if name == "today":  # counts of what a role may work on, and no child
        return may_this_role_ask(role, Permission.SEE_TODAY)
    return role is Role.PARTNER_TEAM and name in PAGES_OF_PARTNERS


def _kept_out(viewer: Viewer, name: str | None) -> bool:
    """Whether anything keeps a viewer from a page; what is shut can still be opened by whoever may (R55)."""
    if name in JOINING_PAGES:
        return not BEFORE_TRAINING.issuperset(viewer.lapses)
    handles = name in INCIDENT_PAGES and Permission.HANDLE_INCIDENT in PERMISSIONS[viewer.role]
    return bool(what_keeps_them_out(viewer, handles_incident=handles))


def _comes_first(request: HttpRequest, signed_in: SignedIn, name: str | None) -> str | None:
    """The page that comes before any other: what to act as, a second factor, a password of one's own."""
    if signed_in.viewer is None and signed_in.choices:
        return "acting_as"
    if signed_in.standing is not None and not signed_in.standing.second_factor:
        return "mfa_activate_totp"
    if CHOOSE in request.session and name != "account_change_password":
        return "account_change_password"
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To sign-in; somebody whose session ended is told so there, and what they sent is kept for them."""
    owner = left_for(request.session)
    if owner and request.method == "POST":
        keep_sent(request, owner, why="ended")
    ended = settings.SESSION_COOKIE_NAME in request.COOKIES
    return redirect(reverse("account_login") + ("?ended=1" if ended else ""))


def _to_lock(request: HttpRequest) -> HttpResponse:
    """To the lock; what was sent from another window is kept."""
    if request.method == "POST":
        keep_sent(request, account_of(request), why="locked")
    return redirect("locked")
