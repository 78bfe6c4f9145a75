"""A child moves between authorities, in a browser, wide and narrow, with axe (R58, R59)."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]
MOVE = """
    INSERT INTO authority_move (child_id, from_authority, to_authority, opened_at, answer_by)
    SELECT c.number, '354', '353', now(), current_date + 14 FROM child c
    WHERE NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
        AND EXISTS (SELECT FROM search_identity s WHERE s.child_id = c.number AND s.la = '353')
        AND NOT EXISTS (SELECT FROM authority_move m WHERE m.child_id = c.number)
    ORDER BY c.number LIMIT 2
"""


@pytest.fixture
def two_children(product):
    """By what is said of them they belong to Oldham, and Rochdale is responsible."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        assert owner.execute(MOVE).rowcount == 2


def test_a_child_who_comes_is_accepted_or_declined(visit, two_children, size):
    """Given two who come, when the team declines one and accepts one, then each says what follows."""
    window = visit("dev", size=size).go("/today/")
    follow(window.page.get_by_role("link", name="to answer for"))
    window.judge("13-moves")
    waiting = window.page.locator(".cp-table").first.locator("th a")
    name = waiting.first.inner_text()
    follow(waiting.first)
    window.judge("13-move").press("Record it").judge("13-move-errors")
    assert window.follow_errors() == ["step"]
    assert name not in window.page.title() + window.page.url
    window.page.locator('[name="step"][value="decline"]').check()
    window.press("Record it")
    assert window.follow_errors() == ["reason"], "whoever says no says why"
    window.page.locator('[name="reason"][value="not_here"]').check()
    window.press("Record it")
    assert "The old authority stays responsible" in window.text()
    follow(window.page.locator(".cp-table").first.locator("th a").first)
    window.page.locator('[name="step"][value="accept"]').check()
    window.press("Record it").judge("13-moves-answered")
    assert "The new authority is responsible from now on." in window.text()


def test_children_who_come_are_accepted_together_with_the_keyboard(visit, two_children, size):
    """Given two who come, when both are ticked, then one press accepts them; none ticked is said first."""
    window = visit("dev", size=size).go("/moves/")
    window.press("Accept those ticked").judge("13-moves-errors")
    assert window.follow_errors() == ["ticked"]
    boxes = window.page.locator('[name="ticked"]')
    waiting = boxes.count()
    for place in range(waiting):
        boxes.nth(place).focus()
        window.page.keyboard.press("Space")
    window.press("Accept those ticked").judge("13-moves-accepted")
    assert f"You are responsible for {waiting} children more from now on." in window.text()
    assert window.page.locator('[name="ticked"]').count() == 0
