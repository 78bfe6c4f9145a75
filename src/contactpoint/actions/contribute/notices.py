"""Notices: what is told of the children somebody works with and the records they opened, as they chose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contact.points import points_waiting
from contactpoint.actions.contribute.my_children import NO_ACCOUNT
from contactpoint.actions.contribute.own_child import (
    changes_of,
    is_record_archived,
    known,
    named_in,
)
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.keeping import from_when_is_it_asked
from contactpoint.domain.disclosure.notices import (
    SHOWN_FOR,
    NoticeKind,
    Notices,
    OpenedChanged,
    OwnNews,
    Telling,
    where_is_it_told,
    which_notices_are_told,
)
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.settings import Values
from contactpoint.storage.queries import notices as stored
from contactpoint.storage.queries.own_children import OwnRow, current_of
from contactpoint.storage.settings import settings_at

_ASKED: Final = Permission.SEE_NOTICES
_ON_THE_PAGE: Final = frozenset({Telling.EMAIL, Telling.HERE})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesChosen:
    """The answer to choosing what to be told."""

    kinds: int


@transaction.atomic
def notices(*, by: Viewer, at: datetime) -> Notices | Refusal:
    """Return what the viewer is told of the last four weeks, newest first; audited (R22, R43-R45)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NO_ACCOUNT, _ASKED, by=by, at=at)
    account, since, on = by.account_id, at - SHOWN_FOR, at.date()
    before = stored.note_look(account, by.organisation_code, at)
    choices = stored.choices_of(account)
    own: tuple[OwnNews, ...] = ()
    if Permission.KEEP_INVOLVEMENT in PERMISSIONS[by.role]:
        own = _own_news(account, by.organisation_code, since, at)
    opened = _in_their_time(stored.own_opened_changed(account, since), at)
    told = which_notices_are_told(own, opened, choices, places=_ON_THE_PAGE, asked_since=date.min, on=on)
    record(
        Action.LISTED_NOTICES,
        by=by,
        at=at,
        subjects=[one.child for one in told],
        details={"rules": list(decision.rules), "told": len(told)},
    )
    return Notices(
        told=told,
        looked_before=before,
        choices=_all_choices(choices),
        points=points_waiting(by, at),
    )


@transaction.atomic
def choose_notices(
    *, choices: Mapping[NoticeKind, Telling], by: Viewer, at: datetime
) -> NoticesChosen | Refusal:
    """Keep what the viewer wants to be told of, kind by kind."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NO_ACCOUNT, _ASKED, by=by, at=at)
    stored.choose(by.account_id, choices)
    details = {kind.value: telling.value for kind, telling in choices.items()}
    record(Action.CHOSE_NOTICES, by=by, at=at, details=details)
    return NoticesChosen(kinds=len(choices))


@transaction.atomic
def notice_choices(*, by: Viewer, at: datetime) -> Mapping[NoticeKind, Telling] | Refusal:
    """Return what the viewer chose, and of the rest what holds until they do."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NO_ACCOUNT, _ASKED, by=by, at=at)
    return _all_choices(stored.choices_of(by.account_id))


def _all_choices(choices: Mapping[NoticeKind, Telling]) -> dict[NoticeKind, Telling]:
    return {kind: where_is_it_told(kind, choices) for kind in NoticeKind}


def _own_news(account: UUID, organisation: str, since: datetime, at: datetime) -> tuple[OwnNews, ...]:
    limits = settings_at(at)
    read = [(row, known(row.child)) for row in current_of(account, organisation, at.date())]
    return tuple(
        _news(row, held, since, limits, at) for row, held in read if not is_record_archived(held, at)
    )


def _news(row: OwnRow, held: KnownRecord, since: datetime, limits: Values, at: datetime) -> OwnNews:
    return OwnNews(
        involvement_id=row.involvement.id,
        child=row.child,
        child_name=named_in(held, at)[0],
        changes=changes_of(row, held, since, at),
        asked_from=from_when_is_it_asked(row.involvement, at.date(), limits),
    )


def _in_their_time(found: tuple[OpenedChanged, ...], at: datetime) -> tuple[OpenedChanged, ...]:
    return tuple(replace(one, made_at=one.made_at.astimezone(at.tzinfo)) for one in found)
