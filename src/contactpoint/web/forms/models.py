"""The forms of the matching model: a file and why, and why one is put back."""

from typing import Any

from django import forms

from contactpoint.domain.matching_models import MOST_BYTES
from contactpoint.domain.two_people import LONGEST_REASON
from contactpoint.web.govuk.fields import TextField


def _because(example: str) -> TextField:
    return TextField(
        label="Why?",
        help_text=f"For example: {example}. It is kept with the history.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why"},
    )


class ProposeForm(forms.Form):
    """A model file, and why."""

    file = forms.FileField(
        label="Model file",
        help_text="A JSON file as “contactpoint link --save-model” writes it, or Splink's settings",
        widget=forms.FileInput(attrs={"accept": ".json"}),
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )
    because = _because("learnt from the deliveries of October")

    def clean_file(self) -> bytes:
        """What the file holds."""
        file: Any = self.cleaned_data["file"]
        try:
            if file.size > MOST_BYTES:
                raise forms.ValidationError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB")
            return bytes(file.read())
        finally:
            file.close()


class BackForm(forms.Form):
    """Why the model before is put back."""

    because = _because("sisters are joined since Monday")
