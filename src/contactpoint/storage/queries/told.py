"""What sources say of many children, as the search index needs it: made into values only on demand."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from contactpoint.domain.people import Address, PersonFacts, Statement
from contactpoint.storage.copying import copied, json_lines
from contactpoint.storage.queries.statements import addresses_in
from contactpoint.storage.sealed_facts import SEALED, VERSIONS, open_facts

# One JSON array a line; neither sign stands in JSON, so that a line is exactly what was built.
_CURRENT = """
    COPY (
        SELECT json_build_array(r.child_id, r.id, r.source_id, s.name, s.contract, s.authority, r.local_id,
            v.as_at, v.recorded_at::text, v.facts)
        FROM source_record r
        JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
        JOIN source s ON s.code = r.source_id
        WHERE r.child_id = ANY(%s) AND r.withdrawn_at IS NULL
        ORDER BY r.child_id, r.id
    ) TO STDOUT (FORMAT csv, QUOTE e'\\x01', DELIMITER e'\\x02')
"""

_MARK = f'"{SEALED}": "'.encode()  # quotes in what a source says are escaped
_HOME = ("address", "postcode", "uprn", "address_kind", "address_from", "other_address", "other_postcode")


class Told(NamedTuple):
    """The current version of one source record; `facts` are feed columns as stored, blanks left out."""

    child: str
    record: int
    source: str
    source_name: str
    contract: str
    authority: str
    local_id: str
    as_at: date
    recorded_at: str
    facts: dict[str, str]

    def statement(self) -> Statement:
        """What of it decides name, birth date, sex and main address, as a domain value."""
        get = self.facts.get
        return Statement(
            source=self.source,
            source_name=self.source_name,
            contract=self.contract,
            authority=self.authority or None,
            local_id=self.local_id,
            as_at=self.as_at,
            recorded_at=datetime.fromisoformat(self.recorded_at),
            facts=_identity(get("forename"), get("surname"), get("date_of_birth"), get("sex")),
            addresses=_homes(*(get(name) for name in _HOME)),
            placed_by=get("placed_by"),
            record=self.record,
        )


@lru_cache(maxsize=10_000)
def _identity(
    forename: str | None, surname: str | None, date_of_birth: str | None, sex: str | None
) -> PersonFacts:
    """One value for the many sources that say the same of a child."""
    return PersonFacts(forename=forename, surname=surname, date_of_birth=date_of_birth, sex=sex)


@lru_cache(maxsize=10_000)
def _homes(*values: str | None) -> tuple[Address, ...]:
    return addresses_in({name: text for name, text in zip(_HOME, values, strict=True) if text})


def read_told(numbers: Sequence[str]) -> bytes:
    """Return what is said of each of `numbers`, sealed or not, for `told_in`, which needs no key."""
    block = copied(_CURRENT, [list(numbers)])
    return b"".join(map(_opened, block.splitlines(keepends=True))) if _MARK in block else block


def _opened(line: bytes) -> bytes:
    if _MARK not in line:
        return line
    *row, facts = json.loads(line)
    clear = open_facts(facts, column=VERSIONS, record=row[1])
    return json.dumps([*row, clear]).encode() + b"\n"


def told_in(block: bytes) -> Iterator[Told]:
    """Yield what `read_told` returned, children together, oldest record first."""
    for row in json_lines(block):
        row[7] = date.fromisoformat(row[7])
        yield Told._make(row)
