"""The words of training."""

from dataclasses import dataclass
from datetime import date

from contactpoint.actions.account.training import Practice
from contactpoint.domain.training import About
from contactpoint.web.presenters.words import day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseView:
    """One exercise."""

    title: str
    how: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeView:
    """The exercises, what was heard of the child whom they are about, and whether all are done."""

    heard: str
    exercises: tuple[ExerciseView, ...]
    done: bool


def practice_view(found: Practice) -> PracticeView:
    """Choose the words."""
    heard = found.heard
    is_asked = heard and any(one.about is About.THE_CHILD for one, _ in found.exercises)
    return PracticeView(
        heard=f"“{heard.forename} {heard.surname}, born {day_words(heard.born)}”"
        if heard and is_asked
        else "",
        exercises=tuple(
            ExerciseView(title=one.title, how=one.how, done=done) for one, done in found.exercises
        ),
        done=found.is_done,
    )


def trained_words(until: date | None, on: date) -> str:
    """Until when somebody's training is good."""
    if until is None:
        return "You have not passed the training yet."
    if until < on:
        return f"Your training ran out on {day_words(until)}."
    return f"Your training is good until {day_words(until)}."
