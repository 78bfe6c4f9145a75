"""Undo a joining or a parting: everything as it was, and what came since where it belongs (R22)."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.link.changing import Doing, join, match_of, name_of, part
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.domain.matching import IdentityChanged
from contactpoint.storage import identity_changes as stored
from contactpoint.storage.identity_changes import Made

_ASKED = Permission.JOIN_OR_PART
NO_CHANGE = "Nothing of that number was joined or parted."
NOT_NEWEST = "Something was joined or parted after it. Undo that first."


@transaction.atomic
def undo_change(
    *, change: int, because: str, by: Viewer, at: datetime, asked: bool = False
) -> IdentityChanged | Refusal:
    """Undo a joining or a parting, newest first (R22).

    After a joining each record goes back to its number, and what was linked since goes with the record it was
    linked by. If the child is shielded by then, both are until somebody decides. After a parting the new
    number retires into the one that stayed.

    Raises:
        NotFound: there was no such change.
        Conflict: it is undone already, or something later stands in the way.
    """
    made = stored.find_change(change)
    if made is None:
        raise NotFound(NO_CHANGE)
    numbers = stored.lock_numbers([made.kept, made.other])
    restricted = any(one.shielded for one in numbers.values())
    match = match_of(numbers, restricted=restricted, asked=asked)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, subjects=sorted(numbers))
    made = stored.find_change(change) or made  # as it stands now that the numbers are locked
    if made.undone or not stored.is_newest(made):
        raise Conflict(NOT_NEWEST)
    undoing = stored.begin_change(
        made.kind, kept=made.kept, other=made.other, because=because, by=name_of(by), at=at, undoes=change
    )
    _turn_back(made, Doing(change=undoing, by=by, at=at))
    record(
        Action.UNDID_DECISION,
        by=by,
        at=at,
        subjects=[made.kept, made.other],
        details={"change": change, "undoing": undoing, "because": because, "rules": list(decision.rules)},
    )
    return IdentityChanged(change=undoing, kept=made.kept, other=made.other)


def _turn_back(made: Made, doing: Doing) -> None:
    moved = [record for record, _, _ in made.moves]
    if made.kind == "split":
        stored.no_longer_apart(stored.records_of(made.kept), stored.records_of(made.other), at=doing.at)
        join(made.kept, made.other, decision="undone", doing=doing)
        return
    there = stored.records_of(made.kept)
    back = _with_followers(set(moved) & set(there), stored.linked_since(made.id, there))
    stored.bring_back(made.other)
    part(made.kept, made.other, back, decision="undone", doing=doing)


def _with_followers(moved: set[int], since: dict[int, int]) -> list[int]:
    """The records that go back, and those linked since that go with one of them; `since` is by record."""
    back = set(moved)
    while more := {record for record, partner in since.items() if partner in back} - back:
        back |= more
    return sorted(back)
