"""What sources say about children now, as domain values.

Pages read one child at a time, through a function of the database that leaves out what may not be shown
(ADR 9); the worker reads the tables.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db import connection

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import Address, AddressKind, Carer, PersonFacts, Statement
from contactpoint.domain.team_words import CONTRACT
from contactpoint.storage.sealed_facts import VERSIONS, open_facts

# A full delivery vouches for every record it holds, changed or not; one row of the source says when.
_CURRENT = """
    SELECT r.child_id, r.id, r.source_id, s.name, s.contract, s.authority, r.local_id,
           coalesce(r.last_vouched, greatest(v.as_at, s.vouched_at)), v.recorded_at, v.facts::text
    FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    JOIN source s ON s.code = r.source_id
    WHERE r.child_id = ANY(%s) AND r.withdrawn_at IS NULL
    ORDER BY r.child_id, r.id
"""

_SHOWN = """
    SELECT record, source_id, source_name, contract, authority, local_id, as_at, recorded_at, facts
    FROM statements_shown(%s)
"""


def statements_of(number: str) -> tuple[Statement, ...]:
    """Return what sources say of a child and may be shown, oldest first; of a shielded child nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [number])
        found = tuple(statement_from(*row) for row in cursor.fetchall())
    # A team's word stands beside what sources say: by itself it is no record.
    return found if any(one.contract != CONTRACT for one in found) else ()


def statements_of_many(numbers: Sequence[str]) -> Iterator[tuple[str, Statement]]:
    """Yield (child number, statement) for all of `numbers`, sealed or not, children together (worker)."""
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, [list(numbers)])
        for row in cursor.fetchall():
            yield row[0], statement_from(*row[1:])


def statement_from(
    record: int,
    source: str,
    source_name: str,
    contract: str,
    authority: str,
    local_id: str,
    as_at: date,
    recorded_at: datetime,
    facts: str,
) -> Statement:
    """Read a statement from the columns that every query here gives out; `facts` is JSON, sealed or not."""
    values = read_facts(facts, record)
    return Statement(
        source=source,
        source_name=source_name,
        contract=contract,
        authority=authority or None,
        local_id=local_id,
        as_at=as_at,
        recorded_at=recorded_at,
        facts=PersonFacts.from_mapping(values),
        addresses=addresses_in(values),
        carers=carers_in(values),
        gp_practice=values.get("gp_practice"),
        placed_by=values.get("placed_by"),
        record=record,
    )


def read_facts(text: str, record: int) -> dict[str, str]:
    """Read stored facts of a record's version: a flat mapping of feed columns to text, blanks left out."""
    values = open_facts(json.loads(text), column=VERSIONS, record=record)
    return {name: value for name, value in values.items() if isinstance(value, str) and value}


def addresses_in(values: Mapping[str, str]) -> tuple[Address, ...]:
    """Return the addresses in stored facts: the main one with its kind, and a second home if there is one."""
    found = []
    kind = _address_kind(values.get("address_kind"))
    if values.get("address") or values.get("postcode") or "address_kind" in values:
        found.append(
            Address(
                line=values.get("address"),
                postcode=values.get("postcode"),
                kind=kind,
                uprn=values.get("uprn"),
                since=_day(values.get("address_from")),
            )
        )
    if values.get("other_address") or values.get("other_postcode"):
        found.append(
            Address(
                line=values.get("other_address"),
                postcode=values.get("other_postcode"),
                kind=AddressKind.SECOND_HOME,
            )
        )
    return tuple(found)


def carers_in(values: Mapping[str, str]) -> tuple[Carer, ...]:
    """Return the carers in stored facts, at most two."""
    found = []
    for prefix in ("carer", "carer2"):
        forename, surname = values.get(f"{prefix}_forename"), values.get(f"{prefix}_surname")
        if forename or surname:
            found.append(
                Carer(
                    forename=forename,
                    surname=surname,
                    relationship=values.get(f"{prefix}_relationship"),
                    phone=values.get(f"{prefix}_phone"),
                )
            )
    return tuple(found)


def _address_kind(text: str | None) -> AddressKind:
    try:
        return AddressKind(text) if text else AddressKind.HOME
    except ValueError as fault:
        raise InvalidInput(f"{text!r} is not a kind of address.") from fault


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
