"""Children are counted once a month from what may be shown, kept rounded, and read by whom it is for."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from tests.factories.directory import (
    NOW,
    TODAY,
    acting_as_role,
    amina,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import PRIYA, teacher, viewer

from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.run.children import children_counted
from contactpoint.domain.audit.events import Action
from contactpoint.domain.children_counts import Ages, Of
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Misconfigured
from contactpoint.pipelines.count_children import anything_to_count, count_children, month_of
from contactpoint.storage.children_counts import COUNTING, cells_now, partner_cells_now
from contactpoint.storage.models import ChildrenCount, Membership, PartnerCount

pytestmark = pytest.mark.django_db
WORKER = system_viewer("worker")
MANY = 13
TEAM = viewer(
    account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="la-353",
    organisation_name="Oldham Children's Services", authority="353",
)  # fmt: skip
PARTNER = viewer(account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="anywhere", authority=None)
NATIONAL = viewer(
    account_id=PRIYA, role=Role.NATIONAL_TEAM, organisation_code="contactpoint",
    organisation_name="ContactPoint", authority=None,
)  # fmt: skip
CHARITY = viewer(
    account_id=PRIYA, role=Role.PARTNER_TEAM, organisation_code="harbour-recovery",
    organisation_name="Harbour Recovery", organisation_kind="charity",
)  # fmt: skip
SUPPORT = {"service": "family_support", "organisation": "harbour-recovery"}
SHIELDS = viewer(
    account_id=PRIYA, role=Role.SHIELD_TEAM, organisation_code="contactpoint", authority=None,
)  # fmt: skip
SCHOOL = {"service": "school", "organisation": "105734"}
HELD = {"service": "early_help", "organisation": "la-353", "lead_practitioner": True, "assessment": True}
AGREED = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}
NEXT_MONTH = NOW + timedelta(days=31)


@pytest.fixture
def known(db):
    """13 children of Oldham at one school, each with early help, which leads and holds an assessment."""
    build_reference()
    build_account(PRIYA, "Priya Nair")
    for place in range(MANY):
        who = {"forename": f"Child{'abcdefghijklm'[place]}"}
        build_child(amina("school-census", **who, involvements=(SCHOOL, HELD)))


def count(at=NOW):
    with acting_as_role("worker"):
        return count_children(by=WORKER, at=at)


def read(by=TEAM, at=NOW):
    with acting_as_role("web"):
        return children_counted(by=by, at=at)


def test_a_team_reads_its_area_rounded(known):
    count()
    found = read()
    assert found.totals == dict.fromkeys(Of, 15)
    assert found.by_age[Ages.PRIMARY][Of.CHILDREN] == 15
    assert (found.areas, found.protected) == ((), ())
    assert events_of(PRIYA)[0].action is Action.READ_REPORT


def test_the_nation_is_told_by_authority_and_a_team_without_an_area_only_englands_totals(known):
    count()
    whole = read(NATIONAL)
    assert [(one.name, one.children, one.lead) for one in whole.areas] == [
        ("Oldham Children's Services", 15, 15)
    ]
    partner = read(PARTNER)
    assert (partner.totals, partner.areas) == (whole.totals, ())


def helped(place, **changed):
    """A child whom a charity supports, who is at school as well."""
    who = {"forename": f"Child{'abcdefghijklmnop'[place]}", **changed}
    return amina("childrens-services-353", **who, involvements=(SUPPORT, SCHOOL))


@pytest.fixture
def supported(known):
    """12 children of whom a charity tells, and its team, signed in."""
    Membership.objects.create(account_id=PRIYA, organisation_id="harbour-recovery", role="partner_team")
    sign_in(PRIYA)
    for place in range(12):
        build_child(helped(place))


def test_a_partners_team_reads_of_the_children_its_services_work_with_and_of_nobody_elses(supported):
    count()
    found = read(CHARITY)
    assert found.totals == {
        Of.CHILDREN: 10, Of.UNIVERSAL: None, Of.ADDITIONAL: 10, Of.LEAD: None, Of.ASSESSMENT: None,
    }  # fmt: skip
    assert (found.areas, found.protected, len(found.months)) == ((), (), 1)
    assert PartnerCount.objects.get().figures["children"] == {"5-10": 10}, "rounded before it is kept"
    assert read(NATIONAL).totals[Of.CHILDREN] == 25


def test_a_charity_that_works_with_nobody_reads_that_it_was_counted(known):
    Membership.objects.create(account_id=PRIYA, organisation_id="harbour-recovery", role="partner_team")
    sign_in(PRIYA)
    count()
    assert set(read(CHARITY).totals.values()) == {None}


@pytest.mark.parametrize(
    "hidden",
    [
        {"shielded": True},
        {"changed": {"involvements": ({**SUPPORT, "service": "substance_misuse", "consent": "child"},)}},
        {"changed": {"involvements": ({**SUPPORT, "end_date": TODAY - timedelta(days=1)},)}},
    ],
    ids=["a protected child", "a service that needs consent", "one that has ended"],
)
def test_r27_r36_what_is_hidden_or_over_is_in_no_figure_of_a_partner(supported, hidden):
    before = partner_cells_now(TODAY)
    record = {**helped(13), **hidden.get("changed", {})}
    build_child(record, shielded=hidden.get("shielded", False))
    assert partner_cells_now(TODAY) == before == [("harbour-recovery", "5-10", 12, 0, 12, 0, 0)]


def test_what_is_kept_is_rounded_already(known):
    count()
    assert ChildrenCount.objects.get(area="353").figures["children"] == {"5-10": 15}


def test_a_month_is_counted_once_and_stands(known):
    assert read() is None
    assert anything_to_count(NOW)
    assert count() == 2
    before = read(NATIONAL)
    for place in range(9):
        build_child(amina("school-census", forename=f"Later{'abcdefghi'[place]}"))
    assert count() == 0
    assert not anything_to_count(NOW)
    assert read(NATIONAL) == before
    count(NEXT_MONTH)
    assert [children for _, children in read(at=NEXT_MONTH).months] == [15, 20]


@pytest.mark.parametrize(
    ("records", "shielded"),
    [
        ((amina("school-census", involvements=(SCHOOL, HELD)),), True),
        ((amina("mental-health", involvements=(AGREED, HELD)),), False),
    ],
    ids=["a protected child", "what came with a service that needs consent"],
)
def test_r27_r36_what_is_hidden_is_in_no_cell(known, records, shielded):
    before = cells_now(TODAY)
    build_child(*records, shielded=shielded)
    had = {row[:2]: row[3:] for row in before}
    after = cells_now(TODAY)
    assert {row[:2]: row[3:] for row in after} == had
    if shielded:
        assert after == before


def test_protected_records_are_told_to_the_nation_alone_and_of_no_place(known):
    for place in range(MANY):
        build_child(amina(forename=f"Kept{'abcdefghijklm'[place]}"), shielded=True)
    count()
    assert read(NATIONAL).protected == ((TODAY.replace(day=1), 15),)
    assert read(TEAM).protected == ()
    assert read(NATIONAL).totals[Of.CHILDREN] == 15
    build_child(amina(forename="Kepta"), shielded=True)
    count(NEXT_MONTH)
    told = read(NATIONAL, at=NEXT_MONTH).protected
    assert told == ((TODAY.replace(day=1), 15), (NEXT_MONTH.date().replace(day=1), 15)), (
        "one more shows nothing"
    )


def test_it_is_for_teams(known):
    assert isinstance(read(teacher()), Refusal)


def test_only_a_process_counts_and_pages_change_nothing(known):
    with pytest.raises(Misconfigured), acting_as_role("worker"):
        count_children(by=TEAM, at=NOW)
    for role in ("web", "worker"):
        with acting_as_role(role), connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege('children_count', 'UPDATE'), "
                "has_table_privilege('children_count', 'DELETE')"
            )
            assert cursor.fetchone() == (False, False)


def test_protected_records_that_became_one_are_one(known):
    names = [f"Kept{letter}" for letter in "abcdefghijklm"]
    first, *others = (build_child(amina(forename=name), shielded=True) for name in names)
    decided = {"because": "One passport", "by": SHIELDS, "at": NOW, "asked": True}
    with acting_as_role("worker"):
        for other in others[:3]:
            merge_children(one=first, other=other, **decided)
    count()
    assert read(NATIONAL).protected == ((TODAY.replace(day=1), 10),)


@pytest.mark.django_db(transaction=True)
def test_who_counts_while_another_does_waits_and_counts_nothing(connect_as):
    """Two that began at once would both have counted the month, and one have failed."""
    build_reference()
    counted = []

    def count_too():
        counted.append(count())
        connection.close()

    with connect_as("worker") as another:
        another.execute("BEGIN")
        another.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTING])
        another.execute(
            "INSERT INTO children_count (month, area, figures) VALUES (%s, '', '{}')", [month_of(NOW.date())]
        )
        waiting = threading.Thread(target=count_too)
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive(), "it did not wait"
        another.execute("COMMIT")
        waiting.join(timeout=30)
    assert counted == [0]
    assert ChildrenCount.objects.count() == 1
