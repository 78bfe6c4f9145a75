"""The form of notices: of what somebody wants to be told, and where."""

from collections.abc import Mapping
from typing import Any

from django import forms

from contactpoint.domain.disclosure.notices import NoticeKind, Telling

KIND_WORDS = {
    NoticeKind.SERVICE: "A service becomes involved with a child I work with, or ends",
    NoticeKind.LEAD: "The lead practitioner changes",
    NoticeKind.STALE: "I am asked whether I am still involved",
    NoticeKind.IDENTITY: "A record I work with or opened was joined with another, or parted",
}
TELLING_WORDS = {
    Telling.EMAIL: "Under “Notices”, and in the daily e-mail",
    Telling.HERE: "Under “Notices” alone",
    Telling.NOWHERE: "Not at all",
}


class ChooseNoticesForm(forms.Form):
    """One question for each kind."""

    def __init__(self, chosen: Mapping[NoticeKind, Telling], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={kind.value: telling.value for kind, telling in chosen.items()})
        for kind, words in KIND_WORDS.items():
            self.fields[kind.value] = forms.ChoiceField(
                label=words,
                choices=[(one.value, words) for one, words in TELLING_WORDS.items()],
                widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
                error_messages={"required": f"Choose where you are told: {words[0].lower()}{words[1:]}"},
            )

    def chosen(self) -> dict[NoticeKind, Telling]:
        """What was chosen, once the form is valid."""
        return {kind: Telling(self.cleaned_data[kind.value]) for kind in NoticeKind}
