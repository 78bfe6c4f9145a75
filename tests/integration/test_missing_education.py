"""The month's list of children without a setting: derived, dated, worked, never a shielded child (R62)."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import PRIYA, teacher, viewer

from contactpoint.actions.contribute.education import decide_setting, education_list
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.run.today import today
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.education import NOT_AGAIN_FOR, SettingDecision, Why
from contactpoint.domain.errors import Misconfigured
from contactpoint.domain.today import Queue
from contactpoint.pipelines.education import make_education_lists
from contactpoint.storage.models import Delivery, Membership

pytestmark = pytest.mark.django_db
OCTOBER = datetime(2026, 10, 3, 9, tzinfo=UTC)
WORKER = system_viewer("worker")


def team(organisation="la-353", authority="353"):
    return viewer(
        account_id=PRIYA,
        role=Role.AUTHORITY_TEAM,
        organisation_code=organisation,
        organisation_kind="authority",
        authority=authority,
        services=(),
    )


@pytest.fixture(autouse=True)
def directory(db):
    build_reference()
    build_account(PRIYA, "Priya Nair")
    for organisation in ("la-353", "la-354"):
        Membership.objects.create(
            account_id=PRIYA, organisation_id=organisation, role="authority_team", services=[]
        )
    sign_in(PRIYA)


def child(forename, *schools, source="nhs-demographics", **said):
    """A child of ten in Oldham, with the settings that the school census tells of."""
    told = [amina(source, forename=forename, nhs_number="", upn="", **said)]
    if schools:
        told.append(amina("school-census", forename=forename, nhs_number="", upn="", involvements=schools))
    return build_child(*told)


def at_school(**more):
    return {"service": "school", "organisation": "105734", "start_date": date(2020, 9, 1), **more}


def make(at=NOW):
    with acting_as_role("worker"):
        return make_education_lists(by=WORKER, at=at)


def run(action, by=None, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by or team(), at=at, **terms)


def listed(**terms):
    return {one.name.split()[0]: one for one in run(education_list, **terms).children}


def test_whoever_has_no_setting_is_listed_with_why_and_nobody_else():
    child("Never")
    child("Ended", at_school(end_date=date(2026, 7, 20)))
    child("Schooled", at_school())
    child("Home", {"service": "home_education", "organisation": "la-353", "start_date": date(2024, 9, 1)})
    child("Young", date_of_birth="2023-05-09")
    child("Grown", date_of_birth="2009-05-09")
    child("Partial", date_of_birth="2016-05")
    child("Died", date_of_death="2026-06-01")
    child("Abroad", address_kind="left_england")
    child("Elsewhere", postcode="OL16 2ZZ")
    shielded = child("Hidden")
    place_shields(numbers=[shielded], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    assert make() == 2, "one for each authority"
    found = listed()
    assert {name: (one.why, one.since) for name, one in found.items()} == {
        "Never": (Why.NEVER, None),
        "Ended": (Why.ENDED, date(2026, 7, 20)),
    }
    assert list(listed(by=team("la-354", "354"))) == ["Elsewhere"]
    assert {event.action.value for event in events_of(PRIYA)} == {"listed_education"}


def test_a_child_that_only_a_sensitive_service_knows_is_not_listed():
    """R39: being on a list would say that somebody told of them."""
    build_child(
        amina(
            "mental-health",
            involvements=[
                {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}
            ],
        )
    )
    make()
    assert listed() == {}


def test_a_list_is_made_once_a_month_and_says_so_where_schools_tell_nothing():
    child("Never")
    assert make() == 2
    assert make(NOW + timedelta(days=3)) == 0
    Delivery.objects.filter(source_id="school-census").update(as_at=date(2026, 1, 1))
    assert make(NOW + timedelta(days=20)) == 2
    newest = run(education_list)
    assert (newest.month, newest.covered, newest.children) == (date(2026, 12, 1), False, ())


def test_whoever_is_shielded_since_leaves_the_list_and_the_count():
    number = child("Never")
    child("Other", date_of_birth="2015-03-04")
    make()
    counts = {one.queue: one.count for one in run(today)}
    assert counts[Queue.EDUCATION] == 2
    place_shields(numbers=[number], ground=Ground.ADOPTION, by=system_viewer("test"), at=NOW)
    assert list(listed()) == ["Other"]
    assert {one.queue: one.count for one in run(today)}[Queue.EDUCATION] == 1


@pytest.mark.parametrize("decision", list(SettingDecision))
def test_what_was_said_is_kept_and_not_asked_again_for_a_while(decision):
    child("Never")
    make(OCTOBER)
    item = listed(at=OCTOBER)["Never"].item
    assert run(decide_setting, item=item, decision=decision, at=OCTOBER).decision == decision.value
    assert isinstance(run(decide_setting, item=item, decision=decision, at=OCTOBER), Refusal), "once"
    assert listed(at=OCTOBER)["Never"].decision is decision
    make(OCTOBER + timedelta(days=31))
    assert listed() == {}
    make(OCTOBER + NOT_AGAIN_FOR[decision] + timedelta(days=1))
    Delivery.objects.filter(source_id="school-census").update(as_at=OCTOBER + NOT_AGAIN_FOR[decision])
    make(OCTOBER + NOT_AGAIN_FOR[decision] + timedelta(days=40))
    assert list(listed()) == ["Never"]


def test_it_is_nobody_elses():
    child("Never")
    make()
    item = listed()["Never"].item
    assert isinstance(run(education_list, teacher()), Refusal)
    other = team("la-354", "354")
    assert isinstance(run(decide_setting, other, item=item, decision=SettingDecision.MOVED), Refusal)
    with pytest.raises(Misconfigured):
        make_education_lists(by=team(), at=NOW)


def test_the_database_shows_it_to_nobody_who_was_not_written_down(web_role):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("SELECT * FROM education_list_of(gen_random_uuid())")
