"""The forms of how a feed is read: a mapping and a file to try it over, and why it is asked for."""

from pathlib import Path
from typing import Any

from django import forms

from contactpoint.domain.source_mappings import MOST_BYTES
from contactpoint.domain.two_people import LONGEST_REASON
from contactpoint.supply.places import safe_name
from contactpoint.web.govuk.fields import SmallFileField, TextField


class TryForm(forms.Form):
    """A mapping, and a file of the feed."""

    mapping = SmallFileField(
        label="Mapping",
        help_text="A text file in TOML, such as the example below",
        most=MOST_BYTES,
        ends=".toml",
        error_messages={"required": "Choose the mapping"},
    )
    file = forms.FileField(
        label="A file of this feed to try it over (optional)",
        help_text="CSV, packed CSV or Parquet. Nothing of it is loaded, and it is deleted once it was tried. "
        "If you choose none, the last file that is still kept here is taken.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.parquet"}),
        error_messages={"empty": "The file is empty"},
    )

    def clean(self) -> dict[str, Any]:
        """Make the name of the file safe."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        cleaned["name"] = safe_name(file.name) if file else ""
        if file and not Path(cleaned["name"]).name.endswith((".csv", ".csv.gz", ".parquet")):
            self.add_error("file", "The name of the file must end in .csv, .csv.gz or .parquet")
        return cleaned


class AskForm(forms.Form):
    """Why a version is asked for."""

    because = TextField(
        label="Why?",
        help_text="For example: the council has a new system from 1 October. It is kept with the version.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why"},
    )
