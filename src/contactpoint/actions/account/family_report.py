"""The report that a family is given: made anew each time, audited, and the same whatever is hidden (R60)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from contactpoint.actions.account.family_requests import at_their_desk
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.held import ShieldedRecord
from contactpoint.domain.family.telling import FamilyReport, ToldTo, tell_family, tell_protected
from contactpoint.storage.queries import family as stored
from contactpoint.storage.queries.corrections import about
from contactpoint.storage.queries.history import versions_of


@transaction.atomic
def family_report(
    *, request: int, homes: Collection[str], carers: Collection[str], by: Viewer, at: datetime
) -> FamilyReport | Refusal:
    """Return what this family is told about the child, or why not; audited with whose it is (R51, R60).

    `homes` and `carers` are the keys of those that were shown to be the asker's. Of a protected child, or
    where an answer could endanger somebody, it holds three facts and the number, whatever is held.
    """
    found = at_their_desk(request, Action.MADE_FAMILY_REPORT, by=by, at=at, tells=True)
    if isinstance(found, Refusal):
        return found
    if found.elsewhere or isinstance(found.held, ShieldedRecord):
        return tell_protected(found.held, at.date())
    number = found.row.child
    return tell_family(
        found.held,
        versions_of(number),
        stored.looks_at(found.seeing, request),
        about(number),
        to=ToldTo(asker=found.row.asking.asker, homes=frozenset(homes), carers=frozenset(carers)),
        at=at,
    )
