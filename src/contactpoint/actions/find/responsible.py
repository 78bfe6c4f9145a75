"""Which authority is responsible for a child whose record is open (R58)."""

from datetime import date

from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.redact import which_authority_is_responsible
from contactpoint.storage.queries.moves import given_authorities_of, old_authorities_of
from contactpoint.storage.queries.organisations import gazetteer


def responsible_for(held: KnownRecord, on: date) -> str | None:
    """Return the DfE code of the authority; until a move is accepted that is the old one (R58, R59)."""
    known = KnownRecord(
        number=held.number,
        statements=held.statements,
        involvements=held.involvements,
        gazetteer=gazetteer(),
        stays_with=old_authorities_of([held.number]).get(held.number),
        given_to=given_authorities_of([held.number]).get(held.number),
    )
    return which_authority_is_responsible(known, on)
