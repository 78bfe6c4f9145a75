"""The forms of those who manage accounts: find, invite, what a person brought proof of, roles, leaving."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Colleague
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.people_file import MOST_BYTES
from contactpoint.domain.staff import GIVEN_ROLES, NewPerson, StaffFilter
from contactpoint.web.context import ROLE_WORDS
from contactpoint.web.forms.dates import coming_day, past_day
from contactpoint.web.govuk.fields import DateBoxesField, EmailField, TextField

LONGEST_YEARS: Final = 3
FILTER_WORDS: Final = {
    StaffFilter.ALL: "Everybody",
    StaffFilter.KEPT_OUT: "Who cannot use the directory now",
    StaffFilter.ENDS_SOON: "Whose check, training, agreement or year ends within four weeks",
    StaffFilter.NOT_YET: "Who has never signed in",
    StaffFilter.LEFT: "Who has left",
}
ROLE_CHOICES: Final = tuple((role.value, ROLE_WORDS[role].capitalize()) for role in GIVEN_ROLES)
_SERVICE_CHOICES: Final = tuple((code, service.name) for code, service in SERVICES.items())
NOBODY: Final = "nobody"


def _text(label: str, missing: str, *, longest: int = 120, hint: str = "", **more: Any) -> TextField:
    return TextField(
        label=label,
        help_text=hint,
        max_length=longest,
        error_messages={"required": missing},
        **more,
    )


def _email(label: str, missing: str, *, hint: str = "", required: bool = True) -> forms.EmailField:
    return EmailField(
        label=label,
        help_text=hint,
        required=required,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": missing, "invalid": "Enter an e-mail address like name@example.org"},
    )


def _role() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="What do they act as?",
        help_text="Practitioner and authority team: at once. Any other waits for the national team.",
        choices=ROLE_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they act as", "invalid_choice": "Choose what they act as"},
    )


def _services() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Which services do they provide?",
        help_text="None for somebody who does not work with children.",
        choices=_SERVICE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )


class PeopleForm(forms.Form):
    """Whom to list."""

    words = TextField(label="Name or e-mail address", max_length=80, required=False)
    which = forms.ChoiceField(
        label="Show",
        choices=[(one.value, words) for one, words in FILTER_WORDS.items()],
        required=False,
    )


class OrganisationsForm(forms.Form):
    """Which organisations to list."""

    words = TextField(label="Name or code", max_length=80, required=False)
    ending = forms.BooleanField(label="Only those not accredited, or for four weeks at most", required=False)


class PeopleFileForm(forms.Form):
    """A file of people."""

    file = forms.FileField(
        label="File",
        help_text="A CSV file in UTF-8 with commas, one person a row",
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 2 MB. Send it in parts")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not in UTF-8. Save it as CSV UTF-8") from None
        finally:
            file.close()


class StandingForm(forms.Form):
    """What a person brought proof of, and who manages them. What is left empty stays as it is."""

    checked_on = DateBoxesField(
        label="Enhanced criminal-record check made on",
        help_text="The date on the certificate. It is good for three years.",
        required=False,
        read=past_day("the day of the check", "27 3 2026"),
    )
    trained_until = DateBoxesField(
        label="Training good until",
        required=False,
        read=coming_day("the last day of the training", "27 3 2027"),
    )
    agreement_signed_on = DateBoxesField(
        label="User agreement signed on",
        help_text="It is signed again after three years.",
        required=False,
        read=past_day("the day of signing", "27 3 2026"),
    )
    manager_email = _email(
        "Their manager's e-mail address",
        "",
        hint="Who says each year that they still need the account, and helps when their telephone is lost.",
        required=False,
    )

    def clean_trained_until(self) -> date | None:
        """Nobody is trained for ever."""
        day: date | None = self.cleaned_data["trained_until"]
        if day and day > timezone.localdate() + timedelta(days=LONGEST_YEARS * 365):
            raise forms.ValidationError("Training is good for three years at most", code="year")
        return day


class InviteForm(StandingForm):
    """Somebody new."""

    name = _text("Name", "Enter their name")
    email = _email(
        "Work e-mail address",
        "Enter their e-mail address",
        hint="How to sign in is sent here, and only once.",
    )
    job_title = _text("Job title", "Enter their job title")
    phone = _text("Work telephone number", "", longest=24, required=False)
    organisation = _text(
        "Organisation",
        "Enter the name or code of their organisation",
        hint="Its code, or enough of its name",
    )
    role = _role()
    services = _services()
    field_order = ("name", "email", "job_title", "phone", "organisation", "role", "services")

    def __init__(self, find: Callable[[str], Sequence[tuple[str, str]]], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._find = find

    def clean_organisation(self) -> str:
        """The one organisation meant; its code."""
        return chosen_organisation(self.cleaned_data["organisation"], self._find)

    def new_person(self) -> NewPerson:
        """What was said."""
        said = dict(self.cleaned_data)
        return NewPerson(**{**said, "role": Role(said["role"]), "services": tuple(said["services"])})


class RoleForm(forms.Form):
    """One more role."""

    organisation = _text(
        "Organisation", "Enter the name or code of the organisation", hint="Its code, or enough of its name"
    )
    role = _role()
    services = _services()

    def __init__(self, find: Callable[[str], Sequence[tuple[str, str]]], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._find = find

    def clean_organisation(self) -> str:
        """The one organisation meant; its code."""
        return chosen_organisation(self.cleaned_data["organisation"], self._find)


class SuspendForm(forms.Form):
    """Why."""

    because = _text(
        "Why?", "Say why", longest=200, hint="It is kept in the audit. Write nothing about a child."
    )


class LeaveForm(forms.Form):
    """Who takes their work over."""

    to = forms.ChoiceField(
        label="Who takes their work over?",
        help_text="Only colleagues who provide the same services there are listed.",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who takes their work over, or nobody",
            "invalid_choice": "Choose who takes their work over, or nobody",
        },
    )

    def __init__(self, colleagues: Iterable[Colleague], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        listed = [(str(one.account), f"{one.name}, {one.job_title}".rstrip(", ")) for one in colleagues]
        chosen: Any = self.fields["to"]
        chosen.choices = [*listed, (NOBODY, "Nobody: what they said of their work ends today")]

    def taker(self) -> UUID | None:
        """The colleague, None for nobody."""
        said = self.cleaned_data["to"]
        return None if said == NOBODY else UUID(said)


class MoveForm(LeaveForm):
    """Who takes over, and what they do from now on."""

    organisation = RoleForm.base_fields["organisation"]
    role = _role()
    services = _services()
    field_order = ("to", "organisation", "role", "services")

    def __init__(
        self,
        colleagues: Iterable[Colleague],
        find: Callable[[str], Sequence[tuple[str, str]]],
        *args: Any,
        **named: Any,
    ) -> None:
        super().__init__(colleagues, *args, **named)
        self._find = find

    def clean_organisation(self) -> str:
        """The one organisation meant; its code."""
        return chosen_organisation(self.cleaned_data["organisation"], self._find)


class AccreditForm(forms.Form):
    """Until when."""

    until = DateBoxesField(
        label="Accredited until",
        help_text="Like 31 3 2027, in at most three years",
        read=coming_day("the last day", "31 3 2027"),
        error_messages={"required": "Enter the last day like 31 3 2027"},
    )

    def clean_until(self) -> date:
        """An accreditation is looked at again."""
        until: date = self.cleaned_data["until"]
        if until > timezone.localdate() + timedelta(days=LONGEST_YEARS * 365):
            raise forms.ValidationError("Choose a last day within three years", code="year")
        return until


def chosen_organisation(typed: str, find: Callable[[str], Sequence[tuple[str, str]]]) -> str:
    """The code of the one organisation that is meant.

    Raises:
        ValidationError: none is, or several are.
    """
    found = find(typed)
    exact = [code for code, name in found if typed.strip().casefold() in {code.casefold(), name.casefold()}]
    codes = exact or [code for code, _ in found]
    if not codes:
        raise forms.ValidationError("No organisation of yours has that name or code")
    if len(codes) > 1:
        some = ", ".join(f"{name} ({code})" for code, name in found[:4])
        raise forms.ValidationError(f"More than one organisation has that name: {some}. Enter the code")
    return codes[0]
