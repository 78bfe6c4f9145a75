"""The service directory: a service says how it is reached, and once a term that it still is (R25, R44)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.directory import (
    ContactPoint,
    PointDone,
    Reached,
    in_order_of_age,
    is_it_time_to_confirm,
)
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.meanwhile import ChangedMeanwhile, PointVersion
from contactpoint.storage.queries import points as stored
from contactpoint.storage.queries.organisations import NamedCode

_ASKED: Final = Permission.KEEP_CONTACT_POINT
NO_SUCH_SERVICE: Final = Refusal(
    sentence="There is no such service.",
    rules=("R44",),
    way_on="Go back to the contact points and choose one that is listed.",
)
FOR_A_TEAM: Final = Refusal(
    sentence="Only the team of an authority or a partner adds a service.",
    rules=("R44",),
    way_on="Your own services are listed already. Ask your team to add another.",
)
NOT_NOW: Final = "Nothing was changed: say first how the service is reached, or sign in again."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoints:
    """The viewer's own, and for the team of an authority or partner all there; oldest first."""

    own: tuple[ContactPoint, ...]
    area: tuple[ContactPoint, ...]


@transaction.atomic
def contact_points(*, by: Viewer, at: datetime) -> ContactPoints | Refusal:
    """Return how the viewer's services are reached, and whatever else they keep current; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NO_SUCH_SERVICE, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_CONTACT_POINTS, by=by, at=at, details={"rules": list(decision.rules)})
    own = _own(by)
    area: tuple[ContactPoint, ...] = ()
    if by.role is Role.PARTNER_TEAM or (by.role is Role.AUTHORITY_TEAM and by.authority):
        mine = {(one.organisation, one.service) for one in own}
        found = stored.points_in(seeing)
        area = tuple(one for one in found if (one.organisation, one.service) not in mine)
    return ContactPoints(own=in_order_of_age(own), area=in_order_of_age(area))


@transaction.atomic
def contact_point(*, organisation: str, service: str, by: Viewer, at: datetime) -> ContactPoint | Refusal:
    """Return one contact point that the viewer may keep."""
    found = _theirs(organisation, service, by=by, at=at)
    if not isinstance(found, Refusal):
        details = {"organisation": organisation, "service": service}
        record(Action.LISTED_CONTACT_POINTS, by=by, at=at, details=details)
    return found


@transaction.atomic
def keep_contact_point(
    *,
    organisation: str,
    service: str,
    said: Reached,
    seen: PointVersion | None = None,
    by: Viewer,
    at: datetime,
) -> PointDone | ChangedMeanwhile | Refusal:
    """Say how a service is reached by day, at night and in school holidays.

    Where a colleague said otherwise since the page was `seen`, nothing is changed and both come back.

    Raises:
        Conflict: the database lets them not.
    """
    found = _theirs(organisation, service, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    now = version_of(found)
    if seen and seen != now:
        return ChangedMeanwhile(seen=seen, now=now, sent=_version(said))
    details: dict[str, Json] = {
        "organisation": organisation,
        "service": service,
        "before": _details(found.reached) if found.reached else {},
        "now": _details(said),
    }
    seeing = record(Action.KEPT_CONTACT_POINT, by=by, at=at, details=details)
    if not stored.keep_point(seeing, organisation, service, said):
        raise Conflict(NOT_NOW)
    return PointDone(service=service)


@transaction.atomic
def confirm_contact_point(
    *, organisation: str, service: str, by: Viewer, at: datetime
) -> PointDone | Refusal:
    """Say that it still holds: asked once a term (R25).

    Raises:
        Conflict: nobody has said yet how it is reached.
    """
    found = _theirs(organisation, service, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    details = {"organisation": organisation, "service": service}
    seeing = record(Action.CONFIRMED_CONTACT_POINT, by=by, at=at, details=details)
    if not stored.confirm_point(seeing, organisation, service):
        raise Conflict(NOT_NOW)
    return PointDone(service=service)


@transaction.atomic
def end_contact_point(*, organisation: str, service: str, by: Viewer, at: datetime) -> PointDone | Refusal:
    """Say that a service is not provided there any more; what it said stands in the audit (R25, R44).

    Raises:
        Conflict: nobody has said how it is reached, or a colleague ended it meanwhile.
    """
    found = _theirs(organisation, service, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    details: dict[str, Json] = {
        "organisation": organisation,
        "service": service,
        "before": _details(found.reached) if found.reached else {},
    }
    seeing = record(Action.ENDED_CONTACT_POINT, by=by, at=at, details=details)
    if not stored.end_point(seeing, organisation, service):
        raise Conflict(NOT_NOW)
    return PointDone(service=service)


@transaction.atomic
def bodies_to_reach(*, by: Viewer, at: datetime) -> tuple[NamedCode, ...] | Refusal:
    """Return the bodies of which a team may say that they provide one more service (R44)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    theirs = by.role is Role.PARTNER_TEAM or (by.role is Role.AUTHORITY_TEAM and bool(by.authority))
    if decision.refusal or not theirs:
        return record_refusal(decision.refusal or FOR_A_TEAM, _ASKED, by=by, at=at)
    record(Action.LISTED_CONTACT_POINTS, by=by, at=at, details={"rules": list(decision.rules)})
    area = by.authority if by.role is Role.AUTHORITY_TEAM else None
    return stored.bodies_to_reach(area or "", by.organisation_code)


def points_waiting(by: Viewer, at: datetime) -> int:
    """How many of the viewer's own services wait to say whether they are still reached so."""
    if _ASKED not in PERMISSIONS[by.role]:
        return 0
    return sum(is_it_time_to_confirm(one.reached, at.date()) for one in _own(by))


def points_waiting_in(seeing: UUID, at: datetime) -> int:
    """How many services of an authority wait so; in a transaction that has written down whose team looks."""
    found = stored.points_in(seeing)
    return sum(is_it_time_to_confirm(one.reached, at.date()) for one in found)


def version_of(point: ContactPoint) -> PointVersion:
    """How a service is reached, as a page says it."""
    return _version(point.reached)


def _own(by: Viewer) -> tuple[ContactPoint, ...]:
    return stored.own_points(by.organisation_code, by.organisation_name, by.services)


def _theirs(organisation: str, service: str, *, by: Viewer, at: datetime) -> ContactPoint | Refusal:
    found = stored.point_of(organisation, service) if service in SERVICES else None
    asked = AccessRequest(viewer=by, permission=_ASKED, at=at, point=found[1] if found else None)
    decision = authorise(asked)
    if decision.refusal or found is None or by.account_id is None:
        details = {"organisation": organisation[:32], "service": service[:32]}
        return record_refusal(decision.refusal or NO_SUCH_SERVICE, _ASKED, by=by, at=at, details=details)
    return found[0]


def _version(reached: Reached | None) -> PointVersion:
    if reached is None:
        return PointVersion(phone="", hours="", night="", holidays="")
    return PointVersion(
        phone=reached.phone, hours=reached.hours, night=reached.night, holidays=reached.holidays
    )


def _details(reached: Reached) -> dict[str, Json]:
    return {
        "phone": reached.phone,
        "hours": reached.hours,
        "night": reached.night,
        "holidays": reached.holidays,
    }
