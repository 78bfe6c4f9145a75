"""To which authority a child is given for whom nobody is responsible, and why to that one."""

from collections.abc import Iterable
from typing import Any

from django import forms

from contactpoint.domain.unplaced import GivenBecause

GIVEN_WORDS = {
    GivenBecause.LAST_KNOWN: "The child was last known there",
    GivenBecause.FAMILY_SAYS: "The family says that the child lives there",
    GivenBecause.SERVICE_SAYS: "A service that knows the child says so",
    GivenBecause.AUTHORITY_SAYS: "That authority says that the child is theirs",
}
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
