"""What a proposed model would change is reported to those who agree to it (R20, ADR 41)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.model_in_force import Held, held_in_force
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict, ContactPointError
from contactpoint.domain.matching_models import ModelReport, ToldCase, told
from contactpoint.linking.engine.results import CONFLICT, SAME_CHILD, TWO_CHILDREN
from contactpoint.linking.model.weights import Model, read_model
from contactpoint.pipelines.differences import Cause, ModelDifference, model_difference
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import model_versions as stored
from contactpoint.storage.model_versions import ToReport

_MOST_CAUSES: Final = 10
_MOST_TRIES: Final = 3
ENDED: Final = (
    "Three times its report was begun and the process ended before it was done. There may be too little "
    "memory, or its thresholds may let too many pairs be looked at."
)


def report_on_models(*, by: Viewer, at: datetime) -> int:
    """Weigh what is published with every proposed model; return how many were dealt with.

    It reads all that is published, which takes minutes in a country. Killed meanwhile, it begins anew, and
    after three times no more: whatever a model does to the process, the work behind it goes on. What cannot
    be weighed says so on its page.
    """
    check_may_run(by)
    waiting = stored.to_report()
    for one in waiting:
        _report(one, by, at)
    return len(waiting)


def told_of(found: ModelDifference, against: Held) -> ModelReport:
    """What people read of a difference: counts to the nearest hundred, no child and no small number."""
    return ModelReport(
        against=found.active,
        sha256=against.sha256,
        children=told(found.unchanged + found.joined + found.parted + found.rearranged),
        joined=told(found.joined),
        parted=told(found.parted),
        rearranged=told(found.rearranged),
        moved=told(found.moved),
        causes=tuple(_causes(found)),
        cases=tuple(_cases(found)),
    )


def _report(one: ToReport, by: Viewer, at: datetime) -> None:
    against = held_in_force()
    try:
        if stored.begin_report(one.id) > _MOST_TRIES:
            raise Conflict(ENDED)
        found = _difference(read_model(one.body), against.model, by)
    except ContactPointError as fault:
        with transaction.atomic():
            stored.give_up(one.id, str(fault))
            record(Action.REPORTED_MODEL, by=by, at=at, details={"model": one.id, "failed": True})
        return
    with transaction.atomic():
        if stored.keep_report(one.id, told_of(found, against).as_json(), at):
            details: dict[str, Json] = {
                "model": one.id,
                "version": one.version,
                "against": against.model.version,
            }
            record(Action.REPORTED_MODEL, by=by, at=at, details=details)


def _difference(other: Model, active: Model, by: Viewer) -> ModelDifference:
    return model_difference(other, by=by, active=active, for_people=True)


def _cases(found: ModelDifference) -> Iterator[ToldCase]:
    """Every kind, whether there are any or not: that a kind is missing would tell of a few."""
    counts = {kind: (now, then) for kind, now, then in found.cases}
    for kind in (SAME_CHILD, TWO_CHILDREN, CONFLICT):
        now, then = counts.get(kind, (0, 0))
        yield ToldCase(kind=kind, now=told(now), then=told(then))


def _causes(found: ModelDifference) -> Iterator[str]:
    """Why most are joined or parted: a cause of few is not told."""
    for what, causes in (("Joined", found.joined_by), ("Parted", found.parted_by)):
        for one in causes[:_MOST_CAUSES]:
            if told(one.pairs) is not None:
                yield f"{what}: {_words(one)}"


def _words(one: Cause) -> str:
    return f"{one.comparison}: {one.level}" if one.level else one.comparison
