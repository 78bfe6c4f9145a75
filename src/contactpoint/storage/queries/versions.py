"""The newest version of what two people may change at once, as far as the one who asks may see it."""

from collections.abc import Sequence
from uuid import UUID

from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.meanwhile import InvolvementVersion
from contactpoint.storage.queries.seen import involvement_rows


def version_of_involvement(
    involvement_id: int, *, organisation: str, services: Sequence[str], whose: UUID | None
) -> InvolvementVersion | None:
    """Return how an involvement stands, locked until the transaction ends; None if another's, or unseen.

    A sensitive service is seen by those who provide it: `services` are the viewer's own (R36, R39).
    """
    rows = involvement_rows("involvement_typed_at", [involvement_id, organisation, list(services), whose])
    if not rows:
        return None
    row = rows[0]
    return InvolvementVersion(
        service=SERVICES[row.service].name,
        practitioner=row.practitioner,
        practitioner_role=row.practitioner_role or None,
        start=row.start_date,
        end=row.end_date,
        confirmed_by=row.confirmed_by.name if row.confirmed_by else None,
    )
