"""What staff did in a day, as the worker counts it, and the counts that pages show."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import connection

from contactpoint.domain.audit.events import Action, AuditEvent
from contactpoint.domain.contacting import CallOutcome
from contactpoint.domain.counting_use import Did, Step
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.domain.reports import OUTCOMES, AreaLine, Counts, shown
from contactpoint.storage.asking import fetch
from contactpoint.storage.audit_texts import read_event

ENGLAND: Final = ""
_OUTCOMES: Final = frozenset(CallOutcome)
_COUNTED: Final = {
    Action.SEARCHED: Did.SEARCHED,
    Action.OPENED_RECORD: Did.OPENED,
    Action.ASKED_CONTACT: Did.ASKED,
    Action.NOTED_CALL: Did.SPOKE,
}
_AT_ONCE: Final = 5_000
_SENSITIVE: Final = [one.code for one in SERVICES.values() if one.kind is ServiceKind.SENSITIVE]
# What a desk passed on has a message that it came by, and a message to a desk no organisation.
_ANSWERS: Final = """
    SELECT id, asked_by_id, asked_for_id, asked_at, changed_at, outcome FROM contact_request
    WHERE changed_at >= %s AND changed_at < %s AND state = 'answered' AND outcome = ANY(%s)
        AND via_id IS NULL AND organisation_id IS NOT NULL AND NOT service = ANY(%s)
    ORDER BY changed_at, id
"""
_SIGN_INS: Final = """
    WITH scope AS (
        SELECT m.account_id, s.scope FROM membership m JOIN organisation o ON o.code = m.organisation_id
        CROSS JOIN LATERAL (VALUES (''), ('organisation:' || o.code),
            (CASE WHEN o.authority <> '' THEN 'authority:' || o.authority END)) s (scope)
        WHERE s.scope IS NOT NULL AND m.role <> 'shield_team'
            AND (m.ended_at IS NULL OR m.ended_at > %(begin)s)
        GROUP BY 1, 2)
    SELECT scope, count(*) FROM audit_body b JOIN scope ON scope.account_id = b.account
    WHERE b.action = 'signed_in' AND b.outcome = 'allowed'
        AND b.occurred_at >= %(begin)s AND b.occurred_at < %(end)s
    GROUP BY 1
"""


def of_authority(code: str) -> str:
    """The scope of an authority's organisations."""
    return f"authority:{code}"


def of_organisation(code: str) -> str:
    """The scope of one organisation."""
    return f"organisation:{code}"


def first_event_at() -> datetime | None:
    """When the first event was that the audit still holds; None where it holds none."""
    return fetch("SELECT min(occurred_at) FROM audit_body")[0][0]  # type: ignore[no-any-return]


def counted_days(since: date) -> frozenset[date]:
    """The days counted since then."""
    rows = fetch("SELECT day FROM use_count WHERE scope = %s AND day >= %s", ENGLAND, since)
    return frozenset(row[0] for row in rows)


def authorities() -> dict[str, str]:
    """The authority of each organisation that has one, by code."""
    return dict(fetch("SELECT code, authority FROM organisation WHERE authority <> ''"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A request that its service answered: who had asked, for which organisation, and when."""

    account: UUID
    organisation: str
    asked_at: datetime
    step: Step


def answers_between(begin: datetime, end: datetime) -> tuple[Answer, ...]:
    """What services answered of what they were asked, in the order of time.

    Nothing that a desk passed on, and nothing of a sensitive service: no figure is of those (R32, R39).
    """
    rows = fetch(_ANSWERS, begin, end, [outcome.value for outcome in OUTCOMES], _SENSITIVE)
    return tuple(
        Answer(
            account=account,
            organisation=organisation,
            asked_at=asked_at,
            step=Step(at=at, did=Did.ANSWERED, outcome=outcome, request=request),
        )
        for request, account, organisation, asked_at, at, outcome in rows
    )


def steps_between(
    begin: datetime, end: datetime, accounts: Sequence[UUID] | None = None
) -> Iterator[tuple[UUID, str, list[Step]]]:
    """Yield what each person, or each of some, did for an organisation: both, and steps in the order of time.

    Read a part at a time: a country's day is a million events.
    """
    wanted = [action.value for action in _COUNTED]
    some = None if accounts is None else list(accounts)
    with connection.cursor() as cursor:
        cursor.execute(
            "DECLARE day_of_use NO SCROLL CURSOR FOR SELECT account, organisation, body FROM audit_body "
            "WHERE occurred_at >= %s AND occurred_at < %s AND outcome = 'allowed' AND action = ANY(%s) "
            "AND (%s::uuid[] IS NULL OR account = ANY(%s)) "
            "AND account IS NOT NULL AND organisation IS NOT NULL "
            "ORDER BY account, organisation, occurred_at, event_id",
            [begin, end, wanted, some, some],
        )
    for (account, organisation), rows in groupby(_fetched(), key=lambda row: (row[0], row[1])):
        steps = [step for _, _, body in rows if (step := _step(read_event(bytes(body))))]
        yield account, organisation, steps


def _fetched() -> Iterator[tuple[UUID, str, Any]]:
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"FETCH {_AT_ONCE} FROM day_of_use")
            rows = cursor.fetchall()
            if not rows:
                cursor.execute("CLOSE day_of_use")
                return
            yield from rows


def _step(event: AuditEvent) -> Step | None:
    """What an event counts as; a call counts where they spoke. What shield desks do is counted nowhere."""
    did = _COUNTED[event.action]
    if event.actor.role == Role.SHIELD_TEAM:
        return None
    outcome = str(event.details.get("outcome", ""))
    if did is Did.SPOKE and outcome != CallOutcome.SPOKE:
        return Step(at=event.occurred_at, did=Did.RANG, outcome=outcome) if outcome in _OUTCOMES else None
    purpose = event.purpose.code if event.purpose and did is Did.SEARCHED else ""
    asked = event.details.get("request") if did is Did.ASKED else None
    request = asked if isinstance(asked, int) else None
    return Step(at=event.occurred_at, did=did, purpose=purpose, request=request)


def sign_ins_between(begin: datetime, end: datetime) -> dict[str, int]:
    """How often people signed in, by scope; somebody who works in two is counted in both.

    Whoever works at a shield desk alone is in none: what it does is counted nowhere.
    """
    rows = fetch(_SIGN_INS, begin=begin, end=end)
    return {scope: int(count) for scope, count in rows}


def keep_counts(day: date, by_scope: Mapping[str, Counts]) -> None:
    """Keep a day's counts."""
    rows = [(day, scope, json.dumps(counts)) for scope, counts in sorted(by_scope.items())]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO use_count (day, scope, figures) VALUES (%s, %s, %s)", rows)


def counts_of(scope: str, since: date, until: date) -> dict[date, Counts]:
    """The counts of each day within a scope, from one day to another, both counted."""
    rows = fetch(
        "SELECT day, figures::text FROM use_count WHERE scope = %s AND day BETWEEN %s AND %s ORDER BY day",
        scope, since, until,
    )  # fmt: skip
    return {day: json.loads(figures) for day, figures in rows}


def areas_between(since: date, until: date) -> tuple[AreaLine, ...]:
    """What was done in each authority's organisations that did anything, by name."""
    rows = fetch(
        "SELECT coalesce(o.name, u.scope), sum((u.figures -> 'searches' ->> '')::int), "
        "sum((u.figures -> 'contacts' ->> '')::int) "
        "FROM use_count u LEFT JOIN organisation o "
        "ON o.kind = 'authority' AND u.scope = 'authority:' || o.authority "
        "WHERE u.scope LIKE 'authority:%%' AND u.day BETWEEN %s AND %s GROUP BY 1 ORDER BY 1",
        since, until,
    )  # fmt: skip
    return tuple(
        AreaLine(
            name=name,
            searches=shown(int(searches or 0)),
            contacts=None if contacts is None else shown(int(contacts)),
        )
        for name, searches, contacts in rows
    )
