"""The form of a contact point: how a service is reached by day, at night and in school holidays."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from contactpoint.domain.directory import LONGEST, Reached
from contactpoint.domain.involvement import SERVICES
from contactpoint.web.govuk.fields import TextField


class NewPointForm(forms.Form):
    """Which service of which body."""

    organisation = forms.ChoiceField(
        label="Whose service is it?",
        error_messages={"required": "Choose an organisation", "invalid_choice": "Choose from the list"},
    )
    service = forms.ChoiceField(
        label="Which service?",
        choices=[("", "Choose one"), *((code, one.name) for code, one in SERVICES.items())],
        error_messages={"required": "Choose a service", "invalid_choice": "Choose from the list"},
    )

    def __init__(self, bodies: Iterable[tuple[str, str]], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose one"), *bodies]


class PointForm(forms.Form):
    """Telephone, hours, night and school-holiday cover."""

    phone = TextField(
        label="Telephone number of the service",
        max_length=LONGEST["phone"],
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter the telephone number of the service"},
    )
    hours = TextField(
        label="When is it answered?",
        help_text="Like weekdays 8.30 to 5",
        max_length=LONGEST["hours"],
        error_messages={"required": "Enter when it is answered, like weekdays 8.30 to 5"},
    )
    night = TextField(
        label="Who answers at night and at weekends?",
        help_text="A number and a time, like 0161 496 0999, any time. Leave it empty if nobody does.",
        max_length=LONGEST["night"],
        required=False,
    )
    holidays = TextField(
        label="Who answers in school holidays?",
        help_text="Leave it empty if nothing is different then.",
        max_length=LONGEST["holidays"],
        required=False,
    )

    def __init__(self, reached: Reached | None, data: Mapping[str, Any] | None = None) -> None:
        initial = {name: getattr(reached, name) for name in LONGEST} if reached else {}
        super().__init__(data, initial=initial)

    def said(self) -> Reached:
        """What was said, once the form is valid."""
        return Reached(**{name: self.cleaned_data[name].strip() for name in LONGEST})
