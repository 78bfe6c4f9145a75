"""The forms of "Use to review" and of a manager's answer: what one says, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from contactpoint.domain.review.deciding import LONGEST_REASON
from contactpoint.web.govuk.fields import TextField


def _reason(label: str, missing: str, help_text: str) -> TextField:
    return TextField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        error_messages={"required": missing},
    )


class VerdictForm(forms.Form):
    """What a reviewer says of an access."""

    verdict = forms.ChoiceField(
        label="What do you say?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you say of it",
            "invalid_choice": "Choose what you say of it",
        },
    )
    because = _reason(
        "Why, or what do you ask?",
        "Say why, or what you ask",
        "Whoever looks at it later reads this. Write no child's name and no address.",
    )

    def __init__(self, choices: Sequence[tuple[str, str]], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["verdict"].choices = choices  # type: ignore[attr-defined]


class SignOffForm(forms.Form):
    """What a reviewer says of a month."""

    because = _reason(
        "What did you find, and what will change?",
        "Say what you found",
        "It is kept with the figures and cannot be changed afterwards.",
    )


class AnswerForm(forms.Form):
    """What a manager answers a reviewer."""

    said = _reason(
        "What do you know about it?",
        "Say what you know about it",
        "The reviewer reads this and decides. Write no child's name.",
    )
