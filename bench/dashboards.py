"""The figures that teams and the nation look at: how long each takes to count, and to show.

`python -m bench.dashboards count`, as the worker, counts what sources fill in of the England that is
there, and its children, and puts a year of use beside it. `python -m bench.dashboards people`, as the owner,
signs a team and the nation in, and makes people of every organisation and uses that wait for a reviewer.
`python -m bench.dashboards show`, as the web role, asks for each dashboard as its page does: rules, figures
and audit.
"""

import json
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402 - settings first
from django.utils import timezone  # noqa: E402

from contactpoint.access.audit import note_sign_in  # noqa: E402
from contactpoint.actions.run.children import children_counted  # noqa: E402
from contactpoint.actions.run.quality import quality_of, quality_of_source  # noqa: E402
from contactpoint.actions.run.reports import Period, use_report  # noqa: E402
from contactpoint.actions.run.work import work_report  # noqa: E402
from contactpoint.domain.disclosure.actors import Role, Viewer, system_viewer  # noqa: E402
from contactpoint.domain.disclosure.answers import Refusal  # noqa: E402
from contactpoint.pipelines.count_children import count_children  # noqa: E402
from contactpoint.pipelines.count_quality import count_quality  # noqa: E402
from contactpoint.storage import use_counts  # noqa: E402
from contactpoint.storage.asking import execute, fetch  # noqa: E402

TIMES = 40
DAYS = 371
_A_DAY = {
    "people": {"": 900}, "searches": {"": 1_500}, "by_purpose": {"safeguarding": 900, "transfer": 600},
    "found": {"first": 1_000, "refined": 300, "none": 100}, "reached": {"minute": 100, "five": 400},
    "spoke": {"": 600}, "asked": {"": 50},
}  # fmt: skip


PEOPLE = 6_000
USES = 3_000


def viewer(account: int, role: Role, organisation: str, authority: str | None) -> Viewer:
    """Somebody of a team, in good standing."""
    return Viewer(
        account_id=uuid.UUID(int=account),
        name="Bench",
        role=role,
        organisation_code=organisation,
        organisation_name=organisation,
        organisation_kind="authority" if authority else "national",
        authority=authority,
    )


NATION = viewer(1, Role.NATIONAL_TEAM, "contactpoint", None)
TEAM = viewer(2, Role.AUTHORITY_TEAM, "la-353", "353")


def count(at: datetime) -> dict[str, float]:
    """Count what sources fill in; return seconds and sources. A year of use is made up: there was none."""
    began = time.perf_counter()
    sources = count_quality(by=system_viewer("bench"), at=at)
    took = time.perf_counter() - began
    began = time.perf_counter()
    count_children(by=system_viewer("bench"), at=at)
    children_took = time.perf_counter() - began
    scopes = [
        use_counts.ENGLAND,
        *map(use_counts.of_authority, sorted(set(use_counts.authorities().values()))),
    ]
    with transaction.atomic():
        for back in range(1, DAYS):
            use_counts.keep_counts(_day(at, back), dict.fromkeys(scopes, _A_DAY))
    return {"count_quality": took, "sources": sources, "count_children": children_took}


def _day(at: datetime, back: int) -> date:
    return at.date() - timedelta(days=back)


_ACCOUNT = """
    INSERT INTO account (id, email, name, job_title, phone, password, is_active, trained_until, checked_on,
        agreement_signed_on, last_seen_at)
    SELECT ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, n || '@bench.example', 'Somebody',
        '', '', '!', true, current_date + n %% 400 - 40, current_date - n %% 1200, current_date, now()
    FROM generate_series(1, %s) n
"""
_MEMBERSHIP = """
    INSERT INTO membership (account_id, organisation_id, role, services)
    SELECT a.id, o.code, 'practitioner', '[]'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM account) a
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS many
        FROM organisation) o ON o.n = a.n %% o.many
    WHERE a.n > 2
"""
_USE = """
    INSERT INTO use_item (day, account_id, organisation_id, child, team_size, restricted, reviewed_by, codes,
        weight, explained, events, state, made_at)
    SELECT current_date - n %% 90, m.account_id, m.organisation_id, c.number, 40, n %% 10 = 0,
        CASE WHEN n %% 2 = 0 THEN '353' ELSE '' END, '{unexplained}', 1, '', '{}',
        CASE WHEN n %% 3 = 0 THEN 'justified' ELSE 'waiting' END, now() - n %% 90 * interval '1 day'
    FROM (SELECT *, (row_number() OVER ())::int AS n FROM membership) m
    JOIN (SELECT number, (row_number() OVER ())::int AS n FROM child LIMIT %s) c USING (n)
"""
_ROLE = "INSERT INTO membership (account_id, organisation_id, role, services) VALUES (%s, %s, %s, '[]')"
_SESSION = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', %s)"
_SIGN_IN = """
    INSERT INTO sign_in_session (id, account_id, session_key, browser, began_at, used_at)
    VALUES (%s, %s, %s, 'Bench', %s, %s)
"""


def people(at: datetime) -> dict[str, int]:
    """Make accounts, what they did that waits, and sign the two in; return how many there are of each."""
    with transaction.atomic():
        made = execute(_ACCOUNT, PEOPLE)
        execute(_MEMBERSHIP)
        for by in (NATION, TEAM):
            execute(_ROLE, by.account_id, by.organisation_code, by.role.value)
            _sign_in(by, at)
        uses = execute(_USE, USES)
    cases = fetch("SELECT count(*) FROM review_case")[0][0]
    return {"accounts": made, "uses": uses, "cases": cases}


def _sign_in(by: Viewer, at: datetime) -> None:
    key = uuid.uuid4().hex
    execute(_SESSION, key, at + timedelta(hours=8))
    execute(_SIGN_IN, uuid.uuid4(), by.account_id, key, at, at)
    if by.account_id:
        note_sign_in(by.account_id, request_id="bench")


def show(at: datetime) -> dict[str, dict[str, float]]:
    """Ask for each dashboard again and again; return the median and the longest time of each, in ms."""
    asked: dict[str, Callable[[], object]] = {}
    for name, by in (("nation", NATION), ("team", TEAM)):
        asked[f"use in a year, {name}"] = lambda by=by: use_report(period=Period.YEAR, by=by, at=at)
        asked[f"children, {name}"] = lambda by=by: children_counted(by=by, at=at)
        asked[f"work in a year, {name}"] = lambda by=by: work_report(period=Period.YEAR, by=by, at=at)
        asked[f"data quality, {name}"] = lambda by=by: quality_of(by=by, at=at)
        asked[f"one source, {name}"] = lambda by=by: quality_of_source(code="school-census", by=by, at=at)
    return {name: _timed(ask) for name, ask in asked.items()}


def _timed(ask: Callable[[], object]) -> dict[str, float]:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = ask()
        took.append((time.perf_counter() - began) * 1000)
        if isinstance(answer, Refusal):
            sys.exit(f"A dashboard was refused: {answer.sentence}")
    took.sort()
    return {"p50": took[TIMES // 2], "longest": took[-1]}


def main() -> None:
    """Print seconds, or milliseconds by dashboard."""
    at = timezone.localtime()
    print(json.dumps({"count": count, "people": people, "show": show}[sys.argv[1]](at)))


main()
