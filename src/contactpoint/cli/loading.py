"""`python -m contactpoint.cli.loading ENGLAND FILE...`: takes the England's files in, as the worker.

A process of its own, so that what linking needs of memory is given back before anything is served.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from contactpoint.actions.failures import known_failure
from contactpoint.cli.messages import err, exit_code
from contactpoint.cli.supplying import deliver_files, link_and_publish


def main() -> None:
    """Load what the command line names; an error is one sentence and its exit code."""
    import django

    django.setup()
    england, *files = map(Path, sys.argv[1:])
    try:
        load_england(england, files, rejects=Path(os.environ["CONTACTPOINT_HOME"]) / "rejects")
    except Exception as error:
        known = known_failure(error)
        if known is None:
            raise
        err.print(str(known), markup=False)
        sys.exit(exit_code(known))


def load_england(england: Path, files: Sequence[Path], *, rejects: Path) -> None:
    """Deliver, link and publish: first what each source holds in full, then what changed since."""
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.pipelines.reference import load_reference

    by = system_viewer("loader")
    load_reference(england, by=by)
    rejects.mkdir(mode=0o700, exist_ok=True)
    for title, ending in (("full deliveries", "_full.csv"), ("changes since", "_delta.csv")):
        chosen = [file for file in files if file.name.endswith(ending)]
        if chosen:
            deliver_files(chosen, rejects=rejects, title=f"Checking {len(chosen)} {title}", by=by)
            link_and_publish(by=by)


if __name__ == "__main__":
    main()
