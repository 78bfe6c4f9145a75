"""The words of "somebody changed this meanwhile": both versions, side by side."""

from dataclasses import dataclass

from contactpoint.domain.meanwhile import ChangedMeanwhile, InvolvementVersion
from contactpoint.web.presenters.words import day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """One question, what the page had shown, and what stands now."""

    question: str
    seen: str
    now: str
    differs: bool


def changed_rows(changed: ChangedMeanwhile) -> tuple[ChangedRow, ...]:
    """Both versions, question by question."""
    seen, now = _answers(changed.seen), _answers(changed.now)
    return tuple(
        ChangedRow(
            question=question, seen=seen[question], now=now[question], differs=seen[question] != now[question]
        )
        for question in seen
    )


def _answers(version: InvolvementVersion) -> dict[str, str]:
    who = ", ".join(part for part in (version.practitioner, version.practitioner_role) if part)
    return {
        "Service": version.service,
        "Who works with the child": who,
        "Since": day_words(version.start) if version.start else "Not said",
        "Ended": day_words(version.end) if version.end else "No",
        "Confirmed": f"By {version.confirmed_by}" if version.confirmed_by else "Not yet",
    }
