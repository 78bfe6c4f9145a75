"""How good what sources send is: shares, gaps and which fields a feed can fill."""

from datetime import date

import pytest

from contactpoint.domain.quality import (
    Counted,
    Field,
    Hardly,
    days_since,
    field_qualities,
    fields_of,
    gaps,
    share,
    told_records,
    told_share,
    week_quality,
    weight,
    worst_field,
)
from contactpoint.supply.contracts import CONTRACTS


@pytest.mark.parametrize(
    ("contract", "field", "can"),
    [
        ("gp_registrations", Field.PHONE, True),
        ("gp_registrations", Field.UPN, False),
        ("gp_registrations", Field.CARER, False),
        ("school_census", Field.UPN, True),
        ("school_census", Field.PHONE, True),
        ("child_benefit", Field.NHS_NUMBER, False),
    ],
)
def test_a_feed_is_asked_for_what_it_has_a_column_for(contract, field, can):
    assert (field in fields_of(CONTRACTS[contract].names)) == can


CAME = [(date(2026, 11, 2), date(2026, 11, 1)), (date(2026, 11, 9), date(2026, 11, 8))]


@pytest.mark.parametrize(
    ("on", "days"),
    [(date(2026, 11, 1), None), (date(2026, 11, 2), 1), (date(2026, 11, 8), 7), (date(2026, 11, 9), 1)],
)
def test_how_old_the_newest_word_was_goes_by_what_had_come(on, days):
    assert days_since(CAME, on) == days
    assert days_since([], on) is None


def test_a_week_that_was_not_counted_or_in_which_nothing_came_says_nothing():
    empty = week_quality(date(2026, 11, 2), None, None, None)
    assert not empty.was_counted
    assert (empty.complete, empty.linked, empty.held_up, empty.came, empty.rejected) == (
        None, None, None, False, None,
    )  # fmt: skip
    some = week_quality(date(2026, 11, 2), Counted(records=40, whole=30, linked=40), (100, 25), 3)
    assert (some.complete, some.linked, some.came, some.rejected) == (0.75, Hardly.NEARLY_ALL, True, 0.25)


@pytest.mark.parametrize(("part", "of", "is_"), [(5, 20, 0.25), (0, 20, 0.0), (19, 19, None), (0, 0, None)])
def test_of_few_records_there_is_no_share(part, of, is_):
    assert share(part, of) == is_


@pytest.mark.parametrize(
    ("part", "of", "is_"),
    [
        (0, 20, Hardly.FEW),
        (9, 20, None),
        (9, 27, Hardly.FEW),
        (10, 20, 0.5),
        (12, 22, 0.5),
        (13, 23, 0.6),
        (11, 20, None),
        (18, 27, Hardly.NEARLY_ALL),
        (20, 20, Hardly.NEARLY_ALL),
        (7, 19, None),
    ],
)
def test_a_share_is_of_parts_that_are_rounded_and_tells_of_none_under_ten(part, of, is_):
    """ADR 34."""
    assert told_share(part, of) == is_


def test_what_is_told_of_counts_narrows_no_part_under_ten():
    """ADR 34: neither the number of records nor a share, nor both together."""
    alike = {}
    for whole in range(61):
        for missing in range(61):
            counted = Counted(records=whole + missing, whole=whole)
            known = (told_records(counted), gaps(counted))
            if known != (None, None):
                alike.setdefault(known, set()).add((whole, missing))
    assert len(alike) > 50
    for (records, part), cells in alike.items():
        if part is Hardly.FEW:
            assert {missing for _, missing in cells} == set(range(10)), records
        elif part is Hardly.NEARLY_ALL:
            assert {whole for whole, _ in cells} == set(range(10)), records
        else:
            assert len(cells) >= 4


def test_shares_stand_in_the_order_of_what_is_told():
    told = sorted((0.5, Hardly.NEARLY_ALL, None, Hardly.FEW, 0.2), key=weight)
    assert told[2:] == [0.2, 0.5, Hardly.NEARLY_ALL]


def test_the_worst_field_is_the_one_most_often_empty():
    counted = Counted(records=40, whole=10, filled={"forename": 40, "upn": 12, "postcode": 30})
    assert worst_field(counted, (Field.FORENAME, Field.POSTCODE, Field.UPN)) is Field.UPN
    assert worst_field(counted, (Field.FORENAME,)) is None
    assert worst_field(Counted(records=3), (Field.UPN,)) is None
    assert worst_field(Counted(records=40, filled={"upn": 31}), (Field.UPN,)) is None, "nine are few"
    assert gaps(counted) == 0.75
    assert gaps(None) is None


def test_a_field_is_told_now_and_before_and_compared_where_anything_is():
    now = Counted(records=40, filled={"sex": 30}, compared={"sex": 30}, differs={"sex": 3})
    before = Counted(records=40, filled={"sex": 10})
    sex, forename = field_qualities(now, before, (Field.SEX, Field.FORENAME))
    assert (sex.filled, sex.before, sex.differs) == (0.75, 0.25, Hardly.FEW)
    assert (forename.filled, forename.before, forename.differs) == (Hardly.FEW, Hardly.FEW, None)
