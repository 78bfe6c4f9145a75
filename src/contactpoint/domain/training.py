"""Training England: the exercises of a role, and the statement that sets a training date (R3, R56).

Real lapses came of people who "tested" the directory on relatives, so there is one to test it on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from contactpoint.domain.audit.events import Action, AuditEvent, Outcome
from contactpoint.domain.disclosure.actors import Role

TRAINED_FOR: Final = timedelta(days=365)
STATEMENT_LASTS: Final = timedelta(days=30)
TRIES_A_DAY: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The child whom an exercise is about, as somebody says the name over a bad line."""

    number: str
    forename: str
    surname: str
    born: date


class About(StrEnum):
    """Whom an exercise is about."""

    THE_CHILD = "the_child"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """Something to do, and which deeds in one's own audit show that it was done."""

    title: str
    how: str
    shown_by: tuple[Action, ...]
    about: About = About.ANYBODY


_FIND: Final = Exercise(
    title="Find the child and open the record",
    how="Say why you look, type what you heard, and choose who fits. Names are often heard wrongly.",
    shown_by=(Action.OPENED_RECORD,),
    about=About.THE_CHILD,
)
_LOOK_BACK: Final = Exercise(
    title="Look at what the directory holds about you",
    how="Open “My activity”: every search and every record stands there, as a reviewer sees it.",
    shown_by=(Action.VIEWED_OWN_ACTIVITY,),
)
EXERCISES: Final[Mapping[Role, tuple[Exercise, ...]]] = {
    Role.PRACTITIONER: (
        _FIND,
        Exercise(
            title="Say that you work with this child",
            how="On the record press “I am working with this child”.",
            shown_by=(Action.RECORDED_INVOLVEMENT,),
            about=About.THE_CHILD,
        ),
        Exercise(
            title="Ask a service to contact you",
            how="On the record press “Ask them to contact me” beside one of the services.",
            shown_by=(Action.ASKED_CONTACT,),
            about=About.THE_CHILD,
        ),
        _LOOK_BACK,
    ),
    Role.AUTHORITY_TEAM: (
        _FIND,
        Exercise(
            title="Decide about two records",
            how="From “Today” open one of the records to check and say: same, different, or cannot tell.",
            shown_by=(Action.DECIDED_LINK,),
        ),
        Exercise(
            title="Renew what somebody's account rests on",
            how="Under “People” open somebody and enter a check, training or agreement.",
            shown_by=(Action.RECORDED_STANDING,),
        ),
        _LOOK_BACK,
    ),
    Role.SHIELD_TEAM: (
        _FIND,
        Exercise(
            title="Decide about a protection",
            how="From the shield desk open one, and confirm, extend or ask to lift it.",
            shown_by=(Action.CONFIRMED_SHIELD, Action.EXTENDED_SHIELD, Action.ASKED_LIFTING),
        ),
        _LOOK_BACK,
    ),
    Role.CONSENT_TEAM: (
        _FIND,
        Exercise(
            title="See who has agreed",
            how="From “Today” open what waits at your desk.",
            shown_by=(Action.LISTED_DESK, Action.LISTED_CONSENTS),
        ),
        _LOOK_BACK,
    ),
    Role.NATIONAL_TEAM: (
        _FIND,
        Exercise(
            title="See how far the roll-out is",
            how="From “Today” open the roll-out.",
            shown_by=(Action.LISTED_WAVES,),
        ),
        Exercise(
            title="Read a setting and what it was before",
            how="From “Today” open “Settings”.",
            shown_by=(Action.LISTED_SETTINGS,),
        ),
        _LOOK_BACK,
    ),
    Role.PARTNER_TEAM: (
        Exercise(
            title="Look at who has an account in your charge",
            how="From “Today” open “People”.",
            shown_by=(Action.LISTED_PEOPLE,),
        ),
        _LOOK_BACK,
    ),
    Role.AUDIT_REVIEWER: (
        Exercise(
            title="Judge one use",
            how="Open the first of “Use to review”, read why it is asked about, and say what it was.",
            shown_by=(Action.REVIEWED_AUDIT,),
        ),
        _LOOK_BACK,
    ),
    Role.AUDITOR: (
        Exercise(
            title="Ask for a checkpoint",
            how="Under “Checkpoints” ask for the newest.",
            shown_by=(Action.ASKED_HANDOVER, Action.TOOK_HANDOVER),
        ),
        _LOOK_BACK,
    ),
    Role.TECHNICAL_ADMINISTRATOR: (
        Exercise(
            title="See where access is shut in an incident",
            how="Open “Incident”. Shut nothing.",
            shown_by=(Action.LISTED_INCIDENTS,),
        ),
        _LOOK_BACK,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What Training England says of a person: signed there, believed where its key is trusted."""

    id: UUID
    email: str
    name: str
    role: Role
    passed: date


def exercises_done(role: Role, events: Iterable[AuditEvent], child: str | None) -> tuple[bool, ...]:
    """Say of each exercise of a role whether one's own audit shows it (R3); `child` is whom they ask for."""
    allowed = [event for event in events if event.outcome is Outcome.ALLOWED]
    return tuple(any(_shows(one, event, child) for event in allowed) for one in EXERCISES[role])


def _shows(exercise: Exercise, event: AuditEvent, child: str | None) -> bool:
    meant = exercise.about is About.ANYBODY or child in event.subjects
    return event.action in exercise.shown_by and meant


def tries_within_a_day(events: Iterable[AuditEvent], at: datetime) -> int:
    """How often somebody took the assessment within the last day."""
    since = at - timedelta(days=1)
    return sum(event.action is Action.TOOK_ASSESSMENT and event.occurred_at > since for event in events)


# Heard over a bad line: the first that changes the name is taken.
_HEARD_AS: Final = (
    ("ph", "f"), ("ck", "k"), ("ll", "l"), ("tt", "t"), ("ss", "s"), ("nn", "n"), ("mm", "m"), ("ee", "ea"),
    ("ie", "y"), ("ai", "ay"), ("ou", "oo"), ("th", "t"), ("mp", "m"), ("ds", "s"), ("ey", "y"), ("y", "i"),
    ("er", "ar"), ("c", "k"), ("v", "f"), ("z", "s"), ("i", "e"), ("o", "u"), ("a", "e"), ("e", "i"),
)  # fmt: skip


def misheard(name: str) -> str:
    """A name as it may be written down after a telephone call; the first letter stays."""
    first, rest = name[:1], name[1:]
    for said, heard in _HEARD_AS:
        if said in rest:
            return first + rest.replace(said, heard, 1)
    return name + name[-1:]
