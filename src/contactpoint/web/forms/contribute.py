"""The form "I am working with this child"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import AlreadySaid
from contactpoint.domain.disclosure.consent_life import ConsentSaid
from contactpoint.domain.involvement import SERVICES, Service, ServiceKind
from contactpoint.web.forms.choices import YES_NO
from contactpoint.web.forms.consent import ConsentFields
from contactpoint.web.forms.dates import past_day
from contactpoint.web.govuk.fields import BOXES, DateBoxesField, TextField


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a practitioner says of their own work with a child."""

    service: Service
    role: str
    phone: str
    start: date
    lead_practitioner: bool
    assessment_held: bool
    consent: ConsentSaid | None


_LONGEST = 200  # of what a session keeps; longer than any field may be


def _yes_no(label: str, missing: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": missing},
    )


class WorkingWithForm(ConsentFields):
    """Own service, role, contact point, since when, lead, assessment; consent where it is sensitive."""

    service = forms.ChoiceField(
        label="Which service are you working with this child for?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the service"},
    )
    role = TextField(
        label="Your role", max_length=120, error_messages={"required": "Enter your role, like school nurse"}
    )
    phone = TextField(
        label="Telephone number on which others can reach you",
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter a telephone number on which others can reach you"},
    )
    start = DateBoxesField(
        label="Since when?",
        help_text="Like 3 9 2026",
        read=past_day("the day you started", "3 9 2026"),
        error_messages={"required": "Enter the day you started like 3 9 2026"},
    )
    lead = _yes_no(
        "Are you the lead practitioner?",
        "Say whether you are the lead practitioner",
        "The one who keeps the others together. There is one at a time.",
    )
    assessment = _yes_no(
        "Do you hold an assessment of this child?",
        "Say whether you hold an assessment",
        "Only that there is one, never what it says.",
    )
    field_order = ("service", "role", "phone", "start", "lead", "assessment")

    def __init__(
        self, services: Sequence[Service], viewer: Viewer, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"role": viewer.job_title, "phone": viewer.phone})
        self.fields["service"].choices = [(one.code, one.name) for one in services]  # type: ignore[attr-defined]
        self.any_sensitive = any(one.kind is ServiceKind.SENSITIVE for one in services)
        if not self.any_sensitive:
            for name in ConsentFields.base_fields:
                del self.fields[name]
        elif not self._is_sensitive((data or {}).get("service", "")):
            self.fields["consent"].required = False
        if len(services) == 1 and not self.is_bound:
            self.initial["service"] = services[0].code

    def asks_consent(self, typed: Mapping[str, Any]) -> bool:
        """Only of a sensitive service."""
        return self._is_sensitive(typed.get("service", ""))

    def typed(self) -> dict[str, str]:
        """What was typed into the form, for the session to keep: nothing else that was sent along."""
        dates = [name for name, field in self.fields.items() if isinstance(field, DateBoxesField)]
        names = {*self.fields, *(f"{name}-{box}" for name in dates for box in BOXES)}
        return {name: value[:_LONGEST] for name, value in self.data.items() if name in names}

    def which_were_said(self, stands: tuple[AlreadySaid, ...]) -> tuple[AlreadySaid, ...]:
        """What was said already of the service chosen, or of all services there are to choose."""
        codes = {code for code, _ in self.fields["service"].choices}  # type: ignore[attr-defined]
        before = {one.service_code: one for one in stands if one.service_code in codes}
        if codes and codes == before.keys():
            return tuple(before.values())
        chosen = before.get(self.data.get("service", ""))
        return (chosen,) if chosen else ()

    def said(self) -> Said:
        """What was said, once the form is valid."""
        typed = self.cleaned_data
        sensitive = self._is_sensitive(typed["service"])
        return Said(
            service=SERVICES[typed["service"]],
            role=typed["role"],
            phone=typed["phone"],
            start=typed["start"],
            lead_practitioner=typed["lead"] == "yes",
            assessment_held=typed["assessment"] == "yes",
            consent=self.agreed() if sensitive else None,
        )

    @staticmethod
    def _is_sensitive(code: str) -> bool:
        return code in SERVICES and SERVICES[code].kind is ServiceKind.SENSITIVE
