"""The form of "What somebody could see": who, which child, when, and why it is asked."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.domain.replay import LONGEST_REASON
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField, EmailField, TextField

_TIME_ERROR = "Enter a time like 14:30"


class CouldSeeForm(forms.Form):
    """All of it is needed: an answer is for one person, one child and one moment."""

    email = EmailField(
        label="E-mail address of the person",
        error_messages={
            "required": "Enter the person's e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    child = TextField(
        label="Number of the child",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "characters"}),
        error_messages={"required": "Enter the child's number"},
    )
    day = DateBoxesField(
        label="Day",
        read=past_day("the day", "31 5 2026"),
        error_messages={"required": "Enter the day"},
    )
    time = TextField(
        label="Time of day",
        help_text="To the minute, or to the second, like 14:30 or 14:30:15",
        max_length=15,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
        error_messages={"required": "Enter the time of day", "max_length": _TIME_ERROR},
    )
    because = TextField(
        label="Why do you ask?",
        help_text="It is recorded. Write no child's name and no address.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Say why you ask",
        },
    )

    def clean_child(self) -> str:
        """A number that may be one, without the spaces in which it is read."""
        try:
            return parse_child_number(self.cleaned_data["child"].strip())
        except InvalidIdentifier:
            raise forms.ValidationError("Enter a child's number like C482 915 307 K") from None

    def clean_time(self) -> dt.time:
        """A time of day."""
        try:
            return dt.time.fromisoformat(self.cleaned_data["time"].strip().replace(".", ":"))
        except ValueError:
            raise forms.ValidationError(_TIME_ERROR) from None

    def clean(self) -> dict[str, Any]:
        """The moment, which is not still to come."""
        typed = super().clean() or {}
        if typed.get("day") and typed.get("time"):
            typed["moment"] = timezone.make_aware(dt.datetime.combine(typed["day"], typed["time"]))
            if typed["moment"] > timezone.now():
                self.add_error("time", "That moment has not come yet")
        return typed
