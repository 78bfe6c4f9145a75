"""The team of a national partner: accounts, contact points and use of its own; no child (R1, R52, R57)."""

import re
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role
from tests.factories.signed_in import sign_in as signed
from tests.factories.viewers import viewer
from tests.integration.web.test_people import NEW, one, page, proved, send, text

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role
from contactpoint.storage.models import Membership, Organisation, ServicePoint

PARTNERS = (("barnardos", "Barnardo's"), ("kids", "KIDS"))


@pytest.fixture(autouse=True)
def partners(db):
    Organisation.objects.bulk_create(
        Organisation(code=code, name=name, kind="charity", accredited_until=date(2099, 1, 1))
        for code, name in PARTNERS
    )


@pytest.fixture
def kay(account, sign_in):
    """Somebody of Barnardo's team, signed in."""
    account("kay@example.org", name="Kay Osborne", memberships=(("barnardos", "partner_team"),))
    return proved(sign_in("kay@example.org")[0])


def test_it_starts_from_today_and_sees_its_own_people_alone(kay, account):
    account("ours@example.org", name="Ours", memberships=(("barnardos", "practitioner"),))
    account("theirs@example.org", name="Theirs", memberships=(("kids", "practitioner"),))
    assert kay.get("/", follow=True).redirect_chain[-1][0] == "/today/"
    listed = text(kay.get("/people/"))
    assert "ours@example.org" in listed
    assert "theirs@example.org" not in listed
    assert kay.get(page(one("ours@example.org"))).status_code == 200
    for step in ("", "record/", "suspend/", "role/", "leave/kids/"):
        assert kay.get(page(one("theirs@example.org"), step)).status_code == 403, step


def test_it_invites_practitioners_to_its_own_body_alone(kay):
    ours = {**NEW, "organisation": "barnardos", "services": ["family_support"]}
    assert "Nadia Rahman has an account" in text(send(kay, "/people/invite/", **ours))
    made = Membership.objects.get(account=one("nadia@example.org"))
    assert (made.organisation_id, made.role) == ("barnardos", "practitioner")
    for elsewhere in ("kids", "la-353", "105734"):
        said = send(kay, "/people/invite/", **{**ours, "email": "x@example.org", "organisation": elsewhere})
        assert "No organisation of yours" in text(said), elsewhere


@pytest.mark.parametrize(
    "role", ["authority_team", "partner_team", "shield_team", "consent_team", "audit_reviewer"]
)
def test_it_gives_no_other_role(kay, role):
    asked = {**NEW, "email": "x@example.org", "organisation": "barnardos", "role": role}
    refused = send(kay, "/people/invite/", **asked)
    assert "R1" in text(refused) or refused.status_code == 403
    assert not Membership.objects.filter(account__email="x@example.org").exists()


def test_it_keeps_the_contact_points_of_its_own_body_alone(kay, account):
    for body in ("barnardos", "kids"):
        person = account(f"{body}@example.org", memberships=((body, "practitioner"),))
        Membership.objects.filter(account=person).update(services=["family_support"])
    listed = text(kay.get("/contact-points/"))
    assert "Barnardo" in listed
    assert "KIDS" not in listed
    address = "/contact-points/barnardos/family_support/"
    shown = re.search(r'name="seen" value="([^"]+)"', kay.get(address).content.decode())[1]
    send(kay, address, phone="0161 496 0700", hours="Weekdays 9 to 5", seen=shown)
    assert ServicePoint.objects.get(organisation_id="barnardos").phone == "0161 496 0700"
    assert kay.get("/contact-points/kids/family_support/").status_code == 403


def test_it_reads_how_its_people_use_the_directory_and_nothing_of_children(kay):
    today = kay.get("/today/")
    assert "How the directory is used" in text(today)
    assert "How good the data is" not in text(today)
    assert kay.get("/report/").status_code == 200
    for address in (
        "/find/",
        "/shields/",
        "/shields/loaded/",
        "/matching/",
        "/quality/",
        "/rollout/",
        "/use/",
        "/desk/",
    ):
        assert kay.get(address).status_code == 403, address
    assert "The national team accredits it" in text(kay.get("/organisations/"))
    assert kay.get("/organisations/barnardos/").status_code == 403


def test_it_says_how_the_directory_works(kay):
    assert "Say how it works" in text(kay.get("/today/"))
    assert kay.get("/feedback/").status_code == 200
    assert kay.get("/rollout/feedback/").status_code == 403


def test_the_database_refuses_another_body_and_any_role_that_two_give(kay):
    who = one("kay@example.org")
    signed(who.pk)
    by = viewer(
        account_id=who.pk,
        role=Role.PARTNER_TEAM,
        organisation_code="barnardos",
        organisation_kind="charity",
        authority=None,
    )
    tried = (
        (Action.GRANTED, "give_role(%s, gen_random_uuid(), 'kids', 'practitioner', '[]')"),
        (Action.ASKED_ROLE, "ask_role(%s, gen_random_uuid(), 'barnardos', 'audit_reviewer', '[]')"),
        (Action.LISTED_SHIELDS, "shields_to_do(%s, current_date, 50)"),
    )
    with acting_as_role("web"):
        for deed, call in tried:
            assert refused(record(deed, by=by, at=timezone.now(), details={}), call), call


def refused(event, call):
    """What the database says to a call for an event; empty where it answers."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {call}", [event])
    except DatabaseError as error:
        return str(error)
    return ""
