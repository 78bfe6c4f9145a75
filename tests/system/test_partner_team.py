"""A national partner: its people, contact points, and use, which its own reviewers review (R1, R52, R57)."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow
from tests.system.people import somebody_like

pytestmark = pytest.mark.system
# A night found that somebody of a partner of twenty people did far more than others; their manager is named.
FOUND = """
    INSERT INTO use_item (day, account_id, organisation_id, child, team_size, restricted, reviewed_by, codes,
        weight, explained, events, state, made_at)
    SELECT current_date - %(back)s::int, id, 'kids', '', 20, false, 'at:kids', '{volume}', 2, '', '{}',
        'waiting', now()
    FROM account WHERE email = 'lou@demo.example'
"""
MANAGED = """
    UPDATE account SET manager_id = (SELECT id FROM account WHERE email = 'kay@demo.example')
    WHERE email = 'lou@demo.example'
"""
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@pytest.fixture
def found(product, people, size):
    """Somebody of KIDS whose use waits, and its reviewer; of each size a use of its own."""
    services = ["family_support"]
    somebody_like(product, people, "lou", like="ben", at="kids", services=services, job_title="Family worker")
    somebody_like(product, people, "kit", like="hal", at="kids", role="audit_reviewer")
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute(MANAGED)
        owner.execute(FOUND, {"back": 1 if size is WIDE else 2})


@SIZES
def test_a_partner_keeps_its_own_and_looks_for_nobody(visit, photograph, size):
    """Given a partner's team, when it starts work, then all it is offered opens and none of it is a child."""
    window = visit("kay", size=size, proved=True).go("/")
    assert window.heading() == "Today"
    window.judge("16-partner-today")
    assert window.page.get_by_role("link", name="Find a child").count() == 0
    assert window.page.get_by_role("link", name="Shield desk").count() == 0
    offered = window.page.locator("main a").evaluate_all(
        "links => links.map(one => one.getAttribute('href'))"
    )
    assert {"/people/", "/contact-points/", "/report/"} <= set(offered)
    for address in offered:
        assert window.go(address).heading() != "You cannot open this page", address

    assert "The national team accredits it" in window.go("/organisations/").judge("16-partner-body").text()
    window.go("/report/").judge("16-partner-use")
    follow(window.go("/contact-points/").page.get_by_role("link", name="Add a service of your organisations"))
    window.page.locator('[name="organisation"]').select_option(index=1)
    window.page.locator('[name="service"]').select_option(
        label="Young carers" if size is WIDE else "Youth work"
    )
    window.press("Go on").fill(phone="0161 496 0701", hours="Weekdays 9 to 5").press("Save")
    assert "0161 496 0701" in window.go("/contact-points/").judge("16-partner-points").text()
    assert "Of your organisation" in window.text()
    assert "Oldham" not in window.text()
    if size is WIDE:
        photograph(window, "contact-points-partner", whole=True)

    name = "Pia Marsh" if size is WIDE else "Rob Marsh"
    invite(window.go("/people/invite/"), name)
    assert f"{name} has an account" in window.judge("16-partner-invited").text()
    people = window.go("/people/").judge("16-partner-people")
    assert "kay@demo.example" in people.text()
    assert "dev@demo.example" not in people.text()
    follow(people.page.get_by_role("link", name=name))
    follow(people.page.get_by_role("link", name="Has left"))
    people.page.get_by_label("Nobody").check()
    assert f"{name} is signed out everywhere" in people.press("End their access now").text()


def invite(window, name):
    """Fill the form of whoever joins KIDS, all of it proved, and send it."""
    trained = datetime.now(UTC).date() + timedelta(days=300)
    email = f"{name.partition(' ')[0].lower()}@demo.example"
    window.fill(name=name, email=email, job_title="Family worker", organisation="kids")
    for box, value in (("role", "practitioner"), ("services", "family_support")):
        window.page.locator(f'[name="{box}"][value="{value}"]').check()
    for day in ("checked_on", "agreement_signed_on"):
        window.fill(**{f"{day}__day": "1", f"{day}__month": "6", f"{day}__year": "2026"})
    window.fill(trained_until__day=str(trained.day), trained_until__month=str(trained.month),
                trained_until__year=str(trained.year))  # fmt: skip
    window.press("Invite")


@SIZES
def test_a_partners_reviewer_asks_its_team_and_decides_about_its_people(visit, found, size):
    """Given a use by a partner's people, when its reviewer has asked, then they decide and no other."""
    kit = visit("kit", size=size).go("/")
    assert kit.heading() == "Today"
    assert kit.page.get_by_role("link", name="Find a child").count() == 0
    follow(kit.page.get_by_role("link", name="1 look to review"))
    follow(kit.judge("16-partner-use-list").page.get_by_role("link", name="Lou Hart"))
    address = kit.judge("16-partner-use-item").page.url
    assert visit("hal", size=size).go(address).heading() != kit.heading(), (
        "an authority's reviewer has it not"
    )
    kit.page.get_by_label("Ask the manager").check()
    kit.fill(because="What was the work on that day?").press("Record it")

    kay = visit("kay", size=size).go("/team/")
    follow(kay.page.get_by_role("link", name="1 question of a reviewer about your team"))
    kay.fill(said="The list of a new group came that day").press("Send the answer")
    assert "Your answer is recorded." in kay.text()

    kit.go(address)
    assert "The list of a new group came that day" in kit.text()
    kit.page.get_by_label("It was justified").check()
    kit.fill(because="It fits the day of the new group").press("Record it")
    assert "Recorded: it was justified." in kit.text()
    assert "Lou Hart" in kit.go("/use/?closed=1").text()
