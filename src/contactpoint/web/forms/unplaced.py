"""To which authority a child is given for whom nobody is responsible, and why to that one."""

from collections.abc import Iterable
from typing import Any

from django import forms

from contactpoint.domain.people import AddressKind
from contactpoint.domain.retention import Leaving
from contactpoint.domain.unplaced import GivenBecause
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import DateBoxesField

GIVEN_WORDS = {
    GivenBecause.LAST_KNOWN: "The child was last known there",
    GivenBecause.FAMILY_SAYS: "The family says that the child lives there",
    GivenBecause.SERVICE_SAYS: "A service that knows the child says so",
    GivenBecause.AUTHORITY_SAYS: "That authority says that the child is theirs",
}
LEAVING_WORDS = {
    AddressKind.LEFT_RETURNING: "Expected back within three years",
    AddressKind.LEFT_FOR_GOOD: "Not expected back",
    AddressKind.LEFT_ENGLAND: "It is not known",
}
_BACK = "Choose whether the child is expected back"
_WHICH = "Choose an authority"
_WHY = "Choose why that authority"


class GiveForm(forms.Form):
    """The authority, and why; none is chosen beforehand."""

    authority = forms.ChoiceField(
        label="Which authority should be responsible?",
        error_messages={"required": _WHICH, "invalid_choice": _WHICH},
    )
    because = forms.ChoiceField(
        label="Why that one?",
        choices=[(one.value, words) for one, words in GIVEN_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"required": _WHY, "invalid_choice": _WHY},
    )

    def __init__(self, authorities: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """Offer every authority there is."""
        super().__init__(**kwargs)
        self.fields["authority"].choices = [("", "Choose"), *authorities]  # type: ignore[attr-defined]

    @property
    def said(self) -> tuple[str, GivenBecause]:
        """The authority and the reason."""
        return self.cleaned_data["authority"], GivenBecause(self.cleaned_data["because"])


class LeavingForm(forms.Form):
    """When the child left England, and what is said of coming back; nothing is chosen beforehand."""

    left_on = DateBoxesField(
        label="When did the child leave England?",
        help_text="For example, 27 3 2026",
        read=past_day("the day the child left", "27 3 2026"),
        error_messages={"required": "Enter the day the child left like 27 3 2026"},
    )
    kind = forms.ChoiceField(
        label="Will the child come back?",
        choices=[(one.value, words) for one, words in LEAVING_WORDS.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"required": _BACK, "invalid_choice": _BACK},
    )

    @property
    def said(self) -> Leaving:
        """What is written down."""
        return Leaving(kind=AddressKind(self.cleaned_data["kind"]), since=self.cleaned_data["left_on"])
