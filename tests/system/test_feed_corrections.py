"""Corrections to whoever runs a feed, in a real browser: wide and narrow."""

import csv
from pathlib import Path

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of

pytestmark = pytest.mark.system


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_source_without_a_team_is_asked_through_its_feed(visit, product, size):
    """R25: given a source that no team here answers for, when it is wrong, whoever runs its feed answers."""
    child = a_mohamed(product.england, journey=8)
    right = f"{size['width']} Quarry Bank"
    window = visit("amina", size=size)
    open_record_of(window, child)
    name = window.heading()
    window.press("Something here is wrong")
    window.page.get_by_label("Address", exact=True).check()
    window.press("Continue")
    window.page.get_by_label("GP registrations").first.check()
    window.fill(right=right)
    window.page.get_by_label("A parent or carer told me").check()
    window.press("Ask for the correction")

    team = visit("ewa", size=size, proved=True).go("/feeds/")
    follow(team.page.get_by_role("link", name="Corrections, feed by feed"))
    team.judge("corrections-by-feed")
    follow(team.page.get_by_role("link", name="GP registrations").first)
    team.judge("feed-corrections")
    assert right in team.text()
    assert name not in team.text(), "the list goes by the source's own number"
    with team.page.expect_download() as taken:
        team.tap("Download them as CSV")
    with Path(taken.value.path()).open(encoding="utf-8-sig", newline="") as file:
        assert right in {row["said_to_be_right"] for row in csv.DictReader(file)}

    card = team.page.locator(".cp-card").filter(has_text=right)
    follow(card.get_by_role("button", name="It will be corrected"))
    assert right not in team.judge("feed-corrections-answered").text()
    asked = window.go("/corrections/").page.get_by_role("row").filter(has_text=right)
    assert "The source agrees" in asked.inner_text()
