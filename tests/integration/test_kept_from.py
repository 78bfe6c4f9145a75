"""A child kept from one person: they meet absence, others the child; the desk learns of it (R26, R34)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.factories.directory import acting_as_role, amina, build_child
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, viewer
from tests.integration.test_shield_life import (
    COLLEAGUE,
    DANGER,
    DAY,
    DECIDING,
    HOUR,
    NATIONAL,
    OLDHAM,
    ROCHDALE,
    SAFE,
    THEN,
    as_web,
    number,
    protect,
    step,
    tend,
    to_do,
)

from contactpoint.actions.find.history import history
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, open_record, record_in_question
from contactpoint.actions.find.search import search
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.link.split import split_child
from contactpoint.actions.protect.around_shield import looks_before
from contactpoint.actions.protect.keep_from import decide_attempts, keep_from, what_they_tried
from contactpoint.actions.protect.shield_desk import open_shield
from contactpoint.actions.recording import record
from contactpoint.actions.run.incident import breach_report
from contactpoint.domain.audit.events import Action
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.shield_desk import AttemptOutcome, NowKeptFrom
from contactpoint.domain.disclosure.shield_life import Ground, ShieldState, ShieldStep
from contactpoint.storage.models import Child, Membership, SearchIdentity, SearchKey

__all__ = ["number"]
pytestmark = pytest.mark.django_db
NURSE, OTHER = viewer(), viewer(account_id=PRIYA, name="Priya Nair")
EMAIL = f"{KEISHA}@example.org"
AMINA = {"forename": "Amina", "surname": "Okafor"}
SEARCHES = [
    {**AMINA, "date_of_birth": date(2016, 5, 9)},
    {**AMINA, "date_of_birth": date(2016, 9, 5)},
    {"surname": "Okafor", "age": 8},
    {"forename": "Ameena", "surname": "Okafour", "age": 8},
    {"surname": "Okafr", "date_of_birth": date(2016, 5, 9)},
    {**AMINA, "authority": "353"},
    {"surname": "Okafor", "place": "OL1 4AB"},
    {"surname": "Okafor", "forename": "Amina", "phone": "07700 900123"},
    {"surname": "Okafor", "age": 8, "carer_name": "Grace Okafor"},
    {"surname": "Okafor", "age": 8, "school": "Broadfield"},
    {"number": "9000000009"},
]


def keep(number, *, by=OLDHAM, email=EMAIL, at=THEN):
    asked = {"number": number, "email": email, "ground": Ground.DOMESTIC_ABUSE, "purpose": DECIDING}
    return as_web(keep_from, **asked, by=by, at=at)


def opened(number, by=NURSE, at=THEN + HOUR):
    return as_web(open_record, number=number, purpose=WORRIED, by=by, at=at, how=WITH_ME)


def found(by=NURSE, at=THEN + HOUR, **typed):
    return as_web(search, criteria=Criteria(**typed), purpose=WORRIED, by=by, at=at)


def the_shield():
    return rows("SELECT max(id) FROM shield")[0][0]


def asked(action, *, by=OLDHAM, at=THEN + HOUR, **more):
    return as_web(action, shield=the_shield(), purpose=DECIDING, by=by, at=at, **more)


def test_opening_it_is_answered_as_a_number_that_was_never_given(number):
    assert isinstance(opened(number), OpenRecord)
    made = keep(number)
    assert isinstance(made, NowKeptFrom)
    assert made.name == "Keisha Barrow"
    assert opened(number) == NO_SUCH_RECORD
    asked = {"number": number, "purpose": WORRIED, "by": NURSE, "at": THEN + HOUR}
    with acting_as_role("web"):
        assert record_in_question(Permission.ASK_CONTACT, **asked) == NO_SUCH_RECORD
    assert as_web(history, field=HistoryField.NAME, on=THEN.date(), **asked) == NO_SUCH_RECORD
    assert isinstance(opened(number, OTHER), OpenRecord)


@pytest.mark.parametrize("typed", SEARCHES, ids=" ".join)
def test_a_search_answers_as_if_there_were_no_such_child(number, typed):
    """Whatever leads there, before anything is counted or cut off."""
    twin = build_child(amina(forename="Amira", nhs_number="", upn=""))
    assert number in {card.number for card in found(**typed).cards}, "the search does find her"
    keep(number)
    with_her = found(**typed)
    assert number in {card.number for card in found(OTHER, **typed).cards}
    SearchIdentity.objects.filter(child=number).delete()
    SearchKey.objects.filter(child=number).delete()
    assert with_her == found(**typed)
    assert {card.number for card in with_her.cards} <= {twin}


def test_by_its_own_number_and_by_one_that_it_took_over(number):
    other = build_child(amina())
    Child.objects.filter(pk=other).update(retired_into_id=number)
    SearchIdentity.objects.filter(child=other).delete()
    keep(number)
    for typed in (number, other):
        assert found(number=typed).cards == ()
        assert opened(typed) == NO_SUCH_RECORD


def test_more_than_a_list_holds_is_counted_without_them(number):
    """R13: 21 children, one of them kept from whoever searches, are a list of 20."""
    SearchIdentity.objects.filter(child=number).delete()
    many = [build_child(amina(nhs_number="", upn="", address="", postcode="")) for _ in range(21)]
    typed = {**AMINA, "date_of_birth": date(2016, 5, 9)}
    assert found(**typed).too_many
    assert isinstance(keep(many[7], by=NATIONAL), NowKeptFrom)
    answer = found(**typed)
    assert {card.number for card in answer.cards} == set(many) - {many[7]}
    assert found(OTHER, **typed).too_many


def test_it_lives_as_a_shield_does(number):
    keep(number)
    assert to_do(OLDHAM, THEN + HOUR) == [("temporary", 1)]
    assert to_do(ROCHDALE, THEN + HOUR) == []
    refused = step(ShieldStep.CONFIRMED, by=OLDHAM, at=THEN + HOUR, weighing=DANGER)
    assert refused.rules == ("R31",), "nobody confirms what they placed"
    step(ShieldStep.CONFIRMED, by=COLLEAGUE, at=THEN + HOUR, weighing=DANGER)
    seen = asked(open_shield)
    assert seen.state is ShieldState.CONFIRMED
    assert (seen.kept_from.name, seen.record.number) == ("Keisha Barrow", number)
    assert to_do(OLDHAM, THEN + timedelta(days=184)) == [("review", 1)]
    step(ShieldStep.LIFT_ASKED, by=OLDHAM, at=THEN + 2 * HOUR, safe_contact=SAFE)
    assert step(ShieldStep.LIFT_AGREED, by=OLDHAM, at=THEN + 3 * HOUR).rules == ("R31",)
    step(ShieldStep.LIFT_AGREED, by=COLLEAGUE, at=THEN + 3 * HOUR)
    tend(THEN + 7 * DAY)
    assert opened(number, at=THEN + 7 * DAY) == NO_SUCH_RECORD
    tend(THEN + 8 * DAY)
    assert isinstance(opened(number, at=THEN + 8 * DAY), OpenRecord)
    assert rows("SELECT action FROM audit_body WHERE action IN ('no_longer_kept', 'unshielded')") == [
        ("no_longer_kept",)
    ]


def test_unconfirmed_it_goes_on_to_the_national_desk_and_holds(number):
    keep(number)
    tend(THEN + DAY)
    assert to_do(NATIONAL, THEN + 2 * DAY) == [("escalated", 1)]
    assert opened(number, at=THEN + 30 * DAY) == NO_SUCH_RECORD


def test_ending_it_uncovers_nobody_who_is_protected_as_well(number):
    protect(number)
    keep(number)
    step(ShieldStep.LIFT_ASKED, by=OLDHAM, at=THEN + HOUR, safe_contact=SAFE)
    step(ShieldStep.LIFT_AGREED, by=COLLEAGUE, at=THEN + 2 * HOUR)
    tend(THEN + 9 * DAY)
    assert rows("SELECT kept_from_id IS NULL, state FROM shield ORDER BY id") == [
        (True, "escalated"),
        (False, "lifted"),
    ]
    assert Child.objects.get(pk=number).shielded
    with pytest.raises(DatabaseError), transaction.atomic():
        rows("UPDATE child SET shielded = false RETURNING number")


def test_only_the_desk_of_the_child_places_it_and_nobody_against_themselves(number):
    assert isinstance(keep(number, by=ROCHDALE), Refusal)
    assert isinstance(keep(number, by=NURSE), Refusal)
    assert isinstance(keep(number, email="nobody@example.org"), Refusal)
    assert isinstance(keep(number, email=f"{OLDHAM.account_id}@example.org"), Refusal)
    assert isinstance(keep("C000000102M"), Refusal)
    assert isinstance(keep("nonsense"), Refusal)
    assert rows("SELECT count(*) FROM shield") == [(0,)]
    assert rows("SELECT count(*) FROM audit_body WHERE action = 'kept_from'") == [(0,)]
    assert isinstance(keep(number, by=NATIONAL), NowKeptFrom)
    assert isinstance(keep(number), Refusal), "and not twice"


def test_of_the_desk_too_they_see_nothing_that_is_kept_from_them(number):
    """A dangerous relative may work at a shield desk: neither the block nor the child's shield is there."""
    protect(number)
    keep(number, by=OLDHAM, email=f"{COLLEAGUE.account_id}@example.org")
    assert to_do(OLDHAM, THEN + HOUR) == [("temporary", 2)] * 2
    assert to_do(COLLEAGUE, THEN + HOUR) == []
    for (one,) in rows("SELECT id FROM shield"):
        seen = as_web(open_shield, shield=one, purpose=DECIDING, by=COLLEAGUE, at=THEN + HOUR)
        assert isinstance(seen, Refusal)
    assert isinstance(keep(number, by=COLLEAGUE), Refusal)


def test_what_they_try_is_noticed_afterwards_and_nothing_else_is(number):
    """The desk learns when, how and with which words; whoever tried learns nothing."""
    build_child(amina(forename="Joshua", surname="Tennant", date_of_birth="2011-01-02"))
    keep(number)
    at = THEN + HOUR
    found(**AMINA, date_of_birth=date(2016, 5, 9), at=at)
    found(forename="Joshua", surname="Tennant", at=at)
    found(OTHER, **AMINA, date_of_birth=date(2016, 5, 9), at=at)
    opened(number, at=at)
    opened("C000000102M", at=at)
    heard = [(one.action, one.outcome, one.subjects) for one in events_of(KEISHA)]
    tend(at + HOUR)
    tend(at + 2 * HOUR)
    assert to_do(OLDHAM, at + 2 * HOUR) == [("attempt", 1), ("temporary", 1)]
    tried = asked(what_they_tried, at=at + 2 * HOUR)
    assert sorted(one.how for one in tried.found) == ["opened", "searched"]
    assert {"surname", "forename", "date_of_birth", "number"} == {
        name for one in tried.found for name, _ in one.typed
    }
    assert tried.found[0].organisation == "Bridgewater Community Health"
    assert [(one.action, one.outcome, one.subjects) for one in events_of(KEISHA)] == heard
    assert all(number not in subjects for _, _, subjects in heard)
    asked(decide_attempts, at=at + 3 * HOUR, outcome=AttemptOutcome.ACTED)
    assert to_do(OLDHAM, at + 3 * HOUR) == [("temporary", 1)]
    decisions = [one.action for one in events_of(OLDHAM.account_id)].count(Action.DECIDED_ATTEMPTS)
    assert isinstance(asked(decide_attempts, at=at, outcome=AttemptOutcome.ACTED), Refusal)
    after = [one.action for one in events_of(OLDHAM.account_id)].count(Action.DECIDED_ATTEMPTS)
    assert after == decisions, "what was refused is not written down as decided"
    assert isinstance(asked(what_they_tried, by=ROCHDALE, at=at), Refusal)


def test_what_they_had_seen_before_starts_the_72_hours(number):
    """R55."""
    opened(number, at=THEN - DAY)
    opened(number, OTHER, at=THEN - DAY)
    keep(number)
    seen = asked(looks_before)
    assert [one.name for one in seen.looks] == ["Keisha Barrow"]
    assert seen.decide_by == THEN + HOUR + timedelta(hours=72)


def test_it_stays_with_the_child_through_joining_and_parting(number):
    """R22."""
    other = build_child(amina())
    keep(number)
    team = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None)
    with acting_as_role("worker"):
        merged = merge_children(one=other, other=number, because="One child", by=team, at=THEN, asked=True)
    for one in (number, other):
        assert opened(one) == NO_SUCH_RECORD
    records = [row[0] for row in rows("SELECT id FROM source_record WHERE child_id = %s", merged.kept)]
    with acting_as_role("worker"):
        parted = split_child(
            number=merged.kept, records=records[:1], because="Two", by=team, at=THEN, asked=True
        )
    for one in (parted.kept, parted.other):
        assert opened(one) == NO_SUCH_RECORD
        assert isinstance(opened(one, OTHER), OpenRecord)


def test_the_pages_read_nothing_of_it(number):
    keep(number)
    with acting_as_role("web"):
        for table in ("shield", "kept_attempt"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                rows(f"SELECT * FROM {table}")
        with pytest.raises(DatabaseError, match="written down"), transaction.atomic():
            rows(
                "SELECT keep_from(gen_random_uuid(), 'C000000102M', %s, 'adoption', now(), now()::date)",
                OTHER.account_id,
            )


def test_who_saw_what_tells_them_of_no_look_but_their_own(number):
    """R55: whoever reports breaches may be the one it is kept from; what they did they know (ADR 19)."""
    opened(number)
    opened(number, OTHER)
    national = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", organisation_kind="national")
    Membership.objects.create(account_id=KEISHA, organisation_id="contactpoint", role="national_team")
    sign_in(KEISHA)

    def looked():
        whole = {"child": number, "account": None, "begin": None, "end": None}
        return {one.account for one in as_web(breach_report, **whole, by=national, at=THEN + 2 * HOUR)}

    assert looked() == {str(KEISHA), str(PRIYA)}
    keep(number)
    assert looked() == {str(KEISHA)}


OF_A_SHIELD = {
    "near_children({e}, {shield})": Action.OPENED_SHIELD,
    "breach_question_of({e}, {shield})": Action.LISTED_LOOKS,
    "looks_before({e}, {shield})": Action.LISTED_LOOKS,
    "versions_looked_at({e}, {shield})": Action.LISTED_LOOKS,
    "decide_breach({e}, {shield}, 'no_breach')": Action.DECIDED_BREACH,
    "shield_at_desk({e}, {shield})": Action.OPENED_SHIELD,
    "shield_steps({e}, {shield})": Action.OPENED_SHIELD,
}


@pytest.mark.parametrize("call", OF_A_SHIELD)
def test_by_its_number_a_shield_of_the_desk_is_answered_as_one_that_never_was(number, call):
    """R34: those who are kept from it may work at its desk, and numbers of shields run on."""
    opened(number, OTHER, THEN - HOUR)
    protect(number)
    shield = the_shield()
    assert asked(looks_before).looks
    keep(number, email=f"{OLDHAM.account_id}@example.org", by=NATIONAL)

    def answer(which):
        with acting_as_role("web"):
            event = record(OF_A_SHIELD[call], by=OLDHAM, at=THEN + HOUR)
            return rows("SELECT * FROM " + call.format(e=f"'{event}'", shield=which))

    assert answer(shield) == answer(10**9)
