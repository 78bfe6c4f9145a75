"""The words of splits and mergers of authorities: what one concerns, how far it is, what comes next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from contactpoint.domain.here import HERE
from contactpoint.domain.reorganising import ChangeAnswer, ChangeState, ChangeStep, PlannedChange, Preview
from contactpoint.web.presenters.proposed import ProposedRow, by_two
from contactpoint.web.presenters.words import moment_words

STATE_WORDS: Final = {
    ChangeState.ASKED: "A second person has to agree",
    ChangeState.DONE: "Carried out",
    ChangeState.UNDO_ASKED: "Carried out. To be taken back when a second person agrees",
    ChangeState.UNDONE: "Taken back",
    ChangeState.DROPPED: "Dropped",
}
_CARRIED: Final = "Agreed: it is carried out within a minute, or once a delivery is taken in"
BUTTONS: Final = {
    ChangeStep.AGREE: "Agree, and carry it out",
    ChangeStep.DROP: "Drop the plan",
    ChangeStep.ASK_UNDO: "Ask that it be taken back",
    ChangeStep.AGREE_UNDO: "Agree, and take it back",
}
DONE_WORDS: Final = {
    "ask": "Recorded. It is carried out when a colleague agrees.",
    ChangeStep.AGREE.value: "Recorded. It is carried out now, all of it or nothing.",
    ChangeStep.DROP.value: "Recorded. Nothing was changed.",
    ChangeStep.ASK_UNDO.value: "Recorded. It is taken back when a colleague agrees.",
    ChangeStep.AGREE_UNDO.value: "Recorded. It is taken back now, as far as it still stands.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityView:
    """One change."""

    number: int
    title: str
    facts: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str, str], ...]
    steps: tuple[tuple[str, str], ...]
    waits: str


def authority_rows(found: Iterable[PlannedChange]) -> tuple[ProposedRow, ...]:
    """The list."""
    return tuple(
        ProposedRow(
            number=one.number,
            title=_title(one),
            who=by_two(one.asked_by, one.agreed_by),
            because=one.because,
            state=_CARRIED if one.carried else STATE_WORDS[one.state],
        )
        for one in found
    )


def authority_view(one: PlannedChange) -> AuthorityView:
    """One change, and what the viewer may do with it."""
    own = (one.state is ChangeState.ASKED and one.mine) or (
        one.state is ChangeState.UNDO_ASKED and one.undo_mine
    )
    return AuthorityView(
        number=one.number,
        title=_title(one),
        facts=tuple(_facts(one)),
        elsewhere=(
            *(("Organisation", code, to) for code, to in one.plan.organisations.items()),
            *(("Feed", code, to) for code, to in one.plan.sources.items()),
            *(("Person", name, to) for name, to in one.people),
        ),
        steps=tuple((step.value, BUTTONS[step]) for step in one.steps),
        waits="You asked for it. A colleague has to agree." if own and not one.carried else "",
    )


def preview_facts(found: Preview) -> tuple[tuple[str, str], ...]:
    """What an authority has that a plan concerns."""
    children = "fewer than 100" if found.children is None else f"about {found.children:,}"
    return (
        ("Children", f"{children} (to the nearest 100; protected children are not counted)"),
        ("People with an account", f"{found.people:,}"),
        ("Organisations", f"{found.organisations:,}"),
        ("Feeds", f"{found.feeds:,}"),
        ("Protections, messages at desks", "They go along; how many is told nowhere."),
    )


def done_words(answer: ChangeAnswer) -> str:
    """What came of a step."""
    return DONE_WORDS[answer.step]


def _title(one: PlannedChange) -> str:
    if one.plan.rest == one.plan.authority:
        return f"A part of {one.plan.authority} leaves"
    return f"{one.plan.authority} goes into {one.plan.rest}"


def _facts(one: PlannedChange) -> Iterator[tuple[str, str]]:
    yield "Authority", _named(one, one.plan.authority)
    if one.plan.rest != one.plan.authority:
        yield "Goes into", _named(one, one.plan.rest)
    yield "How far it is", _CARRIED if one.carried else STATE_WORDS[one.state]
    yield "Planned by", f"{one.asked_by}, {moment_words(one.asked_at.astimezone(HERE))}"
    yield "Why", one.because
    if one.agreed_by:
        yield "Agreed by", one.agreed_by
    if one.done_at:
        yield "Carried out on", moment_words(one.done_at.astimezone(HERE))
    if one.undo_asked_by:
        yield "To be taken back, asked by", one.undo_asked_by
    if one.undo_agreed_by:
        yield "Taking back agreed by", one.undo_agreed_by
    if one.undone_at:
        yield "Taken back on", moment_words(one.undone_at.astimezone(HERE))


def _named(one: PlannedChange, code: str) -> str:
    return f"{one.names[code]} ({code})" if code in one.names else code
