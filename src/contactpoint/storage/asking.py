"""Ask the database: one statement, its values, and the rows or the number of rows that came of it.

Values stand beside a statement, never in it. They fill `%s` in their order, or `%(name)s` by name.
"""

from typing import Any

from django.db import connection


def fetch(statement: str, *values: Any, **named: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - whatever a column holds
    """Run a statement and return its rows; an error of the database is passed on."""
    with connection.cursor() as cursor:
        cursor.execute(statement, named or list(values))
        return list(cursor.fetchall())


def execute(statement: str, *values: Any, **named: Any) -> int:  # noqa: ANN401 - whatever a column holds
    """Run a statement that returns no rows; return how many it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, named or list(values))
        return int(cursor.rowcount)
