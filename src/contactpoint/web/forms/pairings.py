"""The form of pairing two authorities: whose desk, whose second, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from contactpoint.domain.pairings import Desk
from contactpoint.domain.two_people import LONGEST_REASON
from contactpoint.web.govuk.fields import TextField

NOBODY = "none"


class PairingForm(forms.Form):
    """Both authorities by name."""

    authority = forms.ChoiceField(
        label="Which authority needs a second desk?",
        error_messages={"required": "Choose an authority", "invalid_choice": "Choose an authority"},
    )
    second = forms.ChoiceField(
        label="Whose shield desk is its second?",
        error_messages={
            "required": "Choose whose desk is its second, or that none is",
            "invalid_choice": "Choose whose desk is its second, or that none is",
        },
    )
    both_ways = forms.BooleanField(
        label="Each is the second of the other",
        required=False,
    )
    because = TextField(
        label="Why?",
        help_text="It is recorded. Write nothing about a child.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why"},
    )

    def __init__(self, desks: Sequence[Desk], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        named = [(one.authority, one.name) for one in desks]
        self.fields["authority"].choices = [("", "Choose"), *named]  # type: ignore[attr-defined]
        none = (NOBODY, "No authority’s: the national desk alone")
        self.fields["second"].choices = [("", "Choose"), none, *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two authorities, not one."""
        said = super().clean() or {}
        if said.get("authority") and said.get("authority") == said.get("second"):
            self.add_error("second", "Choose another authority: no desk is its own second")
        return said
