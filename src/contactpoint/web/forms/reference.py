"""The forms of the lists: a file for one of them, and why it is asked for."""

from typing import Final

from django import forms

from contactpoint.domain.reference_lists import MOST_BYTES, ListKind
from contactpoint.domain.two_people import LONGEST_REASON
from contactpoint.web.forms.choices import radios
from contactpoint.web.govuk.fields import SmallFileField, TextField

KIND_CHOICES: Final = (
    (ListKind.SCHOOL.value, "Schools"),
    (ListKind.PRACTICE.value, "GP practices"),
    (ListKind.AUTHORITY.value, "Authorities"),
    (ListKind.WARD.value, "Wards"),
)


class TryForm(forms.Form):
    """Which list, and the whole of it as a file."""

    kind = radios(
        "Which list is it?", KIND_CHOICES, "Choose which list it is", legend="govuk-fieldset__legend--s"
    )
    file = SmallFileField(
        label="File",
        help_text="A CSV file in UTF-8 with commas: the whole list, one body or postcode a row",
        most=MOST_BYTES,
        ends=".csv",
    )


class AskForm(forms.Form):
    """Why a change is asked for."""

    because = TextField(
        label="Why?",
        help_text="For example: the register of schools of 1 October. It is kept with the change.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why"},
    )
