"""A whole roll-out wave, from its checklist to the first search, in a browser (R3, R26)."""

import json
from dataclasses import replace

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
LIKE = """
    INSERT INTO account SELECT (jsonb_populate_record(NULL::account, to_jsonb(a) || %(changed)s)).*
    FROM account a WHERE a.email = %(like)s RETURNING id
"""
FACTOR = """
    INSERT INTO mfa_authenticator (type, data, created_at, last_used_at, user_id)
    SELECT type, data, created_at, last_used_at, %(who)s FROM mfa_authenticator
    WHERE type = 'totp' AND user_id = (SELECT id FROM account WHERE email = %(like)s)
"""
MEMBERSHIP = "INSERT INTO membership (account_id, organisation_id, role, services) VALUES (%s, %s, %s, %s)"


@pytest.fixture(scope="module")
def rochdale(product, people):
    """People of the second authority."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        (school,) = owner.execute(
            "SELECT code FROM organisation WHERE authority = '354' AND kind = 'school' ORDER BY code LIMIT 1"
        ).fetchone()
        for name, like, organisation, role, services in (
            ("nell", "amina", school, "practitioner", ["school"]),
            ("rhys", "dev", "la-354", "authority_team", ["childrens_social_care"]),
            ("sian", "hana", "la-354", "shield_team", []),
        ):
            changed = {"email": f"{name}@demo.example", "name": f"{name.title()} Hart"}
            who = next(iter(owner.execute("SELECT gen_random_uuid()").fetchone()))
            given = {"changed": json.dumps({**changed, "id": str(who)}), "like": f"{like}@demo.example"}
            assert owner.execute(LIKE, given).rowcount == 1
            assert owner.execute(FACTOR, {"who": who, "like": given["like"]}).rowcount == 1
            owner.execute(MEMBERSHIP, [who, organisation, role, json.dumps(services)])
            people[name] = replace(people[like], email=changed["email"])
        owner.execute(
            "INSERT INTO service_point (organisation_id, service, phone, hours, night, holidays, "
            "confirmed_on, confirmed_by_id) SELECT %s, 'school', '0161 496 0800', 'weekdays', '', '', "
            "current_date, id FROM account WHERE email = 'rhys@demo.example'",
            [school],
        )
        owner.execute("UPDATE source SET promised_days = 400 WHERE authority = '354'")
        owner.execute(
            "UPDATE organisation SET accredited_until = current_date + 300 WHERE code IN ('la-354', %s)",
            [school],
        )
    yield
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute("DELETE FROM wave_body")


def plan(window, name):
    follow(window.go("/today/").page.get_by_role("link", name="waves for a second person"))
    window.judge("15-rollout")
    follow(window.page.get_by_role("link", name="Plan a wave"))
    window.judge("15-plan").press("Plan it").judge("15-plan-errors")
    assert window.follow_errors() == ["name", "kind", "planned_on-day", "bodies"]
    window.page.locator('[name="kind"][value="pathfinder"]').check()
    day = {"planned_on__day": "1", "planned_on__month": "3", "planned_on__year": "2099"}
    window.fill(name=name, bodies="la-354", **day).press("Plan it")
    return window.judge("15-wave")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_wave_from_checklist_to_first_search(visit, rochdale, photograph, size):
    """Given a planned wave, when what is missing is there and two people open it, then its people search."""
    ewa = plan(visit("ewa", size=size, proved=True), "North West pathfinder")
    address = ewa.page.url
    assert "Existing protections loaded and checked" in ewa.text()
    if size is WIDE:
        photograph(ewa, "15-wave", whole=True)

    nell = visit("nell", size=size).go("/find/")
    assert "your area is not open yet: it is to open on 1 March 2099" in nell.judge("15-waits").text()

    sian = visit("sian", size=size).go("/shields/")
    follow(sian.page.get_by_role("link", name="existing protections were loaded"))
    sian.judge("15-protections").press("Record it").judge("15-protections-errors")
    assert sian.follow_errors() == ["how"]
    sian.page.locator('[name="how"][value="loaded"]').check()
    assert "The national team sees it" in sian.press("Record it").judge("15-protections-said").text()

    ewa.page.goto(address)
    follow(ewa.page.get_by_role("button", name="Ask that it be opened"))
    ewa.judge("15-step").press("Ask that it be opened")
    assert "It opens when a colleague agrees." in ewa.judge("15-asked").text()
    assert ewa.page.get_by_role("button", name="Agree, and open it").count() == 0

    lena = visit("lena", size=size, proved=True).go("/today/")
    follow(lena.page.get_by_role("link", name="1 wave for a second person"))
    follow(lena.page.get_by_role("link", name="North West pathfinder"))
    follow(lena.page.get_by_role("button", name="Agree, and open it"))
    assert "The wave is open." in lena.press("Agree, and open it").judge("15-open").text()

    nell.search(forename="Zz", surname="Zzyzx", date_of_birth__day="1", date_of_birth__month="2",
                date_of_birth__year="2015")  # fmt: skip
    assert nell.judge("15-first-search").heading() == "No record matches", "searched, and answered"

    follow(lena.page.get_by_role("button", name="Shut it"))
    lena.press("Shut it").judge("15-shut-errors")
    assert lena.follow_errors() == ["because"]
    lena.fill(because="A feed went wrong").press("Shut it")
    assert "Feeds" in lena.judge("15-shut").text()
    assert "your area is not open yet" in nell.go("/find/").text()
    follow(lena.page.get_by_role("button", name="Drop the plan"))
    lena.fill(because="Another time").press("Drop the plan")
    assert "The plan is dropped." in lena.judge("15-dropped").text()
    assert nell.go("/find/").heading() == "Find a child"
