"""What every template gets: who acts, where one can go, and the nonce of the page's one inline script."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from contactpoint.access.again import button_waits
from contactpoint.access.sessions import idle_seconds, left_for, seconds_left
from contactpoint.access.training import is_training
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.web.presenters.standing import ending_words
from contactpoint.web.presenters.words import day_words

ROLE_WORDS = {
    Role.PRACTITIONER: "practitioner",
    Role.AUTHORITY_TEAM: "authority team",
    Role.PARTNER_TEAM: "partner team",
    Role.NATIONAL_TEAM: "national team",
    Role.SHIELD_TEAM: "shield team",
    Role.CONSENT_TEAM: "consent desk",
    Role.AUDITOR: "auditor",
    Role.AUDIT_REVIEWER: "reviewer of use",
    Role.TECHNICAL_ADMINISTRATOR: "technical administrator",
    Role.SYSTEM: "system",
}
READS_CHILDREN = frozenset(role for role, may in PERMISSIONS.items() if Permission.SEARCH in may)
# A team reaches all its other lists from "Today".
NAVIGATION = (
    ("find", "Find a child", Permission.SEARCH),
    ("today", "Today", Permission.SEE_TODAY),
    ("my_children", "My children", Permission.KEEP_INVOLVEMENT),
    ("notices", "Notices", Permission.SEE_NOTICES),
    ("inbox", "Inbox", Permission.SEE_INBOX),
    ("waiting", "To confirm", Permission.CONFIRM_INVOLVEMENT),
    ("services", "Services", Permission.FIND_SERVICE),
    ("shields", "Shield desk", Permission.SEE_SHIELDS),
    ("use", "Use to review", Permission.REVIEW_USE),
    ("checkpoints", "Checkpoints", Permission.READ_AUDIT),
    ("incident", "Incident", Permission.HANDLE_INCIDENT),
)
# What is one's own stands beside one's name, so that the work keeps to one row.
OWN = (
    ("activity", "My activity", Permission.SEE_OWN_ACTIVITY),
    ("account", "Your account", Permission.SEE_OWN_ACTIVITY),
)
# In a training directory alone.
PRACTICE = (("exercises", "Exercises", Permission.SEE_OWN_ACTIVITY),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingAs:
    """Who is signed in, as what."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """One entry of the navigation."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The frame around every page."""

    home: str
    acting_as: ActingAs | None
    navigation: tuple[NavigationItem, ...]
    own: tuple[NavigationItem, ...]
    has_today: bool
    may_say: bool
    printed_on: str
    here: str
    idle_minutes: int
    minutes_left: int
    may_stay: bool
    signed_out_because: str
    ending: str
    button_waits: bool
    is_training: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    good = viewer is not None and not viewer.lapses
    ended = viewer is None and "ended" in request.GET
    left, may_stay = seconds_left(request.session, timezone.now())
    return {
        "csp_nonce": str(getattr(request, "csp_nonce", "")),
        "page": Page(
            home=reverse(home_of(viewer)) if good else reverse("start"),
            acting_as=_acting_as(viewer) if viewer else None,
            navigation=_navigation(request, viewer, NAVIGATION) if viewer and good else (),
            own=_navigation(request, viewer, PRACTICE + OWN if is_training() else OWN)
            if viewer and good
            else (),
            has_today=good and viewer is not None and Permission.SEE_TODAY in PERMISSIONS[viewer.role],
            may_say=good and viewer is not None and Permission.GIVE_FEEDBACK in PERMISSIONS[viewer.role],
            printed_on=day_words(timezone.localdate()),
            here=request.path,
            idle_minutes=idle_seconds(request.session) // 60 if viewer else settings.SESSION_COOKIE_AGE // 60,
            minutes_left=left // 60,
            may_stay=may_stay,
            signed_out_because=_because(request) if ended else "",
            ending=_ending(request, viewer) if viewer and good else "",
            button_waits=bool(viewer and good and button_waits(request)),
            is_training=is_training(),
        ),
    }


def _because(request: HttpRequest) -> str:
    if left_for(request.session) is None:
        return "You were signed out. Sign in again to go on."
    return (
        "You were signed out because nothing happened for too long, or because you had been signed in for "
        "ten hours. Sign in again to go on: what you had typed and sent is kept for you."
    )


def _ending(request: HttpRequest, viewer: Viewer) -> str:
    """On the page one starts from, what of the account runs out soon."""
    standing = getattr(getattr(request, "signed_in", None), "standing", None)
    here = request.resolver_match.url_name if request.resolver_match else None
    return ending_words(standing, timezone.localdate()) if standing and here == home_of(viewer) else ""


def home_of(viewer: Viewer | None) -> str:
    """The name of the page somebody starts from; roles that read no child data have no search (R57)."""
    if viewer is None or viewer.role in READS_CHILDREN:
        return "find"
    return "today" if Permission.SEE_TODAY in PERMISSIONS[viewer.role] else "activity"


def _acting_as(viewer: Viewer) -> ActingAs:
    title = viewer.job_title or ROLE_WORDS[viewer.role]
    return ActingAs(name=viewer.name, role=f"{title}, {viewer.organisation_name}")


def _navigation(
    request: HttpRequest, viewer: Viewer, entries: tuple[tuple[str, str, Permission], ...]
) -> tuple[NavigationItem, ...]:
    here = request.resolver_match.url_name if request.resolver_match else None
    return tuple(
        NavigationItem(text=text, href=reverse(name), current=here == name)
        for name, text, permission in entries
        if permission in PERMISSIONS[viewer.role]
    )
