"""Records to check: who sees which case, what is shown, what they say, what becomes of it (R20-R22)."""

from dataclasses import replace
from datetime import timedelta
from unittest import mock
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, build_account
from tests.factories.feeds import AMINA
from tests.factories.signed_in import sign_in
from tests.factories.supply import (
    BEN,
    CONTRACT,
    HELP,
    LATER,
    LOADER,
    NOW,
    build_sources,
    child_of,
    feed,
    load,
    rows,
)
from tests.factories.viewers import KEISHA, OWEN, WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.link.cases import (
    NOTHING_WAITS,
    cases_decided,
    cases_to_check,
    evidence_of,
    open_case,
)
from contactpoint.actions.link.decide import NOT_NOW, decide_review_case, undo_decision
from contactpoint.actions.link.merge import NOT_TWO, merge_children
from contactpoint.actions.link.split import split_child
from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import ProtectedRecord, Refusal
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.matching import (
    FIRST_OF_TWO,
    CaseChanged,
    CaseDecided,
    CaseInFull,
    CaseKind,
    Verdict,
)
from contactpoint.domain.people import PersonFacts
from contactpoint.linking.model.levels import Context
from contactpoint.linking.model.score import score_pair
from contactpoint.linking.model.weights import default_model
from contactpoint.pipelines import link as linking
from contactpoint.pipelines.decided import carry_out_case_decisions
from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.link import link
from contactpoint.pipelines.publish import publish
from contactpoint.storage.models import CaseWord, Child, Membership, SettingVersion, SignInSession
from contactpoint.supply.contracts import CONTRACTS

pytestmark = pytest.mark.django_db
SAME, DIFFERENT, CANNOT_TELL = Verdict
TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353", organisation_kind="authority")
AWAY = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-354", authority="354")
DESK = viewer(role=Role.NATIONAL_TEAM, account_id=OWEN, organisation_code="contactpoint", authority=None)
STAFF = UUID(int=204)
SHIELDS = viewer(role=Role.SHIELD_TEAM, account_id=STAFF, organisation_code="contactpoint", authority=None)
COUNCIL = "childrens-services-353"
GRACE = {"carer_forename": "Grace", "carer_surname": "Okafor"}
ONE = {**AMINA, **GRACE}
# Nearly Amina: spelt another way, one digit of the birth date, another home, the same carer. 3 bits: unsure.
OTHER = {**ONE, **HELP, "local_id": "M1", "forename": "Amena", "date_of_birth": "2016-05-19",
         "address": "9 Oak Road, Rochdale", "postcode": "OL16 2ZZ"}  # fmt: skip
# Links well with either.
BRIDGE = {**ONE, "local_id": "T1", "forename": "Amena", "service": "school", "organisation": "105734"}
STRANGER = {**BRIDGE, "local_id": "T1", "forename": "Zofia", "surname": "Wieczorek",
            "date_of_birth": "2014-12-02", "address": "1 Hill Top, Oldham", "postcode": "OL1 2AA",
            "carer_forename": "Jan", "carer_surname": "Wieczorek"}  # fmt: skip


@pytest.fixture
def team():
    build_sources()
    for account, role, bodies in (
        (KEISHA, "authority_team", ("la-353", "la-354", "bridgewater-nhs")),
        (OWEN, "national_team", ("contactpoint",)),
        (STAFF, "shield_team", ("contactpoint", "la-353")),
    ):
        build_account(account)
        for body in bodies:
            Membership.objects.create(account_id=account, organisation_id=body, role=role, services=[])
        sign_in(account)


@pytest.fixture
def unsure(team, tmp_path):
    """A case that nobody is sure of; return the two numbers."""
    load(tell(tmp_path, "births", ONE, BEN))
    load(tell(tmp_path, COUNCIL, OTHER), at=LATER)
    return child_of("births", "A1"), child_of(COUNCIL, "M1")


@pytest.fixture
def two_in_one(team, tmp_path):
    """One record that a school's system has since given to another child."""
    load(tell(tmp_path, "births", ONE, BEN), tell(tmp_path, "school-census", BRIDGE))
    load(tell(tmp_path, "school-census", STRANGER, as_at="2026-12-19"), at=LATER)
    number = child_of("births", "A1")
    assert child_of("school-census", "T1") == number
    return number


def tell(folder, source, *rows, **when):
    """A feed of what the source's contract has of the rows."""
    names = CONTRACTS[CONTRACT[source]].names
    kept = ({name: value for name, value in row.items() if name in names} for row in rows)
    return feed(folder, source, *kept, **when)


def listed(by=TEAM, **which):
    with acting_as_role("web"):
        return cases_to_check(by=by, at=LATER, **which)


def only_case(by=TEAM):
    in_all, lines = listed(by)
    assert in_all == len(lines) == 1
    return lines[0]


def opened(case, by=TEAM, **which):
    with acting_as_role("web"):
        return open_case(case=case, by=by, at=LATER, **which)


def decide(verdict, *, case=None, by=TEAM, because="I rang the school", leaving=None, **which):
    case = case or only_case(by).id
    seen = opened(case, by, **which)
    version = seen.version if isinstance(seen, CaseInFull) else ""
    with acting_as_role("web"):
        return decide_review_case(
            case=case,
            verdict=verdict,
            because=because,
            seen=version,
            leaving=leaving,
            by=by,
            at=LATER,
            **which,
        )


def undo(decision, *, by=TEAM, **which):
    with acting_as_role("web"):
        return undo_decision(decision=decision, because="I was wrong", by=by, at=LATER, **which)


def decided(by=TEAM, **which):
    with acting_as_role("web"):
        return cases_decided(by=by, at=LATER, **which)


def carry_out():
    with acting_as_role("worker"):
        return carry_out_case_decisions(by=LOADER, at=LATER)


def record(number):
    with acting_as_role("web"):
        return open_record(number=number, purpose=WORRIED, by=viewer(), at=LATER, how=WITH_ME)


def test_an_unsure_pair_waits_for_the_team_of_its_authority(unsure):
    line = only_case()
    assert line.kind is CaseKind.UNSURE_PAIR
    assert set(line.names) == {"Amina Okafor", "Amena Okafor"}
    assert only_case(DESK) == line
    assert listed(AWAY) == (0, ())
    assert isinstance(listed(viewer()), Refusal)


def test_a_case_shows_both_sides_with_source_and_day(unsure):
    case = opened(only_case().id)
    by_name = {one.field: one for one in case.fields}
    assert {len(by_name["forename"].left), len(by_name["forename"].right)} == {1}
    said = {
        one.value: one.by for side in (by_name["forename"].left, by_name["forename"].right) for one in side
    }
    assert {source for source, _ in said["Amina"]} == {"Birth registrations"}
    assert {day.isoformat() for _, day in said["Amena"]} == {"2026-11-22"}
    assert by_name["forename"].differs
    assert by_name["surname"].differs is False
    assert set(case.numbers) == set(unsure)


def test_the_story_in_bits_adds_up_to_the_weight(unsure):
    told = opened(only_case().id).evidence
    assert told.weight == pytest.approx(told.prior + sum(bits for *_, bits in told.lines) + told.rest)
    assert ("date of birth", "one digit different") in {line[:2] for line in told.lines}


@pytest.mark.parametrize("context", Context)
def test_r27_that_a_source_lists_two_such_children_is_not_told(context):
    """One of the two may be shielded: the story is that of the two records alone, whatever is beside them."""
    two = [PersonFacts(**{name: row[name] for name in ONE if name != "local_id"}) for row in (ONE, OTHER)]
    alone, beside = (score_pair(*two, default_model(), one) for one in (Context.UNKNOWN, context))
    told = [evidence_of(one.levels.pack(), one.weight, alone=True) for one in (alone, beside)]
    assert told[0] == told[1]
    assert told[0].weight == pytest.approx(alone.weight)
    whole = evidence_of(beside.levels.pack(), beside.weight, alone=False)
    assert whole.weight == pytest.approx(beside.weight)


def test_retraining_joins_and_parts_nobody_who_is_published(unsure, tmp_path):
    """A model that would part everybody, and one that would join them, leave every number as it is (R20)."""
    model = default_model()
    for at, link_from in enumerate((60.0, 2.0)):
        other = replace(model, version=str(at), thresholds=replace(model.thresholds, link=link_from, tie=0.5))
        moved = {**OTHER, "postcode": f"OL16 2Z{'YX'[at]}"}
        path = tell(tmp_path, COUNCIL, moved, as_at=f"2026-12-1{at}")
        with acting_as_role("worker"):
            deliver(path, source=COUNCIL, by=LOADER, at=LATER)
            link(by=LOADER, at=LATER, model=other)
            publish(by=LOADER, at=LATER)
        assert (child_of("births", "A1"), child_of(COUNCIL, "M1")) == unsure
    assert rows("SELECT count(*) FROM link") == [(3,)]
    assert only_case()


def test_other_bodies_numbers_are_for_those_who_may_read_them(team, tmp_path):
    first, second = ({**ONE, "nhs_number": number} for number in ("9000000009", "9434765919"))
    load(tell(tmp_path, "births", first, BEN), tell(tmp_path, "nhs-demographics", second))
    case = only_case()
    assert case.kind is CaseKind.CONFLICT
    assert "nhs_number" not in {one.field for one in opened(case.id).fields}
    health = viewer(role=Role.AUTHORITY_TEAM)
    assert "nhs_number" in {one.field for one in opened(case.id, health).fields}


def test_joining_two_published_children_is_another_question_than_an_unsure_row(unsure, tmp_path):
    load(tell(tmp_path, COUNCIL, {**OTHER, "middle_names": "Rose"}, as_at="2026-12-20"),
         at=LATER)  # fmt: skip
    rows("UPDATE review_case SET opened_at = opened_at + interval '1 day' RETURNING id")
    assert only_case().kind is CaseKind.POSSIBLE_MERGE


def test_different_holds_at_once_and_is_never_asked_again(unsure, tmp_path):
    assert decide(DIFFERENT) == CaseDecided(decision=_newest(), verdict="different", waits=False)
    assert listed() == (0, ())
    load(tell(tmp_path, COUNCIL, {**OTHER, "postcode": "OL16 2ZY"}, as_at="2026-12-20"), at=LATER)
    load(tell(tmp_path, "births", ONE, BEN, as_at="2026-12-20"), at=LATER)
    assert listed() == (0, ())
    assert (child_of("births", "A1"), child_of(COUNCIL, "M1")) == unsure


def test_what_was_parted_cannot_come_back_through_a_third_record(team, tmp_path):
    """Three records link through the one between; once a person parts the ends, no bridge joins them."""
    load(tell(tmp_path, "births", ONE, BEN), tell(tmp_path, COUNCIL, OTHER),
         tell(tmp_path, "school-census", BRIDGE))  # fmt: skip
    number = child_of("births", "A1")
    assert {child_of(COUNCIL, "M1"), child_of("school-census", "T1")} == {number}
    with acting_as_role("worker"):
        council = rows("SELECT id FROM source_record WHERE local_id = 'M1'")[0][0]
        split = split_child(number=number, records=[council], because="Two", by=DESK, at=NOW)
    for at, source in enumerate(("child-health", "nhs-demographics", "gp-registrations")):
        bridge = {**BRIDGE, "local_id": f"Z{at}", "service": "", "organisation": ""}
        if source == "gp-registrations":
            bridge |= {"service": "gp", "organisation": "P85001"}
        if source == "child-health":
            bridge |= {"service": "school_nurse", "organisation": "bridgewater-nhs"}
        load(tell(tmp_path, source, bridge, BEN | {key: bridge[key] for key in ("service", "organisation")}),
             at=LATER)  # fmt: skip
    children = {child_of("births", "A1"), child_of(COUNCIL, "M1")}
    assert children == {number, split.other}
    asked = rows("SELECT count(*) FROM case_waiting w WHERE w.child_a = ANY(%s) AND w.child_b = ANY(%s)",
                 sorted(children), sorted(children))  # fmt: skip
    assert asked == [(0,)]


def test_same_is_carried_out_by_the_worker_and_undone_to_the_last_byte(unsure):
    one, other = unsure
    before = [record(number) for number in unsure]
    done = decide(SAME)
    assert done.waits
    assert listed() == (0, ())
    assert decided()[0].state == "waiting"
    assert carry_out() == 1
    assert child_of(COUNCIL, "M1") == one
    assert record(other) == record(one)
    assert decided()[0].state == "done"
    undo(done.decision)
    assert decided()[0].state == "waiting"
    assert carry_out() == 1
    assert decided()[0].state == "undone"
    assert [record(number) for number in unsure] == before
    assert only_case().kind is CaseKind.UNSURE_PAIR
    assert carry_out() == 0


def test_different_is_undone_at_once_and_asked_again(unsure, tmp_path):
    undone = undo(decide(DIFFERENT).decision)
    assert undone.waits is False
    assert only_case()
    assert decided()[0].state == "undone"
    assert undo(_newest("what <> 'undo'")) == NOT_NOW


def test_cannot_tell_waits_for_other_evidence(unsure, tmp_path):
    decide(CANNOT_TELL)
    assert listed() == (0, ())
    load(tell(tmp_path, "births", ONE, BEN, as_at="2026-12-20"), at=LATER)
    assert listed() == (0, ())
    load(tell(tmp_path, COUNCIL, {**OTHER, "carer_forename": "Gracie"}, as_at="2026-12-20"), at=LATER)
    assert only_case()


def test_two_in_one_are_parted_and_undone(two_in_one):
    case = opened(only_case().id)
    assert case.row.kind is CaseKind.POSSIBLE_TWO
    assert set(case.names) == {"Amina Okafor", "Zofia Wieczorek"}
    done = decide(DIFFERENT)
    assert done.waits
    carry_out()
    fresh = child_of("school-census", "T1")
    assert fresh != two_in_one == child_of("births", "A1")
    assert listed() == (0, ())
    undo(done.decision)
    carry_out()
    assert child_of("school-census", "T1") == two_in_one
    assert record(fresh) == record(two_in_one)
    assert only_case().kind is CaseKind.POSSIBLE_TWO


@pytest.mark.parametrize(("leaving", "goes"), [(None, False), ([], False), ([0], True)])
def test_who_decides_says_what_goes_with_which_part(team, tmp_path, leaving, goes):
    doctor = {**AMINA, "service": "gp", "organisation": "P85001"}
    load(
        tell(tmp_path, "births", ONE, BEN),
        tell(tmp_path, "school-census", BRIDGE),
        tell(tmp_path, "gp-registrations", doctor),
    )
    load(tell(tmp_path, "school-census", STRANGER, as_at="2026-12-19"), at=LATER)
    number, case = child_of("births", "A1"), opened(only_case().id)
    compared = {case.row.record_a, case.row.record_b}
    (between,) = case.between
    assert between.record not in compared
    assert (between.name, between.leaves) == ("Amina Okafor", False)
    shown = opened(case.row.id, leaving=leaving)
    assert shown.version == case.version, "to look is to change nothing"
    assert [one.leaves for one in shown.between] == [goes]
    assert [one.sources for one in shown.after] == ([1, 2] if goes else [2, 1])
    decide(DIFFERENT, leaving=leaving)
    carry_out()
    ((beside,),) = rows("SELECT child_id FROM source_record WHERE id = %s", between.record)
    assert (beside == child_of("school-census", "T1")) is goes
    assert child_of("births", "A1") == number


def test_one_child_after_all_is_not_asked_again_of_the_same_records(two_in_one, tmp_path):
    decide(SAME)
    load(tell(tmp_path, "school-census", {**STRANGER, "postcode": "OL1 3AA"}, as_at="2026-12-20"), at=LATER)
    assert listed() == (0, ())


def test_riskiest_first_then_the_oldest(two_in_one, tmp_path):
    load(tell(tmp_path, COUNCIL, OTHER), at=LATER)
    assert [line.kind for line in listed()[1]] == [CaseKind.POSSIBLE_TWO, CaseKind.UNSURE_PAIR]


def test_who_decides_on_what_is_no_longer_so_is_shown_what_is(unsure, tmp_path):
    case = only_case().id
    seen = opened(case)
    load(tell(tmp_path, COUNCIL, {**OTHER, "middle_names": "Rose"}, as_at="2026-12-20"), at=LATER)
    with acting_as_role("web"):
        answer = decide_review_case(
            case=case, verdict=SAME, because="So", seen=seen.version, by=TEAM, at=LATER
        )
    assert isinstance(answer, CaseChanged)
    assert answer.now == opened(case) != seen
    assert rows("SELECT count(*) FROM case_decision") == [(0,)]


def test_a_colleague_was_first(unsure):
    case = only_case().id
    decide(DIFFERENT, case=case)
    assert decide(SAME, case=case) == NOTHING_WAITS
    assert rows("SELECT count(*) FROM case_decision") == [(1,)]


@pytest.mark.parametrize("because", ["", "   ", "x" * 241])
def test_a_decision_has_a_reason(unsure, because):
    with pytest.raises(InvalidInput):
        decide(SAME, because=because)


def test_what_cannot_be_done_any_more_says_so(unsure):
    decide(SAME)
    with acting_as_role("worker"):
        merge_children(one=unsure[0], other=unsure[1], because="One passport", by=DESK, at=LATER)
    assert carry_out() == 1
    assert decided()[0].state == NOT_TWO
    assert not decided()[0].may_be_undone
    assert carry_out() == 0


def test_while_a_delivery_is_taken_in_decisions_wait(unsure, monkeypatch):
    decide(SAME)
    with monkeypatch.context() as patch:
        patch.setattr("contactpoint.pipelines.decided.only_loader", busy)
        assert carry_out() == 0
    assert decided()[0].state == "waiting"
    assert carry_out() == 1


def busy():
    raise Conflict("Another delivery is being taken in.")


def test_a_case_near_a_shield_is_nowhere(unsure, tmp_path):
    case = only_case().id
    with acting_as_role("worker"):
        place_shield(number=unsure[0], ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=NOW)
    for who in (TEAM, DESK):
        assert listed(who) == (0, ())
        assert opened(case, who) == opened(987_654, who) == NOTHING_WAITS
        assert decide(SAME, case=case, by=who) == NOTHING_WAITS


@pytest.fixture
def near(team, tmp_path):
    """A row that resembles a protected child, in quarantine; return the child's number."""
    load(tell(tmp_path, "births", ONE, BEN))
    number = child_of("births", "A1")
    with acting_as_role("worker"):
        place_shield(number=number, ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=NOW)
    load(tell(tmp_path, COUNCIL, OTHER), at=LATER)
    assert child_of(COUNCIL, "M1") is None
    return number


def newest_event():
    of_staff = "SELECT event_id FROM audit_body WHERE account = %s AND action <> 'signed_in' LIMIT 1"
    return rows(of_staff, STAFF)[0][0]


def near_case():
    in_all, (line,) = listed(SHIELDS, near_shield=True)
    assert in_all == 1
    return line


def test_r21_a_row_near_a_shield_is_for_shield_staff_alone(near):
    theirs = viewer(role=Role.SHIELD_TEAM, account_id=STAFF, organisation_code="la-353", authority="353")
    for who in (TEAM, AWAY, DESK, theirs, viewer()):
        assert isinstance(listed(who, near_shield=True), Refusal)
    for who in (SHIELDS, theirs):
        assert isinstance(listed(who), Refusal), "and nothing else is theirs"
    assert listed(TEAM) == listed(DESK) == (0, ())
    line = near_case()
    assert set(line.names) == {"Amina Okafor", "Amena Okafor"}
    for who in (TEAM, DESK, theirs):
        assert isinstance(opened(line.id, who, near_shield=True), Refusal)
    case = opened(line.id, SHIELDS, near_shield=True)
    told = {one.field: {said.value for said in (*one.left, *one.right)} for one in case.fields}
    assert told["postcode"] == {"OL1 4AB", "OL16 2ZZ"}
    assert set(case.numbers) == {near, ""}


def test_r21_who_looks_at_what_is_near_a_shield_is_written_down_before_it_is_read(near):
    opened(near_case().id, SHIELDS, near_shield=True)
    told = rows(
        "SELECT action, convert_from(body, 'UTF8') LIKE '%%near_shield%%', subjects FROM audit_body "
        "WHERE account = %s AND action <> 'signed_in'",
        STAFF,
    )
    assert sorted(told) == [
        ("listed_cases", False, [near]),
        ("listed_cases", True, []),
        ("opened_case", False, [near]),
        ("opened_case", True, []),
    ]


def test_the_database_shows_what_is_near_a_shield_to_nobody_who_is_not_written_down(near):
    case = near_case().id
    record = rows("SELECT id FROM source_record WHERE local_id = 'M1'")[0][0]
    event = newest_event()
    assert rows("SELECT * FROM sealed_side(%s, %s, %s)", case, record, event), "in its own transaction"
    SignInSession.objects.update(ended_at=NOW)
    asked = (
        ("SELECT * FROM cases_to_check(%s, true, '{}', 9, 0)", [event]),
        ("SELECT * FROM case_to_check(%s, %s, true)", [case, event]),
        ("SELECT * FROM sealed_side(%s, %s, %s)", [case, record, event]),
        ("SELECT * FROM sealed_side(%s, %s, gen_random_uuid())", [case, record]),
        ("SELECT * FROM sealed_side(%s, %s, NULL)", [case, record]),
        ("SELECT * FROM case_waiting", []),
        ("SELECT * FROM case_decision", []),
    )
    for query, params in asked:
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("web"):
            rows(query, *params)


@pytest.mark.django_db(transaction=True)
def test_an_event_of_an_earlier_transaction_opens_nothing(near, web_role):
    near_case()
    event = newest_event()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="written down"):
        web_role.execute("SELECT * FROM cases_to_check(%s, true, '{}', 9, 0)", [event])


def test_r21_a_row_in_quarantine_is_given_to_its_child_and_taken_back(near):
    case = near_case()
    done = decide(SAME, case=case.id, by=SHIELDS, near_shield=True)
    assert done.waits
    assert listed(SHIELDS, near_shield=True) == (0, ())
    carry_out()
    assert child_of(COUNCIL, "M1") == near
    assert rows("SELECT DISTINCT sealed FROM source_record WHERE child_id = %s", near) == [(True,)]
    assert decided() == decided(DESK) == ()
    assert [line.state for line in decided(SHIELDS, near_shield=True)] == ["done"]
    assert undo(done.decision, by=DESK) == NOT_NOW
    assert isinstance(undo(done.decision, by=DESK, near_shield=True), Refusal)
    assert undo(done.decision, by=SHIELDS, near_shield=True).waits
    carry_out()
    apart = child_of(COUNCIL, "M1")
    assert apart not in {near, None}
    assert Child.objects.get(pk=apart).shielded
    assert isinstance(record(apart), ProtectedRecord)


def test_r21_a_row_that_is_of_another_child_comes_out_of_quarantine_with_the_next_delivery(near, tmp_path):
    decide(DIFFERENT, case=near_case().id, by=SHIELDS, near_shield=True)
    assert child_of(COUNCIL, "M1") is None
    load(tell(tmp_path, "births", ONE, {**BEN, "postcode": "OL12 9XZ"}, as_at="2026-12-20"), at=LATER)
    fresh = child_of(COUNCIL, "M1")
    assert fresh not in {near, None}
    assert not Child.objects.get(pk=fresh).shielded
    assert listed(SHIELDS, near_shield=True) == (0, ())


def test_r21_a_row_in_quarantine_stays_there_whatever_small_delivery_comes(near, tmp_path, monkeypatch):
    """Beside a row that is like it, and far from the child that it resembles, it is made nobody anew."""
    like = {**OTHER, "local_id": "M2", "forename": "Ola", "surname": "Nowak", "date_of_birth": "2018-01-02",
            "carer_forename": "", "carer_surname": ""}  # fmt: skip
    children = rows("SELECT count(*) FROM child")[0][0]
    monkeypatch.setattr(linking, "_PUBLISHED_TO_FEW", 0)
    with mock.patch.object(linking, "_quarantine", wraps=linking._quarantine) as held:
        load(tell(tmp_path, COUNCIL, like, as_at="2026-12-21", kind="delta"), at=LATER + timedelta(days=1))
    (waits,) = rows("SELECT id FROM source_record WHERE local_id = 'M1'")[0]
    placed = held.call_args.args[0]
    assert waits in placed["record"].to_list(), "it was linked again"
    assert near not in placed["number"].to_list(), "without the child that it resembles"
    assert child_of(COUNCIL, "M1") is None
    assert rows("SELECT count(*) FROM child") == [(children + 1,)]
    assert listed(SHIELDS, near_shield=True)[0] == 1


def test_a_case_that_consent_keeps_back_is_nowhere(team, tmp_path):
    hidden = {**OTHER, "service": "mental_health", "organisation": "bridgewater-nhs",
              "consent": "significant_harm", "carer_forename": "", "carer_surname": "", "address": "",
              "postcode": "", "forename": "Amina"}  # fmt: skip
    load(tell(tmp_path, "births", ONE, BEN))
    load(tell(tmp_path, "mental-health", {**hidden, "start_date": ""}), at=LATER)
    assert rows("SELECT count(*) FROM review_case") == [(1,)]
    assert listed() == listed(DESK) == (0, ())
    rows("UPDATE involvement SET consent = 'child' RETURNING id")
    assert listed()[0] == 1


def test_every_look_and_decision_is_audited(unsure):
    decide(DIFFERENT)
    told = rows(
        "SELECT DISTINCT action, account FROM audit_body "
        "WHERE account IS NOT NULL AND action <> 'signed_in' ORDER BY 1"
    )
    assert told == [(action, KEISHA) for action in ("decided_link", "listed_cases", "opened_case")]
    ((subjects,),) = rows("SELECT subjects FROM audit_body WHERE action = 'decided_link'")
    assert set(subjects) == set(unsure)


def _newest(where="true"):
    return rows(f"SELECT max(id) FROM case_decision WHERE {where}")[0][0]


SECOND = replace(TEAM, account_id=OWEN)


@pytest.fixture
def by_two(team):
    """It takes two people to join and to part, and a second of the team is there."""
    Membership.objects.create(account_id=OWEN, organisation_id="la-353", role="authority_team")
    SettingVersion.objects.create(
        key="match_by_two", value=1, from_when=timezone.now() + timedelta(minutes=1), because="x",
        loosens=False, by_id=OWEN,
    )  # fmt: skip


def test_two_people_say_the_same_before_records_are_joined(by_two, unsure):
    one, other = unsure
    case = only_case(TEAM).id
    first = decide(SAME, case=case)
    assert (first.verdict, first.decision, first.waits) == (FIRST_OF_TWO, 0, False)
    assert carry_out() == 0
    assert not list(decided())
    assert decide(SAME, case=case).verdict == FIRST_OF_TWO, "saying it twice is not two people"
    assert only_case(SECOND).id == case, "it waits for somebody else"
    second = decide(SAME, case=case, by=SECOND)
    assert (second.verdict, second.waits) == ("same", True)
    carry_out()
    assert child_of(COUNCIL, "M1") == child_of("births", "A1") in {one, other}
    assert not CaseWord.objects.exists()


def test_a_second_person_who_says_otherwise_is_not_outvoted(by_two, unsure):
    case = only_case(TEAM).id
    decide(SAME, case=case)
    assert decide(DIFFERENT, case=case, by=SECOND).verdict == "different", "keeping apart takes one"
    assert carry_out() == 0
    assert child_of(COUNCIL, "M1") != child_of("births", "A1")
    assert not CaseWord.objects.exists()


def test_two_people_part_the_same_records_or_wait(by_two, two_in_one):
    case = only_case(TEAM).id
    assert decide(DIFFERENT, case=case, leaving=[]).verdict == FIRST_OF_TWO
    assert carry_out() == 0
    assert decide(DIFFERENT, case=case, by=SECOND, leaving=[]).waits
    carry_out()
    assert child_of("school-census", "T1") != child_of("births", "A1")


def test_what_the_first_said_is_read_by_no_page_and_an_old_word_counts_for_nothing(by_two, unsure):
    case = only_case(TEAM).id
    decide(SAME, case=case)
    with acting_as_role("web"), pytest.raises(DatabaseError), transaction.atomic():
        rows("SELECT * FROM case_word")
    CaseWord.objects.update(levels=b"other")
    assert decide(SAME, case=case, by=SECOND).verdict == FIRST_OF_TWO, "it was said of another comparison"


def test_as_shipped_one_person_joins(team, unsure):
    assert decide(SAME).waits
