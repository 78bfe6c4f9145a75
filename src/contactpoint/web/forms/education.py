"""What is known of a child without an education setting."""

from django import forms

from contactpoint.domain.education import SettingDecision

DECISION_WORDS = {
    SettingDecision.HOME_EDUCATED: "Educated at home",
    SettingDecision.MOVED: "Moved away",
    SettingDecision.WRONG_DATA: "In a school: what is held is wrong",
}
_MISSING = "Choose what is known"


class SettingForm(forms.Form):
    """One of three answers; none is chosen beforehand."""

    decision = forms.ChoiceField(
        label="What is known?",
        choices=[(one.value, words) for one, words in DECISION_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--m"}),
        error_messages={"required": _MISSING, "invalid_choice": _MISSING},
    )
