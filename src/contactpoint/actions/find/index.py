"""Keeps the search index in step with what is known: whoever publishes, shields or merges calls `refresh`."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from contactpoint.actions.find.aside import done_aside
from contactpoint.actions.find.filing import areas_of_shielded, file, held_of, unplaced_among
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.held import Gazetteer
from contactpoint.domain.here import HERE
from contactpoint.domain.moves import answered_by
from contactpoint.storage import moves, search_index
from contactpoint.storage.queries.children import archived_among, shielded_among
from contactpoint.storage.queries.involvements import outlines_in, read_outlines
from contactpoint.storage.queries.organisations import gazetteer_of_all
from contactpoint.storage.queries.told import read_told, told_in
from contactpoint.storage.search_index import Filed

_CHUNK: Final = 2000
_MANY: Final = 5 * _CHUNK
_MOST_HELPERS: Final = 4
_MOST_SUBJECTS: Final = 500


@dataclass(frozen=True, slots=True)
class Read:
    """What the database holds of some children, as it came: it is cheaper to hand on than to understand."""

    numbers: tuple[str, ...]
    shielded: frozenset[str]
    told: bytes
    outlines: bytes


def refresh(
    children: Sequence[str] | pl.Series,
    *,
    empty: bool = False,
    progress: Callable[[float], None] | None = None,
    by: Viewer | None = None,
    at: datetime | None = None,
    reorganised: bool = False,
) -> int:
    """Make the search index say of `children` (stored numbers) what their sources now say; return how many.

    Runs as the worker, in the caller's transaction, a few thousand children at a time. Where there are many,
    other processors make the rows while this one talks with the database. A shielded child gets one row of
    name, sex and birth date and no keys; a retired number, a child without records and an archived one get
    nothing. Whoever belongs to another authority than before stays with the old one until it is accepted:
    a move is opened (R59). Whoever belongs to none is noted for the national team (R58).

    Args:
        children: stored numbers, each once.
        empty: the search index holds nothing of them yet.
        progress: told the share that is done.
        by: who makes it say so, for the audit of moves; without them, and without `at`, none are opened.
        at: now.
        reorganised: two people changed whose authority is whose. Nobody has moved by that; but whoever is
            protected and does not belong where the desk went is for the national one to see to.
    """
    places, done = gazetteer_of_all(), 0
    chunks = (_read(tuple(children[start : start + _CHUNK])) for start in range(0, len(children), _CHUNK))
    for chunk, filed in _all_filed(chunks, places, many=len(children) >= _MANY):
        if empty:
            search_index.add(filed)
        else:
            was = search_index.replace(chunk.numbers, filed)
            if by is not None and at is not None:
                _open_moves(chunk.numbers, {} if reorganised else was, filed.hidden, by=by, at=at)
        moves.note_unplaced(() if empty else chunk.numbers, filed.unplaced, at)
        done += len(chunk.numbers)
        if progress:
            progress(done / len(children))
    return len(children)


def _open_moves(
    numbers: Sequence[str], was: Mapping[str, str], hidden: Mapping[str, str], *, by: Viewer, at: datetime
) -> None:
    answer_by = answered_by(at.astimezone(HERE).date())
    opened = moves.note_moves(numbers, was=was, hidden=hidden, at=at, answer_by=answer_by)
    for first in range(0, len(opened), _MOST_SUBJECTS):
        record(Action.BEGAN_MOVES, by=by, at=at, subjects=opened[first : first + _MOST_SUBJECTS])


def _read(numbers: tuple[str, ...]) -> Read:
    archived = archived_among(numbers)
    open_ones = [number for number in numbers if number not in archived] if archived else numbers
    return Read(numbers, shielded_among(numbers), read_told(open_ones), read_outlines(open_ones))


def _all_filed(chunks: Iterator[Read], places: Gazetteer, *, many: bool) -> Iterator[tuple[Read, Filed]]:
    if many:
        helpers = min(os.cpu_count() or 1, _MOST_HELPERS)
        return done_aside(filed_from, places, chunks, helpers=helpers)
    return ((chunk, filed_from(places, chunk)) for chunk in chunks)


def filed_from(places: Gazetteer, chunk: Read) -> Filed:
    """Understand what was read, and write what the index shall say."""
    held = held_of(chunk.numbers, chunk.shielded, told_in(chunk.told), outlines_in(chunk.outlines), places)
    rows, keys = file(held, places)
    hidden = areas_of_shielded(held, places)
    return search_index.written(rows, keys, hidden, unplaced_among(held, rows, hidden, places))
