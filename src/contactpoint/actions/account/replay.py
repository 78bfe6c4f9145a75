"""Answer what somebody could see of a child at a moment, from what is kept of it and the rules of disclosure.

The same rules that decided then decide here, on the record and the person as they stood: nothing is guessed
from what stands now. What is answered names fields and services and gives none of their values (R51, R57).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.find.held import state_of
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, disclosed
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Record, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent import which_statements_may_be_searched
from contactpoint.domain.disclosure.held import HeldRecord, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, RecordState
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.redact import redact, which_authority_does_it_belong_to
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.here import HERE
from contactpoint.domain.involvement import Involvement, ServiceKind
from contactpoint.domain.replay import (
    LONGEST_REASON,
    CouldSee,
    Replayed,
    ToldTo,
    are_sensitive_services_left_out,
    are_single_people_left_out,
    is_it_for_shield_staff_alone,
)
from contactpoint.domain.retention import GROWN_UP, years_on
from contactpoint.domain.standing import Standing
from contactpoint.domain.survivorship import identity_of
from contactpoint.storage import past
from contactpoint.storage.moves import given_to_then, noted_as_left_then, stayed_with_then
from contactpoint.storage.queries.coverage import coverage_told
from contactpoint.storage.settings import settings_at

_WHILE_WORKING: Final = Purpose(code=PurposeCode.SAFEGUARDING)
CLOSED: Final = "The account was closed."


@transaction.atomic
def replay(
    *,
    account: UUID,
    child: str,
    moment: datetime,
    because: str,
    by: Viewer,
    at: datetime,
    told_to: ToldTo = ToldTo.COMMAND_LINE,
) -> Replayed:
    """Say what an account could see of a child at a moment, in each role it had then; the audit has it (R51).

    Args:
        account: whose eyes.
        child: a stored number, retired or not.
        moment: when.
        because: why this is asked, for the audit.
        by: a system viewer: the command line, or the worker for somebody whose request is recorded.
        at: now.
        told_to: who reads the answer. A page is told nothing unless the rules of then answer; the command
            line nothing of a child that is protected, or was then (R34, R57).

    Raises:
        InvalidInput: no reason is given, or the moment has not come.
        Conflict: somebody else than a system asks.
    """
    if not by.is_system:
        raise Conflict("Only the worker and the command line read what stood before.")
    if not because.strip() or len(because) > LONGEST_REASON:
        raise InvalidInput(f"Say why it is asked, in at most {LONGEST_REASON} characters.")
    if moment > at:
        raise InvalidInput("That moment has not come yet.")
    details: dict[str, Json] = {
        "account": str(account),
        "moment": moment.isoformat(),
        "because": because,
    }
    record(Action.REPLAYED, by=by, at=at, subjects=[child], details=details)
    found = _answer(account, child, moment.astimezone(HERE), told_to)
    if told_to is not ToldTo.COMMAND_LINE:
        return found
    now = past.child_then(child, None, at)
    protected_now = now is not None and now.shielded
    if not is_it_for_shield_staff_alone(found.could_see, protected_now=protected_now):
        return found
    return replace(found, could_see=(), closed=True)


def record_then(
    member: past.MemberThen, child: str, moment: datetime, told_to: ToldTo | None = None
) -> Record | Refusal:
    """What a member would have been answered who opened a child's record at a moment, having said why.

    All of it, or what `told_to` may be told of it.
    """
    if not member.account["is_active"]:
        return Refusal(sentence=CLOSED, rules=("R56",), way_on="")
    viewer = viewer_then(member, moment)
    asked = AccessRequest(viewer=viewer, permission=Permission.OPEN_RECORD, at=moment, purpose=_WHILE_WORKING)
    refusal = authorise(asked).refusal
    if refusal:
        return refusal
    whose = None if are_single_people_left_out(told_to) else UUID(member.account["id"])
    found = past.child_then(child, whose, moment)
    held = held_then(found, moment, told_to) if found and not found.archived else None
    state = _state_then(found, held, moment)
    if state is None:
        return NO_SUCH_RECORD
    decision = authorise(
        AccessRequest(
            viewer=viewer,
            permission=Permission.OPEN_RECORD,
            at=moment,
            purpose=_WHILE_WORKING,
            record=state,
        )
    )
    if decision.refusal or held is None:
        return decision.refusal or NO_SUCH_RECORD
    return redact(held, viewer, _WHILE_WORKING, moment)


def held_then(child: past.ChildThen, moment: datetime, told_to: ToldTo | None = None) -> HeldRecord | None:
    """What was held of a child, as `held_record` reads what is held now."""
    if child.shielded:
        return _outline_then(child.number, moment)
    places = past.PlacesThen(moment)
    involved = past.involvements_then(child.number, moment, places)
    if are_sensitive_services_left_out(told_to):
        involved = tuple(one for one in involved if not _is_sensitive(one))
    statements, involvements = past.may_be_read(
        past.statements_then(child.number, moment, places), involved, moment.date()
    )
    if not statements:
        return None
    known = KnownRecord(
        number=child.number,
        statements=statements,
        involvements=involvements,
        gazetteer=places.gazetteer(),
        stays_with=stayed_with_then(child.number, moment),
        given_to=given_to_then(child.number, moment),
        left=noted_as_left_then(child.number, moment),
    )
    authority = which_authority_does_it_belong_to(known, moment.date())
    return replace(known, coverage=coverage_told(past.told_then(authority, moment), moment.date()))


def viewer_then(member: past.MemberThen, moment: datetime) -> Viewer:
    """Somebody as they were registered, in the standing they had.

    A second factor they had: nobody gets in without.
    """
    who, organisation = member.account, member.organisation
    suspended = who["suspended_at"]
    standing = Standing(
        accredited_until=_day(organisation["accredited_until"]),
        checked_on=_day(who["checked_on"]),
        trained_until=_day(who["trained_until"]),
        agreement_signed_on=_day(who["agreement_signed_on"]),
        last_seen=member.last_done.astimezone(HERE).date() if member.last_done else None,
        suspended_on=datetime.fromisoformat(suspended).date() if suspended else None,
        factor_since=moment.date(),
        renew_by=_day(who["renew_by"]),
        shut=member.shut,
        waits=member.waits and member.membership["role"] == Role.PRACTITIONER,
        opens_on=member.opens_on,
    )
    return Viewer(
        account_id=UUID(who["id"]),
        name=who["name"],
        role=Role(member.membership["role"]),
        organisation_code=organisation["code"],
        organisation_name=organisation["name"],
        organisation_kind=organisation["kind"],
        authority=organisation["authority"] or None,
        job_title=who["job_title"] or None,
        phone=who["phone"] or None,
        services=tuple(member.membership["services"]),
        lapses=standing.lapses(moment.date()),
    )


def _answer(account: UUID, child: str, moment: datetime, told_to: ToldTo) -> Replayed:
    members = past.memberships_then(account, moment)
    rules, now = past.rules_then(moment), past.rules_now()
    answers = told_to is ToldTo.COMMAND_LINE or (rules is not None and rules[0] == now)
    return Replayed(
        name=members[0].account["name"] if members else "",
        child=child,
        at=moment,
        could_see=tuple(
            _could_see(member, record_then(member, child, moment, told_to)) for member in members if answers
        ),
        rules_now=now,
        rules_then=rules[0] if rules else None,
        rules_since=rules[1] if rules else None,
        settings=settings_at(moment).version,
    )


def _could_see(member: past.MemberThen, answer: Record | Refusal) -> CouldSee:
    acting = {"organisation": member.organisation["code"], "role": member.membership["role"]}
    if isinstance(answer, Refusal):
        return CouldSee(**acting, refusal=answer.sentence, rules=answer.rules)
    shown: Mapping[str, Any] = disclosed(answer)
    return CouldSee(
        **acting,
        protected=shown["protected"],
        fields=tuple(shown.get("fields", ())),
        identifiers=tuple(shown.get("identifiers", ())),
        involvements=tuple(shown.get("involvements", ())),
    )


def _outline_then(number: str, moment: datetime) -> ShieldedRecord | None:
    """The four facts by which a shielded child could be found, made as the search index makes them (R27)."""
    involvements = past.involvements_then(number, moment, past.PlacesThen(moment))
    open_records = {one.record for one in involvements if one.confirmed and not _is_sensitive(one)}
    statements = which_statements_may_be_searched(
        past.statements_then(number, moment, vouched=False), open_records
    )
    if not statements:
        return None
    who = identity_of(statements)
    name = " ".join(part for part in (who.forename, who.surname) if part)
    return ShieldedRecord(
        number=number, name=name, date_of_birth=who.date_of_birth or None, sex=who.sex or None
    )


def _state_then(
    child: past.ChildThen | None, held: HeldRecord | None, moment: datetime
) -> RecordState | None:
    """The facts that decided whether it opened, as `state_asked` says those of now."""
    if child is not None and child.archived:
        return RecordState(number=child.number, shielded=child.shielded, born=None, in_archive=True)
    if child is None or held is None:
        return None
    state, on = state_of(held, moment), moment.date()
    grown = not state.shielded and state.born is not None and years_on(state.born, GROWN_UP) <= on
    return replace(state, stays=grown and child.stays_until is not None and child.stays_until > on)


def _is_sensitive(one: Involvement) -> bool:
    return one.service.kind is ServiceKind.SENSITIVE


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
