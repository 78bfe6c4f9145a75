"""`contactpoint supply compare`: what a file would change of what is held, before anything is loaded."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from contactpoint.cli.directory import Directory, enter_django
from contactpoint.cli.home import default_home
from contactpoint.cli.messages import say, telling
from contactpoint.domain.errors import NotFound

if TYPE_CHECKING:
    from contactpoint.domain.source_mappings import Reading


def compare(file: Path, *, source: str, as_json: bool) -> None:
    """Say what one file comes to by this release's contract, and what it would change.

    Raises:
        NotFound: there is no such file, or no directory yet.
        DeliveryRefused: there is no such source, or the file's name does not say its day.
    """
    home = default_home()
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    if not (home / "postgres").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    with Directory(home) as directory:
        enter_django(directory.environment("worker"))
        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.compare_delivery import compare_delivery

        with telling(f"Comparing {file.name}"):
            found = compare_delivery(file, source=source, by=system_viewer("loader"))
    if as_json:
        print(json.dumps(asdict(found)))
        return
    for line in in_words(found):
        say(line)


def in_words(found: "Reading") -> Iterator[str]:
    """The report, line by line; of what is held nothing below a hundred."""
    if found.refused or found.changes is None:
        yield f"It cannot be read: {found.refused}"
        return
    yield f"{found.rows:,} rows, {found.rejected:,} rejected."
    for field, reason, rows in found.reasons:
        yield f"  {rows:,}  {field}{': ' if field else ''}{reason}"
    held, different = (_hundreds(one) for one in (found.changes.held, found.changes.different))
    yield f"Held records that it tells of: {held}. Of those different afterwards: {different}."
    for field, records in found.changes.fields:
        yield f"  {_hundreds(records)}  {field}"
    yield "To the nearest hundred, without children who are protected or archived. Nothing was loaded."


def _hundreds(count: int | None) -> str:
    return "fewer than 100" if count is None else f"about {count:,}"
