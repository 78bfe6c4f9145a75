"""The form that answers a correction about what somebody said of their own work."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contactpoint.domain.disclosure.answering import RightBecause, WordAnswer
from contactpoint.domain.disclosure.answers import WordInFull
from contactpoint.web.forms.dates import past_day
from contactpoint.web.forms.keeping import boxes
from contactpoint.web.govuk.fields import DateBoxesField, TextField
from contactpoint.web.presenters.corrections import BECAUSE_WORDS

_NEEDED = {
    "role": "Enter the role, like school nurse",
    "phone": "Enter the telephone number that is right",
    "start": "Enter the day it began like 3 9 2026",
}
_OF_A_CORRECTION = tuple(_NEEDED)


class WordAnswerForm(forms.Form):
    """What is answered; why it is right, or what is right."""

    answer = forms.ChoiceField(
        label="What is your answer?",
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": "Choose your answer", "invalid_choice": "Choose your answer"},
    )
    role = TextField(label="Role", max_length=120, required=False)
    phone = TextField(
        label="Telephone number on which others can ring",
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "govuk-input--width-20"}),
    )
    start = DateBoxesField(
        label="Since when?",
        help_text="Like 3 9 2026",
        required=False,
        read=past_day("the day it began", "3 9 2026"),
    )
    because = forms.ChoiceField(
        label="Why is it right?",
        required=False,
        choices=[(one.value, words) for one, words in BECAUSE_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"invalid_choice": "Choose why it is right"},
    )

    def __init__(
        self,
        found: WordInFull,
        choices: Sequence[tuple[str, str]],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data, initial={"role": found.role, "phone": found.phone, "start": boxes(found.start)}
        )
        self._said = {"role": found.role, "phone": found.phone, "start": found.start}
        self.fields["answer"].choices = list(choices)  # type: ignore[attr-defined]
        if WordAnswer.CORRECTED.value not in found.answers:
            for name in _OF_A_CORRECTION:
                del self.fields[name]

    @property
    def may_correct(self) -> bool:
        """Whether what is right may be said here."""
        return "role" in self.fields

    def clean(self) -> dict[str, Any]:
        """Ask for what belongs to the answer that was chosen, and for nothing else."""
        typed = super().clean() or {}
        if typed.get("answer") == WordAnswer.STANDS and not typed.get("because"):
            self.add_error("because", "Choose why it is right")
        if typed.get("answer") == WordAnswer.CORRECTED:
            for name, words in _NEEDED.items():
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(words, code="day" if name == "start" else None))
            if not self.errors and {name: typed[name] for name in _OF_A_CORRECTION} == self._said:
                self.add_error("answer", "Change below what is wrong: it says the same as before")
        return typed

    def said(self) -> dict[str, Any]:
        """What was answered, once the form is valid."""
        typed = self.cleaned_data
        answer = WordAnswer(typed["answer"])
        said: dict[str, Any] = {"answer": answer}
        if answer is WordAnswer.STANDS:
            said["because"] = RightBecause(typed["because"])
        if answer is WordAnswer.CORRECTED:
            said |= {name: typed[name] for name in _OF_A_CORRECTION}
        return said
