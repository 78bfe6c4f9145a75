"""A child moves between authorities: who says what, and who is responsible meanwhile (R58, R59)."""

from datetime import date

import pytest
from tests.factories.records import NOW, statement
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import BelongsBecause
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import Gazetteer, KnownRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, MoveInQuestion
from contactpoint.domain.disclosure.redact import who_is_responsible_and_why
from contactpoint.domain.moves import (
    BECOMES,
    NEEDS_REASON,
    MoveReason,
    MoveState,
    MoveStep,
    Side,
    answered_by,
    does_it_wait_for,
    is_it_open,
    what_becomes_of_the_move,
    what_may_be_said,
)

COMING, LEAVING, NATIONAL = Side
ASKED, DECLINED, OBJECTED, KEPT, ACCEPTED, OVERTAKEN = MoveState
ACCEPT, DECLINE, OBJECT, KEEP, GIVE = MoveStep

# (rule, whose side, the move is, says, becomes: None where it is not theirs to say)
SAID = [
    ("R58", COMING, ASKED, ACCEPT, ACCEPTED),
    ("R58", COMING, ASKED, DECLINE, DECLINED),
    ("R58", COMING, DECLINED, ACCEPT, None),
    ("R58", COMING, OBJECTED, ACCEPT, None),
    ("R58", COMING, ASKED, GIVE, None),
    ("R59", LEAVING, ASKED, ACCEPT, None),
    ("R58", LEAVING, ASKED, OBJECT, OBJECTED),
    ("R58", LEAVING, DECLINED, KEEP, KEPT),
    ("R58", LEAVING, OBJECTED, KEEP, None),
    ("R58", LEAVING, ASKED, KEEP, None),
    *(("R58", NATIONAL, state, GIVE, ACCEPTED) for state in (ASKED, DECLINED, OBJECTED)),
    *(("R58", NATIONAL, state, KEEP, KEPT) for state in (ASKED, DECLINED, OBJECTED)),
    *(("R58", side, ACCEPTED, step, None) for side in Side for step in MoveStep),
    *(("R58", side, OVERTAKEN, step, None) for side in Side for step in MoveStep),
    *(("R58", side, KEPT, step, None) for side in Side for step in MoveStep),
]
TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-354", authority="354")


@pytest.mark.parametrize(("rule", "side", "state", "step", "becomes"), SAID)
def test_what_becomes_of_a_move(rule, side, state, step, becomes):
    assert what_becomes_of_the_move(side, state, step) is becomes, rule
    assert (step in what_may_be_said(side, state)) is (becomes is not None)
    reason = MoveReason.NOT_HERE if step in NEEDS_REASON else None
    question = MoveInQuestion(protected=False, side=side, state=state, step=step, reason=reason)
    asked = AccessRequest(viewer=TEAM, permission=Permission.ANSWER_MOVE, at=NOW, move=question)
    assert authorise(asked).allowed is (becomes is not None), "the rules say as much as the table"


def test_whoever_has_to_answer_can():
    for side in Side:
        for state in MoveState:
            assert not does_it_wait_for(side, state) or (what_may_be_said(side, state) and is_it_open(state))


def test_every_open_move_comes_to_an_end():
    ends = {state for (_, _, _), state in BECOMES.items() if not is_it_open(state)}
    assert ends == {ACCEPTED, KEPT}
    for state in filter(is_it_open, MoveState):
        assert what_may_be_said(NATIONAL, state) == (KEEP, GIVE)


@pytest.mark.parametrize("step", sorted(NEEDS_REASON))
def test_whoever_says_no_says_why(step):
    side = COMING if step is DECLINE else LEAVING
    for reason in (None, *MoveReason):
        question = MoveInQuestion(protected=False, side=side, state=ASKED, step=step, reason=reason)
        asked = AccessRequest(viewer=TEAM, permission=Permission.ANSWER_MOVE, at=NOW, move=question)
        assert authorise(asked).allowed is (reason is not None)


SHIELD_DESK = {"role": Role.SHIELD_TEAM, "organisation_kind": "authority"}
# (who, protected, may look)
LOOKERS = [
    (TEAM, False, True),
    (viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint"), False, True),
    (viewer(), False, False),
    (viewer(**SHIELD_DESK, organisation_code="contactpoint"), False, False),
    (TEAM, True, False),
    (viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint"), True, False),
    (viewer(**SHIELD_DESK, organisation_code="la-353"), True, False),
    (viewer(**SHIELD_DESK, organisation_code="contactpoint"), True, True),
]


@pytest.mark.parametrize(("who", "protected", "may"), LOOKERS)
def test_a_protected_childs_move_is_for_the_national_shield_desk_alone(who, protected, may):
    question = MoveInQuestion(protected=protected)
    asked = AccessRequest(viewer=who, permission=Permission.ANSWER_MOVE, at=NOW, move=question)
    assert authorise(asked).allowed is may, "R32"


def test_until_it_is_accepted_the_old_authority_is_responsible():
    """R59."""
    said = (statement("nhs_demographics", forename="Amina"),)
    places = Gazetteer(names=(("353", "Oldham"), ("354", "Rochdale")))
    moves = KnownRecord(number="C000000102M", statements=said, gazetteer=places, stays_with="353")
    assert who_is_responsible_and_why(moves, NOW.date()) == ("353", BelongsBecause.NOT_ACCEPTED)


# (opened, the last day to answer)
DAYS = [
    (date(2026, 11, 2), date(2026, 11, 16)),
    (date(2026, 11, 7), date(2026, 11, 20)),
    (date(2026, 12, 18), date(2027, 1, 6)),
    (date(2027, 3, 22), date(2027, 4, 7)),
]


@pytest.mark.parametrize(("opened", "last"), DAYS)
def test_a_move_waits_ten_working_days(opened, last):
    assert answered_by(opened) == last
