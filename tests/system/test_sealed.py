"""Recording a sealed identity, naming the two who may cross, and crossing, in a browser: wide and narrow."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.pages import follow
from tests.system.people import somebody_like
from tests.system.test_shield_desk import choose, follow_link, number_of

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def wendy(product, people):
    """A second person of the national shield desk; who may cross is nobody again afterwards."""
    somebody_like(product, people, "wendy", like="imran", at="contactpoint", role="shield_team")
    yield
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute("DELETE FROM crosser")


def until_it_says(window, words, path="/shields/sealed/"):
    """Open the page anew until the worker has come by."""
    for _ in range(60):
        if words in window.go(path).text():
            return window
        window.page.wait_for_timeout(500)
    pytest.fail(f"{path} never said: {words}")


def test_a_pair_is_typed_by_two_and_crossed_by_the_two_who_are_named(visit, product, wendy, photograph):
    """R35: given a sealed pair typed by two, when two who are named cross, then the number is seen once."""
    amina = visit("amina")
    one = number_of(amina, a_mohamed(product.england, journey=8))
    other = number_of(amina, a_mohamed(product.england, journey=9))

    imran = visit("imran", proved=True).go("/shields/")
    follow_link(imran, "Sealed identities").judge("14-sealed-empty")
    assert "Nobody is named" in imran.text()
    follow_link(imran, "Record that two records are one child, sealed apart").judge("14-sealed-pair")
    imran.press("Send").judge("14-sealed-pair-errors")
    assert imran.follow_errors() == ["one", "other", "ground"]
    choose(imran.fill(one=one, other=other), ground="adoption").press("Send").judge("14-sealed-waiting")
    assert "It counts once a second person" in imran.text()
    photograph(imran, "sealed")

    second = visit("wendy", size=PHONE, proved=True).go("/today/")
    follow(second.page.get_by_role("link", name="1 sealed identity for a second person"))
    follow_link(second.judge("14-sealed-waiting"), "Type it too").judge("14-sealed-again")
    second.fill(one=other, other=one).press("Send")
    until_it_says(second, "Both typed the same, and it is recorded").judge("14-sealed-recorded")
    for window in (imran.go("/shields/sealed/"), second):
        assert one not in window.text()
        assert other not in window.text()

    name_the_two(visit, photograph)

    imran.go("/shields/sealed/")
    follow_link(imran, "Ask for the other number").judge("14-cross")
    imran.press("Ask").judge("14-cross-errors")
    assert imran.follow_errors() == ["number", "reason"]
    choose(imran.fill(number=one), reason="court_or_police").press("Ask").judge("14-sealed-asked")
    second.go("/today/")
    follow(second.page.get_by_role("link", name="1 crossing to agree to"))
    second.judge("14-sealed-to-agree").press("Agree to number 1").judge("14-sealed-agreed")
    until_it_says(imran, "It can be seen once").judge("14-sealed-ready")
    imran.press("See the number, once").judge("14-crossed")
    assert other in imran.text()
    assert one not in imran.text()
    follow_link(imran, "Leave this page")
    assert "See the number, once" not in imran.text()


def name_the_two(visit, photograph):
    """One of the national team names both; another agrees, on a telephone."""
    last = datetime.now(UTC) + timedelta(days=30)
    ewa = visit("ewa", proved=True).go("/today/")
    follow(ewa.page.get_by_role("link", name="2 people missing of the two who may cross"))
    ewa.judge("14-crossers-empty").press("Name them").judge("14-crossers-errors")
    assert ewa.follow_errors() == ["email", "until-day"]
    for email in ("imran@demo.example", "wendy@demo.example"):
        ewa.fill(email=email, until__day=str(last.day), until__month=str(last.month))
        ewa.fill(until__year=str(last.year)).press("Name them")
    lena = visit("lena", size=PHONE, proved=True).go("/crossers/").judge("14-crossers-to-agree")
    for name in ("Imran Siddiqui", "Wendy Hart"):
        lena.press(f"Agree that {name} may cross")
    lena.judge("14-crossers")
    assert "Nobody can cross now" not in lena.text()
    photograph(visit("lena", size=WIDE, proved=True).go("/crossers/"), "crossers")
