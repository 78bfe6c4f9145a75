"""The forms of what a team writes down of a child itself, and of taking it back; nothing is chosen before."""

from datetime import date
from typing import Any

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
from contactpoint.web.govuk.fields import DateBoxesField

KNOWN_WORDS = {
    KnownFrom.CERTIFICATE: "From the death certificate or the registrar",
    KnownFrom.HOSPITAL: "From the hospital",
    KnownFrom.POLICE: "From the police or the coroner",
    KnownFrom.FAMILY: "From the family",
    KnownFrom.OWN_WORK: "From our own work with the child",
}
_BECAUSE_WORDS = {
    WrittenBecause.NOT_TOLD: "No source has told it yet",
    WrittenBecause.TOLD_WRONG: "A source gives another day",
}
_BACK_WORDS = {
    TakenBackBecause.WRONG_CHILD: "It was written on the wrong child",
    TakenBackBecause.WRONG_DAY: "The day is wrong",
    TakenBackBecause.NOT_SO: "It is not so",
}


class DiedForm(forms.Form):
    """When the child died, how that is known, and why it is written down here."""

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
    because = radios(
        "Why do you write it down?",
        [(one.value, words) for one, words in _BECAUSE_WORDS.items()],
        "Choose why you write it down",
    )

    def __init__(self, born: str | None, data: Any = None) -> None:
        super().__init__(data)
        self._born = born

    def clean_died_on(self) -> date:
        """No child died before they were born, and no day closes the record at once."""
        day: date = self.cleaned_data["died_on"]
        try:
            may_it_have_been_on_that_day(day, self._born, timezone.localdate())
        except InvalidInput as fault:
            raise forms.ValidationError(str(fault), code="year") from fault
        return day

    @property
    def said(self) -> TeamWord:
        """What is written down."""
        return TeamWord(
            kind=WordKind.DIED,
            day=self.cleaned_data["died_on"],
            known_from=KnownFrom(self.cleaned_data["known_from"]),
            because=WrittenBecause(self.cleaned_data["because"]),
        )


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
