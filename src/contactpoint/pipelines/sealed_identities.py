"""Record the pairs that two people typed, and look up what two agreed to cross to (R35, ADR 53).

The worker does, which alone has the key of pairs. What it writes into the audit names neither half.
"""

from datetime import datetime, timedelta
from typing import Final

import polars as pl
from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.sealed_identity import AGREED_WITHIN, SEEN_WITHIN, PairEnd
from contactpoint.domain.errors import Conflict
from contactpoint.pipelines.running import check_may_run
from contactpoint.pipelines.seal_records import seal_records
from contactpoint.storage import sealing as stored
from contactpoint.storage.copying import only_loader
from contactpoint.storage.identity_changes import names_in_pairs, records_of
from contactpoint.storage.retention import with_aliases
from contactpoint.storage.sealed_pairs import (
    children_digest,
    crossing_digest,
    keep_children_apart,
    others_of,
    pair_key,
)

_KEPT: Final = timedelta(days=7)
_COLUMNS: Final = ("source_a", "local_id_a", "source_b", "local_id_b")


def tend_sealed_identities(*, by: Viewer, at: datetime) -> int:
    """Record, look up, and let go of what is late; return how many pairs and crossings were dealt with.

    While a delivery is being taken in no pair is recorded: the next call does it.
    """
    check_may_run(by)
    done = _record_pairs(by, at) + _look_up(by, at)
    with transaction.atomic():
        stored.end_late_crossings(asked_before=at - AGREED_WITHIN, agreed_before=at - SEEN_WITHIN, at=at)
        stored.forget_ended(at - _KEPT)
    return done


def _record_pairs(by: Viewer, at: datetime) -> int:
    with transaction.atomic():
        waits = len(stored.pairs_typed())
    if not waits:
        return 0
    try:
        with only_loader(), transaction.atomic():
            typed = stored.pairs_typed()
            for one in typed:
                _record(one, by, at)
            return len(typed)
    except Conflict:
        return 0


def _record(pair: stored.TypedPair, by: Viewer, at: datetime) -> None:
    became, digest = _carry_out(pair)
    stored.end_pair(pair.id, became, at)
    details: dict[str, Json] = {
        "pairs": int(became is PairEnd.RECORDED),
        "pair": digest,
        "typed_by": [str(one) for one in pair.people],
        "ground": pair.ground,
        "became": became.value,
    }
    record(Action.SEALED_PAIR, by=by, at=at, details=details)


def _carry_out(pair: stored.TypedPair) -> tuple[PairEnd, str]:
    """What becomes of it; and the keyed digest by which whoever has the key can show which pair it was."""
    if pair.first != pair.second:
        return PairEnd.DIFFERENT, ""
    one, other = (stored.child_of(number, pair.people) for number in pair.first)
    if one is None or other is None:
        return PairEnd.NOT_FOUND, ""
    if one == other:
        return PairEnd.ONE_RECORD, ""
    key = pair_key()
    ours, theirs = (names_in_pairs(records_of(number)) for number in (one, other))
    rows = [(*mine, *its) for mine in ours for its in theirs]
    seal_records(pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row"))
    keep_children_apart(key, {(one, other)})
    stored.drop_cases_between(one, other)
    return PairEnd.RECORDED, children_digest(key, one, other).hex()


@transaction.atomic
def _look_up(by: Viewer, at: datetime) -> int:
    agreed = stored.crossings_agreed()
    for one in agreed:
        key, mine = pair_key(), stored.child_of(one.number, one.people)
        ways = others_of(key, with_aliases([mine])) if mine else ()
        found = {stored.child_of(number, one.people) for number in ways} - {None, mine}
        numbers = sorted(number for number in found if number)
        stored.answer_crossing(one, numbers, at)
        # Of the same length and kind whether there is another half or not.
        details: dict[str, Json] = {
            "crossing": one.id,
            "looked_up": crossing_digest(key, one.number, numbers),
        }
        record(Action.LOOKED_UP_CROSSING, by=by, at=at, details=details)
    return len(agreed)
