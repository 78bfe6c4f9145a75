"""The forms of overriding: why it must be now, what came of looking into it, and who gets the right."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from contactpoint.domain.disclosure.override import OverrideOutcome, OverrideReason
from contactpoint.web.forms.dates import coming_day
from contactpoint.web.govuk.fields import DateBoxesField, EmailField

REASON_WORDS = {
    OverrideReason.DANGER_NOW: "The child is in danger at this moment",
    OverrideReason.MISSING_NOW: "The child is missing at this moment",
    OverrideReason.COURT_OR_POLICE: "The police or a court act at this moment and need me to",
    OverrideReason.DESK_NOT_REACHED: "The child is at risk and the national desk did not answer",
}
OUTCOME_WORDS = {
    OverrideOutcome.JUSTIFIED: "It was justified",
    OverrideOutcome.MISTAKE: "It was a mistake in good faith",
    OverrideOutcome.NOT_JUSTIFIED: "It was not justified: end the right and suspend the account",
}


class OverrideForm(forms.Form):
    """The second reason (R33)."""

    reason = forms.ChoiceField(
        label="Why must it be now?",
        choices=[(reason.value, words) for reason, words in REASON_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={
            "required": "Choose why it must be now",
            "invalid_choice": "Choose why it must be now",
        },
    )


class OutcomeForm(forms.Form):
    """What came of looking into an override."""

    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=[(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": "Say what came of it", "invalid_choice": "Say what came of it"},
    )


class GiveOverrideForm(forms.Form):
    """Who gets the right, and until when."""

    email = EmailField(
        label="Their e-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter their e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    until = DateBoxesField(
        label="Until when?",
        help_text="Like 31 3 2027, in at most a year. Then it has to be given again.",
        read=coming_day("the last day", "31 3 2027"),
        error_messages={"required": "Enter the last day like 31 3 2027"},
    )

    def clean_until(self) -> date:
        """Refuse a right that nobody would look at again for more than a year."""
        until: date = self.cleaned_data["until"]
        if until > timezone.localdate() + timedelta(days=366):
            raise forms.ValidationError("Choose a last day within a year", code="year")
        return until
