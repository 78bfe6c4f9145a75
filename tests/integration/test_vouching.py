"""A full delivery is its source's word again for every record it holds, without a new version (ADR 0004)."""

from datetime import date

import pytest
from tests.factories.feeds import AMINA
from tests.factories.supply import BEN, LATER, build_sources, child_of, feed, load, rows

from contactpoint.storage.models import RecordVersion
from contactpoint.storage.queries.statements import statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sources(db):
    build_sources()


def told(local_id):
    return statements_of(child_of("births", local_id))[0].as_at


def test_an_unchanged_record_is_vouched_for_by_each_full_delivery_and_by_no_delta(tmp_path):
    load(feed(tmp_path, "births", AMINA, BEN, as_at="2026-09-01"))
    load(feed(tmp_path, "births", {**BEN, "postcode": "OL2 5AA"}, as_at="2026-10-01", kind="delta"))
    assert (told("A1"), told("B1")) == (date(2026, 9, 1), date(2026, 10, 1))
    load(feed(tmp_path, "births", AMINA, {**BEN, "postcode": "OL2 5AA"}, as_at="2026-11-01"))
    assert (told("A1"), told("B1")) == (date(2026, 11, 1), date(2026, 11, 1))
    assert RecordVersion.objects.count() == 3
    assert rows("SELECT as_at FROM record_version WHERE superseded_at IS NULL ORDER BY as_at") == [
        (date(2026, 9, 1),), (date(2026, 10, 1),),
    ]  # fmt: skip


def test_a_record_whose_row_was_rejected_keeps_the_day_it_was_last_vouched_for(tmp_path):
    load(feed(tmp_path, "births", AMINA, BEN, as_at="2026-09-01"))
    load(feed(tmp_path, "births", {**AMINA, "sex": "X"}, BEN, as_at="2026-10-01"))
    load(feed(tmp_path, "births", {**AMINA, "sex": "Y"}, BEN, as_at="2026-11-01"))
    assert (told("A1"), told("B1")) == (date(2026, 9, 1), date(2026, 11, 1))
    load(feed(tmp_path, "births", AMINA, BEN, as_at="2026-12-01"), at=LATER)
    assert (told("A1"), told("B1")) == (date(2026, 12, 1), date(2026, 12, 1))
