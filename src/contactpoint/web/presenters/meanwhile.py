"""The words of "somebody changed this meanwhile": both versions, side by side."""

from dataclasses import dataclass
from typing import assert_never

from contactpoint.domain.feedback import FeedbackState
from contactpoint.domain.meanwhile import (
    AnswerVersion,
    ByHandVersion,
    ChangedMeanwhile,
    InvolvementVersion,
    LeadVersion,
    OwnVersion,
    PointVersion,
    Version,
)
from contactpoint.web.forms.feedback import STATE_WORDS
from contactpoint.web.presenters.words import birth_date_words, day_words, sex_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """One question, what the page had shown, what stands now, and what was sent, if it answers that."""

    question: str
    seen: str
    now: str
    differs: bool
    sent: str = ""


def changed_rows(changed: ChangedMeanwhile) -> tuple[ChangedRow, ...]:
    """Both versions, question by question."""
    seen, now = _answers(changed.seen), _answers(changed.now)
    sent = _answers(changed.sent) if changed.sent else {}
    return tuple(
        ChangedRow(
            question=question,
            seen=seen[question],
            now=now[question],
            differs=seen[question] != now[question],
            sent=sent.get(question, ""),
        )
        for question in seen
    )


def _answers(version: Version) -> dict[str, str]:
    match version:
        case InvolvementVersion():
            return _involvement(version)
        case OwnVersion():
            return {
                "Your role": version.role,
                "Telephone number": version.phone,
                "Since": day_words(version.start) if version.start else "Not said",
                "Assessment held": "Yes" if version.assessment_held else "No",
            }
        case LeadVersion():
            return {"Lead practitioner": version.who or "Nobody"}
        case PointVersion():
            return {
                "Telephone number": version.phone or "Not said",
                "Hours": version.hours or "Not said",
                "Out of hours": version.night or "Not said",
                "School holidays": version.holidays or "Not said",
            }
        case AnswerVersion():
            return {
                "What became of it": STATE_WORDS[FeedbackState(version.state)],
                "Answer": version.answer or "None",
            }
        case ByHandVersion():
            return {
                "Name": version.name,
                "Known as": version.known_as or "Not said",
                "Date of birth": birth_date_words(version.born),
                "Sex": sex_words(version.sex) if version.sex else "Not known",
                "Address": version.home or "Not said",
                "Carer": version.carer or "Not said",
            }
        case _:
            assert_never(version)


def _involvement(version: InvolvementVersion) -> dict[str, str]:
    who = ", ".join(part for part in (version.practitioner, version.practitioner_role) if part)
    return {
        "Service": version.service,
        "Who works with the child": who,
        "Since": day_words(version.start) if version.start else "Not said",
        "Ended": day_words(version.end) if version.end else "No",
        "Confirmed": f"By {version.confirmed_by}" if version.confirmed_by else "Not yet",
    }
