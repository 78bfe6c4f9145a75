"""Accounts are made and organisations accredited by whoever runs the service, with their events (R1, R3)."""

from datetime import date, timedelta

import pytest
from tests.factories.directory import NOW, acting_as_role
from tests.factories.viewers import viewer

from contactpoint.actions.run.accredit_organisation import accredit_organisation
from contactpoint.actions.run.create_account import create_account, create_first_account
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.storage.models import Membership, Organisation

pytestmark = pytest.mark.django_db
SYSTEM = system_viewer("command line")
PERSON = {
    "email": "Keisha@Example.org",
    "password": "correct horse battery staple",
    "name": "Keisha Barrow",
    "organisation": "bridgewater-nhs",
    "role": Role.PRACTITIONER,
    "services": ("school_nurse",),
    "by": SYSTEM,
    "at": NOW,
}


@pytest.fixture
def organisation(db):
    with acting_as_role("worker"):
        Organisation.objects.create(code="bridgewater-nhs", name="Bridgewater", kind="nhs_trust")
        accredit_organisation(code="bridgewater-nhs", until=date(2027, 12, 31), by=SYSTEM, at=NOW)


def test_an_account_acts_for_an_accredited_organisation(organisation):
    account = create_account(**PERSON)
    membership = Membership.objects.select_related("organisation", "account").get(account_id=account)
    assert membership.account.email == "keisha@example.org"
    assert membership.services == ["school_nurse"]
    assert membership.organisation.accredited_until == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"password": "short"}, InvalidInput),
        ({"services": ("piano",)}, InvalidInput),
        ({"organisation": "nowhere"}, NotFound),
        ({"email": "keisha@example.org"}, Conflict),
    ],
    ids=str,
)
def test_what_cannot_be(organisation, changed, fault):
    if fault is Conflict:
        create_account(**PERSON)
    with pytest.raises(fault):
        create_account(**{**PERSON, **changed})


def test_a_practitioner_does_neither(organisation):
    assert isinstance(create_account(**{**PERSON, "by": viewer()}), Refusal)
    late = date(2099, 1, 1)
    refused = accredit_organisation(code="bridgewater-nhs", until=late, by=viewer(), at=NOW)
    assert isinstance(refused, Refusal)
    assert not Organisation.objects.filter(accredited_until=late).exists()


def test_an_organisation_that_is_not_there_is_not_accredited(organisation):
    with pytest.raises(NotFound):
        accredit_organisation(code="nowhere", until=date(2027, 1, 1), by=SYSTEM, at=NOW)


FIRST = {
    "email": "ewa@example.org",
    "name": "Ewa Kowalska",
    "checked_on": NOW.date() - timedelta(days=90),
    "trained_until": NOW.date() + timedelta(days=300),
    "agreement_signed_on": NOW.date(),
    "by": SYSTEM,
    "at": NOW,
}


def test_the_first_two_of_the_national_team_are_made_by_whoever_runs_the_service(organisation):
    """R1, R3: nobody can be invited before there is somebody; after two, only by them."""
    ewa = create_first_account(**FIRST)
    held = Membership.objects.select_related("organisation", "account").get(account_id=ewa)
    assert (held.organisation_id, held.role) == ("contactpoint", "national_team")
    assert held.organisation.accredited_until == NOW.date() + timedelta(days=365)
    assert held.account.agreement_signed_on == NOW.date()
    create_first_account(**{**FIRST, "email": "noor@example.org"})
    with pytest.raises(Conflict, match="has two people"):
        create_first_account(**{**FIRST, "email": "third@example.org"})
    Membership.objects.filter(account_id=ewa).update(ended_at=NOW)
    create_first_account(**{**FIRST, "email": "third@example.org"})


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"checked_on": NOW.date() + timedelta(days=1)}, InvalidInput),
        ({"agreement_signed_on": NOW.date() + timedelta(days=1)}, InvalidInput),
        ({"trained_until": NOW.date()}, InvalidInput),
    ],
    ids=str,
)
def test_a_first_account_is_in_good_standing_or_none(organisation, changed, fault):
    with pytest.raises(fault):
        create_first_account(**{**FIRST, **changed})
    assert not Membership.objects.filter(organisation_id="contactpoint").exists()


def test_only_whoever_runs_the_service_makes_one(organisation):
    refused = create_first_account(**{**FIRST, "by": viewer(role=Role.NATIONAL_TEAM)})
    assert isinstance(refused, Refusal)
    assert not Membership.objects.filter(organisation_id="contactpoint").exists()
