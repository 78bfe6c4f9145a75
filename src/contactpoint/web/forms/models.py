"""The forms of the matching model: a file and why, and why one is put back."""

from django import forms

from contactpoint.domain.matching_models import MOST_BYTES
from contactpoint.domain.two_people import LONGEST_REASON
from contactpoint.web.govuk.fields import SmallFileField, TextField


def _because(example: str) -> TextField:
    return TextField(
        label="Why?",
        help_text=f"For example: {example}. It is kept with the history.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why"},
    )


class ProposeForm(forms.Form):
    """A model file, and why."""

    file = SmallFileField(
        label="Model file",
        help_text="A JSON file as “contactpoint link --save-model” writes it, or Splink's settings",
        most=MOST_BYTES,
        ends=".json",
    )
    because = _because("learnt from the deliveries of October")


class BackForm(forms.Form):
    """Why the model before is put back."""

    because = _because("sisters are joined since Monday")
