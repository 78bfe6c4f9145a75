"""What the shield desk decides while others look: it joins, parts, answers cases, takes back (R20-R22).

Most of it nobody who looks may learn of: what becomes of a row near a shield, and of children whom all of
them are kept from. Where `World.desk` is false nobody sits there, and it is not done; in other worlds there
is nobody it could be about. What everybody may see is done in every world: a protected child becomes two
protected records, or one again, and shows of either the same four facts whatever else is hidden.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from tests.factories.directory import acting_as_role
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import child_of, rows
from tests.factories.two_worlds.lookers import LOOKERS
from tests.factories.two_worlds.looking import World
from tests.factories.two_worlds.still import go_on_counting
from tests.factories.two_worlds.unseen import AT_THE_DESK

from contactpoint.actions.link.cases import cases_decided, cases_to_check, open_case
from contactpoint.actions.link.decide import decide_review_case, undo_decision
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.link.split import split_child
from contactpoint.actions.link.undo import undo_change
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict
from contactpoint.domain.matching import CaseDecided, IdentityChanged, Verdict
from contactpoint.storage.identity_changes import records_that_speak

_NEAR: Final = {"near_shield": True, "by": AT_THE_DESK}
_BECAUSE: Final = "Asked the office"
# Whoever is kept from everybody who looks, under the numbers they have now.
UNFOUND: Final = f"""
    SELECT s.child_id FROM shield s JOIN child c ON c.number = s.child_id
    WHERE s.kept_from_id IS NOT NULL AND s.lifted_at IS NULL AND c.retired_into_id IS NULL
    GROUP BY s.child_id HAVING count(DISTINCT s.kept_from_id) >= {len(LOOKERS)} ORDER BY s.child_id
"""
# The last joining or parting that stands, of numbers that are or were one of these.
_LAST: Final = """
    WITH RECURSIVE theirs (number) AS (
        SELECT unnest(%s::varchar[])
        UNION SELECT c.number FROM child c JOIN theirs t ON c.retired_into_id = t.number)
    SELECT x.id, x.kind FROM identity_change x
    WHERE x.undoes_id IS NULL AND x.kept_id IN (SELECT number FROM theirs)
    AND NOT EXISTS (SELECT FROM identity_change u WHERE u.undoes_id = x.id)
    AND NOT EXISTS (SELECT FROM case_decision d WHERE d.change_id = x.id) ORDER BY x.id DESC LIMIT 1
"""
_SAID_BY_NHS: Final = "SELECT id FROM source_record WHERE source_id = 'nhs-demographics' AND local_id = 'A1'"


def decide(world: World, name: str) -> None:
    """Do one of these acts, where it can be done; of some nobody may learn, and some everybody may see."""
    what = world.step("the desk")
    with as_the_owner():
        if (name in OPENLY or world.desk) and {**UNSEEN, **OPENLY}[name](world):
            world.decided[name] += 1
        go_on_counting(world.steps)
    world.seen.show_without_statements(what, "")


def _say(world: World, verdict: Verdict) -> bool:
    at = world.still.now
    with acting_as_role("web"):
        listed = cases_to_check(at=at, **_NEAR)
        assert not isinstance(listed, Refusal), listed
        if not listed[1]:
            return False
        case = open_case(case=listed[1][0].id, at=at, **_NEAR)
        assert not isinstance(case, Refusal), case
        said = {"verdict": verdict, "because": _BECAUSE, "seen": case.version}
        done = decide_review_case(case=case.row.id, at=at, **said, **_NEAR)
    assert isinstance(done, CaseDecided), done
    return True


def _take_back(world: World) -> bool:
    at = world.still.now
    with acting_as_role("web"):
        lines = cases_decided(at=at, **_NEAR)
        assert not isinstance(lines, Refusal), lines
        one = next((line.id for line in lines if line.may_be_undone), None)
        if one is None:
            return False
        done = undo_decision(decision=one, because=_BECAUSE, at=at, **_NEAR)
    assert isinstance(done, CaseDecided), done
    return True


def _part_unfound(world: World) -> bool:
    for (number,) in rows(UNFOUND):
        speaking = records_that_speak(number)
        if len(speaking) > 1:
            return _part(world, number, speaking[-1])
    return False


def _join_unfound(world: World) -> bool:
    return _join(world, [number for (number,) in rows(UNFOUND)])


def _undo_unfound(world: World) -> bool:
    return _undo(world, [number for (number,) in rows(UNFOUND)])


def _part_protected(world: World) -> bool:
    """What the NHS says of Amina goes: that is there in every world."""
    numbers = {child_of(source, "A1") for source in ("births", "nhs-demographics")}
    ((record,),) = rows(_SAID_BY_NHS)
    return len(numbers) == 1 and _part(world, numbers.pop() or "", record)


def _join_protected(world: World) -> bool:
    return _join(world, _protected())


def _undo_protected(world: World) -> bool:
    """Undo a parting; where something unseen was joined since, that stands, and the two are joined."""
    last = rows(_LAST, _protected())
    if [kind for _, kind in last] != ["split"]:
        return False
    try:
        return _undo(world, _protected())
    except Conflict:
        return _join_protected(world)


def _protected() -> list[str]:
    return sorted({child_of(source, "A1") or "" for source in ("births", "nhs-demographics")})


def _part(world: World, number: str, record: int) -> bool:
    with acting_as_role("worker"):
        done = split_child(number=number, records=[record], **_doing(world))
    assert isinstance(done, IdentityChanged), done
    return True


def _join(world: World, numbers: list[str]) -> bool:
    if len(numbers) < 2:
        return False
    with acting_as_role("worker"):
        done = merge_children(one=numbers[0], other=numbers[1], **_doing(world))
    assert isinstance(done, IdentityChanged), done
    return True


def _undo(world: World, numbers: list[str]) -> bool:
    last = rows(_LAST, numbers)
    if not last:
        return False
    with acting_as_role("worker"):
        done = undo_change(change=last[0][0], **_doing(world))
    assert isinstance(done, IdentityChanged), done
    return True


def _doing(world: World) -> dict:
    return {"because": _BECAUSE, "by": AT_THE_DESK, "at": world.still.now, "asked": True}


_Act = Callable[[World], bool]
# In such an order that each can be done where the one before was. A row is given to the child last, since to
# take that back makes a second protected child, for everybody to see.
UNSEEN: Final[Mapping[str, _Act]] = {
    "says that nobody can tell": partial(_say, verdict=Verdict.CANNOT_TELL),
    "parts a child whom nobody may find": _part_unfound,
    "takes back what it said": _take_back,
    "joins children whom nobody may find": _join_unfound,
    "undoes what nobody may notice": _undo_unfound,
    "says that a row near a shield is that child's": partial(_say, verdict=Verdict.SAME),
    "says that a row near a shield is another child": partial(_say, verdict=Verdict.DIFFERENT),
}
OPENLY: Final[Mapping[str, _Act]] = {
    "parts a protected child": _part_protected,
    "joins two protected records": _join_protected,
    "undoes a parting of a protected child": _undo_protected,
}
