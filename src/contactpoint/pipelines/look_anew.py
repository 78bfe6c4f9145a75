"""What is published is looked at anew once another model is in force: cases for people alone (R20).

A model never joins or parts published children (ADR 12): what it would do is a case for a person, as it is
when a delivery brings it up. Every child keeps its number and every record its child.
"""

from datetime import datetime
from typing import Final

import polars as pl
from django.db import transaction

from contactpoint.actions.find.index import refresh
from contactpoint.actions.model_in_force import model_in_force
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict
from contactpoint.linking.model.weights import Model
from contactpoint.pipelines.apart import Apart
from contactpoint.pipelines.differences import published
from contactpoint.pipelines.halves import Halves
from contactpoint.pipelines.link import cases_between, propose_apart, with_numbers
from contactpoint.pipelines.running import check_may_run, tell_nobody
from contactpoint.storage import match_index, publishing
from contactpoint.storage import model_versions as stored
from contactpoint.storage.copying import only_loader
from contactpoint.storage.former_names import forget

_CASES: Final = ("record_a", "record_b", "kind", "weight", "levels", "near_shield")


def look_anew(*, by: Viewer, at: datetime) -> int | None:
    """Open the cases that the model in force makes of what is published (R20); None where nothing waits.

    What waits in quarantine stays there: its case is open, and a person decides it. While a delivery is being
    taken in nothing is done: the next call does it.
    """
    check_may_run(by)
    number = stored.not_looked_at()
    if number is None:
        return None
    try:
        with only_loader():
            if publishing.anything_linked():
                return None  # decided under the model before, and published next
            return _look(number, model_in_force(), by, at)
    except Conflict:
        return None  # another process is taking deliveries in


def _look(number: int, model: Model, by: Viewer, at: datetime) -> int:
    records, apart = published(), Apart.load()
    with transaction.atomic():
        opened = 0
        if not records.is_empty():
            proposal = propose_apart(records, model, apart, tell_nobody)
            cases = cases_between(records, with_numbers(records, proposal), proposal, apart)
            cases = cases.filter(~pl.col("is_new_a") & ~pl.col("is_new_b")).select(*_CASES)
            match_index.stage_cases(cases)
            publishing.open_staged_cases(at)
            refresh(forget(Halves.load().told_beside(records, proposal)))
            opened = cases.filter(~pl.col("near_shield")).height  # of those near a shield none is told (R21)
        stored.looked_at(number, at)
        record(Action.RELINKED, by=by, at=at, details={"model": model.version, "cases": opened})
    return opened
