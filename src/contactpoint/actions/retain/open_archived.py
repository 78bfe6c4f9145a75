"""Read a record in the first year of its archive, as a data manager of the authority that had it (R48)."""

from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.find.held import known_of
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, disclosed
from contactpoint.actions.find.reasons import retired
from contactpoint.actions.recording import event_of, record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, ArchiveInQuestion
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage import audit_log
from contactpoint.storage.queries import archive as stored
from contactpoint.storage.queries.children import ChildState, find_child
from contactpoint.storage.settings import settings_at

_ASKED: Final = Permission.OPEN_ARCHIVED
_LONGEST_NUMBER: Final = 40
# The reason is asked for on the form itself.
_LOOKING: Final = Purpose(code=PurposeCode.CORRECTING)
NOT_IN_ARCHIVE: Final = Refusal(
    sentence="No archived record that you can read has this number.",
    rules=("R48",),
    way_on="Check the number. A record is archived at 18, a year after a death, or after leaving England.",
)


@transaction.atomic
def may_ask(*, by: Viewer, at: datetime) -> Refusal | None:
    """Say whether this viewer may ask for archived records at all; a refusal is recorded (R48)."""
    refusal = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=_LOOKING)).refusal
    return record_refusal(refusal, _ASKED, by=by, at=at) if refusal else None


@transaction.atomic
def open_archived(*, number: str, purpose: Purpose | None, by: Viewer, at: datetime) -> OpenRecord | Refusal:
    """Return what an archived record says, or why not; either way the audit has it (R8, R48, R51).

    A number that is none, is nobody's, is not archived or is a protected child's leads to one and the same
    answer.
    """
    refusal = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose)).refusal
    refusal = refusal or retired(purpose, settings_at(at))
    tried: dict[str, Json] = {"number": number[:_LONGEST_NUMBER]}
    if refusal or purpose is None or by.account_id is None:
        refusal = refusal or NO_SUCH_RECORD
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    child = _found(number, by)
    archive = stored.in_archive(by.account_id, child.number) if child else None
    if child is None or archive is None:
        return record_refusal(NOT_IN_ARCHIVE, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    asked = ArchiveInQuestion(since=archive.since, authority=archive.authority, shielded=child.shielded)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, archive=asked))
    if decision.refusal:
        subjects = [child.number]
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose, subjects=subjects)
    details: dict[str, Json] = {"rules": list(decision.rules)}
    event = event_of(
        Action.OPENED_ARCHIVED, by=by, at=at, purpose=purpose, subjects=[child.number], details=details
    )
    audit_log.append(event)
    statements, involvements = stored.archived_record(event.event_id, child.number)
    shown = redact(known_of(child.number, statements, involvements, at), by, purpose, at)
    if not isinstance(shown, OpenRecord):
        raise TypeError("What is known of a child is shown as an open record.")
    record(
        Action.OPENED_RECORD,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[child.number],
        details={"archived": str(event.event_id), "disclosed": disclosed(shown)},
    )
    return shown


def _found(number: str, by: Viewer) -> ChildState | None:
    try:
        return find_child(parse_child_number(number), for_whom=by.account_id)
    except InvalidIdentifier:
        return None
