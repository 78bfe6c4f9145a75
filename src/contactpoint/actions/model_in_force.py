"""The model that everybody decides and searches with: what two people agreed, or what comes with the project.

It is asked for anew each time, which costs one small statement; its text is read and understood once a
process, when another one comes into force (ADR 41).
"""

import hashlib
from typing import NamedTuple

from contactpoint.domain.errors import InvalidInput, Misconfigured
from contactpoint.linking.model.weights import Model, default_model, read_model, shipped_text
from contactpoint.storage import model_versions as stored


class Held(NamedTuple):
    """A model and the digest of its text."""

    sha256: str
    model: Model


_held: dict[str, Held] = {}


def model_in_force() -> Model:
    """The model in force.

    Raises:
        Misconfigured: this release cannot read it. Nothing is decided with another one instead.
    """
    return held_in_force().model


def held_in_force() -> Held:
    """The model in force with its digest; the errors are those of `model_in_force`."""
    held = _held.get("")
    found = stored.in_force(held.sha256 if held else "")
    if found is None:
        return _shipped()
    if held is not None and held.sha256 == found.sha256:
        return held
    try:
        model = read_model(found.body or "")
    except InvalidInput as fault:
        raise Misconfigured(
            "This release cannot read the matching model in force. Run the release that it was agreed under, "
            "or put the model before it back there."
        ) from fault
    held = _held[""] = Held(found.sha256, model)
    return held


def _shipped() -> Held:
    return Held(digest(shipped_text()), default_model())


def digest(text: str) -> str:
    """The digest of a model's text, as the database works it out."""
    return hashlib.sha256(text.encode()).hexdigest()
