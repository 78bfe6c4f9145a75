"""Children for whom no authority is responsible: listed to the national team, and given to one (R15, R58)."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.redact import NO_NAME
from contactpoint.domain.here import HERE
from contactpoint.domain.moves import answered_by
from contactpoint.domain.retention import Leaving
from contactpoint.domain.unplaced import (
    AuthorityGiven,
    GivenBecause,
    LeavingNoted,
    UnplacedChild,
    UnplacedChildren,
    why_is_nobody_responsible,
)
from contactpoint.storage.queries import unplaced as stored
from contactpoint.storage.queries.organisations import NamedCode, authorities
from contactpoint.storage.queries.unplaced import UnplacedRow
from contactpoint.storage.search_index import Row, main_rows

SHOWN: Final = 100
"""Children on the page: those who wait longest."""
_ASKED: Final = Permission.GIVE_AUTHORITY
_MOMENT: Final = timedelta(microseconds=1)
WHY: Final = Purpose(code=PurposeCode.TRANSFER)
NOT_LISTED = Refusal(
    sentence="This child does not wait for an authority any more.",
    rules=("R58",),
    way_on="Go back to the list.",
)


def unplaced_waiting(seeing: UUID) -> int:
    """Count the children of the list."""
    return next((row.in_all for row in stored.unplaced_seen(seeing, 1)), 0)


def authorities_to_give() -> tuple[NamedCode, ...]:
    """Every authority, by name."""
    return authorities()


@transaction.atomic
def children_without_authority(*, by: Viewer, at: datetime) -> UnplacedChildren | Refusal:
    """Return whom no authority is responsible for, the oldest first, by name; audited with whom it names.

    Never of a shielded child, and of a home that is kept back no more than of one that is not known (R27).
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    details: dict[str, Json] = {"rules": list(decision.rules)}
    rows = stored.unplaced_seen(
        record(Action.LISTED_UNPLACED, by=by, at=at, purpose=WHY, details=details), SHOWN
    )
    children = [row.child for row in rows]
    if children:
        # A moment later, so that what somebody did stands in the order in which they did it.
        record(Action.LISTED_UNPLACED, by=by, at=at + _MOMENT, purpose=WHY, subjects=children)
    shown = main_rows(children)
    return UnplacedChildren(
        children=tuple(_unplaced(row, shown[row.child]) for row in rows if row.child in shown),
        in_all=rows[0].in_all if rows else 0,
    )


@transaction.atomic
def give_authority(
    *, child: str, authority: str, because: GivenBecause, by: Viewer, at: datetime
) -> AuthorityGiven | Refusal:
    """Ask an authority to be responsible for a child of the list; it accepts or declines (R58, R59).

    Until it has accepted, nobody is.
    """
    details: dict[str, Json] = {"becomes": authority, "because": because.value}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=WHY, details=details)
    details["rules"] = list(decision.rules)
    event = record(Action.GAVE_AUTHORITY, by=by, at=at, purpose=WHY, subjects=[child], details=details)
    if not stored.give(event, authority, because, answered_by(at.astimezone(HERE).date())):
        return record_refusal(NOT_LISTED, _ASKED, by=by, at=at, purpose=WHY, details=details)
    names = {one.code: one.name for one in authorities()}
    return AuthorityGiven(authority=names.get(authority, authority))


@transaction.atomic
def note_leaving(*, child: str, leaving: Leaving, by: Viewer, at: datetime) -> LeavingNoted | Refusal:
    """Write down that a child of the list left England, and what is said of coming back (R50).

    It stands on the record and ends it in time, until a source puts the child into an authority.
    """
    details: dict[str, Json] = {"kind": leaving.kind.value, "since": leaving.since.isoformat()}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=WHY, details=details)
    details["rules"] = list(decision.rules)
    event = record(Action.NOTED_LEAVING, by=by, at=at, purpose=WHY, subjects=[child], details=details)
    if not stored.note_leaving(event, leaving):
        return record_refusal(NOT_LISTED, _ASKED, by=by, at=at, purpose=WHY, details=details)
    return LeavingNoted(kind=leaving.kind.value)


def _unplaced(row: UnplacedRow, shown: Row) -> UnplacedChild:
    return UnplacedChild(
        child=row.child,
        name=" ".join(part for part in (shown.forename, shown.surname) if part) or NO_NAME,
        date_of_birth=shown.dob_text or None,
        since=row.since,
        because=why_is_nobody_responsible(shown.postcode),
    )
