"""The matching model: see it, propose another with a reason, answer as the second person, put it back (R20).

Nothing decides anything before the worker has reported what it would change and a second person agreed. At
the command line the person is named; a page acts for whoever is signed in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.model_in_force import digest, held_in_force
from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.named import named, why_not_in_their_name
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.matching_models import ModelDone, ModelInQuestion, ModelState, ModelVersion
from contactpoint.domain.two_people import Step, check_reason
from contactpoint.linking.model.checking import Checked
from contactpoint.linking.model.weights import default_model, shipped_text
from contactpoint.linking.tool.handed_in import check_any_model
from contactpoint.storage import model_versions as stored

_ASKED: Final = Permission.CHANGE_MODEL
NO_VERSION: Final = "There is no such version. Go back to the matching model."
NOT_NOW: Final = Refusal(
    sentence="That cannot be done with this version now.",
    rules=("R20",),
    way_on="A colleague may have answered already. Open the matching model again.",
)
NOTHING_CHANGES: Final = Refusal(
    sentence="That model is in force already, or another one of its name was proposed before.",
    rules=("R20",),
    way_on="Give a model of other figures another version name.",
)
NOTHING_BEFORE: Final = Refusal(
    sentence="There is no model before it to put back.",
    rules=("R20",),
    way_on="The model that comes with the project is in force.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsKept:
    """The version in force (None: the one that comes with the project), its name, and all of them."""

    name: str
    sha256: str
    in_force: ModelVersion | None
    versions: tuple[ModelVersion, ...]


@transaction.atomic
def models_kept(*, by: Viewer, at: datetime) -> ModelsKept | Refusal:
    """What is in force, what is proposed, and what was; audited."""
    seeing = _begin(Action.LISTED_MODELS, {}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    held = held_in_force()
    versions = stored.versions(None if by.is_system else seeing)
    return ModelsKept(
        name=held.model.version,
        sha256=held.sha256,
        in_force=next((one for one in versions if one.state is ModelState.IN_FORCE), None),
        versions=versions,
    )


@transaction.atomic
def model_version(*, number: int, by: Viewer, at: datetime) -> ModelVersion | Refusal:
    """One version with its report; audited.

    Raises:
        NotFound: there is none of that number.
    """
    seeing = _begin(Action.LISTED_MODELS, {"model": number}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    return _find(stored.versions(None if by.is_system else seeing), number)


@transaction.atomic
def propose_model(
    *, data: bytes, because: str, by: Viewer, at: datetime, person: UUID | None = None
) -> ModelDone | Refusal:
    """Keep a model file as a proposal, to be reported on and agreed to. Nothing changes yet.

    Args:
        data: the file, ours or Splink's settings.
        because: why, for the history.
        by: the viewer; the command line for `person`.
        at: now.
        person: who does it at the command line, of the national team.

    Raises:
        InvalidInput: the file cannot be used, and the sentence says why; or no reason is given.
    """
    seeing = _begin(Action.LISTED_MODELS, {"bytes": len(data)}, by=by, at=at, person=person)
    if isinstance(seeing, Refusal):
        return seeing
    why, checked = check_reason(because), check_any_model(data)
    if checked.model.version == default_model().version and checked.text != shipped_text():
        raise InvalidInput(
            f"The model of the project is named {checked.model.version}: give yours another name."
        )
    return _propose(checked, why, by=by, at=at, person=person, puts_back=False)


@transaction.atomic
def put_back(*, because: str, by: Viewer, at: datetime, person: UUID | None = None) -> ModelDone | Refusal:
    """Propose the model that was in force before; it is reported on and agreed to as any other.

    Raises:
        InvalidInput: no reason is given, or a long one.
    """
    why = check_reason(because)
    seeing = _begin(Action.LISTED_MODELS, {"puts_back": True}, by=by, at=at, person=person)
    if isinstance(seeing, Refusal):
        return seeing
    text = stored.before(None if by.is_system else seeing)
    if text is None:
        return record_refusal(NOTHING_BEFORE, _ASKED, by=by, at=at)
    checked = check_any_model((text or shipped_text()).encode())
    return _propose(checked, why, by=by, at=at, person=person, puts_back=True)


@transaction.atomic
def step_model(
    *, number: int, step: Step, by: Viewer, at: datetime, person: UUID | None = None
) -> ModelDone | Refusal:
    """Agree as the second person, refuse, or drop one's own. What is agreed is in force from now on.

    Raises:
        NotFound: there is none of that number.
    """
    details: dict[str, Json] = {"model": number, "step": step.value}
    seeing = _begin(Action.LISTED_MODELS, details, by=by, at=at, person=person)
    if isinstance(seeing, Refusal):
        return seeing
    found = _find(stored.versions(None if by.is_system else seeing, person), number)
    stands = found.stands and found.report is not None and found.report.sha256 == held_in_force().sha256
    asked = ModelInQuestion(state=found.state, step=step, by_viewer=found.mine, stands=stands)
    with transaction.atomic():
        told: dict[str, Json] = {**details, "version": found.version, "sha256": found.sha256}
        event = _begin(Action.STEPPED_MODEL, told, by=by, at=at, asked=asked, person=person)
        if isinstance(event, Refusal):
            return event
        became = (
            stored.step_as(person, at, number, step)
            if person is not None and by.is_system
            else stored.step(event, number, step)
        )
        transaction.set_rollback(became is None)
    if became is None:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    return ModelDone(number=number, state=became.value)


def fingerprint(data: bytes) -> str:
    """What a file is known by, whether it can be used or not."""
    return hashlib.sha256(data).hexdigest()


def models_to_agree(seeing: UUID) -> int:
    """How many proposals with their report wait for a second person, who is not the one that proposed."""
    return sum(one.state is ModelState.REPORTED and not one.mine for one in stored.versions(seeing))


def _propose(
    checked: Checked, because: str, *, by: Viewer, at: datetime, person: UUID | None, puts_back: bool
) -> ModelDone | Refusal:
    details: dict[str, Json] = {
        "version": checked.model.version,
        "sha256": digest(checked.text),
        "because": because,
        "puts_back": puts_back,
    }
    if digest(checked.text) == held_in_force().sha256:
        return record_refusal(NOTHING_CHANGES, _ASKED, by=by, at=at, details=details)
    with transaction.atomic():
        event = _begin(Action.PROPOSED_MODEL, details, by=by, at=at, person=person)
        if isinstance(event, Refusal):
            return event
        made = (
            stored.propose_as(person, at, checked.text, because, puts_back=puts_back)
            if person is not None and by.is_system
            else stored.propose(event, checked.text, because, puts_back=puts_back)
        )
        transaction.set_rollback(made is None)
    if made is None:
        return record_refusal(NOTHING_CHANGES, _ASKED, by=by, at=at, details=details)
    return ModelDone(number=made, state=ModelState.ASKED.value)


def _begin(
    action: Action,
    details: Mapping[str, Json],
    *,
    by: Viewer,
    at: datetime,
    asked: ModelInQuestion | None = None,
    person: UUID | None = None,
) -> UUID | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, model=asked))
    told = {**details, **named(person)}
    if refusal := decision.refusal or why_not_in_their_name(person):
        return record_refusal(refusal, _ASKED, by=by, at=at, details=told)
    return record(action, by=by, at=at, details={**told, "rules": list(decision.rules)})


def _find(versions: tuple[ModelVersion, ...], number: int) -> ModelVersion:
    for one in versions:
        if one.id == number:
            return one
    raise NotFound(NO_VERSION)
