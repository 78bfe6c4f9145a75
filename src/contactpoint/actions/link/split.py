"""One number stands for two children: part them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from contactpoint.actions.link.changing import Doing, match_of, name_of, part
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict
from contactpoint.domain.matching import IdentityChanged, which_part_leaves
from contactpoint.storage import identity_changes as stored

_ASKED = Permission.JOIN_OR_PART
NOT_TWO_PARTS = "These records are no longer two parts of one record. Open the case again."


@transaction.atomic
def split_child(
    *, number: str, records: Collection[int], because: str, by: Viewer, at: datetime, asked: bool = False
) -> IdentityChanged | Refusal:
    """Part a child's records in two; the part with the earliest link keeps the number (R22).

    The other part gets a number that nobody has had. Where the child is shielded both are, until somebody
    decides about each. Linking never joins the two parts again. What practitioners typed stays with the part
    that keeps the number: they were looking at it when they did.

    Args:
        number: a stored child number.
        records: the source records of one part.
        because: the reason, in a person's words.
        by: whoever decided.
        at: now.
        asked: whether a review case asks for just this.

    Raises:
        Conflict: the number is retired, or the records are not a part of it with something left beside.
    """
    found = stored.lock_numbers([number]).get(number)
    match = match_of([number], restricted=bool(found and found.shielded), asked=asked)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match))
    if decision.refusal:
        return record_refusal(
            decision.refusal, _ASKED, by=by, at=at, subjects=[found.number] if found else []
        )
    speaking = stored.records_that_speak(number) if found and found.retired_into is None else []
    one, rest = sorted(set(records)), sorted(set(speaking) - set(records))
    if not one or not rest or not set(one) <= set(speaking):
        raise Conflict(NOT_TWO_PARTS)
    goes = which_part_leaves(rest, one, stored.first_links_of_records(speaking))
    fresh = stored.fresh_number(at)
    change = stored.begin_change("split", kept=number, other=fresh, because=because, by=name_of(by), at=at)
    part(number, fresh, goes, decision="split", doing=Doing(change=change, by=by, at=at))
    stored.keep_apart(one[0], rest[0], at=at)
    record(
        Action.PARTED_RECORDS,
        by=by,
        at=at,
        subjects=[number, fresh],
        details={"change": change, "because": because, "records": list(goes), "rules": list(decision.rules)},
    )
    return IdentityChanged(change=change, kept=number, other=fresh)
