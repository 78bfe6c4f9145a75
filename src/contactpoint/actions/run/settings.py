"""See what the national team set, propose a change with a reason, and answer one as the second person (R52).

What is stricter holds once it is announced; what is looser waits for a second person. At the command line the
person is named; a page acts for whoever is signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.named import named, why_not_in_their_name
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict
from contactpoint.domain.setting_changes import SettingDone, SettingInQuestion, SettingsKept
from contactpoint.domain.settings import does_it_loosen, setting_named
from contactpoint.domain.two_people import check_reason
from contactpoint.storage import settings as stored
from contactpoint.storage.settings import Kept

_ASKED = Permission.CHANGE_SETTINGS
NOT_NOW = "A change of it waits already, or begins in a minute; or somebody answered meanwhile. Look again."
_MOMENT: Final = timedelta(microseconds=1)
NOTHING_CHANGES = Refusal(
    sentence="That is what holds already.",
    rules=("R52",),
    way_on="Choose another number, or leave it as it is.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingPreview:
    """What a change would mean: what holds now, whether it loosens, and how many went beyond it lately."""

    key: str
    now: int | str
    becomes: int | str
    loosens: bool
    reached: int | None


@transaction.atomic
def settings_kept(*, by: Viewer, at: datetime) -> SettingsKept | Refusal:
    """Everything that is set now, was before, and waits; audited."""
    seeing = _begin(Action.LISTED_SETTINGS, {}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    event = None if by.is_system else seeing
    return SettingsKept(
        now=stored.settings_at(at),
        versions=stored.versions(event),
        waiting=stored.waiting(event, by.account_id),
    )


@transaction.atomic
def preview_setting(*, key: str, value: int | str, by: Viewer, at: datetime) -> SettingPreview | Refusal:
    """What a value would mean, before anybody proposes it; or why it may not be."""
    asked, details = _question(key, value, at), _details(key, value)
    seeing = _begin(Action.LISTED_SETTINGS, details, by=by, at=at, setting=asked)
    if isinstance(seeing, Refusal):
        return seeing
    setting = setting_named(key)
    return SettingPreview(
        key=key,
        now=asked.now,
        becomes=value,
        loosens=setting is not None and does_it_loosen(setting, asked.now, value),
        reached=stored.reached(seeing, key, value),
    )


@transaction.atomic
def propose_setting(
    *, key: str, value: int | str, because: str, by: Viewer, at: datetime, person: UUID | None = None
) -> SettingDone | Refusal:
    """Set what is stricter; ask a second person for what is looser.

    Args:
        key: which setting.
        value: what it becomes.
        because: why, for the history.
        by: the viewer; the command line for `person`.
        at: now.
        person: who does it at the command line, of the national team.

    Raises:
        InvalidInput: no reason is given, or a long one.
        Conflict: a change of it waits already.
    """
    why = check_reason(because)
    asked = _question(key, value, at)
    details = {**_details(key, value), "was": asked.now, "because": why, **named(person)}
    if refusal := why_not_in_their_name(person):
        return record_refusal(refusal, _ASKED, by=by, at=at, details=details)
    if asked.now == value:
        return record_refusal(NOTHING_CHANGES, _ASKED, by=by, at=at, details=details)
    event = _begin(Action.PROPOSED_SETTING, details, by=by, at=at, setting=asked)
    if isinstance(event, Refusal):
        return event
    if person is not None and by.is_system:
        return _done(stored.propose_as(person, at, key, value, why))
    return _done(stored.propose(event, key, value, why))


@transaction.atomic
def answer_setting(
    *, change: int, agrees: bool, by: Viewer, at: datetime, person: UUID | None = None
) -> SettingDone | Refusal:
    """Agree as the second person, or refuse; whoever proposed it takes it back instead (R52).

    `person` is who does it at the command line.

    Raises:
        Conflict: it does not wait any more.
    """
    details: dict[str, Json] = {"change": change, "agrees": agrees, **named(person)}
    if refusal := why_not_in_their_name(person):
        return record_refusal(refusal, _ASKED, by=by, at=at, details=details)
    seeing = _begin(Action.LISTED_SETTINGS, details, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    who = person if by.is_system else by.account_id
    waits = stored.waiting(None if by.is_system else seeing, who)
    found = next((one for one in waits if one.id == change), None)
    if found is None:
        raise Conflict(NOT_NOW)
    asked = _question(found.key, found.value, at)
    asked = replace(asked, agreeing=agrees, asked_by_viewer=found.mine)
    # A moment later, so that what somebody did stands in the order in which they did it.
    event = _begin(Action.ANSWERED_SETTING, details, by=by, at=at + _MOMENT, setting=asked)
    if isinstance(event, Refusal):
        return event
    if person is not None and by.is_system:
        return _done(stored.answer_as(person, at, change, agrees=agrees))
    return _done(stored.answer(event, change, agrees=agrees))


def _begin(
    action: Action,
    details: Mapping[str, Json],
    *,
    by: Viewer,
    at: datetime,
    setting: SettingInQuestion | None = None,
) -> UUID | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, setting=setting))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return record(action, by=by, at=at, details={**details, "rules": list(decision.rules)})


def _question(key: str, value: int | str, at: datetime) -> SettingInQuestion:
    setting = setting_named(key)
    now = stored.settings_at(at).of(setting) if setting else 0
    return SettingInQuestion(key=key, now=now, becomes=value)


def _details(key: str, value: int | str) -> dict[str, Json]:
    return {"setting": key[:48], "becomes": value}


def _done(kept: Kept | None) -> SettingDone:
    if kept is None or kept.state in {"waits", "same"}:
        raise Conflict(NOT_NOW)
    since = kept.from_when.isoformat() if kept.from_when else ""
    return SettingDone(key=kept.key, state=kept.state, from_when=since)
