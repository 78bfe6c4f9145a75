"""A day's use as the worker reads it for review, and what it writes of it (R52-R54).

Names are handed on as they stand; whoever makes the review's values folds them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from contactpoint.domain.audit.events import AuditEvent
from contactpoint.domain.review.reviewers import NATIONAL, NOBODY, who_reviews_for
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.audit_texts import read_event
from contactpoint.storage.sealed_facts import VERSIONS, open_facts
from contactpoint.storage.sealed_involvements import Image, open_image

_LOOKS: Final = """
    SELECT body FROM audit_body
    WHERE occurred_at >= %s AND occurred_at < %s AND account IS NOT NULL AND organisation IS NOT NULL
        AND action = ANY(%s)
    ORDER BY occurred_at, event_id
"""
_STAFF: Final = """
    SELECT a.id, o.code, a.name, o.kind, o.authority,
        (SELECT coalesce(jsonb_agg(DISTINCT s.one), '[]') FROM membership m,
            jsonb_array_elements_text(m.services) AS s (one)
            WHERE m.account_id = a.id AND m.organisation_id = o.code)::text,
        (SELECT count(DISTINCT m.account_id) FROM membership m
            WHERE m.organisation_id = o.code AND m.ended_at IS NULL),
        ARRAY(SELECT h.digest FROM staff_home h WHERE h.account_id = a.id)
    FROM unnest(%s::uuid[], %s::text[]) AS who (account, organisation)
    JOIN account a ON a.id = who.account JOIN organisation o ON o.code = who.organisation
"""
# Of a child that is not shielded, only what a page could show: a code resting on what is hidden would tell.
_CHILDREN: Final = """
    SELECT c.number, c.shielded, v.facts::text, r.id
    FROM child c LEFT JOIN source_record r ON r.child_id = c.number AND r.withdrawn_at IS NULL
        AND (c.shielded OR record_speaks(r.id))
    LEFT JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    WHERE c.number = ANY(%s) ORDER BY c.number, r.id
"""
_TIES: Final = """
    SELECT r.child_id, i.service, i.organisation_id, i.practitioner, i.typed_by_id,
        i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL, coalesce(i.start_date, i.recorded_at::date),
        i.end_date,
        CASE WHEN i.start_date >= %(since)s THEN (SELECT count(*) - 1 FROM involvement o
            WHERE o.organisation_id = i.organisation_id AND o.service = i.service
                AND o.start_date = i.start_date AND o.typed_by_id IS NULL) ELSE 0 END
    FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE r.child_id = ANY(%(children)s) AND r.withdrawn_at IS NULL AND i.organisation_id = ANY(%(places)s)
    ORDER BY i.id
"""
_SEALED_TIES: Final = """
    SELECT r.child_id, to_jsonb(i)::text
    FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE r.child_id = ANY(%(children)s) AND r.withdrawn_at IS NULL AND i.organisation_id IS NULL
    ORDER BY i.id
"""
# Others whose organisation is encrypted are in no count: it tells a year's class, which they do not make up.
_CAME_WITH: Final = """
    SELECT count(*) FROM involvement o WHERE o.organisation_id = %s AND o.service = %s AND o.start_date = %s
        AND o.typed_by_id IS NULL
"""
_HANDED_OVER: Final = """
    SELECT h.offered_to_id, r.child_id, h.offered_at::date
    FROM handover h JOIN involvement i ON i.id = h.involvement_id JOIN source_record r ON r.id = i.record_id
    WHERE r.child_id = ANY(%s) AND i.confirmed_at IS NOT NULL AND h.offered_at < %s
"""
_ASKED: Final = """
    SELECT q.taken_by_id, q.child_id, coalesce(q.changed_at, q.asked_at)::date FROM contact_request q
    WHERE q.child_id = ANY(%s) AND q.taken_by_id IS NOT NULL AND q.taken_by_id <> q.asked_by_id
        AND q.asked_at < %s
"""
_SPOKEN: Final = """
    SELECT q.asked_by_id, q.child_id, q.asked_at::date FROM contact_request q
    WHERE q.child_id = ANY(%s) AND q.state = 'answered' AND q.outcome = 'spoke'
        AND q.organisation_id <> q.asked_for_id AND q.taken_by_id <> q.asked_by_id AND q.asked_at < %s
"""
_FOUND_JUSTIFIED: Final = """
    SELECT i.account_id, i.child, coalesce(i.last_day, i.day) FROM use_item i
    WHERE i.child = ANY(%s) AND i.state = 'justified' AND i.day < %s
"""
_CASES: Final = """
    SELECT DISTINCT b.account, s.child, b.occurred_at::date
    FROM audit_body b CROSS JOIN LATERAL unnest(b.subjects) AS s (child)
    WHERE b.action IN ('opened_case', 'opened_desk_message', 'opened_shield', 'read_hidden',
            'opened_override')
        AND b.outcome = 'allowed' AND b.subjects && %s::varchar[]
        AND s.child = ANY(%s) AND b.occurred_at >= %s AND b.occurred_at < %s
        -- Opening a shield, and reading what it hides, is work only while there is something to do about it.
        AND (b.action NOT IN ('opened_shield', 'read_hidden') OR EXISTS (
            SELECT FROM shield h WHERE h.child_id = s.child AND (h.state NOT IN ('confirmed', 'lifted')
                OR (h.state = 'confirmed' AND h.review_by <= b.occurred_at::date + 7)
                OR EXISTS (SELECT FROM shield_step p WHERE p.shield_id = h.id
                    AND p.by_id IS DISTINCT FROM b.account
                    AND p.at > b.occurred_at - interval '7 days'
                    AND p.at < b.occurred_at + interval '7 days')))
            OR EXISTS (SELECT FROM contact_request q WHERE q.child_id = s.child AND q.desk = 'national'
                AND q.asked_by_id <> b.account
                AND q.asked_at BETWEEN b.occurred_at - interval '7 days' AND b.occurred_at))
"""
_LOOKED_BEFORE: Final = """
    SELECT child, account_id FROM use_item
    WHERE child = ANY(%s) AND coalesce(last_day, day) >= %s AND day < %s AND explained = ''
"""
_ANYTHING_WAITS: Final = """
    SELECT EXISTS (
        SELECT FROM use_item WHERE state = 'waiting' AND %s BETWEEN day AND coalesce(last_day, day))
"""
_WAITING_OF: Final = """
    SELECT account_id, organisation_id, child, id, day, restricted, reviewed_by, codes, events
    FROM use_item WHERE state = 'waiting' AND %s BETWEEN day AND coalesce(last_day, day)
    ORDER BY id FOR UPDATE
"""
_WAITING_SINCE: Final = """
    SELECT account_id, organisation_id, child, id, day, restricted, reviewed_by, codes, events
    FROM use_item WHERE state = 'waiting' AND day >= %s AND explained = '' AND child <> ''
    ORDER BY id FOR UPDATE
"""
# Of organisations whose people work at night, one look in twenty or more is made then.
_AT_NIGHT: Final = """
    SELECT organisation FROM audit_body
    WHERE organisation = ANY(%s) AND occurred_at >= %s AND occurred_at < %s AND action = ANY(%s)
    GROUP BY organisation
    HAVING count(*) FILTER (
        WHERE extract(hour FROM occurred_at AT TIME ZONE 'Europe/London') NOT BETWEEN 6 AND 21)
        >= greatest(10, count(*) * 0.05)
"""
_KEEP: Final = """
    INSERT INTO use_item (day, account_id, organisation_id, child, team_size, restricted, reviewed_by, codes,
        weight, explained, events, state, made_at)
    VALUES (%(day)s, %(account)s, %(organisation)s, %(child)s, %(team_size)s, %(restricted)s, %(reviewed_by)s,
        %(codes)s, %(weight)s, %(explained)s, %(events)s, 'waiting', %(at)s)
    ON CONFLICT (day, account_id, organisation_id, child) DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """Somebody who looked, as registered."""

    account: UUID
    organisation: str
    name: str
    kind: str
    authority: str
    services: frozenset[str]
    team_size: int
    homes: frozenset[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRow:
    """A child, and the facts of each source that may be compared."""

    number: str
    shielded: bool
    facts: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TieRow:
    """An involvement between a child and an organisation."""

    child: str
    service: str
    organisation: str
    practitioner: str
    said_by: UUID | None
    confirmed: bool
    since: date | None
    until: date | None
    came_with: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingItem:
    """An access that waits and that nobody has touched. `begun` is the day of its first look."""

    item: int
    begun: date
    restricted: bool
    reviewed_by: str
    codes: tuple[str, ...]
    events: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An access for somebody to look at."""

    day: date
    account: UUID
    organisation: str
    child: str
    team_size: int
    restricted: bool
    reviewed_by: str
    codes: Sequence[str]
    weight: int
    explained: str
    events: Sequence[UUID]


def events_between(begin: datetime, end: datetime, actions: Iterable[str]) -> tuple[AuditEvent, ...]:
    """People's events of these actions, oldest first."""
    rows = fetch(_LOOKS, begin, end, list(actions))
    return tuple(read_event(bytes(body)) for (body,) in rows)


def staff_of(who: Iterable[tuple[UUID, str]]) -> tuple[StaffRow, ...]:
    """Those accounts as they are registered at those organisations."""
    pairs = list(who)
    rows = fetch(_STAFF, [account for account, _ in pairs], [organisation for _, organisation in pairs])
    return tuple(
        StaffRow(
            account=account,
            organisation=organisation,
            name=name,
            kind=kind,
            authority=authority,
            services=frozenset(json.loads(services)),
            team_size=team_size,
            homes=frozenset(bytes(digest) for digest in homes),
        )
        for account, organisation, name, kind, authority, services, team_size, homes in rows
    )


def children_of(numbers: Sequence[str]) -> tuple[ChildRow, ...]:
    """Those children, and what may be compared of them."""
    found: dict[str, tuple[bool, list[Mapping[str, str]]]] = {}
    for number, shielded, facts, record in fetch(_CHILDREN, list(numbers)):
        _, said = found.setdefault(number, (shielded, []))
        if facts is not None:
            said.append(open_facts(json.loads(facts), column=VERSIONS, record=record))
    return tuple(
        ChildRow(number=number, shielded=shielded, facts=tuple(said))
        for number, (shielded, said) in found.items()
    )


def ties_of(numbers: Sequence[str], organisations: Sequence[str], *, came_since: date) -> tuple[TieRow, ...]:
    """Involvements of those children with those organisations, sealed ones too.

    Of whoever came since that day, also how many others came there on the same.
    """
    names = (
        "child", "service", "organisation", "practitioner", "said_by", "confirmed", "since", "until",
        "came_with",
    )  # fmt: skip
    asked = {"since": came_since, "children": list(numbers), "places": list(organisations)}
    rows = [dict(zip(names, row, strict=True)) for row in fetch(_TIES, **asked)]
    sealed = [(child, open_image(json.loads(text))) for child, text in fetch(_SEALED_TIES, **asked)]
    return (
        *(TieRow(**row) for row in rows),
        *(
            _sealed_tie(child, row, came_since)
            for child, row in sealed
            if row["organisation_id"] in organisations
        ),
    )


def _sealed_tie(child: str, row: Image, came_since: date) -> TieRow:
    start = date.fromisoformat(row["start_date"]) if row["start_date"] else None
    place, service = row["organisation_id"], row["service"]
    came = start is not None and start >= came_since
    return TieRow(
        child=child,
        service=service,
        organisation=place,
        practitioner=row["practitioner"],
        said_by=UUID(row["typed_by_id"]) if row["typed_by_id"] else None,
        confirmed=row["typed_by_id"] is None or row["confirmed_at"] is not None,
        since=start or datetime.fromisoformat(row["recorded_at"]).date(),
        until=date.fromisoformat(row["end_date"]) if row["end_date"] else None,
        came_with=int(fetch(_CAME_WITH, place, service, start)[0][0]) if came else 0,
    )


def handed_over(numbers: Sequence[str], before: datetime) -> list[tuple[UUID, str, date]]:
    """Whom colleagues asked to take which of those children over, and when."""
    return [(account, child, on) for account, child, on in fetch(_HANDED_OVER, list(numbers), before)]


def asked_to_contact(numbers: Sequence[str], before: datetime) -> list[tuple[UUID, str, date]]:
    """Who took on what somebody else asked about which of those children, and when."""
    return [(account, child, on) for account, child, on in fetch(_ASKED, list(numbers), before)]


def spoken_to(numbers: Sequence[str], before: datetime) -> list[tuple[UUID, str, date]]:
    """Whom a service they had asked about which of those children has spoken to, and when they asked."""
    return [(account, child, on) for account, child, on in fetch(_SPOKEN, list(numbers), before)]


def found_justified(numbers: Sequence[str], before: date) -> list[tuple[UUID, str, date]]:
    """Whose looks at which of those children a reviewer found justified, and when they last were."""
    return [(account, child, on) for account, child, on in fetch(_FOUND_JUSTIFIED, list(numbers), before)]


def cases_opened(numbers: Sequence[str], begin: datetime, end: datetime) -> list[tuple[UUID, str, date]]:
    """Who had something to do about which of those children at a desk or in a list, and when."""
    numbers = list(numbers)
    return [
        (account, child, on) for account, child, on in fetch(_CASES, numbers, numbers, begin, end) if account
    ]


def looked_before(numbers: Sequence[str], on: date, days: int) -> dict[str, set[UUID]]:
    """Who looked at those children without explanation in the days before."""
    found: dict[str, set[UUID]] = {}
    for child, account in fetch(_LOOKED_BEFORE, list(numbers), on - timedelta(days=days), on):
        found.setdefault(child, set()).add(account)
    return found


def work_at_night(
    organisations: Sequence[str], begin: datetime, end: datetime, actions: Iterable[str]
) -> frozenset[str]:
    """Those organisations whose people often look at night."""
    return frozenset(row[0] for row in fetch(_AT_NIGHT, list(organisations), begin, end, list(actions)))


def with_reviewers() -> tuple[str, ...]:
    """The authorities and partners at which somebody may act as a reviewer now."""
    rows = fetch(
        "SELECT DISTINCT o.kind, o.authority, o.code FROM membership m "
        "JOIN organisation o ON o.code = m.organisation_id "
        "JOIN account a ON a.id = m.account_id AND a.is_active AND a.suspended_at IS NULL "
        "WHERE m.role = 'audit_reviewer' AND m.ended_at IS NULL"
    )
    found = {who_reviews_for(kind, authority, code) for kind, authority, code in rows}
    return tuple(sorted(found - {NATIONAL, NOBODY}))


def first_event_at() -> datetime | None:
    """When the first event was that the audit still holds; None where it holds none."""
    return fetch("SELECT min(occurred_at) FROM audit_body")[0][0]  # type: ignore[no-any-return]


def judged_days(since: date) -> dict[date, bool]:
    """The days judged since then, and whether each was judged once more four weeks later."""
    rows = fetch("SELECT day, settled_at IS NOT NULL FROM use_day WHERE day >= %s", since)
    return dict(rows)


def keep_items(items: Iterable[NewItem], *, at: datetime) -> int:
    """Keep what is to be looked at; what is there already stays as it is. Return how many are new."""
    made = 0
    with connection.cursor() as cursor:
        for item in items:
            values = {name: getattr(item, name) for name in NewItem.__slots__}
            cursor.execute(
                _KEEP, {**values, "codes": list(item.codes), "events": list(item.events), "at": at}
            )
            made += cursor.rowcount
    return made


def keep_day(day: date, figures: Mapping[str, Mapping[str, int]], *, at: datetime) -> None:
    """Note that a day was judged."""
    execute(
        "INSERT INTO use_day (day, judged_at, figures) VALUES (%s, %s, %s) ON CONFLICT (day) DO NOTHING",
        day, at, json.dumps(figures),
    )  # fmt: skip


def settle_day(day: date, *, at: datetime) -> None:
    """Note that a day was judged once more."""
    execute("UPDATE use_day SET settled_at = %s WHERE day = %s", at, day)


def anything_waits(day: date) -> bool:
    """Say whether anything of a day waits that nobody has touched; it locks nothing."""
    return bool(fetch(_ANYTHING_WAITS, day)[0][0])


def waiting_of(day: date) -> dict[tuple[UUID, str, str], WaitingItem]:
    """What of a day nobody has touched, by account, organisation and child; kept still."""
    return _waiting(_WAITING_OF, day)


def waiting_since(begun: date) -> dict[tuple[UUID, str, str], WaitingItem]:
    """What about a child nobody has touched, and nothing explains, that began since; kept still."""
    return _waiting(_WAITING_SINCE, begun)


def _waiting(query: str, day: date) -> dict[tuple[UUID, str, str], WaitingItem]:
    return {
        (account, organisation, child): WaitingItem(
            item=item,
            begun=begun,
            restricted=restricted,
            reviewed_by=reviewed_by,
            codes=tuple(codes),
            events=tuple(events),
        )
        for account, organisation, child, item, begun, restricted, reviewed_by, codes, events in fetch(
            query, day
        )
    }


def add_to(item: int, day: date, codes: Sequence[str], weight: int, events: Sequence[UUID]) -> None:
    """Let what waits take in the looks of a further day."""
    execute(
        "UPDATE use_item SET last_day = %s, codes = %s, weight = %s, events = %s WHERE id = %s",
        day, list(codes), weight, list(events), item,
    )  # fmt: skip


def keep_only(item: int, events: Sequence[UUID]) -> None:
    """Leave of what waits only the looks that nothing explains still."""
    execute("UPDATE use_item SET events = %s WHERE id = %s", list(events), item)


def close_as_explained(item: int, explained: str, *, at: datetime) -> None:
    """Close what work that began since explains."""
    execute("UPDATE use_item SET state = 'explained', explained = %s WHERE id = %s", explained, item)
    execute("INSERT INTO use_step (item_id, what, because, at) VALUES (%s, 'explained', '', %s)", item, at)


def judge_anew(item: int, codes: Sequence[str], weight: int) -> None:
    """Say what a second look found."""
    execute("UPDATE use_item SET codes = %s, weight = %s WHERE id = %s", list(codes), weight, item)


def note_home(account: UUID, digest: bytes, *, at: datetime) -> bool:
    """Keep the digest of where somebody lives; False if it is kept already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO staff_home (account_id, digest, kept_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [account, digest, at],
        )
        return bool(cursor.rowcount)


def forget_homes(account: UUID) -> int:
    """Delete every digest of where somebody lives."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staff_home WHERE account_id = %s", [account])
        return int(cursor.rowcount)
