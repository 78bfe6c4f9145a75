"""Writes and confirms what a practitioner says of their own work: unconfirmed until somebody else agrees.

Both go through functions of the database (ADR 9), which write about a shielded child and show nothing of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from contactpoint.domain.disclosure.consent_life import ConsentSaid
from contactpoint.domain.involvement import SERVICES, Consent, ConsentBasis, ConsentScope, Service
from contactpoint.storage.queries.consenting import consent_values
from contactpoint.storage.sealed_involvements import pseudonyms


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWord:
    """What a practitioner says: I work with this child.

    `carried` is the involvement of a colleague that it takes over, with who agreed to it.
    """

    child: str
    service: str
    organisation: str
    practitioner: str
    practitioner_role: str
    phone: str
    start: date | None
    lead_practitioner: bool
    assessment_held: bool
    consent: ConsentSaid | None
    said_by: UUID
    carried: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWordRow:
    """What an account has said of a child and not ended; of a protected child only for which service."""

    involvement_id: int
    service: Service
    protected: bool
    confirmed: bool = False
    practitioner_role: str = ""
    phone: str = ""
    start: date | None = None
    assessment_held: bool = False
    consent: Consent | None = None


_SAY = """
    SELECT say_own_word(%(child)s, %(service)s, %(organisation)s, %(practitioner)s, %(role)s, %(phone)s,
        %(start)s, %(lead)s, %(assessment)s, %(said_by)s, %(at)s, %(basis)s, %(scope)s, %(until)s,
        %(understands)s, %(relation)s, %(decided_by)s, %(decided_by_title)s, %(without)s,
        %(carried)s, %(own)s)
"""


_ABOUT = """
    SELECT involvement_id, service, protected, confirmed, practitioner_role, contact_phone, start_date,
        assessment, consent, consent_until, consent_withdrawn_at, consent_scope
    FROM own_words_about(%s, %s, %s, %s, %s)
"""


def own_words_about(child: str, account: UUID, organisation: str, on: date) -> tuple[OwnWordRow, ...]:
    """Return what an account has said of a child for an organisation and not ended, in the order said."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, [child, account, organisation, on, pseudonyms(account, organisation)])
        return tuple(_own_word(*row) for row in cursor.fetchall())


def _own_word(involvement_id: int, service: str, protected: bool, *said: Any) -> OwnWordRow:  # noqa: ANN401, FBT001
    if protected:
        return OwnWordRow(involvement_id=involvement_id, service=SERVICES[service], protected=True)
    confirmed, role, phone, start, assessment, basis, until, withdrawn_at, scope = said
    return OwnWordRow(
        involvement_id=involvement_id,
        service=SERVICES[service],
        protected=False,
        confirmed=confirmed,
        practitioner_role=role,
        phone=phone,
        start=start,
        assessment_held=assessment,
        consent=Consent(
            basis=ConsentBasis(basis), until=until, withdrawn_at=withdrawn_at, scope=ConsentScope(scope)
        )
        if basis
        else None,
    )


def insert_own_word(word: OwnWord, at: datetime) -> int | None:
    """Insert an unconfirmed involvement with a source record of its own and return the involvement's id.

    None, and nothing inserted, where the same account said so for the same service and has not ended it.
    """
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
        "said_by": word.said_by,
        "at": at,
        "carried": word.carried,
        "own": pseudonyms(word.said_by, word.organisation),
        **consent_values(word.consent, at),
    }
    made: int | None = _one(_SAY, values)
    return made


def confirm_own_word(involvement_id: int, *, by: UUID, organisation: str, at: datetime) -> bool:
    """Mark what waits as confirmed, unseen if its child is shielded; False if it does not wait for them."""
    values = [involvement_id, by, at, pseudonyms(by, organisation)]
    return bool(_one("SELECT confirm_own_word(%s, %s, %s, %s)", values))


def _one(query: str, values: Any) -> Any:  # noqa: ANN401 - whatever the function returns
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return row[0] if row else None
