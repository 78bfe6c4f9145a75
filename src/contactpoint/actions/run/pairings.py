"""Whose shield desk is whose second: asked for by one of the national team, agreed to by another (R31)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.pairings import Desks, PairingDone, PairingInQuestion
from contactpoint.domain.two_people import Step, check_reason
from contactpoint.storage.queries import pairings as stored

_ASKED: Final = Permission.KEEP_REFERENCE
NOTHING_CHANGES: Final = Refusal(
    sentence="That would change nothing, or one about that authority waits already.",
    rules=("R31",),
    way_on="Choose two authorities that are not paired so yet, or answer the one that waits.",
)
NOT_HERE: Final = Refusal(
    sentence="It does not wait any more.",
    rules=("R31",),
    way_on="A colleague may have answered it. Go back to the list.",
)
DONE: Final = {Step.AGREE: "agreed", Step.REFUSE: "refused", Step.DROP: "dropped"}


@transaction.atomic
def desks(*, by: Viewer, at: datetime) -> Desks | Refusal:
    """Return every authority's shield desk, with its second, and what waits; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_PAIRINGS, by=by, at=at, details={"rules": list(decision.rules)})
    return Desks(desks=stored.desks_paired(seeing), asked=stored.pairings_asked(seeing))


@transaction.atomic
def ask_pairing(
    *, authority: str, second: str, both_ways: bool, because: str, by: Viewer, at: datetime
) -> PairingDone | Refusal:
    """Ask that one desk be the second of another's; with no second, that the pairing end.

    Raises:
        InvalidInput: no reason is given, or a long one.
    """
    why = check_reason(because)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    details: dict[str, Json] = {
        "authority": authority,
        "second": second,
        "both_ways": both_ways,
        "because": why,
    }
    seeing = record(Action.ASKED_PAIRING, by=by, at=at, details=details)
    if not stored.ask_pairing(seeing, authority, second, both_ways=both_ways, because=why):
        return record_refusal(NOTHING_CHANGES, _ASKED, by=by, at=at)
    return PairingDone(what="asked")


@transaction.atomic
def answer_pairing(*, pairing: int, step: Step, by: Viewer, at: datetime) -> PairingDone | Refusal:
    """Agree or refuse as the second person, or drop one's own. What is agreed holds from now on."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    details: dict[str, Json] = {"pairing": pairing, "step": step.value}
    seeing = record(Action.LISTED_PAIRINGS, by=by, at=at, details=details)
    one = next((asked for asked in stored.pairings_asked(seeing) if asked.id == pairing), None)
    if one is None:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, details=details)
    question = PairingInQuestion(step=step, by_viewer=one.mine)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, pairing=question))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    seeing = record(Action.ANSWERED_PAIRING, by=by, at=at, details=details)
    return PairingDone(what=DONE[step]) if stored.answer_pairing(seeing, pairing, step) else NOT_HERE


def pairings_to_agree(seeing: UUID) -> int:
    """How many wait for this person's word."""
    return sum(not one.mine for one in stored.pairings_asked(seeing))
