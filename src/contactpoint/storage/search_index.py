"""The index that people search (ADR 0005): its rows and keys, written in bulk and read for known children.

Codes are 64-bit hashes that whoever writes and whoever searches make in the same way; here they are numbers.
Who may be sought by what is for storage/search_candidates.py.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple

from django.db import connection

from contactpoint.storage.prepared import rows_of


class KeyKind(IntEnum):
    """What a search key is made from. Numbers are stored: append, never renumber."""

    NHS_NUMBER = 1
    UPN = 2
    PHONE = 3
    CARER = 4
    SCHOOL = 5
    GP_PRACTICE = 6
    ADDRESS = 7


class Row(NamedTuple):
    """One row of the index, in the order of COLUMNS. Texts may be empty; `dob` is None unless it is whole."""

    child: str
    shielded: bool
    forename: str
    surname: str
    known_as: str
    sk: int
    fk: int
    sfk: int
    dob: date | None
    dob_text: str
    sex: str
    postcode: str
    sec: str
    dis: str
    la: str
    town: str


class Key(NamedTuple):
    """One hashed key to a child that is not shielded."""

    child: str
    kind: int
    key: int


MOST_ROWS: Final = 16
"""Of one child."""

_FIRST_ID: Final = 1 << 40
COLUMNS: Final = (
    "child_id, shielded, forename, surname, known_as, sk, fk, sfk, "
    "dob, dob_text, sex, postcode, sec, dis, la, town"
)


@dataclass(frozen=True, slots=True)
class Filed:
    """Rows and keys as COPY reads them.

    `hidden` is the authority that each shielded child belongs to, which no row may say; `unplaced` are those,
    shielded or not, who belong to none.
    """

    rows: bytes
    keys: bytes
    hidden: Mapping[str, str]
    unplaced: tuple[str, ...] = ()


def written(
    rows: Iterable[Row], keys: Iterable[Key], hidden: Mapping[str, str], unplaced: tuple[str, ...] = ()
) -> Filed:
    """Write rows, those of a child one after the other, and keys out for `replace`; needs no database."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(_identified(rows))
    lines = [f"{child}\t{kind}\t{key}\n" for child, kind, key in keys]
    return Filed(text.getvalue().encode(), "".join(lines).encode(), hidden, unplaced)


def _identified(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Each row after its id, which follows from its child alone, and its place among that child's rows.

    Drawn from a sequence it would tell, in a statement that names it, what else was written before: also what
    is hidden. Old ids, from when they were, are smaller than all of these.
    """
    before: str | None = None
    place = 0
    for row in rows:
        place = place + 1 if row.child == before else 0
        before = row.child
        yield (_FIRST_ID + int(row.child[1:10]) * MOST_ROWS + place, *row)


# An empty text is a text; only a birth date may be missing.
COPY_ROWS: Final = (
    f"COPY search_identity (id, {COLUMNS}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ("
    "forename, surname, known_as, dob_text, sex, postcode, sec, dis, la, town))"
)


def replace(children: Sequence[str], filed: Filed) -> dict[str, str]:
    """Replace all rows and keys of `children` by these, in bulk, in the caller's transaction.

    A child's first row is its main one. The database refuses a key of a shielded child, and a row that shows
    more of one than name, sex and birth date. Returns the authority that the old rows named, where they did.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_key WHERE child_id = ANY(%s)", [list(children)])
        cursor.execute(
            "DELETE FROM search_identity WHERE child_id = ANY(%s) RETURNING child_id, la", [list(children)]
        )
        was = {child: authority for child, authority in cursor.fetchall() if authority}
    add(filed)
    return was


def add(filed: Filed) -> None:
    """Add rows and keys of children that have none, in bulk, in the caller's transaction."""
    with connection.cursor() as cursor:
        with cursor.copy(COPY_ROWS) as copy:
            copy.write(filed.rows)
        with cursor.copy("COPY search_key (child_id, kind, key) FROM STDIN") as copy:
            copy.write(filed.keys)


def main_rows(children: Sequence[str]) -> dict[str, Row]:
    """Return each child's first row, which is what is shown of it."""
    statement = (
        f"SELECT DISTINCT ON (child_id) {COLUMNS} FROM search_identity "  # noqa: S608
        "WHERE child_id = ANY(%(children)s::varchar[]) ORDER BY child_id, id"
    )
    return {row[0]: Row(*row) for row in rows_of(statement, {"children": list(children)})}


def keys_of(
    children: Sequence[str], wanted: Sequence[tuple[KeyKind, tuple[int, ...]]]
) -> dict[str, set[tuple[int, int]]]:
    """Return which of the wanted (kind, key) pairs each child has."""
    if not children or not wanted:
        return {}
    found: dict[str, set[tuple[int, int]]] = {}
    hashes = [key for _, keys in wanted for key in keys]
    statement = (
        "SELECT child_id, kind, key FROM search_key "
        "WHERE child_id = ANY(%(children)s::varchar[]) AND key = ANY(%(keys)s::bigint[])"
    )
    for child, kind, key in rows_of(statement, {"children": list(children), "keys": hashes}):
        found.setdefault(child, set()).add((kind, key))
    return found
