"""The form that changes a setting: the new value, and why."""

from typing import Any

from django import forms

from contactpoint.domain.setting_changes import LONGEST_REASON
from contactpoint.domain.settings import Setting

YES_NO = (("1", "Yes"), ("0", "No"))


class SettingForm(forms.Form):
    """A number within the bounds of its setting, and why it changes."""

    value = forms.CharField(
        max_length=8,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )
    because = forms.CharField(
        label="Why?",
        help_text="It is kept with the history of this setting. Write nobody's name.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Say why",
            "max_length": f"Use at most {LONGEST_REASON} characters",
        },
    )

    def __init__(self, setting: Setting, *args: Any, **kwargs: Any) -> None:
        """The words of one setting."""
        super().__init__(*args, **kwargs)
        self._setting = setting
        value = self.fields["value"]
        if setting.is_yes_or_no:
            value = self.fields["value"] = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect)
            value.error_messages.update(required="Choose yes or no", invalid_choice="Choose yes or no")
        value.label = "Does it hold?" if setting.is_yes_or_no else f"New number of {setting.unit[1]}"
        if not setting.is_yes_or_no:
            value.help_text = f"From {setting.least:,} to {setting.most:,}"
            value.error_messages["required"] = "Enter the new number"
        self.order_fields(["value", "because"])

    def clean_value(self) -> int:
        """A whole number within the bounds."""
        typed = self.cleaned_data["value"].strip().replace(",", "")
        setting = self._setting
        if not (typed.isascii() and typed.isdigit()) or not setting.least <= int(typed) <= setting.most:
            raise forms.ValidationError(
                f"Enter a number from {setting.least:,} to {setting.most:,}: the rules allow no other"
            )
        return int(typed)
