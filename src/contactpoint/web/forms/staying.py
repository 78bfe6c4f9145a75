"""The form of a young person's own consent to stay until 25."""

from django import forms

from contactpoint.web.forms.choices import radios
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField


class StayingForm(forms.Form):
    """When they agreed, and that it was they: nobody agrees for them (R16)."""

    given_on = DateBoxesField(
        label="When did they agree?",
        help_text="Like 27 3 2026.",
        read=past_day("the day", "27 3 2026"),
        error_messages={"required": "Enter the day on which they agreed"},
    )
    themselves = radios(
        "Who agreed?",
        [("they", "They themselves, having been told what stays and until when"), ("other", "Somebody else")],
        "Choose who agreed",
    )

    def clean_themselves(self) -> str:
        """Nobody agrees for them."""
        if self.cleaned_data["themselves"] != "they":
            raise forms.ValidationError("Nobody can agree for them: ask them, and record it once they have")
        return "they"
