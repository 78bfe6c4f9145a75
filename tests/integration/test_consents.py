"""Consents kept: withdrawn at once, agreed anew, recorded without, and not shared (R36-R41)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.factories.directory import (
    NOW,
    TODAY,
    acting_as_role,
    add_record,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.records import agreed, consent, involvement
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import HELP, LATER, child_of, feed, load, rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer
from tests.spec.test_consents import STANDS

from contactpoint.actions.consent.keep import (
    NOT_KEPT,
    NOTHING_TO_WITHDRAW,
    consents_of,
    open_consent,
    record_consent,
    what_to_ask,
    withdraw_consent,
)
from contactpoint.actions.consent.withhold import decide_not_to_share, decisions_not_to_share
from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.hand_over import accept_handover, offer_handover
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import RecordedInvolvement
from contactpoint.domain.disclosure.consent_life import ConsentState, ConsentStep, WithoutConsent
from contactpoint.domain.disclosure.consents import (
    ConsentChanged,
    NotSharedSaid,
    Withheld,
    WithheldBecause,
)
from contactpoint.domain.involvement import ConsentBasis, ConsentScope
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.storage.models import ConsentStep as StepRow
from contactpoint.storage.models import InvolvementRow, Membership, NotShared, Organisation, Shield

pytestmark = pytest.mark.django_db
CHILD, CARER, HARM = ConsentBasis
DAY = timedelta(days=1)
AWAY = UUID("00000000-0000-4000-8000-000000000004")
NATIONAL_ID = UUID("00000000-0000-4000-8000-000000000005")
CAMHS = viewer(account_id=KEISHA, services=("mental_health",))
COLLEAGUE = viewer(account_id=PRIYA, name="Priya Nair", services=("mental_health",))
TEACHER = teacher()
TEAM = viewer(role=Role.AUTHORITY_TEAM, account_id=OWEN, organisation_code="la-353")
JOINS = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None)
_DESK = {"role": Role.CONSENT_TEAM, "organisation_kind": "authority", "services": ()}
DESK = viewer(account_id=OWEN, organisation_code="la-353", authority="353", **_DESK)
ROCHDALE = viewer(account_id=AWAY, organisation_code="la-354", authority="354", **_DESK)
NATIONAL = viewer(account_id=NATIONAL_ID, organisation_code="contactpoint", **{**_DESK, "authority": None})
CARE = {
    "service": "mental_health",
    "organisation": "bridgewater-nhs",
    "practitioner": "Sam Hale",
    "contact_phone": "0161 496 0177",
    "consent": "child",
    "consent_until": TODAY + 10 * DAY,
}
PEOPLE = (
    (CAMHS, "practitioner", ["mental_health"]),
    (COLLEAGUE, "practitioner", ["mental_health"]),
    (DESK, "consent_team", []),
    (ROCHDALE, "consent_team", []),
    (NATIONAL, "consent_team", []),
    (TEACHER, "practitioner", ["school"]),
    (TEAM, "authority_team", []),
)


@pytest.fixture
def number(db):
    build_reference()
    for identity in {one.account_id for one, _, _ in PEOPLE}:
        build_account(identity, "Somebody")
        sign_in(identity)
    for one, role, services in PEOPLE:
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role=role, services=services
        )
    return build_child(*amina_in_full(), amina("mental-health", involvements=[CARE]))


def run(action, by=CAMHS, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def sensitive(number, by=TEACHER):
    shown = run(open_record, by, number=number, purpose=WORRIED, how=WITH_ME)
    return [
        (one.service_code, one.practitioner, one.phone)
        for one in (*shown.contacts, *shown.past_contacts)
        if one.kind == "sensitive"
    ]


@pytest.fixture
def care(number):
    return InvolvementRow.objects.get(service="mental_health").pk


def withdraw(care, by=CAMHS, who=CARER, at=NOW):
    return run(withdraw_consent, by, at, involvement=care, withdrawn_by=who)


def give(care, said=None, by=CAMHS, at=NOW):
    return run(record_consent, by, at, involvement=care, said=said or agreed())


def shield(number):
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)


@pytest.mark.parametrize("by", [CAMHS, COLLEAGUE, DESK], ids=["provider", "colleague", "desk"])
def test_r41_withdrawn_it_is_hidden_at_once_and_stays_on_the_desk(number, care, by):
    assert sensitive(number) == [("mental_health", "Sam Hale", "0161 496 0177")]
    assert withdraw(care, by) == ConsentChanged(state=ConsentState.WITHDRAWN)
    assert sensitive(number) == []
    found = run(open_consent, by, involvement=care)
    assert (found.line.state, found.may_withdraw) == (ConsentState.WITHDRAWN, False)
    assert [(one.step, one.basis) for one in found.steps] == [(ConsentStep.WITHDRAWN, CARER)]
    assert withdraw(care, by) == NOTHING_TO_WITHDRAW
    (event,) = [one for one in events_of(by.account_id) if one.action is Action.WITHDREW_CONSENT]
    assert event.subjects == (number,)
    assert event.details["withdrawn_by"] == "carer"


def test_r38_agreed_anew_it_shows_as_much_as_was_agreed_to(number, care):
    withdraw(care)
    give(care, agreed(CARER, scope=ConsentScope.TEAM, until=TODAY + 90 * DAY), DESK)
    # The organisation's own number, and nobody's name.
    assert sensitive(number) == [("mental_health", None, "0161 496 0100")]
    give(care, agreed(scope=ConsentScope.DESK))
    assert sensitive(number) == []
    give(care, agreed(until=TODAY + 20 * DAY))
    assert sensitive(number) == [("mental_health", "Sam Hale", "0161 496 0177")]
    assert sensitive(number, teacher()) != []
    steps = run(open_consent, involvement=care).steps
    assert [one.scope for one in steps[1:]] == [ConsentScope.TEAM, ConsentScope.DESK, ConsentScope.LISTED]
    assert [one.by_name for one in steps] == ["Somebody"] * 4


def test_r38_a_parent_does_not_decide_for_a_child_who_understands(number, care):
    refused = give(care, agreed(CARER, understands=True))
    assert refused.rules == ("R38",)
    assert not StepRow.objects.exists()


def test_r37_a_suspicion_is_recorded_under_the_name_of_whoever_decided_and_shown_to_nobody(number, care):
    assert give(care, agreed(HARM)) == ConsentChanged(state=ConsentState.SUSPECTED)
    assert sensitive(number) == []
    step = run(open_consent, DESK, involvement=care).steps[-1]
    assert (step.decided_by, step.decided_by_title) == ("Ruth Cole", "Named doctor")
    assert step.without is WithoutConsent.ASKING_ADDS_RISK
    assert withdraw(care) == NOTHING_TO_WITHDRAW
    event = next(one for one in events_of(KEISHA) if one.action is Action.RECORDED_CONSENT)
    assert event.details["consent"]["decided_by"] == "Ruth Cole"


OTHERS = {
    "a teacher": TEACHER,
    "another service": viewer(account_id=KEISHA, services=("school_nurse",)),
    "another area's desk": ROCHDALE,
    "the national desk": NATIONAL,
    "a directory team": TEAM,
}


@pytest.mark.parametrize("who", OTHERS)
def test_r39_to_others_it_is_as_if_there_were_none(number, care, who):
    by = OTHERS[who]
    Membership.objects.filter(account_id=by.account_id).update(services=list(by.services))
    nobody = build_child(amina("births"))
    for action, said in ((open_consent, {}), (withdraw_consent, {"withdrawn_by": CHILD})):
        assert (
            run(action, by, involvement=care, **said)
            == run(action, by, involvement=10**9, **said)
            == NOT_KEPT
        )
    assert give(care, by=by) == give(10**9, by=by) == NOT_KEPT
    for one in (number, nobody):
        assert run(consents_of, by, number=one).lines == ()
    assert run(what_to_ask, by) == ()
    assert sensitive(number) != []


def test_what_waits_says_how_many_and_not_whose(number, care):
    for by in (CAMHS, DESK):
        (waits,) = run(what_to_ask, by)
        assert (waits.state, waits.in_all, waits.organisation) == (
            ConsentState.ENDS_SOON,
            1,
            "Bridgewater Community Health",
        )
        assert number not in repr(waits)
        assert "Amina" not in repr(waits)
    give(care, agreed(until=TODAY + 300 * DAY))
    assert run(what_to_ask, DESK) == ()
    (line,) = run(consents_of, DESK, number=number).lines
    assert (line.state, line.practitioner) == (ConsentState.AGREED, "Sam Hale")


@pytest.mark.parametrize("row", STANDS, ids=lambda row: f"{row[0]} {row[3]}")
def test_the_database_says_the_same_of_how_a_consent_stands(number, care, row):
    _, one, days, state, _ = row
    InvolvementRow.objects.filter(pk=care).update(
        consent=one.basis.value, consent_until=one.until, consent_withdrawn_at=one.withdrawn_at
    )
    query = "SELECT consent_kind(i, %s, %s) FROM involvement i WHERE id = %s"
    assert rows(query, NOW - days * DAY, TODAY, care) == [(state.value,)]


@pytest.mark.parametrize("scope", ConsentScope)
def test_the_database_says_the_same_of_what_consent_shows(number, care, scope):
    InvolvementRow.objects.filter(pk=care).update(consent_scope=scope.value)
    shows = involvement("mental_health", consent=consent(scope=scope)).consent.allows_showing(TODAY)
    assert rows("SELECT consent_shows(i) FROM involvement i WHERE id = %s", care) == [(shows,)]
    assert (
        rows("SELECT (seen).practitioner FROM involvements_shown(%s)", number)[-1:]
        == ([("Sam Hale" if scope is ConsentScope.LISTED else "",)] if shows else [("",)])
        or scope is ConsentScope.DESK
    )


def test_r41_a_withdrawal_hides_whatever_says_the_same_of_that_service(number, care):
    add_record(number, amina("harbour", involvements=[{**CARE, "practitioner": "Jo Lind"}]))
    assert len(sensitive(number)) == 2
    withdraw(care)
    assert sensitive(number) == []


def join(*numbers):
    one, other = numbers
    with acting_as_role("worker"):
        return merge_children(one=one, other=other, because="Typed", by=JOINS, at=NOW)


@pytest.mark.parametrize("which", ["first", "second"])
def test_r41_withdrawn_of_one_it_is_withdrawn_of_both_who_become_one(number, care, which):
    twin = build_child(amina(), amina("mental-health", involvements=[CARE]))
    there = InvolvementRow.objects.exclude(pk=care).get(service="mental_health").pk
    withdraw(care if which == "first" else there)
    kept = join(number, twin).kept
    assert sensitive(kept) == []


def test_r41_what_was_agreed_to_since_the_withdrawal_still_shows_when_two_become_one(number, care):
    twin = build_child(amina(), amina("mental-health", involvements=[CARE]))
    there = InvolvementRow.objects.exclude(pk=care).get(service="mental_health").pk
    withdraw(care)
    give(there)
    kept = join(number, twin).kept
    assert [one[0] for one in sensitive(kept)] == ["mental_health"]


def test_r41_no_file_brings_back_what_was_withdrawn_nor_what_was_said_here(number, tmp_path):
    who = {
        "local_id": "M7",
        "forename": "Zoe",
        "surname": "Lindqvist",
        "date_of_birth": "2013-02-14",
        "sex": "F",
    }
    said = {**HELP, "service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}
    load(feed(tmp_path, "mental-health", {**who, **said, "involvement_id": "I1"}, kind="delta"))
    zoe = child_of("mental-health", "M7")
    care = InvolvementRow.objects.get(record__child_id=zoe).pk
    withdraw(care)
    again = [{**who, **said, "involvement_id": one, "start_date": "2026-12-01"} for one in ("I1", "I2")]
    load(feed(tmp_path, "mental-health", *again, as_at="2026-12-20", kind="delta"), at=LATER)
    found = InvolvementRow.objects.filter(record__child_id=zoe, consent_withdrawn_at=None)
    assert [one.involvement_id for one in found] == []
    give(care, agreed(HARM))
    moved = [{**one, "start_date": "2026-12-02"} for one in again]
    load(feed(tmp_path, "mental-health", *moved, as_at="2026-12-21", kind="delta"), at=LATER + DAY)
    assert rows("SELECT consent, start_date::text FROM involvement WHERE id = %s", care) == [
        ("significant_harm", "2026-12-02")
    ]


def test_r32_of_a_protected_child_only_the_national_desk_keeps_any(number, care):
    shield(number)
    for by in (CAMHS, DESK):
        assert run(open_consent, by, involvement=care) == NOT_KEPT
        assert withdraw(care, by) == NOT_KEPT
        assert run(consents_of, by, number=number).lines == ()
        assert run(what_to_ask, by) == ()
    found = run(open_consent, NATIONAL, involvement=care)
    assert (found.child_name, found.protected) == ("Amina Okafor", True)
    assert withdraw(care, NATIONAL) == ConsentChanged(state=ConsentState.WITHDRAWN)


def test_r41_of_a_protected_child_a_withdrawal_finds_what_says_the_same_though_it_is_encrypted(number, care):
    add_record(number, amina("harbour", involvements=[{**CARE, "practitioner": "Jo Lind"}]))
    add_record(number, amina("harbour", involvements=[{**CARE, "organisation": "harbour-recovery"}]))
    shield(number)
    with acting_as_role("worker"):
        assert settle_at_rest() > 0  # as it has within seconds (ADR 28)
    asked = run(what_to_ask, NATIONAL)
    assert sorted(one.organisation for one in asked) == [
        "Bridgewater Community Health", "Bridgewater Community Health", "Harbour Recovery",
    ]  # fmt: skip
    found = run(open_consent, NATIONAL, involvement=care)
    assert (found.line.organisation, found.line.practitioner) == ("Bridgewater Community Health", "Sam Hale")
    assert withdraw(care, NATIONAL) == ConsentChanged(state=ConsentState.WITHDRAWN)
    query = "SELECT consent_withdrawn_at IS NOT NULL FROM involvement WHERE consent > '' ORDER BY id"
    assert rows(query) == [(True,), (True,), (False,)]


def test_r41_handing_over_does_not_bring_a_withdrawn_consent_back(number):
    said = {"role": "Nurse", "phone": "0161 496 0101", "start": TODAY - 9 * DAY}
    made = run(
        record_involvement, number=number, service="mental_health", lead_practitioner=False,
        assessment_held=False, consent=agreed(CARER), **said,
    )  # fmt: skip
    assert isinstance(made, RecordedInvolvement)
    run(confirm_involvement, COLLEAGUE, involvement_id=made.involvement_id)
    withdraw(made.involvement_id)
    assert sensitive(number) == []
    run(offer_handover, involvement_id=made.involvement_id, to=PRIYA)
    (offer,) = run(my_children, COLLEAGUE).offers
    taken = run(accept_handover, COLLEAGUE, handover_id=offer.handover_id, phone="")
    assert sensitive(number) == []
    found = run(open_consent, COLLEAGUE, involvement=taken.involvement_id)
    assert found.line.state is ConsentState.WITHDRAWN
    assert [(one.basis, one.understands) for one in found.steps] == [(CARER, False)]


def test_who_agreed_is_written_down_with_the_first_word(number):
    said = {"role": "Nurse", "phone": "0161 496 0101", "start": TODAY - 9 * DAY}
    made = run(
        record_involvement, number=number, service="mental_health", lead_practitioner=False,
        assessment_held=False, consent=agreed(CARER, scope=ConsentScope.TEAM), **said,
    )  # fmt: skip
    (step,) = run(open_consent, involvement=made.involvement_id).steps
    assert (step.relation.value, step.scope, step.made_for) == (
        "mother",
        ConsentScope.TEAM,
        "Bridgewater Community Health",
    )


def test_a_child_kept_from_somebody_is_to_them_none_of_those_they_keep(number, care):
    withhold(number, DESK)
    Shield.objects.create(
        child_id=number, ground="domestic_abuse", placed_at=NOW, placed_by="test", review_by=TODAY + 90 * DAY,
        confirm_by=NOW + DAY, kept_from_id=DESK.account_id,
    )  # fmt: skip
    assert run(what_to_ask, DESK) == ()
    assert told(DESK) == []
    assert run(open_consent, DESK, involvement=care) == withdraw(care, DESK) == NOT_KEPT
    assert run(consents_of, DESK, number=number) == run(consents_of, DESK, number="C000000102M") == NOT_KEPT
    assert run(open_consent, involvement=care).number == number


def test_a_trust_of_many_areas_is_kept_where_the_child_is(number, care):
    Organisation.objects.filter(code="bridgewater-nhs").update(authority="")
    withhold(number)
    for by, keeps in ((DESK, True), (ROCHDALE, False), (NATIONAL, False)):
        assert bool(run(what_to_ask, by)) is bool(run(consents_of, by, number=number).lines) is keeps
        assert bool(told(by)) is keeps
    rows("UPDATE search_identity SET la = '' WHERE child_id = %s RETURNING id", number)
    for by, keeps in ((DESK, False), (NATIONAL, True)):
        assert bool(run(what_to_ask, by)) is bool(run(consents_of, by, number=number).lines) is keeps


NOT_SAID = NotSharedSaid(
    what=Withheld.ANSWER,
    reason=WithheldBecause.WORSE_FOR_CHILD,
    decided_by="Ruth Cole",
    decided_by_title="Named doctor",
)


def withhold(number, by=CAMHS):
    return run(decide_not_to_share, by, number=number, said=NOT_SAID, purpose=WORRIED)


def told(by):
    return [(one.number, one.said) for one in run(decisions_not_to_share, by)]


def test_a_decision_not_to_share_is_told_to_its_maker_and_the_desk_and_audited(number):
    assert withhold(number).decision
    assert told(CAMHS) == told(DESK) == [(number, NOT_SAID)]
    assert [told(by) for by in (COLLEAGUE, TEACHER, ROCHDALE, NATIONAL)] == [[]] * 4
    event = next(one for one in events_of(KEISHA) if one.action is Action.DECIDED_NOT_TO_SHARE)
    assert (event.subjects, event.details["reason"]) == ((number,), "worse_for_child")
    assert event.details["decided_by"] == "Ruth Cole"


def test_of_a_protected_child_it_is_told_to_the_national_desk(number):
    shield(number)
    first = withhold(number)
    assert type(first) is type(withhold(build_child(amina("births"))))
    assert [one for one, _ in told(NATIONAL)] == [number]
    assert number not in [one for one, _ in told(DESK)]


@pytest.mark.parametrize("table", ["consent_step", "not_shared"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_said_of_a_consent_only_grows(number, care, table, verb):
    give(care)
    withhold(number)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


NAMED = {"decided_by": "Ruth Cole", "decided_by_title": "Named doctor", "without": "refused"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"basis": "child", "understands": False},
        {"basis": "carer", "understands": True, "relation": "mother"},
        {"basis": "carer", "understands": False},
        {"basis": "significant_harm", "scope": "desk", "decided_by": "Ruth Cole"},
        {
            "basis": "significant_harm",
            "scope": "listed",
            "decided_by": "R",
            "decided_by_title": "D",
            "without": "x",
        },
        {"what": "withdrawn", "basis": "significant_harm"},
    ],
    ids=str,
)
def test_the_database_takes_no_consent_of_which_nobody_could_say_whose_it_is(number, care, wrong):
    terms = {"what": "given", "scope": "listed", **wrong}
    with pytest.raises(Exception, match="consent_step_says_whose"):
        StepRow.objects.create(
            involvement_id=care, by_id=KEISHA, made_for_id="bridgewater-nhs", at=NOW, **terms
        )


def test_a_suspended_person_keeps_none(number, care):
    by = replace(CAMHS, lapses=("suspended",))
    assert not NotShared.objects.exists()
    assert run(open_consent, by, involvement=care).rules == ("R52",)
