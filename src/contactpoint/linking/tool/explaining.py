"""Two records in JSON, and why they are or are not one person: the story that `match explain` tells."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking.model.explain import Explanation, explain
from contactpoint.linking.model.normalise import profile_from
from contactpoint.linking.model.score import Decision, PairScore, score_profiles
from contactpoint.linking.model.weights import Model
from contactpoint.linking.tool.columns import misnamed
from contactpoint.linking.tool.mapping import DATES
from contactpoint.linking.tool.reading import EXTENSION, LONGEST, read_date, read_sex

DECISIONS: Final = {Decision.LINK: "same", Decision.REVIEW: "review", Decision.NEW: "different"}

Record = dict[str, str | None]


def load_record(path: Path) -> tuple[Record, list[dict[str, str]]]:
    """Read one record from a JSON file; see `record_of`.

    Raises:
        InvalidInput: there is none, or it is not one JSON object.
    """
    try:
        return record_of(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidInput(f"{path} cannot be read.") from fault
    except ValueError as fault:
        raise InvalidInput(f"{path} is not JSON: {fault}.") from fault


def record_of(body: object) -> tuple[Record, list[dict[str, str]]]:
    """Return the person columns of a JSON object, and what was left out of it with the reason.

    A value that cannot be read is neutral, as in a file; keys that mean nothing here are passed over.

    Raises:
        InvalidInput: it is no object, a key is probably one of ours under another name, or a value is a list
            or an object.
    """
    if not isinstance(body, dict):
        raise InvalidInput(f'A record is a JSON object, like {{"forename": "Ada"}}, not {_shown(body)}.')
    wrong = misnamed(body)
    if wrong:
        said = "; ".join(f"{theirs!r} is probably {ours}" for theirs, ours in wrong.items())
        raise InvalidInput(f"The record has keys that are not ours: {said}.")
    record: Record = dict.fromkeys(PERSON_COLUMNS)
    left_out = []
    for name in PERSON_COLUMNS:
        text = _text(name, body.get(name))
        try:
            record[name] = _checked(name, text)
        except InvalidInput as fault:
            left_out.append({"field": name, "value": str(text), "reason": str(fault)})
    return record, left_out


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:60]


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return "Y" if value else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float):
        raise InvalidInput(f"{name} takes text, not {_shown(value)}.")
    return str(value)[:LONGEST].strip() or None


def _checked(name: str, text: str | None) -> str | None:
    if text is None:
        return None
    if name in DATES:
        return read_date(text)
    if name == "phone":
        return re.sub(EXTENSION, "", text)
    return read_sex(text) if name == "sex" else text


def story_of(one: Mapping[str, str | None], two: Mapping[str, str | None], model: Model) -> dict[str, Any]:
    """Return what `match explain --json` prints for two records.

    `decision` (same, review, different), `probability`, `weight` in bits; `against` (the likeliest other
    alternative: twin, sibling or stranger), `prior` and `rest`, which with the bits of all `comparisons` add
    up to the weight.
    """
    found = score_profiles(profile_from(one), profile_from(two), model)
    return story(found, explain(found.levels, model), model)


def story(found: PairScore, told: Explanation, model: Model) -> dict[str, Any]:
    """Put a score and its explanation into one JSON object."""
    return {
        "decision": DECISIONS[found.decision],
        "probability": found.probability,
        "weight": round(found.weight, 6),
        "against": told.against,
        "prior": round(told.prior, 6),
        "comparisons": [
            {
                "comparison": line.comparison,
                "label": line.label,
                "level": line.words,
                "bits": round(line.bits, 6),
            }
            for line in told.lines
        ],
        "rest": round(told.rest, 6),
        "model": model.version,
    }


def explain_lines(lines: Iterable[str], model: Model) -> Iterator[dict[str, Any]]:
    """Explain pairs, one JSON object a line, `{"id": ..., "a": {...}, "b": {...}}`; not blank lines.

    Yields:
        The story of each pair with its `id` first (the line's number where it has none), or `id`, `line` and
        `error` for a line that cannot be read. `left_out` names values that could not be read.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _explained(number, line, model)


def _two_records(body: object) -> tuple[tuple[Record, list[dict[str, str]]], ...]:
    if not isinstance(body, dict) or "a" not in body or "b" not in body:
        raise InvalidInput('A line is an object with the records "a" and "b".')
    return record_of(body["a"]), record_of(body["b"])


def _explained(number: int, line: str, model: Model) -> dict[str, Any]:
    name: object = number
    try:
        body = json.loads(line)
        if isinstance(body, dict):
            name = body.get("id", number)
        (one, wrong), (two, also) = _two_records(body)
    except (ValueError, RecursionError) as fault:
        return {"id": name, "line": number, "error": f"This is not JSON: {fault}."}
    except InvalidInput as fault:
        return {"id": name, "line": number, "error": str(fault)}
    told = {"id": name, **story_of(one, two, model)}
    left_out = [{"record": end, **value} for end, values in (("a", wrong), ("b", also)) for value in values]
    return {**told, "left_out": left_out} if left_out else told
