"""A model that somebody hands in to decide with here: our own file, or settings that Splink trained."""

import hashlib
import json
from dataclasses import replace

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.matching_models import MOST_BYTES
from contactpoint.linking.model.checking import Checked, check_model
from contactpoint.linking.tool.splink_in import from_splink


def check_any_model(data: bytes) -> Checked:
    """Read what is handed in; Splink's settings become a model of ours, named after what they say.

    Raises:
        InvalidInput: it cannot be used; the sentence says why.
    """
    settings = _splink(data)
    if settings is None:
        return check_model(data)
    model = from_splink(settings)
    named = replace(model, version=f"splink-{hashlib.sha256(data).hexdigest()[:12]}")
    return check_model(named.to_json().encode())


def _splink(data: bytes) -> dict[str, object] | None:
    """Splink's settings, by their list of comparisons; of everything else `check_model` says what it is."""
    if len(data) > MOST_BYTES:
        return None
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(body, dict) and isinstance(body.get("comparisons"), list):
        if "format" in body:
            raise InvalidInput("“comparisons” of a model of ours are no list.")
        return body
    return None
