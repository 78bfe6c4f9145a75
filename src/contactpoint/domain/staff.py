"""People with accounts, as those who manage accounts see them: roles, standing, invitations, renewals.

Nothing here is about a child, and nothing about one is counted here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.standing import Standing

INVITATION_LASTS = timedelta(days=14)
ONE_GIVES = frozenset({Role.PRACTITIONER, Role.AUTHORITY_TEAM})
AN_AUTHORITY_ASKS_FOR = frozenset({Role.SHIELD_TEAM, Role.CONSENT_TEAM, Role.AUDIT_REVIEWER})
GIVEN_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
_ONLY_NATIONAL = frozenset({Role.NATIONAL_TEAM, Role.TECHNICAL_ADMINISTRATOR})
ONE_BODY = "at:"
"""Before the code of the one body that a partner's team answers for; no authority's code begins so."""
_AUTHORITY_OR_NATIONAL = frozenset({Role.SHIELD_TEAM, Role.CONSENT_TEAM, Role.AUDITOR})
_WITH_REVIEWERS = frozenset({"authority", "national", "charity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInQuestion:
    """Whose account is to be changed, as far as the rules ask about it.

    `in_reach`: they work for a body whose accounts the viewer manages. `managed_by_viewer`: the account names
    the viewer as its manager, for the body the viewer acts for. `above_viewer`: they hold a role that the
    viewer could not have given.
    """

    account: UUID
    in_reach: bool
    managed_by_viewer: bool
    above_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantInQuestion:
    """A role somebody gives, asks for or agrees to, as far as the rules ask about it."""

    role: Role
    organisation_kind: str
    in_reach: bool
    for_viewer: bool
    agreeing: bool = False
    asked_by_viewer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyInQuestion:
    """A body to accredit, as far as the rules ask about it."""

    in_reach: bool
    own: bool


def does_it_take_two_to_give(role: Role) -> bool:
    """Roles that see or decide more than an authority's team are given by two people (R1)."""
    return role not in ONE_GIVES


def does_the_role_belong_there(role: Role, organisation_kind: str) -> bool:
    """Teams belong to authorities, national roles to national bodies; partners review their own (R1, R52)."""
    if role in _ONLY_NATIONAL:
        return organisation_kind == "national"
    if role is Role.PARTNER_TEAM:
        return organisation_kind == "charity"
    if role is Role.AUDIT_REVIEWER:
        return organisation_kind in _WITH_REVIEWERS
    if role in _AUTHORITY_OR_NATIONAL:
        return organisation_kind in {"authority", "national"}
    return role is not Role.AUTHORITY_TEAM or organisation_kind == "authority"


def is_the_body_within(reach: str | None, authority: str, code: str) -> bool:
    """Whether a body is one that somebody answers for: all, those of an authority, or that one (R1)."""
    return reach is None or reach in {authority, f"{ONE_BODY}{code}"}


def may_it_ask_for(asking: Role, role: Role) -> bool:
    """A partner's team gives only practice, an authority's asks for desks; the nation's for any (R1)."""
    if asking is Role.PARTNER_TEAM:
        return role is Role.PRACTITIONER
    return role in ONE_GIVES | AN_AUTHORITY_ASKS_FOR or asking is Role.NATIONAL_TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRole:
    """Something somebody may act as now."""

    organisation: str
    organisation_name: str
    authority: str
    role: Role
    services: tuple[str, ...]
    accredited_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody with an account. `standing` is that for the first of `roles`; no role is somebody who left."""

    account: UUID
    name: str
    email: str
    job_title: str
    phone: str
    is_open: bool
    suspended_for: str
    manager: UUID | None
    manager_name: str
    invited_at: datetime | None
    told_at: datetime | None
    has_signed_in: bool
    roles: tuple[StaffRole, ...]
    standing: Standing

    def in_reach(self, reach: str | None) -> bool:
        """Whether they work for a body within that reach; None is the national team's, which is all."""
        return any(is_the_body_within(reach, one.authority, one.organisation) for one in self.roles)

    def takes_two(self) -> bool:
        """Whether they hold a role that two people gave."""
        return any(does_it_take_two_to_give(one.role) for one in self.roles)

    def lapses(self, on: date) -> tuple[Lapse, ...]:
        """What keeps them out now, but for what their own first sign-in brings."""
        found = self.standing.lapses(on)
        return tuple(one for one in found if self.has_signed_in or one is not Lapse.NO_SECOND_FACTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody to invite: who, for which body, as what, and what they brought proof of."""

    email: str
    name: str
    job_title: str
    phone: str
    organisation: str
    role: Role
    services: tuple[str, ...] = ()
    manager_email: str = ""
    checked_on: date | None = None
    trained_until: date | None = None
    agreement_signed_on: date | None = None


class StaffFilter(StrEnum):
    """Which people a list shows."""

    ALL = "all"
    KEPT_OUT = "kept_out"
    ENDS_SOON = "ends_soon"
    NOT_YET = "not_yet"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An organisation, until when it is accredited, how many act for it, and since when it is closed."""

    code: str
    name: str
    kind: str
    authority: str
    accredited_until: date | None
    people: int
    closed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRole:
    """A role that waits for a second person."""

    id: int
    account: UUID
    name: str
    role: Role
    organisation: str
    organisation_name: str
    organisation_kind: str
    authority: str
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDone:
    """The answer to a change of an account: what was done, to whom, by name."""

    what: str
    account: str = ""
    name: str = ""
