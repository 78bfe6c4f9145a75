"""The form that changes a setting: the new value, and why."""

from typing import Any

from django import forms

from contactpoint.domain.setting_table import LONGEST_WORDS, SHORTEST_WORDS, Setting
from contactpoint.domain.settings import is_it_within_bounds
from contactpoint.domain.two_people import LONGEST_REASON
from contactpoint.web.forms.choices import radios
from contactpoint.web.govuk.fields import TextField

YES_NO = (("1", "Yes"), ("0", "No"))


class SettingForm(forms.Form):
    """A number within the bounds of its setting, and why it changes."""

    because = TextField(
        label="Why?",
        help_text="It is kept with the history of this setting. Write nobody's name.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Say why",
        },
    )

    def __init__(self, setting: Setting, *args: Any, **kwargs: Any) -> None:
        """The words of one setting."""
        super().__init__(*args, **kwargs)
        self._setting = setting
        self.fields["value"] = _value(setting)
        self.order_fields(["value", "because"])

    def clean_value(self) -> int | str:
        """A whole number within the bounds, or words of some length."""
        typed, setting = " ".join(self.cleaned_data["value"].split()), self._setting
        if setting.words:
            if not is_it_within_bounds(setting, typed):
                raise forms.ValidationError(f"Use {SHORTEST_WORDS} to {LONGEST_WORDS} characters")
            return typed
        number = typed.replace(",", "")
        if not (number.isascii() and number.isdigit()) or not is_it_within_bounds(setting, int(number)):
            raise forms.ValidationError(
                f"Enter a number from {setting.least:,} to {setting.most:,}: the rules allow no other"
            )
        return int(number)


def _value(setting: Setting) -> forms.Field:
    if setting.is_yes_or_no:
        return radios("Is it one?", YES_NO, "Choose yes or no")
    narrow = {} if setting.words else {"class": "govuk-input--width-5", "inputmode": "numeric"}
    return TextField(
        label="New words" if setting.words else f"New number of {setting.unit[1]}",
        help_text=f"At most {LONGEST_WORDS} characters"
        if setting.words
        else f"From {setting.least:,} to {setting.most:,}",
        max_length=400 if setting.words else 8,
        widget=forms.TextInput(attrs=narrow),
        error_messages={
            "required": "Enter the new words" if setting.words else "Enter the new number",
            "max_length": f"Use at most {LONGEST_WORDS} characters"
            if setting.words
            else f"Enter a number from {setting.least:,} to {setting.most:,}: the rules allow no other",
        },
    )
