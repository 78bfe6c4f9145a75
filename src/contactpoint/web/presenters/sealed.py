"""The words of sealed identities: what waits, who may cross, and what one crossing shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contactpoint.actions.protect.cross_identity import may_be_agreed
from contactpoint.domain.disclosure.sealed_identity import (
    AGREED_WITHIN,
    SEEN_WITHIN,
    Crosser,
    Crossing,
    CrossingState,
    PairEnd,
    ProposedPair,
)
from contactpoint.domain.here import HERE
from contactpoint.web.forms.sealed import GROUND_WORDS, REASON_WORDS
from contactpoint.web.presenters.words import day_words, moment_words, number_words

PAIR_DONE = {
    "typed": "Recorded. It counts once a second person of the national shield desk has typed the same.",
    "typed_again": "Recorded. Both are compared within a few seconds: this page says what came of it.",
    "dropped": "Dropped. Nothing of it is kept.",
}
CROSSER_DONE = {
    "named": "Recorded. It counts once a second person of the national team has agreed.",
    "agreed": "Recorded. They may cross from now on, with the other of the two.",
    "ended": "Recorded. They may not cross any more.",
}
CROSSING_DONE = {
    "asked": "Recorded. The other of the two has a quarter of an hour to agree: ring them.",
    "agreed": "Recorded. Whoever asked can see the number now, once.",
    "ended": "Ended. Nothing of it is kept.",
}
_ENDS = {
    PairEnd.RECORDED: "Both typed the same, and it is recorded: the two never meet again.",
    PairEnd.DIFFERENT: "The two of you typed different numbers. Nothing is recorded. Look at them again.",
    PairEnd.NOT_FOUND: "There is no record of one of the numbers. Nothing is recorded.",
    PairEnd.ONE_RECORD: "Both numbers lead to one record. Nothing is recorded. Have it parted first.",
    PairEnd.DROPPED: "It was dropped. Nothing is recorded.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """A pair in the list; `mine` where whoever looks typed it first."""

    handle: str
    typed: str
    ground: str
    mine: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosserView:
    """Somebody who is named."""

    handle: str
    name: str
    named: str
    until: str
    stands: str
    may_agree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingView:
    """A crossing, as the two see it."""

    handle: str
    who: str
    reason: str
    says: str
    may_agree: bool
    may_see: bool
    may_end: bool


def pair_rows(
    pairs: Sequence[ProposedPair], account: UUID | None, keep: Callable[[int], str]
) -> list[PairView]:
    """The pairs that wait, and what became of one's own."""
    return [
        PairView(
            handle=keep(one.id),
            typed=f"{one.first_name}, {_moment(one.asked_at)}",
            ground=GROUND_WORDS[one.ground],
            mine=one.first == account,
            says=_says(one),
        )
        for one in pairs
    ]


def _says(one: ProposedPair) -> str:
    if one.end:
        return _ENDS[one.end]
    return "Both have typed it; it is being compared. Open this page again in a moment." if one.second else ""


def crosser_rows(
    found: Sequence[tuple[Crosser, bool]], account: UUID | None, keep: Callable[[int], str]
) -> list[CrosserView]:
    """The two places, with whether each could cross today."""
    return [
        CrosserView(
            handle=keep(one.id),
            name=one.name,
            named=f"{one.first} and {one.second}"
            if one.second
            else f"{one.first}; waits for a second person",
            until=day_words(one.until),
            stands=_stands(one, good=good),
            may_agree=one.second is None and account not in (one.account, one.first_account),
        )
        for one, good in found
    ]


def _stands(one: Crosser, *, good: bool) -> str:
    if one.second is None:
        return "Not yet: a second person has to agree"
    if good:
        return "Can cross"
    if not one.works_there:
        return "Cannot: does not work at the national shield desk, or is suspended"
    return "Cannot: their account has lapsed"


def crossing_rows(
    found: Sequence[Crossing], account: UUID | None, at: datetime, keep: Callable[[int], str]
) -> list[CrossingView]:
    """The crossings of the two."""
    return [
        CrossingView(
            handle=keep(one.id),
            who=f"{one.asker_name}, {_moment(one.asked_at)}",
            reason=REASON_WORDS[one.reason],
            says=_where(one, mine=one.asker == account),
            may_agree=may_be_agreed(one, account, at),
            may_see=one.state is CrossingState.READY and one.asker == account,
            may_end=one.state is not CrossingState.OVER,
        )
        for one in found
    ]


def _where(one: Crossing, *, mine: bool) -> str:
    if one.state is CrossingState.OVER:
        return "Over"
    if one.agreed_at is None:
        until = _moment(one.asked_at + AGREED_WITHIN)
        return f"Waits for the other of the two until {until}" if mine else f"Waits for you until {until}"
    said = f"{one.agreed_by} agreed"
    if one.state is CrossingState.AGREED:
        return f"{said}. It is being looked up: open this page again in a moment."
    return f"{said}. It can be seen once, until {_moment(one.agreed_at + SEEN_WITHIN)}"


def number_lines(numbers: Sequence[str]) -> list[str]:
    """What one look shows."""
    return [number_words(number) for number in numbers]


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(HERE))
