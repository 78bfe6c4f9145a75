"""Those who work with a child are told when its record was joined with another, or parted (R22, R27, R39)."""

from datetime import date, timedelta

import pytest
from tests.factories.directory import acting_as_role, build_account
from tests.factories.feeds import AMINA
from tests.factories.signed_in import sign_in
from tests.factories.supply import BEN, LATER, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.notices import notices
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.link.split import split_child
from contactpoint.actions.link.undo import undo_change
from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import ProtectedRecord
from contactpoint.storage.models import Membership
from contactpoint.storage.queries.cases import records_parted
from contactpoint.web.presenters.keeping import change_words

pytestmark = pytest.mark.django_db
DESK = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None)
NURSE, COLLEAGUE = viewer(), viewer(account_id=PRIYA, name="Priya Nair")
AFTER = LATER + timedelta(hours=1)
TAKEN_OUT = "Part of this record was about another child and was taken out today: check what is left"


@pytest.fixture
def child(tmp_path):
    """A child of three sources, and a nurse who works with her and has looked at her children."""
    build_sources()
    for account in (KEISHA, PRIYA):
        build_account(account)
        Membership.objects.create(
            account_id=account,
            organisation_id="bridgewater-nhs",
            role="practitioner",
            services=["school_nurse"],
        )
        sign_in(account)
    service = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "significant_harm"}
    load(
        feed(tmp_path, "births", AMINA, BEN),
        feed(tmp_path, "gp-registrations", {**AMINA, "service": "gp", "organisation": "P85001"}),
        feed(tmp_path, "mental-health", {**AMINA, **service}),
    )
    number = child_of("births", "A1")
    assert {child_of(source, "A1") for source in ("gp-registrations", "mental-health")} == {number}
    with acting_as_role("web"):
        made = record_involvement(
            number=number,
            service="school_nurse",
            role="School nurse",
            phone="0161 496 0101",
            start=date(2026, 9, 1),
            lead_practitioner=False,
            assessment_held=False,
            by=NURSE,
            at=NOW,
        )
        confirm_involvement(involvement_id=made.involvement_id, by=COLLEAGUE, at=NOW)
        my_children(by=NURSE, at=NOW)
    return number


def told(at=AFTER):
    with acting_as_role("web"):
        (own,) = my_children(by=NURSE, at=at).children
    return own if isinstance(own, ProtectedRecord) else [change_words(one, at.date()) for one in own.changes]


def worker(action, **given):
    with acting_as_role("worker"):
        return action(by=DESK, at=LATER, because="So", **given)


def split(number, source):
    (record,) = rows("SELECT id FROM source_record WHERE source_id = %s AND local_id = 'A1'", source)
    return worker(split_child, number=number, records=record)


def test_r22_a_parting_is_told_to_those_who_work_with_the_child(child):
    split(child, "gp-registrations")
    assert TAKEN_OUT in told()
    assert TAKEN_OUT not in told(AFTER + timedelta(days=1)), "told once"


def test_r22_a_parting_that_was_a_mistake_is_not_told(child):
    worker(undo_change, change=split(child, "gp-registrations").change)
    assert told() == []


def test_r39_that_only_a_sensitive_service_spoke_for_the_part_is_not_told(child):
    split(child, "mental-health")
    assert told() == []


def test_r22_a_joining_that_was_told_and_undone_is_told_too(child):
    done = worker(merge_children, one=child, other=child_of("births", "B1"))
    assert any("Two records became one" in words for words in told())
    with acting_as_role("worker"):
        undo_change(change=done.change, by=DESK, at=AFTER + timedelta(hours=1), because="No")
    with acting_as_role("web"):
        assert records_parted(child, AFTER) == (AFTER + timedelta(hours=1),)
        assert records_parted(child, NOW) == (), "who never heard of the joining hears of neither"


def test_r27_of_a_shielded_child_nothing_is_told(child):
    split(child, "gp-registrations")
    with acting_as_role("worker"):
        place_shield(number=child, ground=Ground.ADOPTION, by=LOADER, at=LATER)
    with acting_as_role("web"):
        assert records_parted(child, NOW) == ()
    sign_in(KEISHA)
    assert isinstance(told(), ProtectedRecord)


def test_r22_whoever_had_opened_a_record_is_told_that_it_was_joined_or_parted(child):
    """R22; of what a sensitive service alone spoke for, and of a shielded child, nothing (R27, R39)."""
    build_account(OWEN)
    sign_in(OWEN)
    other = child_of("births", "B1")
    with acting_as_role("web"):
        for number in (child, other):
            open_record(number=number, purpose=WORRIED, by=teacher(), at=NOW, how=WITH_ME)

    def noticed():
        with acting_as_role("web"):
            found = notices(by=teacher(), at=AFTER)
        return [(one.opened.number, one.opened.joined) for one in found.told]

    split(child, "mental-health")
    assert noticed() == []
    split(child, "gp-registrations")
    assert noticed() == [(child, None)]
    done = worker(merge_children, one=child, other=other)
    kept, gone = sorted([child, other], key=lambda one: one != done.kept)
    assert (kept, gone) in noticed()
    with acting_as_role("worker"):
        place_shield(number=kept, ground=Ground.ADOPTION, by=LOADER, at=LATER)
    assert noticed() == []
