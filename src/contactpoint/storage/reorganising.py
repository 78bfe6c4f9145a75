"""Authorities that are split or merged: the plan, its rows, and whom it concerns (worker)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from contactpoint.domain.reorganising import ChangeState, Plan
from contactpoint.storage.models import AuthorityChange, Membership, Organisation, Source

_INTO: Final = "INSERT INTO authority_change_row (change_id, tab, col, row_key, was, becomes) "
_ORGANISATIONS: Final = """
    SELECT %(change)s, 'organisation', 'authority', o.code, o.authority, coalesce(n.becomes, %(rest)s)
    FROM organisation o
    LEFT JOIN unnest(%(organisations)s::text[], %(organisations_to)s::text[]) AS n (code, becomes)
        ON n.code = o.code
    WHERE o.authority = %(authority)s AND coalesce(n.becomes, %(rest)s) <> o.authority ORDER BY o.code
"""
_SOURCES: Final = """
    SELECT %(change)s, 'source', 'authority', s.code, s.authority, coalesce(n.becomes, %(rest)s)
    FROM source s
    LEFT JOIN unnest(%(sources)s::text[], %(sources_to)s::text[]) AS n (code, becomes) ON n.code = s.code
    WHERE s.authority = %(authority)s AND coalesce(n.becomes, %(rest)s) <> s.authority ORDER BY s.code
"""
# Of the bodies of the authority alone, as they were before this change. Whoever has the same role there
# already keeps both.
_PEOPLE: Final = """
    SELECT %(change)s, 'membership', 'organisation_id', m.id::text, m.organisation_id, n.becomes
    FROM membership m JOIN organisation o ON o.code = m.organisation_id AND o.kind = 'authority'
    JOIN unnest(%(people)s::uuid[], %(people_to)s::text[]) AS n (account, becomes)
        ON n.account = m.account_id AND n.becomes <> m.organisation_id
    WHERE m.ended_at IS NULL
        AND (o.authority = %(authority)s OR o.code IN (SELECT w.row_key FROM authority_change_row w
            WHERE w.change_id = %(change)s AND w.tab = 'organisation'))
        AND NOT EXISTS (SELECT FROM membership t WHERE t.account_id = m.account_id
        AND t.organisation_id = n.becomes AND t.role = m.role)
    ORDER BY m.id
"""
# Moves between the authority and its own successor are none any more; the others are renamed below.
_NO_MOVES: Final = """
    SELECT %(change)s, 'authority_move', 'state', m.id::text, m.state, 'overtaken' FROM authority_move m
    WHERE m.closed_at IS NULL AND %(rest)s <> %(authority)s AND (
        (m.from_authority = %(authority)s AND m.to_authority = %(rest)s)
        OR (m.from_authority = %(rest)s AND m.to_authority = %(authority)s))
    ORDER BY m.id
"""
_RENAMED: Final = (
    ("authority_move", "from_authority", "id", "t.closed_at IS NULL"),
    (
        "authority_move",
        "to_authority",
        "id",
        "(t.closed_at IS NULL OR (t.from_authority = '' AND t.state = 'accepted'))",
    ),
    ("shield", "authority", "id", "t.lifted_at IS NULL"),
    ("ward_postcode", "authority", "postcode", "true"),
    ("contact_request", "desk", "id", "true"),
    ("archived", "authority", "child_id", "true"),
    ("use_item", "reviewed_by", "id", "true"),
    # Whose shield desk is whose second. A desk is not its own, and has one: such a pair stays behind.
    ("paired_authority", "second_desk", "authority", "t.authority <> %(rest)s"),
    (
        "paired_authority",
        "authority",
        "second_desk",
        """
        t.second_desk <> %(rest)s AND NOT EXISTS (SELECT FROM paired_authority p WHERE p.authority = %(rest)s)
        """,
    ),
)
_ROWS: Final = (
    *(_INTO + rows for rows in (_ORGANISATIONS, _SOURCES, _PEOPLE, _NO_MOVES)),
    *(
        f"{_INTO} SELECT %(change)s, '{tab}', '{col}', t.{key}::text, t.{col}, %(rest)s FROM {tab} t "  # noqa: S608
        f"WHERE t.{col} = %(authority)s AND %(rest)s <> %(authority)s AND {only} ORDER BY 4"
        for tab, col, key, only in _RENAMED
    ),
)
_COUNTS: Final = """
    SELECT (SELECT count(DISTINCT child_id) FROM search_identity WHERE la = %(authority)s AND NOT shielded),
        (SELECT count(DISTINCT m.account_id) FROM membership m
            JOIN organisation o ON o.code = m.organisation_id
            WHERE o.authority = %(authority)s AND m.ended_at IS NULL),
        (SELECT count(*) FROM organisation WHERE authority = %(authority)s),
        (SELECT count(*) FROM source WHERE authority = %(authority)s)
"""
_CHILDREN: Final = """
    SELECT child_id FROM search_identity WHERE la = ANY(%(codes)s)
    UNION SELECT child_id FROM shield WHERE authority = ANY(%(codes)s) AND lifted_at IS NULL
    UNION SELECT r.child_id FROM source_record r JOIN source s ON s.code = r.source_id
        WHERE s.authority = ANY(%(codes)s) AND r.child_id IS NOT NULL AND r.withdrawn_at IS NULL
    UNION SELECT child_id FROM authority_move WHERE closed_at IS NULL
        AND (from_authority = ANY(%(codes)s) OR to_authority = ANY(%(codes)s))
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A planned change as it stands, locked until the transaction ends."""

    id: int
    plan: Plan
    state: ChangeState
    asked_by: UUID
    undo_asked_by: UUID | None


def ask(plan: Plan, *, because: str, asked_by: UUID, at: datetime) -> int | None:
    """Write a plan down; None where one of this authority waits already."""
    if AuthorityChange.objects.filter(authority=plan.authority, done_at=None, dropped_at=None).exists():
        return None
    held = {
        "rest": plan.rest,
        "organisations": dict(plan.organisations),
        "sources": dict(plan.sources),
        "people": dict(plan.people),
    }
    made = AuthorityChange.objects.create(
        authority=plan.authority, plan=held, because=because, asked_by_id=asked_by, asked_at=at
    )
    return int(made.pk)


def change(number: int) -> ChangeRow | None:
    """Return a planned change; None where there is none of that number."""
    row = AuthorityChange.objects.select_for_update().filter(pk=number).first()
    if row is None:
        return None
    state = ChangeState.ASKED if row.done_at is None else ChangeState.DONE
    if row.undo_asked_by_id:
        state = ChangeState.UNDO_ASKED
    if row.undone_at:
        state = ChangeState.UNDONE
    if row.dropped_at:
        state = ChangeState.DROPPED
    return ChangeRow(
        id=int(row.pk),
        plan=Plan(authority=row.authority, **row.plan),
        state=state,
        asked_by=row.asked_by_id,
        undo_asked_by=row.undo_asked_by_id,
    )


def do(found: ChangeRow, *, agreed_by: UUID, at: datetime) -> list[str]:
    """Write everything that a plan changes; return the children whose rows must be made anew."""
    AuthorityChange.objects.filter(pk=found.id).update(agreed_by_id=agreed_by, done_at=at)
    children = _children([found.plan.authority])
    values = {**_values(found.plan), "change": found.id}
    with connection.cursor() as cursor:
        for statement in _ROWS:
            cursor.execute(statement, values)
    return children


def ask_undo(found: ChangeRow, *, asked_by: UUID) -> None:
    """Note that somebody asks to take it back."""
    AuthorityChange.objects.filter(pk=found.id).update(undo_asked_by_id=asked_by)


def undo(found: ChangeRow, *, agreed_by: UUID, at: datetime) -> list[str]:
    """Put every value back that still is what the change made it; return the children concerned."""
    AuthorityChange.objects.filter(pk=found.id).update(undo_agreed_by_id=agreed_by, undone_at=at)
    children = _children(sorted(found.plan.successors | {found.plan.authority}))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE authority_change_row SET undone = true WHERE id IN (SELECT id FROM authority_change_row "
            "WHERE change_id = %s ORDER BY id DESC)",
            [found.id],
        )
        cursor.execute("SELECT leave_waves(%s, %s)", [found.id, at])
    return children


def follow_in_waves(found: ChangeRow, at: datetime) -> frozenset[str]:
    """Let new authorities take the place of the one before them in its wave; return whose bodies came in."""
    into = sorted(found.plan.successors - {found.plan.authority})
    return _codes("SELECT follow_in_waves(%s, %s, %s)", found.id, into, at)


def waiting_in(authorities: Sequence[str]) -> frozenset[str]:
    """Which organisations of these authorities wait for their wave."""
    return _codes("SELECT waiting_in(%s)", list(authorities))


def _codes(query: str, *given: int | datetime | list[str]) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return frozenset(row[0] for row in cursor.fetchall())


def counts(plan: Plan) -> tuple[int, int, int, int]:
    """Return how many children, people, organisations and feeds an authority has."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"authority": plan.authority})
        found: tuple[int, int, int, int] = cursor.fetchone()
    return found


def unknown_codes(plan: Plan) -> Sequence[str]:
    """Return which authorities and organisations of a plan nobody has told us of."""
    known = set(Organisation.objects.filter(kind="authority").values_list("authority", flat=True))
    organisations = set(Organisation.objects.values_list("code", flat=True))
    named = {*plan.organisations, *plan.people.values()}
    return sorted({*(plan.successors | {plan.authority}) - known, *named - organisations})


def not_of_it(plan: Plan) -> Sequence[str]:
    """Return what a plan lists that is not its authority's: bodies, feeds, people of none of its bodies."""
    bodies = set(Organisation.objects.filter(authority=plan.authority).values_list("code", flat=True))
    feeds = set(Source.objects.filter(authority=plan.authority).values_list("code", flat=True))
    there = Membership.objects.filter(
        organisation__in=bodies, organisation__kind="authority", ended_at=None, account__in=list(plan.people)
    )
    people = {str(account) for account in there.values_list("account_id", flat=True)}
    return (
        sorted({*plan.organisations} - bodies)
        + sorted({*plan.sources} - feeds)
        + sorted({*plan.people} - people)
    )


def agreed_on_pages() -> list[tuple[int, UUID, bool]]:
    """What somebody agreed to on a page and is not carried out: its number, who, and whether it is undone."""
    waits = AuthorityChange.objects.filter(dropped_at=None).order_by("pk")
    to_do = waits.filter(done_at=None).exclude(agreed_by=None).values_list("pk", "agreed_by")
    to_undo = waits.filter(undone_at=None).exclude(undo_agreed_by=None).values_list("pk", "undo_agreed_by")
    return [(pk, who, False) for pk, who in to_do] + [(pk, who, True) for pk, who in to_undo]


def take_agreement_back(number: int, *, undo: bool) -> None:
    """It could not be carried out: it waits for a second person again."""
    field = "undo_agreed_by" if undo else "agreed_by"
    AuthorityChange.objects.filter(pk=number).update(**{field: None})


def _children(codes: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CHILDREN, {"codes": list(codes)})
        return [row[0] for row in cursor.fetchall()]


def _values(plan: Plan) -> Mapping[str, Any]:
    return {
        "authority": plan.authority,
        "rest": plan.rest,
        "organisations": list(plan.organisations),
        "organisations_to": list(plan.organisations.values()),
        "sources": list(plan.sources),
        "sources_to": list(plan.sources.values()),
        "people": list(plan.people),
        "people_to": list(plan.people.values()),
    }
