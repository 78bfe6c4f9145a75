"""A wave from its plan to the first search, through the pages, and shut again (R3, R26)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, build_account, build_reference
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import viewer

from contactpoint.access.accounts import signed_in
from contactpoint.actions.run.rollout import (
    existing_shields,
    note_shields,
    plan_wave,
    roll_out,
    step_wave,
    wave,
    waves_to_agree,
)
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.rollout import (
    BECOMES,
    ShieldsHow,
    ShieldsNoted,
    WaveAnswer,
    WaveKind,
    WavePlan,
    WaveState,
    WaveStep,
    what_is_missing,
)
from contactpoint.storage.models import Account, Membership, Organisation, ServicePoint
from contactpoint.storage.past import memberships_then

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()
EWA, ELA, NINA, TOM, SAM = (UUID(int=8000 + place) for place in range(5))
FIRST = WavePlan(
    name="Pathfinders", kind=WaveKind.PATHFINDER, planned_on=TODAY + timedelta(days=9), bodies=("la-353",)
)


def national(who=EWA, name="Ewa Nowak"):
    return viewer(
        account_id=who,
        name=name,
        role=Role.NATIONAL_TEAM,
        organisation_code="contactpoint",
        organisation_name="ContactPoint",
        organisation_kind="national",
        authority=None,
        services=(),
    )


DESK = viewer(
    account_id=SAM,
    name="Sam Tyler",
    role=Role.SHIELD_TEAM,
    organisation_code="la-353",
    organisation_name="Oldham Children's Services",
    organisation_kind="authority",
    services=(),
)


@pytest.fixture(autouse=True)
def people(db):
    build_reference()
    Organisation.objects.update(accredited_until=TODAY + timedelta(days=300))
    for who, name, organisation, role in (
        (EWA, "Ewa Nowak", "contactpoint", "national_team"),
        (ELA, "Ela Nowak", "contactpoint", "national_team"),
        (NINA, "Nina Cole", "105734", "practitioner"),
        (TOM, "Tom Reed", "la-353", "authority_team"),
        (SAM, "Sam Tyler", "la-353", "shield_team"),
    ):
        build_account(who, name)
        Account.objects.filter(pk=who).update(
            checked_on=TODAY, trained_until=TODAY + timedelta(days=300), agreement_signed_on=TODAY
        )
        Membership.objects.create(account_id=who, organisation_id=organisation, role=role, services=[])
        sign_in(who)


def run(action, by, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def planned(plan=FIRST, at=NOW):
    return run(plan_wave, national(), at, plan=plan, all_wait=True)


def waits(who=NINA):
    with acting_as_role("web"):
        found = signed_in(who, membership_id=None, request_id="r", on=TODAY)
    return Lapse.NOT_OPEN_YET in found.viewer.lapses


def make_ready():
    ServicePoint.objects.create(
        organisation_id="105734",
        service="school",
        phone="0161 496 0851",
        confirmed_on=TODAY,
        confirmed_by_id=NINA,
    )
    assert run(note_shields, DESK, how=ShieldsHow.LOADED) == ShieldsNoted(how="loaded")


def step(number, what, by=None, because=""):
    return run(step_wave, by or national(), number=number, step=what, because=because)


def test_a_wave_from_its_plan_to_the_first_search_and_shut_again():
    assert not waits(), "where nothing is rolled out everybody is let in"
    made = planned()
    assert waits()
    assert not waits(TOM), "the team prepares"
    assert not waits(SAM)
    (found,) = run(roll_out, national()).waves
    assert {one.value for one in what_is_missing(found.bodies[0], TODAY)} == {"points", "shields"}
    assert isinstance(step(made.number, WaveStep.ASK), Refusal), "not before all is there"
    make_ready()
    assert what_is_missing(run(wave, national(), number=made.number).bodies[0], TODAY) == ()
    assert step(made.number, WaveStep.ASK) == WaveAnswer(number=made.number, state="asked")
    assert waves_to_agree(national(), NOW) == 0
    assert waves_to_agree(national(ELA, "Ela Nowak"), NOW) == 1
    assert isinstance(step(made.number, WaveStep.AGREE), Refusal), "nobody opens what they asked for"
    assert step(made.number, WaveStep.AGREE, national(ELA, "Ela Nowak")).state == "open"
    assert not waits()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO use_count (day, scope, figures) VALUES (%s, 'authority:353', %s)",
            [TODAY, '{"searches": {"": 3}}'],
        )
    assert run(wave, national(), number=made.number).bodies[0].first_search == TODAY
    with pytest.raises(InvalidInput):
        step(made.number, WaveStep.CLOSE)
    assert step(made.number, WaveStep.CLOSE, because="Feeds went wrong").state == "planned"
    assert waits()
    steps = [(one.step.value, one.by, one.because) for one in run(wave, national(), number=made.number).steps]
    assert steps == [
        ("close", "Ewa Nowak", "Feeds went wrong"),
        ("agree", "Ela Nowak", ""),
        ("ask", "Ewa Nowak", ""),
    ]
    actions = [event.action for event in events_of(EWA)]
    assert actions.count(Action.STEPPED_WAVE) == 2
    assert actions.count(Action.PLANNED_WAVE) == 1


def test_what_was_open_at_a_moment_is_known_afterwards():
    """R51: what somebody could see then depends on whether their area was open; a dropped plan opens none."""
    begun = timezone.now()  # people are of their bodies since this test began, later than this file was read
    hours = [begun + timedelta(hours=hour) for hour in range(6)]
    made = planned(at=hours[0])
    make_ready()
    for at, by, what, why in (
        (hours[1], national(), WaveStep.ASK, ""),
        (hours[2], national(ELA), WaveStep.AGREE, ""),
        (hours[3], national(), WaveStep.CLOSE, "Wrong"),
        (hours[4], national(), WaveStep.DROP, "Later"),
    ):
        assert isinstance(run(step_wave, by, at, number=made.number, step=what, because=why), WaveAnswer)
    before = begun - timedelta(seconds=1)
    asked = "SELECT waits, opens_on FROM gate_then(ARRAY['105734', 'la-353'], ARRAY['la-353'], %s)"
    waited = rows(asked, before)
    for at in (hour + timedelta(minutes=1) for hour in hours[:5]):
        with acting_as_role("worker"):
            (then,) = memberships_then(NINA, at)
        waited.append((then.waits, then.opens_on))
    day = FIRST.planned_on
    assert waited == [(False, None), (True, day), (True, day), (False, None), (True, day), (True, None)]


def test_the_nation_waits_for_a_pathfinder():
    make_ready()
    plan = WavePlan(name="All", kind=WaveKind.NATIONAL, planned_on=TODAY, bodies=("la-353",))
    made = planned(plan)
    refused = step(made.number, WaveStep.ASK)
    assert isinstance(refused, Refusal)
    assert "no pathfinder area is open" in refused.sentence


def test_a_plan_that_is_dropped_lets_nobody_in():
    """R3: one person drops a plan, so its bodies wait until another is asked for, agreed to and open."""
    made = planned()
    assert step(made.number, WaveStep.DROP, because="Another day").state == "dropped"
    assert waits()
    found = run(roll_out, national())
    assert (found.waves, found.is_on) == ((), True)
    assert ("la-353", "Oldham Children's Services") in found.left_out
    with pytest.raises(NotFound):
        run(wave, national(), number=made.number)
    assert planned().state == "planned"
    assert ("la-353", "Oldham Children's Services") not in run(roll_out, national()).left_out


def open_first():
    make_ready()
    made = planned()
    step(made.number, WaveStep.ASK)
    assert step(made.number, WaveStep.AGREE, national(ELA, "Ela Nowak")).state == "open"
    return made


@pytest.mark.parametrize(
    ("body", "area"),
    [("la-354", "354"), ("R0A07", "354"), ("kids", "")],
    ids=["authority", "school", "partner"],
)
def test_whoever_comes_in_while_it_is_on_waits_in_no_wave(body, area):
    """R3: what is new, or was left out of every wave, is let in by nothing but a wave."""
    open_first()
    assert not waits()
    Organisation.objects.update_or_create(
        code="la-354", defaults={"name": "Rochdale", "kind": "authority", "authority": "354"}
    )
    if body != "la-354":
        kind = "school" if area else "charity"
        Organisation.objects.create(code=body, name="New here", kind=kind, authority=area)
    Membership.objects.filter(account_id=NINA).update(organisation_id=body)
    assert waits()
    Membership.objects.filter(account_id=NINA).update(organisation_id="105734")
    assert not waits()


def test_the_first_wave_shuts_everybody_out_and_is_meant_to():
    """R55: nobody shuts England by planning for one area unawares."""
    with pytest.raises(InvalidInput, match="whoever is in no open wave waits"):
        run(plan_wave, national(), plan=FIRST, all_wait=False)
    assert not waits()
    found = run(roll_out, national())
    assert (found.is_on, found.practising, found.left_out) == (False, 1, ())
    planned()
    later = WavePlan(name="More", kind=WaveKind.NATIONAL, planned_on=TODAY, bodies=("la-354",))
    assert run(plan_wave, national(), plan=later, all_wait=False).state == "planned"


def test_what_opens_with_its_authority_is_in_no_wave_of_its_own():
    """R26: a school alone would be let in without the protections of its area."""
    plan = WavePlan(name="A school", kind=WaveKind.PATHFINDER, planned_on=TODAY, bodies=("105734",))
    with pytest.raises(InvalidInput, match="105734 opens with its authority: name la-353"):
        planned(plan)
    assert not waits()


def test_nobody_is_looked_for_whose_own_area_waits():
    """R6: whoever asks through another is as well known as whoever looks."""
    said = "SELECT waits FROM requester_known('who@example.org', '105734', current_date)"
    assert rows(said) == [(False,)]
    planned()
    assert rows(said) == [(True,)]


@pytest.mark.parametrize(
    ("bodies", "says"), [(("la-999",), "no organisation la-999"), (("la-353",), "already")]
)
def test_a_body_is_known_and_in_one_wave(bodies, says):
    planned()
    plan = WavePlan(name="More", kind=WaveKind.PATHFINDER, planned_on=TODAY, bodies=bodies)
    with pytest.raises(InvalidInput, match=says):
        planned(plan)


def test_a_partner_opens_with_its_own_people_alone():
    Organisation.objects.filter(pk="bridgewater-nhs").update(authority="")
    open_first()
    Membership.objects.filter(account_id=NINA).update(organisation_id="bridgewater-nhs")
    assert waits()
    ServicePoint.objects.create(
        organisation_id="bridgewater-nhs",
        service="health_visiting",
        phone="0161 496 0852",
        confirmed_on=TODAY,
        confirmed_by_id=NINA,
    )
    Membership.objects.create(
        account_id=TOM, organisation_id="bridgewater-nhs", role="authority_team", services=[]
    )
    plan = WavePlan(name="Partners", kind=WaveKind.NATIONAL, planned_on=TODAY, bodies=("bridgewater-nhs",))
    made = planned(plan)
    step(made.number, WaveStep.ASK)
    assert step(made.number, WaveStep.AGREE, national(ELA, "Ela Nowak")).state == "open"
    assert not waits()


NOBODYS = [
    viewer(),
    viewer(
        role=Role.AUTHORITY_TEAM, account_id=TOM, organisation_code="la-353", organisation_kind="authority"
    ),
    DESK,
    viewer(role=Role.TECHNICAL_ADMINISTRATOR, account_id=EWA, organisation_code="contactpoint"),
]


@pytest.mark.parametrize("who", NOBODYS, ids=lambda who: who.role.value)
def test_nobody_else_sees_or_changes_the_roll_out(who):
    assert isinstance(run(roll_out, who), Refusal)
    assert isinstance(run(plan_wave, who, plan=FIRST, all_wait=True), Refusal)
    if who is not DESK:
        assert isinstance(run(note_shields, who, how=ShieldsHow.NONE), Refusal)
        assert isinstance(run(existing_shields, who), Refusal)


def test_the_database_lets_nobody_open_a_wave_alone_nor_rewrite_what_was_done():
    made = planned()
    make_ready()
    step(made.number, WaveStep.ASK)
    with acting_as_role("web"):
        for statement in ("UPDATE wave SET state = 'open'", "INSERT INTO wave_step DEFAULT VALUES"):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows("DELETE FROM wave_step RETURNING id")


def test_the_database_knows_the_same_table():
    told = {
        (was, taken): rows("SELECT next_wave_state(%s, %s)", was.value, taken.value)[0][0]
        for was in WaveState
        for taken in WaveStep
    }
    assert {pair: became for pair, became in told.items() if became} == {
        pair: became.value for pair, became in BECOMES.items()
    }
