"""The team that answers for a child writes down that they died or left, as no source told (R50)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.find.open_record import NO_SUCH_RECORD, record_in_question
from contactpoint.actions.find.responsible import responsible_for
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent import which_statements_may_speak
from contactpoint.domain.disclosure.held import KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.errors import Conflict
from contactpoint.domain.people import Statement
from contactpoint.domain.survivorship import derive
from contactpoint.domain.team_words import (
    CONTRACT,
    KnownFrom,
    StandingWord,
    TakenBackBecause,
    TeamWord,
    WordDone,
    WordInQuestion,
    WordKind,
    may_it_have_been_on_that_day,
)
from contactpoint.storage.queries import team_words as stored

_ASKED: Final = Permission.WRITE_TEAM_WORD
WRITTEN_ALREADY: Final = "It is written down already. Nothing was changed."
NOTHING_TO_TAKE_BACK: Final = "Nothing of the kind is written down, so there is nothing to take back."


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSeen:
    """What stands written down of a child, if anything does, and what its date of birth is known to be."""

    standing: StandingWord | None
    born: str | None


def writes_team_words(by: Viewer) -> bool:
    """Say whether the viewer's role writes such words at all."""
    return _ASKED in PERMISSIONS[by.role]


@transaction.atomic
def word_written(
    *, number: str, died: bool, purpose: Purpose | None, by: Viewer, at: datetime
) -> WordSeen | Refusal:
    """Return how a death stands, or else a leaving, to the team that may write it down (R49, R50, R58)."""
    held = _held(number, purpose, by, at)
    if isinstance(held, Refusal):
        return held
    words = (_standing(one) for one in held.statements if one.contract == CONTRACT)
    mine = (one for one in words if (one.kind is WordKind.DIED) is died)
    return WordSeen(standing=next(mine, None), born=_born(held, at))


@transaction.atomic
def write_down(
    *, number: str, word: TeamWord, purpose: Purpose | None, by: Viewer, at: datetime
) -> WordDone | Refusal:
    """Write down of a child what no source has told, as the team's own word (R49, R58).

    It speaks among the sources: one that says otherwise is weighed against it as any other is.

    Raises:
        InvalidInput: it is of a day to come, or before the child can have been born.
        Conflict: it is written down already.
    """
    held = _held(number, purpose, by, at)
    if isinstance(held, Refusal):
        return held
    may_it_have_been_on_that_day(word.kind, word.day, _born(held, at), at.date())
    details: dict[str, Json] = {
        "kind": word.kind.value,
        "since": word.day.isoformat(),
        "known_from": word.known_from.value,
        "because": word.because.value,
    }
    doing = Action.NOTED_DEATH if word.kind is WordKind.DIED else Action.NOTED_LEAVING
    event = record(doing, by=by, at=at, purpose=purpose, subjects=[held.number], details=details)
    if not stored.write(event, word):
        raise Conflict(WRITTEN_ALREADY)
    return WordDone(kind=word.kind.value)


@transaction.atomic
def take_back(
    *,
    number: str,
    died: bool,
    because: TakenBackBecause,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
) -> WordDone | Refusal:
    """Take back what was written down: sources alone speak of it then, and the history has both (R49).

    Raises:
        Conflict: nothing of the kind stands.
    """
    held = _held(number, purpose, by, at)
    if isinstance(held, Refusal):
        return held
    details: dict[str, Json] = {"because": because.value}
    doing = Action.WITHDREW_DEATH if died else Action.WITHDREW_LEAVING
    event = record(doing, by=by, at=at, purpose=purpose, subjects=[held.number], details=details)
    if not stored.take_back(event, because, died=died):
        raise Conflict(NOTHING_TO_TAKE_BACK)
    return WordDone(kind="")


def _held(number: str, purpose: Purpose | None, by: Viewer, at: datetime) -> KnownRecord | Refusal:
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal):
        return held
    known = None if isinstance(held, ShieldedRecord) else held
    asked = (
        WordInQuestion(protected=False, authority=responsible_for(known, at.date()))
        if known
        else WordInQuestion(protected=True)
    )
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, team_word=asked))
    if decision.refusal or known is None:
        refusal = decision.refusal or NO_SUCH_RECORD
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    return known


def _born(held: KnownRecord, at: datetime) -> str | None:
    derived = derive(which_statements_may_speak(held.statements, held.involvements, at.date()), on=at.date())
    return derived.date_of_birth.value if derived.date_of_birth else None


def _standing(said: Statement) -> StandingWord:
    left = next(iter(said.addresses), None)
    since = left.since.isoformat() if left and left.since else ""
    return StandingWord(
        kind=WordKind(left.kind.value) if left else WordKind.DIED,
        day=said.facts.date_of_death or since,
        known_from=KnownFrom(said.local_id),
        whose=said.source_name,
        since=said.as_at,
    )
