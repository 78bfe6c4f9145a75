"""The model: what each level means under each alternative, how rare names are, and where to draw the line."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.model.levels import COMPARISONS, RARITY_STEPS
from contactpoint.linking.names import joined, name_of

ALTERNATIVES: Final = ("same", "twin", "sibling", "stranger")
SAME, TWIN, SIBLING, STRANGER = range(4)
MODEL_FORMAT: Final = 1

LEFT_BITS: Final = (4, 6, 8, 10)
"""Context.LEFT_4 and so on say so much, by what they are named after; nothing is learnt of them."""

Table = tuple[tuple[float, ...], ...]
"""For one comparison, log2 of the probability of each level (rows) under each alternative (columns)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Bits of posterior odds: from `link` on link, from `review` on ask a person; `tie` is the least lead."""

    link: float
    review: float
    tie: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarity:
    """How rare names are, in eighths of a bit (levels.RARITY_STEPS); names are folded and joined.

    `pairs` holds "forename|surname" pairs that are commoner together than the table of single names says,
    `together` the same for all other pairs: names go with names within a culture, and taking them as
    independent is what merges namesakes. `variant` is taken off where two spellings are one name.
    """

    forename: Mapping[str, int]
    surname: Mapping[str, int]
    pairs: Mapping[str, int]
    unlisted_forename: int
    unlisted_surname: int
    together: int
    variant: int

    def of_forename(self, name: str) -> int:
        """Rarity of a joined forename."""
        return self.forename.get(name, self.unlisted_forename)

    def of_surname(self, name: str) -> int:
        """Rarity of a joined last name."""
        return self.surname.get(name, self.unlisted_surname)

    def of_pair(self, forename: str, surname: str) -> int:
        """Excess of a joined forename with a joined last name over independence."""
        return self.pairs.get(f"{forename}|{surname}", self.together)


@dataclass(frozen=True, kw_only=True)
class Model:
    """One version of the model. Frozen: estimating anew writes a new version."""

    version: str
    about: str
    sources: tuple[str, ...]
    population: int
    twin: float
    sibling: float
    thresholds: Thresholds
    rarity: Rarity
    probabilities: Mapping[str, Mapping[str, tuple[float, ...]]]

    def __post_init__(self) -> None:
        """Refuse a model that lacks a comparison or level, or holds what is no probability."""
        if self.population < 1:
            raise InvalidInput("The population of a model is at least one.")
        for name, kind in COMPARISONS.items():
            wanted = {level.name.lower() for level in kind if level}
            held = self.probabilities.get(name, {})
            if set(held) != wanted:
                raise InvalidInput(f"The model's comparison {name} must have the levels {sorted(wanted)}.")
            for level, row in held.items():
                if len(row) != len(ALTERNATIVES) or not all(0 < value <= 1 for value in row):
                    raise InvalidInput(f"The model's {name}, {level} needs four probabilities above 0.")

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """For each comparison in order, log2 probabilities by level; a missing value says nothing (zeros)."""
        nothing = (0.0,) * len(ALTERNATIVES)
        return tuple(
            (
                nothing,
                *(
                    tuple(math.log2(value) for value in self.probabilities[name][level.name.lower()])
                    for level in sorted(kind)
                    if level
                ),
            )
            for name, kind in COMPARISONS.items()
        )

    @cached_property
    def priors(self) -> tuple[float, float, float, float]:
        """log2 of how many of each alternative there are for one record: 1 same, some kin, a country."""
        return (0.0, math.log2(self.twin), math.log2(self.sibling), math.log2(self.population))

    def for_population(self, children: int) -> "Model":
        """Return this model for a population of another size."""
        return replace(self, population=children, version=f"{self.version}+{children}")

    def to_json(self) -> str:
        """Return the model file's text, the same for the same model."""
        rarity = self.rarity
        body = {
            "format": MODEL_FORMAT,
            "version": self.version,
            "about": self.about,
            "sources": list(self.sources),
            "population": self.population,
            "others": {"twin": self.twin, "sibling": self.sibling},
            "thresholds": {
                "link": self.thresholds.link,
                "review": self.thresholds.review,
                "tie": self.thresholds.tie,
            },
            "rarity": {
                "unlisted_forename": rarity.unlisted_forename,
                "unlisted_surname": rarity.unlisted_surname,
                "together": rarity.together,
                "variant_bits": rarity.variant,
                "forename": _by_rarity(rarity.forename),
                "surname": _by_rarity(rarity.surname),
                "pairs": _by_rarity(rarity.pairs),
            },
            "comparisons": {
                name: {level: list(row) for level, row in rows.items()}
                for name, rows in self.probabilities.items()
            },
        }
        return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _by_rarity(table: Mapping[str, int]) -> dict[str, str]:
    grouped: dict[int, list[str]] = {}
    for name, value in table.items():
        grouped.setdefault(value, []).append(name)
    return {str(value): " ".join(sorted(grouped[value])) for value in sorted(grouped)}


def _from_rarity(table: Mapping[str, str]) -> dict[str, int]:
    return {name: int(value) for value, names in table.items() for name in names.split()}


def read_model(text: str) -> Model:
    """Read a model file's text.

    Raises:
        InvalidInput: it is not a model of a format this release reads.
    """
    try:
        body: dict[str, Any] = json.loads(text)
        if body["format"] != MODEL_FORMAT:
            raise InvalidInput(f"This release reads model format {MODEL_FORMAT}, not {body['format']}.")
        return _model(body)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise InvalidInput(f"This is not a model file: {fault!r}.") from fault


def _model(body: dict[str, Any]) -> Model:
    rarity = body["rarity"]
    return Model(
        version=str(body["version"]),
        about=str(body["about"]),
        sources=tuple(body["sources"]),
        population=int(body["population"]),
        twin=float(body["others"]["twin"]),
        sibling=float(body["others"]["sibling"]),
        thresholds=Thresholds(**{key: float(value) for key, value in body["thresholds"].items()}),
        rarity=Rarity(
            forename=_from_rarity(rarity["forename"]),
            surname=_from_rarity(rarity["surname"]),
            pairs=_from_rarity(rarity["pairs"]),
            unlisted_forename=int(rarity["unlisted_forename"]),
            unlisted_surname=int(rarity["unlisted_surname"]),
            together=int(rarity["together"]),
            variant=int(rarity["variant_bits"]),
        ),
        probabilities={
            name: {
                level: tuple(float(value) for value in row)
                for level, row in {**_taken_for(name, rows), **rows}.items()
            }
            for name, rows in body["comparisons"].items()
        },
    )


def _taken_for(name: str, rows: Mapping[str, list[float]]) -> dict[str, list[float]]:
    """Return levels that a model written before they were told apart took for another one, or never saw."""
    if name == "twins_seen":
        return {f"left_{bits}": [1.0, *[2.0**-bits] * (len(ALTERNATIVES) - 1)] for bits in LEFT_BITS}
    return {"one_slip": rows["different"]} if name == "other_identifiers" else {}


@lru_cache(maxsize=1)
def default_model() -> Model:
    """Return the model that comes with the project: England's children, stated priors."""
    return read_model(shipped_text())


@lru_cache(maxsize=1)
def shipped_text() -> str:
    """Return the file of the model that comes with the project."""
    return (files("contactpoint.linking.model") / "england.json").read_text(encoding="utf-8")


def load_model(path: Path) -> Model:
    """Read a model file.

    Raises:
        InvalidInput: there is none, or it is not a model.
    """
    try:
        return read_model(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidInput(f"There is no readable model at {path}.") from fault


def rarity_bits(eighths: int) -> float:
    """Return a stored rarity in bits."""
    return eighths / RARITY_STEPS


def rarity_key(text: str | None) -> str:
    """Return the form in which rarity tables hold a name."""
    return joined(name_of(text))
