"""The ideas that should make links worth the same for everybody, each switched off on its own.

Either a copy of the model file says less (a level counts as one below it, every name is as rare as any), or
the linker runs in a copy of the package whose table is empty. The engine is not touched.
"""

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

Body = dict[str, Any]
PACKAGE = Path(str(files("contactpoint")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What is switched off: by changing the model's JSON, by emptying a table of names, or both."""

    change: Callable[[Body], None] | None = None
    table: str | None = None


def _as(comparison: str, levels: tuple[str, ...], other: str) -> Callable[[Body], None]:
    def change(body: Body) -> None:
        rows = body["comparisons"][comparison]
        for level in levels:
            rows[level] = rows[other]

    return change


def _names_alike(body: Body) -> None:
    """Every name as rare as names are in general: the probability that the table gives two strangers."""
    rarity = body["rarity"]
    for kind in ("forename", "surname"):
        usual = body["comparisons"][kind]["exact"][3]
        rarity[kind], rarity[f"unlisted_{kind}"] = {}, round(-8 * math.log2(usual))


def _independent(body: Body) -> None:
    body["rarity"]["together"], body["rarity"]["pairs"] = 0, {}


IDEAS: dict[str, Idea] = {
    "spelling groups": Idea(table="forename_spellings.txt"),
    "nicknames": Idea(table="nicknames.txt"),
    "surname variants": Idea(table="surname_variants.txt"),
    "sounds": Idea(
        change=lambda body: [_as(name, ("sounds",), "similar")(body) for name in ("forename", "surname")]  # type: ignore[func-returns-value]
    ),
    "family and honorific surnames": Idea(change=_as("surname", ("family", "honorific"), "different")),
    "known-as and middle names": Idea(change=_as("forename", ("known_as", "middle"), "different")),
    "names in each other's boxes": Idea(change=_as("forename", ("swapped",), "different")),
    "parts of double surnames": Idea(change=_as("surname", ("part",), "different")),
    "how rare a name is": Idea(change=_names_alike),
    "names counted together": Idea(change=_independent),
}


def without(idea: Idea, folder: Path) -> tuple[Path | None, Path | None]:
    """A model file and a copy of the source that lack the idea, each None where the ordinary one serves."""
    model = source = None
    if idea.change:
        body = json.loads((PACKAGE / "linking" / "model" / "england.json").read_text(encoding="utf-8"))
        idea.change(body)
        model = folder / "without.json"
        model.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    if idea.table:
        source = folder / "src"
        shutil.rmtree(source, ignore_errors=True)
        shutil.copytree(
            PACKAGE, source / "contactpoint", ignore=shutil.ignore_patterns("static", "migrations")
        )
        (source / "contactpoint" / "linking" / "tables" / idea.table).write_text("", encoding="utf-8")
    return model, source
