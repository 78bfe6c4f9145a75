"""The forms of "My children": correct what I said, and hand over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from contactpoint.domain.disclosure.answers import Colleague, OwnChild
from contactpoint.web.forms.choices import YES_NO
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField, TextField, TypedDate


class CorrectOwnForm(forms.Form):
    """Role, telephone, since when, and whether an assessment is held (never its content, R42)."""

    role = TextField(
        label="Your role", max_length=120, error_messages={"required": "Enter your role, like school nurse"}
    )
    phone = TextField(
        label="Telephone number on which others can reach you",
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter a telephone number on which others can reach you"},
    )
    start = DateBoxesField(
        label="Since when?",
        help_text="Like 3 9 2026",
        read=past_day("the day you started", "3 9 2026"),
        error_messages={"required": "Enter the day you started like 3 9 2026"},
    )
    assessment = forms.ChoiceField(
        label="Do you hold an assessment of this child?",
        help_text="Only that there is one, never what it says.",
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you hold an assessment"},
    )

    def __init__(self, child: OwnChild, data: Mapping[str, Any] | None = None) -> None:
        initial = {
            "role": child.role,
            "phone": child.phone,
            "start": boxes(child.start),
            "assessment": "yes" if child.assessment_held else "no",
        }
        super().__init__(data, initial=initial)


class HandOverForm(forms.Form):
    """To whom; nobody is chosen beforehand."""

    colleague = forms.ChoiceField(
        label="Who takes over?",
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"required": "Choose who takes over"},
    )

    def __init__(self, colleagues: Sequence[Colleague], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["colleague"].choices = [  # type: ignore[attr-defined]
            (str(one.account), ", ".join(part for part in (one.name, one.job_title) if part))
            for one in colleagues
        ]

    def chosen(self) -> UUID:
        """Who was chosen, once the form is valid."""
        return UUID(self.cleaned_data["colleague"])


def boxes(day: date | None) -> TypedDate:
    """A day as its three boxes have it."""
    return TypedDate(str(day.day), str(day.month), str(day.year)) if day else TypedDate()
