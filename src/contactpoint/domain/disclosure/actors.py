"""Who is asking: frozen values, made once per request, never an ORM object."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person acts as. One account may hold several, and acts in one at a time."""

    PRACTITIONER = "practitioner"
    AUTHORITY_TEAM = "authority_team"
    PARTNER_TEAM = "partner_team"
    NATIONAL_TEAM = "national_team"
    SHIELD_TEAM = "shield_team"
    CONSENT_TEAM = "consent_team"
    AUDITOR = "auditor"
    AUDIT_REVIEWER = "audit_reviewer"
    TECHNICAL_ADMINISTRATOR = "technical_administrator"
    SYSTEM = "system"


class Lapse(StrEnum):
    """Why an account is not in good standing (R3, R55, R56), or not let in yet."""

    SHUT = "shut"
    ORGANISATION_NOT_ACCREDITED = "organisation_not_accredited"
    CHECK_EXPIRED = "check_expired"
    TRAINING_EXPIRED = "training_expired"
    AGREEMENT_UNSIGNED = "agreement_unsigned"
    NOT_RENEWED = "not_renewed"
    NO_SECOND_FACTOR = "no_second_factor"
    IDLE = "idle"
    NOT_OPEN_YET = "not_open_yet"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBehalfOf:
    """Somebody without an account, for whom a viewer looks (R6): the audit names both."""

    name: str
    title: str
    organisation: str
    organisation_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A signed-in person acting in one role for one organisation, or a system process acting for one.

    `authority` is the three-digit code of the organisation's local authority, None for national bodies.
    `organisation_kind` decides which other bodies' numbers are shown; None shows none.
    `lapses` empty means in good standing. `mediates_for` is whoever asked them to look.
    """

    account_id: UUID | None
    name: str
    role: Role
    organisation_code: str
    organisation_name: str
    organisation_kind: str | None = None
    authority: str | None = None
    job_title: str | None = None
    phone: str | None = None
    services: tuple[str, ...] = ()
    lapses: tuple[Lapse, ...] = ()
    request_id: str | None = None
    mediates_for: OnBehalfOf | None = None

    @property
    def is_system(self) -> bool:
        """Say whether this is a process rather than a person."""
        return self.role is Role.SYSTEM


def system_viewer(process: str) -> Viewer:
    """The viewer under which a pipeline or a worker acts; `process` names it in the audit."""
    return Viewer(
        account_id=None,
        name=process,
        role=Role.SYSTEM,
        organisation_code="contactpoint",
        organisation_name="ContactPoint",
    )
