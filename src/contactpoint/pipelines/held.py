"""Deliveries that wait for a person: what the person decided is carried out."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import NotFound
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import feeds, staging
from contactpoint.storage.models import Delivery


def release(delivery_id: int, *, by: Viewer, at: datetime | None = None) -> None:
    """Let a held delivery be published: a person has looked at what it would withdraw.

    Raises:
        NotFound: no delivery of that number is held.
    """
    _settle(delivery_id, "released", by=by, at=at)


def refuse_held(delivery_id: int, *, by: Viewer, at: datetime | None = None) -> None:
    """Let go of a held delivery: a person has decided that it shall not be published.

    Raises:
        NotFound: no delivery of that number is held.
    """
    _settle(delivery_id, "refused", by=by, at=at)


def carry_out_decisions(*, by: Viewer, at: datetime | None = None) -> int:
    """Do what people decided about held deliveries, and return how many decisions were carried out."""
    check_may_run(by)
    waiting = feeds.open_decisions()
    for decision in waiting:
        with transaction.atomic():
            if Delivery.objects.filter(pk=decision.delivery, state="held").exists():
                settle = release if decision.what == "let_go_on" else refuse_held
                settle(decision.delivery, by=by, at=at)
            feeds.close_decision(decision.id, at=at or timezone.now())
    return len(waiting)


def _settle(delivery_id: int, how: str, *, by: Viewer, at: datetime | None) -> None:
    check_may_run(by)
    with transaction.atomic():
        held = Delivery.objects.select_for_update().filter(pk=delivery_id, state="held").first()
        if held is None:
            raise NotFound(f"No delivery numbered {delivery_id} is held.")
        if how == "released":
            staging.let_go_on(held)
        else:
            staging.drop(held, "refused")
        record(
            Action.DELIVERED,
            by=by,
            at=at or timezone.now(),
            details={how: delivery_id, "source": held.source_id},
        )
