"""The forms of "Something here is wrong": what, then which source, what is right, and how you know."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from contactpoint.domain.disclosure.answers import CorrectableItem
from contactpoint.domain.disclosure.contesting import LONGEST, Basis, Field
from contactpoint.web.govuk.fields import TextField

FIELD_WORDS = {
    Field.NAME: "Name",
    Field.KNOWN_AS: "Name they go by",
    Field.DATE_OF_BIRTH: "Date of birth",
    Field.SEX: "Sex",
    Field.ADDRESS: "Address",
    Field.CARER: "Parent or carer",
    Field.SERVICE: "Who is in contact, school or GP practice",
    Field.DATE_OF_DEATH: "Date of death",
}
BASIS_WORDS = {
    Basis.CHILD: "The child told me",
    Basis.CARER: "A parent or carer told me",
    Basis.DOCUMENT: "I have seen a document",
    Basis.OWN_WORK: "I know it from my own work",
    Basis.COLLEAGUE: "A colleague told me",
}


class WhatIsWrongForm(forms.Form):
    """Which part of the record."""

    field = forms.ChoiceField(
        label="What is wrong?",
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": "Choose what is wrong", "invalid_choice": "Choose what is wrong"},
    )

    def __init__(self, items: Sequence[CorrectableItem], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        there = {item.field for item in items}
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            (field.value, words) for field, words in FIELD_WORDS.items() if field.value in there
        ]


class CorrectionForm(forms.Form):
    """Which source says so, what is right, how one knows."""

    record = forms.ChoiceField(
        label="Which source says what is wrong?",
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"required": "Choose the source", "invalid_choice": "Choose the source"},
    )
    right = TextField(
        label="What is right?",
        help_text=f"In at most {LONGEST} characters. Say only what this item should be.",
        max_length=LONGEST,
        error_messages={
            "required": "Say what is right",
            "max_length": f"Say what is right in at most {LONGEST} characters",
        },
    )
    basis = forms.ChoiceField(
        label="How do you know?",
        choices=[(basis.value, words) for basis, words in BASIS_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"required": "Choose how you know"},
    )

    def __init__(
        self, items: Sequence[tuple[CorrectableItem, str]], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.fields["record"].choices = [  # type: ignore[attr-defined]
            (str(item.record), f"{item.source_name}: {words}") for item, words in items
        ]
