"""What people said of the directory itself, through functions alone (storage/sql/feedback.sql)."""

from typing import Any
from uuid import UUID

from contactpoint.domain.feedback import (
    Doing,
    Feedback,
    FeedbackKind,
    FeedbackState,
    Given,
    Harm,
    Hindrance,
    Miss,
    WaveSaid,
    Worked,
)
from contactpoint.storage.asking import fetch

_COLUMNS = (
    "id, kind, doing, worked, hindered, miss, harm, text, at, by_name, organisation_name, wave_name, state, "
    "answer"
)


def give(seeing: UUID, said: Feedback) -> int:
    """Keep what whoever is written down says; return its number."""
    values = (said.worked, said.hindered, said.miss, said.harm)
    query = "SELECT give_feedback(%s, %s, %s, %s, %s, %s, %s, %s)"
    coded = (one.value if one else "" for one in values)
    return int(fetch(query, seeing, said.kind.value, said.doing.value, *coded, said.text)[0][0])


def own(account: UUID) -> tuple[Given, ...]:
    """Return what an account said, newest first."""
    return tuple(_given(*row) for row in fetch(f"SELECT {_COLUMNS} FROM own_feedback(%s)", account))  # noqa: S608 - constants


def to_read(seeing: UUID) -> tuple[Given, ...]:
    """Return what was said, gravest and newest first, to whoever is written down as listing it."""
    return tuple(_given(*row) for row in fetch(f"SELECT {_COLUMNS} FROM feedback_to_read(%s)", seeing))  # noqa: S608 - constants


def one_of(seeing: UUID, number: int) -> Given | None:
    """Return one of them, held until the transaction ends; None where there is none of that number."""
    found = fetch(f"SELECT {_COLUMNS} FROM feedback_of(%s, %s)", seeing, number)  # noqa: S608 - constants
    return _given(*found[0]) if found else None


def by_wave(seeing: UUID) -> tuple[WaveSaid, ...]:
    """Return how much was said in each wave, by name."""
    found = fetch("SELECT wave_name, how, near, unread FROM feedback_by_wave(%s)", seeing)
    return tuple(WaveSaid(wave=wave, how=how, near=near, unread=unread) for wave, how, near, unread in found)


def answer(seeing: UUID, number: int, state: FeedbackState, said: str) -> bool:
    """Answer one; False where there is none of that number."""
    return bool(fetch("SELECT answer_feedback(%s, %s, %s, %s)", seeing, number, state.value, said)[0][0])


def _given(number: int, kind: str, doing: str, *rest: Any) -> Given:  # noqa: ANN401 - columns of several types
    worked, hindered, miss, harm, text, at, by, organisation, wave, state, answered = rest
    return Given(
        number=number,
        said=Feedback(
            kind=FeedbackKind(kind),
            doing=Doing(doing),
            worked=Worked(worked) if worked else None,
            hindered=Hindrance(hindered) if hindered else None,
            miss=Miss(miss) if miss else None,
            harm=Harm(harm) if harm else None,
            text=text,
        ),
        at=at,
        by=by,
        organisation=organisation,
        wave=wave,
        state=FeedbackState(state),
        answer=answered,
    )
