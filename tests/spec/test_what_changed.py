"""What of a record is news to a practitioner beside services: each row names its rule (R22-R50)."""

from datetime import date, datetime, timedelta

import pytest
from tests.factories.records import NOW, TODAY, consent, involvement, statement

from contactpoint.domain.disclosure.held import HeldInvolvement, HeldVersion, KnownRecord
from contactpoint.domain.disclosure.news import (
    what_of_the_record_changed,
    which_numbers_joined,
    which_places_and_lead_changed,
)
from contactpoint.domain.involvement import ContactDetails
from contactpoint.domain.people import AddressKind

DAY = timedelta(days=1)
LOOKED = NOW - 7 * DAY
BEFORE, SINCE = LOOKED - 30 * DAY, LOOKED + DAY
OLD = {"address": "1 Old Road", "postcode": "OL1 1AA"}
NEW = {"address": "2 New Road", "postcode": "OL2 2BB"}
OWN = 99


def said(contract="school_census", *, record=1, held=BEFORE, until=None, **facts):
    told = {"forename": "Amina", "surname": "Okafor", "as_at": held.date(), **facts}
    return HeldVersion(statement=statement(contract, record=record, **told), held_from=held, held_until=until)


def turn(before, after, contract="school_census", **where):
    """A source that said one thing until the day after the look, and another since."""
    return (
        said(contract, until=SINCE, **{**before, **where}),
        said(contract, held=SINCE, **{**after, **where}),
    )


def news(*versions, now=(), at=NOW):
    current = tuple(one.statement for one in versions if one.held_until is None)
    record = KnownRecord(number="C000000102M", statements=current, involvements=tuple(now))
    found = what_of_the_record_changed(record, versions, LOOKED, at)
    return {one.field.value: (one.now, one.on) for one in found}


GRACE = {"forename": "Grace", "surname": "Okafor", "phone": "07700 900123"}
IVY = {"forename": "Ivy", "surname": "Lindqvist"}
# (rule, what a source said until the day after the look and since, the fields that are news)
TURNS = [
    ("R24", turn(OLD, NEW), {"address"}),
    ("R24", turn(OLD, {**OLD, "address": "1 OLD ROAD"}), set()),
    ("R24", turn(OLD, OLD), set()),
    ("R24", turn({}, OLD), {"address"}),
    ("R24", turn(OLD, {}), {"address"}),
    ("R24", turn({}, {"known_as": "Mina"}), {"known_as"}),
    ("R24", turn({}, {"surname": "Bello"}), {"name"}),
    ("R24", turn({"carers": [GRACE]}, {"carers": [GRACE, IVY]}), {"carer"}),
    ("R24", turn({"carers": [GRACE]}, {"carers": [{**GRACE, "phone": "07700 900999"}]}), {"carer"}),
    ("R24", turn({"carers": [GRACE]}, {"carers": []}), {"carer"}),
    ("R24", (said(held=SINCE, **NEW), said("births", record=2, **NEW)), set()),
    ("R24", (said(held=SINCE, **NEW), said("births", record=2, **OLD)), {"address"}),
    ("R50", turn(OLD, {**OLD, "kind": AddressKind.LEFT_ENGLAND, "since": TODAY - 2 * DAY}), {"address"}),
    ("R50", turn(OLD, {**OLD, "kind": AddressKind.LEFT_ENGLAND, "since": TODAY + DAY}), set()),
    ("R50", (said(**{**OLD, "kind": AddressKind.LEFT_ENGLAND, "since": TODAY - 2 * DAY}),), {"address"}),
]


@pytest.mark.parametrize(("rule", "versions", "fields"), TURNS)
def test_what_is_news(rule, versions, fields):
    assert news(*versions).keys() == fields, rule


def test_what_is_told_is_what_stands_now_and_since_when():
    now, on = news(*turn(OLD, NEW))["address"]
    assert [one.line for one in now] == ["2 New Road"]
    assert on == SINCE.date()
    assert news(*turn({}, {"known_as": "Mina"}))["known_as"] == (("Mina",), SINCE.date())


def test_what_went_and_came_back_between_two_looks_is_no_news():
    back = SINCE + DAY
    there = said(until=SINCE, **OLD), said(held=SINCE, until=back, **NEW), said(held=back, **OLD)
    assert news(*there) == {}


def test_what_the_page_does_not_show_now_is_not_told():
    """Two sources may be believed otherwise on the page, which knows for which day each still vouches."""
    versions = turn(OLD, NEW)
    record = KnownRecord(number="C000000102M", statements=(said(**OLD).statement,))
    assert what_of_the_record_changed(record, versions, LOOKED, NOW) == ()


LAPSED = consent(until=TODAY - 3 * DAY)
# (rule, the contract that says something new, its involvements now, whether it is news)
SILENT = [
    ("R24", "births", [], True),
    ("R39", "mental_health", [], False),
    ("R39", "mental_health", [involvement("mental_health", record=2)], False),
    ("R41", "mental_health", [involvement("mental_health", record=2, consent=LAPSED)], False),
    ("R39", "charity", [involvement("substance_misuse", record=2)], False),
    ("R39", "charity", [involvement("family_support", record=2)], True),
    ("R45", "charity", [involvement("family_support", record=2, confirmed=False)], False),
    ("R46", "charity", [involvement("family_support", record=2, end=TODAY - 366 * DAY)], False),
    ("R46", "charity", [involvement("family_support", record=2, end=TODAY - DAY)], True),
]


@pytest.mark.parametrize(("rule", "contract", "now", "is_news"), SILENT)
def test_of_what_a_sensitive_service_alone_knows_nothing_is_news(rule, contract, now, is_news):
    """Nor while somebody agrees and the page shows it: that it came would tell that they did."""
    here = said("births", record=1, **OLD)
    found = news(here, *turn({}, {"known_as": "Mina", **NEW}, contract, record=2), now=now)
    assert bool(found) is is_news, rule
    joined = news(here, said(contract, record=2, held=SINCE, known_as="Mina", **NEW), now=now)
    assert bool(joined) is is_news, rule


def place(service, where, *, since=BEFORE, until=None, contract="school_census", **more):
    contact = ContactDetails(
        organisation_code=where, organisation_name=where, practitioner=more.pop("who", None)
    )
    one = involvement(service, source_name=contract, contact=contact, **{"start": None, **more})
    return HeldInvolvement(
        involvement=one, contract=contract, as_at=since.date(), held_from=since, held_until=until
    )


def places(*held, at=NOW, own=OWN, more=()):
    now = tuple(one.involvement for one in held if one.held_until is None)
    record = KnownRecord(number="C000000102M", statements=(), involvements=(*now, *more))
    found = which_places_and_lead_changed(record, held, own, LOOKED, at)
    return {one.field.value: ([told.organisation for told in one.now], one.on) for one in found}


def lead(who, **more):
    contract = more.pop("contract", "child_health")
    return place("school_nurse", who, contract=contract, who=who, lead_practitioner=True, **more)


# (rule, what is held of places and leads, the news)
PLACES = [
    ("R44", (place("school", "Old", until=SINCE), place("school", "New", since=SINCE)), {"school": ["New"]}),
    ("R44", (place("school", "Old"),), {}),
    ("R44", (place("gp", "A", until=SINCE), place("gp", "A", since=SINCE, who="Jo")), {"gp": ["A"]}),
    ("R44", (place("school", "Old", until=SINCE),), {"school": []}),
    ("R44", (place("gp", "A", end=TODAY - 2 * DAY), place("gp", "B", start=TODAY - DAY)), {"gp": ["B"]}),
    ("R44", (place("gp", "Surgery", since=SINCE, contract="gp_registrations"),), {"gp": ["Surgery"]}),
    ("R44", (place("school", "Typed", since=SINCE, contract="practitioner"),), {}),
    ("R43", (lead("Jo", until=SINCE), lead("Al", since=SINCE)), {"lead": ["Al"]}),
    ("R43", (lead("Jo"), lead("Al", id=2, record=2, since=SINCE, start=TODAY)), {"lead": ["Al"]}),
    ("R43", (lead("Jo"), lead("Al", id=2, record=2, lead_since=SINCE.date())), {"lead": ["Al"]}),
    ("R43", (lead("Jo"), lead("Al", id=2, record=2, lead_since=BEFORE.date())), {}),
    ("R43", (lead("Jo", until=SINCE),), {"lead": []}),
    ("R43", (lead("Jo"), lead("Me", id=OWN, record=2, contract="practitioner", lead_since=SINCE.date())), {}),
    ("R39", (place("mental_health", "Clinic", since=SINCE, lead_practitioner=True),), {}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "held", "told"), PLACES)
def test_school_gp_and_lead(rule, held, told):
    assert {field: where for field, (where, _) in places(*held).items()} == told, rule


def test_the_day_of_a_change_is_the_day_here():
    """Shortly before midnight in Greenwich it is the next day in a summer in England."""
    midnight = datetime.fromisoformat("2026-07-14T23:30:00+00:00")
    here = datetime.fromisoformat("2026-07-20T12:00:00+01:00")
    held = (place("school", "New", since=midnight),)
    record = KnownRecord(number="C1", statements=(), involvements=tuple(one.involvement for one in held))
    (one,) = which_places_and_lead_changed(record, held, OWN, midnight - DAY, here)
    assert one.on == date(2026, 7, 15)


def test_r22_a_number_that_leads_here_now():
    (one,) = which_numbers_joined([("C000000110X", SINCE)], NOW)
    assert (one.field.value, one.now, one.on) == ("number", ("C000000110X",), SINCE.date())
