"""The search form: fields in the order and words of the page, and the criteria made of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.errors import InvalidIdentifier, InvalidInput
from contactpoint.domain.identifiers import nhs_number_is_valid, parse_child_number, upn_is_valid
from contactpoint.web.forms.dates import read_birth_date
from contactpoint.web.govuk.fields import DateBoxesField, TextField
from contactpoint.web.reasons import reason_choices

LONGEST = 100
ANYWHERE = ("", "Anywhere in England")
_AGE = re.compile(
    r"(?:about |around )?(\d{1,2})\s*(years?|yrs?|y|months?|mths?|m)?(?: old)?\.?", re.IGNORECASE
)


def _text(label: str, hint: str = "", *, css: str = "", **attrs: str) -> TextField:
    attrs = {"autocomplete": "off", "class": css, **attrs}
    return TextField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"max_length": f"Keep this to {LONGEST} characters"},
    )


class FindForm(forms.Form):
    """Why, and what is known. Only the reason is required by itself; none is chosen beforehand (R9)."""

    purpose = forms.ChoiceField(
        label="Why do you need to look?",
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={
            "required": "Choose why you need to look",
            "invalid_choice": "Choose why you need to look",
        },
    )
    purpose_text = _text("If something else, say what")
    forename = _text("First name", "Or the name they go by")
    surname = _text("Last name", "Any they have used")
    date_of_birth = DateBoxesField(
        label="Date of birth", help_text="Like 27 3 2019", required=False, read=read_birth_date
    )
    age = _text(
        "Or about how old",
        "In years, like 7. For a baby, 0.",
        css="govuk-input--width-3",
        inputmode="numeric",
    )
    carer_name = _text("A carer's name")
    phone = _text("A telephone number", css="govuk-input--width-20", inputmode="tel")
    place = _text("Postcode, or part of an address")
    school = _text("School")
    gp_practice = _text("GP practice")
    authority = forms.ChoiceField(label="Authority", required=False)
    number = _text(
        "I have a number",
        "An NHS number, a UPN, or a ContactPoint number like C\u00a0482\u00a0915\u00a0307\u00a0P",
        css="govuk-input--width-20",
    )

    def __init__(
        self,
        authorities: Sequence[tuple[str, str]],
        data: Mapping[str, Any] | None = None,
        *,
        answers_families: bool = False,
    ) -> None:
        super().__init__(data)
        offered = reason_choices()
        if answers_families:
            offered[-1:-1] = reason_choices(PurposeCode.FAMILY_ASKS)
        self.fields["purpose"].choices = offered  # type: ignore[attr-defined]
        self.fields["authority"].choices = [ANYWHERE, *authorities]  # type: ignore[attr-defined]
        self.criteria: Criteria | None = None
        self.stated: Purpose | None = None

    def clean_age(self) -> int | None:
        """An age in whole years; months are turned into years."""
        text = self.cleaned_data["age"].strip()
        if not text:
            return None
        match = _AGE.fullmatch(text)
        if not match:
            raise ValidationError("Enter an age in years, like 7")
        count = int(match[1])
        years = count // 12 if (match[2] or "").lower().startswith("m") else count
        if years > 25:
            raise ValidationError("Enter an age from 0 to 25")
        return years

    def clean_phone(self) -> str:
        """A telephone number with enough figures to be one."""
        text = str(self.cleaned_data["phone"])
        figures = sum(letter.isdigit() for letter in text)
        if text and not 6 <= figures <= 15:
            raise ValidationError("Enter a telephone number like 0161 496 0123")
        return text

    def clean_number(self) -> str:
        """A number of one of the three kinds, with its check figure right."""
        text = str(self.cleaned_data["number"])
        if not text or nhs_number_is_valid(text) or upn_is_valid(text):
            return text
        try:
            return parse_child_number(text)
        except InvalidIdentifier:
            raise ValidationError(_number_trouble(text)) from None

    def clean(self) -> dict[str, Any]:
        """Make the purpose and the criteria; what would be enough is said at the field to fill in next."""
        typed = super().clean() or {}
        self._clean_purpose(typed)
        if not any(name in self.errors for name in self.fields if not name.startswith("purpose")):
            self._clean_criteria(typed)
        return typed

    def _clean_purpose(self, typed: dict[str, Any]) -> None:
        code = typed.get("purpose")
        if not code or "purpose_text" in self.errors:
            return
        other = code == PurposeCode.OTHER
        try:
            self.stated = Purpose(code=PurposeCode(code), text=typed["purpose_text"] if other else None)
        except InvalidInput as trouble:
            self.add_error("purpose_text", str(trouble).rstrip("."))

    def _clean_criteria(self, typed: dict[str, Any]) -> None:
        known = {name: typed[name] if typed[name] != "" else None for name in CRITERIA_FIELDS}
        try:
            self.criteria = Criteria(**known)
        except InvalidInput as trouble:
            self.add_error(_fill_in_next(typed), str(trouble))


CRITERIA_FIELDS = (
    "forename",
    "surname",
    "date_of_birth",
    "age",
    "carer_name",
    "phone",
    "place",
    "school",
    "gp_practice",
    "authority",
    "number",
)


def _fill_in_next(typed: Mapping[str, Any]) -> str:
    """The field that would make a search wide enough: a name first, then what narrows it."""
    return "forename" if typed["surname"] else "surname"


def _number_trouble(text: str) -> str:
    plain = "".join(text.split()).replace("-", "")
    if len(plain) == 10 and plain.isdigit():
        return "This NHS number has a slip in it. Check each figure."
    if len(plain) == 13:
        return "This UPN has a slip in it. Check each figure."
    if len(plain) == 11 and plain[:1].upper() == "C":
        return "This ContactPoint number has a slip in it. Check each figure."
    return (
        "Enter an NHS number of 10 figures, a UPN of 13 letters and figures, or a ContactPoint number like "
        "C 482 915 307 P"
    )
