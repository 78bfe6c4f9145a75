"""Release an archived record after its first year, for one of the three purposes there are (R48)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.domain.retention import ReleaseReason
from contactpoint.storage import retention as stored
from contactpoint.storage.queries.children import find_child
from contactpoint.storage.queries.keeping_time import involvements_of_many, statements_said_last

_ASKED: Final = Permission.RUN_PIPELINES
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """An archived record as whoever asked for it gets it: plain values, and what it is for."""

    number: str
    archived_since: date
    because: ReleaseReason
    statements: tuple[Mapping[str, Json], ...]
    contacts: tuple[Mapping[str, Json], ...]


@transaction.atomic
def release_archived(
    *, number: str, because: ReleaseReason, asked_by: str, reference: str, by: Viewer, at: datetime
) -> Released | Refusal:
    """Hand out what the archive holds of one person, on record: to whom, for what, under which reference.

    A shielded record is not released here: its whereabouts may still put somebody at risk, and the shield
    desk lifts first. What needs consent is released with it, because the three purposes are the law's own.

    Raises:
        InvalidInput: nobody is named, or no reference.
        Conflict: it is not in the archive, or protected.
        NotFound: there is no such number.
    """
    for what in (asked_by, reference):
        if not what.strip() or len(what) > _LONGEST:
            raise InvalidInput(
                f"Say who asks and under which reference, each in at most {_LONGEST} characters."
            )
    child = find_child(number, for_whom=None)
    if child is None:
        raise NotFound("No record has this number.")
    details: dict[str, Json] = {"because": because.value, "asked_by": asked_by, "reference": reference}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(
            decision.refusal, _ASKED, by=by, at=at, subjects=[child.number], details=details
        )
    since = stored.archived_since(child.number)
    if since is None:
        raise Conflict("It is not in the archive: open it as any other record.")
    if child.shielded:
        raise Conflict("It is protected. The shield desk has to lift the protection first.")
    record(Action.RELEASED_ARCHIVED, by=by, at=at, subjects=[child.number], details=details)
    return Released(
        number=child.number,
        archived_since=since,
        because=because,
        statements=tuple(_statement(one) for _, one in statements_said_last([child.number])),
        contacts=_contacts([one for _, one in involvements_of_many([child.number])]),
    )


def _statement(one: Statement) -> Mapping[str, Json]:
    return {
        "source": one.source_name,
        "as_at": one.as_at.isoformat(),
        **one.facts.as_mapping(),
        "address_kinds": [address.kind.value for address in one.addresses],
        "carers": [" ".join(part for part in (c.forename, c.surname) if part) for c in one.carers],
    }


def _contacts(involvements: Sequence[Involvement]) -> tuple[Mapping[str, Json], ...]:
    return tuple(
        {
            "service": one.service.name,
            "organisation": one.contact.organisation_name,
            "practitioner": one.contact.practitioner,
            "phone": one.contact.phone,
            "start": one.start.isoformat() if one.start else None,
            "end": one.end.isoformat() if one.end else None,
        }
        for one in involvements
    )
