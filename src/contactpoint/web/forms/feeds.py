"""Forms of a feed's page: hand in a file, pause."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import forms

from contactpoint.supply.places import read_name, safe_name
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField, TextField

KINDS = (("full", "Everything the source holds"), ("delta", "Only what is new or changed"))


class UploadForm(forms.Form):
    """A file; and what its name does not say."""

    file = forms.FileField(
        label="File",
        help_text="A CSV file in UTF-8 with commas, as it is or packed as .csv.gz",
        widget=forms.FileInput(attrs={"accept": ".csv,.gz"}),
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )
    kind = forms.ChoiceField(
        label="What does it hold?", choices=KINDS, widget=forms.RadioSelect, required=False
    )
    as_at = DateBoxesField(
        label="Which day does it speak for?",
        help_text="Like 3 9 2026",
        required=False,
        read=past_day("the day it speaks for", "3 9 2026"),
    )

    def __init__(
        self,
        source: str,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        too_large: str = "",
    ) -> None:
        super().__init__(data, files)
        self._source = source
        if too_large:
            self.fields["file"].error_messages["required"] = too_large

    def clean(self) -> dict[str, Any]:
        """Read the file's name; ask only for what it does not say."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            return cleaned
        cleaned["name"] = safe_name(file.name)
        if not cleaned["name"].endswith((".csv", ".csv.gz")):
            self.add_error("file", "The file must be a CSV file: its name ends in .csv or .csv.gz")
            return cleaned
        said = read_name(Path(cleaned["name"]))
        if said is None:
            self._ask_for_the_rest(cleaned)
        elif said.source != self._source:
            self.add_error("file", f"{cleaned['name']} is a file of {said.source}, not of {self._source}")
        elif (cleaned["kind"] or said.kind) != said.kind or (cleaned["as_at"] or said.as_at) != said.as_at:
            self.add_error("file", "The name of the file says another day, or that it holds something else")
        return cleaned

    def _ask_for_the_rest(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("kind") and "kind" not in self.errors:
            self.add_error("kind", "Say what the file holds")
        if not cleaned.get("as_at") and "as_at" not in self.errors:
            self.add_error(
                "as_at", forms.ValidationError("Enter the day it speaks for like 3 9 2026", code="day")
            )


class PauseForm(forms.Form):
    """Why a feed is paused."""

    because = TextField(
        label="Why? Everybody who sends a file of it reads this",
        max_length=200,
        error_messages={"required": "Say why, so that those who send files know what to do"},
    )
