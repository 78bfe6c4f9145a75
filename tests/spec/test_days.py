"""What changes from a day: each row is looked at on the day before and on the day (R11, R41, R44-R50)."""

from datetime import date, datetime, time, timedelta

import pytest
from tests.factories.records import NOW, consent, involvement, statement
from tests.factories.viewers import WORRIED, viewer

from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, RecordState
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.people import AddressKind

DAY = timedelta(days=1)
THAT_DAY = date(2026, 12, 1)
AMINA = {"forename": "Amina", "surname": "Okafor", "date_of_birth": "2016-05-09", "sex": "F"}
HOME = {"address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"}
LEFT = {"kind": AddressKind.LEFT_ENGLAND, "since": THAT_DAY}


def around(day):
    """The last moment of the day before, and the first of the day."""
    first = datetime.combine(day, time.min, NOW.tzinfo)
    return first - timedelta(microseconds=1), first


def shown(at, *involvements, said):
    record = KnownRecord(number="C000000102M", statements=said, involvements=involvements)
    return redact(record, viewer(), WORRIED, at)


def test_r50_leaving_england_leaves_one_statement_from_that_day():
    said = (
        statement(**AMINA, **HOME, **LEFT),
        statement("school_census", record=2, **AMINA, **HOME),
    )
    before, after = (shown(at, said=said) for at in around(THAT_DAY))
    assert [(one.address.kind, one.address.line) for one in before.addresses] == [("home", HOME["address"])]
    assert before.past_addresses == ()
    assert [(one.address.kind, one.address.line) for one in after.addresses] == [("left_england", None)]
    assert [one.address.line for one in after.past_addresses] == [HOME["address"]]
    assert after.addresses[0].address.since == THAT_DAY


def test_a_move_counts_from_its_day():
    said = (
        statement(**AMINA, address="2 New Road", since=THAT_DAY),
        statement("school_census", record=2, **AMINA, **HOME),
    )
    before, after = (shown(at, said=said) for at in around(THAT_DAY))
    assert [one.address.line for one in before.addresses] == [HOME["address"]]
    assert [one.address.line for one in after.addresses] == ["2 New Road"]


def test_r49_a_death_is_stated_from_its_day():
    said = (statement("births", **AMINA, **HOME, date_of_death=THAT_DAY.isoformat()),)
    before, after = (shown(at, said=said) for at in around(THAT_DAY))
    assert before.date_of_death is None
    assert after.date_of_death.value == THAT_DAY.isoformat()
    assert [name for name, _ in after.chosen] == ["date_of_birth", "sex", "date_of_death"]


# (rule, who the record is of, the day from which it does not open)
CLOSING = [
    ("R47", {"born": date(2008, 12, 1)}, THAT_DAY),
    ("R47", {"born": date(2008, 2, 29)}, date(2026, 3, 1)),
    ("R49", {"born": date(2016, 5, 9), "died": date(2025, 12, 1)}, THAT_DAY),
]


@pytest.mark.parametrize(("rule", "whose", "day"), CLOSING)
def test_a_record_closes_on_the_day(rule, whose, day):
    state = RecordState(number="C000000102M", shielded=False, **{"died": None, **whose})
    before, after = (
        authorise(
            AccessRequest(
                viewer=viewer(), permission=Permission.OPEN_RECORD, at=at, purpose=WORRIED, record=state
            )
        )
        for at in around(day)
    )
    assert before.allowed, rule
    assert "R11" in after.rules, rule


# (rule, an involvement, where it is on the day before, where on the day)
INVOLVED = [
    ("R44", involvement("school", start=THAT_DAY), None, "contacts"),
    ("R44", involvement("school", end=THAT_DAY - DAY), "contacts", "past_contacts"),
    ("R46", involvement("school", end=THAT_DAY - 366 * DAY), "past_contacts", None),
    ("R41", involvement("mental_health", consent=consent(until=THAT_DAY - DAY)), "contacts", None),
]


@pytest.mark.parametrize(("rule", "one", "before", "after"), INVOLVED)
def test_an_involvement_comes_and_goes_on_its_day(rule, one, before, after):
    for at, place in zip(around(THAT_DAY), (before, after), strict=True):
        record = shown(at, one, said=(statement(**AMINA),))
        places = [name for name in ("contacts", "past_contacts") if getattr(record, name)]
        assert places == ([place] if place else []), rule
