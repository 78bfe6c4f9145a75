"""Writes and confirms what a practitioner says of their own work: unconfirmed until somebody else agrees.

The web role may insert rows about a shielded child but not read them back, so ids are drawn from the
sequences first and nothing is returned by the inserts (ADR 0006).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection

from contactpoint.domain.involvement import ConsentBasis
from contactpoint.storage.models import InvolvementRow

# The source under which practitioners' own words are kept; storage/sql/foundations.sql makes it.
SOURCE = "practitioners"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWord:
    """What a practitioner says: I work with this child."""

    child: str
    service: str
    organisation: str
    practitioner: str
    practitioner_role: str
    phone: str
    start: date | None
    lead_practitioner: bool
    assessment_held: bool
    consent: ConsentBasis | None
    consent_until: date | None
    said_by: UUID


_INSERT = """
    INSERT INTO involvement (id, record_id, involvement_id, service, organisation_id, team, practitioner,
        practitioner_role, contact_phone, contact_hours, contact_cover, start_date, last_confirmed,
        lead_practitioner, assessment, consent, consent_until, typed_by_id, recorded_at, sealed)
    VALUES (%(id)s, %(record)s, '', %(service)s, %(organisation)s, '', %(practitioner)s, %(role)s, %(phone)s,
        '', '', %(start)s, NULL, %(lead)s, %(assessment)s, %(consent)s, %(until)s, %(said_by)s, %(at)s, false)
"""


def insert_own_word(word: OwnWord, at: datetime) -> int:
    """Insert an unconfirmed involvement with a source record of its own and return the involvement's id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('source_record_id_seq'), nextval('involvement_id_seq')")
        record, involvement = (int(number) for number in cursor.fetchone() or ())
        cursor.execute(
            "INSERT INTO source_record (id, source_id, local_id, child_id, sealed) "
            "VALUES (%s, %s, %s, %s, false)",
            [record, SOURCE, uuid4().hex, word.child],
        )
        cursor.execute(
            _INSERT,
            {
                "id": involvement,
                "record": record,
                "service": word.service,
                "organisation": word.organisation,
                "practitioner": word.practitioner,
                "role": word.practitioner_role,
                "phone": word.phone,
                "start": word.start,
                "lead": word.lead_practitioner,
                "assessment": word.assessment_held,
                "consent": word.consent.value if word.consent else "",
                "until": word.consent_until,
                "said_by": word.said_by,
                "at": at,
            },
        )
    return involvement


def confirm_own_word(involvement_id: int, *, by: UUID, at: datetime) -> bool:
    """Mark an unconfirmed involvement as confirmed; False if somebody else was first."""
    changed = InvolvementRow.objects.filter(pk=involvement_id, confirmed_at__isnull=True).update(
        confirmed_by_id=by, confirmed_at=at, last_confirmed=at.date()
    )
    return changed == 1
