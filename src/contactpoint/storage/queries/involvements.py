"""Services in contact with children, as domain values. The web role sees unsealed rows only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from contactpoint.domain.discreet import DISCREET_KINDS
from contactpoint.domain.involvement import (
    SERVICES,
    Closed,
    Consent,
    ConsentBasis,
    ConsentScope,
    ContactDetails,
    Involvement,
    ServiceKind,
)
from contactpoint.storage.copying import copied, json_lines
from contactpoint.storage.models import InvolvementRow, Organisation
from contactpoint.storage.queries.seen import involvement_rows, organisation_of
from contactpoint.storage.sealed_involvements import Image, open_image, organisation_tags, pseudonyms


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """An involvement that rests on one practitioner's word."""

    id: int
    child: str
    service: str
    organisation_code: str
    organisation_name: str
    practitioner: str
    practitioner_role: str | None
    recorded_by: UUID
    recorded_at: datetime
    involvement: Involvement


@dataclass(frozen=True, slots=True, kw_only=True)
class ToConfirm:
    """One that waits for a second person; `child` is None where its child is shielded."""

    child: str | None
    recorded_by: UUID


def involvements_of(number: str) -> tuple[Involvement, ...]:
    """Return the involvements of a child that consent allows to be shown, in the order recorded.

    Ended ones are among them; of a shielded child there are none, nor any that rests on one person's word.
    """
    return tuple(involvement_of(row) for row in involvement_rows("involvements_shown", [number]))


# LATERAL with OFFSET makes it look each record up: a table just filled, of which nothing is known yet, would
# be read whole for every few thousand children.
_OUTLINES = """
    COPY (
        SELECT json_build_array(r.child_id, r.id, i.service,
            CASE WHEN i.organisation_id IS NULL
                    THEN json_build_object('id', i.id, 'sealed_said', i.sealed_said)
                WHEN o.kind = ANY(%s) THEN '""'::json ELSE to_json(i.organisation_id) END,
            CASE WHEN o.kind = ANY(%s) THEN '' ELSE o.authority END, i.end_date,
            i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL)
        FROM source_record r
        CROSS JOIN LATERAL (SELECT * FROM involvement WHERE record_id = r.id OFFSET 0) i
        LEFT JOIN organisation o ON o.code = i.organisation_id
        WHERE r.child_id = ANY(%s) AND r.withdrawn_at IS NULL
        ORDER BY i.id
    ) TO STDOUT (FORMAT csv, QUOTE e'\\x01', DELIMITER e'\\x02')
"""


class Outline(NamedTuple):
    """What of an involvement decides what its child can be found by; of a discreet place not which one."""

    child: str
    record: int
    service: str
    organisation: str
    authority: str
    end: date | None
    confirmed: bool

    @property
    def sensitive(self) -> bool:
        """Say whether the service is a sensitive one (R36)."""
        return SERVICES[self.service].kind is ServiceKind.SENSITIVE


def read_outlines(numbers: Sequence[str]) -> bytes:
    """Return the outlines of all involvements of `numbers`, for `outlines_in`."""
    kinds = sorted(DISCREET_KINDS)
    return copied(_OUTLINES, [kinds, kinds, list(numbers)])


def outlines_in(block: bytes) -> Iterator[Outline]:
    """Yield what `read_outlines` returned, at a tenth of the cost of whole involvements.

    Of a child that is sealed no more, and not decrypted yet, it is opened of which organisation they are.
    """
    for row in json_lines(block):
        if isinstance(row[3], dict):
            row[3:5] = _organisation(row[3])
        row[5] = date.fromisoformat(row[5]) if row[5] else None
        yield Outline._make(row)


def _organisation(sealed: Image) -> tuple[str, str]:
    place = Organisation.objects.get(pk=open_image(sealed)["organisation_id"])
    return ("", "") if place.kind in DISCREET_KINDS else (place.code, place.authority)


def unconfirmed_of(
    organisation_code: str, services: Sequence[str], whose: UUID | None
) -> tuple[Unconfirmed, ...]:
    """Return what waits for a second person of an organisation, oldest first, as far as they may see it.

    Of sensitive services only those among `services`, which the person provides (R36, R39); of a child who is
    kept from that person, nothing.
    """
    rows = involvement_rows("involvements_waiting", [organisation_code, list(services), whose])
    return tuple(_waiting(row) for row in rows)


def unconfirmed_by_id(
    involvement_id: int, *, organisation: str, services: Sequence[str], whose: UUID | None
) -> ToConfirm | None:
    """Return what waits for a second person of an organisation, locked until the transaction ends.

    None if nothing waits there, whatever the number is of.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child_id, typed_by_id FROM involvement_to_confirm(%s, %s, %s, %s, %s)",
            [
                involvement_id,
                organisation,
                list(services),
                whose,
                organisation_tags(involvement_id, organisation),
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    child, typed_by = row
    own = whose is not None and typed_by in (whose, *pseudonyms(whose, organisation))
    return ToConfirm(child=child, recorded_by=whose if own and whose else typed_by)


def _waiting(row: InvolvementRow) -> Unconfirmed:
    return Unconfirmed(
        id=row.pk,
        child=str(row.record.child_id),
        service=SERVICES[row.service].name,
        organisation_code=organisation_of(row).code,
        organisation_name=organisation_of(row).name,
        practitioner=row.practitioner,
        practitioner_role=row.practitioner_role or None,
        recorded_by=row.typed_by_id,  # type: ignore[arg-type]
        recorded_at=row.recorded_at,
        involvement=involvement_of(row),
    )


def involvement_of(row: InvolvementRow) -> Involvement:
    """Return a row, with its organisation and source, as a domain value."""
    organisation = organisation_of(row)
    return Involvement(
        id=row.pk,
        service=SERVICES[row.service],
        contact=ContactDetails(
            organisation_code=organisation.code,
            organisation_name=organisation.name,
            team=row.team or None,
            practitioner=row.practitioner or None,
            practitioner_role=row.practitioner_role or None,
            phone=row.contact_phone or organisation.phone or None,
            # What the service says itself stands instead of what is said of the whole organisation.
            hours=row.contact_hours or (organisation.hours if row.reached is None else None) or None,
            cover=row.contact_cover or (organisation.cover if row.reached is None else None) or None,
            service=row.reached,
            closed=Closed(kind=organisation.kind, on=organisation.closed_on)
            if organisation.closed_on
            else None,
        ),
        source=row.record.source_id,
        source_name=row.record.source.name,
        start=row.start_date,
        end=row.end_date,
        last_confirmed=row.last_confirmed,
        lead_practitioner=row.lead_practitioner,
        assessment_held=row.assessment,
        confirmed=row.typed_by_id is None or row.confirmed_at is not None,
        consent=_consent(row),
        record=row.record_id,
        authority=organisation.authority or None,
        lead_since=row.lead_since,
        known_at=row.recorded_at if row.typed_by_id is None else row.confirmed_at,
        end_known_at=row.end_recorded_at,
        over_at_once=row.typed_by_id is not None,
    )


def _consent(row: InvolvementRow) -> Consent | None:
    if not row.consent:
        return None
    return Consent(
        basis=ConsentBasis(row.consent),
        until=row.consent_until,
        withdrawn_at=row.consent_withdrawn_at,
        scope=ConsentScope(row.consent_scope),
    )
