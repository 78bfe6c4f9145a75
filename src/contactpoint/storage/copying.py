"""Tables between polars and PostgreSQL by COPY: hundreds of thousands of rows a second."""

import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg import sql

from contactpoint.domain.errors import Conflict

_SLICE: Final = 100_000
_PIECE: Final = 64 * 1024 * 1024
# One number for one lock in one database: whoever takes deliveries in holds it.
_LOADER_LOCK: Final = 0x434F4E54_4C4F4144
_PATIENCE: Final = 5.0  # seconds: PostgreSQL looks every second whether a client is still there


def copy_in(table: str, frame: pl.DataFrame) -> None:
    """Append the rows of `frame` to the columns of `table` that bear their names."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for rows in frame.iter_slices(_SLICE):
            copy.write(rows.write_csv(include_header=False, quote_style="necessary").encode())


def copy_out(
    query: str, schema: Mapping[str, type[pl.DataType]], params: Sequence[Any] | Mapping[str, Any] = ()
) -> pl.DataFrame:
    """Return the rows of `query`, whose columns are those of `schema` in its order."""
    return pl.concat(copy_out_pieces(query, schema, params))


def copy_out_pieces(
    query: str, schema: Mapping[str, type[pl.DataType]], params: Sequence[Any] | Mapping[str, Any] = ()
) -> Iterator[pl.DataFrame]:
    """The same, some 64 MB at a time, and at least one frame: as text a country takes twice its memory."""
    held: list[bytes] = []
    size = 0
    statement = f"COPY ({query}) TO STDOUT (FORMAT csv)"
    yield pl.DataFrame(schema=dict(schema))
    with connection.cursor() as cursor, cursor.copy(statement, params) as copy:
        for block in copy:  # PostgreSQL sends whole rows
            held.append(bytes(block))
            size += len(held[-1])
            if size > _PIECE:
                yield pl.read_csv(b"".join(held), has_header=False, schema=dict(schema))
                held, size = [], 0
    if held:
        yield pl.read_csv(b"".join(held), has_header=False, schema=dict(schema))


def copied(statement: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> bytes:
    """Return all that a COPY statement puts out."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement, params) as copy:
        for block in copy:
            buffer.write(block)
    return buffer.getvalue()


def json_lines(block: bytes) -> list[list[Any]]:
    """Return the rows of a COPY that put out one JSON array a line."""
    rows: list[list[Any]] = json.loads(b"[" + b",".join(block.splitlines()) + b"]")
    return rows


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOADER_LOCK])
        return bool(cursor.fetchone() == (True,))


@contextmanager
def only_loader() -> Iterator[None]:
    """Hold the lock of whoever takes deliveries in; it falls when this process ends, however it ends.

    It falls a moment later where this process is killed in the middle of a statement: so the next one waits
    for that moment.

    Raises:
        Conflict: another process holds it.
    """
    deadline = time.monotonic() + _PATIENCE
    while not _locked():
        if time.monotonic() > deadline:
            raise Conflict("Another delivery is being taken in. Try again when it has finished.")
        time.sleep(0.1)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOADER_LOCK])
