"""Two people of the national team, and one who is not of it: for what takes two people."""

from uuid import UUID

from tests.factories.directory import build_account
from tests.factories.signed_in import sign_in
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.storage.models import Membership

EWA, LENA, NINA = (UUID(int=8100 + place) for place in range(3))


def national(who=EWA, name="Ewa Nowak"):
    """Somebody of the national team."""
    return viewer(
        account_id=who,
        name=name,
        role=Role.NATIONAL_TEAM,
        organisation_code="contactpoint",
        organisation_name="ContactPoint",
        organisation_kind="national",
        authority=None,
        services=(),
    )


EWA_HERE, LENA_HERE = national(), national(LENA, "Lena Fox")


def build_people():
    """All three, signed in."""
    for who, name, organisation, role in (
        (EWA, "Ewa Nowak", "contactpoint", "national_team"),
        (LENA, "Lena Fox", "contactpoint", "national_team"),
        (NINA, "Nina Cole", "105734", "practitioner"),
    ):
        build_account(who, name)
        Membership.objects.create(account_id=who, organisation_id=organisation, role=role, services=[])
        sign_in(who)
