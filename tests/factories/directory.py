"""Builds a small directory in the database: organisations, sources, children and what sources say of them.

Rows that deliveries would make are written as the owner; everything people do goes through actions, and the
search index is made by the action that makes it for real.
"""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count

from django.db import connection

from contactpoint.actions.find.index import refresh
from contactpoint.domain.identifiers import child_number
from contactpoint.storage.models import (
    Account,
    Child,
    Delivery,
    InvolvementRow,
    Organisation,
    RecordVersion,
    Source,
    SourceRecord,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
_serial = count(100)

ORGANISATIONS = (
    ("la-353", "Oldham Children's Services", "authority", "353", "0161 496 0353", "OL1 1UT"),
    ("la-354", "Rochdale Children's Services", "authority", "354", "01706 496354", "OL16 1XU"),
    ("105734", "Broadfield Primary School", "school", "353", "0161 496 0734", "OL1 4AB"),
    ("P85001", "Glodwick Surgery", "gp", "353", "0161 496 0501", "OL1 4AB"),
    ("bridgewater-nhs", "Bridgewater Community Health", "nhs_trust", "353", "0161 496 0100", "OL1 2AA"),
    ("harbour-recovery", "Harbour Recovery", "charity", "353", "0161 496 0900", "OL1 3AA"),
)
# code, name, contract, organisation, authority
SOURCES = (
    ("births", "Birth registrations", "births", "la-353", ""),
    ("nhs-demographics", "NHS demographics", "nhs_demographics", "bridgewater-nhs", ""),
    ("school-census", "School census", "school_census", "la-353", ""),
    ("gp-registrations", "GP registrations", "gp_registrations", "P85001", ""),
    ("child-health", "Child health", "child_health", "bridgewater-nhs", ""),
    ("childrens-services-353", "Oldham Children's Services", "childrens_services", "la-353", "353"),
    ("mental-health", "Mental health services", "mental_health", "bridgewater-nhs", ""),
    ("harbour", "Harbour Recovery", "charity", "harbour-recovery", ""),
)


def build_reference() -> None:
    """Organisations, and sources that told us yesterday."""
    Organisation.objects.bulk_create(
        Organisation(
            code=code,
            name=name,
            kind=kind,
            authority=authority,
            phone=phone,
            hours="Weekdays 9 to 5",
            postcode=postcode,
            accredited_until=date(2027, 12, 31),
        )
        for code, name, kind, authority, phone, postcode in ORGANISATIONS
    )
    Source.objects.bulk_create(
        Source(code=code, name=name, contract=contract, organisation_id=organisation, authority=authority)
        for code, name, contract, organisation, authority in SOURCES
    )
    Delivery.objects.bulk_create(
        Delivery(
            source_id=code,
            as_at=date(2026, 11, 21),
            kind="full",
            sha256=code.ljust(64, "0"),
            file_name=f"{code}.csv",
            state="published",
            received_at=NOW,
            published_at=NOW,
        )
        for code, *_ in SOURCES
    )


def build_account(identity, name="Keisha Barrow") -> Account:
    """An account with a fixed id."""
    return Account.objects.create(id=identity, email=f"{identity}@example.org", name=name)


def build_child(*records: dict, shielded: bool = False) -> str:
    """A child with its source records, indexed; return the number.

    A record is a mapping of feed columns with `source`, and perhaps `involvements`: mappings of the fields of
    InvolvementRow (organisation by code).
    """
    number = next(made for serial in _serial if (made := child_number(serial * 7919 % 999_999_937)))
    Child.objects.create(number=number, created_at=NOW, shielded=shielded)
    for record in records:
        add_record(number, record)
    refresh([number])
    return number


def add_record(number: str, values: dict) -> SourceRecord:
    """One more source record of a child, not indexed yet."""
    facts = {name: value for name, value in values.items() if isinstance(value, str) and name not in _OWN}
    record = SourceRecord.objects.create(
        source_id=values["source"], local_id=f"r{next(_serial)}", child_id=number
    )
    said = [said_of(one, place) for place, one in enumerate(values.get("involvements", ()))]
    RecordVersion.objects.create(
        record=record,
        as_at=date.fromisoformat(values.get("as_at", "2026-11-01")),
        facts={**facts, "involvements": said} if said else facts,
        fingerprint=bytes(16),
        recorded_at=NOW,
    )
    for place, involvement in enumerate(values.get("involvements", ())):
        fields = dict(involvement)
        organisation = fields.pop("organisation")
        InvolvementRow.objects.create(
            record=record,
            involvement_id=str(place),
            organisation_id=organisation,
            recorded_at=NOW,
            **fields,
        )
    return record


def said_of(involvement: dict, place: int = 0) -> dict[str, str]:
    """An involvement as a version holds it: the columns of the feed, which publishing copies (ADR 4)."""
    said = {name: "Y" if value is True else str(value) for name, value in involvement.items() if value}
    return {**said, "involvement_id": str(place)}


_OWN = frozenset({"source", "as_at"})


@contextmanager
def acting_as_role(role: str):
    """Run the statements inside as a database role, under its grants and row security (ADR 0006)."""
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT contactpoint_{role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE")
        cursor.execute(f"SET ROLE contactpoint_{role}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


AMINA = {
    "forename": "Amina",
    "surname": "Okafor",
    "date_of_birth": "2016-05-09",
    "sex": "F",
    "address": "14 Mill Lane, Oldham",
    "postcode": "OL1 4AB",
    "nhs_number": "9000000009",
    "upn": "F353573416001",
    "carer_forename": "Grace",
    "carer_surname": "Okafor",
    "carer_relationship": "mother",
    "carer_phone": "07700 900123",
}


def amina(source="nhs-demographics", **changed) -> dict:
    """What one source says about Amina Okafor."""
    return {"source": source, **AMINA, **changed}


def amina_in_full() -> tuple[dict, ...]:
    """Amina as six sources know her: at school, with a GP, a school nurse, and a social worker."""
    return (
        amina(),
        amina(
            "school-census",
            involvements=[{"service": "school", "organisation": "105734", "start_date": date(2020, 9, 1)}],
        ),
        amina(
            "gp-registrations",
            involvements=[{"service": "gp", "organisation": "P85001", "start_date": date(2016, 6, 1)}],
        ),
        amina(
            "child-health",
            involvements=[
                {
                    "service": "school_nurse",
                    "organisation": "bridgewater-nhs",
                    "team": "Oldham East",
                    "start_date": date(2021, 9, 1),
                }
            ],
        ),
        amina(
            "childrens-services-353",
            involvements=[
                {
                    "service": "childrens_social_care",
                    "organisation": "la-353",
                    "practitioner": "Joan Whitworth",
                    "practitioner_role": "Social worker",
                    "contact_phone": "0161 496 0399",
                    "start_date": date(2026, 2, 3),
                    "lead_practitioner": True,
                }
            ],
        ),
    )
