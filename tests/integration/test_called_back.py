"""Calls that were asked for: counted when they were made, for whoever asked; what a desk passes on never."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from tests.factories.directory import acting_as_role, amina, amina_in_full, build_child, build_reference
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.recording import record
from contactpoint.actions.run.reports import Period, use_report
from contactpoint.domain.audit.events import Action
from contactpoint.domain.counting_use import Measure, Soon
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.hours import Within
from contactpoint.pipelines.count_use import count_use
from contactpoint.storage.models import Account, ContactRequest, UseCount

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 10, 15, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEACHER = teacher()


@pytest.fixture
def number(db):
    build_reference()
    for account in (KEISHA, OWEN, PRIYA):
        Account.objects.get_or_create(pk=account, defaults={"email": f"{account}@example.org"})
    return build_child(*amina_in_full(), amina("mental-health"))


def said(action, by, at, **details):
    with transaction.atomic():
        record(action, by=by, at=at, purpose=WORRIED, details=details)


def asked_at(number, at, *, by=TEACHER, service="school_nurse", via=None, **answered):
    """A search, a record opened a minute later, and asking two later; what became of the request."""
    request = ContactRequest.objects.create(
        child_id=number,
        organisation_id="bridgewater-nhs" if service else None,
        service=service,
        desk="353",
        about="help",
        urgency="today",
        phone="0161 496 0734",
        asked_by_id=by.account_id,
        asked_for_id=by.organisation_code,
        asked_at=at + timedelta(minutes=3),
        answer_by=at + timedelta(hours=8),
        via=via,
        **answered,
    )
    said(Action.SEARCHED, by, at)
    said(Action.OPENED_RECORD, by, at + timedelta(minutes=1))
    said(Action.ASKED_CONTACT, by, at + timedelta(minutes=3), request=request.pk)
    return request


def answered(after, outcome="spoke"):
    return {"state": "answered", "outcome": outcome, "changed_at": TUESDAY + after}


def counted():
    """The figures of England, day by day, that are of contacts."""
    with acting_as_role("worker"):
        count_use(by=system_viewer("worker"), at=MONDAY_AFTER)
    rows = UseCount.objects.filter(scope="").order_by("day").values_list("day", "figures")
    wanted = (Measure.CONTACTS, Measure.CONTACTED, Measure.TOOK, Measure.ANSWERED, Measure.ASKED)
    told = {day: {one.value: figures[one] for one in wanted if figures.get(one)} for day, figures in rows}
    return {day: figures for day, figures in told.items() if figures != {"contacts": {"": 0}}}


def test_a_call_on_the_same_day_and_one_two_days_later_count_when_they_were_made(number):
    asked_at(number, TUESDAY, **answered(timedelta(minutes=40)))
    later = build_child(amina())
    asked_at(later, TUESDAY + timedelta(hours=1), **answered(timedelta(days=2)))
    assert counted() == {
        date(2026, 11, 10): {
            "asked": {"": 2},
            "answered": {"spoke": 1},
            "contacts": {"": 1},
            "contacted": {Soon.HOUR: 1},
            "took": {Within.FIVE: 1},
        },
        date(2026, 11, 12): {
            "answered": {"spoke": 1},
            "contacts": {"": 1},
            "contacted": {Soon.WEEK: 1},
            "took": {Within.FIVE: 1},
        },
    }


def test_an_answer_counts_for_whoever_asked_and_once(number):
    """The service that says that they spoke does not count the talk again."""
    asked_at(number, TUESDAY, **answered(timedelta(minutes=40)))
    nurse = viewer()
    said(Action.ANSWERED_CONTACT, nurse, TUESDAY + timedelta(minutes=40), request=1, outcome="spoke")
    counted()
    of = dict(UseCount.objects.filter(day="2026-11-10").values_list("scope", "figures"))
    assert {scope: figures["contacts"][""] for scope, figures in of.items() if scope} == {
        "authority:353": 1,
        f"organisation:{TEACHER.organisation_code}": 1,
    }


NEVER = {
    "left with a desk, which dealt with it": {"service": "", "outcome": "told"},
    "left with a desk, whatever it says": {"service": "", "outcome": "spoke"},
    "of a sensitive service": {"service": "mental_health", "outcome": "spoke"},
    "that a desk took over": {"service": "school_nurse", "outcome": "passed_on"},
}


@pytest.mark.parametrize("how", NEVER.values(), ids=NEVER)
def test_what_came_of_a_message_that_is_not_told_is_in_no_number(number, how):
    """R32, R39: it counts as asking, answered or not."""
    silent = asked_at(number, TUESDAY, service=how["service"])
    waits = counted()
    UseCount.objects.all().delete()
    ContactRequest.objects.filter(pk=silent.pk).update(**answered(timedelta(hours=1), how["outcome"]))
    assert counted() == waits == {date(2026, 11, 10): {"asked": {"": 1}, "contacts": {"": 0}}}


def test_what_a_desk_passed_on_is_in_no_number(number):
    """R32, R39, ADR 31: whoever left the message is in the figures as if nobody had been reached."""
    message = asked_at(number, TUESDAY, service="")
    asked_at(number, TUESDAY, via=message, **answered(timedelta(hours=1)))
    assert set(counted()[date(2026, 11, 10)]) == {"asked", "contacts"}
    assert counted()[date(2026, 11, 10)]["contacts"] == {"": 0}


def test_whoever_works_at_a_shield_desk_is_in_no_number_when_called_back(number):
    desk = viewer(account_id=PRIYA, role=Role.SHIELD_TEAM, organisation_code="la-353")
    asked_at(number, TUESDAY, by=desk, **answered(timedelta(minutes=40)))
    assert counted() == {}


def test_a_report_says_from_when_contacts_are_counted_so(number):
    asked_at(number, TUESDAY, **answered(timedelta(minutes=40)))
    UseCount.objects.create(day="2026-11-09", scope="authority:353", figures={"spoke": {"": 9}})
    counted()
    team = viewer(account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="la-353", authority="353")
    with acting_as_role("web"):
        report = use_report(period=Period.MONTH, by=team, at=MONDAY_AFTER)
    assert (report.contacts, report.contacts_since) == (1, date(2026, 11, 10))
