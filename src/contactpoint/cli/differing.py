"""`contactpoint match difference`: what another model would change here, before it is activated."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from contactpoint.cli.directory import Directory, enter_django
from contactpoint.cli.home import default_home
from contactpoint.cli.messages import say, telling
from contactpoint.domain.errors import NotFound
from contactpoint.linking.tool.splink_in import read_any_model

if TYPE_CHECKING:
    from contactpoint.pipelines.differences import Cause, ModelDifference


def difference(model: Path, *, as_json: bool) -> None:
    """Compare the children that the active model makes with those of another model file.

    Raises:
        NotFound: there is no directory yet.
        InvalidInput: the model cannot be read.
    """
    other = read_any_model(model)
    home = default_home()
    if not (home / "postgres").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    with Directory(home) as directory:
        enter_django(directory.environment("worker"))
        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.differences import model_difference

        with telling("Comparing two models") as tell:
            found = model_difference(other, by=system_viewer("linker"), progress=tell)
    if as_json:
        print(json.dumps(asdict(found)))
        return
    for line in in_words(found):
        say(line)


def in_words(found: "ModelDifference") -> list[str]:
    """The report, line by line."""
    changed = found.joined + found.parted + found.rearranged
    lines = [
        f"{found.records:,} records under {found.active} and under {found.other}:",
        (
            f"{found.unchanged:,} children are the same, {changed:,} are not: {found.joined:,} joined with "
            f"another, {found.parted:,} parted, {found.rearranged:,} rearranged."
        ),
        f"{found.moved:,} records would be another child's.",
        *_because("Joined", found.joined_by, found.joined_examples),
        *_because("Parted", found.parted_by, found.parted_examples),
        "Published children stay as they are. Cases for a person, now and then:",
        *(f"  {kind.replace('_', ' ')}: {now:,} and {then:,}" for kind, now, then in found.cases),
    ]
    return lines if found.cases else [*lines, "  none"]


def _because(what: str, causes: tuple["Cause", ...], examples: tuple[tuple[str, ...], ...]) -> list[str]:
    if not causes and not examples:
        return []
    named = "; ".join(" ".join(numbers) for numbers in examples[:5])
    return [
        f"{what}, by what weighs otherwise:",
        *(f"  {one.pairs:,}  {one.comparison}{': ' if one.level else ''}{one.level}" for one in causes),
        *([f"  for example {named}"] if named else []),
    ]
