"""Writes and confirms what a practitioner says of their own work: unconfirmed until somebody else agrees.

Both go through functions of the database (ADR 9), which write about a shielded child and show nothing of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from contactpoint.domain.involvement import ConsentBasis


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


_SAY = """
    SELECT say_own_word(%(child)s, %(service)s, %(organisation)s, %(practitioner)s, %(role)s, %(phone)s,
        %(start)s, %(lead)s, %(assessment)s, %(consent)s, %(until)s, %(said_by)s, %(at)s)
"""


def insert_own_word(word: OwnWord, at: datetime) -> int:
    """Insert an unconfirmed involvement with a source record of its own and return the involvement's id."""
    values = {
        "child": word.child,
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
    }
    return int(_one(_SAY, values))


def confirm_own_word(involvement_id: int, *, by: UUID, at: datetime) -> bool:
    """Mark what waits as confirmed, unseen if its child is shielded; False if it does not wait for them."""
    return bool(_one("SELECT confirm_own_word(%s, %s, %s)", [involvement_id, by, at]))


def _one(query: str, values: Any) -> Any:  # noqa: ANN401 - whatever the function returns
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return row[0] if row else None
