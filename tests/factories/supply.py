"""A directory with sources and nothing delivered yet, and the ways a source may tell it something."""

from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from tests.factories.directory import ORGANISATIONS, SOURCES, acting_as_role
from tests.factories.feeds import AMINA, write_feed

from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.people import Statement
from contactpoint.pipelines.load import LoadReport, load_files
from contactpoint.storage.models import Organisation, Source
from contactpoint.storage.queries.statements import statements_of

LOADER = system_viewer("supply")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 12, 20, 9, 30, tzinfo=UTC)

HELP = {
    "involvement_id": "I1",
    "service": "send",
    "organisation": "la-353",
    "contact_phone": "0161 496 0353",
    "start_date": "2025-09-01",
}
KNOWN = {**AMINA, "nhs_number": "9000000009"}
BEN = {
    **AMINA,
    "local_id": "B1",
    "forename": "Benedict",
    "surname": "Whitworth",
    "date_of_birth": "2012-11-30",
    "sex": "M",
    "address": "3 Quarry Bank, Rochdale",
    "postcode": "OL12 9XY",
}


def build_sources() -> None:
    """Organisations and sources; no deliveries."""
    for code, name, kind, authority, phone, postcode in ORGANISATIONS:
        Organisation.objects.create(
            code=code, name=name, kind=kind, authority=authority, phone=phone, postcode=postcode
        )
    for code, name, contract, organisation, authority in SOURCES:
        Source.objects.create(
            code=code, name=name, contract=contract, organisation_id=organisation, authority=authority
        )


CONTRACT = {code: contract for code, _, contract, _, _ in SOURCES}


def feed(folder: Path, source: str, *rows, as_at: str = "2026-11-22", kind: str = "full") -> Path:
    """A file of one of the sources."""
    return write_feed(folder, source, CONTRACT[source], *rows, as_at=as_at, kind=kind)


def load(*paths: Path, at: datetime = NOW) -> LoadReport:
    """Load files as the worker does, under its own grants."""
    with acting_as_role("worker"):
        return load_files(paths, by=LOADER, at=at)


def rows(query: str, *params) -> list[tuple]:
    """What the owner sees."""
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def rows_for_web(query: str) -> list[tuple]:
    """What a page could ever read."""
    with acting_as_role("web"):
        return rows(query)


def statements_for_web() -> list[Statement]:
    """Everything that any source says of any child, as far as a page could read it."""
    return [one for (number,) in rows_for_web("SELECT number FROM child") for one in _said_for_web(number)]


def _said_for_web(number: str) -> tuple[Statement, ...]:
    with acting_as_role("web"):
        return statements_of(number)


def child_of(source: str, local_id: str) -> str | None:
    """The child that a source's record is about."""
    found = rows(
        "SELECT child_id FROM source_record WHERE source_id = %s AND local_id = %s", source, local_id
    )
    return found[0][0] if found else None
