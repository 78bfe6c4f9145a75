"""How far somebody who manages accounts reaches, and the question to the rules about one account (R1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contactpoint.actions.recording import record_refusal
from contactpoint.domain.audit.events import Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK
from contactpoint.domain.errors import NotFound
from contactpoint.domain.staff import (
    ONE_BODY,
    PersonInQuestion,
    StaffFilter,
    StaffMember,
    is_the_body_within,
)
from contactpoint.storage.queries import staff

NOBODY_HERE: Final = "There is no such account. Go back to the list of people."
NO_REACH: Final = Refusal(
    sentence="You cannot manage accounts because you act for no authority, partner or national team.",
    rules=("R1",),
    way_on="Choose another role, or ask the account manager of your authority.",
)
HAS_LEFT: Final = Refusal(
    sentence="You cannot change this account because it was closed when they left.",
    rules=("R56",),
    way_on="If they come back, invite them with the same e-mail address: that opens the account again.",
)
NOT_NOW: Final = "That cannot be done as things stand. Somebody may have done it meanwhile: look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose accounts a viewer manages: of bodies of an authority, or of one partner (`at:`); None is all."""

    authority: str | None

    def reaches(self, authority: str, code: str) -> bool:
        """Whether a body is one of them."""
        return is_the_body_within(self.authority, authority, code)


def reach_of(by: Viewer) -> Reach | None:
    """How far a viewer reaches; None for who manages no accounts."""
    if Permission.MANAGE_PEOPLE not in PERMISSIONS[by.role]:
        return None
    if by.role is Role.NATIONAL_TEAM:
        return Reach(authority=None) if by.organisation_code == NATIONAL_DESK else None
    if by.role is Role.PARTNER_TEAM:
        return (
            Reach(authority=f"{ONE_BODY}{by.organisation_code}")
            if by.organisation_kind == "charity"
            else None
        )
    own = by.authority if by.organisation_kind == "authority" else None
    return Reach(authority=own) if own else None


def ask_reach(*, by: Viewer, at: datetime) -> Reach | Refusal:
    """Ask whether a viewer manages accounts at all; a refusal is recorded."""
    asked = Permission.MANAGE_PEOPLE
    decision = authorise(AccessRequest(viewer=by, permission=asked, at=at))
    reach = reach_of(by)
    if decision.refusal or reach is None:
        return record_refusal(decision.refusal or NO_REACH, asked, by=by, at=at)
    return reach


def ask_person(
    account: UUID,
    permission: Permission,
    *,
    by: Viewer,
    at: datetime,
    details: Mapping[str, Json] | None = None,
) -> StaffMember | Refusal:
    """Ask the rules about one account; a refusal is recorded.

    Raises:
        NotFound: there is none.
    """
    member = staff.person(account)
    if member is None:
        raise NotFound(NOBODY_HERE)
    question = question_about(member, by)
    decision = authorise(AccessRequest(viewer=by, permission=permission, at=at, person=question))
    if decision.refusal is None:
        return member
    said = {"account": str(account), **(details or {})}
    refusal = HAS_LEFT if _is_a_leaver_of_theirs(member, by, at) else decision.refusal
    return record_refusal(refusal, permission, by=by, at=at, details=said)


def _is_a_leaver_of_theirs(member: StaffMember, by: Viewer, at: datetime) -> bool:
    """Whether an account is closed and listed to the viewer among those who left."""
    reach = reach_of(by)
    if member.is_open or reach is None:
        return False
    left = staff.people(
        authority=reach.authority, which=StaffFilter.LEFT, words=member.email, on=at.date(), limit=2
    )
    return any(one.account == member.account for one in left)


def question_about(member: StaffMember, by: Viewer) -> PersonInQuestion:
    """One account, as far as the rules ask about it."""
    reach = reach_of(by)
    at_same_body = any(one.organisation == by.organisation_code for one in member.roles)
    return PersonInQuestion(
        account=member.account,
        in_reach=reach is not None and member.in_reach(reach.authority),
        managed_by_viewer=at_same_body and member.manager == by.account_id and by.account_id is not None,
        above_viewer=member.takes_two() and by.role is not Role.NATIONAL_TEAM,
    )
