"""Pairing authorities whose shield desks second each other, in a browser: wide and narrow (R31)."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE
from tests.system.pages import follow

pytestmark = pytest.mark.system


@pytest.fixture
def afterwards(product):
    """Nothing stays paired."""
    yield
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute("DELETE FROM paired_authority")


def test_two_people_pair_two_desks_and_see_which_are_small(visit, photograph, afterwards):
    """Given a small shield desk, when two people pair it with another, then it holds from now on."""
    ewa = visit("ewa", proved=True).go("/reference/")
    follow(ewa.page.get_by_role("link", name="Shield desks that second each other"))
    ewa.judge("15-desks").press("Ask a colleague to agree").judge("15-desks-errors")
    assert ewa.follow_errors() == ["authority", "second", "because"]
    assert "fewer than two" in ewa.text()
    ewa.page.locator('[name="authority"]').select_option(index=1)
    ewa.page.locator('[name="second"]').select_option(index=3)
    ewa.page.locator('[name="both_ways"]').check()
    ewa.fill(because="The desk is one person").press("Ask a colleague to agree").judge("15-desks-asked")
    assert "are each other’s second desk" in ewa.text()
    photograph(ewa, "pairings")
    lena = visit("lena", size=PHONE, proved=True).go("/today/")
    follow(lena.page.get_by_role("link", name="1 pairing of shield desks for a second person"))
    lena.judge("15-desks-to-agree")
    follow(lena.page.get_by_role("button", name="Agree").first)
    lena.judge("15-desks-paired")
    assert "It holds from now on." in lena.text()
