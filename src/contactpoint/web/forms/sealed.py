"""The forms of sealed identities: both numbers of a pair, who may cross, and a crossing."""

from collections.abc import Mapping
from typing import Any

from django import forms

from contactpoint.domain.disclosure.sealed_identity import CrossingReason, PairGround
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.web.forms.overrides import GiveOverrideForm
from contactpoint.web.govuk.fields import TextField

GROUND_WORDS = {
    PairGround.ADOPTION: "The child was adopted and has a new name",
    PairGround.PROTECTED_PERSON: "The child lives under another name for protection",
    PairGround.COURT: "A court ordered it",
}
REASON_WORDS = {
    CrossingReason.DANGER: "The child or somebody else is in danger",
    CrossingReason.COURT_OR_POLICE: "A court or the police need it",
    CrossingReason.HEALTH: "A health service needs what the other record leads to",
    CrossingReason.OWN_WISH: "The person whom the records are about asks",
}
NUMBER_ERROR = "Enter a child's number like C482 915 307 K"


class NumberField(TextField):
    """A child's number, in any of the ways in which people type it."""

    def __init__(self, label: str, required: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            max_length=40,
            widget=forms.TextInput(
                attrs={
                    "class": "govuk-input--width-20",
                    "autocapitalize": "characters",
                    "autocomplete": "off",
                }
            ),
            error_messages={"required": required, "max_length": NUMBER_ERROR},
        )

    def clean(self, value: object) -> str:
        """The number as it is stored."""
        typed = super().clean(value)
        try:
            return parse_child_number(typed.strip())
        except InvalidIdentifier:
            raise forms.ValidationError(NUMBER_ERROR, code="number") from None


class PairAgainForm(forms.Form):
    """Both numbers, as the second person types them."""

    one = NumberField("Number of one record", "Enter the number of one record")
    other = NumberField(
        "Number of the other record",
        "Enter the number of the other record",
        help_text="Which of the two comes first does not matter.",
    )

    def clean(self) -> dict[str, Any]:
        """Two records, not one."""
        said = super().clean() or {}
        if said.get("one") and said.get("one") == said.get("other"):
            self.add_error("other", "Enter the numbers of two records, not of one twice")
        return said

    def numbers(self) -> tuple[str, str]:
        """Both, once the form is valid."""
        return self.cleaned_data["one"], self.cleaned_data["other"]


class PairForm(PairAgainForm):
    """Both numbers, and why they are apart."""

    ground = forms.ChoiceField(
        label="Why does the child have two records?",
        choices=[(one.value, words) for one, words in GROUND_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={
            "required": "Choose why the child has two records",
            "invalid_choice": "Choose why the child has two records",
        },
    )


class CrossingForm(forms.Form):
    """From which number, and why."""

    number = NumberField("Number of the record that you know", "Enter the number of the record that you know")
    reason = forms.ChoiceField(
        label="Why do you need the other one?",
        choices=[(one.value, words) for one, words in REASON_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={
            "required": "Choose why you need the other one",
            "invalid_choice": "Choose why you need the other one",
        },
    )


class CrosserForm(GiveOverrideForm):
    """Who is named, and until when: like a right to override, another's for a year at most."""

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.fields["email"].help_text = "Somebody of the national shield desk."
        until = "Like 31 3 2027, in at most a year. Then they have to be named again."
        self.fields["until"].help_text = until
