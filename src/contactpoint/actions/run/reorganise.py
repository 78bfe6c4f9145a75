"""Split an authority, or make it part of another: previewed, by two people, and taken back by two (R58).

One transaction changes what everything goes by: whose organisations, feeds, people, desks and protections
are. Children follow, because whose they are is worked out from it; no move of any of them is opened, but of
a protected child whose desk is not that of its home: that one goes through the national shield desk.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.find.index import refresh
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.reorganising import (
    LONGEST_REASON,
    ChangeState,
    Plan,
    Preview,
    may_they_agree_to_the_change,
)
from contactpoint.domain.reports import hide_small
from contactpoint.domain.rollout import may_they_become_one
from contactpoint.storage import areas
from contactpoint.storage import reorganising as stored
from contactpoint.storage.accounts import is_of_the_national_team
from contactpoint.storage.copying import only_loader
from contactpoint.storage.queries.rollout import authorities_stand
from contactpoint.storage.reorganising import ChangeRow


def preview(plan: Plan, *, by: Viewer) -> Preview:
    """Count what a plan would change; small numbers and protections are not told (R34).

    Raises:
        NotFound: nobody has told us of an authority or an organisation in it.
        InvalidInput: it lists what is not the authority's.
    """
    _check(by)
    if unknown := stored.unknown_codes(plan):
        raise NotFound(f"There is no {unknown[0]} here: load it with organisations.csv first.")
    if foreign := stored.not_of_it(plan):
        raise InvalidInput(
            f"{foreign[0]} is not of authority {plan.authority}: only what is its own goes elsewhere."
        )
    check_waves(plan)
    names = ("children", "people", "organisations", "feeds")
    return Preview(**hide_small(dict(zip(names, stored.counts(plan), strict=True))))


def check_waves(plan: Plan) -> None:
    """Check that no change of an authority lets in, or shuts out, whom a wave does not (R3).

    Raises:
        InvalidInput: it would.
    """
    stand = authorities_stand(sorted(plan.successors | {plan.authority}))
    gone = stand[plan.authority]
    for code in sorted(plan.successors - {plan.authority}):
        if not may_they_become_one(gone, stand[code]):
            one, other = (code, plan.authority) if gone.waits else (plan.authority, code)
            raise InvalidInput(
                f"Authority {one} is open in the roll-out and {other} is not: open the other's wave first."
            )


@transaction.atomic
def ask_change(plan: Plan, *, because: str, asked_by: UUID, by: Viewer, at: datetime) -> int:
    """Write down that somebody of the national team plans it; return its number. Nothing changes yet.

    Raises:
        InvalidInput: no reason is given, or a long one; or as `preview`.
        Conflict: a change of this authority waits, or they are not of the national team.
        NotFound: as `preview`.
    """
    preview(plan, by=by)
    if not because.strip() or len(because) > LONGEST_REASON:
        raise InvalidInput(f"Say why, in at most {LONGEST_REASON} characters.")
    _check_person(asked_by)
    made = stored.ask(plan, because=because, asked_by=asked_by, at=at)
    if made is None:
        raise Conflict("A change of this authority waits already. A second person agrees to it.")
    _record(Action.ASKED_AUTHORITY_CHANGE, made, plan, asked_by, by=by, at=at)
    return made


@transaction.atomic
def agree_to_change(number: int, *, agreed_by: UUID, by: Viewer, at: datetime) -> int:
    """Do it, because a second person agrees; return how many children's rows were made anew.

    Raises:
        Conflict: it is done, it is not theirs to agree to, or a delivery is being taken in.
        NotFound: there is no such change.
    """
    found = _find(number, ChangeState.ASKED, by)
    _check_second(found.asked_by, agreed_by)
    return _move(found, stored.do, Action.CHANGED_AUTHORITY, agreed_by=agreed_by, by=by, at=at)


@transaction.atomic
def ask_undo(number: int, *, asked_by: UUID, by: Viewer, at: datetime) -> None:
    """Write down that somebody asks to take a change back.

    Raises:
        Conflict: it is not done, asked for already, or they are not of the national team.
        NotFound: there is no such change.
    """
    found = _find(number, ChangeState.DONE, by)
    _check_person(asked_by)
    stored.ask_undo(found, asked_by=asked_by)
    _record(Action.ASKED_AUTHORITY_UNDO, number, found.plan, asked_by, by=by, at=at)


@transaction.atomic
def agree_to_undo(number: int, *, agreed_by: UUID, by: Viewer, at: datetime) -> int:
    """Put everything back that still stands as the change left it; return how many children are concerned.

    Raises:
        Conflict: nobody asked, it is not theirs to agree to, or a delivery is being taken in.
        NotFound: there is no such change.
    """
    found = _find(number, ChangeState.UNDO_ASKED, by)
    _check_second(found.undo_asked_by, agreed_by)
    return _move(found, stored.undo, Action.UNDID_AUTHORITY_CHANGE, agreed_by=agreed_by, by=by, at=at)


def _move(
    found: ChangeRow,
    move: Callable[..., list[str]],
    action: Action,
    *,
    agreed_by: UUID,
    by: Viewer,
    at: datetime,
) -> int:
    with only_loader():
        before = areas.areas_of_districts()
        children = _letting_nobody_in(found, move, agreed_by=agreed_by, at=at)
        refresh(children, by=by, at=at, reorganised=True)
        areas.work_out_again(before, at)
    _record(action, found.id, found.plan, agreed_by, by=by, at=at)
    return len(children)


def _letting_nobody_in(
    found: ChangeRow, move: Callable[..., list[str]], *, agreed_by: UUID, at: datetime
) -> list[str]:
    """Move, unless practitioners who wait for their wave would not wait any more, or others would now (R3).

    Taken back, it may leave people waiting: those of a new authority that is in no wave any more.
    """
    concerned = sorted(found.plan.successors | {found.plan.authority})
    forwards = found.state is ChangeState.ASKED
    before = stored.waiting_in(concerned)
    came_in = stored.follow_in_waves(found, at) if forwards else frozenset()
    children = move(found, agreed_by=agreed_by, at=at)
    after = stored.waiting_in(concerned)
    if before - after - came_in or (forwards and after - before):
        raise Conflict("The wave of one of them is open and of the other not. Open or shut both first.")
    return children


def _record(action: Action, number: int, plan: Plan, who: UUID, *, by: Viewer, at: datetime) -> None:
    details: dict[str, Json] = {
        "change": number,
        "authority": plan.authority,
        "rest": plan.rest,
        "organisations": dict(plan.organisations),
        "sources": dict(plan.sources),
        "person": str(who),
    }
    record(action, by=by, at=at, details=details)


def _find(number: int, state: ChangeState, by: Viewer) -> ChangeRow:
    _check(by)
    found = stored.change(number)
    if found is None:
        raise NotFound("There is no change of that number.")
    if found.state is not state:
        raise Conflict("That does not come next: look at where it stands.")
    return found


def _check_person(account: UUID) -> None:
    if not is_of_the_national_team(account):
        raise Conflict("Somebody of the national team does that.")


def _check_second(asked_by: UUID | None, agrees: UUID) -> None:
    _check_person(agrees)
    if not may_they_agree_to_the_change(asked_by, agrees):
        raise Conflict("Whoever asked does not agree as well.")


def _check(by: Viewer) -> None:
    if Permission.RUN_PIPELINES not in PERMISSIONS[by.role] or not by.is_system:
        raise Conflict("Authorities are changed at the command line.")
