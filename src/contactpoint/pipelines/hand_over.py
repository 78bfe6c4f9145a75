"""Make what organisations' auditors asked for: the newest checkpoint, and the proof from their last one.

The proof comes of the subtree roots of the old head and of the leaves since (R54); the worker makes it,
because pages cannot read the tree.
"""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.audit.handover import Bundle
from contactpoint.domain.audit.tree import consistency_from
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import audit_log, handovers
from contactpoint.storage.accounts import organisation_exists


def hand_over(*, by: Viewer, at: datetime) -> int:
    """Make every handover that was asked for, once something is signed; return how many."""
    check_may_run(by)
    with transaction.atomic():
        waiting = handovers.asked()
        head = audit_log.newest_head() if waiting else None
        if head is None:
            return 0
        for one in waiting:
            proof = _proof(one, head)
            handovers.make(one, size=head.subtrees.size, note=head.note, proof=b"".join(proof), at=at)
            details: dict[str, Json] = {
                "handover": one.handover,
                "organisation": one.organisation,
                "from": one.previous_size or 0,
                "to": head.subtrees.size,
            }
            record(Action.MADE_HANDOVER, by=by, at=at, details=details)
        return len(waiting)


def hand_over_now(organisation: str, *, by: Viewer, at: datetime) -> Bundle:
    """Make one for an organisation at the command line, and return it.

    Raises:
        NotFound: there is no such organisation.
        Conflict: nothing has been signed yet.
    """
    check_may_run(by)
    if not organisation_exists(organisation):
        raise NotFound(f"There is no organisation {organisation}.")
    with transaction.atomic():
        handovers.ask(organisation, at)
    hand_over(by=by, at=at)
    made = handovers.newest_bundle(organisation)
    if made is None:
        raise Conflict("Nothing has been signed yet.")
    return made


def _proof(one: handovers.Asked, head: audit_log.Head) -> list[bytes]:
    if one.previous_size is None:
        return []
    size = head.subtrees.size
    old = handovers.subtrees_at(one.previous_size)
    return consistency_from(old, size, handovers.leaf_hashes_between(one.previous_size, size))
