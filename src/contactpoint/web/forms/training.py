"""The forms of training: the assessment, and what one brings from Training England."""

from collections.abc import Collection
from typing import Any

from django import forms

from contactpoint.domain.assessment import QUESTIONS
from contactpoint.web.govuk.fields import TextField

_LONGEST = 4000


class AssessmentForm(forms.Form):
    """Ten questions, each with one right answer; which is right, the form learns only once it is marked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in QUESTIONS:
            self.fields[one.key] = forms.ChoiceField(
                label=one.asks,
                choices=[(str(place), text) for place, text in enumerate(one.answers)],
                widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
                error_messages={
                    "required": f"Choose an answer: {one.asks}",
                    "invalid_choice": "Choose one of the answers",
                },
            )

    def answered(self) -> dict[str, int]:
        """The answers, once the form is valid: of each question the place of the one chosen."""
        return {one.key: int(self.cleaned_data[one.key]) for one in QUESTIONS}

    def mark(self, wrong: Collection[str]) -> None:
        """Say beside each that was wrong why it was."""
        for one in QUESTIONS:
            if one.key in wrong:
                self.add_error(one.key, f"Not so. {one.why}")


class StatementForm(forms.Form):
    """What Training England gave, whole."""

    statement = TextField(
        label="What Training England gave you",
        help_text="Copy all of it, from the first letter to the last.",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter what Training England gave you"},
    )
