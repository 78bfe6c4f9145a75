"""The words of "Checkpoints"."""

from collections.abc import Sequence
from dataclasses import dataclass

from contactpoint.domain.handed import HandedOver
from contactpoint.domain.here import HERE
from contactpoint.web.presenters.words import counted, moment_words


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRow:
    """One handover; without a number where it is still being made."""

    number: int | None
    what: str
    when: str
    begins: str


def checkpoint_rows(found: Sequence[HandedOver]) -> tuple[CheckpointRow, ...]:
    """What was handed over, newest first."""
    return tuple(_row(one) for one in found)


def asked_words(*, anew: bool) -> str:
    """What was just asked for."""
    if anew:
        return "Asked for. It is ready in a few seconds."
    return "One is asked for already. It is ready in a few seconds."


def _row(one: HandedOver) -> CheckpointRow:
    by = one.asked_by or "whoever runs the directory"
    when = f"Asked for by {by} on {moment_words(one.asked_at.astimezone(HERE))}"
    if one.size is None:
        return CheckpointRow(number=None, what="It is being made", when=when, begins="")
    return CheckpointRow(
        number=one.handover,
        what=f"Checkpoint over {counted(one.size, 'entry', 'entries')}",
        when=when,
        begins=_begins(one),
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
