"""Joining, parting and undoing children: numbers, aliases, shields, indexes, the audit (R20-R22, R35)."""

import pytest
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import (
    BEN,
    LATER,
    LOADER,
    NOW,
    build_sources,
    child_of,
    feed,
    load,
    rows,
    rows_for_web,
)
from tests.factories.viewers import WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.link.merge import NEVER, merge_children
from contactpoint.actions.link.split import split_child
from contactpoint.actions.link.undo import undo_change
from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.cli.status import _COUNTED
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import OpenRecord, ProtectedRecord, Refusal
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.link import link
from contactpoint.pipelines.reference import load_reference
from contactpoint.storage.models import Child, SearchIdentity, SearchKey, Shield

pytestmark = pytest.mark.django_db
TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353", organisation_kind="authority")
DESK = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None)
SHIELDS = viewer(role=Role.SHIELD_TEAM, organisation_code="contactpoint", authority=None)
GP = {"service": "gp", "organisation": "P85001"}
ELSEWHERE = {**AMINA, "local_id": "G1", "forename": "Meena", "surname": "Okoro",
             "date_of_birth": "2016-09-05",
             "address": "8 Fell View, Oldham", "postcode": "OL1 2AA"}  # fmt: skip
ALL = """
    SELECT 'child', number, shielded::text, coalesce(retired_into_id, '') FROM child UNION ALL
    SELECT 'record', id::text, sealed::text, child_id FROM source_record UNION ALL
    SELECT 'version', id::text, sealed::text, '' FROM record_version UNION ALL
    SELECT 'match', record_id::text, '', child_id FROM match_identity UNION ALL
    SELECT 'key', child_id, kind::text, key::text FROM search_key UNION ALL
    SELECT 'row', child_id, shielded::text || forename || surname || dob_text || postcode || town || known_as,
        la || sk::text || fk::text FROM search_identity
    ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def two(tmp_path):
    """Amina, whom birth registrations knew first, and a child whom only a GP knows."""
    build_sources()
    load(feed(tmp_path, "births", AMINA, BEN))
    load(feed(tmp_path, "gp-registrations", {**ELSEWHERE, **GP}), at=LATER)
    one, other = child_of("births", "A1"), child_of("gp-registrations", "G1")
    assert one != other
    return one, other


def merge(one, other, *, by=DESK, asked=False):
    with acting_as_role("worker"):
        return merge_children(one=one, other=other, because="One passport", by=by, at=LATER, asked=asked)


def split(number, *records, by=DESK, asked=False):
    with acting_as_role("worker"):
        return split_child(number=number, records=records, because="Two girls", by=by, at=LATER, asked=asked)


def undo(done, *, by=DESK):
    with acting_as_role("worker"):
        return undo_change(change=done.change, because="A mistake", by=by, at=LATER)


def opened(number):
    with acting_as_role("web"):
        return open_record(number=number, purpose=WORRIED, by=viewer(), at=LATER, how=WITH_ME)


def record_of(source, local_id):
    return rows("SELECT id FROM source_record WHERE source_id = %s AND local_id = %s", source, local_id)[0][0]


def shield(number):
    with acting_as_role("worker"):
        place_shield(number=number, ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=NOW)


def test_the_number_with_the_earliest_link_stays_and_the_other_leads_to_it(two):
    one, other = two
    done = merge(other, one)
    assert (done.kept, done.other) == (one, other)
    assert child_of("gp-registrations", "G1") == one
    record = opened(other)
    assert isinstance(record, OpenRecord)
    assert record == opened(one)
    assert record.number == one
    assert "Meena Okoro" in {name.value for name in record.names}


def test_links_are_added_and_none_is_changed(two):
    before = rows("SELECT * FROM link ORDER BY id")
    merge(*two)
    after = rows("SELECT * FROM link ORDER BY id")
    assert after[: len(before)] == before
    ((decision, by),) = rows("SELECT decision, decided_by FROM link WHERE change_id IS NOT NULL")
    assert (decision, by) == ("merged", str(DESK.account_id))


def test_both_indexes_follow_at_once(two):
    one, other = two
    merge(one, other)
    assert not SearchIdentity.objects.filter(child=other).exists()
    assert not SearchKey.objects.filter(child=other).exists()
    assert SearchIdentity.objects.filter(child=one, surname="Okoro").exists()
    assert rows("SELECT DISTINCT child_id FROM match_identity WHERE dob <> '2012-11-30'") == [(one,)]


def test_a_merge_and_its_undo_leave_everything_as_it_was(two):
    one, other = two
    before, seen = rows(ALL), [opened(number) for number in two]
    done = merge(one, other)
    assert rows(ALL) != before
    undo(done)
    assert rows(ALL) == before
    assert [opened(number) for number in two] == seen


def test_a_delivery_about_a_joined_record_finds_the_number_that_stayed(tmp_path, two):
    one, other = two
    merge(one, other)
    changed = {**ELSEWHERE, **GP, "postcode": "OL1 3AA"}
    load(feed(tmp_path, "gp-registrations", changed, as_at="2026-12-20"), at=LATER)
    assert child_of("gp-registrations", "G1") == one
    assert Child.objects.get(pk=other).retired_into_id == one


def test_what_came_after_a_joining_goes_back_with_the_record_it_came_by(tmp_path, two):
    one, other = two
    done = merge(one, other)
    again = {**ELSEWHERE, "local_id": "S1", "service": "school", "organisation": "105734"}
    load(feed(tmp_path, "school-census", again, kind="delta"), at=LATER)
    assert child_of("school-census", "S1") == one
    undo(done)
    assert child_of("gp-registrations", "G1") == other
    assert child_of("school-census", "S1") == other
    assert child_of("births", "A1") == one


def test_the_shield_of_either_survives_and_undoing_shields_both(two):
    one, other = two
    shield(other)
    assert isinstance(merge(one, other), Refusal)
    done = merge(one, other, by=SHIELDS)
    assert Child.objects.get(pk=one).shielded
    assert isinstance(opened(one), ProtectedRecord)
    assert isinstance(opened(other), ProtectedRecord)
    assert rows("SELECT DISTINCT sealed FROM source_record WHERE child_id = %s", one) == [(True,)]
    assert isinstance(undo(done), Refusal)
    undo(done, by=SHIELDS)
    assert [Child.objects.get(pk=number).shielded for number in two] == [True, True]
    assert isinstance(opened(one), ProtectedRecord)
    assert Shield.objects.filter(lifted_at=None).count() == 2


def test_a_number_that_retired_is_in_no_table_that_pages_read_and_in_no_count(two):
    """That two protected records became one is an act of the desk, which nobody else may notice (R34)."""
    one, other = two
    counted = dict(_COUNTED)["Children"]
    assert rows(counted) == [(3,)]
    for number in two:
        shield(number)
    merge(one, other, by=SHIELDS)
    assert rows(counted) == [(2,)]
    assert one in dict(rows_for_web("SELECT number, shielded FROM child"))
    assert other not in dict(rows_for_web("SELECT number, shielded FROM child"))
    assert isinstance(opened(other), ProtectedRecord)


def test_a_shielded_child_that_is_parted_is_two_shielded_children(tmp_path, two):
    one, other = two
    merge(one, other)
    shield(one)
    done = split(one, record_of("gp-registrations", "G1"), by=SHIELDS)
    assert done.other not in {one, other}
    assert Child.objects.get(pk=done.other).shielded
    assert isinstance(opened(done.other), ProtectedRecord)
    assert not SearchKey.objects.filter(child__in=[one, done.other]).exists()


def test_the_part_with_the_earliest_link_keeps_the_number(two):
    one, other = two
    merge(one, other)
    births = record_of("births", "A1")
    done = split(one, births)
    assert done.kept == one
    assert child_of("births", "A1") == one
    assert child_of("gp-registrations", "G1") == done.other


def test_a_parting_is_undone_and_the_new_number_leads_to_the_old_for_ever(two):
    one, other = two
    merge(one, other)
    seen = opened(one)
    parted = split(one, record_of("gp-registrations", "G1"))
    undo(parted)
    assert opened(parted.other) == opened(one) == opened(other) == seen


def test_what_came_later_is_undone_first(two):
    one, other = two
    joined = merge(one, other)
    parted = split(one, record_of("gp-registrations", "G1"))
    with pytest.raises(Conflict):
        undo(joined)
    undo(parted)
    undo(joined)
    with pytest.raises(Conflict):
        undo(joined)
    assert child_of("gp-registrations", "G1") == other


def test_what_is_not_two_or_not_there_is_refused(two):
    one, other = two
    with pytest.raises(Conflict):
        merge(one, one)
    done = merge(one, other)
    for attempt in ((one, other), (other, child_of("births", "B1")), (one, "C482915307K")):
        with pytest.raises(Conflict):
            merge(*attempt)
    everything = [row[0] for row in rows("SELECT id FROM source_record WHERE child_id = %s", one)]
    for records in ((), everything, [record_of("births", "B1")]):
        with pytest.raises(Conflict):
            split(one, *records)
    with pytest.raises(NotFound):
        undo(type(done)(change=99, kept=one, other=other))


def test_only_who_may_and_for_an_authority_only_what_a_case_asks(two):
    one, other = two
    before = rows(ALL)
    for who in (viewer(), TEAM, viewer(role=Role.TECHNICAL_ADMINISTRATOR)):
        assert isinstance(merge(one, other, by=who), Refusal)
        assert isinstance(split(one, 1, by=who), Refusal)
    away = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-354", authority="354")
    assert isinstance(merge(one, other, by=away, asked=True), Refusal)
    assert rows(ALL) == before
    shield(one)
    assert isinstance(merge(one, other, by=TEAM, asked=True), Refusal)


def test_the_halves_of_a_sealed_identity_are_never_joined(tmp_path):
    build_sources()
    pair = "source_a,local_id_a,source_b,local_id_b\nbirths,A1,gp-registrations,G1\n"
    (tmp_path / "sealed_pairs.csv").write_text(pair, encoding="utf-8")
    with acting_as_role("worker"):
        load_reference(tmp_path, by=LOADER, at=NOW)
    load(feed(tmp_path, "births", AMINA, BEN), feed(tmp_path, "gp-registrations", {**ELSEWHERE, **GP}))
    halves = child_of("births", "A1"), child_of("gp-registrations", "G1")
    before = rows(ALL)
    assert merge(*halves) == NEVER
    stranger = child_of("births", "B1")
    refused = [merge(one, other, by=TEAM) for one, other in (halves, (halves[0], stranger))]
    assert refused[0] == refused[1]
    assert rows(ALL) == before


def test_it_is_audited_where_it_is_done(two):
    done = merge(*two)
    undo(done)
    told = rows(
        "SELECT action, subjects, account FROM audit_body "
        "WHERE action IN ('joined_records', 'undid_decision') ORDER BY occurred_at, action"
    )
    assert [(action, set(subjects)) for action, subjects, _ in told] == [
        ("joined_records", set(two)),
        ("undid_decision", set(two)),
    ]
    assert {account for _, _, account in told} == {DESK.account_id}


def test_a_delivery_linked_before_a_joining_is_linked_again_after_it(tmp_path, two):
    one, other = two
    changed = {**ELSEWHERE, **GP, "postcode": "OL1 3AA"}
    path = feed(tmp_path, "gp-registrations", changed, as_at="2026-12-20")
    with acting_as_role("worker"):
        deliver(path, source="gp-registrations", by=LOADER, at=LATER)
        link(by=LOADER, at=LATER)
    merge(one, other)
    load(at=LATER)
    assert child_of("gp-registrations", "G1") == one
    assert rows("SELECT postcode FROM match_identity WHERE child_id = %s AND postcode = 'OL1 3AA'", one)
