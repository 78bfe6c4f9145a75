"""Everybody who looks: each role, in good standing, and not entitled to anything that these worlds hide.

The shield desk and the consent desk of Rochdale are the wrong ones for everything in these worlds; of the
two practices one may act beside the other, so that accounts can act together.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP

from contactpoint.storage.models import Account, Membership, Organisation


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody, by a name, with what they act as, and how many of the searches they try."""

    name: str
    organisation: str
    role: str
    searches: int
    services: tuple[str, ...] = ()
    manager: str = ""


LOOKERS = (
    Looker("nurse", "bridgewater-nhs", "practitioner", 99, ("school_nurse",), "head"),
    Looker("head", "bridgewater-nhs", "practitioner", 1, ("health_visitor",)),
    Looker("teacher", "105734", "practitioner", 4, ("school",)),
    Looker("gp", "P85001", "practitioner", 2, ("gp",)),
    Looker("partner", "P85001", "practitioner", 1, ("gp",)),
    Looker("council", "la-353", "authority_team", 4),
    Looker("national", "contactpoint", "national_team", 4),
    Looker("rochdale", "la-354", "shield_team", 4),
    Looker("auditor", "contactpoint", "auditor", 1),
    Looker("reviewer", "la-354", "audit_reviewer", 1),
    Looker("administrator", "contactpoint", "technical_administrator", 1),
    Looker("consents", "la-354", "consent_team", 2),
    Looker("partners", "harbour-recovery", "partner_team", 1),
)
ACCOUNTS = {one.name: UUID(int=place) for place, one in enumerate(LOOKERS, start=1)}


def build_lookers() -> None:
    """One account for each, in good standing."""
    Organisation.objects.update(accredited_until="2099-01-01")
    for one in LOOKERS:
        account = Account.objects.create(
            id=ACCOUNTS[one.name],
            email=f"{one.name}@example.org",
            name=one.name.title(),
            checked_on=date(2026, 1, 1),
            trained_until=date(2099, 1, 1),
            agreement_signed_on=date(2026, 1, 1),
        )
        Membership.objects.create(
            id=ACCOUNTS[one.name].int,
            account=account,
            organisation_id=one.organisation,
            role=one.role,
            services=list(one.services),
        )
        TOTP.activate(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    for one in LOOKERS:
        if one.manager:
            Account.objects.filter(pk=ACCOUNTS[one.name]).update(manager_id=ACCOUNTS[one.manager])
