"""The life of a shield: what comes next, who may take which step, and what must have been weighed (R26-R31).

`python -m tests.spec.test_shield_life` writes docs/rules/shield.md; a test refuses a stale one.
"""

from itertools import product
from pathlib import Path

import pytest
from tests.factories.records import NOW
from tests.factories.viewers import WORRIED, viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.shield_life import (
    TRANSITIONS,
    Contacted,
    Ground,
    SafeContact,
    ShieldInQuestion,
    ShieldState,
    ShieldStep,
    Threat,
    View,
    Way,
    Weighing,
    diagram,
    does_knowing_where_add_risk,
    was_contact_safe,
    what_becomes_of_it,
)

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "shield.md"
TEMPORARY, ESCALATED, CONFIRMED, ASKED, WAITING, LIFTED = ShieldState
PLACE, ESCALATE, CONFIRM, EXTEND, ASK, AGREE, STOP, LIFT = ShieldStep

HERE = viewer(role=Role.SHIELD_TEAM, organisation_code="la-353", authority="353")
ELSEWHERE = viewer(role=Role.SHIELD_TEAM, organisation_code="la-354", authority="354")
NATIONAL = viewer(role=Role.SHIELD_TEAM, organisation_code="contactpoint", authority=None)
# A body without an area is not the national desk because of that.
CHARITY = viewer(role=Role.SHIELD_TEAM, organisation_code="lantern-house", authority=None)
DANGER = Weighing(
    ground=Ground.DOMESTIC_ABUSE,
    threat=Threat.HARM_TO_CHILD,
    child=View.NOT_SAFE_TO_ASK,
    carers=View.WANTS_IT,
    practitioners=View.NO_VIEW,
)
SAFE = SafeContact(contacted=Contacted.CHILD, way=Way.IN_PERSON, alone=True, agrees=True)


HEAD = """\
# The life of a shield

Made from `domain/disclosure/shield_life.py` by `python -m tests.spec.test_shield_life`. A shield hides from
the moment it is placed until it is lifted, whatever its state: no state shows on a record. *escalated* and
*lifted* are what time alone does; every other step is a person's. The database holds the same table
(`storage/sql/shielding.sql`). Why it is like this: [ADR 14](../adr/0014-the-life-of-a-shield.md).

"""


def page():
    """The page as it should stand."""
    return f"{HEAD}```mermaid\n{diagram()}\n```\n"


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.spec.test_shield_life"


# (rule, where it stands, the step, where it comes to; None where it does not come next)
MOVES = [
    ("R26", None, PLACE, TEMPORARY),
    ("R26", TEMPORARY, ESCALATE, ESCALATED),
    ("R28", TEMPORARY, CONFIRM, CONFIRMED),
    ("R28", ESCALATED, CONFIRM, CONFIRMED),
    ("R31", CONFIRMED, EXTEND, CONFIRMED),
    ("R31", CONFIRMED, ASK, ASKED),
    ("R31", ASKED, AGREE, WAITING),
    ("R31", ASKED, STOP, ESCALATED),
    ("R31", WAITING, STOP, ESCALATED),
    ("R31", WAITING, LIFT, LIFTED),
    # It never lapses unattended: nothing but an agreed lifting uncovers.
    ("R26", TEMPORARY, LIFT, None),
    ("R26", ESCALATED, LIFT, None),
    ("R31", CONFIRMED, LIFT, None),
    ("R31", ASKED, LIFT, None),
    ("R31", TEMPORARY, AGREE, None),
    ("R31", LIFTED, STOP, None),
]


@pytest.mark.parametrize(("rule", "was", "step", "becomes"), MOVES)
def test_what_comes_next(rule, was, step, becomes):
    assert what_becomes_of_it(was, step) is becomes, rule


def test_only_an_agreed_lifting_ends_a_shield_and_nothing_leads_on_from_there():
    assert [key for key, then in TRANSITIONS.items() if then is LIFTED] == [(WAITING, LIFT)]
    assert [key for key in TRANSITIONS if key[0] is LIFTED] == []


def shield(state, step, *, placed=False, asked=False, weighing=None, contact=None, authority="353"):
    return ShieldInQuestion(
        state=state,
        step=step,
        authority=authority,
        placed_by_viewer=placed,
        lift_asked_by_viewer=asked,
        weighing=weighing,
        safe_contact=contact,
    )


# (rule, who, the shield in question, allowed)
TABLE = [
    ("R26", HERE, shield(TEMPORARY, CONFIRM, weighing=DANGER), True),
    ("R26", NATIONAL, shield(TEMPORARY, CONFIRM, weighing=DANGER), True),
    ("R26", ELSEWHERE, shield(TEMPORARY, CONFIRM, weighing=DANGER), False),
    ("R26", CHARITY, shield(TEMPORARY, CONFIRM, weighing=DANGER), False),
    ("R26", HERE, shield(TEMPORARY, CONFIRM, weighing=DANGER, authority=None), False),
    ("R26", CHARITY, shield(TEMPORARY, CONFIRM, weighing=DANGER, authority=None), False),
    ("R26", HERE, shield(TEMPORARY, ESCALATE), False),
    ("R26", HERE, shield(WAITING, LIFT), False),
    ("R26", HERE, shield(LIFTED, STOP), False),
    ("R28", HERE, shield(TEMPORARY, CONFIRM), False),
    ("R31", HERE, shield(TEMPORARY, CONFIRM, weighing=DANGER, placed=True), False),
    ("R31", HERE, shield(CONFIRMED, EXTEND, weighing=DANGER, placed=True), False),
    ("R31", HERE, shield(CONFIRMED, EXTEND, weighing=DANGER), True),
    ("R31", HERE, shield(CONFIRMED, ASK, contact=SAFE, placed=True), True),
    ("R30", HERE, shield(CONFIRMED, ASK), False),
    ("R31", HERE, shield(ASKED, AGREE, asked=True), False),
    ("R31", HERE, shield(ASKED, AGREE), True),
    ("R31", HERE, shield(WAITING, STOP, asked=True), True),
]


@pytest.mark.parametrize(("rule", "who", "question", "allowed"), TABLE)
def test_who_may_take_which_step(rule, who, question, allowed):
    asked = AccessRequest(
        viewer=who, permission=Permission.DECIDE_SHIELD, at=NOW, purpose=WORRIED, shield=question
    )
    decision = authorise(asked)
    assert decision.allowed is allowed
    if not allowed:
        assert rule in decision.rules


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AUTHORITY_TEAM, Role.NATIONAL_TEAM])
@pytest.mark.parametrize("permission", [Permission.SEE_SHIELDS, Permission.DECIDE_SHIELD])
def test_nobody_else_sees_or_decides_anything_at_the_desk(role, permission):
    """R1, R32: not even the authority's own directory team, in which a dangerous relative may work."""
    asked = AccessRequest(viewer=viewer(role=role), permission=permission, at=NOW, purpose=WORRIED)
    assert "R1" in authorise(asked).rules


@pytest.mark.parametrize(
    "role", [Role.PRACTITIONER, Role.AUTHORITY_TEAM, Role.NATIONAL_TEAM, Role.SHIELD_TEAM]
)
def test_whoever_meets_the_danger_may_have_a_child_protected_at_once(role):
    """R26, R8."""
    who = viewer(role=role)
    asked = AccessRequest(viewer=who, permission=Permission.PROTECT_NOW, at=NOW, purpose=WORRIED)
    assert authorise(asked).allowed
    asked = AccessRequest(viewer=who, permission=Permission.PROTECT_NOW, at=NOW)
    assert "R8" in authorise(asked).rules


@pytest.mark.parametrize(("ground", "threat"), list(product(Ground, Threat)))
def test_which_dangers_protect(ground, threat):
    """R28, R29: a danger does; adoption does not by itself, nor does any other ground."""
    weighed = Weighing(
        ground=ground, threat=threat, child=View.WANTS_IT, carers=View.WANTS_IT, practitioners=View.WANTS_IT
    )
    expected = {
        Threat.HARM_TO_CHILD: True,
        Threat.HARM_TO_CARER: True,
        Threat.PLACEMENT_ENDANGERED: ground is Ground.ADOPTION,
        Threat.NONE_KNOWN: False,
    }[threat]
    assert does_knowing_where_add_risk(weighed) is expected


def test_a_parents_job_is_no_ground():
    """R29."""
    assert {one.value for one in Ground} == {
        "domestic_abuse", "adoption", "hidden_location", "protected_identity",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "safe"),
    [
        ({}, True),
        ({"contacted": Contacted.NOBODY}, False),
        ({"way": Way.NOT_SURE}, False),
        ({"alone": False}, False),
        ({"agrees": False}, False),
    ],
)
def test_what_counts_as_safe_contact(changed, safe):
    """R30."""
    said = {"contacted": Contacted.WORKER, "way": Way.KNOWN_NUMBER, "alone": True, "agrees": True}
    assert was_contact_safe(SafeContact(**{**said, **changed})) is safe


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
