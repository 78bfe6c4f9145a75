"""The form of the archive: which record, and why."""

from django import forms

from contactpoint.web.forms.shields import ShieldReasonForm
from contactpoint.web.govuk.fields import TextField
from contactpoint.web.reasons import reason_choices


class ArchiveForm(ShieldReasonForm):
    """Which archived record a data manager reads, and why (R8, R48)."""

    field_order = ("number", "purpose", "purpose_text")
    number = TextField(
        label="Which record?",
        help_text="The ContactPoint number, like C 482 915 307 P.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
        error_messages={
            "required": "Enter a ContactPoint number",
            "max_length": "Enter a ContactPoint number like C 482 915 307 P",
        },
    )

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.fields["purpose"].choices = reason_choices()  # type: ignore[attr-defined]
