"""Take an England's full deliveries in through the product's own pipelines, timing each stage."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

django.setup()

from contactpoint.domain.disclosure.actors import system_viewer  # noqa: E402 - settings first
from contactpoint.pipelines.deliver import deliver  # noqa: E402
from contactpoint.pipelines.link import link  # noqa: E402
from contactpoint.pipelines.publish import publish  # noqa: E402
from contactpoint.pipelines.reference import load_reference  # noqa: E402

TOOK: dict[str, float] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Note how long the block takes, in seconds."""
    began = time.perf_counter()
    yield
    TOOK[name] = time.perf_counter() - began


def main() -> None:
    """Print seconds by stage, and rows."""
    folder, by = Path(sys.argv[1]), system_viewer("bench")
    load_reference(folder, by=by)
    with timed("load"):
        taken = [
            deliver(path, source=path.name.split("_")[0], by=by)
            for path in sorted((folder / "feeds").glob("*_full.csv"))
        ]
    with timed("link"):
        linked = link(by=by)
    with timed("publish"):
        publish(by=by)
    figures = {
        "records": linked.staged,
        "rows": sum(one.read for one in taken),
        "rejected": sum(one.rejected for one in taken),
        "quarantined": linked.quarantined,
        **TOOK,
    }
    print(json.dumps(figures))


main()
