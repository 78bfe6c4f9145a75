"""What silence means on a record, by authority and source: nobody, not connected, told too long ago."""

from datetime import date, timedelta

import pytest
from tests.factories.directory import NOW, TODAY, acting_as_role, amina, build_child, build_reference
from tests.factories.viewers import WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.domain.coverage import CoverageState
from contactpoint.domain.disclosure.answers import ProtectedRecord
from contactpoint.storage.models import Delivery, Source

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NONE, AWAY, STALE = CoverageState.CONFIRMED_NONE, CoverageState.NOT_CONNECTED, CoverageState.STALE


@pytest.fixture(autouse=True)
def reference(db):
    build_reference()


def opened(number, at=NOW):
    with acting_as_role("web"):
        return open_record(number=number, purpose=WORRIED, by=viewer(), at=at, how=WITH_ME)


def silence(number, at=NOW):
    return {one.label: one.state for one in opened(number, at).coverage}


def told(code, contract, authority, on, promised=7):
    Source.objects.create(
        code=code,
        name=code,
        contract=contract,
        organisation_id="la-353",
        authority=authority,
        promised_days=promised,
    )
    if on:
        Delivery.objects.create(
            source_id=code,
            as_at=on,
            kind="full",
            sha256=code.ljust(64, "0"),
            file_name=f"{code}.csv",
            state="published",
            received_at=NOW,
            published_at=NOW,
        )


def test_the_three_states_stand_on_one_record():
    told("youth-justice-353", "youth_justice", "353", TODAY - 8 * DAY)
    states = silence(build_child(amina("births")))
    assert states == {
        "School": NONE,
        "GP practice": NONE,
        "Health visiting and school nursing": NONE,
        "Children's services": NONE,
        "Youth justice": STALE,
        "Charities": NONE,
        "Police": AWAY,
    }


def test_a_source_is_connected_for_its_own_authority_alone():
    told("youth-justice-354", "youth_justice", "354", TODAY)
    assert silence(build_child(amina("births")))["Youth justice"] is AWAY
    in_rochdale = build_child(amina("births", address="3 Far Road, Rochdale", postcode="OL16 1XU"))
    states = silence(in_rochdale)
    assert (states["Youth justice"], states["Children's services"]) == (NONE, AWAY)


def test_a_source_that_never_told_is_not_connected():
    told("youth-justice-353", "youth_justice", "353", None)
    assert silence(build_child(amina("births")))["Youth justice"] is AWAY


def test_it_is_stale_from_the_day_after_its_promise():
    told("youth-justice-353", "youth_justice", "353", TODAY - 7 * DAY)
    number = build_child(amina("births"))
    assert silence(number)["Youth justice"] is NONE
    assert silence(number, NOW + DAY)["Youth justice"] is STALE


def test_a_stale_source_is_named_though_its_service_is_listed():
    Delivery.objects.filter(source_id="school-census").update(as_at=date(2026, 1, 9))
    at_school = {"service": "school", "organisation": "105734", "start_date": date(2020, 9, 1)}
    record = opened(build_child(amina("school-census", involvements=[at_school])))
    (school,) = (one for one in record.coverage if one.label == "School")
    assert (school.state, school.last_told) == (STALE, date(2026, 1, 9))


def test_r27_a_shielded_record_says_nothing_of_it():
    assert isinstance(opened(build_child(amina("births"), shielded=True)), ProtectedRecord)
