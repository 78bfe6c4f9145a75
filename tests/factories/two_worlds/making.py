"""Makes one of two worlds by the product's own pipelines: first what is open, then what is hidden.

What is open comes in first and is the same in both, so that it has the same ids; after what is hidden the
counters are set to the same place again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from tests.factories.directory import acting_as_role
from tests.factories.supply import CONTRACT, LOADER, NOW, child_of, feed, load
from tests.factories.two_worlds.hidden import CHILDREN, DAY, Hidden, Row, rows_at_first
from tests.factories.two_worlds.still import (
    AFTER_BUILDING,
    BEFORE_BUILDING,
    numbers_by_record,
    set_counters,
)
from tests.factories.two_worlds.unseen import act

from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.pipelines.reference import load_reference
from contactpoint.storage.past import note_rules
from contactpoint.supply.contracts import CONTRACTS


class _Done(Exception):
    """Ends a world: nothing of it is kept."""


@contextmanager
def for_a_while() -> Iterator[None]:
    """Take back everything that the block writes."""
    try:
        with transaction.atomic():
            yield
            raise _Done
    except _Done:
        pass


def build(folder: Path, hidden: Hidden) -> dict[str, str]:
    """Make a world; return the numbers of its children, by name."""
    with numbers_by_record():
        set_counters(BEFORE_BUILDING)
        with acting_as_role("worker"):
            note_rules(NOW)
        if pairs := _pairs_of(hidden):
            (folder / "sealed_pairs.csv").write_text(pairs, encoding="utf-8")
            with acting_as_role("worker"):
                load_reference(folder, by=LOADER, at=NOW)
        load(*(feed(folder, source, *_only(source, rows_at_first(source, hidden))) for source in CONTRACT))
        changes = {source: _only(source, hidden.second(source)) for source in CONTRACT}
        later = {"as_at": str((NOW + DAY).date()), "kind": "delta"}
        load(*(feed(folder, source, *said, **later) for source, said in changes.items()), at=NOW + DAY)
    numbers = {name: child_of(*record) for name, record in CHILDREN.items()}
    act(hidden, numbers)
    with acting_as_role("worker"):  # as it has within seconds (ADR 28)
        settle_at_rest()
    set_counters(AFTER_BUILDING)
    return numbers


def _only(source: str, said: tuple[Row, ...]) -> list[dict[str, str]]:
    """The columns of rows that the source's contract has."""
    names = CONTRACTS[CONTRACT[source]].names
    return [{name: value for name, value in row.items() if name in names} for row in said]


def _pairs_of(hidden: Hidden) -> str:
    """The file of sealed pairs; empty where there is none."""
    halves = {"C1": hidden.sealed, "T1": hidden.adopted}
    pairs = [f"births,{born},gp-registrations,N1" for born, is_one in halves.items() if is_one]
    return "\n".join(["source_a,local_id_a,source_b,local_id_b", *pairs, ""]) if pairs else ""
