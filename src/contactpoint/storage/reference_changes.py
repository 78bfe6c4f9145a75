"""Changes of the lists of organisations, sources and wards (storage/sql/reference_lists.sql)."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from contactpoint.domain.reference_lists import Difference, ListChange, ListKind, ListState
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.models import Organisation, ReferenceChange, WardPostcode

_PUT: Final = """
    INSERT INTO organisation (code, name, kind, authority, phone, hours, cover, address, postcode, closed_on)
    SELECT c.value->>0, a->>'name', r.kind, a->>'authority', a->>'phone', a->>'hours', a->>'cover',
        a->>'address', a->>'postcode', CASE WHEN a->>'closed' = 'yes' THEN %(on)s::date END
    FROM reference_change r CROSS JOIN LATERAL jsonb_array_elements(r.rows) c
    CROSS JOIN LATERAL (SELECT c.value->2 AS a) AS after
    WHERE r.id = %(which)s
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, authority = excluded.authority,
        phone = excluded.phone, hours = excluded.hours, cover = excluded.cover, address = excluded.address,
        postcode = excluded.postcode, closed_on = CASE WHEN excluded.closed_on IS NOT NULL
            THEN coalesce(organisation.closed_on, excluded.closed_on) END
"""
_PUT_WARDS: Final = """
    WITH said AS (
        SELECT c.value->>0 AS postcode, c.value->2 AS a
        FROM reference_change r CROSS JOIN LATERAL jsonb_array_elements(r.rows) c WHERE r.id = %(which)s),
    gone AS (DELETE FROM ward_postcode w USING said s WHERE s.postcode = w.postcode AND a->>'closed' = 'yes')
    INSERT INTO ward_postcode (postcode, ward, name, authority)
    SELECT postcode, a->>'ward', a->>'name', a->>'authority' FROM said WHERE a->>'closed' <> 'yes'
    ON CONFLICT (postcode) DO UPDATE
        SET ward = excluded.ward, name = excluded.name, authority = excluded.authority
"""
_PUT_SOURCE: Final = """
    WITH said AS (
        SELECT c.value->>0 AS code, c.value->2 AS a
        FROM reference_change r CROSS JOIN LATERAL jsonb_array_elements(r.rows) c WHERE r.id = %(which)s),
    gone AS (DELETE FROM source o USING said s WHERE s.code = o.code AND a->>'closed' = 'yes')
    INSERT INTO source (code, name, contract, organisation_id, authority, promised_days)
    SELECT code, a->>'name', a->>'contract', a->>'organisation', a->>'authority', (a->>'every')::smallint
    FROM said WHERE a->>'closed' <> 'yes'
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, organisation_id = excluded.organisation_id,
        authority = excluded.authority, promised_days = excluded.promised_days
"""
_PUTTING: Final = {ListKind.WARD.value: _PUT_WARDS, ListKind.SOURCE.value: _PUT_SOURCE}
# What a search finds a child by, and whose area it is in, goes by these.
_MOVED: Final = """
    SELECT c.value->>0 FROM reference_change r CROSS JOIN LATERAL jsonb_array_elements(r.rows) c
    WHERE r.id = %(which)s AND c.value->1 <> 'null' AND (c.value->1->>'authority', c.value->1->>'postcode')
        IS DISTINCT FROM (c.value->2->>'authority', c.value->2->>'postcode')
"""


class ToCarryOut(NamedTuple):
    """A change that two people agreed, locked until the transaction ends."""

    id: int
    kind: str


def list_as_it_is(kind: ListKind, authority: str = "") -> tuple[Mapping[str, str], ...]:
    """Every open body of a list, by code; of wards the postcodes of one authority."""
    if kind is ListKind.WARD:
        wards = WardPostcode.objects.filter(authority=authority).order_by("postcode")
        columns = ("postcode", "ward", "name", "authority")
        return tuple(dict(zip(columns, row, strict=True)) for row in wards.values_list(*columns))
    rows = Organisation.objects.filter(kind=kind.value, closed_on=None).order_by("code")
    names = ("code", "name", "authority", "phone", "hours", "cover", "address", "postcode")
    return tuple(rows.values(*names))


def authority_digits() -> frozenset[str]:
    """The three digits of every authority there is."""
    rows = Organisation.objects.filter(kind="authority", closed_on=None).exclude(authority="")
    return frozenset(rows.values_list("authority", flat=True))


def wards_elsewhere(wards: Collection[str], authorities: Collection[str]) -> dict[str, str]:
    """Which of these wards lie in an authority that is none of these, by code."""
    rows = WardPostcode.objects.filter(ward__in=list(wards)).exclude(authority__in=list(authorities))
    return dict(rows.values_list("ward", "authority"))


def codes_of_other_kinds(kind: ListKind, codes: Collection[str]) -> frozenset[str]:
    """Which of these codes some organisation has that is in no list of this kind; not of which kind."""
    rows = Organisation.objects.filter(code__in=list(codes)).exclude(kind=kind.value)
    return frozenset(rows.values_list("code", flat=True))


def try_list(event: UUID, kind: ListKind, states: Sequence[Mapping[str, str]]) -> int | None:
    """Keep what a list would change as a draft; None where it would change nothing."""
    found: int | None = fetch("SELECT try_reference(%s, %s, %s)", event, kind.value, json.dumps(states))[0][0]
    return found


def put_back(event: UUID, number: int) -> int | None:
    """Draw up what puts a change back; None where something of it was changed since."""
    found: int | None = fetch("SELECT put_back_reference(%s, %s)", event, number)[0][0]
    return found


def step(event: UUID, number: int, taken: str, because: str) -> ListState | None:
    """Take a step of a change; None where it may not be taken now, or not by them."""
    became = fetch("SELECT step_reference(%s, %s, %s, %s)", event, number, taken, because)[0][0]
    return ListState(became) if became else None


def changes(event: UUID) -> tuple[ListChange, ...]:
    """Every change that was asked for, and one's own drafts, newest first."""
    return tuple(_change(*row) for row in fetch("SELECT * FROM reference_changes(%s, NULL)", event))


def change(event: UUID, number: int) -> ListChange | None:
    """One of them with all that it changes; None where there is none they may see."""
    rows = fetch("SELECT * FROM reference_changes(%s, %s)", event, number)
    return _change(*rows[0]) if rows else None


def anything_agreed() -> bool:
    """Say whether a change waits to be carried out (worker)."""
    return ReferenceChange.objects.filter(state="agreed").exists()


def agreed_changes() -> list[ToCarryOut]:
    """Those that were agreed, oldest first (worker)."""
    rows = fetch("SELECT id, kind FROM reference_change WHERE state = 'agreed' ORDER BY id")
    return [ToCarryOut(*row) for row in rows]


def stands(change: ToCarryOut) -> bool:
    """Whether all is still as it was tried (worker)."""
    query = "SELECT reference_stands(kind, rows, 1) FROM reference_change WHERE id = %s"
    return bool(fetch(query, change.id)[0][0])


def carry_out(change: ToCarryOut, at: datetime) -> list[str]:
    """Make the list what the change says; return whose authority or postcode became another (worker)."""
    number = change.id
    execute(_PUTTING.get(change.kind, _PUT), which=number, on=at.date())
    ReferenceChange.objects.filter(pk=number).update(state="done", done_at=at)
    if change.kind in _PUTTING:
        return []
    return [row[0] for row in fetch(_MOVED, which=number)]


def give_up(number: int, sentence: str) -> None:
    """It could not be carried out, and this is why (worker)."""
    ReferenceChange.objects.filter(pk=number).update(state="failed", outcome=sentence[:240])


def _change(  # one row of the database's function, by its columns
    number: int, kind: str, of_one: str, state: str, by: str, mine: bool, at: datetime,  # noqa: FBT001
    because: str, added: int, changed: int, gone: int, children: int | None, answered_by: str,
    done_at: datetime | None, outcome: str, puts_back: int | None, stands: bool,  # noqa: FBT001
    differing: Any,  # noqa: ANN401
) -> ListChange:  # fmt: skip
    rows = json.loads(differing) if isinstance(differing, str) else differing
    return ListChange(
        number=number,
        kind=ListKind(kind),
        of_one=of_one,
        state=ListState(state),
        by=by,
        mine=mine,
        at=at,
        because=because,
        added=added,
        changed=changed,
        gone=gone,
        children=children,
        answered_by=answered_by,
        done_at=done_at,
        outcome=outcome,
        puts_back=puts_back,
        stands=stands,
        differences=tuple(Difference(code=code, before=before, after=after) for code, before, after in rows),
    )
