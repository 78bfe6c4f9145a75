"""Take in a delta of so many rows against what is published, timing each stage: `python -m bench.delta`.

`python -m bench.delta ENGLAND ROWS`, as the worker, once an England's full deliveries are published. The rows
are those of its own second deliveries, of the greatest first: what its sources would send four weeks later.
Asked for the same number of rows at two sizes of England, it shows what grows with the directory.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402 - settings first

from contactpoint.domain.disclosure.actors import system_viewer  # noqa: E402
from contactpoint.pipelines.deliver import deliver  # noqa: E402
from contactpoint.pipelines.link import link  # noqa: E402
from contactpoint.pipelines.publish import publish  # noqa: E402

TOOK: dict[str, float] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Note how long the block takes, and how much of this process, in seconds."""
    began, before = time.perf_counter(), sum(os.times()[:4])
    yield
    TOOK[name], TOOK[f"{name}_processor"] = time.perf_counter() - began, sum(os.times()[:4]) - before


def deltas(england: Path, rows: int, into: Path) -> list[Path]:
    """Copies of the second deliveries, greatest first, up to so many rows in all."""
    files = sorted((england / "feeds").glob("*_delta.csv"), key=lambda file: -file.stat().st_size)
    found, left = [], rows
    for file in files:
        if not left:
            break
        with file.open(encoding="utf-8", newline="") as held:
            lines = list(islice(held, left + 1))  # no cell of a generated feed holds a line end
        left -= len(lines) - 1
        found.append(into / file.name)
        found[-1].write_text("".join(lines), encoding="utf-8", newline="")
    return found


def main() -> None:
    """Print seconds by stage, and rows."""
    england, rows, by = Path(sys.argv[1]), int(sys.argv[2]), system_viewer("bench")
    with tempfile.TemporaryDirectory(prefix="contactpoint-delta-") as scratch:
        files = deltas(england, rows, Path(scratch))
        day = max(file.name.split("_")[1] for file in files)
        at = max(timezone.now(), datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        with timed("load"):
            taken = [deliver(file, source=file.name.split("_")[0], by=by, at=at) for file in files]
    with timed("link"):
        linked = link(by=by, at=at)
    with timed("publish"):
        published = publish(by=by, at=at)
    figures = {
        "rows": sum(one.read for one in taken),
        "changed": linked.staged,
        "compared": linked.compared,
        "new_children": published.new_children,
        "reviews": published.reviews,
        **TOOK,
    }
    print(json.dumps(figures))


main()
