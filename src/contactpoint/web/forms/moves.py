"""What somebody says of a child who moves between authorities."""

from collections.abc import Iterable
from typing import Any

from django import forms

from contactpoint.domain.moves import NEEDS_REASON, MoveReason, MoveStep
from contactpoint.web.govuk.fields import TextField

REASON_WORDS = {
    MoveReason.NOT_HERE: "The child does not live in the new authority",
    MoveReason.PLACED: "The old authority placed the child there and stays responsible",
    MoveReason.FOR_A_WHILE: "The child is away only for a while",
    MoveReason.WRONG_DATA: "What is held is wrong",
}
_MISSING = "Choose what you say"
_WHY = "Choose why"
_TICK = "Tick the children whom you accept"


class AcceptForm(forms.Form):
    """The children who come that are accepted together, by the handles of their moves."""

    ticked = TextField(label="Children who come", error_messages={"required": _TICK})


class MoveForm(forms.Form):
    """What is said, and why if it is no; none is chosen beforehand."""

    step = forms.ChoiceField(
        label="What do you say?",
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": _MISSING, "invalid_choice": _MISSING},
    )
    reason = forms.ChoiceField(
        label="If you decline or object, why?",
        choices=[(one.value, words) for one, words in REASON_WORDS.items()],
        required=False,
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"invalid_choice": _WHY},
    )

    def __init__(self, steps: Iterable[tuple[MoveStep, str]], **kwargs: Any) -> None:
        """Offer only what may be said now, and a reason where one of it needs one."""
        super().__init__(**kwargs)
        offered = dict(steps)
        self.fields["step"].choices = [(one.value, words) for one, words in offered.items()]  # type: ignore[attr-defined]
        if not NEEDS_REASON & offered.keys():
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Whoever says no says why."""
        cleaned = super().clean() or {}
        step = cleaned.get("step")
        if step and MoveStep(step) in NEEDS_REASON and not cleaned.get("reason"):
            self.add_error("reason", _WHY)
        return cleaned

    @property
    def said(self) -> tuple[MoveStep, MoveReason | None]:
        """The step, and the reason where it needs one."""
        step = MoveStep(self.cleaned_data["step"])
        return step, MoveReason(self.cleaned_data["reason"]) if step in NEEDS_REASON else None
