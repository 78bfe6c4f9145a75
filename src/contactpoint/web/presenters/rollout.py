"""The words of the roll-out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from contactpoint.domain.here import HERE
from contactpoint.domain.rollout import (
    BodyFacts,
    Check,
    RollOut,
    ShieldsChecked,
    ShieldsHow,
    Wave,
    WaveKind,
    WaveState,
    WaveStep,
    how_many_lack_something,
    is_it_there,
    what_is_asked_of,
    what_is_missing,
    what_may_be_done,
)
from contactpoint.web.presenters.words import counted, day_words, moment_words

KIND_WORDS: Final = {WaveKind.PATHFINDER: "Pathfinder", WaveKind.NATIONAL: "National"}
STATE_WORDS: Final = {
    WaveState.PLANNED: "Not open",
    WaveState.ASKED: "A second person has to agree",
    WaveState.OPEN: "Open",
    WaveState.DROPPED: "Dropped",
}
STEP_WORDS: Final = {
    WaveStep.ASK: "Asked that it be opened",
    WaveStep.AGREE: "Opened it",
    WaveStep.NOT_YET: "Said: not yet",
    WaveStep.CLOSE: "Shut it",
    WaveStep.DROP: "Dropped the plan",
}
BUTTONS: Final = {
    WaveStep.ASK: "Ask that it be opened",
    WaveStep.AGREE: "Agree, and open it",
    WaveStep.NOT_YET: "Not yet",
    WaveStep.CLOSE: "Shut it",
    WaveStep.DROP: "Drop the plan",
}
WILL: Final = {
    WaveStep.ASK: "A colleague of the national team is asked to agree. It opens when they do.",
    WaveStep.AGREE: "Practitioners of these bodies can search from their next click on.",
    WaveStep.NOT_YET: "It stays as it is, and can be asked for again.",
    WaveStep.CLOSE: "Practitioners of these bodies are shut out from their next click on. Nothing is lost.",
    WaveStep.DROP: "Its bodies are in no wave any more, and wait until another is planned and opened.",
}
DONE_WORDS: Final = {
    WaveState.PLANNED: "Recorded. The wave is not open.",
    WaveState.ASKED: "Recorded. It opens when a colleague agrees.",
    WaveState.OPEN: "Recorded. The wave is open.",
    WaveState.DROPPED: "Recorded. The plan is dropped.",
}
SHIELDS_DONE: Final = "Recorded. The national team sees it in the checklist of your area."


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRow:
    """One line of the list."""

    number: int
    name: str
    kind: str
    day: str
    state: str
    ready: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollOutView:
    """The list of waves, and the bodies that are in none while the roll-out is on."""

    waves: tuple[WaveRow, ...]
    on: bool
    left_out: str
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One line of a checklist."""

    what: str
    there: bool
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """A body and its checklist."""

    name: str
    code: str
    missing: str
    checks: tuple[CheckLine, ...]
    searched: bool
    first_search: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveView:
    """One wave."""

    number: int
    name: str
    facts: tuple[str, ...]
    bodies: tuple[BodyView, ...]
    steps: tuple[tuple[str, str], ...]
    history: tuple[str, ...]
    waits: str


def rollout_view(found: RollOut, on: date) -> RollOutView:
    """The list, whether everybody is let in, and who is in no wave."""
    waits = f"In no wave, and so not open: {counted(len(found.left_out), 'body', 'bodies')}"
    return RollOutView(
        waves=_wave_rows(found.waves, on),
        on=found.is_on,
        left_out=waits if found.left_out else "",
        bodies=tuple(f"{name} ({code})" for code, name in found.left_out),
    )


def first_words(found: RollOut) -> str:
    """What planning the first wave does."""
    people = counted(found.practising, "practitioner works", "practitioners work")
    return (
        f"This is the first wave. {people} here now. From the moment in which it is planned all of them "
        "wait, in every area, until a wave of theirs is open; dropping the plan lets nobody in again."
    )


def _wave_rows(waves: Iterable[Wave], on: date) -> tuple[WaveRow, ...]:
    return tuple(
        WaveRow(
            number=one.number,
            name=one.name,
            kind=KIND_WORDS[one.kind],
            day=day_words(one.planned_on),
            state=STATE_WORDS[one.state],
            ready=f"{len(one.bodies) - how_many_lack_something(one.bodies, on)} of {len(one.bodies)}",
        )
        for one in waves
    )


def wave_view(one: Wave, on: date, viewer: UUID | None) -> WaveView:
    """One wave with its checklists; whoever asked for it is not offered to agree."""
    lacking = how_many_lack_something(one.bodies, on)
    mine = one.asked_by == viewer
    offered = [
        step
        for step in what_may_be_done(one.state)
        if not (step is WaveStep.AGREE and mine) and not (step in {WaveStep.ASK, WaveStep.AGREE} and lacking)
    ]
    waits = ""
    if lacking and one.state is not WaveState.OPEN:
        lack = counted(lacking, "body lacks", "bodies lack")
        waits = f"It can be opened once nothing is missing: {lack} something."
    elif one.state is WaveState.ASKED and mine:
        waits = "You asked for it. A colleague has to agree."
    opened = f"Open since {moment_words(one.opened_at.astimezone(HERE))}" if one.opened_at else ""
    return WaveView(
        number=one.number,
        name=one.name,
        facts=(
            KIND_WORDS[one.kind],
            opened or f"Planned for {day_words(one.planned_on)}",
            STATE_WORDS[one.state],
        ),
        bodies=tuple(_body(body, on) for body in one.bodies),
        steps=tuple((step.value, BUTTONS[step]) for step in offered),
        history=tuple(
            f"{moment_words(line.at.astimezone(HERE))}: {STEP_WORDS[line.step]} ({line.by})"
            + (f": {line.because}" if line.because else "")
            for line in one.steps
        ),
        waits=waits,
    )


def shields_words(checked: ShieldsChecked | None) -> str:
    """What a shield desk has said."""
    if checked is None:
        return "Nobody of your desk has said anything yet."
    what = "loaded and checked" if checked.how is ShieldsHow.LOADED else "there were none"
    return f"{checked.by} said on {day_words(checked.on)}: {what}."


def _body(body: BodyFacts, on: date) -> BodyView:
    missing = what_is_missing(body, on)
    return BodyView(
        name=body.name,
        code=body.code,
        missing=counted(len(missing), "thing missing", "things missing") if missing else "",
        checks=tuple(
            CheckLine(what=CHECK_WORDS[check], there=is_it_there(check, body, on), how=_how(check, body))
            for check in what_is_asked_of(body)
        ),
        searched=body.first_search is not None,
        first_search=day_words(body.first_search) if body.first_search else "Nobody has searched yet",
    )


CHECK_WORDS: Final = {
    Check.ACCREDITED: "Accredited",
    Check.TEAM: "A team that keeps accounts and records",
    Check.TRAINED: "Practitioners checked, trained and under the agreement",
    Check.FEEDS: "Feeds that keep their promise",
    Check.POINTS: "Contact points",
    Check.SHIELDS: "Existing protections loaded and checked",
}


def _how(check: Check, body: BodyFacts) -> str:
    match check:
        case Check.ACCREDITED:
            return f"Until {day_words(body.accredited_until)}" if body.accredited_until else "Not yet"
        case Check.TEAM:
            return counted(body.team, "person", "people") if body.team else "Nobody yet"
        case Check.TRAINED:
            return f"{body.ready} of {body.people}; at least nine in ten are needed"
        case Check.FEEDS:
            late = f", {body.late} late" if body.late else ""
            return f"{counted(body.feeds, 'feed has', 'feeds have')} delivered{late}"
        case Check.POINTS:
            return counted(body.points, "service says how it is reached", "services say how they are reached")
        case Check.SHIELDS:
            if body.shields is None:
                return "The shield desk of the area says it"
            what = "Checked" if body.shields.how is ShieldsHow.LOADED else "There were none: said"
            return f"{what} by {body.shields.by} on {day_words(body.shields.on)}"
    assert_never(check)
