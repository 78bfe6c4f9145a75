"""The form of the service directory: name, kind, area; all of them may be left open."""

from collections.abc import Iterable
from typing import Any

from django import forms

from contactpoint.domain.service_search import LISTED, ServiceSought
from contactpoint.web.govuk.fields import TextField

_WRONG = {"invalid_choice": "Choose from the list"}


class ServicesForm(forms.Form):
    """Which services to list."""

    words = TextField(
        label="Name of the organisation",
        help_text="Or part of it, like Broadfield. Never a child's name: nothing here is about a child.",
        max_length=80,
        required=False,
    )
    service = forms.ChoiceField(
        label="Which service?",
        choices=[("", "Any"), *((one.code, one.name) for one in LISTED)],
        required=False,
        error_messages=_WRONG,
    )
    authority = forms.ChoiceField(label="In which area?", required=False, error_messages=_WRONG)

    def __init__(self, areas: Iterable[tuple[str, str]], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        area = self.fields["authority"]
        if isinstance(area, forms.ChoiceField):
            area.choices = [("", "All of England"), *areas]

    def sought(self) -> ServiceSought:
        """What is looked for, once the form is valid."""
        return ServiceSought(**{name: self.cleaned_data[name].strip() for name in self.fields})
