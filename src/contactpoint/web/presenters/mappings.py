"""The words of how a feed is read: its versions, and what a file came to by one of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from contactpoint.domain.here import HERE
from contactpoint.domain.source_mappings import (
    MOST_FAULTS,
    MappingAnswer,
    MappingFault,
    MappingState,
    MappingVersion,
    Reading,
    Trial,
)
from contactpoint.web.presenters.proposed import ProposedRow, by_two
from contactpoint.web.presenters.words import counted, moment_words

STATE_WORDS: Final = {
    MappingState.TRYING: "Being tried over its file",
    MappingState.TRIED: "Tried, and not asked for",
    MappingState.ASKED: "A second person has to agree",
    MappingState.DROPPED: "Dropped",
    MappingState.REFUSED: "Refused",
    MappingState.IN_FORCE: "In force",
    MappingState.REPLACED: "Was in force",
}
DONE_WORDS: Final = {
    MappingState.TRYING: "It is being tried. Look again in a moment.",
    MappingState.TRIED: "This is to the letter what was in force before. Ask for it as for any other.",
    MappingState.ASKED: "Recorded. It holds when a second person agrees.",
    MappingState.IN_FORCE: "Recorded. Files are read by it from now on.",
    MappingState.DROPPED: "Recorded. Nothing was changed.",
    MappingState.REFUSED: "Recorded. Nothing was changed.",
}
OWN_NAMES: Final = "The names, dates and codes of the contract"
_NOTHING: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """How a feed is read now, and every version."""

    now: str
    in_force: int | None
    rows: tuple[ProposedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version: what is known of it, what its file came to, and what may be done with it.

    Each row of `compared`, `differs` and `changes` is a name, how it is as the feed is read now, and by this
    version; where the file can be read by this version alone, `filled` says how many rows fill each column.
    """

    version: int
    title: str
    facts: tuple[tuple[str, str], ...]
    text: str
    compared: tuple[tuple[str, str, str], ...]
    alike: bool
    differs: tuple[tuple[str, str, str], ...]
    changes: tuple[tuple[str, str, str], ...]
    filled: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    waits: bool
    asks: bool
    drops: bool
    answers: bool
    puts_back: bool


def history_view(found: Iterable[MappingVersion]) -> HistoryView:
    """The versions of a feed."""
    versions = tuple(found)
    now = next((one for one in versions if one.state is MappingState.IN_FORCE), None)
    words = OWN_NAMES
    if now:
        words = f"Version {now.version}, since {_moment(now.answered_at)}"
    return HistoryView(
        now=words, in_force=now.version if now else None, rows=tuple(_row(one) for one in versions)
    )


def version_view(one: MappingVersion) -> VersionView:
    """One version."""
    trial = one.trial
    return VersionView(
        version=one.version,
        title=f"Version {one.version} of how this feed is read",
        facts=tuple(_facts(one)),
        text=one.text,
        compared=tuple(_compared(trial)) if trial else (),
        alike=bool(trial and _both(trial) and not trial.differences),
        differs=tuple(_differs(trial)) if trial else (),
        changes=tuple(_changes(trial)) if trial else (),
        filled=tuple(_filled(trial)) if trial else (),
        reasons=_reasons(trial.after) if trial else (),
        waits=one.state is MappingState.TRYING,
        asks=one.state is MappingState.TRIED and one.mine and one.stands,
        drops=one.state in {MappingState.TRYING, MappingState.TRIED, MappingState.ASKED} and one.mine,
        answers=one.state is MappingState.ASKED and not one.mine,
        puts_back=one.state is MappingState.IN_FORCE,
    )


def fault_rows(faults: tuple[MappingFault, ...]) -> tuple[tuple[str, str, str], ...]:
    """The faults that a page has room for: line, name, reason."""
    return tuple(
        (str(one.line) if one.line else _NOTHING, one.field or "the whole file", one.reason)
        for one in faults[:MOST_FAULTS]
    )


def faults_title(faults: tuple[MappingFault, ...]) -> str:
    """How many faults there are."""
    if len(faults) > MOST_FAULTS:
        return f"More than {MOST_FAULTS} things are wrong in this mapping. Nothing was kept."
    return f"{counted(len(faults), 'thing is', 'things are')} wrong in this mapping. Nothing was kept."


def done_words(answer: MappingAnswer) -> str:
    """What came of a step."""
    return DONE_WORDS[MappingState(answer.state)]


def _row(one: MappingVersion) -> ProposedRow:
    return ProposedRow(
        number=one.version,
        title=f"Version {one.version}",
        who=by_two(one.by, one.answered_by if _agreed(one) else ""),
        because=one.because or _NOTHING,
        state=STATE_WORDS[one.state],
    )


def _agreed(one: MappingVersion) -> bool:
    return one.state in {MappingState.IN_FORCE, MappingState.REPLACED}


def _facts(one: MappingVersion) -> Iterator[tuple[str, str]]:
    yield "How far it is", STATE_WORDS[one.state]
    if one.failed:
        yield "Could not be tried", one.failed
    if one.state in {MappingState.TRIED, MappingState.ASKED} and not one.stands and not one.failed:
        yield "Cannot be asked for", _why_not(one)
    yield "Brought by", f"{one.by}, {_moment(one.at)}"
    if one.because:
        yield "Why", one.because
    if one.answered_by:
        yield (
            ("Agreed by" if _agreed(one) else "Refused by"),
            f"{one.answered_by}, {_moment(one.answered_at)}",
        )
    if one.until:
        yield "In force until", _moment(one.until)
    if one.puts_back:
        yield "Puts back", f"what was in force before version {one.puts_back}, to the letter"
    if one.trial:
        yield "Tried over", one.trial.file_name


def _why_not(one: MappingVersion) -> str:
    if one.trial and one.trial.after.refused:
        return "The file cannot be read by it."
    return "Another version came into force since it was tried. Bring it again."


def _compared(trial: Trial) -> Iterator[tuple[str, str, str]]:
    before, after = trial.before, trial.after
    yield "Can the file be read?", before.refused or "Yes", after.refused or "Yes"
    yield "Rows", _rows(before, before.rows), _rows(after, after.rows)
    yield "Rejected", _rows(before, before.rejected), _rows(after, after.rejected)
    if before.changes or after.changes:
        yield "Records of it that are held", _held(before, "held"), _held(after, "held")
        yield (
            "Held records that would be different",
            _held(before, "different"),
            _held(after, "different"),
        )


def _held(one: Reading, which: Literal["held", "different"]) -> str:
    if one.changes is None:
        return _NOTHING
    return _hundreds(one.changes.held if which == "held" else one.changes.different)


def _hundreds(count: int | None) -> str:
    return f"about {count:,}" if count is not None else "fewer than 100"


def _changes(trial: Trial) -> Iterator[tuple[str, str, str]]:
    for name, before, after in trial.changes:
        yield (
            name,
            _hundreds(before) if trial.before.changes else _NOTHING,
            _hundreds(after) if trial.after.changes else _NOTHING,
        )


def _rows(one: Reading, rows: int) -> str:
    return _NOTHING if one.refused else f"{rows:,}"


def _both(trial: Trial) -> bool:
    return not trial.before.refused and not trial.after.refused


def _differs(trial: Trial) -> Iterator[tuple[str, str, str]]:
    for name, before, after in trial.differences:
        yield name, f"{before:,}", f"{after:,}"


def _filled(trial: Trial) -> Iterator[tuple[str, str]]:
    """How many rows fill each column; those that none fills come first, since a name may be wrong."""
    if trial.after.refused or not trial.before.refused:
        return
    for name, rows in sorted(trial.after.filled.items(), key=lambda one: one[1] > 0):
        yield name, f"{rows:,}" if rows else "none"


def _reasons(one: Reading) -> tuple[str, ...]:
    return tuple(
        f"{counted(rows, 'row', 'rows')}: {field + ': ' if field else ''}{reason}"
        for field, reason, rows in one.reasons
    )


def _moment(at: datetime | None) -> str:
    return moment_words(at.astimezone(HERE)) if at else _NOTHING
