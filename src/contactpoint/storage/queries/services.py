"""Services that somebody looks for, read through one function that leaves out what is not listed."""

from uuid import UUID

from contactpoint.domain.directory import Reached
from contactpoint.domain.service_search import FoundService, ServiceSought
from contactpoint.storage.asking import fetch

_QUERY = "SELECT * FROM services_found(%s, %s, %s, %s, %s, %s)"


def services_found(seeing: UUID, sought: ServiceSought, *, skip: int, limit: int) -> tuple[FoundService, ...]:
    """Return some of the services that fit, by name."""
    words = sought.words.split()
    rows = fetch(_QUERY, seeing, words, sought.service, sought.authority, skip, limit)
    return tuple(
        FoundService(
            organisation=row[0],
            organisation_name=row[1],
            kind=row[2],
            authority=row[3],
            phone=row[4],
            hours=row[5],
            cover=row[6],
            service=row[7],
            reached=Reached(phone=row[8], hours=row[9], night=row[10], holidays=row[11], confirmed_on=row[12])
            if row[8]
            else None,
        )
        for row in rows
    )
