"""The forms of the roll-out: plan a wave, take a step of one, say that existing protections were checked."""

import re
from typing import Any, Final

from django import forms

from contactpoint.actions.run.rollout import FIRST
from contactpoint.domain.rollout import (
    LONGEST_NAME,
    LONGEST_REASON,
    NEEDS_REASON,
    ShieldsHow,
    WaveKind,
    WavePlan,
    WaveStep,
)
from contactpoint.web.forms.dates import coming_day
from contactpoint.web.govuk.fields import DateBoxesField, TextField

KIND_WORDS: Final = {
    WaveKind.PATHFINDER: "Pathfinder: the first areas",
    WaveKind.NATIONAL: "National: once a pathfinder is open",
}
HOW_WORDS: Final = {
    ShieldsHow.LOADED: "All that there were are in the directory, and I have checked each of them",
    ShieldsHow.NONE: "There were none",
}
_KIND = "Choose what kind of wave it is"
_HOW = "Choose what is true of your area"


class PlanForm(forms.Form):
    """A wave: its name, kind, day, and bodies by code."""

    name = TextField(
        label="Name of the wave",
        help_text="Like North West pathfinders",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter a name for the wave"},
    )
    kind = forms.ChoiceField(
        label="What kind of wave is it?",
        choices=[(one.value, words) for one, words in KIND_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"required": _KIND, "invalid_choice": _KIND},
    )
    planned_on = DateBoxesField(
        label="When is it to open?",
        read=coming_day("the day on which it is to open", "1 3 2027"),
        help_text="For example 1 3 2027",
        error_messages={"required": "Enter the day on which it is to open like 1 3 2027"},
    )
    bodies = TextField(
        label="Which authorities and partners?",
        help_text="Their codes, one a line, like la-353. All who work in an authority’s area open with it.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter at least one code"},
    )

    all_wait = forms.BooleanField(
        label="I mean that everybody in England waits until their wave is open",
        error_messages={"required": FIRST},
    )

    def __init__(self, *, first: bool, **kwargs: Any) -> None:
        """The first wave shuts everybody out who is in none: whoever plans it says that this is meant."""
        super().__init__(**kwargs)
        if not first:
            del self.fields["all_wait"]

    def plan(self) -> WavePlan:
        """What was planned, once the form is valid.

        Raises:
            InvalidInput: it names a body twice, or none.
        """
        said = self.cleaned_data
        return WavePlan(
            name=said["name"].strip(),
            kind=WaveKind(said["kind"]),
            planned_on=said["planned_on"],
            bodies=tuple(code for code in re.split(r"[\s,;]+", said["bodies"]) if code),
        )


class StepForm(forms.Form):
    """A step of a wave, with a reason where it needs one."""

    because = TextField(
        label="Why?",
        help_text="Say nothing of a child here.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why"},
    )

    def __init__(self, step: WaveStep, **kwargs: Any) -> None:
        """Opening needs no reason."""
        super().__init__(**kwargs)
        if step not in NEEDS_REASON:
            del self.fields["because"]


class ShieldsForm(forms.Form):
    """What a shield desk says of the protections that there were."""

    how = forms.ChoiceField(
        label="What about the protections that there were before?",
        choices=[(one.value, words) for one, words in HOW_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": _HOW, "invalid_choice": _HOW},
    )
