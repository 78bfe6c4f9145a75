"""How good what sources send is: shares, gaps and which fields a feed can fill."""

import pytest

from contactpoint.domain.quality import (
    Counted,
    Field,
    field_qualities,
    fields_of,
    gaps,
    share,
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


@pytest.mark.parametrize(("part", "of", "is_"), [(5, 20, 0.25), (0, 20, 0.0), (19, 19, None), (0, 0, None)])
def test_of_few_records_there_is_no_share(part, of, is_):
    assert share(part, of) == is_


def test_the_worst_field_is_the_one_most_often_empty():
    counted = Counted(records=40, whole=10, filled={"forename": 40, "upn": 12, "postcode": 30})
    assert worst_field(counted, (Field.FORENAME, Field.POSTCODE, Field.UPN)) is Field.UPN
    assert worst_field(counted, (Field.FORENAME,)) is None
    assert worst_field(Counted(records=3), (Field.UPN,)) is None
    assert gaps(counted) == 0.75
    assert gaps(None) is None


def test_a_field_is_told_now_and_before_and_compared_where_anything_is():
    now = Counted(records=40, filled={"sex": 30}, compared={"sex": 30}, differs={"sex": 3})
    sex, forename = field_qualities(now, Counted(records=20, filled={"sex": 5}), (Field.SEX, Field.FORENAME))
    assert (sex.filled, sex.before, sex.differs) == (0.75, 0.25, 0.1)
    assert (forename.filled, forename.before, forename.differs) == (0.0, 0.0, None)
