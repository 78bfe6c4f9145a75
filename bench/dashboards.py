"""The figures that teams and the nation look at: how long each takes to count, and to show.

`python -m bench.dashboards count`, as the worker, counts what sources fill in of the England that is
there, and its children, and puts a year of use beside it. `python -m bench.dashboards people`, as the owner,
signs a team, a partner and the nation in, and makes people of every organisation and uses that wait for a
reviewer. `python -m bench.dashboards show`, as the web role, asks for each dashboard as its page does:
rules, figures and audit. `python -m bench.dashboards pages`, as the web role, signs each of them in through
the pages and fetches those pages whole, through all that stands before a page in the product.
"""

import json
import logging
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from http import HTTPStatus

import django

django.setup()

from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402 - settings first
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from contactpoint.access.audit import note_sign_in  # noqa: E402
from contactpoint.actions.run.children import children_counted  # noqa: E402
from contactpoint.actions.run.quality import quality_of, quality_of_source  # noqa: E402
from contactpoint.actions.run.reports import Period, use_report  # noqa: E402
from contactpoint.actions.run.work import work_report  # noqa: E402
from contactpoint.cli.sign_ins import one_time_code  # noqa: E402
from contactpoint.domain.disclosure.actors import Role, Viewer, system_viewer  # noqa: E402
from contactpoint.domain.disclosure.answers import Refusal  # noqa: E402
from contactpoint.pipelines.count_children import count_children  # noqa: E402
from contactpoint.pipelines.count_quality import count_quality  # noqa: E402
from contactpoint.storage import use_counts  # noqa: E402
from contactpoint.storage.asking import execute, fetch  # noqa: E402
from contactpoint.storage.models import Account  # noqa: E402

TIMES = 40
DAYS = 371
_A_DAY = {
    "people": {"": 900}, "searches": {"": 1_500}, "by_purpose": {"safeguarding": 900, "transfer": 600},
    "found": {"first": 1_000, "refined": 300, "none": 100}, "asked": {"": 50}, "answered": {"spoke": 40},
    "contacted": {"minute": 100, "five": 300, "day": 100}, "took": {"minute": 200, "five": 300},
    "contacts": {"": 600},
}  # fmt: skip


PEOPLE = 6_000
USES = 3_000


PARTNER = Role.PARTNER_TEAM
PASSWORD = "only in this bench"  # noqa: S105 - of a directory that is thrown away
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - likewise


def viewer(account: int, role: Role, organisation: str, authority: str | None) -> Viewer:
    """Somebody of a team, in good standing."""
    return Viewer(
        account_id=uuid.UUID(int=account),
        name="Bench",
        role=role,
        organisation_code=organisation,
        organisation_name=organisation,
        organisation_kind="authority" if authority else "charity" if role is PARTNER else "national",
        authority=authority,
    )


NATION = viewer(1, Role.NATIONAL_TEAM, "contactpoint", None)
TEAM = viewer(2, Role.AUTHORITY_TEAM, "la-353", "353")
CHARITY = viewer(3, PARTNER, "barnardos", None)
WHO: Mapping[str, Viewer] = {"nation": NATION, "team": TEAM, "partner": CHARITY}

_OF_ALL = ("/today/", "/report/?weeks=52", "/children-counted/", "/report/workload/?weeks=52")
_OF_DATA = ("/quality/", "/quality/school-census/")


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
        use_counts.of_organisation(CHARITY.organisation_code),
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
    WHERE a.n > 3
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
_IN_GOOD_STANDING = """
    UPDATE account SET password = %s, trained_until = current_date + 400, checked_on = current_date,
        agreement_signed_on = current_date WHERE id = %s
"""
_ACCREDITED = "UPDATE organisation SET accredited_until = current_date + 400 WHERE code = %s"
_ROLE = "INSERT INTO membership (account_id, organisation_id, role, services) VALUES (%s, %s, %s, '[]')"
_SESSION = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', %s)"
_SIGN_IN = """
    INSERT INTO sign_in_session (id, account_id, session_key, browser, began_at, used_at)
    VALUES (%s, %s, %s, 'Bench', %s, %s)
"""


def people(at: datetime) -> dict[str, int]:
    """Make accounts, what they did that waits, and sign the three in; return how many there are of each."""
    with transaction.atomic():
        made = execute(_ACCOUNT, PEOPLE)
        execute(_MEMBERSHIP)
        hashed = make_password(PASSWORD)
        for by in WHO.values():
            execute(_IN_GOOD_STANDING, hashed, by.account_id)
            execute(_ACCREDITED, by.organisation_code)
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
    for name, by in WHO.items():
        asked[f"use in a year, {name}"] = lambda by=by: use_report(period=Period.YEAR, by=by, at=at)
        asked[f"children, {name}"] = lambda by=by: children_counted(by=by, at=at)
        asked[f"work in a year, {name}"] = lambda by=by: work_report(period=Period.YEAR, by=by, at=at)
        if by is CHARITY:
            continue
        asked[f"data quality, {name}"] = lambda by=by: quality_of(by=by, at=at)
        asked[f"one source, {name}"] = lambda by=by: quality_of_source(code="school-census", by=by, at=at)
    return {name: _timed(ask) for name, ask in asked.items()}


def pages(_at: datetime) -> dict[str, dict[str, float]]:
    """Fetch each page of figures again and again as somebody who is signed in; return ms as `show` does.

    Once before it is timed: the first fetch of a process reads the templates.
    """
    logging.disable(logging.INFO)  # a line for each request, written to nobody
    found: dict[str, dict[str, float]] = {}
    for name, by in WHO.items():
        client = _signed_in(by)
        for address in (*_OF_ALL, *(() if by is CHARITY else _OF_DATA)):
            _whole(client, address)
            found[f"{address}, {name}"] = _timed(
                lambda client=client, address=address: _whole(client, address)
            )
    return found


def _signed_in(by: Viewer) -> Client:
    """Somebody's browser, signed in with password and one-time code as anybody is."""
    account = Account.objects.get(pk=by.account_id)
    TOTP.activate(account, SECRET)
    client = Client(SERVER_NAME="localhost")
    client.post("/account/login/", {"login": account.email, "password": PASSWORD})
    answer = client.post("/account/code/", {"code": one_time_code(SECRET, time.time())}, follow=True)
    if not answer.redirect_chain:
        sys.exit("Nobody was signed in.")
    return client


def _whole(client: Client, address: str) -> object:
    """A page to its last byte."""
    answer = client.get(address)
    if answer.status_code != HTTPStatus.OK or not answer.content.rstrip().endswith(b"</html>"):
        sys.exit(f"{address} answered {answer.status_code}.")
    return answer


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
    print(json.dumps({"count": count, "people": people, "show": show, "pages": pages}[sys.argv[1]](at)))


main()
