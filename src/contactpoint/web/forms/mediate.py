"""The forms of looking for somebody who has no account: who asks, and what they know."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from contactpoint.actions.find.choices import organisations_like
from contactpoint.domain.disclosure.mediation import (
    LONGEST_NAME,
    LONGEST_TITLE,
    CheckedHow,
    Mediation,
    RequesterSaid,
)
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.forms.choices import YES_NO, radios
from contactpoint.web.forms.find import FindForm
from contactpoint.web.govuk.fields import EmailField, TextField
from contactpoint.web.reasons import reason_choices

CHECKED_WORDS = {
    CheckedHow.RANG_BACK: "I rang back on the number that is registered for their organisation",
    CheckedHow.HERE: "They are here, and I have seen their pass",
    CheckedHow.TAKEN_AT_WORD: "Not yet",
}


class RequesterForm(forms.Form):
    """Who asks, for whom, why, and how that was checked."""

    name = TextField(
        label="Who asks?",
        help_text="First and last name",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter the first and last name of whoever asks"},
    )
    title = TextField(
        label="Their role",
        help_text="Like youth worker",
        max_length=LONGEST_TITLE,
        error_messages={"required": "Enter their role, like youth worker"},
    )
    email = EmailField(
        label="Their e-mail address at work",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter their e-mail address at work",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    organisation = TextField(
        label="Their organisation",
        help_text="Its whole name, or its code",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter the name of their organisation"},
    )
    checked = radios(
        "How did you make sure who asks?",
        [(how.value, words) for how, words in CHECKED_WORDS.items()],
        "Say how you made sure who asks",
    )
    vouched = radios(
        "Has their organisation confirmed an enhanced check of the last three years, and training?",
        YES_NO,
        "Say whether their organisation has confirmed both",
        "Ask when you ring back. Whoever asks is checked as strictly as you were.",
    )
    purpose = radios(
        "Why do they need to know?",
        reason_choices,
        "Choose why they need to know",
    )
    purpose_text = TextField(
        label="If something else, say what", required=False, max_length=200,
        error_messages={"max_length": "Keep the reason to 200 characters"},
    )  # fmt: skip

    def clean_organisation(self) -> str:
        """The code of the organisation that has just that name or code."""
        typed = self.cleaned_data["organisation"]
        found = organisations_like(typed)
        same = [one.code for one in found if typed.casefold() in {one.name.casefold(), one.code.casefold()}]
        if len(same) == 1:
            return same[0]
        near = ", ".join(one.name for one in found[:5])
        words = (
            f"Enter its whole name or its code. Like it are: {near}"
            if near
            else ("No organisation here has that name or code. Ask what its code is")
        )
        raise forms.ValidationError(words)

    def clean(self) -> dict[str, Any]:
        """Refuse an unexplained "something else" (R9)."""
        typed = super().clean() or {}
        if "purpose" in typed and "purpose_text" in typed:
            try:
                self.stated = _purpose(typed)
            except InvalidInput as fault:
                self.add_error("purpose_text", str(fault).rstrip("."))
        return typed

    def said(self) -> RequesterSaid:
        """Who asks, once the form is valid."""
        typed = self.cleaned_data
        return RequesterSaid(
            name=typed["name"],
            title=typed["title"],
            email=typed["email"],
            organisation=typed["organisation"],
            checked=CheckedHow(typed["checked"]),
            vouched=typed["vouched"] == "yes",
        )


def _purpose(typed: Mapping[str, Any]) -> Purpose:
    code = PurposeCode(typed["purpose"])
    return Purpose(code=code, text=typed["purpose_text"] if code is PurposeCode.OTHER else None)


def find_form_for(
    asks: Mediation, authorities: Sequence[tuple[str, str]], data: Mapping[str, Any] | None
) -> FindForm:
    """What they know, under the reason they gave."""
    if data is None:
        return FindForm(authorities, None)
    reason = {"purpose": asks.purpose.code.value, "purpose_text": asks.purpose.text or ""}
    return FindForm(authorities, {**data, **reason})
