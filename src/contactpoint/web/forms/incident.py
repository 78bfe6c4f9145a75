"""The form that shuts access: what, and why."""

from typing import Any

from django import forms

from contactpoint.domain.incident import LONGEST_REASON, Scope
from contactpoint.web.govuk.fields import TextField

SCOPES = (
    (Scope.ORGANISATION.value, "The people of one organisation"),
    (Scope.FEED.value, "What one feed brings"),
    (Scope.NATIONAL.value, "Everybody in England: a second person has to agree"),
)


class ShutForm(forms.Form):
    """What to shut, its code where it has one, and why."""

    scope = forms.ChoiceField(
        label="What is to be shut?",
        choices=SCOPES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is to be shut",
            "invalid_choice": "Choose what is to be shut",
        },
    )
    code = TextField(
        label="Code of the organisation or feed",
        help_text="As in the list of feeds or of organisations. Leave it empty for everybody.",
        max_length=48,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "none"}),
    )
    because = TextField(
        label="Why?",
        help_text="Those who are shut out do not see this; it is kept with the incident.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Say why",
        },
    )

    def clean(self) -> dict[str, Any]:
        """A code belongs to an organisation or a feed, and to nothing else."""
        typed = super().clean() or {}
        national = typed.get("scope") == Scope.NATIONAL.value
        if typed.get("scope") and not national and not typed.get("code", "").strip():
            self.add_error("code", "Enter the code of the organisation or feed")
        return {**typed, "code": "" if national else typed.get("code", "").strip()}
