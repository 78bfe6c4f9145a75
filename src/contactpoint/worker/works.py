"""The heavy works: whether any of each waits, what does it, and how long between two questions.

Each is done in a process of its own (`aside.py`): linking gives its memory back only by ending, a country is
much to read, and somebody else's computer may keep one waiting. Meanwhile events go on being sealed.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.utils import timezone

from contactpoint.domain.disclosure.actors import Viewer, system_viewer
from contactpoint.domain.errors import Conflict
from contactpoint.pipelines import (
    areas,
    count_children,
    count_quality,
    count_use,
    digest,
    keep_log,
    keep_time,
    look_anew,
    model_reports,
    review_use,
    try_mappings,
)
from contactpoint.pipelines.inbox import anything_to_do
from contactpoint.pipelines.intake import take_in
from contactpoint.storage import model_versions
from contactpoint.storage.areas import anything_to_work_out

_WORKER: Final[Viewer] = system_viewer("worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One work. `waits` is asked every `pause`, so it costs little; `do` does all that waits.

    `at_once`: it is asked for as soon as the worker begins. `yields`: searches go first. `from_files`: it is
    done only where there is a data folder.
    """

    waits: Callable[[], bool]
    do: Callable[[], object]
    pause: timedelta
    at_once: bool = True
    yields: bool = True
    from_files: bool = False


def _count() -> None:
    count_use.count_use(by=_WORKER, at=timezone.now())
    count_quality.count_quality(by=_WORKER, at=timezone.localtime())
    count_children.count_children(by=_WORKER, at=timezone.localtime())


def _weigh() -> None:
    model_reports.report_on_models(by=_WORKER, at=timezone.now())
    look_anew.look_anew(by=_WORKER, at=timezone.now())


def _end() -> None:
    # While a delivery is being taken in, records end later.
    with contextlib.suppress(Conflict):
        keep_time.keep_time(by=_WORKER, at=timezone.localtime())


WORKS: Final[Mapping[str, Work]] = MappingProxyType(
    {
        "review": Work(
            waits=lambda: review_use.anything_to_review(timezone.now()),
            do=lambda: review_use.review_use(by=_WORKER, at=timezone.now()),
            pause=review_use.EVERY,
        ),
        "keep": Work(
            waits=keep_log.anything_to_keep, do=keep_log.keep_log, pause=keep_log.EVERY, yields=False
        ),
        "count": Work(
            waits=lambda: (
                count_use.anything_to_count(timezone.now())
                or count_quality.anything_to_count(timezone.localtime())
                or count_children.anything_to_count(timezone.localtime())
            ),
            do=_count,
            pause=count_use.EVERY,
        ),
        "end": Work(
            waits=lambda: keep_time.anything_to_end(timezone.localdate()), do=_end, pause=keep_time.EVERY
        ),
        "areas": Work(
            waits=anything_to_work_out, do=lambda: areas.work_areas_out(by=_WORKER), pause=areas.EVERY
        ),
        "digest": Work(
            waits=lambda: digest.anything_to_digest(timezone.now()),
            do=lambda: digest.send_digests(by=_WORKER, at=timezone.now()),
            pause=digest.EVERY,
        ),
        "models": Work(
            waits=lambda: model_versions.anything_to_report() or model_versions.not_looked_at() is not None,
            do=_weigh,
            pause=timedelta(seconds=5),
        ),
        "inbox": Work(
            waits=lambda: anything_to_do(inbox()),
            do=lambda: take_in(inbox(), by=system_viewer("loader")),
            pause=timedelta(seconds=3),
            at_once=False,
            from_files=True,
        ),
        "mappings": Work(
            waits=lambda: try_mappings.anything_to_try(inbox()),
            do=lambda: try_mappings.try_mappings(inbox(), by=system_viewer("loader")),
            pause=timedelta(seconds=3),
            at_once=False,
            from_files=True,
        ),
    }
)


def inbox() -> Path:
    """The folder of the data folder into which files are put."""
    return Path(settings.HOME) / "inbox"


def works_here() -> Mapping[str, Work]:
    """The works of this installation: files are taken in only where there is a data folder."""
    return {name: work for name, work in WORKS.items() if settings.HOME or not work.from_files}
