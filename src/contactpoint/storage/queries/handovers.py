"""Children that one practitioner asks another to take over."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contactpoint.domain.disclosure.answers import Colleague
from contactpoint.domain.involvement import Involvement
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Membership
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.seen import involvement_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRow:
    """An open offer to the account that asks, with the involvement as it stands."""

    id: int
    child: str
    involvement: Involvement
    role: str
    phone: str
    offered_by: str


def colleagues_of(account: UUID, organisation: str, service: str) -> tuple[Colleague, ...]:
    """Return who else provides a service for an organisation, by name."""
    rows = (
        Membership.objects.filter(
            organisation_id=organisation,
            services__contains=[service],
            role__in=["practitioner", "authority_team"],
            ended_at__isnull=True,
            account__is_active=True,
            account__suspended_at__isnull=True,
        )
        .exclude(account_id=account)
        .select_related("account")
    )
    found = {
        row.account_id: Colleague(
            account=row.account_id, name=row.account.name, job_title=row.account.job_title
        )
        for row in rows
    }
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.account)))


def offer(involvement_id: int, account: UUID, *, to: UUID, at: datetime) -> int:
    """Offer one's own involvement to a colleague in place of whomever it was offered to before."""
    return int(fetch("SELECT offer_handover(%s, %s, %s, %s)", involvement_id, account, to, at)[0][0])


def offers_to(account: UUID, organisation: str, on: date) -> tuple[OfferedRow, ...]:
    """Return what an account is asked to take over for an organisation, oldest first."""
    asked = [account, organisation, on]
    ids = fetch("SELECT handover_id, (seen).id FROM handovers_open(%s, %s, %s)", *asked)
    offers = {involvement: handover for handover, involvement in ids}
    rows = involvement_rows("handovers_open", asked)
    return tuple(
        OfferedRow(
            id=offers[row.pk],
            child=str(row.record.child_id),
            involvement=involvement_of(row),
            role=row.practitioner_role,
            phone=row.contact_phone,
            offered_by=row.practitioner,
        )
        for row in rows
    )


def offer_by_id(handover_id: int, account: UUID, organisation: str, on: date) -> OfferedRow | None:
    """Return one of them, locked with its involvement; None if it is none of them."""
    fetch("SELECT lock_handover(%s, %s)", handover_id, account)
    return next((one for one in offers_to(account, organisation, on) if one.id == handover_id), None)


def answer_offer(handover_id: int, account: UUID, answer: str, *, on: date, at: datetime) -> UUID | None:
    """Note an answer, accepted or declined, and return who offered it.

    Accepting ends the involvement of whoever offered it.
    """
    values = (handover_id, account, answer, on, at)
    giver: UUID | None = fetch("SELECT answer_handover(%s, %s, %s, %s, %s)", *values)[0][0]
    return giver
