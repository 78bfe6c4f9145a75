"""The form of "Who saw what": of a child, by a person, in a time."""

from typing import Any

from django import forms

from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField, EmailField, TextField


class BreachForm(forms.Form):
    """At least one of a child's number, a person's e-mail address and a first day."""

    child = TextField(
        label="Number of the child",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "characters"}),
    )
    email = EmailField(
        label="E-mail address of the person who looked",
        required=False,
        error_messages={"invalid": "Enter an e-mail address like name@example.org"},
    )
    begin = DateBoxesField(label="First day", required=False, read=past_day("the first day", "31 5 2026"))
    end = DateBoxesField(label="Last day", required=False, read=past_day("the last day", "31 5 2026"))

    def clean_child(self) -> str:
        """A number that may be one, without the spaces in which it is read."""
        typed: str = self.cleaned_data["child"].strip()
        try:
            return parse_child_number(typed) if typed else ""
        except InvalidIdentifier:
            raise forms.ValidationError("Enter a child's number like C482 915 307 K") from None

    def clean(self) -> dict[str, Any]:
        """Something must be said of what is looked for."""
        typed = super().clean() or {}
        if not self.errors and not (typed.get("child") or typed.get("email") or typed.get("begin")):
            self.add_error("child", "Enter a child's number, a person's e-mail address or a first day")
        return typed
