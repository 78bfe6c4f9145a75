"""The lists of authorities, schools, practices and wards: try a file, ask, agree, and put it back (R58).

Nothing holds before a second person agreed; the worker carries it out then (pipelines/reference_lists.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from contactpoint.domain.errors import DeliveryRefused, InvalidInput, NotFound
from contactpoint.domain.reference_lists import (
    ListAnswer,
    ListChange,
    ListInQuestion,
    ListKind,
    ListRow,
    ListState,
    RowFault,
    judge_list,
    list_csv,
    states_of,
)
from contactpoint.domain.two_people import Step, check_reason
from contactpoint.domain.wards import judge_wards
from contactpoint.storage import reference_changes as stored
from contactpoint.supply.lists import read_list

_ASKED: Final = Permission.KEEP_REFERENCE
NO_CHANGE: Final = "There is no such change. Go back to the lists."
NO_AUTHORITY: Final = "There is no such authority. Go back, and choose whose wards you want."
NOT_NOW: Final = Refusal(
    sentence="That cannot be done with this change now.",
    rules=("R58",),
    way_on="The list became another meanwhile, or another change of it waits. Open the lists again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a file came to: the number of its draft, None where it changes nothing or has faults."""

    number: int | None = None
    faults: tuple[RowFault, ...] = ()


@transaction.atomic
def reference_changes(*, by: Viewer, at: datetime) -> tuple[ListChange, ...] | Refusal:
    """Every change of a list that was asked for, and one's own drafts, newest first; audited."""
    seeing = _begin(Action.LISTED_REFERENCE, {}, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else stored.changes(seeing)


@transaction.atomic
def reference_change(*, number: int, by: Viewer, at: datetime) -> ListChange | Refusal:
    """One change, with everything that it changes; audited.

    Raises:
        NotFound: there is none of that number, or it is a draft of somebody else.
    """
    seeing = _begin(Action.LISTED_REFERENCE, {"change": number}, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else _find(seeing, number)


@transaction.atomic
def take_list(*, kind: ListKind, authority: str = "", by: Viewer, at: datetime) -> str | Refusal:
    """A list as it is, as the file that would change nothing; of wards that of one authority; audited.

    Raises:
        NotFound: wards are asked for of no authority that there is.
    """
    details: dict[str, Json] = {"taken": kind.value}
    if kind is ListKind.WARD:
        details["authority"] = authority
    seeing = _begin(Action.LISTED_REFERENCE, details, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    if kind is ListKind.WARD and authority not in stored.authority_digits():
        raise NotFound(NO_AUTHORITY)
    return list_csv(kind, stored.list_as_it_is(kind, authority))


@transaction.atomic
def try_list(*, kind: ListKind, data: bytes, by: Viewer, at: datetime) -> Tried | Refusal:
    """Compare a file with a list, and keep what it would change. Nothing changes yet.

    Raises:
        InvalidInput: it cannot be read at all.
    """
    seeing = _begin(Action.TRIED_REFERENCE, {"list": kind.value, "bytes": len(data)}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    try:
        rows = read_list(kind, data)
    except DeliveryRefused as fault:
        raise InvalidInput(str(fault)) from None
    if faults := _judge(kind, rows):
        return Tried(faults=faults)
    return Tried(number=stored.try_list(seeing, kind, states_of(kind, rows)))


def _judge(kind: ListKind, rows: Sequence[ListRow]) -> tuple[RowFault, ...]:
    """Hold a file against what is known of its list and of the others."""
    authorities = stored.authority_digits()
    if kind is ListKind.WARD:
        named = {row.cells["authority"] for row in rows}
        elsewhere = stored.wards_elsewhere({row.cells["ward"] for row in rows}, named)
        return judge_wards(rows, authorities=authorities, elsewhere=elsewhere)
    return judge_list(
        kind,
        rows,
        authorities=authorities,
        elsewhere=stored.codes_of_other_kinds(kind, {row.cells["code"] for row in rows}),
        there={one["code"] for one in stored.list_as_it_is(kind)} if kind is ListKind.AUTHORITY else (),
    )


@transaction.atomic
def put_back(*, number: int, by: Viewer, at: datetime) -> ListAnswer | Refusal:
    """Draw up what puts a change back; it is asked for and agreed to as any other.

    Raises:
        NotFound: there is none of that number.
    """
    seeing = _begin(Action.TRIED_REFERENCE, {"puts_back": number}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    made = stored.put_back(seeing, number)
    if made is None:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details={"puts_back": number})
    return ListAnswer(number=made, state=ListState.DRAFT.value)


@transaction.atomic
def step_change(*, number: int, step: Step, because: str, by: Viewer, at: datetime) -> ListAnswer | Refusal:
    """Ask that a change holds, agree to it as a second person, refuse it, or drop one's own.

    Raises:
        NotFound: there is none of that number.
        InvalidInput: whoever asks gives no reason, or a long one.
    """
    why = check_reason(because) if step is Step.ASK else ""
    details: dict[str, Json] = {"change": number, "step": step.value, "because": why}
    seeing = _begin(Action.LISTED_REFERENCE, details, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    found = _find(seeing, number)
    asked = ListInQuestion(state=found.state, step=step, by_viewer=found.mine)
    with transaction.atomic():
        event = _begin(Action.STEPPED_REFERENCE, details, by=by, at=at, asked=asked)
        if isinstance(event, Refusal):
            return event
        became = stored.step(event, number, step.value, why)
        transaction.set_rollback(became is None)
    if became is None:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    return ListAnswer(number=number, state=became.value)


def lists_to_agree(seeing: UUID) -> int:
    """How many changes wait for a second person, who is not the one that asked."""
    return sum(one.state is ListState.ASKED and not one.mine for one in stored.changes(seeing))


def _begin(
    action: Action,
    details: Mapping[str, Json],
    *,
    by: Viewer,
    at: datetime,
    asked: ListInQuestion | None = None,
) -> UUID | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, reference=asked))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return record(action, by=by, at=at, details={**details, "rules": list(decision.rules)})


def _find(seeing: UUID, number: int) -> ListChange:
    found = stored.change(seeing, number)
    if found is None:
        raise NotFound(NO_CHANGE)
    return found
