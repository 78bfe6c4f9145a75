"""Splits and mergers of authorities that two people agreed to on a page are carried out (R58; ADR 30)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from contactpoint.actions.run.reorganise import agree_to_change, agree_to_undo
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import reorganising
from contactpoint.storage.copying import only_loader


def carry_out_authority_changes(*, by: Viewer, at: datetime | None = None) -> int:
    """Do and take back what was agreed; return how many changes were dealt with.

    Each is a transaction of its own. One that can no longer be carried out, because whoever agreed is of the
    national team no more, waits for a second person again. While a delivery is being taken in nothing is
    done: the next call does it.
    """
    check_may_run(by)
    waiting = reorganising.agreed_on_pages()
    if not waiting:
        return 0
    moment = at or timezone.now()
    try:
        with only_loader():
            for number, who, undo in waiting:
                _carry_out(number, who, undo=undo, by=by, at=moment)
    except Conflict:
        return 0  # another process is taking deliveries in
    return len(waiting)


def _carry_out(number: int, who: UUID, *, undo: bool, by: Viewer, at: datetime) -> None:
    carry_out = agree_to_undo if undo else agree_to_change
    try:
        carry_out(number, agreed_by=who, by=by, at=at)
    except (Conflict, NotFound):
        with transaction.atomic():
            reorganising.take_agreement_back(number, undo=undo)
