"""The figures that teams and the nation look at: how long each takes to count, and to show.

`python -m bench.dashboards count`, as the worker, counts what sources fill in of the England that is
there, and its children, and puts a year of use beside it. `python -m bench.dashboards show`, as the web role,
asks for each dashboard as its page does: rules, figures and audit.
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

from contactpoint.actions.run.children import children_counted  # noqa: E402
from contactpoint.actions.run.quality import quality_of, quality_of_source  # noqa: E402
from contactpoint.actions.run.reports import Period, use_report  # noqa: E402
from contactpoint.domain.disclosure.actors import Role, Viewer, system_viewer  # noqa: E402
from contactpoint.domain.disclosure.answers import Refusal  # noqa: E402
from contactpoint.pipelines.count_children import count_children  # noqa: E402
from contactpoint.pipelines.count_quality import count_quality  # noqa: E402
from contactpoint.storage import use_counts  # noqa: E402

TIMES = 40
DAYS = 371
_A_DAY = {
    "people": {"": 900}, "searches": {"": 1_500}, "by_purpose": {"safeguarding": 900, "transfer": 600},
    "found": {"first": 1_000, "refined": 300, "none": 100}, "reached": {"minute": 100, "five": 400},
    "spoke": {"": 600}, "asked": {"": 50},
}  # fmt: skip


def viewer(role: Role, organisation: str, authority: str | None) -> Viewer:
    """Somebody of a team, in good standing."""
    return Viewer(
        account_id=uuid.UUID(int=1),
        name="Bench",
        role=role,
        organisation_code=organisation,
        organisation_name=organisation,
        authority=authority,
    )


NATION = viewer(Role.NATIONAL_TEAM, "contactpoint", None)
TEAM = viewer(Role.AUTHORITY_TEAM, "la-353", "353")


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


def show(at: datetime) -> dict[str, dict[str, float]]:
    """Ask for each dashboard again and again; return the median and the longest time of each, in ms."""
    asked: dict[str, Callable[[], object]] = {}
    for name, by in (("nation", NATION), ("team", TEAM)):
        asked[f"use in a year, {name}"] = lambda by=by: use_report(period=Period.YEAR, by=by, at=at)
        asked[f"children, {name}"] = lambda by=by: children_counted(by=by, at=at)
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
    print(json.dumps(count(at) if sys.argv[1] == "count" else show(at)))


main()
