"""The forms of getting in touch: whom to ask and what about, how it ended, to whom it goes, the desk's."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from contactpoint.domain.contacting import (
    About,
    Askables,
    CallOutcome,
    ContactQuestion,
    DeskContact,
    DeskOutcome,
    RequestOutcome,
    Urgency,
)
from contactpoint.web.govuk.fields import TextField

DESK: Final = "desk"
ABOUT_WORDS = {
    About.SAFETY: "I am worried about this child's safety or welfare",
    About.HELP: "I am starting or coordinating help",
    About.EDUCATION: "This child may be missing education",
    About.TRANSFER: "This child is moving to us, or from us to you",
    About.TALK: "Something else that is best said, not written",
}
URGENCY_WORDS = {
    Urgency.NOW: "As soon as possible",
    Urgency.TODAY: "Today",
    Urgency.WEEK: "This week",
}
OUTCOME_WORDS = {
    RequestOutcome.SPOKE: "We have spoken",
    RequestOutcome.LEFT_MESSAGE: "I left a message",
    RequestOutcome.NOT_REACHED: "I tried and could not reach them",
    RequestOutcome.NOT_INVOLVED: "We are not in contact with this child",
    RequestOutcome.NO_REPLY: "We do not answer",
    RequestOutcome.WILL_RING: "Reply through the desk: they will be rung",
    RequestOutcome.RING_DESK: "Reply through the desk: they may ring the desk",
    RequestOutcome.IN_HAND: "Reply through the desk: it is in hand",
}
CALL_WORDS = {
    CallOutcome.SPOKE: "We spoke",
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.WRONG_NUMBER: "Wrong number",
    CallOutcome.NOT_INVOLVED: "No longer involved",
}
DESK_OUTCOME_WORDS = {
    DeskOutcome.PASSED_ON: "Passed on to the inboxes chosen above",
    DeskOutcome.TOLD: "Told by telephone",
    DeskOutcome.NOBODY: "Nobody to tell",
}


class AskForm(forms.Form):
    """Whom, what about, how soon, on which number. Of a protected child there is nobody to choose."""

    to = forms.ChoiceField(
        label="Who should contact you?",
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={
            "required": "Choose who should contact you",
            "invalid_choice": "Choose who should contact you from the list: it has changed",
        },
    )
    about = forms.ChoiceField(
        label="What is it about?",
        help_text="They read this. Say the rest when you speak.",
        choices=[(one.value, words) for one, words in ABOUT_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": "Choose what it is about"},
    )
    urgency = forms.ChoiceField(
        label="How soon do you need to speak?",
        help_text="If a child is in danger now, ring 999 and do not wait for an answer.",
        choices=[(one.value, words) for one, words in URGENCY_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": "Choose how soon you need to speak"},
    )
    phone = TextField(
        label="Telephone number on which they can reach you",
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter a telephone number on which they can reach you"},
    )

    def __init__(
        self, askables: Askables, phone: str, *, row: int | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        chosen = askables.rows[row] if row is not None and row < len(askables.rows) else None
        super().__init__(data, initial={"phone": phone, "to": chosen})
        if askables.protected:
            del self.fields["to"]
            return
        services = [
            (one.key, ", ".join(part for part in (one.service, one.organisation, one.practitioner) if part))
            for one in askables.services
        ]
        desk = (DESK, "The desk: it passes your message on to anybody else who is involved")
        self.fields["to"].choices = [*services, desk]  # type: ignore[attr-defined]

    def chosen(self) -> str | None:
        """The key of the service that was chosen; None for the desk."""
        to = str(self.cleaned_data.get("to", DESK))
        return None if to == DESK else to

    def question(self) -> ContactQuestion:
        """What is asked, once the form is valid."""
        return ContactQuestion(
            about=About(self.cleaned_data["about"]),
            urgency=Urgency(self.cleaned_data["urgency"]),
            phone=self.cleaned_data["phone"],
        )


class AnswerForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(choices=[(one.value, words) for one, words in OUTCOME_WORDS.items()])

    def chosen(self) -> RequestOutcome:
        """How, once the form is valid."""
        return RequestOutcome(self.cleaned_data["outcome"])


class HandOnForm(forms.Form):
    """To which colleague."""

    colleague = forms.UUIDField()

    def chosen(self) -> UUID:
        """To whom, once the form is valid."""
        found: UUID = self.cleaned_data["colleague"]
        return found


class DeskForm(forms.Form):
    """What the desk did with a message."""

    pass_on_to = forms.MultipleChoiceField(
        label="Pass it on to",
        help_text="It comes into their inbox. They decide whether to answer, and the sender is told nothing.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list: it has changed"},
    )
    outcome = forms.ChoiceField(
        label="What did you do?",
        choices=[(one.value, words) for one, words in DESK_OUTCOME_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": "Choose what you did"},
    )

    def __init__(self, contacts: Sequence[DeskContact], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        inboxes = [(one.key, f"{one.service}, {one.organisation}") for one in contacts if one.inbox]
        if inboxes:
            self.fields["pass_on_to"].choices = inboxes  # type: ignore[attr-defined]
            return
        del self.fields["pass_on_to"]
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (one.value, words)
            for one, words in DESK_OUTCOME_WORDS.items()
            if one is not DeskOutcome.PASSED_ON
        ]

    def clean(self) -> dict[str, Any]:
        """Check that "passed on" and to whom go together."""
        cleaned: dict[str, Any] = super().clean() or {}
        passed = cleaned.get("outcome") == DeskOutcome.PASSED_ON
        if passed and not cleaned.get("pass_on_to") and "pass_on_to" not in self.errors:
            self.add_error("pass_on_to", "Choose to whom you pass it on")
        if cleaned.get("pass_on_to") and cleaned.get("outcome") == DeskOutcome.NOBODY:
            self.add_error("outcome", "You chose somebody to pass it on to: choose “Passed on”")
        return cleaned

    def outcome_chosen(self) -> DeskOutcome:
        """What was done, once the form is valid."""
        return DeskOutcome(self.cleaned_data["outcome"])

    def chosen(self) -> tuple[str, ...]:
        """To whom it is passed on."""
        return tuple(self.cleaned_data.get("pass_on_to", ()))
