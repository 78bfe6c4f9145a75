"""The forms of consent: who agreed to what, who withdrew it, and a decision not to share."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django import forms

from contactpoint.domain.disclosure.consent_life import (
    LONGEST,
    ConsentSaid,
    Relation,
    WithoutConsent,
    does_whoever_agreed_decide,
)
from contactpoint.domain.disclosure.consents import NotSharedSaid, Withheld, WithheldBecause
from contactpoint.domain.involvement import ConsentBasis, ConsentScope
from contactpoint.web.forms.choices import YES_NO, radios
from contactpoint.web.forms.dates import coming_day
from contactpoint.web.govuk.fields import DateBoxesField, TextField

CONSENT_WORDS: Final = {
    ConsentBasis.CHILD: "The child",
    ConsentBasis.CARER: "A parent or carer",
    ConsentBasis.SIGNIFICANT_HARM: "Nobody: significant harm is suspected",
}
RELATION_WORDS: Final = {
    Relation.MOTHER: "Mother",
    Relation.FATHER: "Father",
    Relation.GUARDIAN: "Somebody else with parental responsibility",
    Relation.FOSTER_CARER: "Foster carer",
    Relation.AUTHORITY: "The authority that looks after the child",
    Relation.OTHER_CARER: "Another carer",
}
SCOPE_WORDS: Final = {
    ConsentScope.LISTED: "The service, who works there with the child, and their telephone number",
    ConsentScope.TEAM: "The service and its own telephone number, and nobody's name",
    ConsentScope.DESK: "Nothing: it is recorded so that the desk can pass on a message",
}
WITHOUT_WORDS: Final = {
    WithoutConsent.ASKING_ADDS_RISK: "Asking would put somebody in danger",
    WithoutConsent.NOBODY_TO_ASK: "Nobody who could agree can be reached in time",
    WithoutConsent.REFUSED: "They refused, and the harm that is feared weighs more",
}
WITHHELD_WORDS: Final = {
    Withheld.INVOLVEMENT: "That my service works with the child",
    Withheld.ANSWER: "An answer to somebody who asked",
    Withheld.INFORMATION: "Something we know about the child",
}
WITHHELD_BECAUSE_WORDS: Final = {
    WithheldBecause.REFUSED: "The child, or a parent or carer, does not agree",
    WithheldBecause.WORSE_FOR_CHILD: "Sharing it would be worse for the child than not sharing it",
    WithheldBecause.DANGER: "Sharing it could put somebody in danger",
    WithheldBecause.NOT_RELEVANT: "It does not matter for the child's safety or welfare",
    WithheldBecause.CONFIDENCE: "It was told in confidence that the law protects",
}
_NOT_CHOSEN: Final = "Choose who agreed"
_small = partial(radios, legend="")


def _named(label: str, hint: str = "", *, missing: str = "", required: bool = False) -> TextField:
    return TextField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        error_messages={"required": missing, "max_length": f"Keep it to {LONGEST} characters"},
    )


class ConsentFields(forms.Form):
    """Who agreed to what, until when; or who decided without. A form that has more asks for these besides."""

    understands = _small(
        "Does the child understand what it means that others see this?",
        YES_NO,
        "Say whether the child understands what it means",
        "You judge that, whatever their age. A child who understands decides for themselves.",
        required=False,
    )
    consent = _small(
        "Who agreed that this service may be shown?",
        [(basis.value, words) for basis, words in CONSENT_WORDS.items()],
        _NOT_CHOSEN,
    )
    relation = _small(
        "If a parent or carer agreed: who are they to the child?",
        [(relation.value, words) for relation, words in RELATION_WORDS.items()],
        "Say who they are to the child",
        required=False,
    )
    scope = _small(
        "What may others see, who open the record?",
        [(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        "Choose what others may see",
        required=False,
    )
    consent_until = DateBoxesField(
        label="Until when?",
        help_text="Like 3 9 2027. Leave it empty if they set no end: they are asked again after a year.",
        required=False,
        read=coming_day("the day until which they agreed", "3 9 2027"),
    )
    decided_by = _named(
        "If nobody agreed: who decided that significant harm is suspected?",
        "First and last name. They answer for it.",
    )
    decided_by_title = _named("Their role", "Like named doctor for safeguarding")
    without = _small(
        "Why did nobody agree?",
        [(reason.value, words) for reason, words in WITHOUT_WORDS.items()],
        "Choose why nobody agreed",
        required=False,
    )

    @property
    def consent_names(self) -> tuple[str, ...]:
        """The names of these fields, in their order."""
        return tuple(ConsentFields.base_fields)

    def clean(self) -> dict[str, Any]:
        """Ask for what belongs to the answer given, and for nothing else."""
        typed: dict[str, Any] = super().clean() or {}
        if self.asks_consent(typed) and typed.get("consent"):
            for name, wrong in _what_is_missing(typed):
                if name not in self.errors:
                    self.add_error(name, wrong)
        return typed

    def asks_consent(self, typed: Mapping[str, Any]) -> bool:  # noqa: ARG002 - others ask only of some services
        """Say whether the answers about consent count."""
        return True

    def agreed(self) -> ConsentSaid:
        """What was said, once the form is valid."""
        said = self.cleaned_data
        basis = ConsentBasis(said["consent"])
        if basis is ConsentBasis.SIGNIFICANT_HARM:
            return ConsentSaid(
                basis=basis,
                decided_by=said["decided_by"],
                decided_by_title=said["decided_by_title"],
                without=WithoutConsent(said["without"]),
            )
        return ConsentSaid(
            basis=basis,
            scope=ConsentScope(said["scope"]),
            until=said["consent_until"],
            understands=said["understands"] == "yes",
            relation=Relation(said["relation"]) if basis is ConsentBasis.CARER else None,
        )


def _what_is_missing(typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    basis = ConsentBasis(typed["consent"])
    if basis is ConsentBasis.SIGNIFICANT_HARM:
        needed = {
            "decided_by": "Enter who decided that significant harm is suspected",
            "decided_by_title": "Enter their role, like named doctor for safeguarding",
            "without": "Choose why nobody agreed",
        }
        return [(name, words) for name, words in needed.items() if not typed.get(name)]
    wrong = []
    if not typed.get("understands"):
        wrong.append(("understands", "Say whether the child understands what it means"))
    elif not does_whoever_agreed_decide(basis, understands=typed["understands"] == "yes"):
        wrong.append(("consent", "A child who understands decides; otherwise a parent or carer does"))
    if basis is ConsentBasis.CARER and not typed.get("relation"):
        wrong.append(("relation", "Say who they are to the child"))
    if not typed.get("scope"):
        wrong.append(("scope", "Choose what others may see"))
    return wrong


class WithdrawForm(forms.Form):
    """Who does not agree any more."""

    withdrawn_by = _small(
        "Who does not agree any more?",
        [
            (basis.value, words)
            for basis, words in CONSENT_WORDS.items()
            if basis is not ConsentBasis.SIGNIFICANT_HARM
        ],
        "Choose who does not agree any more",
    )

    def chosen(self) -> ConsentBasis:
        """Who, once the form is valid."""
        return ConsentBasis(self.cleaned_data["withdrawn_by"])


class NotSharedForm(forms.Form):
    """What is not shared, why, and who decided; nothing of what it is (R17)."""

    what = _small(
        "What is not shared?",
        [(what.value, words) for what, words in WITHHELD_WORDS.items()],
        "Choose what is not shared",
    )
    reason = _small(
        "Why?", [(reason.value, words) for reason, words in WITHHELD_BECAUSE_WORDS.items()], "Choose why"
    )
    decided_by = _named(
        "Who decided?", "First and last name. They answer for it.", required=True, missing="Enter who decided"
    )
    decided_by_title = _named(
        "Their role", required=True, missing="Enter the role of whoever decided, like head of service"
    )

    def said(self) -> NotSharedSaid:
        """What was decided, once the form is valid."""
        typed = self.cleaned_data
        return NotSharedSaid(
            what=Withheld(typed["what"]),
            reason=WithheldBecause(typed["reason"]),
            decided_by=typed["decided_by"],
            decided_by_title=typed["decided_by_title"],
        )
