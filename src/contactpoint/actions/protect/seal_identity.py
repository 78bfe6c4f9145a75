"""Two people of the national shield desk record that two children are one sealed identity (R35).

Both type both numbers, and the worker compares them: so neither is shown on any page, to anybody, and an
error of one person records nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.sealed_identity import (
    PairChanged,
    PairGround,
    PairInQuestion,
    ProposedPair,
    SealedDesk,
)
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries import sealed_identities as stored

_ASKED: Final = Permission.SEAL_IDENTITY
NOT_HERE = Refusal(
    sentence="No such pair waits at your desk.",
    rules=("R35",),
    way_on="A colleague may have dealt with it. Go back to the list.",
)


@transaction.atomic
def sealed_desk(*, by: Viewer, at: datetime) -> SealedDesk | Refusal:
    """Return what waits of sealed identities at the national shield desk; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_SEALED, by=by, at=at, details={"rules": list(decision.rules)})
    return SealedDesk(
        pairs=stored.pairs_proposed(seeing),
        crossers=stored.crossers_named(seeing),
        crossings=stored.crossings(seeing),
        may_cross=stored.crossing_rights(seeing).named,
    )


@transaction.atomic
def type_pair(
    *, numbers: Sequence[str], ground: PairGround, by: Viewer, at: datetime
) -> PairChanged | Refusal:
    """Type the numbers of both halves; it counts once a second person has typed the same.

    Raises:
        InvalidInput: they are not two child numbers.
    """
    both = two_numbers(numbers)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.TYPED_PAIR, by=by, at=at, details={"ground": ground.value})
    stored.type_pair(seeing, both, ground, at)
    return PairChanged(what="typed")


@transaction.atomic
def type_pair_again(*, pair: int, numbers: Sequence[str], by: Viewer, at: datetime) -> PairChanged | Refusal:
    """Type both as the second person; the worker compares within seconds, and records what is the same.

    Raises:
        InvalidInput: they are not two child numbers.
    """
    both = two_numbers(numbers)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.TYPED_PAIR_AGAIN, by=by, at=at, details={"pair": pair})
    one = _waiting(stored.pairs_proposed(seeing), pair)
    if one is None:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, details={"pair": pair})
    question = PairInQuestion(typed_by_viewer=one.first == by.account_id)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, pair=question))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details={"pair": pair})
    return PairChanged(what="typed_again") if stored.type_pair_again(seeing, one, both) else NOT_HERE


@transaction.atomic
def drop_pair(*, pair: int, by: Viewer, at: datetime) -> PairChanged | Refusal:
    """Drop one that waits, as either person: nothing of it is kept."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.DROPPED_PAIR, by=by, at=at, details={"pair": pair})
    return PairChanged(what="dropped") if stored.drop_pair(seeing, pair) else NOT_HERE


def two_numbers(typed: Sequence[str]) -> tuple[str, str]:
    """The two numbers, always in the same order.

    Raises:
        InvalidInput: they are not two, or one of them is none.
    """
    found = sorted({parse_child_number(one) for one in typed})
    if len(found) != len(typed) or len(found) != 2:
        raise InvalidInput("Enter the numbers of two children.")
    return found[0], found[1]


def _waiting(pairs: Sequence[ProposedPair], pair: int) -> ProposedPair | None:
    return next((one for one in pairs if one.id == pair and one.end is None and one.second is None), None)
