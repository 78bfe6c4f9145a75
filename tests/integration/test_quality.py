"""Data quality: counted once a week from what may be shown, and read by whom it is for."""

from datetime import timedelta

import pytest
from tests.factories.directory import (
    NOW,
    TODAY,
    acting_as_role,
    add_record,
    amina,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of
from tests.factories.viewers import PRIYA, teacher, viewer

from contactpoint.actions.run.quality import quality_of, quality_of_source
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Misconfigured, NotFound
from contactpoint.domain.quality import Field, Hardly, PlaceKind
from contactpoint.pipelines import count_quality as counting
from contactpoint.pipelines.count_quality import anything_to_count, count_quality
from contactpoint.storage.models import Organisation, QualityCount, SourceRecord, WardPostcode
from contactpoint.web.presenters.quality import source_view

pytestmark = pytest.mark.django_db
WORKER = system_viewer("worker")
MANY = 25
TEAM = viewer(
    account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="la-353",
    organisation_name="Oldham Children's Services", authority="353",
)  # fmt: skip
ROCHDALE = viewer(
    account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="la-354",
    organisation_name="Rochdale Children's Services", authority="354",
)  # fmt: skip
NATIONAL = viewer(
    account_id=PRIYA, role=Role.NATIONAL_TEAM, organisation_code="contactpoint",
    organisation_name="ContactPoint", authority=None,
)  # fmt: skip
SCHOOL = {"service": "school", "organisation": "105734"}
AGREED = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}


@pytest.fixture
def known(db):
    """25 children of Oldham at one school: 15 have no telephone, 10 another birth date at school."""
    build_reference()
    build_account(PRIYA, "Priya Nair")
    for place in range(MANY):
        who = {"forename": f"Child{'abcdefghijklmnopqrstuvwxyz'[place]}"}
        phone = {} if place >= 10 else {"phone": "0161 496 0011"}
        census = amina("school-census", **who, **phone, involvements=(SCHOOL,))
        census.pop("carer_phone")
        if place < 10:
            census["date_of_birth"] = "2016-09-05"
        build_child(amina(**who), amina("child-health", **who), census)


def count(at=NOW):
    with acting_as_role("worker"):
        return count_quality(by=WORKER, at=at)


def read(by=TEAM, at=NOW):
    with acting_as_role("web"):
        return {one.code: one for one in quality_of(by=by, at=at)}


def detail(code="school-census", by=TEAM, at=NOW):
    with acting_as_role("web"):
        return quality_of_source(code=code, by=by, at=at)


def test_a_team_reads_what_is_missing_in_its_area(known):
    count()
    census = read()["school-census"]
    assert (census.records, census.gaps, census.worst, census.linked) == (
        MANY,
        0.6,
        Field.PHONE,
        Hardly.NEARLY_ALL,
    )
    assert census.rejected is None  # what was delivered had no rows
    assert events_of(PRIYA)[0].action is Action.READ_REPORT


def test_one_source_is_told_field_by_field_and_place_by_place(known):
    count()
    found = detail()
    by_field = {one.field: one for one in found.fields}
    assert by_field[Field.PHONE].filled == 0.4
    assert by_field[Field.BIRTH_DATE].differs == 0.4
    assert by_field[Field.SEX].differs is Hardly.FEW
    assert by_field[Field.UPN].differs is None
    told = [(one.kind, one.name, one.records, one.missing, one.differs, one.linked) for one in found.places]
    assert told == [
        (PlaceKind.ORGANISATION, "Broadfield Primary School", MANY, 0.6, 0.4, Hardly.NEARLY_ALL),
        (PlaceKind.WARD, "none", MANY, 0.6, 0.4, Hardly.NEARLY_ALL),
    ]


def ward(postcode, code="E05000800", name="Coldhurst", authority="353"):
    WardPostcode.objects.create(postcode=postcode, ward=code, name=name, authority=authority)


def wards_told(**terms):
    (table,) = [one for one in source_view(detail(**terms)).tables if one.columns[0] == "Ward"]
    return [row[:3] for row in table.rows]


@pytest.mark.parametrize("named", ["OL1 4AB", "OL1 4", "OL1"])
def test_it_is_told_by_ward_of_a_postcode_its_sector_or_its_district(known, named):
    ward(named)
    ward("OL2", "E05000801", "Crompton")
    count()
    assert wards_told() == [("Coldhurst (E05000800)", "25", "60.0%")]


def test_it_is_told_how_many_the_newest_delivery_did_not_renew(known):
    """As a record's own page tells it by its date: their row was rejected, and an older one stands."""
    ward("OL1")
    records = SourceRecord.objects.filter(source="school-census").order_by("pk").values_list("pk", flat=True)
    SourceRecord.objects.filter(pk__in=list(records[:10])).update(last_vouched=TODAY)
    count()
    found = detail()
    assert found.line.held_up == 0.4
    assert [one.held_up for one in found.places] == [0.4, 0.4]
    assert [detail(code).line.held_up for code in ("child-health",)] == [Hardly.FEW]


def test_of_counts_made_before_that_was_counted_nothing_is_said_of_it(known):
    count()
    for row in rows():
        row.figures.pop("held_up")
        row.save()
    assert detail().line.held_up is None
    assert [one.held_up for one in detail().places] == [None, None]


def test_of_rows_that_hold_the_longest_counts(known):
    ward("OL1", "E05000801", "Crompton")
    ward("OL1 4", "E05000802", "Royton")
    ward("OL1 4AB")
    count()
    assert wards_told() == [("Coldhurst (E05000800)", "25", "60.0%")]


def test_who_lives_in_no_ward_of_the_list_or_nowhere_known_stands_together(known):
    """Few of them are in no row, and neither is a ward of few."""
    ward("OL2")
    count()
    assert wards_told() == [("No ward known", "25", "60.0%")]
    ward("OL1 4AC", "E05000803", "Werneth")
    for place in range(19):
        where = {"forename": f"Few{'abcdefghijklmnopqrstuvwxyz'[place]}", "postcode": "OL1 4AC"}
        build_child(amina("child-health", **where), amina("school-census", **where, involvements=(SCHOOL,)))
    count(NOW + timedelta(weeks=1))
    assert [name for name, *_ in wards_told(at=NOW + timedelta(weeks=1))] == ["No ward known"]


def test_a_protected_child_is_in_no_ward(known):
    """R27, R36: the ward tells nothing of them, be it the last that makes it many."""
    ward("OL1")
    count(NOW - timedelta(weeks=1))
    before = wards_told(at=NOW - timedelta(weeks=1))
    for place in range(10):
        build_child(amina("school-census", forename=f"Hid{'abcdefghijkl'[place]}"), shielded=True)
    count()
    assert wards_told() == before


def test_four_weeks_later_it_is_compared(known):
    count(NOW - timedelta(weeks=4))
    assert read()["school-census"].before == 0.6
    count()
    assert {one.field: one.before for one in detail().fields}[Field.PHONE] == 0.4


def test_the_nation_reads_all_and_another_area_nothing(known):
    count()
    assert read(NATIONAL)["nhs-demographics"].records == MANY
    assert set(read(ROCHDALE)) == set()
    with pytest.raises(NotFound):
        detail(by=ROCHDALE)
    assert detail(by=NATIONAL).places == ()


def test_what_is_not_told_of_a_refuge_is_not_filled_in(known):
    Organisation.objects.create(
        code="refuge", name="A refuge", kind="refuge", authority="353", address="9 Quiet Road, Oldham",
        postcode="OL1 9ZZ", phone="0161 496 0999", accredited_until=TODAY,
    )  # fmt: skip
    there = {"address": "9 Quiet Road, Oldham", "postcode": "OL1 9ZZ", "phone": "0161 496 0999"}
    build_child(amina("gp-registrations", forename="Zainab", **there))
    build_child(amina("gp-registrations", forename="Amelia", phone="0161 496 0012"))
    count()
    filled = QualityCount.objects.get(source="gp-registrations", area="").figures["filled"]
    assert (filled["postcode"], filled["phone"]) == (1, 2)  # both name a carer's telephone
    build_child(amina("gp-registrations", forename="Ada", **there, carer_phone="0161 496 0999"))
    count(NOW + timedelta(weeks=1))
    filled = QualityCount.objects.filter(source="gp-registrations", area="").latest("week").figures["filled"]
    assert (filled["postcode"], filled["phone"]) == (1, 2)


HIDDEN = {
    "a protected child": ((amina(phone="0161 496 0012"),), True),
    "a service that needs consent": (
        (amina("mental-health", involvements=(AGREED,)),),
        False,
    ),
}


@pytest.mark.parametrize("which", HIDDEN)
def test_r27_r36_what_is_hidden_is_in_no_figure(known, which):
    count(NOW - timedelta(weeks=1))
    before = [(row.source_id, row.area, row.place, row.figures) for row in rows()]
    records, shielded = HIDDEN[which]
    build_child(*records, shielded=shielded)
    QualityCount.objects.all().delete()
    count(NOW - timedelta(weeks=1))
    assert [(row.source_id, row.area, row.place, row.figures) for row in rows()] == before


def rows():
    return QualityCount.objects.order_by("source_id", "area", "place_kind", "place")


def test_that_a_record_meets_one_that_needs_consent_is_not_told(known):
    alone = build_child(amina("gp-registrations", forename="Zainab"))
    count(NOW - timedelta(weeks=1))
    assert QualityCount.objects.get(source="gp-registrations", area="").figures["linked"] == 0
    add_record(alone, amina("mental-health", forename="Zainab", involvements=(AGREED,)))
    count()
    newest = QualityCount.objects.filter(source="gp-registrations", area="").latest("week")
    assert newest.figures["linked"] == 0


def test_each_source_is_counted_once_a_week_and_old_counts_are_let_go(known):
    assert anything_to_count(NOW)
    assert count() == 8
    assert count() == 0
    assert not anything_to_count(NOW)
    later = NOW + timedelta(weeks=14)
    assert count(later) == 8
    assert {row.week for row in rows()} == {counting.week_of(later.date())}


def test_two_who_count_at_once_count_each_source_once(known, monkeypatch):
    """The second saw what was waiting before the first had counted it."""
    waiting = counting.stored.sources_to_count(counting.week_of(NOW.date()))
    assert count() == len(waiting)
    before = [(row.pk, row.figures) for row in rows()]
    monkeypatch.setattr(counting.stored, "sources_to_count", lambda _week: waiting)
    assert count() == 0
    assert [(row.pk, row.figures) for row in rows()] == before


def test_cut_off_it_goes_on_with_the_next_source(known, monkeypatch):
    counted = counting.stored.count_source

    def fails_on_the_third(source, fields, week):
        if QualityCount.objects.filter(area="").count() == 2:
            raise ConnectionError
        return counted(source, fields, week)

    monkeypatch.setattr(counting.stored, "count_source", fails_on_the_third)
    with pytest.raises(ConnectionError):
        count()
    monkeypatch.undo()
    assert count() == 6


def test_it_is_for_teams(known):
    with acting_as_role("web"):
        refused = quality_of(by=teacher(), at=NOW)
    assert isinstance(refused, Refusal)
    assert refused.rules == ("R1",)


def test_only_a_process_counts(known):
    with pytest.raises(Misconfigured), acting_as_role("worker"):
        count_quality(by=TEAM, at=NOW)
