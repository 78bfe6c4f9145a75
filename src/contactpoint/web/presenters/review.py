"""The words of "Use to review": why somebody should look, the evidence, what may be said."""
# ruff: noqa: E501 - the table of reasons reads best in its rows

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.here import HERE
from contactpoint.domain.review.deciding import (
    UseEvidence,
    UseInFull,
    UseLine,
    UseMonth,
    UseQuestion,
    UseSignedOff,
    UseState,
    UseStep,
    Verdict,
)
from contactpoint.web.presenters.activity import ACTION_WORDS, TERM_WORDS
from contactpoint.web.presenters.how_come import how_words
from contactpoint.web.presenters.words import (
    counted,
    day_words,
    listed,
    moment_words,
    month_words,
    number_words,
)
from contactpoint.web.reasons import reason_words

CHANGED: Final = "Somebody decided about this meanwhile. Nothing was changed by you just now."

# Short, for the list; and in full, for the page.
CODE_WORDS: Final = {
    "disowned": ("Said: not me", "The person says that they did not do this."),
    "self": ("Own name", "The child has the same first and last name as the person who looked."),
    "carer": ("Carer of the same name", "A carer of the child has the same name as the person who looked."),
    "address": ("Same address", "The child lives where the person who looked lives."),
    "override": ("Shield overridden", "The person overrode a shield."),
    "numbers_tried": ("Tried numbers", "The person tried numbers or records that did not open, one after another."),
    "many_looked": ("Opened by many", "Several people opened this record within a week, and nothing explains it."),
    "volume": ("Far more than others", "The person opened far more records, or searched far more, that day than others do."),
    "neighbour": ("Neighbour", "The child lives in the same postcode as the person who looked."),
    "surname": ("Same last name", "The child or a carer has the same last name as the person who looked."),
    "never_opened": ("Searched, opened nothing", "The person searched again and again and opened no record."),
    "odd_hours": ("At night", "It was between 10pm and 6am, when others there do not work."),
    "no_later_work": ("No work followed", "Four weeks later nobody has confirmed that the person works with the child."),
    "unexplained": ("Not explained", "No confirmed work, request or duty explains it."),
    "sampled": ("Sample", "It is explained. One explained look in a hundred is looked at all the same."),
}  # fmt: skip
EXPLAINED_WORDS: Final = {
    "own_work": "The person works with the child, and a colleague has confirmed it.",
    "named_by_feed": "A source names the person as working with the child.",
    "team_service": "The person's own team gives the child a service.",
    "handed_over": "A colleague had asked the person to take the child over.",
    "case": "The person had this child's record to check, a message at the desk or a shield to decide about.",
    "asked": "Somebody else had asked the person's service to get in touch about the child.",
    "mediated": "It was done for somebody else, who is named.",
    "arrived": "A source says that the child had just come to the person's own service.",
    "spoken": "The person had asked a service about the child, and it has spoken to them.",
    "found_justified": "A reviewer had asked about a look of theirs in the weeks before, and found it justified.",
}
STATE_WORDS: Final = {
    UseState.WAITING: "Waits",
    UseState.ASKED: "Manager is asked",
    UseState.ANSWERED: "Manager has answered",
    UseState.ESCALATED: "Sent to national reviewers",
    UseState.SUSPENDED: "Account suspended",
    UseState.JUSTIFIED: "Justified",
    UseState.MISUSE: "Misuse",
    UseState.EXPLAINED: "Explained since",
}
VERDICT_WORDS: Final = {
    Verdict.JUSTIFIED: "It was justified",
    Verdict.ASK: "Ask the manager",
    Verdict.ESCALATE: "Send it to the national reviewers",
    Verdict.SUSPEND: "Suspend the account now",
    Verdict.MISUSE: "It was misuse: the account stays suspended",
}
_VERDICT_DONE: Final = {
    "justified": "Recorded: it was justified.",
    "ask": "Recorded. The manager sees the question on the page “Your team”.",
    "escalate": "Recorded. The national reviewers have it now.",
    "suspend": "The account is suspended from its next click on. Its manager sees it on the page “Your team”.",
    "misuse": "Recorded: it was misuse. The account stays suspended.",
}
_STEP_WORDS: Final = {
    "justified": "Said: it was justified",
    "ask": "Asked the manager",
    "answer": "The manager answered",
    "escalate": "Sent it to the national reviewers",
    "suspend": "Suspended the account",
    "misuse": "Said: it was misuse",
    "explained": "Closed: work that began since explains it",
}
_FIELD_WORDS: Final = {
    "date_of_birth": "birth date",
    "sex": "sex",
    "addresses": "addresses",
    "carers": "carers",
    "names": "names",
    "former_names": "earlier names",
    "date_of_death": "date of death",
    "nhs_number": "NHS number",
    "upn": "unique pupil number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """An access in the list."""

    handle: str
    who: str
    where: str
    about: str
    why: tuple[str, ...]
    on: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One event behind it."""

    when: str
    what: str
    more: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """What was done about it."""

    what: str
    by: str
    when: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseView:
    """An access in full."""

    handle: str
    state: str
    title: str
    facts: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    explained: str
    evidence: tuple[EvidenceRow, ...]
    steps: tuple[StepRow, ...]
    stands: str
    choices: tuple[tuple[str, str], ...]
    lift_by_another: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """A month's figures."""

    name: str
    iso: str
    facts: tuple[tuple[str, str], ...]
    open: str
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """What a manager is asked."""

    item: int
    name: str
    about: str
    when: str
    asked: str


def use_rows(lines: Sequence[UseLine], keep: Callable[[int], str]) -> tuple[UseRow, ...]:
    """The list, in the order given; `keep` makes the handle of each."""
    return tuple(
        UseRow(
            handle=keep(line.item),
            who=line.name,
            where=_where(line),
            about=_about(line.child, line.looks),
            why=tuple(CODE_WORDS[code][0] for code in line.codes),
            on=day_words(line.day),
            state=STATE_WORDS[line.state],
        )
        for line in lines
    )


def use_view(use: UseInFull, handle: str) -> UseView:
    """An access in full."""
    line = use.line
    facts = [
        ("Who looked", f"{line.name}, {_where(line)}"),
        ("Their manager", use.manager or "None is named"),
        _days(use),
        ("About", _about(line.child, line.looks)),
    ]
    if line.protected:
        facts.append(("Who reviews it", "National reviewers only"))
    return UseView(
        handle=handle,
        state=line.state.value,
        title=f"{line.name}, {day_words(line.day)}",
        facts=tuple(facts),
        why=tuple(CODE_WORDS[code][1] for code in line.codes),
        explained=EXPLAINED_WORDS.get(line.explained, ""),
        evidence=tuple(_evidence(one) for one in use.evidence),
        steps=tuple(_step(one) for one in use.steps),
        stands=STATE_WORDS[line.state],
        choices=tuple((said.value, VERDICT_WORDS[said]) for said in use.may_be_said),
        lift_by_another=line.state is UseState.SUSPENDED and Verdict.JUSTIFIED not in use.may_be_said,
    )


def decided_words(verdict: str) -> str:
    """What was just done."""
    return _VERDICT_DONE[verdict]


def month_view(month: UseMonth, signed: Sequence[UseSignedOff]) -> MonthView:
    """A month's figures in words."""
    share = f" ({month.explained / month.accesses:.1%})" if month.accesses else ""
    by_state = [(STATE_WORDS[state], str(count)) for state, count in month.states]
    was = next((one for one in signed if one.month == month.month), None)
    return MonthView(
        name=month_words(month.month),
        iso=month.month.isoformat()[:7],
        facts=(
            ("Days judged", f"{month.days:,}"),
            ("Looks, counted once a person, child and day", f"{month.accesses:,}"),
            ("Explained by confirmed work", f"{month.explained:,}{share}"),
            ("Explained, and looked at as a sample", f"{month.sampled:,}"),
            ("Sent to reviewers", f"{month.queued:,}"),
            *by_state,
        ),
        open=f"{counted(month.still_open, 'look of this month', 'looks of this month')} still "
        f"{'waits' if month.still_open == 1 else 'wait'}." if month.still_open else "",
        signed=f"Signed off by {was.by} on {day_words(was.at.astimezone(HERE).date())}: {was.because}" if was else "",
    )  # fmt: skip


def months_to_choose(today: date) -> tuple[tuple[str, str], ...]:
    """The months one may look at: this one and twelve before it."""
    found, first = [], today.replace(day=1)
    for _ in range(13):
        found.append((first.isoformat()[:7], month_words(first)))
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return tuple(found)


def signed_rows(signed: Sequence[UseSignedOff]) -> tuple[StepRow, ...]:
    """The months signed off."""
    return tuple(
        StepRow(
            what=f"{month_words(one.month)}: {counted(one.accesses, 'look', 'looks')}, {one.queued:,} sent to reviewers",
            by=one.by,
            when=moment_words(one.at.astimezone(HERE)),
            because=one.because,
        )
        for one in signed
    )


def question_rows(questions: Sequence[UseQuestion]) -> tuple[QuestionRow, ...]:
    """What a manager is asked."""
    return tuple(
        QuestionRow(
            item=one.item,
            name=one.name,
            about=_about(one.child, one.looks),
            when=day_words(one.day),
            asked=one.asked,
        )
        for one in questions
    )


def questions_words(count: int) -> str:
    """How many questions wait for a manager; empty for none."""
    if not count:
        return ""
    return f"{counted(count, 'question', 'questions')} of a reviewer about your team"


def _days(use: UseInFull) -> tuple[str, str]:
    """The day, or the days over which it was done again."""
    days = [one.at.astimezone(HERE).date() for one in use.evidence if one.at]
    if len(set(days)) < 2:
        return "Day", day_words(use.line.day)
    return (
        "Days",
        f"{counted(len(set(days)), 'day', 'days')}, {day_words(min(days))} to {day_words(max(days))}",
    )


def _where(line: UseLine) -> str:
    return ", ".join(part for part in (line.job_title, line.organisation_name) if part)


def _about(child: str, looks: int) -> str:
    times = counted(looks, "event", "events")
    return f"Child {number_words(child)}, {times}" if child else f"No one record, {times}"


def _evidence(one: UseEvidence) -> EvidenceRow:
    if one.at is None:
        return EvidenceRow(
            when="", what="This event was deleted when the record's time was up.", more=(), reason=""
        )
    more = []
    if one.typed:
        more.append(f"Searched by {listed([TERM_WORDS.get(name, name) for name in one.typed])}")
    if one.action == "searched":
        more.append(f"{counted(one.shown, 'child was', 'children were')} listed")
    if one.protected:
        more.append("Was shown name, sex, birth date and number: the record is protected")
    elif one.fields or one.services:
        shown = [_FIELD_WORDS.get(name, name) for name in one.fields]
        services = [counted(one.services, "service", "services")] if one.services else []
        more.append(f"Was shown {listed([*shown, *services])}")
    if one.mediated_for:
        more.append(f"Asked for by {one.mediated_for}")
    if one.how:
        more.append(f"Came to ask: {how_words(one.how)}")
    what = ACTION_WORDS.get(one.action, one.action.replace("_", " ").capitalize())
    return EvidenceRow(
        when=moment_words(one.at.astimezone(HERE)),
        what=what if one.allowed or one.action == "refused" else f"{what} (refused)",
        more=tuple(more),
        reason=_reason(one.purpose),
    )


def _reason(purpose: str) -> str:
    try:
        return reason_words(PurposeCode(purpose))
    except ValueError:
        return purpose


def _step(one: UseStep) -> StepRow:
    return StepRow(
        what=_STEP_WORDS[one.what],
        by=one.by,
        when=moment_words(one.at.astimezone(HERE)),
        because=one.because,
    )
