"""The forms of what a team writes down of a child itself, and of taking it back; nothing is chosen before."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.team_words import (
    KnownFrom,
    TakenBackBecause,
    TeamWord,
    WordKind,
    WrittenBecause,
    may_it_have_been_on_that_day,
)
from contactpoint.web.forms.choices import radios
from contactpoint.web.forms.dates import past_day
from contactpoint.web.forms.unplaced import LEAVING_WORDS as _LEAVING
from contactpoint.web.govuk.fields import DateBoxesField

KNOWN_WORDS = {
    KnownFrom.CERTIFICATE: "From the death certificate or the registrar",
    KnownFrom.HOSPITAL: "From the hospital",
    KnownFrom.POLICE: "From the police or the coroner",
    KnownFrom.FAMILY: "From the family",
    KnownFrom.OWN_WORK: "From our own work with the child",
}
_LEFT_KNOWN = {
    KnownFrom.FAMILY: KNOWN_WORDS[KnownFrom.FAMILY],
    KnownFrom.POLICE: "From the police or the border force",
    KnownFrom.OWN_WORK: KNOWN_WORDS[KnownFrom.OWN_WORK],
}
_BECAUSE_WORDS = {
    WrittenBecause.NOT_TOLD: "No source has told it yet",
    WrittenBecause.TOLD_WRONG: "A source says otherwise",
}
_BACK_WORDS = {
    TakenBackBecause.WRONG_CHILD: "It was written on the wrong child",
    TakenBackBecause.WRONG_DAY: "The day is wrong",
    TakenBackBecause.NOT_SO: "It is not so",
}


class WordForm(forms.Form):
    """Of which day it is, how it is known, and why it is written down here."""

    day_field: ClassVar[str]
    because = radios(
        "Why do you write it down?",
        [(one.value, words) for one, words in _BECAUSE_WORDS.items()],
        "Choose why you write it down",
    )

    def __init__(self, born: str | None, data: Any = None) -> None:
        super().__init__(data)
        self._born = born

    def clean(self) -> dict[str, Any] | None:
        """Nothing is of a day before the child was born, and no day closes the record at once."""
        said = super().clean()
        day, kind = self.cleaned_data.get(self.day_field), self._kind()
        if day and kind:
            try:
                may_it_have_been_on_that_day(WordKind(kind), day, self._born, timezone.localdate())
            except InvalidInput as fault:
                self.add_error(self.day_field, forms.ValidationError(str(fault), code="year"))
        return said

    @property
    def said(self) -> TeamWord:
        """What is written down."""
        return TeamWord(
            kind=WordKind(self._kind()),
            day=self.cleaned_data[self.day_field],
            known_from=KnownFrom(self.cleaned_data["known_from"]),
            because=WrittenBecause(self.cleaned_data["because"]),
        )

    def _kind(self) -> str:
        raise NotImplementedError


class DiedForm(WordForm):
    """When the child died."""

    day_field = "died_on"
    field_order = ("died_on", "known_from", "because")
    died_on = DateBoxesField(
        label="When did the child die?",
        help_text="For example, 27 3 2026",
        read=past_day("the day the child died", "27 3 2026"),
        error_messages={"required": "Enter the day the child died like 27 3 2026"},
    )
    known_from = radios(
        "How do you know?",
        [(one.value, words) for one, words in KNOWN_WORDS.items()],
        "Choose how you know",
    )

    def _kind(self) -> str:
        return WordKind.DIED


class LeftForm(WordForm):
    """When the child left England, and whether they are expected back."""

    day_field = "left_on"
    field_order = ("left_on", "kind", "known_from", "because")
    left_on = DateBoxesField(
        label="When did the child leave England?",
        help_text="For example, 27 3 2026",
        read=past_day("the day the child left", "27 3 2026"),
        error_messages={"required": "Enter the day the child left like 27 3 2026"},
    )
    kind = radios(
        "Will the child come back?",
        [(one.value, words) for one, words in _LEAVING.items()],
        "Choose whether the child is expected back",
    )
    known_from = radios(
        "How do you know?",
        [(one.value, words) for one, words in _LEFT_KNOWN.items()],
        "Choose how you know",
    )

    def _kind(self) -> str:
        return str(self.cleaned_data.get("kind", ""))


class TakeBackForm(forms.Form):
    """Why it is taken back."""

    because = radios(
        "Why do you take it back?",
        [(one.value, words) for one, words in _BACK_WORDS.items()],
        "Choose why you take it back",
    )

    @property
    def said(self) -> TakenBackBecause:
        """The reason."""
        return TakenBackBecause(self.cleaned_data["because"])


class TakeLeavingBackForm(TakeBackForm):
    """The same of a leaving: the child may have come back."""

    because = radios(
        "Why do you take it back?",
        [
            (TakenBackBecause.BACK.value, "The child is back"),
            *((one.value, words) for one, words in _BACK_WORDS.items()),
        ],
        "Choose why you take it back",
    )
