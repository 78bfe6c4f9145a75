"""Statements that are asked often: parsed and planned once a connection, their values sent apart."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def rows_of(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run `statement` on this thread's connection and transaction, and return its rows.

    Values are named, `%(name)s`; those that the statement does not name are not sent. Each distinct text is
    prepared once, so a text must never be made of what somebody typed.
    """
    connection.ensure_connection()
    held: psycopg.Connection[Any] = connection.connection
    if held.prepare_threshold is None:  # Django turns preparing off; its own cursors never prepare
        held.prepare_threshold = 5
    with connection.wrap_database_errors, psycopg.Cursor(held) as cursor:
        return cursor.execute(statement, values, prepare=True).fetchall()
