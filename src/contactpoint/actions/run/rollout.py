"""Roll the directory out in waves: plan them, see what their bodies lack, open them, and shut them again."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.rollout import (
    LONGEST_REASON,
    NEEDS_REASON,
    RollOut,
    ShieldsChecked,
    ShieldsHow,
    ShieldsNoted,
    Wave,
    WaveAnswer,
    WaveInQuestion,
    WavePlan,
    WaveState,
    WaveStep,
    do_the_first_stand,
    how_many_lack_something,
)
from contactpoint.storage.queries import rollout as stored

_ASKED: Final = Permission.PLAN_ROLLOUT
_CHECKING: Final = Permission.CHECK_EXISTING_SHIELDS
FIRST: Final = "From the first wave on, whoever is in no open wave waits. Say that this is meant."
NO_WAVE: Final = "There is no such wave. Go back to the roll-out."
NOT_NOW: Final = Refusal(
    sentence="That cannot be done with this wave now.",
    rules=("R3",),
    way_on="A colleague may have been first, or you asked for it yourself. Open the wave again.",
)
NO_AREA: Final = Refusal(
    sentence="You act for no authority's shield desk.",
    rules=("R26",),
    way_on="Whoever is on the shield desk of the authority says it.",
)


@transaction.atomic
def roll_out(*, by: Viewer, at: datetime) -> RollOut | Refusal:
    """Return every wave with what its bodies have, pathfinders first, and who is in none; audited."""
    seeing = _ask({}, by, at)
    if isinstance(seeing, Refusal):
        return seeing
    return stored.roll_out_stands(seeing, stored.waves(at.date()))


@transaction.atomic
def wave(*, number: int, by: Viewer, at: datetime) -> Wave | Refusal:
    """Return one wave and what was done with it; audited.

    Raises:
        NotFound: there is none of that number.
    """
    seeing = _ask({"wave": number}, by, at)
    return seeing if isinstance(seeing, Refusal) else _wave(number, at)


@transaction.atomic
def plan_wave(*, plan: WavePlan, all_wait: bool, by: Viewer, at: datetime) -> WaveAnswer | Refusal:
    """Keep a plan. From the first on, whoever is in no open wave waits; `all_wait` says that this is meant.

    Raises:
        InvalidInput: it is the first, and was not meant to be; or a body is not known, opens with its
            authority's, or is in a wave already; which, is said.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    details: dict[str, Json] = {"name": plan.name, "kind": plan.kind.value, "bodies": list(plan.bodies)}
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    if not all_wait and not stored.is_rolled_out():
        raise InvalidInput(FIRST)
    details |= {"planned_on": plan.planned_on.isoformat(), "rules": list(decision.rules)}
    seeing = record(Action.PLANNED_WAVE, by=by, at=at, details=details)
    _check_bodies(plan, seeing)
    return WaveAnswer(number=stored.plan_wave(seeing, plan), state=WaveState.PLANNED.value)


@transaction.atomic
def step_wave(*, number: int, step: WaveStep, because: str, by: Viewer, at: datetime) -> WaveAnswer | Refusal:
    """Ask that a wave be opened, agree as a second person, say not yet, shut it again, or drop its plan.

    It opens only when nothing is missing (R3, R26).

    Raises:
        NotFound: there is none of that number.
        InvalidInput: a reason is missing or too long.
    """
    why = " ".join(because.split())
    if (step in NEEDS_REASON and not why) or len(why) > LONGEST_REASON:
        raise InvalidInput(f"Say why, in at most {LONGEST_REASON} characters.")
    found = _wave(number, at)
    details: dict[str, Json] = {"wave": number, "step": step.value, "because": why}
    decision = authorise(
        AccessRequest(viewer=by, permission=_ASKED, at=at, wave=_question(found, step, by, at))
    )
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    with transaction.atomic():
        seeing = record(Action.STEPPED_WAVE, by=by, at=at, details={**details, "rules": list(decision.rules)})
        became = stored.step_wave(seeing, number, step, why)
        transaction.set_rollback(became is None)
    if became is None:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    return WaveAnswer(number=number, state=became.value)


@transaction.atomic
def existing_shields(*, by: Viewer, at: datetime) -> ShieldsChecked | Refusal | None:
    """Return what the viewer's shield desk said of the protections there were; None if nothing; audited."""
    refusal = _ask_desk(by, at)
    if refusal:
        return refusal
    record(Action.LISTED_WAVES, by=by, at=at, details={"protections": True})
    return stored.shields_checked(by.authority or "")


@transaction.atomic
def note_shields(*, how: ShieldsHow, by: Viewer, at: datetime) -> ShieldsNoted | Refusal:
    """Say for one's authority that its existing protections stand here, checked, or are none (R26)."""
    refusal = _ask_desk(by, at)
    if refusal:
        return refusal
    seeing = record(Action.CHECKED_SHIELDS, by=by, at=at, details={"how": how.value})
    if not stored.note_shields(seeing, how):
        return record_refusal(NO_AREA, _CHECKING, by=by, at=at)
    return ShieldsNoted(how=how.value)


def waves_to_agree(by: Viewer, at: datetime) -> int:
    """How many waves wait for a second person, who is not the one that asked."""
    found = stored.waves(at.date())
    return sum(one.state is WaveState.ASKED and one.asked_by != by.account_id for one in found)


def _ask(details: dict[str, Json], by: Viewer, at: datetime) -> UUID | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return record(Action.LISTED_WAVES, by=by, at=at, details={**details, "rules": list(decision.rules)})


def _ask_desk(by: Viewer, at: datetime) -> Refusal | None:
    decision = authorise(AccessRequest(viewer=by, permission=_CHECKING, at=at))
    refusal = decision.refusal or (None if by.authority else NO_AREA)
    return record_refusal(refusal, _CHECKING, by=by, at=at) if refusal else None


def _wave(number: int, at: datetime) -> Wave:
    found = stored.waves(at.date(), number=number)
    if not found:
        raise NotFound(NO_WAVE)
    return found[0]


def _question(found: Wave, step: WaveStep, by: Viewer, at: datetime) -> WaveInQuestion:
    open_kinds = {one.kind for one in stored.waves(at.date()) if one.state is WaveState.OPEN}
    return WaveInQuestion(
        state=found.state,
        step=step,
        asked_by_viewer=found.asked_by == by.account_id,
        lacking=how_many_lack_something(found.bodies, at.date()),
        first_stand=do_the_first_stand(found.kind, open_kinds),
    )


def _check_bodies(plan: WavePlan, seeing: UUID) -> None:
    known = stored.bodies_to_plan(seeing, plan.bodies)
    unknown = [code for code in plan.bodies if code not in known]
    if unknown:
        raise InvalidInput(
            f"There is no organisation {unknown[0]}. Codes are those of the list of organisations."
        )
    for code in plan.bodies:
        wave, opens_with = known[code]
        if opens_with:
            raise InvalidInput(f"{code} opens with its authority: name {opens_with} instead.")
        if wave:
            raise InvalidInput(f"{code} is in the wave “{wave}” already.")
