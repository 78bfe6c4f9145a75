"""The forms of "Records to check": what one says of a case and why, and why it is taken back."""

from typing import Any

from django import forms

from contactpoint.domain.matching import LONGEST_REASON, Verdict

_REASON: dict[str, Any] = {
    # An area, not a line: Enter in a line would press the first button, and join two records.
    "widget": forms.Textarea(attrs={"rows": 2}),
    "max_length": LONGEST_REASON,
    "error_messages": {
        "required": "Say how you know",
        "max_length": f"Say how you know in at most {LONGEST_REASON} characters",
    },
}


class VerdictForm(forms.Form):
    """How somebody knows; what they say is the button they press."""

    because = forms.CharField(
        label="How do you know?",
        help_text=f"In at most {LONGEST_REASON} characters. Colleagues who look at it later read this.",
        **_REASON,
    )
    verdict = forms.ChoiceField(choices=[(one.value, one.value) for one in Verdict], widget=forms.HiddenInput)


class UndoForm(forms.Form):
    """Why a decision is taken back."""

    because = forms.CharField(label="Why do you take it back?", **_REASON)
