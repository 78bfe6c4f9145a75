"""The forms of "Records to check": what one says of a case and why, and why it is taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from contactpoint.domain.matching import LONGEST_REASON, Verdict
from contactpoint.web.govuk.fields import TextField

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

    because = TextField(
        label="How do you know?",
        help_text=f"In at most {LONGEST_REASON} characters. Colleagues who look at it later read this.",
        **_REASON,
    )
    verdict = forms.ChoiceField(choices=[(one.value, one.value) for one in Verdict], widget=forms.HiddenInput)

    leaves = forms.MultipleChoiceField(
        label="Which of these go with the other part?",
        help_text="Chosen are those that are more like it. It counts only if you say: two children.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )

    def __init__(self, between: Sequence[tuple[str, bool]], data: Mapping[str, Any] | None = None) -> None:
        places = [str(place) for place in range(len(between))]
        chosen = [place for place, (_, leaves) in zip(places, between, strict=True) if leaves]
        super().__init__(data, initial={"leaves": chosen})
        self.fields["leaves"].choices = [  # type: ignore[attr-defined]
            (place, words) for place, (words, _) in zip(places, between, strict=True)
        ]

    def leaving(self) -> list[int]:
        """The places of those chosen."""
        return [int(place) for place in self.cleaned_data["leaves"]]


class UndoForm(forms.Form):
    """Why a decision is taken back."""

    because = TextField(label="Why do you take it back?", **_REASON)
