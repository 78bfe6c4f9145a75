"""How somebody comes to ask about a child with whom no record says that they work."""

from typing import Any

from django import forms

from contactpoint.domain.disclosure.relationship import LONGEST, OFFERED, Came, HowCome
from contactpoint.web.govuk.fields import TextField
from contactpoint.web.presenters.how_come import CAME_WORDS


class HowComeForm(forms.Form):
    """One answer, chosen by nobody beforehand (R9)."""

    how = forms.ChoiceField(
        label="How do you come to ask about this child?",
        choices=[(one.value, CAME_WORDS[one]) for one in OFFERED],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={
            "required": "Choose how you come to ask",
            "invalid_choice": "Choose how you come to ask",
        },
    )
    how_text = TextField(
        label="If something else, say what",
        help_text="Write no child's name.",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": f"Keep this to {LONGEST} characters"},
    )

    def clean(self) -> dict[str, Any]:
        """Something else is said in words."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("how") == Came.OTHER.value and not (said.get("how_text") or "").strip():
            self.add_error("how_text", "Say how you come to ask")
        return said

    @property
    def said(self) -> HowCome:
        """The answer of a valid form."""
        text = self.cleaned_data["how_text"] if self.cleaned_data["how"] == Came.OTHER.value else None
        return HowCome(code=Came(self.cleaned_data["how"]), text=text)
