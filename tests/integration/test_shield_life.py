"""A shield from its placing to its lifting, and what the database refuses (R26, R28-R31)."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.directory import (
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import KNOWN, LATER, LOADER, build_sources, feed, load, rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, viewer

from contactpoint.actions.find.index import refresh
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.protect_now import protect_now
from contactpoint.actions.protect.shield_desk import open_shield, take_step, what_to_do
from contactpoint.actions.run.today import today
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import OpenRecord, ProtectedRecord, Refusal
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.shield_desk import ProtectedNow, ShieldMoved
from contactpoint.domain.disclosure.shield_life import (
    Contacted,
    Ground,
    SafeContact,
    ShieldState,
    ShieldStep,
    Threat,
    View,
    Way,
    Weighing,
    what_becomes_of_it,
)
from contactpoint.domain.errors import Conflict
from contactpoint.domain.today import Queue
from contactpoint.pipelines.shields import tend_shields
from contactpoint.storage.models import Child, Membership, SearchIdentity

pytestmark = pytest.mark.django_db
# Long enough ago that every waiting period has ended by the database's own clock.
THEN = datetime(2024, 10, 1, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROSA, SAM, TESS, UMA = (UUID(int=number) for number in (901, 902, 903, 904))
DECIDING = Purpose(code=PurposeCode.SHIELD_DECISION)
NURSE = viewer()
WORKER = system_viewer("worker")


def of_desk(account, name, authority="353"):
    national = authority is None
    return viewer(
        account_id=account,
        name=name,
        role=Role.SHIELD_TEAM,
        organisation_code="contactpoint" if national else f"la-{authority}",
        organisation_kind="national" if national else "authority",
        authority=authority,
        services=(),
    )


OLDHAM, COLLEAGUE = of_desk(ROSA, "Rosa Marsh"), of_desk(SAM, "Sam Oyelaran")
ROCHDALE, NATIONAL = of_desk(TESS, "Tess Ward", "354"), of_desk(UMA, "Uma Khan", None)
DANGER = Weighing(
    ground=Ground.DOMESTIC_ABUSE,
    threat=Threat.HARM_TO_CARER,
    child=View.TOO_YOUNG,
    carers=View.WANTS_IT,
    practitioners=View.WANTS_IT,
)
SAFE = SafeContact(contacted=Contacted.CARER, way=Way.THROUGH_REFUGE, alone=True, agrees=True)


@pytest.fixture
def number():
    build_reference()
    made = build_child(*amina_in_full())
    for one, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(one, name)
        sign_in(one)
    Membership.objects.create(account_id=KEISHA, organisation_id="bridgewater-nhs", role="practitioner")
    for one in (OLDHAM, COLLEAGUE, ROCHDALE, NATIONAL):
        build_account(one.account_id, one.name)
        sign_in(one.account_id)
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role="shield_team"
        )
    return made


def as_web(act, **asked):
    with acting_as_role("web"):
        return act(**asked)


def protect(number, *, by=NURSE, at=THEN):
    return as_web(protect_now, number=number, ground=Ground.DOMESTIC_ABUSE, purpose=WORRIED, by=by, at=at)


def step(what, *, by, at, **said):
    (shield,) = rows("SELECT id FROM shield ORDER BY id DESC LIMIT 1")[0]
    return as_web(take_step, shield=shield, step=what, purpose=DECIDING, by=by, at=at, **said)


def tend(at):
    with acting_as_role("worker"):
        return tend_shields(by=WORKER, at=at)


def state():
    return rows("SELECT state FROM shield ORDER BY id DESC LIMIT 1")[0][0]


def opened(number, at=THEN + HOUR):
    return as_web(open_record, number=number, purpose=WORRIED, by=NURSE, at=at, how=WITH_ME)


def to_do(desk, at):
    return [(one.kind, one.in_all) for one in as_web(what_to_do, by=desk, at=at)]


def search_row(number):
    return SearchIdentity.objects.filter(child=number).values_list(
        "shielded", "forename", "surname", "known_as", "sk", "fk", "sfk", "dob", "dob_text", "sex",
        "postcode", "sec", "dis", "la", "town",
    )  # fmt: skip


def test_a_practitioner_hides_a_child_at_once_and_the_page_says_no_more_than_of_any_other(number):
    assert isinstance(opened(number), OpenRecord)
    assert protect(number) == ProtectedNow(confirm_by=(THEN + DAY).isoformat())
    shown = opened(number)
    assert isinstance(shown, ProtectedRecord)
    (event, *_) = (one for one in events_of(KEISHA) if one.action == "shielded")
    assert event.subjects == (number,)
    assert event.details["ground"] == "domestic_abuse"
    assert state() == "temporary"


def test_the_row_that_a_page_leaves_in_the_index_is_the_one_that_the_worker_would_make(number):
    protect(number)
    (left,) = search_row(number)
    refresh([number])
    assert list(search_row(number)) == [left]
    assert left[0] is True
    assert left[3] == ""


def test_who_is_protected_already_is_not_protected_twice(number):
    protect(number)
    with pytest.raises(Conflict, match="protected already"):
        protect(number)
    assert rows("SELECT count(*) FROM shield") == [(1,)]


def test_it_waits_at_the_desk_of_the_authority_and_at_no_other(number):
    protect(number)
    assert to_do(OLDHAM, THEN + HOUR) == [("temporary", 1)]
    assert to_do(NATIONAL, THEN + HOUR) == [("temporary", 1)]
    assert to_do(ROCHDALE, THEN + HOUR) == []
    refused = step(ShieldStep.CONFIRMED, by=ROCHDALE, at=THEN + HOUR, weighing=DANGER)
    assert isinstance(refused, Refusal)
    assert number not in repr(refused)


def test_confirming_records_what_was_weighed_as_codes_and_begins_the_six_months(number):
    protect(number)
    moved = step(ShieldStep.CONFIRMED, by=OLDHAM, at=THEN + HOUR, weighing=DANGER)
    assert moved == ShieldMoved(state="confirmed")
    (shield,) = rows("SELECT id FROM shield")[0]
    seen = as_web(open_shield, shield=shield, purpose=DECIDING, by=OLDHAM, at=THEN + HOUR)
    assert seen.state is ShieldState.CONFIRMED
    assert [one.step for one in seen.steps] == [ShieldStep.PLACED, ShieldStep.CONFIRMED]
    assert seen.steps[0].by_name == "Keisha Barrow"
    assert seen.steps[1].answers == DANGER.answers
    assert seen.review_by == (THEN + HOUR + timedelta(days=183)).date()
    assert to_do(OLDHAM, THEN + DAY) == []
    assert to_do(OLDHAM, THEN + timedelta(days=184)) == [("review", 1)]


def test_a_shield_opens_only_with_a_reason(number):
    protect(number)
    (shield,) = rows("SELECT id FROM shield")[0]
    refused = as_web(open_shield, shield=shield, purpose=None, by=OLDHAM, at=THEN)
    assert "R8" in refused.rules


@pytest.mark.parametrize(
    ("threat", "ground", "allowed"),
    [
        (Threat.NONE_KNOWN, Ground.ADOPTION, False),
        (Threat.NONE_KNOWN, Ground.DOMESTIC_ABUSE, False),
        (Threat.PLACEMENT_ENDANGERED, Ground.ADOPTION, True),
        (Threat.PLACEMENT_ENDANGERED, Ground.DOMESTIC_ABUSE, False),
        (Threat.HARM_TO_CHILD, Ground.ADOPTION, True),
    ],
)
def test_neither_adoption_nor_anything_else_protects_without_a_danger(number, threat, ground, allowed):
    """R28, R29."""
    protect(number)
    said = Weighing(
        ground=ground, threat=threat, child=View.NO_VIEW, carers=View.NO_VIEW, practitioners=View.NO_VIEW
    )
    answer = step(ShieldStep.CONFIRMED, by=OLDHAM, at=THEN + HOUR, weighing=said)
    assert isinstance(answer, ShieldMoved) is allowed
    assert state() == ("confirmed" if allowed else "temporary")


def test_nobody_confirms_what_they_placed(number):
    protect(number, by=OLDHAM)
    refused = step(ShieldStep.CONFIRMED, by=OLDHAM, at=THEN + HOUR, weighing=DANGER)
    assert refused.rules == ("R31",)
    assert isinstance(step(ShieldStep.CONFIRMED, by=COLLEAGUE, at=THEN + HOUR, weighing=DANGER), ShieldMoved)


def test_unconfirmed_it_goes_on_to_the_national_desk_and_hides_as_before(number):
    protect(number)
    assert tend(THEN + 23 * HOUR) == 0
    assert tend(THEN + 24 * HOUR) == 1
    assert state() == "escalated"
    assert isinstance(opened(number, THEN + 2 * DAY), ProtectedRecord)
    assert to_do(NATIONAL, THEN + 2 * DAY) == [("escalated", 1)]
    assert tend(THEN + 400 * DAY) == 0, "and there it stays, for ever if need be"
    assert Child.objects.get(pk=number).shielded
    assert isinstance(
        step(ShieldStep.CONFIRMED, by=NATIONAL, at=THEN + 2 * DAY, weighing=DANGER), ShieldMoved
    )


def lift_until_agreed(number):
    protect(number)
    step(ShieldStep.CONFIRMED, by=OLDHAM, at=THEN + HOUR, weighing=DANGER)
    step(ShieldStep.LIFT_ASKED, by=OLDHAM, at=THEN + 2 * HOUR, safe_contact=SAFE)
    step(ShieldStep.LIFT_AGREED, by=COLLEAGUE, at=THEN + 3 * HOUR)


def test_lifting_takes_safe_contact_two_people_and_a_week(number):
    before = list(search_row(number))
    protect(number)
    step(ShieldStep.CONFIRMED, by=OLDHAM, at=THEN + HOUR, weighing=DANGER)
    unsafe = SafeContact(contacted=Contacted.CARER, way=Way.KNOWN_NUMBER, alone=False, agrees=True)
    for said in (None, unsafe):
        refused = step(ShieldStep.LIFT_ASKED, by=OLDHAM, at=THEN + 2 * HOUR, safe_contact=said)
        assert refused.rules == ("R30",)
    step(ShieldStep.LIFT_ASKED, by=OLDHAM, at=THEN + 2 * HOUR, safe_contact=SAFE)
    assert step(ShieldStep.LIFT_AGREED, by=OLDHAM, at=THEN + 3 * HOUR).rules == ("R31",)
    assert to_do(COLLEAGUE, THEN + 3 * HOUR) == [("lift_asked", 1)]
    step(ShieldStep.LIFT_AGREED, by=COLLEAGUE, at=THEN + 3 * HOUR)
    assert tend(THEN + 7 * DAY) == 0
    assert isinstance(opened(number, THEN + 7 * DAY), ProtectedRecord)
    assert tend(THEN + 7 * DAY + 3 * HOUR) == 1
    assert state() == "lifted"
    assert isinstance(opened(number, THEN + 8 * DAY), OpenRecord)
    assert list(search_row(number)) == before


def test_until_it_is_lifted_anybody_of_the_desk_can_stop_it(number):
    lift_until_agreed(number)
    assert step(ShieldStep.LIFT_STOPPED, by=NATIONAL, at=THEN + DAY) == ShieldMoved(state="escalated")
    assert tend(THEN + 30 * DAY) == 0
    assert Child.objects.get(pk=number).shielded


def test_the_shield_of_a_number_that_retired_into_another_waits_for_nobody(number):
    """R22: the other number has a shield of its own."""
    protect(number)
    other = build_child(*amina_in_full())
    Child.objects.filter(pk=number).update(retired_into_id=other)
    assert to_do(OLDHAM, THEN + HOUR) == []


def test_a_lifted_child_can_be_protected_again(number):
    lift_until_agreed(number)
    tend(THEN + 8 * DAY)
    protect(number, at=THEN + 9 * DAY)
    assert rows("SELECT state FROM shield ORDER BY id") == [("lifted",), ("temporary",)]


def test_a_restricted_mark_of_the_nhs_enters_the_same_life(tmp_path):
    build_sources()
    load(feed(tmp_path, "births", KNOWN))
    load(feed(tmp_path, "nhs-demographics", {**KNOWN, "restricted": "Y"}, as_at="2026-12-20"), at=LATER)
    assert rows("SELECT state, authority FROM shield") == [("temporary", "353")]
    assert rows("SELECT what, by_id FROM shield_step") == [("placed", None)]
    assert rows("SELECT confirm_by FROM shield") == [(LATER + DAY,)]


FORBIDDEN = {
    "moves by hand": "UPDATE shield SET state = 'confirmed'",
    "ends by hand": "UPDATE shield SET lifted_at = now(), state = 'lifted', lift_at = now()",
    "is deleted": "DELETE FROM shield",
    "loses its history": "DELETE FROM shield_step",
    "is uncovered beside its shield": "UPDATE child SET shielded = false",
    "is lifted at once": "INSERT INTO shield_step (shield_id, what, was, becomes, at, answers) "
    "SELECT id, 'lifted', 'lift_waiting', 'lifted', now(), '{}' FROM shield",
    "is confirmed by nobody": "INSERT INTO shield_step "
    "(shield_id, what, was, becomes, at, answers, review_by) "
    "SELECT id, 'confirmed', '', '', now(), '{}', '2027-01-01' FROM shield",
    "is confirmed by who placed it": "INSERT INTO shield_step "
    "(shield_id, what, was, becomes, at, answers, review_by, by_id) "
    f"SELECT id, 'confirmed', '', '', now(), '{{}}', '2027-01-01', '{KEISHA}' FROM shield",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
@pytest.mark.parametrize("role", ["owner", "worker"])
def test_the_database_lets_a_shield_move_in_no_other_way(number, statement, role):
    protect(number)
    acting = acting_as_role("worker") if role == "worker" else nullcontext()
    with acting, pytest.raises(DatabaseError), transaction.atomic():
        rows(statement)
    assert Child.objects.get(pk=number).shielded


def test_who_agrees_to_a_lifting_is_another_and_it_waits_whoever_writes(number):
    protect(number)
    step(ShieldStep.LIFT_ASKED, by=OLDHAM, at=THEN + HOUR, safe_contact=SAFE)
    agreed = (
        "INSERT INTO shield_step (shield_id, what, was, becomes, at, answers, by_id, lift_at) "
        "SELECT id, 'lift_agreed', '', '', %s, '{}', %s, %s FROM shield"
    )
    at = THEN + 2 * HOUR
    for who, until in ((ROSA, at + 7 * DAY), (SAM, at + HOUR)):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(agreed, [at, who, until])
    assert state() == "lift_asked"


def test_the_database_and_the_rules_have_the_same_table():
    for was in (None, *ShieldState):
        for moved in ShieldStep:
            (found,) = rows("SELECT next_shield_state(%s, %s)", was.value if was else "", moved.value)[0]
            assert found == what_becomes_of_it(was, moved)


def test_nobody_is_answered_who_has_not_been_written_down(number):
    protect(number)
    with acting_as_role("web"):
        for call in (
            "SELECT * FROM shields_to_do(gen_random_uuid(), current_date, 50)",
            "SELECT * FROM shield_at_desk(gen_random_uuid(), 1)",
            "SELECT protect_now(gen_random_uuid(), 'C000000102M', 'adoption', now(), current_date)",
            "SELECT * FROM shield_steps(NULL, 1)",
            "SELECT take_shield_step(NULL, 1, 'lift_asked', '{}', NULL, NULL)",
        ):
            with pytest.raises(DatabaseError, match="written down"), transaction.atomic():
                rows(call)


def test_an_event_of_somebody_else_opens_nothing(number):
    """A nurse's own event is not a shield desk's, whatever role the page thinks they have."""
    protect(number)
    as_if = viewer(role=Role.SHIELD_TEAM, organisation_code="la-353", organisation_kind="authority")
    with pytest.raises(DatabaseError, match="written down"), transaction.atomic():
        as_web(what_to_do, by=as_if, at=THEN)


def test_the_loader_cannot_take_a_persons_step(number):
    protect(number)
    refused = as_web(take_step, shield=1, step=ShieldStep.LIFT_ASKED, purpose=DECIDING, by=LOADER, at=THEN)
    assert "R1" in refused.rules


def test_today_counts_what_waits_at_ones_own_shield_desk_and_at_no_other(number):
    """R26: one page says what needs doing, to whom it is told on the desk's own page as well."""

    def waits(desk, at):
        found = as_web(today, by=desk, at=at)
        return {one.queue: (one.count, one.late) for one in found}

    before = waits(OLDHAM, THEN)
    assert before[Queue.SHIELDS] == before[Queue.OVERRIDES] == (0, 0)
    protect(number)
    told = waits(OLDHAM, THEN + HOUR)
    assert told[Queue.SHIELDS] == (sum(count for _, count in to_do(OLDHAM, THEN + HOUR)), 0) == (1, 0)
    assert waits(OLDHAM, THEN + 25 * HOUR)[Queue.SHIELDS] == (1, 1), "late once it should be confirmed"
    assert waits(ROCHDALE, THEN + HOUR) == waits(ROCHDALE, THEN)
    assert Queue.FAMILIES in waits(NATIONAL, THEN)
    assert Queue.FAMILIES not in told, "only the national shield desk answers families"
