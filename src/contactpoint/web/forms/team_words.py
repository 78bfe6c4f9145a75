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
            may_it_have_been_on_that_day(WordKind.DIED, day, self._born, timezone.localdate())
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


class LeftForm(forms.Form):
    """When the child left England, whether they are expected back, and how that is known."""

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
        [(one.value, _LEFT_KNOWN[one]) for one in _LEFT_KNOWN],
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

    def clean(self) -> dict[str, Any] | None:
        """No child left before they were born, and no day closes the record at once."""
        said = super().clean()
        if not self.errors:
            word = self.said
            try:
                may_it_have_been_on_that_day(word.kind, word.day, self._born, timezone.localdate())
            except InvalidInput as fault:
                self.add_error("left_on", forms.ValidationError(str(fault), code="year"))
        return said

    @property
    def said(self) -> TeamWord:
        """What is written down."""
        return TeamWord(
            kind=WordKind(self.cleaned_data["kind"]),
            day=self.cleaned_data["left_on"],
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
