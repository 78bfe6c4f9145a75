"""A family asks what is held: recorded, answered by whose desk it is, told what it may, audited (R60)."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.account.family_report import family_report
from contactpoint.actions.account.family_requests import (
    FamilyRecorded,
    families_waiting,
    family_requests,
    move_family_request,
    open_family_request,
    record_family_request,
)
from contactpoint.actions.contribute.corrections import ask_correction
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.run.today import today
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.contesting import Basis, Fate, Field
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.family.asking import (
    Asker,
    Because,
    Entitlement,
    FamilyAsking,
    FamilyState,
    FamilyStep,
    Identity,
)
from contactpoint.domain.today import Queue
from contactpoint.storage.models import Membership, SourceRecord

pytestmark = pytest.mark.django_db
ASKS = Purpose(code=PurposeCode.FAMILY_ASKS)
PARENT = FamilyAsking(
    asker=Asker.PARENT,
    identity=Identity.DOCUMENT,
    entitlement=Entitlement.BIRTH_CERTIFICATE,
    received_on=NOW.date(),
)
HIDDEN_SERVICE = {
    "service": "mental_health",
    "organisation": "bridgewater-nhs",
    "consent": "significant_harm",
}


def team(organisation="la-353", role=Role.AUTHORITY_TEAM, authority="353"):
    return viewer(
        account_id=PRIYA,
        name="Priya Nair",
        role=role,
        organisation_code=organisation,
        organisation_name=organisation,
        organisation_kind="authority" if authority else "national",
        authority=authority,
        services=(),
    )


COUNCIL, ROCHDALE = team(), team("la-354", authority="354")
SHIELD_DESK = team("contactpoint", Role.SHIELD_TEAM, None)


@pytest.fixture
def number(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(identity, name)
    for account, organisation, role, services in (
        (KEISHA, "bridgewater-nhs", "practitioner", ["school_nurse", "mental_health"]),
        (PRIYA, "la-353", "authority_team", []),
        (PRIYA, "la-354", "authority_team", []),
        (PRIYA, "contactpoint", "shield_team", []),
        (OWEN, "105734", "practitioner", ["school"]),
    ):
        Membership.objects.create(
            account_id=account, organisation_id=organisation, role=role, services=services
        )
    sign_in(PRIYA)
    return build_child(*amina_in_full(), amina("mental-health", involvements=[HIDDEN_SERVICE]))


def run(action, by=COUNCIL, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def recorded(number, *, by=COUNCIL, asking=PARENT):
    return run(record_family_request, by, number=number, asking=asking, purpose=ASKS)


def move(request, step, because=None, *, by=COUNCIL):
    return run(move_family_request, by, request=request, step=step, because=because)


def told(request, *, by=COUNCIL, homes=(), carers=(), at=NOW):
    return run(family_report, by, at, request=request, homes=homes, carers=carers)


def shield(number):
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)


def test_recorded_told_and_ended_with_every_step_audited(number):
    made = recorded(number)
    assert made == FamilyRecorded(request=made.request, due_on="2026-12-22", elsewhere=False)
    (line,) = run(family_requests)
    assert (line.request, line.due_on, line.state) == (made.request, date(2026, 12, 22), FamilyState.OPEN)
    found = run(open_family_request, request=made.request)
    assert (found.child_name, found.shown, found.protected) == ("Amina Okafor", True, False)
    home = next(one.key for one in found.homes if one.told.postcode == "OL1 4AB")
    report = told(made.request, homes=[home])
    assert "14 Mill Lane" in repr(report)
    assert "07700" not in repr(report)
    assert [one.service for one in report.contacts] == [
        "Children's social care",
        "School nursing",
        "School",
        "GP practice",
    ]
    assert move(made.request, FamilyStep.ANSWER).state == "answered"
    assert {one.action.value for one in events_of(PRIYA)} >= {
        "recorded_family_request",
        "listed_family_requests",
        "opened_family_request",
        "made_family_report",
        "moved_family_request",
    }


def test_who_looked_is_told_by_organisation_and_work_and_a_sensitive_services_look_is_not(number):
    """R39, R51: Keisha provides a mental health service, so her looks would give it away."""
    for by in (teacher(), viewer(services=("mental_health", "school_nurse"))):
        assert not isinstance(run(open_record, by, number=number, purpose=WORRIED, how=WITH_ME), Refusal)
    report = told(recorded(number).request)
    assert [(one.look.organisation, one.look.services, one.look.purpose) for one in report.looks] == [
        ("Broadfield Primary School", ("school",), "safeguarding")
    ]
    assert "Owen" not in repr(report)
    assert "Bridgewater" not in repr(report.looks)


def test_what_was_asked_to_be_corrected_is_told_with_its_fate_and_without_what_it_says(number):
    nhs = SourceRecord.objects.get(source_id="nhs-demographics", child_id=number)
    run(
        ask_correction,
        teacher(),
        number=number,
        record_id=nhs.pk,
        field=Field.ADDRESS,
        right="3 Secret Street",
        basis=Basis.CARER,
        purpose=WORRIED,
    )
    report = told(recorded(number).request)
    assert [(one.field, one.fate) for one in report.corrections] == [("address", Fate.SENT)]
    assert "Secret Street" not in repr(report)


def test_of_a_protected_child_the_national_shield_desk_answers_and_tells_nothing_more(number):
    made = recorded(number)
    shield(number)
    (line,) = run(family_requests)
    assert (line.elsewhere, line.due_on, line.state) == (True, None, None)
    assert isinstance(run(open_family_request, request=made.request), Refusal)
    assert isinstance(told(made.request), Refusal)
    assert recorded(number).elsewhere
    assert len(run(family_requests, SHIELD_DESK)) == 2
    found = run(open_family_request, SHIELD_DESK, request=made.request)
    assert (found.protected, found.homes, found.carers) == (True, (), ())
    report = told(made.request, by=SHIELD_DESK, homes=["anything"])
    assert (report.name, report.facts, report.contacts, report.looks) == ("Amina Okafor", (), (), ())
    assert move(made.request, FamilyStep.REFUSE, Because.NOTHING_TO_GIVE, by=SHIELD_DESK).state == "refused"


def test_where_an_answer_could_endanger_somebody_it_is_passed_on(number):
    made = recorded(number)
    assert move(made.request, FamilyStep.PASS_ON).elsewhere
    assert run(family_requests)[0].elsewhere
    assert isinstance(move(made.request, FamilyStep.ANSWER), Refusal)
    report = told(made.request, by=SHIELD_DESK)
    assert (report.name, report.facts, report.looks) == ("Amina Okafor", (), ())


def test_another_authority_neither_records_nor_sees_it(number):
    assert isinstance(recorded(number, by=ROCHDALE), Refusal)
    made = recorded(number)
    assert run(family_requests, ROCHDALE) == ()
    assert isinstance(run(open_family_request, ROCHDALE, request=made.request), Refusal)
    assert isinstance(recorded(number, by=teacher()), Refusal)


def test_nobody_is_told_who_has_not_shown_that_they_may(number):
    unshown = FamilyAsking(
        asker=Asker.PARENT,
        identity=Identity.NOT_SHOWN,
        entitlement=Entitlement.BIRTH_CERTIFICATE,
        received_on=NOW.date(),
    )
    made = recorded(number, asking=unshown)
    assert isinstance(told(made.request), Refusal)
    assert isinstance(move(made.request, FamilyStep.ANSWER), Refusal)
    assert move(made.request, FamilyStep.REFUSE, Because.NOT_SHOWN).state == "refused"


def test_an_extension_gives_three_months_once_and_what_is_late_shows_on_today(number):
    made = recorded(number)
    month_over = datetime(2026, 12, 23, tzinfo=UTC)
    waiting = {one.queue: one for one in run(today, at=month_over)}
    assert (waiting[Queue.FAMILIES].count, waiting[Queue.FAMILIES].late) == (1, 1)
    assert move(made.request, FamilyStep.EXTEND, Because.COMPLEX).state == "extended"
    assert isinstance(move(made.request, FamilyStep.EXTEND, Because.COMPLEX), Refusal)
    waiting = {one.queue: one for one in run(today, at=month_over)}
    assert (waiting[Queue.FAMILIES].count, waiting[Queue.FAMILIES].late) == (1, 0)
    assert run(family_requests)[0].due_on == date(2027, 2, 22)


def test_an_ended_one_leaves_the_list_after_a_while(number):
    made = recorded(number)
    move(made.request, FamilyStep.ANSWER)
    assert run(family_requests)[0].state is FamilyState.ANSWERED
    assert run(family_requests, at=NOW + timedelta(days=100)) == ()


def test_whoever_runs_the_service_sees_how_many_wait_and_of_nobody(number):
    """R57: whose desk answers is not told either, for it would say that the child is protected."""
    recorded(number)
    before = families_waiting(by=system_viewer("command line"), at=NOW)
    shield(number)
    assert families_waiting(by=system_viewer("command line"), at=NOW) == before
    assert [(one.organisation, one.due_on) for one in before] == [
        ("Oldham Children's Services", date(2026, 12, 22))
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM family_requests(gen_random_uuid(), now())",
        "SELECT * FROM family_looks(gen_random_uuid(), 1, '{}')",
        "SELECT * FROM looks_told('C000000102M', '{opened_record}')",
        "SELECT * FROM family_request",
    ],
)
def test_the_database_tells_nobody_who_was_not_written_down(number, statement, web_role):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute(statement)
