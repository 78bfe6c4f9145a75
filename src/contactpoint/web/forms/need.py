"""Why one more record or search is needed, of whoever has had very many."""

from typing import ClassVar, Final

from django import forms

from contactpoint.domain.disclosure.trawling import check_need
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.govuk.fields import TextField

_HELP: Final = "It is recorded with the look. Write no child's name."


class NeedForm(forms.Form):
    """One sentence of why one more record is needed."""

    what: ClassVar[str] = "record"
    need = TextField(
        label="Why do you need this record?",
        help_text=_HELP,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why you need this record"},
    )

    def clean_need(self) -> str:
        """Say something, and not too much."""
        try:
            return check_need(self.cleaned_data["need"], self.what)
        except InvalidInput as fault:
            raise forms.ValidationError(str(fault).rstrip(".")) from fault


class SearchNeedForm(NeedForm):
    """The same of one more search."""

    what = "search"
    need = TextField(
        label="Why do you need this search?",
        help_text=_HELP,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why you need this search"},
    )
