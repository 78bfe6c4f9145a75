"""One of a few answers, none chosen beforehand."""

from collections.abc import Callable, Sequence
from typing import Final

from django import forms

YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def radios(
    label: str,
    choices: Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]],
    missing: str,
    hint: str = "",
    *,
    required: bool = True,
    legend: str = "govuk-fieldset__legend--m",
) -> forms.ChoiceField:
    """Return a question with these answers (value, words); `missing` asks for one in words."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=required,
        widget=forms.RadioSelect(attrs={"legend": legend} if legend else {}),
        error_messages={"required": missing, "invalid_choice": missing},
    )
