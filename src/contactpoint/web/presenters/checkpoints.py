"""The words of "Checkpoints"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contactpoint.domain.handed import Elsewhere, HandedOver, is_it_time
from contactpoint.domain.here import HERE
from contactpoint.web.presenters.words import counted, day_words, moment_words


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRow:
    """One handover; without a number where it is still being made."""

    number: int | None
    what: str
    when: str
    begins: str
    taken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereRow:
    """Another organisation, and when it last took a checkpoint away."""

    name: str
    taken: str
    is_late: bool


def checkpoint_rows(found: Sequence[HandedOver]) -> tuple[CheckpointRow, ...]:
    """What was handed over, newest first."""
    return tuple(_row(one) for one in found)


def elsewhere_rows(found: Sequence[Elsewhere], at: datetime) -> tuple[ElsewhereRow, ...]:
    """What other organisations took away, those that never did first."""
    return tuple(
        ElsewhereRow(
            name=one.name,
            taken=day_words(one.taken_at.astimezone(HERE).date()) if one.taken_at else "Never",
            is_late=is_it_time(one.taken_at, at),
        )
        for one in found
    )


def asked_words(*, anew: bool) -> str:
    """What was just asked for."""
    if anew:
        return "Asked for. It is ready in a few seconds."
    return "One is asked for already. It is ready in a few seconds."


def _row(one: HandedOver) -> CheckpointRow:
    by = one.asked_by or "whoever runs the directory"
    when = f"Asked for by {by} on {moment_words(one.asked_at.astimezone(HERE))}"
    if one.size is None:
        return CheckpointRow(number=None, what="It is being made", when=when, begins="", taken="")
    return CheckpointRow(
        number=one.handover,
        what=f"Checkpoint over {counted(one.size, 'entry', 'entries')}",
        when=when,
        begins=_begins(one),
        taken=f"First taken away on {moment_words(one.taken_at.astimezone(HERE))}."
        if one.taken_at
        else "Nobody has taken it away.",
    )


def _begins(one: HandedOver) -> str:
    if one.previous_size is None:
        return "It is the first one that your organisation was handed."
    if one.previous_size == one.size:
        return "Nothing had happened since the one before."
    return (
        f"It holds the proof, {counted(one.hashes, 'hash', 'hashes')} long, that the log begins with the "
        f"{counted(one.previous_size, 'entry', 'entries')} of the one before."
    )
