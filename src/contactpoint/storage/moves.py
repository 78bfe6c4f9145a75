"""Moves between authorities, as the worker opens them and hands them on: statements over sets (R58, R59)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from contactpoint.storage.asking import fetch

# What is said now of where children belong: of a shielded child the index says nothing, so it is handed in.
_SAID_NOW: Final = """
    WITH said AS (
        SELECT child_id AS child, min(la) AS la FROM search_identity
        WHERE child_id = ANY(%(children)s) AND NOT shielded AND la <> '' GROUP BY child_id
        UNION ALL SELECT * FROM unnest(%(hidden)s::text[], %(hidden_areas)s::text[]))
"""
_OVERTAKEN: Final = f"""
    {_SAID_NOW}
    UPDATE authority_move m SET state = 'overtaken', closed_at = %(at)s FROM said
    WHERE m.child_id = said.child AND m.closed_at IS NULL AND m.to_authority <> said.la
    RETURNING m.child_id, m.from_authority
"""  # noqa: S608
_OPENED: Final = f"""
    {_SAID_NOW}, was AS (
        SELECT * FROM unnest(%(was)s::text[], %(was_areas)s::text[]) AS w (child, la)
        UNION ALL SELECT s.child_id, s.authority FROM shield s
        WHERE s.child_id = ANY(%(hidden)s) AND s.lifted_at IS NULL AND s.kept_from_id IS NULL
            AND s.authority <> '' AND s.child_id <> ALL (%(was)s::text[]))
    INSERT INTO authority_move (child_id, from_authority, to_authority, opened_at, answer_by)
    SELECT said.child, was.la, said.la, %(at)s, %(answer_by)s
    FROM said JOIN was ON was.child = said.child AND was.la <> said.la
    WHERE NOT EXISTS (SELECT FROM authority_move m WHERE m.child_id = said.child AND m.closed_at IS NULL)
    ORDER BY said.child
    RETURNING child_id
"""  # noqa: S608
_ESCALATED: Final = """
    UPDATE authority_move SET escalated_at = %(at)s
    WHERE id IN (SELECT id FROM authority_move WHERE closed_at IS NULL AND state = 'asked'
        AND escalated_at IS NULL AND answer_by < %(on)s ORDER BY answer_by, id LIMIT %(most)s)
    RETURNING child_id
"""


def note_moves(
    children: Sequence[str],
    *,
    was: Mapping[str, str],
    hidden: Mapping[str, str],
    at: datetime,
    answer_by: date,
) -> list[str]:
    """Open a move of each child that belongs to another authority by what is said now; return whose.

    One that is open already and no longer fits is closed, and another opened where need be: whoever was
    responsible before it still is.

    Args:
        children: whose search rows have just been made anew.
        was: the authority that those rows named before, of those of whom it was known.
        hidden: the authority that shielded children belong to now; it was that of their shield.
        at: now.
        answer_by: the last day on which the new authority can answer.
    """
    values = {
        "children": list(children),
        "hidden": list(hidden),
        "hidden_areas": list(hidden.values()),
        "at": at,
        "answer_by": answer_by,
    }
    before = {**was, **dict(fetch(_OVERTAKEN, **values))}
    values |= {"was": list(before), "was_areas": list(before.values())}
    return [child for (child,) in fetch(_OPENED, **values)]


def escalate(at: datetime, on: date, *, most: int) -> list[str]:
    """Hand some of the moves that nobody answered in time to the national team; return whose."""
    return [child for (child,) in fetch(_ESCALATED, at=at, on=on, most=most)]


def stayed_with_then(child: str, moment: datetime) -> str | None:
    """Return the authority that a child stayed with at a moment, because a move was not accepted yet."""
    query = (
        "SELECT from_authority FROM authority_move WHERE child_id = %(c)s AND opened_at <= %(m)s "
        "AND (closed_at IS NULL OR closed_at > %(m)s) ORDER BY id LIMIT 1"
    )
    return next((authority for (authority,) in fetch(query, c=child, m=moment)), None)
