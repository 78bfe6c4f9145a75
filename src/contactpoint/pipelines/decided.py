"""What people decided about records to check is carried out: each decision in a transaction of its own."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contactpoint.actions.link.adopt import adopt_record
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.link.split import NOT_TWO_PARTS, split_child
from contactpoint.actions.link.undo import undo_change
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.domain.matching import CaseKind, IdentityChanged
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import case_decisions as stored
from contactpoint.storage.case_decisions import ToCarryOut
from contactpoint.storage.copying import only_loader


def carry_out_case_decisions(*, by: Viewer, at: datetime | None = None) -> int:
    """Join, part and undo what people decided, in that order; return how many decisions were dealt with.

    Whoever decided stands in the audit as who did it. What cannot be done any more is said so on the page,
    and the case waits again. While a delivery is being taken in nothing is done: the next call does it.
    """
    check_may_run(by)
    if not stored.anything_open():
        return 0
    try:
        with only_loader():
            waiting = stored.open_decisions()
            for decision in waiting:
                _deal_with(decision, at or timezone.now())
            return len(waiting)
    except Conflict:
        return 0  # another process is taking deliveries in


def _deal_with(decision: ToCarryOut, at: datetime) -> None:
    try:
        with transaction.atomic():
            done = _carry_out(decision, at)
            if isinstance(done, IdentityChanged):
                undoes = decision.undoes
                stored.close(decision.id, change=None if undoes else done.change, undone=undoes, at=at)
                return
    except (Conflict, NotFound) as fault:
        sentence = str(fault)
    else:
        sentence = done.sentence
    with transaction.atomic():
        stored.give_up(decision.id, sentence, at=at)


def _carry_out(decision: ToCarryOut, at: datetime) -> IdentityChanged | Refusal:
    by, because = _who(decision), decision.because
    if decision.undoes is not None:
        return undo_change(change=decision.change or 0, because=because, by=by, at=at, asked=True)
    one, other = decision.child_a, decision.child_b
    if one is None or other is None:
        record, number = (decision.record_a, other) if one is None else (decision.record_b, one)
        return adopt_record(record=record, number=number, because=because, by=by, at=at)
    if decision.kind == CaseKind.POSSIBLE_TWO:
        if one != other:
            raise Conflict(NOT_TWO_PARTS)
        return split_child(number=one, records=decision.parts, because=because, by=by, at=at, asked=True)
    return merge_children(one=one, other=other, because=because, by=by, at=at, asked=True)


def _who(decision: ToCarryOut) -> Viewer:
    """Who decided, as they were when they did: they were in good standing then."""
    return Viewer(
        account_id=decision.account,
        name=decision.name,
        role=Role(decision.role),
        organisation_code=decision.organisation,
        organisation_name=decision.organisation_name,
        organisation_kind=decision.organisation_kind,
        authority=decision.authority or None,
    )
