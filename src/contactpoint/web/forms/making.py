"""What is said of a child of whom a record is made by hand; who it is was said by the search (R23)."""

import re
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contactpoint.domain.criteria import Criteria
from contactpoint.domain.making import CorrectReason, HandMade, MakeReason, who_was_searched_for
from contactpoint.domain.people import Sex
from contactpoint.web.forms.choices import radios
from contactpoint.web.forms.dates import past_day
from contactpoint.web.forms.keeping import boxes
from contactpoint.web.govuk.fields import DateBoxesField, TextField

REASON_WORDS = {
    MakeReason.NEW_TO_ENGLAND: "They have just come to England",
    MakeReason.JUST_BORN: "They are just born, and not registered yet",
    MakeReason.UNACCOMPANIED: "They came without anybody who looks after them",
    MakeReason.NOT_TOLD_YET: "They have been here, but no source has told of them",
}
CORRECT_REASON_WORDS = {
    CorrectReason.MISTYPED: "It was typed wrongly",
    CorrectReason.TOLD_WRONG: "We were told something wrong",
    CorrectReason.DOCUMENT: "A document shows what is right",
    CorrectReason.CHANGED_SINCE: "It has changed since",
    CorrectReason.PUT_BACK: "An earlier correction was wrong",
}
_SEXES = (("F", "Female"), ("M", "Male"), ("", "Not known"))
_NAME = re.compile(r"[^\W\d_].*")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")


def _text(label: str, hint: str = "", *, longest: int = 80, name: bool = False) -> TextField:
    return TextField(
        label=label,
        help_text=hint,
        required=False,
        max_length=longest,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Keep this to {longest} characters"},
        validators=[_a_name] if name else [],
    )


def _a_name(text: str) -> None:
    if not _NAME.fullmatch(text):
        raise ValidationError("Begin with a letter")


class SaidByHandForm(forms.Form):
    """What may be said of a child by hand beside name and birth date."""

    known_as = _text("Known as", "If they go by another name", name=True)
    sex = forms.ChoiceField(
        label="Sex",
        choices=_SEXES,
        required=False,
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
    )
    address = _text("Address", "On one line, without the postcode", longest=160)
    postcode = _text("Postcode", longest=8)
    carer_forename = _text("A carer's first name", name=True)
    carer_surname = _text("A carer's last name", name=True)
    carer_relationship = _text("What the carer is to the child", "Like mother", longest=40, name=True)
    carer_phone = _text("The carer's telephone", longest=24)

    def clean_postcode(self) -> str:
        """A whole postcode, in capitals, with its space."""
        text = "".join(str(self.cleaned_data["postcode"]).upper().split())
        if text and not _POSTCODE.fullmatch(text):
            raise ValidationError("Enter a postcode like OL1 4AB")
        return f"{text[:-3]} {text[-3:]}" if text else ""

    def clean_carer_phone(self) -> str:
        """A telephone number with enough figures to be one."""
        text = str(self.cleaned_data["carer_phone"])
        if text and not 6 <= sum(letter.isdigit() for letter in text) <= 15:
            raise ValidationError("Enter a telephone number like 0161 496 0123")
        return text

    def said_of(self, *, forename: str, surname: str, born: date) -> HandMade:
        """What is said, of whom."""
        said = self.cleaned_data
        texts = ("known_as", "address", "postcode", "carer_forename", "carer_surname")
        rest = ("carer_relationship", "carer_phone")
        return HandMade(
            forename=forename,
            surname=surname,
            date_of_birth=born,
            sex=Sex(said["sex"]) if said["sex"] else None,
            **{name: said[name] for name in (*texts, *rest)},
        )


class MakeForm(SaidByHandForm):
    """Why, and what else is known. Name and birth date are those that were searched for."""

    none_of_these = radios(
        "Is it one of these?",
        [("none", "No: I looked at each of them")],
        "Look at each child, and say that it is none of them",
    )
    reason = radios(
        "Why is there no record yet?",
        [(one.value, words) for one, words in REASON_WORDS.items()],
        "Choose why there is no record yet",
    )
    field_order = ("none_of_these", "reason")

    def __init__(self, *, some_are_near: bool, data: Any = None) -> None:
        super().__init__(data)
        if not some_are_near:
            del self.fields["none_of_these"]

    def child(self, criteria: Criteria) -> HandMade:
        """What is said, of whom was searched for."""
        forename, surname = who_was_searched_for(criteria)
        assert criteria.date_of_birth is not None  # noqa: S101 - the rule asked for it before the form was shown
        return self.said_of(forename=forename, surname=surname, born=criteria.date_of_birth)


class CorrectByHandForm(SaidByHandForm):
    """All of what was said by hand, as it is right, and why it is corrected."""

    forename = _text("First name", name=True)
    surname = TextField(
        label="Last name",
        max_length=80,
        validators=[_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the last name", "max_length": "Keep this to 80 characters"},
    )
    date_of_birth = DateBoxesField(
        label="Date of birth",
        help_text="Like 14 2 2019",
        read=past_day("the date of birth", "14 2 2019"),
        error_messages={"required": "Enter the date of birth like 14 2 2019"},
    )
    reason = radios(
        "Why is it corrected?",
        [(one.value, words) for one, words in CORRECT_REASON_WORDS.items()],
        "Choose why it is corrected",
    )
    field_order = ("forename", "surname", "date_of_birth")

    def __init__(self, said: HandMade, before: HandMade | None = None, data: Any = None) -> None:
        start = before or said
        initial = {one.name: getattr(start, one.name) for one in fields(HandMade)}
        initial["date_of_birth"] = boxes(start.date_of_birth)
        super().__init__(data, initial={**initial, "sex": start.sex.value if start.sex else ""})
        self._said = said

    def clean(self) -> dict[str, Any]:
        """Something is other than it was."""
        typed = super().clean() or {}
        if not self.errors and self.right == self._said:
            self.add_error("surname", "Change what is wrong, or go back: nothing is other than it was")
        return typed

    @property
    def right(self) -> HandMade:
        """What is right, once the form is valid."""
        said = self.cleaned_data
        return self.said_of(forename=said["forename"], surname=said["surname"], born=said["date_of_birth"])
