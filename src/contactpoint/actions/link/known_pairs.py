"""Reviewers decide known pairs, of children who were made up, and see how alike they decide (ADR 43)."""

from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.link.cases import FIELDS, evidence_of
from contactpoint.actions.model_in_force import model_in_force
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.known_pairs import (
    KnownPair,
    KnownRound,
    KnownSaid,
    Learnt,
    agreement,
    pairs_of,
    round_of,
)
from contactpoint.domain.known_pairs_table import Facts
from contactpoint.domain.matching import CaseInFull, CaseKind, CaseRow, Verdict, compared, would_say
from contactpoint.domain.people import Address, PersonFacts, Statement
from contactpoint.linking.model.score import score_pair
from contactpoint.storage.queries import known_pairs as stored

_ASKED: Final = Permission.CHECK_RECORDS
NOT_ASKED: Final = "This pair is not the one that is asked now. Go back to the known pairs."
NOT_A_PERSON: Final = Refusal(
    sentence="Only a person decides known pairs.", rules=("R1",), way_on="Sign in and try again."
)
_DAY: Final = date(2026, 9, 1)


@transaction.atomic
def known_round(*, by: Viewer, at: datetime) -> KnownRound | Refusal:
    """Return the next pair of this quarter's round, or what there is to learn once all are decided."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOT_A_PERSON, _ASKED, by=by, at=at)
    this = round_of(at.date())
    seeing = record(Action.LISTED_KNOWN_PAIRS, by=by, at=at, details={"round": this})
    own, everybody = stored.words(seeing, this)
    waiting = [pair for pair in pairs_of(this) if pair.code not in own]
    following = waiting[0] if waiting else None
    return KnownRound(
        done=len(own),
        code=following.code if following else None,
        case=_case(following) if following else None,
        learnt=() if following else tuple(_learnt(pair, own[pair.code]) for pair in pairs_of(this)),
        team=agreement(everybody, this),
    )


@transaction.atomic
def say_known(*, pair: str, verdict: Verdict, by: Viewer, at: datetime) -> KnownSaid | Refusal:
    """Keep what the viewer says of a pair of this round; what they said first stands; audited.

    Raises:
        InvalidInput: it is no pair of this round.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOT_A_PERSON, _ASKED, by=by, at=at)
    this = round_of(at.date())
    if pair not in {one.code for one in pairs_of(this)}:
        raise InvalidInput(NOT_ASKED)
    details = {"round": this, "pair": pair, "verdict": verdict.value}
    seeing = record(Action.ANSWERED_KNOWN_PAIR, by=by, at=at, details=details)
    stored.say(seeing, this, pair, verdict)
    return KnownSaid(done=len(stored.words(seeing, this)[0]))


def _case(pair: KnownPair) -> CaseInFull:
    """Both sides as a page shows a case, weighed by the model in force."""
    left, right = (
        _statement(facts, name) for facts, name in ((pair.left, "A school"), (pair.right, "A surgery"))
    )
    score = score_pair(left.facts, right.facts, model_in_force())
    levels = score.levels.pack()
    return CaseInFull(
        row=CaseRow(
            id=0,
            kind=CaseKind.POSSIBLE_MERGE,
            record_a=1,
            record_b=2,
            child_a="one",
            child_b="other",
            weight=score.weight,
            levels=levels,
            opened_at=datetime(_DAY.year, _DAY.month, _DAY.day, tzinfo=UTC),
        ),
        names=("", ""),
        numbers=("", ""),
        fields=compared([left], [right], FIELDS),
        evidence=evidence_of(levels, score.weight, alone=True),
        between=(),
        after=(would_say([left, right], FIELDS),),
        another_there=None,
        version=pair.code,
    )


def _statement(facts: Facts, source: str) -> Statement:
    line, postcode = facts.get("address"), facts.get("postcode")
    return Statement(
        source=source,
        source_name=source,
        contract="school_census",
        authority=None,
        local_id=source,
        as_at=_DAY,
        recorded_at=datetime(_DAY.year, _DAY.month, _DAY.day, tzinfo=UTC),
        facts=PersonFacts.from_mapping(facts),
        addresses=(Address(line=line, postcode=postcode),) if line or postcode else (),
    )


def _learnt(pair: KnownPair, said: Verdict) -> Learnt:
    one, other = (f"{side.get('forename', '')} {side['surname']}".strip() for side in (pair.left, pair.right))
    return Learnt(names=(one, other), said=said, truth=pair.truth, because=pair.because)
