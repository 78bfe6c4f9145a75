"""Whoever is never to find a child meets absence; that they tried is noticed afterwards, from the audit.

Nothing is asked while they look, so that what they are answered, and how soon, is as if the child were none.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.find.probe import probe_of
from contactpoint.actions.find.results import likely_among
from contactpoint.actions.find.search import criteria_of, find
from contactpoint.actions.model_in_force import model_in_force
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, AuditEvent
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import InvalidIdentifier, InvalidInput
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage import kept_from as stored
from contactpoint.storage.kept_from import KeptChild
from contactpoint.storage.queries.children import find_child

SEARCHED, OPENED = "searched", "opened"


def notice_attempts(*, by: Viewer, at: datetime) -> int:
    """Find what was tried by whom a child is kept from, for the shield desk; say how much is new (R34)."""
    return sum(_notice(kept, by=by, at=at) for kept in stored.kept_children())


@transaction.atomic
def _notice(kept: KeptChild, *, by: Viewer, at: datetime) -> int:
    found = [(event, how) for event in stored.tried_by(kept) for how in _how(event, kept.child)]
    for event, how in found:
        record(
            Action.NOTICED_ATTEMPT,
            by=by,
            at=at,
            subjects=[kept.child],
            details={"shield": kept.shield, "event": str(event.event_id), "how": how},
        )
    stored.keep_attempts(kept, found, at=at)
    return len(found)


def _how(event: AuditEvent, child: str) -> Iterator[str]:
    """Whether an event was an attempt at this child, and which kind."""
    terms, number = event.details.get("terms"), event.details.get("number")
    if child in event.subjects:
        yield SEARCHED if event.action is Action.SEARCHED else OPENED
    elif event.action is Action.SEARCHED and isinstance(terms, Mapping):
        typed = {name: str(value) for name, value in terms.items()}
        if _would_have_found(typed, child, event.occurred_at.date()):
            yield SEARCHED
    elif isinstance(number, str) and _is_number_of(number, child):
        yield OPENED


def _would_have_found(terms: Mapping[str, str], child: str, on: date) -> bool:
    """Say whether anybody else would have been shown the child as a likely match."""
    try:
        criteria = criteria_of(terms)
        model = model_in_force()
        hits = find(criteria, probe_of(criteria, on, for_whom=None, model=model), on, model)
    except InvalidInput:  # the rules of what may be typed have changed since
        return False
    return child in likely_among(hits)


def _is_number_of(typed: str, child: str) -> bool:
    try:
        found = find_child(parse_child_number(typed), for_whom=None)
    except InvalidIdentifier:
        return False
    return found is not None and found.number == child
