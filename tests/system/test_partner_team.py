"""The team of a national partner: its own people, contact points and use, and no child (R1, R57)."""

import pytest

from tests.system.conftest import PHONE, WIDE

pytestmark = pytest.mark.system


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_partner_keeps_its_own_and_looks_for_nobody(visit, size):
    """Given a partner's team, when it starts work, then all it is offered opens and none of it is a child."""
    window = visit("kay", size=size).go("/")
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

    people = window.go("/people/").judge("16-partner-people")
    assert "kay@demo.example" in people.text()
    assert "dev@demo.example" not in people.text()
    assert "The national team accredits it" in window.go("/organisations/").judge("16-partner-body").text()
    window.go("/contact-points/").judge("16-partner-points")
    window.go("/report/").judge("16-partner-use")
