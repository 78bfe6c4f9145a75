"""The words of moves between authorities."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from contactpoint.actions.contribute.moves import SHOWN
from contactpoint.domain.here import HERE
from contactpoint.domain.moves import (
    DeskMove,
    MoveAnswered,
    MovesAccepted,
    MoveState,
    MoveStep,
    MovingChild,
    ProtectedMove,
    Side,
    does_it_wait_for,
    is_it_open,
)
from contactpoint.web.forms.moves import REASON_WORDS
from contactpoint.web.forms.unplaced import GIVEN_WORDS
from contactpoint.web.presenters.words import age_words, birth_date_words, counted, day_words

_DONE_WORDS = {
    MoveState.ACCEPTED: "Recorded. The new authority is responsible from now on.",
    MoveState.DECLINED: "Recorded. The old authority stays responsible, and it or the national team decides.",
    MoveState.OBJECTED: "Recorded. You stay responsible until the national team has decided.",
    MoveState.KEPT: "Recorded. The old authority stays responsible.",
}
_GIVEN_DONE_WORDS = {
    MoveState.DECLINED: "Recorded. The national team decides; until then nobody is responsible.",
    MoveState.KEPT: "Recorded. The child is listed again with those for whom nobody is responsible.",
}
PROTECTED_DONE_WORDS = {
    MoveState.ACCEPTED: "Recorded. The protection waits at the new desk; the old one learns that it moved.",
    MoveState.KEPT: "Recorded. The protection stays at its desk.",
}
PROTECTED_SLUGS = {"give": MoveStep.GIVE, "keep": MoveStep.KEEP}
_TITLES = {
    "wait": ("To answer", "Until you have answered, the old authority stays responsible."),
    "leaving": (
        "Leaving you",
        "You stay responsible until the other authority accepts. Object if a child is still yours.",
    ),
    "others": ("Waiting for others", "The old authority or the national team decides."),
    "over": ("Decided within thirty days", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """One line. `box` is the id of its box, empty where the child cannot be accepted by ticking it."""

    handle: str
    name: str
    age: str
    between: str
    where: str
    late: bool
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGroup:
    """Lines of one kind."""

    title: str
    means: str
    lines: tuple[MoveLine, ...]
    more: str

    @property
    def can_be_accepted(self) -> bool:
        """Whether children of it may be ticked and accepted together."""
        return any(line.box for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """One move."""

    name: str
    facts: tuple[str, ...]
    between: str
    where: str
    happens: str
    steps: tuple[tuple[MoveStep, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedLine:
    """The move of one protected child."""

    handle: str
    shield: str
    between: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """A protection that went, or one that came and opens."""

    number: str
    what: str
    handle: str


def move_groups(moves: Iterable[MovingChild], keep: Callable[[int], str]) -> tuple[MoveGroup, ...]:
    """The page's lists, what waits first."""
    held: dict[str, list[MovingChild]] = {kind: [] for kind in _TITLES}
    for one in moves:
        held[_kind(one)].append(one)
    return tuple(_group(kind, found, keep) for kind, found in held.items() if found)


def move_view(one: MovingChild, on: date) -> MoveView:
    """One move in words."""
    return MoveView(
        name=one.name,
        facts=(age_words(one.date_of_birth, on), birth_date_words(one.date_of_birth)),
        between=_between(one),
        where=_where(one),
        happens=_happens(one),
        steps=tuple((step, _step_words(step, one)) for step in one.steps),
    )


def protected_lines(
    moves: Iterable[ProtectedMove], keep: Callable[[int], str], keep_shield: Callable[[int], str]
) -> tuple[ProtectedLine, ...]:
    """The moves of protected children in words; not whose: each protection opens once it is said why."""
    return tuple(
        ProtectedLine(
            handle=keep(one.move),
            shield=keep_shield(one.shield),
            between=f"From {one.was or 'nobody'} to {one.becomes}",
            since=_day(one.opened_at),
        )
        for one in moves
    )


def desk_lines(moves: Iterable[DeskMove], keep: Callable[[int], str]) -> tuple[DeskLine, ...]:
    """What a shield desk learns of protections that went or came."""
    return tuple(
        DeskLine(
            number=one.child,
            what=f"{'moved' if one.went else 'came to this desk'} on {day_words(one.on)}",
            handle="" if one.went else keep(one.shield),
        )
        for one in moves
    )


def done_words(answer: MoveAnswered) -> str:
    """What follows from what was said."""
    state = MoveState(answer.state)
    return (answer.given and _GIVEN_DONE_WORDS.get(state)) or _DONE_WORDS[state]


def accepted_words(answer: MovesAccepted) -> str:
    """How many were accepted, and what is with the others."""
    words = (
        f"Recorded. You are responsible for {counted(answer.accepted, 'child', 'children')} more from now on."
    )
    if answer.over:
        words += f" {counted(answer.over, 'move', 'moves')} did not wait for you any more."
    return words


def _kind(one: MovingChild) -> str:
    if not is_it_open(one.state):
        return "over"
    if does_it_wait_for(one.side, one.state):
        return "wait"
    return "leaving" if one.side is Side.LEAVING else "others"


def _group(kind: str, found: list[MovingChild], keep: Callable[[int], str]) -> MoveGroup:
    title, means = _TITLES[kind]
    coming = [one.move for one in found[:SHOWN] if MoveStep.ACCEPT in one.steps]
    # The first has the id to which a link of an error summary leads.
    boxes = {move: f"id_ticked-{place}" if place else "id_ticked" for place, move in enumerate(coming)}
    return MoveGroup(
        title=title,
        means=means,
        lines=tuple(
            MoveLine(
                handle=keep(one.move),
                name=one.name,
                age=birth_date_words(one.date_of_birth),
                between=_between(one),
                where=_where(one),
                late=one.escalated and is_it_open(one.state),
                box=boxes.get(one.move, ""),
            )
            for one in found[:SHOWN]
        ),
        more="More are listed once these are dealt with." if len(found) > SHOWN else "",
    )


def _between(one: MovingChild) -> str:
    if one.given:
        return f"Given to {one.becomes} by the national team: {_lower(GIVEN_WORDS[one.given])}"
    return f"From {one.was} to {one.becomes}"


def _happens(one: MovingChild) -> str:
    if not is_it_open(one.state):
        return ""
    if one.given:
        return "Nobody is responsible for this child until this is accepted."
    return f"{one.was} stays responsible until this move is accepted."


def _where(one: MovingChild) -> str:
    why = f": {_lower(REASON_WORDS[one.reason])}" if one.reason else ""
    match one.state:
        case MoveState.ASKED if one.escalated:
            return f"Nobody answered by {day_words(one.answer_by)}; the national team may decide"
        case MoveState.ASKED:
            return f"{one.becomes} can answer until {day_words(one.answer_by)}"
        case MoveState.DECLINED:
            return f"{one.becomes} declined{why}"
        case MoveState.OBJECTED:
            return f"{one.was} objected{why}"
        case MoveState.KEPT:
            return "Nobody is responsible" if one.given else f"{one.was} stays responsible"
        case MoveState.ACCEPTED:
            return f"{one.becomes} is responsible since {_day(one.closed_at or one.opened_at)}"
        case MoveState.OVERTAKEN:
            return "Nothing of a move is said any more"


def _step_words(step: MoveStep, one: MovingChild) -> str:
    return {
        MoveStep.ACCEPT: "Accept: we are responsible from now on",
        MoveStep.DECLINE: "Decline: the child is not ours",
        MoveStep.OBJECT: "Object: the child is still ours",
        MoveStep.KEEP: "Leave it: the child goes back to the list of those for whom nobody is responsible"
        if one.given
        else f"Leave it: {one.was} stays responsible",
        MoveStep.GIVE: f"Give it to {one.becomes}, which is responsible from now on",
    }[step]


def _day(moment: datetime) -> str:
    return day_words(moment.astimezone(HERE).date())


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
