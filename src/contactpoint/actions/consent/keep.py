"""Keeping consents: what waits, those of one child, one of them; agreed anew, withdrawn at once (R37-R41)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.consent.details import consent_details
from contactpoint.actions.contribute.own_child import named
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent_life import (
    ConsentSaid,
    ConsentStep,
    how_does_it_stand,
    may_it_be_withdrawn,
)
from contactpoint.domain.disclosure.consents import (
    ChildsConsents,
    ConsentChanged,
    ConsentInFull,
    ConsentLine,
    ConsentStepTaken,
    ConsentToDo,
)
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, ConsentInQuestion
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.domain.involvement import Consent, ConsentBasis
from contactpoint.storage.queries import consenting as stored
from contactpoint.storage.queries.children import find_child, shielded_among, shielded_record
from contactpoint.storage.queries.consenting import KeptConsent

_ASKED: Final = Permission.KEEP_CONSENTS
NOT_KEPT = Refusal(
    sentence="You keep no consent of that number.",
    rules=("R39",),
    way_on="It may have ended, or others keep it. Go back to the list.",
)
NOTHING_TO_WITHDRAW = Refusal(
    sentence="Nobody's consent stands there that could be withdrawn.",
    rules=("R41",),
    way_on="It was withdrawn already, or was recorded because harm is suspected. Open it again and look.",
)
NO_NAME: Final = "Name not known"


@transaction.atomic
def what_to_ask(*, by: Viewer, at: datetime) -> tuple[ConsentToDo, ...] | Refusal:
    """Return the consents that wait for the viewer, kind by kind, without saying whose; audited (R38)."""
    seeing = _looking(Action.LISTED_CONSENTS, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else stored.consents_to_do(seeing, at.date())


@transaction.atomic
def consents_of(*, number: str, by: Viewer, at: datetime) -> ChildsConsents | Refusal:
    """Return the consents that the viewer keeps of one child; the answer is the same where there are none.

    Of a protected child nobody keeps any but the national desk (R32, R39).
    """
    try:
        child = find_child(parse_child_number(number), for_whom=by.account_id)
    except InvalidIdentifier:
        child = None
    subjects = [child.number] if child else []
    seeing = _looking(Action.LISTED_CONSENTS, by=by, at=at, subjects=subjects)
    if isinstance(seeing, Refusal) or child is None:
        return seeing if isinstance(seeing, Refusal) else NOT_KEPT
    kept = [one for one in stored.consents_about(seeing, child.number, at.date()) if _is_theirs(one, by, at)]
    return ChildsConsents(
        child_name=_name(child.number, at), lines=tuple(_line(one, seeing, at) for one in kept)
    )


@transaction.atomic
def open_consent(*, involvement: int, by: Viewer, at: datetime) -> ConsentInFull | Refusal:
    """Return one consent and all that was said of it; audited with whose it is (R39, R51)."""
    found = _find(involvement, Action.OPENED_CONSENT, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    seeing, kept = found
    record(Action.OPENED_CONSENT, by=by, at=at, subjects=[kept.child], details={"involvement": involvement})
    return ConsentInFull(
        child_name=_name(kept.child, at),
        number=kept.child,
        protected=bool(shielded_among([kept.child])),
        line=_line(kept, seeing, at),
        steps=stored.steps_of(seeing, involvement, at.date()),
        may_withdraw=may_it_be_withdrawn(_consent(kept)),
    )


@transaction.atomic
def record_consent(
    *, involvement: int, said: ConsentSaid, by: Viewer, at: datetime
) -> ConsentChanged | Refusal:
    """Write down that somebody agreed anew, or who decided without; it shows, or not, at once (R37, R38).

    What stood before stays among the steps.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, agreed=said))
    if decision.refusal:
        details: dict[str, Json] = {"involvement": involvement, "consent": consent_details(said)}
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return _step(involvement, ConsentStep.GIVEN, said, {"consent": consent_details(said)}, by=by, at=at)


@transaction.atomic
def withdraw_consent(
    *, involvement: int, withdrawn_by: ConsentBasis, by: Viewer, at: datetime
) -> ConsentChanged | Refusal:
    """Write down that the child, or a parent or carer, does not agree any more: hidden at once (R41).

    Whatever else says that the same organisation gives the child the same service is hidden with it, and no
    delivery brings it back. Where harm is suspected there is no consent to withdraw.
    """
    if withdrawn_by is ConsentBasis.SIGNIFICANT_HARM:
        details: dict[str, Json] = {"involvement": involvement}
        return record_refusal(NOTHING_TO_WITHDRAW, _ASKED, by=by, at=at, details=details)
    said = {"withdrawn_by": withdrawn_by.value}
    return _step(involvement, ConsentStep.WITHDRAWN, withdrawn_by, said, by=by, at=at)


def _step(
    involvement: int,
    step: ConsentStep,
    said: ConsentSaid | ConsentBasis,
    details: Mapping[str, Json],
    *,
    by: Viewer,
    at: datetime,
) -> ConsentChanged | Refusal:
    found = _find(involvement, Action.OPENED_CONSENT, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    _, kept = found
    written: dict[str, Json] = {"involvement": involvement, **details}
    if step is ConsentStep.WITHDRAWN and not may_it_be_withdrawn(_consent(kept)):
        return record_refusal(
            NOTHING_TO_WITHDRAW, _ASKED, by=by, at=at, subjects=[kept.child], details=written
        )
    action = Action.RECORDED_CONSENT if step is ConsentStep.GIVEN else Action.WITHDREW_CONSENT
    event = record(action, by=by, at=at, subjects=[kept.child], details=written)
    if not stored.say_consent(event, kept, step, said, at):
        return NOT_KEPT
    now = stored.consent_at(event, involvement, at.date())
    return ConsentChanged(state=_line(now, event, at).state.value) if now else NOT_KEPT


def _looking(
    action: Action, *, by: Viewer, at: datetime, subjects: list[str] | None = None
) -> UUID | Refusal:
    """Write down first who looks: the database shows consents to nobody else."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOT_KEPT, _ASKED, by=by, at=at, subjects=subjects or [])
    return record(action, by=by, at=at, subjects=subjects or [], details={"rules": list(decision.rules)})


def _find(
    involvement: int, action: Action, *, by: Viewer, at: datetime
) -> tuple[UUID, KeptConsent] | Refusal:
    seeing = _looking(action, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    kept = stored.consent_at(seeing, involvement, at.date())
    if kept is None or not _is_theirs(kept, by, at):
        return record_refusal(NOT_KEPT, _ASKED, by=by, at=at, details={"involvement": involvement})
    return seeing, kept


def _is_theirs(kept: KeptConsent, by: Viewer, at: datetime) -> bool:
    one = kept.involvement
    question = ConsentInQuestion(
        organisation=one.contact.organisation_code,
        service=one.service.code,
        authority=stored.area_of(one.contact.organisation_code, kept.child),
        protected=bool(shielded_among([kept.child])),
        discreet=kept.discreet,
    )
    return authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, consent=question)).allowed


def _consent(kept: KeptConsent) -> Consent:
    consent = kept.involvement.consent
    # The database keeps no sensitive service without its basis (R37).
    assert consent is not None  # noqa: S101
    return consent


def _line(kept: KeptConsent, seeing: UUID, at: datetime) -> ConsentLine:
    one, consent = kept.involvement, _consent(kept)
    given = [step for step in stored.steps_of(seeing, one.id, at.date()) if step.step is ConsentStep.GIVEN]
    since = _since(given, kept, at)
    return ConsentLine(
        involvement=one.id,
        service=one.service.name,
        organisation=one.contact.organisation_name,
        practitioner=", ".join(
            part for part in (one.contact.practitioner, one.contact.practitioner_role) if part
        ),
        state=how_does_it_stand(consent, since=since, on=at.date()),
        consent=consent,
    )


def _since(given: list[ConsentStepTaken], kept: KeptConsent, at: datetime) -> date:
    if given:
        return given[-1].at.date()
    return (kept.involvement.known_at or at).date()


def _name(number: str, at: datetime) -> str:
    hidden = shielded_record(number)
    return hidden.name if hidden else named(number, at)[0]
