"""Encrypts typed text that an older release wrote, and puts it under a new key, some rows at a time (worker).

Whoever writes such text now encrypts it themselves (storage/typed_texts.py). A row that somebody else is
changing is left for the next time, so that nobody ever waits for this.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.seal_key import KeyRing, SealKey, key_ring
from contactpoint.storage.typed_texts import MARK, TABLES, TypedTable

AT_A_TIME: Final = 1000


def seal_clear(key: SealKey, *, most: int = AT_A_TIME) -> int:
    """Encrypt texts that stand in the clear; return of how many rows."""
    return sum(len(_turn(table, _clear(table), 0, key, most)) for table in TABLES)


def renew(key: SealKey, told: Callable[[], None], *, most: int = AT_A_TIME) -> None:
    """Put every text under the key that is under another one; `told` is called after each transaction.

    What somebody else holds meanwhile is left.
    """
    for table in TABLES:
        after = 0
        while done := _turn(table, _older(table, key), after, key, most):
            after = done[-1]
            told()


def count_older(key: SealKey) -> int:
    """How many rows have a text under another key, or in the clear."""
    return sum(
        int(fetch(f"SELECT count(*) FROM {table.name} WHERE {_older(table, key)} OR {_clear(table)}")[0][0])  # noqa: S608 - constants
        for table in TABLES
    )


@transaction.atomic
def _turn(table: TypedTable, which: str, after: int, key: SealKey, most: int) -> list[int]:
    """Write texts of some rows anew, and return the rows."""
    names = ", ".join(_quoted(table))
    about = table.tagged.about if table.tagged else "NULL"
    query = (
        f"SELECT id, {table.moment}, {about}, {names} FROM {table.name} "  # noqa: S608 - constants
        f"WHERE id > %s AND ({which}) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    rows, ring = fetch(query, after, most), key_ring()
    if rows:
        _write(table, [_anew(table, row, ring, key) for row in rows])
    return [row[0] for row in rows]


def _anew(table: TypedTable, row: Sequence[Any], ring: KeyRing, key: SealKey) -> tuple[Any, ...]:
    number, at, about, *texts = row
    clear = _opened(table, at, ring, texts)
    sealed = table.seal(at, key, **clear)
    tags = (table.tag(key, about, clear[table.tagged.text]),) if table.tagged else ()
    return (number, *sealed, *tags)


def _opened(table: TypedTable, at: datetime, ring: KeyRing, texts: Sequence[str]) -> dict[str, str]:
    said = dict(zip(table.columns, texts, strict=True))
    return dict(zip(said, table.open(at, ring, **said), strict=True))


def _write(table: TypedTable, rows: Sequence[tuple[Any, ...]]) -> None:
    names = list(_quoted(table))
    if table.tagged:
        names.append(table.tagged.column)
    values = [list(column) for column in zip(*rows, strict=True)]
    places = ", ".join(["%s::bigint[]", *("%s::text[]" for _ in names)])
    execute(
        f"UPDATE {table.name} t SET {', '.join(_set(table))} "  # noqa: S608 - constants
        f"FROM unnest({places}) AS n (id, {', '.join(names)}) WHERE t.id = n.id",
        *values,
    )


def _set(table: TypedTable) -> Iterator[str]:
    yield from (f"{name} = n.{name}" for name in _quoted(table))
    if table.tagged:
        yield f"{table.tagged.column} = {_TAG_UNLESS_ASKED_TWICE}"


# Asked again while it stood in the clear, which no tag told: it goes without one from then on.
_TAG_UNLESS_ASKED_TWICE: Final = """
    CASE WHEN (t.said_tag = '' AND left(t.said, 8) = '~sealed.') OR EXISTS (
        SELECT FROM correction o WHERE o.record_id = t.record_id AND o.field = t.field
        AND o.asked_by_id = t.asked_by_id AND o.said_tag = n.said_tag AND o.answer = '') THEN ''
    ELSE n.said_tag END
"""


def _quoted(table: TypedTable) -> Iterator[str]:
    return (f'"{name}"' for name in table.columns)


def _clear(table: TypedTable) -> str:
    """As the index of such rows says it (storage/sql/typed.sql)."""
    return " OR ".join(f"({name} <> '' AND {name} NOT LIKE '{MARK}%%')" for name in _quoted(table))


def _older(table: TypedTable, key: SealKey) -> str:
    texts = (
        f"({name} LIKE '{MARK}%%' AND {name} NOT LIKE '{MARK}{key.number}.%%')" for name in _quoted(table)
    )
    return " OR ".join(texts)
