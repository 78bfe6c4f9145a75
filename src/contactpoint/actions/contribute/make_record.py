"""Make a record by hand: after a search, with a reason, through the ordinary matching (R23)."""

import csv
import io
import secrets
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from contactpoint.actions.find.search import search
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal, SearchAnswer
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.here import HERE
from contactpoint.domain.making import (
    HandMade,
    MakeReason,
    MakingInQuestion,
    RecordMade,
    hand_source,
    was_everybody_looked_at,
    would_that_search_find_the_child,
)
from contactpoint.storage import staging
from contactpoint.storage.queries import feeds
from contactpoint.supply.contracts import contract_named

_ASKED: Final = Permission.MAKE_RECORD
NOWHERE = Refusal(
    sentence="No record can be made by hand for your authority here.",
    rules=("R23",),
    way_on="Ask whoever runs ContactPoint for you.",
)


def makes_records(by: Viewer) -> bool:
    """Say whether the viewer's role makes records by hand."""
    return _ASKED in PERMISSIONS[by.role]


def look_again(
    *, criteria: Criteria, purpose: Purpose | None, by: Viewer, at: datetime
) -> SearchAnswer | Refusal:
    """Search once more for the same person, so that whoever is near is looked at before a record is made."""
    refusal = _may(criteria, purpose, by=by, at=at)
    return refusal or search(criteria=criteria, purpose=purpose, by=by, at=at)


@transaction.atomic
def make_record(
    *,
    child: HandMade,
    reason: MakeReason,
    criteria: Criteria,
    shown: Collection[str],
    inbox: Path | None,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
) -> RecordMade | Refusal:
    """Hand in a record as a source does, to be matched with all that is held; always one answer (R21, R23).

    Args:
        child: what is said of the child.
        reason: why no source has told of it.
        criteria: the search of the same person in the same sitting.
        shown: the numbers of the children whom that search showed, and who are not the one.
        inbox: the folder in which files on their way in lie; None where there is none.
        purpose: the reason stated for the search.
        by: the viewer.
        at: now.
    """
    found = search(criteria=criteria, purpose=purpose, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    numbers = [card.number for card in found.cards]
    looked_at = was_everybody_looked_at(numbers, shown, too_many=found.too_many)
    refusal = _may(criteria, purpose, looked_at=looked_at, by=by, at=at)
    source = staging.find_source(hand_source(by.authority))
    if refusal is None and (source is None or inbox is None):
        refusal = record_refusal(NOWHERE, _ASKED, by=by, at=at, purpose=purpose)
    if refusal or source is None or inbox is None:
        return refusal or NOWHERE
    local_id = secrets.token_hex(12)
    record(
        Action.MADE_RECORD,
        by=by,
        at=at,
        purpose=purpose,
        details={"source": source.code, "local_id": local_id, "reason": reason.value, "looked_at": numbers},
    )
    hand_in(inbox, source.code, child.as_row(local_id), by=by, at=at)
    return RecordMade(local_id=local_id)


def _may(
    criteria: Criteria, purpose: Purpose | None, *, looked_at: bool = True, by: Viewer, at: datetime
) -> Refusal | None:
    making = MakingInQuestion(searched=would_that_search_find_the_child(criteria), looked_at=looked_at)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, making=making))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose)
    return None


def hand_in(inbox: Path, source: str, row: dict[str, str], *, by: Viewer, at: datetime) -> None:
    """Put a file of one row where the worker finds it; it clears away a folder whose note was rolled back.

    Its columns stand in an order of their own: what is put back says the same as a file of the same day, and
    the same file is loaded once.
    """
    name = f"{source}_{at.astimezone(HERE).date().isoformat()}_delta.csv"
    text = io.StringIO(newline="")
    names = contract_named("by_hand").names
    writer = csv.DictWriter(text, secrets.SystemRandom().sample(names, len(names)), lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    data = text.getvalue().encode()
    folder = inbox / secrets.token_hex(16)
    folder.mkdir(mode=0o700, parents=True)
    (folder / name).write_bytes(data)
    feeds.put_file(
        source=source,
        file_name=name,
        folder=folder.name,
        size=len(data),
        account=by.account_id,
        at=at,
        as_at=None,
        kind=None,
    )
