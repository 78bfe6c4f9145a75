"""The forms of protection: protect now, why a shield is opened, what was weighed, and safe contact."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.shield_desk import AttemptOutcome
from contactpoint.domain.disclosure.shield_life import (
    Contacted,
    Ground,
    HiddenReason,
    SafeContact,
    Threat,
    View,
    Way,
    Weighing,
)
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.forms.choices import YES_NO, radios
from contactpoint.web.govuk.fields import EmailField, TextField
from contactpoint.web.reasons import reason_choices

GROUND_WORDS = {
    Ground.DOMESTIC_ABUSE: "Domestic abuse, or a refuge",
    Ground.ADOPTION: "An adoption that is at risk",
    Ground.HIDDEN_LOCATION: "They are hidden from somebody who would harm them",
    Ground.PROTECTED_IDENTITY: "A protected identity",
}
THREAT_WORDS = {
    Threat.HARM_TO_CHILD: "The child could be seriously harmed",
    Threat.HARM_TO_CARER: "A parent or carer could be seriously harmed",
    Threat.PLACEMENT_ENDANGERED: "An adoptive placement would be endangered",
    Threat.NONE_KNOWN: "None of these is known",
}
VIEW_WORDS = {
    View.WANTS_IT: "Wants the protection",
    View.AGAINST_IT: "Is against it",
    View.NO_VIEW: "Has said nothing either way",
    View.NOT_SAFE_TO_ASK: "Could not safely be asked",
    View.TOO_YOUNG: "Is too young to say",
}
CONTACTED_WORDS = {
    Contacted.CHILD: "The child",
    Contacted.CARER: "The parent or carer whom it protects too",
    Contacted.WORKER: "A worker who sees them, for instance of the refuge",
    Contacted.NOBODY: "Nobody yet",
}
WAY_WORDS = {
    Way.IN_PERSON: "In person",
    Way.KNOWN_NUMBER: "On a number that we already knew to be theirs",
    Way.THROUGH_REFUGE: "Through the refuge",
    Way.THROUGH_POLICE: "Through the police",
    Way.NOT_SURE: "In another way, or they contacted us",
}
ATTEMPT_WORDS = {
    AttemptOutcome.ACTED: "We warned the family, the police or their manager",
    AttemptOutcome.CHANCE: "It was chance: they sought somebody else",
}
REASONS = (PurposeCode.SHIELD_DECISION, PurposeCode.SAFEGUARDING, PurposeCode.OTHER)


def _views(who: str, but: frozenset[View] = frozenset()) -> forms.ChoiceField:
    choices = [(view.value, words) for view, words in VIEW_WORDS.items() if view not in but]
    return radios(f"What does {who} say?", choices, f"Say what {who} says")


class ProtectForm(forms.Form):
    """Why this child must be protected."""

    ground = radios(
        "Why must this child be protected?",
        [(ground.value, words) for ground, words in GROUND_WORDS.items()],
        "Choose why this child must be protected",
    )


class ShieldReasonForm(forms.Form):
    """Why one opens a shield; "something else" says what (R9)."""

    purpose = radios("Why do you need to look?", lambda: reason_choices(*REASONS), "Choose a reason")
    purpose_text = TextField(
        label="If something else: what?", required=False, max_length=200,
        error_messages={"max_length": "Keep the reason to 200 characters"},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse an unexplained "something else"."""
        typed = super().clean() or {}
        if "purpose" in typed and "purpose_text" in typed:
            try:
                self.stated = self._purpose(typed)
            except InvalidInput as fault:
                self.add_error("purpose_text", str(fault).rstrip("."))
        return typed

    @staticmethod
    def _purpose(typed: Mapping[str, Any]) -> Purpose:
        code = PurposeCode(typed["purpose"])
        return Purpose(code=code, text=typed["purpose_text"] if code is PurposeCode.OTHER else None)


class KeepFromForm(ShieldReasonForm):
    """Which child is kept from whom, and why; the reason for looking is the one for deciding."""

    field_order = ("number", "email", "ground", "purpose", "purpose_text")
    number = TextField(
        label="Which child?",
        help_text="The ContactPoint number, as it stands on the record.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the child's ContactPoint number"},
    )
    email = EmailField(
        label="From whom?",
        help_text="The e-mail address with which they sign in.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter their e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    ground = radios(
        "Why must they never find this child?",
        [(ground.value, words) for ground, words in GROUND_WORDS.items()],
        "Choose why they must never find this child",
    )


class AttemptsForm(forms.Form):
    """What came of what they tried."""

    outcome = radios(
        "What came of it?",
        [(outcome.value, words) for outcome, words in ATTEMPT_WORDS.items()],
        "Say what came of it",
    )


class WeighingForm(forms.Form):
    """What was weighed: coded answers alone (R17, R28-R30)."""

    ground = radios(
        "Why is this child protected?",
        [(ground.value, words) for ground, words in GROUND_WORDS.items()],
        "Choose why this child is protected",
    )
    threat = radios(
        "What could happen if somebody learnt where the child is?",
        [(threat.value, words) for threat, words in THREAT_WORDS.items()],
        "Say what could happen if somebody learnt where the child is",
        "Neither an adoption nor a parent's job protects by itself.",
    )
    child = _views("the child")
    carers = _views("the parent or carer", frozenset({View.TOO_YOUNG}))
    practitioners = _views("whoever works with them", frozenset({View.TOO_YOUNG}))

    def weighing(self) -> Weighing:
        """What was weighed."""
        said = self.cleaned_data
        return Weighing(
            ground=Ground(said["ground"]),
            threat=Threat(said["threat"]),
            child=View(said["child"]),
            carers=View(said["carers"]),
            practitioners=View(said["practitioners"]),
        )


class SafeContactForm(forms.Form):
    """The record of safe contact before a lifting is asked for (R30)."""

    contacted = radios(
        "Whom did you speak with?",
        [(one.value, words) for one, words in CONTACTED_WORDS.items()],
        "Say whom you spoke with",
    )
    way = radios(
        "How did you reach them?",
        [(way.value, words) for way, words in WAY_WORDS.items()],
        "Say how you reached them",
        "In a way in which nobody else could have answered.",
    )
    alone = radios("Were they alone when they answered?", YES_NO, "Say whether they were alone")
    agrees = radios("Do they agree that it is lifted?", YES_NO, "Say whether they agree")

    def safe_contact(self) -> SafeContact:
        """What was said."""
        said = self.cleaned_data
        return SafeContact(
            contacted=Contacted(said["contacted"]),
            way=Way(said["way"]),
            alone=said["alone"] == "yes",
            agrees=said["agrees"] == "yes",
        )


HIDDEN_WORDS = {
    HiddenReason.BROKER: "To get somebody in touch with the child or the family",
    HiddenReason.DECIDE: "To decide about the protection",
    HiddenReason.DANGER: "The child or a carer is in danger",
}


class HiddenForm(forms.Form):
    """What somebody needs it for who reads what a shield hides (R32)."""

    reason = radios(
        "What do you need it for?",
        [(reason.value, words) for reason, words in HIDDEN_WORDS.items()],
        "Say what you need it for",
    )


class BreachForm(forms.Form):
    """What the desk decides about what was seen (R55)."""

    outcome = radios("Is it a breach?", [], "Decide whether it is a breach")

    def __init__(self, choices: Sequence[tuple[str, str]], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["outcome"].choices = list(choices)  # type: ignore[attr-defined]
