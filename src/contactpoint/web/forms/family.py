"""The forms around a family who asks what is held: how it was shown that they may, and what they are told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.family.asking import (
    REASONS,
    Asker,
    Because,
    Entitlement,
    FamilyAsking,
    FamilyStep,
    Identity,
)
from contactpoint.web.forms.choices import radios
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField

ASKER_WORDS = {
    Asker.CHILD: "The child, who is judged able to understand what they ask",
    Asker.PARENT: "A parent with parental responsibility",
    Asker.REPRESENTATIVE: "Somebody who represents one of them",
}
IDENTITY_WORDS = {
    Identity.DOCUMENT: "A passport, driving licence or other document with a photograph, seen by us",
    Identity.KNOWN: "A practitioner who knows them vouches for them",
    Identity.TWO_LETTERS: "Two letters of the last three months from public bodies, seen by us",
    Identity.NOT_SHOWN: "Not yet",
}
ENTITLEMENT_WORDS = {
    Entitlement.UNDERSTANDS: "The child: somebody who knows them judges that they understand",
    Entitlement.BIRTH_CERTIFICATE: "A parent: named on the birth certificate",
    Entitlement.COURT_ORDER: "A parent or representative: an order of a court",
    Entitlement.AGREEMENT: "A parent: a parental responsibility agreement",
    Entitlement.CHILDS_AUTHORITY: "A representative: asked in writing by a child who understands",
    Entitlement.PARENTS_AUTHORITY: "A representative: asked in writing by such a parent",
    Entitlement.NOT_SHOWN: "Not yet",
}
BECAUSE_WORDS = {
    Because.COMPLEX: "It is complex",
    Because.MANY: "They asked for many things at once",
    Because.NOT_SHOWN: "It was not shown who asks, or that they may",
    Because.CHILD_OBJECTS: "The child understands, and does not want it",
    Because.EXCESSIVE: "It is plainly unfounded or excessive",
    Because.NOTHING_TO_GIVE: "We hold nothing that we have to give",
}
NO_DANGER, DANGER = "no", "may_be"


class FamilyAskForm(forms.Form):
    """Who asks, and how they showed who they are and that they may; codes, never a copy (R17, R60)."""

    asker = radios("Who asks?", [(one.value, words) for one, words in ASKER_WORDS.items()], "Choose who asks")
    identity = radios(
        "How did they show who they are?",
        [(one.value, words) for one, words in IDENTITY_WORDS.items()],
        "Choose how they showed who they are",
        "Keep no copy of anything.",
    )
    entitlement = radios(
        "How did they show that they may ask?",
        [(one.value, words) for one, words in ENTITLEMENT_WORDS.items()],
        "Choose how they showed that they may ask",
    )
    received_on = DateBoxesField(
        label="When did they ask, and show this?",
        help_text="Like 27 3 2026. A month begins on that day.",
        read=past_day("the day", "27 3 2026"),
        error_messages={"required": "Enter the day on which they asked"},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what entitles nobody of that kind, at the field that says so."""
        typed = super().clean() or {}
        if {"asker", "identity", "entitlement", "received_on"} <= typed.keys():
            try:
                self.asking = FamilyAsking(
                    asker=Asker(typed["asker"]),
                    identity=Identity(typed["identity"]),
                    entitlement=Entitlement(typed["entitlement"]),
                    received_on=typed["received_on"],
                )
            except InvalidInput as fault:
                self.add_error("entitlement", str(fault))
        return typed


class FamilyStepForm(forms.Form):
    """Why an answer takes longer, or is refused; nothing is asked where no reason is needed."""

    def __init__(self, step: FamilyStep, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        reasons = [one for one in BECAUSE_WORDS if one in REASONS.get(step, frozenset())]
        if reasons:
            self.fields["because"] = radios(
                "Why?", [(one.value, BECAUSE_WORDS[one]) for one in reasons], "Choose why"
            )

    def reason(self) -> Because | None:
        """The reason chosen, if one was asked for."""
        chosen = self.cleaned_data.get("because")
        return Because(chosen) if chosen else None


class FamilyTellForm(forms.Form):
    """Whether an answer could endanger anybody, and which homes and carers are the asker's own."""

    danger = radios(
        "Could anything in the answer put somebody in danger?",
        [
            (NO_DANGER, "No danger is known: I asked whoever works with the child"),
            (DANGER, "It may: pass it on to the national shield desk"),
        ],
        "Say whether anything in the answer could put somebody in danger",
        "The person who asks may be the one from whom somebody hides.",
    )

    def __init__(
        self,
        homes: Sequence[tuple[str, str]],
        carers: Sequence[tuple[str, str]],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        boxes = forms.CheckboxSelectMultiple(attrs={"legend": "govuk-fieldset__legend--m"})
        if homes:
            self.fields["homes"] = forms.MultipleChoiceField(
                label="At which of these homes was the person asking shown to live?",
                help_text="No other home is in the report. Choose none if you are not sure.",
                choices=list(homes),
                required=False,
                widget=boxes,
            )
        if carers:
            self.fields["carers"] = forms.MultipleChoiceField(
                label="Which of these people is asking?",
                help_text="No other carer is in the report.",
                choices=list(carers),
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"legend": "govuk-fieldset__legend--m"}),
            )

    def told(self) -> dict[str, list[str]]:
        """The keys of what may be told."""
        return {name: list(self.cleaned_data.get(name, ())) for name in ("homes", "carers")}
