"""The words of the matching model: what is in force, what a version would change, and what became of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contactpoint.domain.here import HERE
from contactpoint.domain.matching_models import ModelDone, ModelReport, ModelState, ModelVersion
from contactpoint.web.presenters.proposed import ProposedRow
from contactpoint.web.presenters.words import moment_words

STATE_WORDS: Final = {
    ModelState.ASKED: "The report is being made",
    ModelState.REPORTED: "A second person has to agree",
    ModelState.FAILED: "Could not be weighed",
    ModelState.DROPPED: "Dropped",
    ModelState.REFUSED: "Refused",
    ModelState.IN_FORCE: "In force",
    ModelState.REPLACED: "Was in force",
}
DONE_WORDS: Final = {
    ModelState.ASKED: "Proposed. The report is ready in a few minutes; then a colleague can agree.",
    ModelState.DROPPED: "Recorded. Nothing was changed.",
    ModelState.REFUSED: "Recorded. Nothing was changed.",
    ModelState.IN_FORCE: "This model is in force now. Records to check that come of it appear in a while.",
}
ANSWERED_WORDS: Final = {ModelState.REFUSED: "Refused by", ModelState.DROPPED: "Dropped by"}
CASE_WORDS: Final = {
    "possible_same_child": "Two records, perhaps one child",
    "possible_two_children": "One record, perhaps two children",
    "identifier_conflict": "Numbers that contradict each other",
}
STALE: Final = (
    "Another model came into force meanwhile, so this report says nothing any more. Propose it again."
)
_OPEN: Final = (ModelState.ASKED, ModelState.REPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version, its report, and what may be done with it."""

    number: int
    title: str
    facts: tuple[tuple[str, str], ...]
    report: tuple[tuple[str, str], ...]
    cases: tuple[tuple[str, str, str], ...]
    stale: str
    agrees: bool
    refuses: bool
    drops: bool

    @property
    def answers(self) -> bool:
        """Say whether there is anything to do with it."""
        return self.agrees or self.refuses or self.drops


def in_force_facts(name: str, sha256: str, version: ModelVersion | None) -> tuple[tuple[str, str], ...]:
    """What is in force, since when, and who said so."""
    return (("Version", name), *_since(version), ("Fingerprint (SHA-256)", sha256))


def version_rows(found: Iterable[ModelVersion]) -> tuple[ProposedRow, ...]:
    """What waits and the history."""
    return tuple(
        ProposedRow(
            number=one.id,
            title=f"{one.version} ({one.id})",
            what=_moment(one.proposed_at),
            who=_who(one),
            because=one.because,
            state=_state(one),
        )
        for one in found
    )


def version_view(one: ModelVersion) -> VersionView:
    """One version."""
    stale = one.state in _OPEN and not one.stands
    return VersionView(
        number=one.id,
        title=f"Matching model {one.version}",
        facts=tuple(_facts(one)),
        report=tuple(_report(one.report)) if one.report else (),
        cases=tuple(
            (CASE_WORDS[case.kind], _told(case.now), _told(case.then))
            for case in (one.report.cases if one.report else ())
        ),
        stale=STALE if stale else "",
        agrees=one.state is ModelState.REPORTED and not one.mine and not stale,
        refuses=one.state in _OPEN and not one.mine,
        drops=one.state in _OPEN and one.mine,
    )


def done_words(answer: ModelDone) -> str:
    """What came of a step."""
    return DONE_WORDS[ModelState(answer.state)]


def _since(version: ModelVersion | None) -> Iterator[tuple[str, str]]:
    if version is None or version.in_force_from is None:
        yield "Since", "It comes with ContactPoint; nobody here has agreed to another one"
        return
    yield "Since", _moment(version.in_force_from)
    yield "Proposed and agreed by", _who(version)
    yield "Why", version.because


def _facts(one: ModelVersion) -> Iterator[tuple[str, str]]:
    yield "How far it is", _state(one)
    yield "Proposed by", f"{one.proposed_by}, {_moment(one.proposed_at)}"
    yield "Why", one.because
    if one.puts_back:
        yield "What it is", "The model that was in force before"
    if one.answered_by and one.answered_at:
        yield ANSWERED_WORDS.get(one.state, "Agreed by"), f"{one.answered_by}, {_moment(one.answered_at)}"
    if one.in_force_until:
        yield "In force until", _moment(one.in_force_until)
    if one.outcome:
        yield "What went wrong", one.outcome
    yield "Fingerprint (SHA-256)", one.sha256


def _report(report: ModelReport) -> Iterator[tuple[str, str]]:
    yield "Compared with", report.against
    yield "Children compared", _told(report.children)
    yield "Joined with another", _told(report.joined)
    yield "Parted", _told(report.parted)
    yield "Both joined and parted", _told(report.rearranged)
    yield "Records that change child", _told(report.moved)
    if report.causes:
        yield "What weighs otherwise", "; ".join(report.causes)


def _state(one: ModelVersion) -> str:
    stale = one.state in _OPEN and not one.stands
    return "Another model came into force meanwhile" if stale else STATE_WORDS[one.state]


def _who(one: ModelVersion) -> str:
    if not one.answered_by or one.state is ModelState.DROPPED:
        return one.proposed_by
    answered = "refused" if one.state is ModelState.REFUSED else "agreed"
    return f"{one.proposed_by}, {answered} by {one.answered_by}"


def _told(count: int | None) -> str:
    return "fewer than 100" if count is None else f"about {count:,}"


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(HERE))
