"""What a file would change of what is held: counted by field, to the nearest hundred, small numbers never."""

from datetime import date

import pytest
from tests.factories.feeds import AMINA, feed_text

from contactpoint.domain.source_mappings import HeldChanges
from contactpoint.supply.comparing import INVOLVEMENTS, Comparison
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.read import read_table
from contactpoint.supply.validate import validate

CONTRACT = CONTRACTS["childrens_services"]
HELP = {"involvement_id": "I1", "service": "send", "organisation": "la-353", "start_date": "2025-09-01"}
FACTS = {name: text for name, text in AMINA.items() if name != "local_id"}


def told(tmp_path, rows, held):
    path = tmp_path / "childrens-services-353_2026-11-22_full.csv"
    path.write_text(feed_text("childrens_services", *rows), encoding="utf-8", newline="")
    checked = validate(
        read_table(path, CONTRACT), CONTRACT, as_at=date(2026, 11, 22), organisations=frozenset({"la-353"})
    )
    comparison = Comparison(CONTRACT, lambda ids: {one: held[one] for one in ids if one in held})
    comparison.add(checked)
    comparison.add(checked)  # the same records in another piece count once
    return comparison.told()


def many(number, **said):
    return [{**AMINA, "local_id": f"A{place}", **said} for place in range(number)]


def held(number, **said):
    return {f"A{place}": {**FACTS, **said} for place in range(number)}


HELPED = {INVOLVEMENTS: [dict(reversed(HELP.items()))]}
# (why, rows, what is held, what is told)
TABLE = [
    ("all as it was", many(149), held(149), HeldChanges(held=100, different=None)),
    ("fewer than a hundred", many(150, forename="Anna"), held(99), HeldChanges(held=None, different=None)),
    (
        "a name",
        many(150, forename="Anna"),
        held(150),
        HeldChanges(held=200, different=200, fields=(("forename", 200),)),
    ),
    (
        "a column that is sent no more, and a mark that nobody counts",
        many(120, restricted="Y", known_as=""),
        held(120, known_as="Mina"),
        HeldChanges(held=100, different=100, fields=(("known_as", 100),)),
    ),
    ("a service, as held", many(120, **HELP), held(120, **HELPED), HeldChanges(held=100, different=None)),
    (
        "a service less",
        many(120),
        held(120, **HELPED),
        HeldChanges(held=100, different=100, fields=((INVOLVEMENTS, 100),)),
    ),
    (
        "what is rejected changes nothing",
        many(120, sex="?"),
        held(120),
        HeldChanges(held=None, different=None),
    ),
]


@pytest.mark.parametrize(("why", "rows", "known", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_records_that_would_differ_are_counted_by_field(tmp_path, why, rows, known, expected):
    assert told(tmp_path, rows, known) == expected, why
