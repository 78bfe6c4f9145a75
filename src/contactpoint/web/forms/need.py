"""Why one more record is needed, of whoever has opened very many."""

from django import forms

from contactpoint.domain.disclosure.trawling import check_need
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.govuk.fields import TextField


class NeedForm(forms.Form):
    """One sentence."""

    need = TextField(
        label="Why do you need this record?",
        help_text="It is recorded with the look. Write no child's name.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why you need this record"},
    )

    def clean_need(self) -> str:
        """Say something, and not too much."""
        try:
            return check_need(self.cleaned_data["need"])
        except InvalidInput as fault:
            raise forms.ValidationError(str(fault).rstrip(".")) from fault
