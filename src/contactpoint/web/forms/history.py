"""What to ask of a record's history: which item, and which day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField
from contactpoint.web.presenters.history import FIELD_WORDS


class HistoryForm(forms.Form):
    """One item and one day; a day left empty is today."""

    field = forms.ChoiceField(
        label="Which item?",
        widget=forms.Select,
        error_messages={"required": "Choose an item", "invalid_choice": "Choose an item"},
    )
    on = DateBoxesField(
        label="On which day?",
        help_text="Like 31 5 2026. Leave it empty for today.",
        required=False,
        read=past_day("the day", "31 5 2026"),
    )

    def __init__(self, fields: Sequence[HistoryField], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        choices = [(field.value, FIELD_WORDS[field]) for field in fields]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]

    def asked(self, today: date) -> tuple[HistoryField, date]:
        """What was asked, once valid."""
        return HistoryField(self.cleaned_data["field"]), self.cleaned_data["on"] or today
