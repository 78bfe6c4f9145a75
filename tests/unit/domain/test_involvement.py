"""Involvements and consent (R36-R44)."""

from datetime import UTC, date, datetime

import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import (
    SERVICES,
    Consent,
    ConsentBasis,
    ContactDetails,
    Involvement,
    ServiceKind,
)

TODAY = date(2026, 11, 22)
CONTACT = ContactDetails(organisation_code="x", organisation_name="X")


def involvement(service: str, **more: object) -> Involvement:
    return Involvement(
        id=1, service=SERVICES[service], contact=CONTACT, source="s", source_name="S",
        **{"start": None, **more},  # type: ignore[arg-type]
    )  # fmt: skip


def test_r36_sensitive_is_exactly_three() -> None:
    sensitive = {code for code, service in SERVICES.items() if service.kind is ServiceKind.SENSITIVE}
    assert sensitive == {"mental_health", "sexual_health", "substance_misuse"}


def test_r37_a_sensitive_service_needs_its_basis() -> None:
    with pytest.raises(InvalidInput, match="R37"):
        involvement("mental_health")
    assert involvement("mental_health", consent=Consent(basis=ConsentBasis.CARER))


def test_r44_it_cannot_end_before_it_starts() -> None:
    with pytest.raises(InvalidInput, match="before it starts"):
        involvement("school", start=TODAY, end=date(2026, 11, 21))


@pytest.mark.parametrize(
    ("end", "current"), [(None, True), (TODAY, True), (date(2026, 11, 21), False), (date(2027, 1, 1), True)]
)
def test_r44_current(end: date | None, current: bool) -> None:
    assert involvement("school", end=end).is_current(TODAY) is current


@pytest.mark.parametrize(("end", "current"), [(TODAY, False), (date(2026, 11, 23), True)])
def test_r44_what_its_practitioner_ended_is_over_at_once(end: date, current: bool) -> None:
    assert involvement("school", end=end, over_at_once=True).is_current(TODAY) is current


@pytest.mark.parametrize(
    ("consent", "shown"),
    [
        (Consent(basis=ConsentBasis.CHILD), True),
        (Consent(basis=ConsentBasis.CARER, until=TODAY), True),
        (Consent(basis=ConsentBasis.CARER, until=date(2026, 11, 21)), False),
        (Consent(basis=ConsentBasis.SIGNIFICANT_HARM), False),
        (Consent(basis=ConsentBasis.CHILD, withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC)), False),
    ],
)
def test_r38_r41_consent(consent: Consent, shown: bool) -> None:
    assert consent.allows_showing(TODAY) is shown
