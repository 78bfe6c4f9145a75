"""A whole roll-out wave, from its checklist to the first search, in a browser (R3, R26)."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.england import of_authority
from tests.system.pages import follow
from tests.system.people import code_to_type, somebody_like
from tests.system.post import letters
from tests.system.test_main_journey import open_record_of

pytestmark = pytest.mark.system
OWN = "three grey dogs walking home"  # a password
# What the worker does within seconds, and what it does at night: who is invited is told, a day is counted.
INVITE = """
import django; django.setup()
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.tell_staff import tell_invited
tell_invited(by=system_viewer("worker"), at=timezone.now())
"""
UNCOUNTED = "DELETE FROM use_count WHERE day >= current_date"
# From the first wave on people whom other tests sign in are not let in: afterwards none was planned.
ROLLED_BACK = """
    ALTER TABLE wave_step DISABLE TRIGGER wave_step_append_only;
    UPDATE feedback SET wave_id = NULL; DELETE FROM wave_body; DELETE FROM wave_step; DELETE FROM wave;
    ALTER TABLE wave_step ENABLE TRIGGER wave_step_append_only
"""
NIGHT = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.count_use import count_use
count_use(by=system_viewer("worker"), at=timezone.now() + timedelta(days=1))
"""


@pytest.fixture(scope="module")
def rochdale(product, people):
    """People of the second authority, and the code of a school there."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        (school,) = owner.execute(
            "SELECT code FROM organisation WHERE authority = '354' AND kind = 'school' ORDER BY code LIMIT 1"
        ).fetchone()
    somebody_like(product, people, "nell", like="amina", at=school, services=["school"])
    somebody_like(product, people, "rhys", like="dev", at="la-354", role="authority_team",
                  services=["childrens_social_care"])  # fmt: skip
    somebody_like(product, people, "sian", like="hana", at="la-354", role="shield_team")
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute(
            "INSERT INTO service_point (organisation_id, service, phone, hours, night, holidays, "
            "confirmed_on, confirmed_by_id) SELECT %s, 'school', '0161 496 0800', 'weekdays', '', '', "
            "current_date, id FROM account WHERE email = 'rhys@demo.example'",
            [school],
        )
        owner.execute("UPDATE source SET promised_days = 400 WHERE authority = '354'")
    yield school
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute(ROLLED_BACK)


@pytest.fixture
def night(product):
    """Lets the worker count today as it does at night; before and afterwards today is not counted."""
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        owner.execute(UNCOUNTED)
        yield lambda: product.as_worker(NIGHT)
        owner.execute(UNCOUNTED)


def plan(window, name):
    follow(window.go("/today/").page.get_by_role("link", name="waves for a second person"))
    window.judge("15-rollout")
    follow(window.page.get_by_role("link", name="Plan a wave"))
    window.judge("15-plan").press("Plan it").judge("15-plan-errors")
    first = ["all_wait"] if window.page.locator('[name="all_wait"]').count() else []
    assert window.follow_errors() == ["name", "kind", "planned_on-day", "bodies", *first]
    if first:
        window.page.locator('[name="all_wait"]').check()
    window.page.locator('[name="kind"][value="pathfinder"]').check()
    day = {"planned_on__day": "1", "planned_on__month": "3", "planned_on__year": "2099"}
    window.fill(name=name, bodies="la-354", **day).press("Plan it")
    return window.judge("15-wave")


def invited(visit, product, school, name, size):
    """Invite somebody to a school of Rochdale; return the window of theirs, in which they have signed in."""
    email = f"{name.partition(' ')[0].lower()}@demo.example"
    trained = datetime.now(UTC).date() + timedelta(days=300)
    team = visit("rhys", size=size, proved=True).go("/people/invite/")
    team.fill(name=name, email=email, job_title="Head teacher", organisation=school)
    for box, value in (("role", "practitioner"), ("services", "school")):
        team.page.locator(f'[name="{box}"][value="{value}"]').check()
    for day in ("checked_on", "agreement_signed_on"):
        team.fill(**{f"{day}__day": "1", f"{day}__month": "6", f"{day}__year": "2026"})
    team.fill(trained_until__day=str(trained.day), trained_until__month=str(trained.month),
              trained_until__year=str(trained.year))  # fmt: skip
    assert "They are told by e-mail" in team.press("Invite").judge("15-invited").text()

    product.as_worker(INVITE)
    (said,) = [text for to, _, text in letters(product) if to == email][-1:]
    given = said.partition("for one use: ")[2].split()[0]
    window = visit(size=size).go("/account/login/").fill(login=email, password=given).press("Continue")
    secret = window.judge("15-joins").page.locator("#totp-secret").inner_text()
    window.fill(code=code_to_type(secret)).press("Continue")
    window.judge("15-joins-next")
    assert window.heading() == "Choose a password of your own"
    return window.fill(oldpassword=given, password1=OWN, password2=OWN).press("Change password")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_wave_from_checklist_to_first_search(visit, product, rochdale, night, photograph, size):
    """Given a planned wave, when what it needs is there and two open it, then somebody new searches."""
    ewa = plan(visit("ewa", size=size, proved=True), "North West pathfinder")
    address = ewa.page.url
    assert "Existing protections loaded and checked" in ewa.text()
    assert "Nobody has searched yet" in ewa.text()
    if size is WIDE:
        photograph(ewa, "15-wave", whole=True)

    elsewhere = visit("amina", size=size).go("/find/")
    assert "your area is not open yet" in elsewhere.text(), "it is in no wave"
    nell = visit("nell", size=size).go("/find/")
    assert "your area is not open yet: it is to open on 1 March 2099" in nell.judge("15-waits").text()
    name = "Tess Vane" if size is WIDE else "Umar Vane"
    newly = invited(visit, product, rochdale, name, size)
    assert "your area is not open yet" in newly.go("/find/").text()

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

    child = of_authority(product.england, "354", 0 if size is WIDE else 1)
    open_record_of(newly, child)
    assert child.surname in newly.judge("15-first-record").heading()
    assert newly.page.locator(".cp-contact").count() >= 1
    night()
    searched = lena.go(address).judge("15-searched").page.locator("tr", has_text="First search")
    assert "Yes" in searched.inner_text()

    follow(lena.page.get_by_role("button", name="Shut it"))
    lena.press("Shut it").judge("15-shut-errors")
    assert lena.follow_errors() == ["because"]
    lena.fill(because="A feed went wrong").press("Shut it")
    assert "Feeds" in lena.judge("15-shut").text()
    assert "your area is not open yet" in nell.go("/find/").text()
    follow(lena.page.get_by_role("button", name="Drop the plan"))
    lena.fill(because="Another time").press("Drop the plan")
    assert "The plan is dropped." in lena.judge("15-dropped").text()
    assert "In no wave, and so not open" in lena.text()
    assert "your area is not open yet" in nell.go("/find/").text(), "one person lets nobody in"
