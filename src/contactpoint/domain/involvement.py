"""Services, and the fact that one is in contact with a child."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from contactpoint.domain.directory import Reached
from contactpoint.domain.errors import InvalidInput

OWN_WORDS = "practitioners"
"""The source of what practitioners say of their own work: no feed brings it."""


class ServiceKind(StrEnum):
    """How widely a service's contact with a child may be shown (R36-R40)."""

    UNIVERSAL = "universal"
    ADDITIONAL = "additional"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of help: its code in feeds, its name on pages, and its kind."""

    code: str
    name: str
    kind: ServiceKind


def _services() -> dict[str, Service]:
    universal = {
        "school": "School",
        "early_years": "Nursery or early years",
        "gp": "GP practice",
        "health_visitor": "Health visiting",
        "school_nurse": "School nursing",
    }
    # Beyond what every child of that age normally gets (SI 2010/1213).
    additional = {
        "childrens_social_care": "Children's social care",
        "early_help": "Early help",
        "send": "Special educational needs",
        "disability": "Disabled children's services",
        "education_welfare": "Education welfare",
        "home_education": "Elective home education",
        "youth_justice": "Youth justice",
        "youth_worker": "Youth work",
        "family_support": "Family support",
        "young_carers": "Young carers",
    }
    # Sexual health, mental health and substance misuse, and no other (R36).
    sensitive = {
        "mental_health": "Mental health",
        "sexual_health": "Sexual health",
        "substance_misuse": "Substance misuse",
    }
    kinds = (
        (ServiceKind.UNIVERSAL, universal),
        (ServiceKind.ADDITIONAL, additional),
        (ServiceKind.SENSITIVE, sensitive),
    )
    return {
        code: Service(code=code, name=name, kind=kind)
        for kind, names in kinds
        for code, name in names.items()
    }


SERVICES: dict[str, Service] = _services()


class ConsentBasis(StrEnum):
    """Why a sensitive service may be recorded at all (R37, R38)."""

    CHILD = "child"
    CARER = "carer"
    SIGNIFICANT_HARM = "significant_harm"


class ConsentScope(StrEnum):
    """How much was agreed to: all of it, the service without anybody's name, or the desk alone (R38)."""

    LISTED = "listed"
    TEAM = "team"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Who allowed a sensitive service to be shown, how much, until when; withdrawal hides at once (R41)."""

    basis: ConsentBasis
    until: date | None = None
    withdrawn_at: datetime | None = None
    scope: ConsentScope = ConsentScope.LISTED

    def allows_showing(self, on: date) -> bool:
        """Say whether the service may be shown on that day.

        Suspicion of significant harm permits recording it (R37), not showing it to everyone; and somebody may
        agree that it is recorded so that the desk can pass on a message, and no more.
        """
        if self.withdrawn_at is not None or self.basis is ConsentBasis.SIGNIFICANT_HARM:
            return False
        if self.scope is ConsentScope.DESK:
            return False
        return self.until is None or on <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """That an organisation of a kind is closed, and since which day: its list names it no more."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """Whom to ring: a team needs no named person. `service` is how the service says that it is reached."""

    organisation_code: str
    organisation_name: str
    team: str | None = None
    practitioner: str | None = None
    practitioner_role: str | None = None
    phone: str | None = None
    hours: str | None = None
    cover: str | None = None
    service: Reached | None = None
    closed: Closed | None = None

    def as_reached(self, on: date) -> Self:
        """The same as it can be reached on a day: where the organisation is closed nobody answers (R25).

        Whoever worked there is still named. Until it closes it is as any other.
        """
        if self.closed is None:
            return self
        if on < self.closed.on:
            return replace(self, closed=None)
        return replace(self, phone=None, hours=None, cover=None, service=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement:
    """A service is in contact with a child (R44); a sign of action, never of concern (R45).

    `confirmed` is False while it rests on one practitioner's own word. `record` names the source record it
    rests on. `authority` is the three-digit code of the organisation's own authority, if it has one.
    `lead_since` is the day its practitioner took the lead over, where that was said (R43). `known_at` is when
    the directory learnt of it from somebody to be believed, `end_known_at` when it learnt that it ended.
    A source's `end` is the last day of contact; what its practitioner ended is `over_at_once`, and on that
    day they are in contact no more.

    Raises:
        InvalidInput: it ends before it starts, or a sensitive service comes without a basis (R37).
    """

    id: int
    service: Service
    contact: ContactDetails
    source: str
    source_name: str
    start: date | None
    end: date | None = None
    last_confirmed: date | None = None
    lead_practitioner: bool = False
    assessment_held: bool = False
    confirmed: bool = True
    consent: Consent | None = None
    record: int = 0
    authority: str | None = None
    lead_since: date | None = None
    known_at: datetime | None = None
    end_known_at: datetime | None = None
    over_at_once: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.start and self.end and self.end < self.start:
            raise InvalidInput("An involvement cannot end before it starts.")
        if self.service.kind is ServiceKind.SENSITIVE and self.consent is None:
            raise InvalidInput("A sensitive service is recorded only with its consent or its reason (R37).")

    def is_current(self, on: date) -> bool:
        """Say whether the service is in contact on that day."""
        over = self.over_on
        return over is None or over > on

    @property
    def is_own_word(self) -> bool:
        """Say whether a practitioner said it of their own work."""
        return self.source == OWN_WORDS

    @property
    def over_on(self) -> date | None:
        """The first day without contact, None while no end is known."""
        if self.end is None or self.over_at_once:
            return self.end
        return self.end + timedelta(days=1)
