"""The forms of one organisation and one source, for whoever keeps the lists."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django import forms

from contactpoint.actions.run.bodies import SOURCE_CONTRACTS
from contactpoint.domain.bodies import BODY_FIELDS, BODY_KINDS, SOURCE_FIELDS
from contactpoint.domain.reference_lists import MISSING, RowFault
from contactpoint.web.forms.choices import radios
from contactpoint.web.govuk.fields import TextField
from contactpoint.web.presenters.reference import ONE_WORDS

ALL_OF_ENGLAND: Final = "All of England"
_NONE: Final = "No one authority"


def _text(
    label: str, longest: int, hint: str = "", missing: str = "", *, needed: str = "", **look: str
) -> TextField:
    """A text; `missing` asks for one that is needed, `needed` for one that sometimes is."""
    words = missing or needed
    return TextField(
        label=label,
        help_text=hint,
        max_length=longest,
        required=bool(missing),
        widget=forms.TextInput(attrs=look),
        error_messages={"required": words} if words else None,
    )


class _Said(forms.Form):
    """What both forms share: which area, and the faults that the rules find."""

    def __init__(
        self, areas: Iterable[tuple[str, str]], nowhere: str, *given: object, **named: object
    ) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]  # Django's own terms
        field = self.fields["authority"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", nowhere), *((code, f"{name} ({code})") for code, name in areas)]

    def show(self, faults: Iterable[RowFault]) -> None:
        """Put each fault beside its field, or above all where a field is not asked for."""
        for fault in faults:
            field = self.fields.get(fault.field)
            missing = field.error_messages.get("required") if field and fault.reason == MISSING else None
            self.add_error(fault.field if field else None, str(missing or fault.reason))


class BodyForm(_Said):
    """How an organisation is called, whose area it is in, and how it is reached."""

    name = _text("Name", 120, missing="Enter its name")
    authority = forms.ChoiceField(
        label="Whose area is it in?",
        help_text="A school and a GP practice are in one. A national partner is in none.",
        required=False,
        error_messages={"required": "Choose whose area it is in", "invalid_choice": "Choose from the list"},
    )
    phone = _text("Telephone number", 24, **{"inputmode": "tel", "class": "govuk-input--width-20"})
    hours = _text("When is it answered?", 80, "Like weekdays 8.30 to 5")
    cover = _text(
        "Who answers otherwise?", 160, "At night and in school holidays, like 0161 496 0999, any time"
    )
    address = _text("Address", 160, "Like Goddard Street, Oldham")
    postcode = _text("Postcode", 8, **{"class": "govuk-input--width-10"})

    def __init__(self, areas: Iterable[tuple[str, str]], *given: object, **named: object) -> None:
        super().__init__(areas, _NONE, *given, **named)

    def cells(self) -> dict[str, str]:
        """What was said, once the form is valid."""
        return {name: self.cleaned_data[name].strip() for name in BODY_FIELDS}


class NewBodyForm(BodyForm):
    """The same of one that is not here yet: what kind it is, and its code. Of an authority, its digits."""

    kind = radios(
        "What is it?", [(one.value, ONE_WORDS[one]) for one in BODY_KINDS], "Choose what it is",
        legend="govuk-fieldset__legend--s",
    )  # fmt: skip
    code = _text(
        "Code",
        32,
        "Of a school the URN, like 105734; of a practice or trust the ODS code, like P85001; of an authority "
        "la- and three digits, like la-353; of another a short word, like kids. It cannot be changed later.",
        "Enter its code",
        **{"class": "govuk-input--width-20"},
    )
    digits = _text(
        "Three digits, for an authority alone",
        3,
        "The number of the local authority, like 353. Leave it empty for anything else.",
        needed="Enter the three digits of the authority",
        **{"inputmode": "numeric", "class": "govuk-input--width-5"},
    )
    field_order = ("kind", "code", "name", "digits", *BODY_FIELDS[1:])

    def cells(self) -> dict[str, str]:
        """What was said; an authority is in its own area."""
        cells = super().cells()
        if self.cleaned_data["kind"] == "authority":
            cells["authority"] = self.cleaned_data["digits"].strip()
        return cells

    def show(self, faults: Iterable[RowFault]) -> None:
        """As of any, but an authority's digits are asked for in a box of their own."""
        own = self.cleaned_data["kind"] == "authority"
        super().show(
            RowFault(line=one.line, field="digits" if own and one.field == "authority" else one.field,
                     reason=one.reason)
            for one in faults
        )  # fmt: skip


class SourceForm(_Said):
    """How a source is called, who answers for it, what area it speaks for, and how often it tells."""

    name = _text("Name", 120, "Like School census, Oldham", "Enter its name")
    organisation = _text(
        "Which organisation answers for it?",
        120,
        "Its code, like la-353, or its whole name. Corrections and held files go to it, to the team of the "
        "authority below, and to the national team.",
        "Enter the code or the name of an organisation",
    )
    authority = forms.ChoiceField(
        label="Which area does it speak for?",
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    every = _text(
        "At most so many days between two deliveries",
        3,
        "After that it is told as late, and records say that it is stale.",
        "Enter a number of days, like 31",
        **{"inputmode": "numeric", "class": "govuk-input--width-5"},
    )

    def __init__(self, areas: Iterable[tuple[str, str]], *given: object, **named: object) -> None:
        super().__init__(areas, ALL_OF_ENGLAND, *given, **named)

    def cells(self, contract: str = "") -> dict[str, str]:
        """What was said, once the form is valid, under a contract that stays."""
        said = {"contract": contract, **self.cleaned_data}
        return {name: str(said[name]).strip() for name in SOURCE_FIELDS}


class NewSourceForm(SourceForm):
    """The same of one that is not here yet: its code, and the contract it sends by."""

    code = _text(
        "Code",
        48,
        "Small letters, digits and hyphens, like school-census-353. Its files are called by it: "
        "school-census-353_2026-11-01_full.csv. It cannot be changed later.",
        "Enter its code",
        **{"class": "govuk-input--width-20"},
    )
    contract = radios(
        "What does it send?",
        [(one.code, one.title) for one in SOURCE_CONTRACTS],
        "Choose what it sends",
        "Its contract: the columns of its files, and what it is believed about. It stays.",
        legend="govuk-fieldset__legend--s",
    )
    field_order = ("name", "code", "contract", "organisation", "authority", "every")


def as_typed(cells: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """What is known, as the first values of a form."""
    return {name: cells[name] for name in names}
