"""A model file as somebody hands it in, before it may decide anything: each fault in a sentence of its own.

`read_model` accepts what a program wrote. A person can hand in anything; what is wrong with it is said here
before a directory is read, and nothing of it is ever evaluated.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.matching_models import LONGEST_NAME, MOST_BYTES
from contactpoint.linking.model.levels import COMPARISONS
from contactpoint.linking.model.weights import ALTERNATIVES, LEFT_BITS, MODEL_FORMAT, Model, read_model

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*")
_PARTS: Final = (
    "version", "about", "sources", "population", "others", "thresholds", "rarity", "comparisons"
)  # fmt: skip
_THRESHOLDS: Final = ("link", "review", "tie")
_MOST: Final = 1e12
_MOST_BITS: Final = 1_000
_MOST_RARE: Final = 999
# What a model says that was written before these were told apart (weights.py).
_MAY_LACK: Final = {
    "twins_seen": {f"left_{bits}" for bits in LEFT_BITS},
    "other_identifiers": {"one_slip"},
}
_RARITIES: Final = ("unlisted_forename", "unlisted_surname", "together", "variant_bits")


class Checked(NamedTuple):
    """A model that can be used, and the text that is kept of it."""

    model: Model
    text: str


def check_model(data: bytes) -> Checked:
    """Read a model file that somebody hands in.

    Raises:
        InvalidInput: it cannot be used; the sentence says why, and quotes little of it.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInput(f"The model file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    try:
        text = data.decode("utf-8-sig")
        body = json.loads(text, object_pairs_hook=_once_each)
    except UnicodeDecodeError:
        raise InvalidInput("The model file is not UTF-8 text.") from None
    except InvalidInput:
        raise
    except RecursionError:
        raise InvalidInput("The model file is nested too deeply.") from None
    except ValueError as fault:
        place = f" (line {fault.lineno})" if isinstance(fault, json.JSONDecodeError) else ""
        raise InvalidInput(f"The model file is not JSON{place}.") from None
    if "\0" in text or "\\u0000" in text:
        raise InvalidInput("The model file holds a character that cannot be kept.")
    for fault_found in _faults(body):
        raise InvalidInput(fault_found)
    return Checked(read_model(text), text)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInput("The model file says something twice: each name may stand once in its place.")
    return found


def _faults(body: Any) -> Iterator[str]:  # noqa: ANN401 - anything that JSON holds
    """What is wrong, the first thing first; later checks rely on earlier ones."""
    if not isinstance(body, dict):
        yield "The model file holds no model: it must be a JSON object."
        return
    if body.get("format") != MODEL_FORMAT or isinstance(body.get("format"), bool):
        yield f"This release reads models of format {MODEL_FORMAT}; the file does not say that it is one."
    for part in _PARTS:
        if part not in body:
            yield f"The model file says nothing of “{part}”."
    name = body["version"]
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        yield (
            f"The version is a name of at most {LONGEST_NAME} letters without accents, digits and . + _ -: "
            "every link says it."
        )
    if not isinstance(body["about"], str):
        yield "“about” must be a text."
    if not isinstance(body["sources"], list) or not all(isinstance(one, str) for one in body["sources"]):
        yield "“sources” must be a list of texts."
    yield from _number_faults(body)
    yield from _rarity_faults(body["rarity"])
    yield from _comparison_faults(body["comparisons"])


def _number_faults(body: Mapping[str, Any]) -> Iterator[str]:
    people = body["population"]
    if not _is_number(people) or people != int(people) or not 1 <= people <= 10**10:
        yield "The population must be a whole number from 1."
    others = body["others"]
    if not isinstance(others, dict) or set(others) != {"twin", "sibling"}:
        yield "“others” must say twin and sibling, and nothing else."
    for name in ("twin", "sibling"):
        if not _is_number(others[name]) or not 0 < others[name] <= people:
            yield f"“{name}” must be a number above 0."
    lines = body["thresholds"]
    if not isinstance(lines, dict) or set(lines) != set(_THRESHOLDS):
        yield "“thresholds” must say link, review and tie, and nothing else."
    for name in _THRESHOLDS:
        if not _is_number(lines[name]) or abs(lines[name]) > _MOST_BITS:
            yield f"The threshold “{name}” must be a number of bits."
    if lines["review"] > lines["link"]:
        yield "The threshold “review” must not be above “link”: a person is asked before two are joined."
    if lines["tie"] < 0:
        yield "The threshold “tie” must not be below 0."


def _rarity_faults(held: Any) -> Iterator[str]:  # noqa: ANN401 - anything that JSON holds
    if not isinstance(held, dict):
        yield "“rarity” must hold the tables of names."
    for name in _RARITIES:
        if not _is_number(held.get(name)) or abs(held[name]) > _MOST_RARE or held[name] != int(held[name]):
            yield f"“{name}” must be a whole number."
    for name in ("forename", "surname", "pairs"):
        table = held.get(name)
        if not isinstance(table, dict) or not all(isinstance(one, str) for one in table.values()):
            yield f"The table of names “{name}” must say for each number which names are so rare."
        if not all(re.fullmatch(r"-?[0-9]{1,3}", key) for key in table):
            yield f"How rare a name is must be a whole number, in the table “{name}” too."


def _comparison_faults(held: Any) -> Iterator[str]:  # noqa: ANN401 - anything that JSON holds
    if not isinstance(held, dict):
        yield "“comparisons” must hold the comparisons of format 1; Splink's settings hold a list."
    for name in held:
        if name not in COMPARISONS:
            yield f"The model has a comparison “{name[:40]}” that this release does not know."
    for name, kind in COMPARISONS.items():
        if name not in held:
            yield f"The model lacks the comparison “{name}”."
        rows = held[name]
        if not isinstance(rows, dict):
            yield f"The comparison “{name}” must hold its levels."
        yield from _level_faults(name, rows, {level.name.lower() for level in kind if level})


def _level_faults(name: str, rows: Mapping[str, Any], wanted: set[str]) -> Iterator[str]:
    for level in rows:
        if level not in wanted:
            yield f"The comparison “{name}” has a level “{level[:40]}” that this release does not know."
    lacking = sorted(wanted - set(rows) - _MAY_LACK.get(name, set()))
    if lacking:
        yield f"The comparison “{name}” lacks the level {', '.join(f'“{one}”' for one in lacking)}."
    for level, row in rows.items():
        if not isinstance(row, list) or len(row) != len(ALTERNATIVES):
            yield f"The level “{level}” of “{name}” needs {len(ALTERNATIVES)} numbers."
        if not all(_is_number(value) for value in row):
            yield f"The level “{level}” of “{name}” holds what is not a number."
        if not all(0 < value <= 1 for value in row):
            yield f"The level “{level}” of “{name}” must hold probabilities above 0 and not above 1."


def _is_number(value: Any) -> bool:  # noqa: ANN401 - anything that JSON holds
    # No comparison holds for what is no number, and none for infinity here.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _MOST
