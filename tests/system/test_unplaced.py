"""A child for whom nobody is responsible is given to an authority, in a browser, wide and narrow (R58)."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]
# As a delivery leaves them that names no place and no service any more.
NOWHERE = """
    WITH gone AS (
        UPDATE search_identity SET la = '', town = '', postcode = '', sec = '', dis = '' WHERE child_id = (
            SELECT c.number FROM child c
            WHERE NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
                AND EXISTS (SELECT FROM search_identity s WHERE s.child_id = c.number AND s.la = '354')
                AND NOT EXISTS (SELECT FROM authority_move m WHERE m.child_id = c.number)
            ORDER BY c.number DESC LIMIT 1)
        RETURNING child_id)
    INSERT INTO unplaced_child SELECT DISTINCT child_id, timestamptz '2026-03-02 12:00Z' FROM gone
    RETURNING child_id
"""


@pytest.fixture
def nobodys(product):
    """One child belongs to no authority since March."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        assert owner.execute(NOWHERE).rowcount == 1


def test_a_child_is_given_to_an_authority_which_declines(visit, photograph, nobodys, size):
    """Given a child whom nobody answers for, when the nation asks an authority, then that may decline."""
    ewa = visit("ewa", size=size).go("/today/")
    follow(ewa.page.get_by_role("link", name="for whom nobody is responsible"))
    if size is WIDE:
        photograph(ewa, "unplaced")
    first = ewa.judge("18-unplaced").page.locator(".cp-table th a").first
    name = first.inner_text()
    follow(first)
    assert "Nobody is responsible since 2 March 2026." in ewa.text()
    ewa.judge("18-unplaced-child").press("Ask this authority").judge("18-unplaced-errors")
    assert ewa.follow_errors() == ["authority", "because"]
    assert name not in ewa.page.title() + ewa.page.url
    ewa.page.locator('[name="authority"]').select_option("353")
    ewa.page.locator('[name="because"][value="family_says"]').check()
    ewa.press("Ask this authority").judge("18-unplaced-asked")
    assert "is asked to accept; nobody is responsible until it has." in ewa.text()
    assert name not in ewa.page.locator(".cp-table").all_inner_texts()

    dev = visit("dev", size=size).go("/moves/")
    follow(dev.page.get_by_role("link", name=name, exact=True).first)
    assert "the family says that the child lives there" in dev.judge("18-given").text()
    dev.page.locator('[name="step"][value="decline"]').check()
    dev.page.locator('[name="reason"][value="not_here"]').check()
    dev.press("Record it").judge("18-declined")
    assert "until then nobody is responsible" in dev.text()


def test_that_a_child_left_england_is_written_down(visit, nobodys, size):
    """Given a child whom nobody answers for, when they left, then that is written down."""
    ewa = visit("ewa", size=size).go("/unplaced/")
    first = ewa.page.locator(".cp-table th a").first
    name = first.inner_text()
    follow(first)
    follow(ewa.page.get_by_role("link", name="The child has left England"))
    ewa.judge("18-left").press("Record that the child has left England").judge("18-left-errors")
    assert ewa.follow_errors() == ["left_on-day", "kind"]
    ewa.fill(left_on__day="1", left_on__month="9", left_on__year="2025")
    ewa.page.locator('[name="kind"][value="left_returning"]').check()
    ewa.press("Record that the child has left England").judge("18-left-done")
    assert "It stands on the record until a source says that the child is in England." in ewa.text()
    assert name not in ewa.page.locator(".cp-table").all_inner_texts()
