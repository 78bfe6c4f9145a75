"""Say what one organisation or one source is to be: a change of the lists, for two people (R58; ADR 54)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.reference import Tried
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.bodies import (
    AsItIs,
    Known,
    what_is_wrong_with_the_body,
    what_is_wrong_with_the_source,
)
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.domain.reference_lists import ListAnswer, ListKind, ListState
from contactpoint.storage import bodies as stored
from contactpoint.storage.reference_changes import authority_digits
from contactpoint.supply.contracts import CONTRACTS

_ASKED: Final = Permission.KEEP_REFERENCE
SOURCE_CONTRACTS: Final = tuple(one for one in CONTRACTS.values() if one.code != "by_hand")
"""What a source may send by; what teams say by hand has a source of its own everywhere (R23)."""
NO_BODY: Final = "There is no such organisation that can be changed here. Go back to the organisations."
NO_SOURCE: Final = "There is no such source that can be changed here. Go back to the feeds."
AN_END: Final = "An authority ends only by a merger. Plan one on the page of authorities."


@transaction.atomic
def may_say_bodies(*, by: Viewer, at: datetime) -> Refusal | None:
    """Whether the viewer may add organisations and sources; a refusal is recorded."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    return record_refusal(decision.refusal, _ASKED, by=by, at=at) if decision.refusal else None


@transaction.atomic
def body(*, code: str, by: Viewer, at: datetime) -> AsItIs | Refusal:
    """One organisation as its list has it; audited.

    Raises:
        NotFound: there is none, or it is none that a page may change.
    """
    seeing = _begin(Action.LISTED_REFERENCE, {"organisation": code[:32]}, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else _body(code)


@transaction.atomic
def source(*, code: str, by: Viewer, at: datetime) -> AsItIs | Refusal:
    """One source as it is registered; audited.

    Raises:
        NotFound: there is none, or it is none that a page may change.
    """
    seeing = _begin(Action.LISTED_REFERENCE, {"source": code[:48]}, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else _source(code)


@transaction.atomic
def say_body(
    *, kind: ListKind | None, code: str, cells: Mapping[str, str], by: Viewer, at: datetime
) -> ListAnswer | Tried | Refusal:
    """Draw up what one organisation is to be; `kind` is None for one that is there. Nothing changes yet.

    Raises:
        NotFound: there is none of that code, and no kind was said.
    """
    seeing = _begin(Action.TRIED_REFERENCE, {"organisation": code[:32]}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    there = stored.body_as_it_is(code) if kind else _body(code)
    of_kind = kind or (there or _body(code)).kind
    known = Known(
        authorities=authority_digits(),
        as_it_is=there,
        elsewhere=stored.is_taken(code) and (there is None or there.kind is not of_kind),
    )
    faults = what_is_wrong_with_the_body(of_kind, code, cells, known, new=kind is not None)
    if faults:
        return Tried(faults=faults)
    closed = there.cells["closed"] if there else ""
    return _answer(stored.propose(seeing, of_kind, code, {**cells, "closed": closed}))


@transaction.atomic
def close_body(*, code: str, closed: bool, by: Viewer, at: datetime) -> ListAnswer | Tried | Refusal:
    """Draw up that an organisation is closed, or is open again; nothing else of it changes.

    Raises:
        NotFound: there is none of that code.
        Conflict: it is an authority, which ends only by a merger (ADR 30).
    """
    seeing = _begin(Action.TRIED_REFERENCE, {"organisation": code[:32]}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    found = _body(code)
    if closed and found.kind is ListKind.AUTHORITY:
        raise Conflict(AN_END)
    cells = {**found.cells, "closed": "yes" if closed else ""}
    return _answer(stored.propose(seeing, found.kind, code, cells))


@transaction.atomic
def say_source(
    *, new: bool, code: str, cells: Mapping[str, str], by: Viewer, at: datetime
) -> ListAnswer | Tried | Refusal:
    """Draw up what one source is to be; who answers for it is said by code or name. Nothing changes yet.

    Raises:
        NotFound: it is to be changed, and there is none of that code.
    """
    seeing = _begin(Action.TRIED_REFERENCE, {"source": code[:48]}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    answers = stored.answering_for_a_source(cells["organisation"])
    said = {**cells, "organisation": answers or cells["organisation"]}
    known = Known(
        authorities=authority_digits(),
        as_it_is=stored.source_as_it_is(code) if new else _source(code),
        organisations=(answers,) if answers else (),
        contracts=[one.code for one in SOURCE_CONTRACTS],
    )
    faults = what_is_wrong_with_the_source(code, said, known, new=new)
    if faults:
        return Tried(faults=faults)
    return _answer(stored.propose(seeing, ListKind.SOURCE, code, {**said, "closed": ""}))


def _answer(number: int | None) -> ListAnswer | Tried:
    return Tried() if number is None else ListAnswer(number=number, state=ListState.DRAFT.value)


def _body(code: str) -> AsItIs:
    found = stored.body_as_it_is(code)
    if found is None:
        raise NotFound(NO_BODY)
    return found


def _source(code: str) -> AsItIs:
    found = stored.source_as_it_is(code)
    if found is None or found.cells["contract"] not in {one.code for one in SOURCE_CONTRACTS}:
        raise NotFound(NO_SOURCE)
    return found


def _begin(action: Action, details: Mapping[str, Json], *, by: Viewer, at: datetime) -> UUID | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return record(action, by=by, at=at, details={**details, "rules": list(decision.rules)})
