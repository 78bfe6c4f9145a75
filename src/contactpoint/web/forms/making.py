"""What is said of a child of whom a record is made by hand; who it is was said by the search (R23)."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contactpoint.domain.criteria import Criteria
from contactpoint.domain.making import HandMade, MakeReason, who_was_searched_for
from contactpoint.domain.people import Sex
from contactpoint.web.forms.choices import radios
from contactpoint.web.govuk.fields import TextField

REASON_WORDS = {
    MakeReason.NEW_TO_ENGLAND: "They have just come to England",
    MakeReason.JUST_BORN: "They are just born, and not registered yet",
    MakeReason.UNACCOMPANIED: "They came without anybody who looks after them",
    MakeReason.NOT_TOLD_YET: "They have been here, but no source has told of them",
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


class MakeForm(forms.Form):
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

    def __init__(self, *, some_are_near: bool, data: Any = None) -> None:
        super().__init__(data)
        if not some_are_near:
            del self.fields["none_of_these"]

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

    def child(self, criteria: Criteria) -> HandMade:
        """What is said, of whom was searched for."""
        said = self.cleaned_data
        forename, surname = who_was_searched_for(criteria)
        texts = ("known_as", "address", "postcode", "carer_forename", "carer_surname")
        rest = ("carer_relationship", "carer_phone")
        assert criteria.date_of_birth is not None  # noqa: S101 - the rule asked for it before the form was shown
        return HandMade(
            forename=forename,
            surname=surname,
            date_of_birth=criteria.date_of_birth,
            sex=Sex(said["sex"]) if said["sex"] else None,
            **{name: said[name] for name in (*texts, *rest)},
        )
