"""A team writes down in a browser that a child died or left, reads it, and takes it back (R49, R50)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import known_to_the_council, of_oldham
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]


def record_of(window, child):
    """Find and open a child."""
    window.search(forename=child.forename, surname=child.surname)
    born = f"born {child.born.day} {child.born:%B %Y}"
    follow(window.page.locator(".cp-card", has_text=born).first.get_by_role("button"))
    return window.say_how()


def test_that_a_child_died_is_written_down_and_taken_back(visit, product, size):
    """Given a child whom the council knows, when they died, the record says so until it is taken back."""
    child = known_to_the_council(product.england)
    window = record_of(visit("dev", size=size), child)
    follow(window.page.get_by_role("link", name="This child has died"))
    window.judge("20-died").press("Record that the child has died").judge("20-died-errors")
    assert window.follow_errors() == ["died_on-day", "known_from", "because"]
    on = datetime.now(UTC).date() - timedelta(days=25)
    window.fill(died_on__day=str(on.day), died_on__month=str(on.month), died_on__year=str(on.year))
    window.page.locator('[name="known_from"][value="hospital"]').check()
    window.page.locator('[name="because"][value="not_told"]').check()
    window.press("Record that the child has died").judge("20-died-done")
    assert f"Died on {on.day} {on:%B %Y}" in window.text()
    assert child.surname not in window.page.title() + window.page.url
    follow(window.page.get_by_role("link", name="Back to the record"))
    assert f"Died on {on.day} {on:%B %Y}" in window.judge("20-died-record").text()
    follow(window.page.get_by_role("link", name="This child has died"))
    window.press("Take it back").judge("20-died-back-errors")
    assert window.follow_errors() == ["because"]
    window.page.locator('[name="because"][value="wrong_child"]').check()
    window.press("Take it back").judge("20-died-back")
    assert "What you wrote down counts no longer" in window.text()
    follow(window.page.get_by_role("link", name="Back to the record"))
    assert "Died on" not in window.text()


def test_that_a_child_left_england_is_written_down_and_taken_back(visit, product, size):
    """Given a child, when they leave England, the record says so until it is taken back."""
    window = record_of(visit("dev", size=size), of_oldham(product.england, 23))
    follow(window.page.get_by_role("link", name="This child has left England"))
    window.judge("20-left").press("Record that the child has left England").judge("20-left-errors")
    assert window.follow_errors() == ["left_on-day", "kind", "known_from", "because"]
    on = datetime.now(UTC).date() - timedelta(days=25)
    window.fill(left_on__day=str(on.day), left_on__month=str(on.month), left_on__year=str(on.year))
    for field in ("kind", "known_from", "because"):
        window.page.locator(f'[name="{field}"]').first.check()
    window.press("Record that the child has left England").judge("20-left-done")
    window.press("Take it back").judge("20-left-back-errors")
    window.page.locator('[name="because"]').first.check()
    window.press("Take it back")
    assert "What you wrote down counts no longer" in window.text()
