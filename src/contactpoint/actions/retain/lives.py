"""Reads the facts that decide how long a record is kept, for many children at once, as the worker."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from contactpoint.domain.disclosure.consent import (
    which_statements_may_be_searched,
    which_statements_may_speak,
)
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.redact import is_it_said_that_they_left, which_authority_is_responsible
from contactpoint.domain.involvement import Involvement, ServiceKind
from contactpoint.domain.people import Statement
from contactpoint.domain.retention import Life, how_did_they_leave, latest_day, when_is_it_archived
from contactpoint.domain.survivorship import derive, identity_of
from contactpoint.storage.queries import keeping_time as stored
from contactpoint.storage.queries.moves import given_authorities_of, noted_as_left, old_authorities_of
from contactpoint.storage.queries.organisations import gazetteer
from contactpoint.storage.retention import Due


def when_due(numbers: Sequence[str], at: datetime) -> list[Due]:
    """Say of each child when its record is archived, and why, by what its sources say (R16, R47-R50).

    Where every source has withdrawn its record, what they said last still tells when the child was born.
    """
    on = at.date()
    said = _grouped(stored.statements_said_last(numbers))
    contacts = _contacts(stored.involvements_of_many(numbers))
    places, stays, given = gazetteer(), old_authorities_of(numbers), given_authorities_of(numbers)
    gone = noted_as_left(numbers)
    return [
        _due(
            child,
            KnownRecord(
                number=child.number,
                statements=tuple(said[child.number]),
                involvements=tuple(contacts[child.number]),
                gazetteer=places,
                stays_with=stays.get(child.number),
                given_to=given.get(child.number),
                left=gone.get(child.number),
            ),
            on,
        )
        for child in stored.children_of(numbers)
    ]


def born_as_known(number: str, at: datetime) -> date | None:
    """Return the last day on which a child may have been born, by what its sources say; None if none does."""
    said = [one for _, one in stored.statements_said_last([number])]
    contacts = [one for _, one in stored.involvements_of_many([number])]
    derived = derive(which_statements_may_speak(said, contacts, at.date()), on=at.date())
    return latest_day(derived.date_of_birth.value if derived.date_of_birth else None)


def _due(child: stored.ChildHeld, known: KnownRecord, on: date) -> Due:
    statements, involvements = known.statements, known.involvements
    speaking = which_statements_may_speak(statements, involvements, on)
    derived = derive(speaking, on=on)
    born = derived.date_of_birth.value if derived.date_of_birth else None
    if child.shielded:  # what everybody is shown of it decides, and nothing that is hidden
        open_ones = {
            one.record
            for one in involvements
            if one.confirmed and one.service.kind is not ServiceKind.SENSITIVE
        }
        born = identity_of(which_statements_may_be_searched(statements, open_ones)).date_of_birth
    main = derived.addresses[0].address.kind if derived.addresses else None
    life = Life(
        known_since=child.created_at.date(),
        born=latest_day(born),
        died=latest_day(derived.date_of_death.value if derived.date_of_death else None),
        left=how_did_they_leave(main, speaking) or is_it_said_that_they_left(known, on),
        stays=child.stays_until is not None,
        shielded=child.shielded,
    )
    authority = "" if child.shielded else which_authority_is_responsible(known, on) or ""
    return Due(child=child.number, archiving=when_is_it_archived(life), authority=authority)


def _grouped(statements: Sequence[tuple[str, Statement]]) -> defaultdict[str, list[Statement]]:
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    for child, statement in statements:
        found[child].append(statement)
    return found


def _contacts(involvements: Sequence[tuple[str, Involvement]]) -> defaultdict[str, list[Involvement]]:
    found: defaultdict[str, list[Involvement]] = defaultdict(list)
    for child, involvement in involvements:
        found[child].append(involvement)
    return found
