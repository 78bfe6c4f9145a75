"""`python -m contactpoint.cli.national_steps STEP ENGLAND`: one step of a national build, as the worker.

A process of its own, so that what it used of memory and processor can be told, and is given back. It says how
far it is, and at its end what came of it, as one JSON object a line on its output.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from contactpoint.actions.failures import known_failure
from contactpoint.cli.messages import err, exit_code

if TYPE_CHECKING:
    from contactpoint.domain.disclosure.actors import Viewer

Said = dict[str, Any]


def main() -> None:
    """Do the step that the command line names; an error is one sentence and its exit code."""
    import django

    django.setup()
    from contactpoint.domain.disclosure.actors import system_viewer

    step, england = sys.argv[1], Path(sys.argv[2])
    try:
        came = STEPS[step](england, system_viewer("loader"))
    except Exception as error:
        known = known_failure(error)
        if known is None:
            raise
        err.print(str(known), markup=False)
        sys.exit(exit_code(known))
    print(json.dumps({"came": came}), flush=True)


def tell(what: str, share: float) -> None:
    """Say how far the step is."""
    print(json.dumps({"what": what, "share": share}), flush=True)


def load(england: Path, by: "Viewer") -> Said:
    """Deliver every source's full file; what an earlier start delivered is found again."""
    from contactpoint.pipelines.deliver import deliver
    from contactpoint.pipelines.reference import load_reference

    load_reference(england, by=by)
    rejects = Path(os.environ["CONTACTPOINT_HOME"]) / "rejects"
    rejects.mkdir(mode=0o700, exist_ok=True)
    files = sorted((england / "feeds").glob("*_full.csv"))
    whole, done = sum(file.stat().st_size for file in files), 0
    rows = rejected = 0
    for file in files:
        tell(f"loading {file.name}", done / whole)
        kept = rejects / f"{file.stem}.rejected.csv"
        report = deliver(file, source=file.name.partition("_")[0], by=by, rejects=kept)
        rows, rejected, done = rows + report.read, rejected + report.rejected, done + file.stat().st_size
    return {"files": len(files), "rows": rows, "rejected": rejected}


def link(_england: Path, by: "Viewer") -> Said:
    """Link all that is staged."""
    from contactpoint.pipelines.link import link as link_staged

    return asdict(link_staged(by=by, progress=tell))


def publish(_england: Path, by: "Viewer") -> Said:
    """Publish all that is linked; no page is served meanwhile."""
    from contactpoint.pipelines.publish import publish as publish_linked

    return asdict(publish_linked(by=by, progress=tell, alone=True))


STEPS: Final[dict[str, Callable[[Path, "Viewer"], Said]]] = {"load": load, "link": link, "publish": publish}


if __name__ == "__main__":
    main()
