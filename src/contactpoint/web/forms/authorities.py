"""The form of a split or merger: which authority, into which, what goes elsewhere, and why."""

from typing import Final

from django import forms

from contactpoint.domain.two_people import LONGEST_REASON
from contactpoint.web.govuk.fields import TextField

_LONGEST_LIST: Final = 20_000


def _authority(label: str, hint: str) -> forms.Field:
    return TextField(
        label=label,
        help_text=hint,
        max_length=3,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={"required": "Enter three digits", "max_length": "Enter three digits"},
    )


class PlanForm(forms.Form):
    """A plan, as it is typed."""

    authority = _authority("Which authority is it?", "Its three digits, like 354")
    into = _authority(
        "Who takes what is not listed below?",
        "Three digits of another authority; its own where only a part leaves",
    )
    listed = TextField(
        label="What goes elsewhere? (optional)",
        help_text="One a line: organisation, source or person, its code or e-mail address, and where to. "
        "Like organisation,105734,355 or person,ann@example.org,la-355",
        required=False,
        max_length=_LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    because = TextField(
        label="Why?",
        help_text="For example: the order of 1 April. It is kept with the change.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why"},
    )
