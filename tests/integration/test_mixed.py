"""After a wrong link or a joining taken back: who saw which value; 72 hours to decide (R22, R55)."""

from datetime import timedelta

import pytest
from tests.factories.directory import acting_as_role, build_account
from tests.factories.signed_in import sign_in
from tests.factories.supply import LATER, LOADER, child_of, load, rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, viewer
from tests.integration.test_cases import (
    AWAY,
    COUNCIL,
    DIFFERENT,
    ONE,
    SAME,
    TEAM,
    only_case,
    opened,
    team,
    tell,
    two_in_one,
    unsure,
)

from contactpoint.actions.find.history import history
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.link.cases import cases_decided
from contactpoint.actions.link.decide import decide_review_case, undo_decision
from contactpoint.actions.link.mixed import decide_mixed, looks_while_mixed
from contactpoint.actions.protect.shield_desk import what_to_do
from contactpoint.actions.run.today import today
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.domain.disclosure.shield_desk import BreachDecided, BreachOutcome
from contactpoint.domain.today import Queue
from contactpoint.pipelines.decided import carry_out_case_decisions
from contactpoint.storage.models import Membership, Organisation

__all__ = ["team", "two_in_one", "unsure"]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PARTED = LATER + 2 * HOUR
PRIYA_NAIR = viewer(account_id=PRIYA, name="Priya Nair")
SHIELDS = viewer(
    account_id=OWEN, role=Role.SHIELD_TEAM, organisation_code="la-353", organisation_kind="authority"
)


def as_web(act, **asked):
    with acting_as_role("web"):
        return act(**asked)


def decide(verdict, at=PARTED):
    case = only_case().id
    said = {"verdict": verdict, "because": "I rang", "seen": opened(case).version}
    made = as_web(decide_review_case, case=case, **said, by=TEAM, at=at)
    carry_out(at)
    return made.decision


def carry_out(at):
    with acting_as_role("worker"):
        carry_out_case_decisions(by=LOADER, at=at)


def look(number, at, by=PRIYA_NAIR):
    return as_web(open_record, number=number, purpose=WORRIED, by=by, at=at, how=WITH_ME)


def seen(decision, by=TEAM, at=PARTED + HOUR, **which):
    return as_web(looks_while_mixed, decision=decision, by=by, at=at, **which)


@pytest.fixture
def nurse(team):
    build_account(PRIYA, "Priya Nair")
    for who, body, role in (
        (OWEN, "la-353", "shield_team"),
        (PRIYA, "105734", "practitioner"),
    ):
        Organisation.objects.get_or_create(pk=body, defaults={"name": body, "kind": "authority"})
        Membership.objects.create(account_id=who, organisation_id=body, role=role)
    for who in (KEISHA, OWEN, PRIYA):
        sign_in(who)


def test_after_a_split_who_saw_it_and_with_which_values(two_in_one, nurse):
    look(two_in_one, LATER + HOUR)
    asked = {"field": HistoryField.ADDRESS, "on": LATER.date(), "by": PRIYA_NAIR, "at": LATER + HOUR}
    as_web(history, number=two_in_one, purpose=WORRIED, **asked)
    look(two_in_one, PARTED + HOUR)
    found = seen(decide(DIFFERENT))
    assert [one.name for one in found.looks] == ["Priya Nair"] * 2
    values = [dict(one.values) for one in found.looks]
    told = " ".join(text for one in values for many in one.values() for text in many)
    assert "14 Mill Lane" in told
    assert "1 Hill Top, Oldham, OL1 2AA" in told, "the other child's, as it was shown then"
    assert any("Broadfield Primary School" in text for one in values for text in one.get("involvements", ()))
    assert found.decide_by == PARTED + HOUR + timedelta(hours=72)


def test_a_value_that_came_later_is_not_among_them(two_in_one, nurse, tmp_path):
    look(two_in_one, LATER + HOUR)
    decision = decide(DIFFERENT)
    moved = {**ONE, "address": "9 New Road, Oldham", "postcode": "OL1 9ZZ"}
    later = tell(tmp_path, "births", moved, as_at="2026-12-20")
    load(later, at=PARTED + HOUR)
    assert "New Road" not in repr(seen(decision, at=PARTED + 2 * HOUR))


def test_after_a_joining_that_was_taken_back(unsure, nurse):
    decision = decide(SAME, LATER + HOUR)
    number = child_of("births", "A1")
    look(number, LATER)
    assert isinstance(seen(decision), Refusal), "as long as it stands it was no mistake"
    look(number, LATER + 2 * HOUR)
    as_web(undo_decision, decision=decision, because="I was wrong", by=TEAM, at=LATER + 3 * HOUR)
    carry_out(LATER + 3 * HOUR)
    look(number, LATER + 4 * HOUR)
    found = seen(decision, at=LATER + 5 * HOUR)
    assert [one.at for one in found.looks] == [LATER + 2 * HOUR]
    assert "9 Oak Road" in repr(found.looks[0].values)
    assert child_of(COUNCIL, "M1") != number


def test_the_team_decides_once_whether_it_is_a_breach(two_in_one, nurse):
    look(two_in_one, LATER + HOUR)
    decision = decide(DIFFERENT)
    asked = {"decision": decision, "outcome": BreachOutcome.NOT_REPORTABLE, "by": TEAM, "at": PARTED + HOUR}
    assert isinstance(as_web(decide_mixed, **asked), Refusal), "nobody has looked who saw it"
    seen(decision)
    assert as_web(decide_mixed, **asked) == BreachDecided(outcome="not_reportable")
    assert isinstance(as_web(decide_mixed, **asked), Refusal)
    assert seen(decision).outcome is BreachOutcome.NOT_REPORTABLE
    assert rows("SELECT count(*) FROM audit_body WHERE action = 'decided_breach'") == [(1,)]


def test_where_nobody_saw_it_there_is_nothing_to_decide(two_in_one, nurse):
    found = seen(decide(DIFFERENT))
    assert (found.looks, found.decide_by) == ((), None)


@pytest.mark.parametrize("by", [AWAY, viewer(account_id=KEISHA)])
def test_nobody_else_is_told(two_in_one, nurse, by):
    look(two_in_one, LATER + HOUR)
    assert isinstance(seen(decide(DIFFERENT), by=by), Refusal)


def test_the_list_of_what_was_decided_leads_there(two_in_one, nurse):
    decide(DIFFERENT)
    (line,) = as_web(cases_decided, by=TEAM, at=PARTED)
    assert line.was_mixed


def test_an_open_question_is_due_on_the_team_s_day_and_at_the_shield_desk(two_in_one, nurse):
    """R55: nobody finds out only by looking through what was decided."""
    look(two_in_one, LATER + HOUR)
    decision = decide(DIFFERENT)
    assert due() == (0, [])
    found = seen(decision)
    assert due() == (1, [("mixed", found.decide_by)])
    late = found.decide_by + HOUR
    assert [one.late for one in as_web(today, by=TEAM, at=late) if one.queue is Queue.MIXED] == [1]
    asked = {"decision": decision, "outcome": BreachOutcome.NO_BREACH, "by": TEAM, "at": PARTED + HOUR}
    as_web(decide_mixed, **asked)
    assert due() == (0, [])


def due():
    """What the team of the authority counts, and what the shield desk of the authority sees."""
    at = PARTED + HOUR
    (count,) = [one.count for one in as_web(today, by=TEAM, at=at) if one.queue is Queue.MIXED]
    shown = as_web(what_to_do, by=SHIELDS, at=at)
    return count, [(one.kind, one.until) for one in shown]
