"""What one world shows, in the order in which it was shown: pages, statements, log lines, e-mail.

A statement is kept with its values and the number of rows that it returned or changed, because whoever can
count rows, in a plan, a counter or a slow query, must not learn from them what the pages keep to themselves.
"""

import difflib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg

from contactpoint.web import logs

# The wall clock of the log library, which reads no clock that a test can hold; nothing else is left out.
_WALL_CLOCK = "timestamp"


class Transcript:
    """One world, as somebody saw it."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self._statements: list[str] = []
        self._lines: list[str] = []

    def show(self, what: str, text: str) -> None:
        """Note what was shown, with the statements and log lines that came with it."""
        behind = [*self._statements, *self._lines]
        self.shown.append((what, "\n".join((text, *behind))))
        self._statements.clear()
        self._lines.clear()

    def show_without_statements(self, what: str, text: str) -> None:
        """Note what came of the worker's doing. It reads what is hidden, under a role that no viewer has."""
        self._statements.clear()
        self.show(what, text)

    def __getitem__(self, what: str) -> str:
        """Return the first that was shown under this name."""
        return next(text for name, text in self.shown if name == what)

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Record statements and log lines for the block."""
        handler = _Kept(self._lines)  # before the product's own is set aside: it writes as that does
        ours = [logging.getLogger(name) for name in (*logs.OURS, "")]
        before = [one.handlers[:] for one in ours]
        for one in ours:
            one.handlers[:] = [handler]
        try:
            with (
                mock.patch.object(psycopg.Cursor, "execute", self._execute(psycopg.Cursor.execute)),
                mock.patch.object(psycopg.Cursor, "executemany", self._execute(psycopg.Cursor.executemany)),
                mock.patch.object(psycopg.Cursor, "copy", self._copy(psycopg.Cursor.copy)),
            ):
                yield
        finally:
            for one, handlers in zip(ours, before, strict=True):
                one.handlers[:] = handlers

    def _execute(self, execute: Any) -> Any:
        def noted(cursor: psycopg.Cursor[Any], query: Any, params: Any = None, **how: Any) -> Any:
            try:
                answer = execute(cursor, query, params, **how)
            except psycopg.Error as fault:
                self._note(query, params, type(fault).__name__)
                raise
            self._note(query, params, cursor.rowcount)
            return answer

        return noted

    def _copy(self, copy: Any) -> Any:
        @contextmanager
        def noted(cursor: psycopg.Cursor[Any], query: Any, params: Any = None, **how: Any) -> Any:
            with copy(cursor, query, params, **how) as opened:
                yield opened
            self._note(query, params, cursor.rowcount)

        return noted

    def _note(self, query: Any, params: Any, rows: object) -> None:
        self._statements.append(f"SQL {rows} rows: {query} {params!r}")


class _Kept(logging.Handler):
    """Keeps lines as the product writes them."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines
        handlers = logging.getLogger("contactpoint").handlers
        ours = next(one for one in handlers if isinstance(one, logs._Stderr))
        self.setFormatter(ours.formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        line = json.loads(self.format(record))
        line.pop(_WALL_CLOCK, None)
        self._lines.append(f"LOG {json.dumps(line)}")


def differences(one: Transcript, other: Transcript) -> dict[str, tuple[str, ...]]:
    """The lines by which two transcripts differ, by what was shown, and whatever is in one alone."""
    found: dict[str, tuple[str, ...]] = {}
    if [name for name, _ in one.shown] != [name for name, _ in other.shown]:
        names = difflib.unified_diff([name for name, _ in one.shown], [name for name, _ in other.shown], n=1)
        found["the order of what was shown"] = tuple(names)
    theirs = dict(other.shown)
    for name, text in one.shown:
        if name in theirs:
            found |= differing(name, text, theirs[name])
    return found


def differing(name: str, one: str, other: str) -> dict[str, tuple[str, ...]]:
    """The lines by which two texts of one name differ, under that name; nothing if they are the same."""
    if one == other:
        return {}
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), n=0, lineterm="")
    return {name: tuple(lines)[2:]}
