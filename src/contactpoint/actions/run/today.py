"""What needs doing today: every queue of the viewer's team, counted, without saying of whom."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.account.family_requests import answers_families, requests_seen
from contactpoint.actions.contact.points import points_waiting_in
from contactpoint.actions.contribute.corrections import corrections_to_answer
from contactpoint.actions.contribute.education import undecided
from contactpoint.actions.contribute.moves import answers_moves, moves_waiting
from contactpoint.actions.contribute.unplaced import unplaced_waiting
from contactpoint.actions.contribute.word_corrections import count_words
from contactpoint.actions.find.choices import keeps_consents
from contactpoint.actions.people import asking
from contactpoint.actions.protect.cross_identity import crossings_to_agree
from contactpoint.actions.protect.crossers import crossers_lacking
from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.authority_changes import changes_to_agree
from contactpoint.actions.run.feed_corrections import count_overdue
from contactpoint.actions.run.feeds import feeds_run_by
from contactpoint.actions.run.models import models_to_agree
from contactpoint.actions.run.pairings import pairings_to_agree
from contactpoint.actions.run.reference import lists_to_agree
from contactpoint.actions.run.rollout import waves_to_agree
from contactpoint.actions.run.today_of_use import checkpoints_waiting, uses_waiting
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK, is_national_shield_desk
from contactpoint.domain.family.asking import UNANSWERED
from contactpoint.domain.feeds import Freshness, promise_kept
from contactpoint.domain.incident import may_they_agree
from contactpoint.domain.today import Queue, Waiting
from contactpoint.storage.incidents import incidents
from contactpoint.storage.queries.cases import Reach, cases_to_check
from contactpoint.storage.queries.consenting import consents_to_do
from contactpoint.storage.queries.contacting import at_desk, to_answer
from contactpoint.storage.queries.feedback import by_wave
from contactpoint.storage.queries.involvements import unconfirmed_of
from contactpoint.storage.queries.looked_at import mixed_due
from contactpoint.storage.queries.overrides import overrides_open
from contactpoint.storage.queries.sealed_identities import pairs_proposed
from contactpoint.storage.queries.shields import shields_to_do
from contactpoint.storage.queries.staff import asked_roles, count_ending
from contactpoint.storage.settings import waiting as settings_waiting

_ASKED = Permission.SEE_TODAY
NO_TEAM = Refusal(
    sentence="Only somebody of a team has work for today.",
    rules=("R1",),
    way_on="Sign in as yourself.",
)


@transaction.atomic
def today(*, by: Viewer, at: datetime) -> tuple[Waiting, ...] | Refusal:
    """Return how many wait in each queue of the viewer's team, riskiest first; audited.

    Only queues whose lists the viewer may open are counted, and each count is that of the list.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NO_TEAM, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_TODAY, by=by, at=at, details={"rules": list(decision.rules)})
    found = {one.queue: one for one in _count(by, by.account_id, seeing, at)}
    return tuple(found[queue] for queue in Queue if queue in found)


def _count(by: Viewer, account: UUID, seeing: UUID, at: datetime) -> Iterator[Waiting]:
    may = PERMISSIONS[by.role]
    if Permission.HANDLE_INCIDENT in may:
        shut = incidents(only_open=True)
        yield Waiting(queue=Queue.INCIDENTS, count=sum(may_they_agree(one, account) for one in shut))
    if Permission.REVIEW_USE in may:
        yield from uses_waiting(by, seeing, at)
    if Permission.READ_AUDIT in may:
        yield from checkpoints_waiting(by, seeing, at)
    if Permission.SEE_SHIELDS in may:
        yield from _shields(seeing, at)
    yield from _sealed(by, account, seeing, at)
    if Permission.RUN_DESK in may:
        desk = at_desk(seeing, at)
        late = sum(one.answer_by <= at for one in desk)
        yield Waiting(queue=Queue.DESK, count=len(desk), late=late)
    if Permission.ANSWER_CONTACT in may:
        mine = to_answer(by.organisation_code, by.services, account, at)
        yield Waiting(queue=Queue.INBOX, count=len(mine), late=sum(one.answer_by <= at for one in mine))
    if answers_families(by) and (by.role is not Role.SHIELD_TEAM or is_national_shield_desk(by)):
        asked = [one for one in requests_seen(seeing, at) if one.state in UNANSWERED]
        late = sum(one.due_on is not None and one.due_on < at.date() for one in asked)
        yield Waiting(queue=Queue.FAMILIES, count=len(asked), late=late)
    if keeps_consents(by):
        kinds = {one.state: one.in_all for one in consents_to_do(seeing, at.date())}
        yield Waiting(queue=Queue.CONSENTS, count=sum(kinds.values()))
    yield from _records(by, seeing, at)
    yield from _said(by, account, seeing, at)
    yield from _accounts(by, at)
    yield from _nation(by, account, seeing, at)
    if Permission.RUN_FEEDS in may:
        yield from _feeds(by, at)


def _shields(seeing: UUID, at: datetime) -> Iterator[Waiting]:
    """What waits at the viewer's shield desk, as that desk's own page counts it (R26, R33)."""
    yield Waiting(queue=Queue.OVERRIDES, count=len(overrides_open(seeing)))
    waits = shields_to_do(seeing, at.date())
    late = sum(one.until is not None and one.until <= at for one in waits)
    yield Waiting(queue=Queue.SHIELDS, count=sum({one.kind: one.in_all for one in waits}.values()), late=late)


def _sealed(by: Viewer, account: UUID, seeing: UUID, at: datetime) -> Iterator[Waiting]:
    """What waits of sealed identities, and who is missing of the two who may cross (R35)."""
    may = PERMISSIONS[by.role]
    if Permission.SEAL_IDENTITY in may and is_national_shield_desk(by):
        yield Waiting(queue=Queue.CROSSINGS, count=crossings_to_agree(seeing, account, at))
        pairs = pairs_proposed(seeing)
        count = sum(one.end is None and one.second is None and one.first != account for one in pairs)
        yield Waiting(queue=Queue.PAIRS, count=count)
        yield Waiting(queue=Queue.DESK_CROSSERS, count=crossers_lacking(seeing, at))
    if Permission.NAME_CROSSERS in may and by.organisation_code == NATIONAL_DESK:
        yield Waiting(queue=Queue.CROSSERS, count=crossers_lacking(seeing, at))


def _said(by: Viewer, account: UUID, seeing: UUID, at: datetime) -> Iterator[Waiting]:
    """What others said and somebody has to answer or say again."""
    may = PERMISSIONS[by.role]
    if Permission.CONFIRM_INVOLVEMENT in may:
        waiting = unconfirmed_of(by.organisation_code, by.services, account)
        yield Waiting(queue=Queue.TO_CONFIRM, count=sum(one.recorded_by != account for one in waiting))
    if Permission.ANSWER_CORRECTION in may:
        yield Waiting(queue=Queue.CORRECTIONS, count=len(corrections_to_answer(by, at)))
    if Permission.ANSWER_FOR_WORD in may:
        asked, overdue = count_words(seeing, at)
        yield Waiting(queue=Queue.WORDS, count=asked, late=overdue)
    if Permission.CORRECT_FEED in may and by.role is Role.NATIONAL_TEAM:
        overdue = count_overdue(seeing, at)
        yield Waiting(queue=Queue.CORRECTIONS_LATE, count=overdue, late=overdue)
    if Permission.KEEP_CONTACT_POINT in may and (by.authority or by.role is Role.PARTNER_TEAM):
        yield Waiting(queue=Queue.POINTS, count=points_waiting_in(seeing, at))


def _records(by: Viewer, seeing: UUID, at: datetime) -> Iterator[Waiting]:
    may = PERMISSIONS[by.role]
    if Permission.CHECK_RECORDS in may and by.role is not Role.SHIELD_TEAM:
        yield from _cases(seeing, at, near_shield=False)
    elif is_national_shield_desk(by):
        yield from _cases(seeing, at, near_shield=True)
    if Permission.WORK_EDUCATION_LIST in may:
        yield Waiting(queue=Queue.EDUCATION, count=undecided(seeing))
    if answers_moves(by):
        yield moves_waiting(seeing)
    if Permission.GIVE_AUTHORITY in may:
        yield Waiting(queue=Queue.UNPLACED, count=unplaced_waiting(seeing))


def _cases(seeing: UUID, at: datetime, *, near_shield: bool) -> Iterator[Waiting]:
    """What waits in one of the two lists of records to check; those near a shield for shield staff (R21)."""
    mixed, cases = (Queue.MIXED_NEAR, Queue.CASES_NEAR) if near_shield else (Queue.MIXED, Queue.CASES)
    due = mixed_due(seeing, near_shield=near_shield)
    yield Waiting(queue=mixed, count=len(due), late=sum(one <= at for one in due))
    yield Waiting(queue=cases, count=cases_to_check(Reach(seeing=seeing, near=near_shield))[0])


def _nation(by: Viewer, account: UUID, seeing: UUID, at: datetime) -> Iterator[Waiting]:
    """What two people of the national team decide, and what users told them."""
    may = PERMISSIONS[by.role]
    if Permission.CHANGE_SETTINGS in may:
        waits = settings_waiting(seeing, account)
        yield Waiting(queue=Queue.SETTINGS, count=sum(not one.mine for one in waits))
    if Permission.CHANGE_MODEL in may:
        yield Waiting(queue=Queue.MODELS, count=models_to_agree(seeing))
    if Permission.PLAN_ROLLOUT in may:
        yield Waiting(queue=Queue.FEEDBACK, count=sum(one.unread for one in by_wave(seeing)))
        yield Waiting(queue=Queue.WAVES, count=waves_to_agree(by, at))
    if Permission.KEEP_REFERENCE in may:
        yield Waiting(queue=Queue.LISTS, count=lists_to_agree(seeing))
        yield Waiting(queue=Queue.AUTHORITIES, count=changes_to_agree(seeing))
        if by.organisation_code == NATIONAL_DESK:
            yield Waiting(queue=Queue.PAIRINGS, count=pairings_to_agree(seeing))


def _accounts(by: Viewer, at: datetime) -> Iterator[Waiting]:
    if (reach := asking.reach_of(by)) is not None:
        yield Waiting(queue=Queue.ROLES, count=len(asked_roles(reach.authority)))
        yield Waiting(queue=Queue.ACCOUNTS, count=count_ending(reach.authority, at.date()))


def _feeds(by: Viewer, at: datetime) -> Iterator[Waiting]:
    lines = feeds_run_by(by)
    held = sum(one.held for one in lines)
    late = sum(
        promise_kept(last_told=one.last_told, promised_days=one.promised_days, on=at.date()).state
        is Freshness.LATE
        for one in lines
        if one.paused is None
    )
    asked = sum(one.asked_by not in {None, by.account_id} for one in lines)
    yield Waiting(queue=Queue.MAPPINGS, count=asked)
    yield Waiting(queue=Queue.FEEDS_HELD, count=held, late=held)
    yield Waiting(queue=Queue.FEEDS_LATE, count=late, late=late)
