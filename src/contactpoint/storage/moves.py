"""Moves between authorities, as the worker opens them and hands them on: statements over sets (R58, R59)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from contactpoint.domain.people import AddressKind
from contactpoint.domain.retention import Leaving
from contactpoint.storage.asking import execute, fetch

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
    WHERE m.child_id = said.child AND m.closed_at IS NULL
        AND (m.to_authority <> said.la OR m.from_authority = '')
    RETURNING m.child_id, m.from_authority
"""  # noqa: S608
_OPENED: Final = f"""
    {_SAID_NOW}, was AS (
        SELECT * FROM unnest(%(was)s::text[], %(was_areas)s::text[]) AS w (child, la)
        UNION ALL SELECT s.child_id, s.authority FROM shield s
        WHERE s.child_id = ANY(%(hidden)s) AND s.lifted_at IS NULL AND s.kept_from_id IS NULL
            AND s.authority <> '' AND s.child_id <> ALL (%(was)s::text[])
        UNION ALL SELECT said.child, given_to(said.child) FROM said
        WHERE said.child <> ALL (%(was)s::text[]) AND said.child <> ALL (%(hidden)s::text[]))
    INSERT INTO authority_move (child_id, from_authority, to_authority, opened_at, answer_by)
    SELECT said.child, was.la, said.la, %(at)s, %(answer_by)s
    FROM said JOIN was ON was.child = said.child AND was.la <> said.la AND was.la <> ''
    WHERE NOT EXISTS (SELECT FROM authority_move m WHERE m.child_id = said.child AND m.closed_at IS NULL)
    ORDER BY said.child
    RETURNING child_id
"""  # noqa: S608
_PLACED: Final = """
    DELETE FROM unplaced_child
    WHERE child_id = ANY(%(children)s) AND child_id <> ALL (%(unplaced)s::varchar[])
"""
# Whoever belongs to an authority by what is said now is back, whatever was written down.
_BACK: Final = """
    DELETE FROM left_england l USING search_identity i
    WHERE l.child_id = ANY(%(children)s) AND i.child_id = l.child_id AND i.la <> ''
"""
_UNPLACED: Final = """
    INSERT INTO unplaced_child (child_id, since)
    SELECT u, coalesce(%(at)s, now()) FROM unnest(%(unplaced)s::varchar[]) AS u ON CONFLICT DO NOTHING
"""
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
    overtaken = dict(fetch(_OVERTAKEN, **values))
    before = {**was, **{child: from_ for child, from_ in overtaken.items() if from_}}
    values |= {"was": list(before), "was_areas": list(before.values())}
    return [child for (child,) in fetch(_OPENED, **values)]


def note_unplaced(children: Sequence[str], unplaced: Sequence[str], at: datetime | None) -> None:
    """Note which of `children` belong to no authority by what is said now; since when, where they did not."""
    values = {"children": list(children), "unplaced": list(unplaced), "at": at}
    if children:
        execute(_PLACED, **values)
        execute(_BACK, **values)
    if unplaced:
        execute(_UNPLACED, **values)


def escalate(at: datetime, on: date, *, most: int) -> list[str]:
    """Hand some of the moves that nobody answered in time to the national team; return whose."""
    return [child for (child,) in fetch(_ESCALATED, at=at, on=on, most=most)]


def stayed_with_then(child: str, moment: datetime) -> str | None:
    """Return the authority that a child stayed with at a moment, because a move was not accepted yet."""
    query = (
        "SELECT from_authority FROM authority_move WHERE child_id = %(c)s AND opened_at <= %(m)s "
        "AND (closed_at IS NULL OR closed_at > %(m)s) AND from_authority <> '' ORDER BY id LIMIT 1"
    )
    return next((authority for (authority,) in fetch(query, c=child, m=moment)), None)


def given_to_then(child: str, moment: datetime) -> str | None:
    """Return the authority that the national team had given a child to by then, if that was the last move."""
    query = (
        "SELECT to_authority FROM (SELECT to_authority, from_authority FROM authority_move "
        "WHERE child_id = %(c)s AND state = 'accepted' AND closed_at <= %(m)s "
        "ORDER BY closed_at DESC, id DESC LIMIT 1) AS last WHERE from_authority = ''"
    )
    return next((authority for (authority,) in fetch(query, c=child, m=moment)), None)


def noted_as_left_then(child: str, moment: datetime) -> Leaving | None:
    """Return what stands of a child's leaving England, if it had been written down by then (R50)."""
    query = "SELECT kind, left_on FROM left_england WHERE child_id = %(c)s AND said_at <= %(m)s"
    rows = fetch(query, c=child, m=moment)
    return next((Leaving(kind=AddressKind(kind), since=since) for kind, since in rows), None)
