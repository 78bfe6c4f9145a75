"""A team writes down in a browser that a child died, reads it on the record, and takes it back (R49)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import known_to_the_council
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]


def test_that_a_child_died_is_written_down_and_taken_back(visit, product, size):
    """Given a child whom the council knows, when they died, the record says so until it is taken back."""
    child = known_to_the_council(product.england)
    window = visit("dev", size=size)
    window.search(forename=child.forename, surname=child.surname)
    follow(
        window.page.locator(
            ".cp-card", has_text=f"born {child.born.day} {child.born:%B %Y}"
        ).first.get_by_role("button")
    )
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
    window.page.locator('[name="because"][value="wrong_child"]').check()
    window.press("Take it back").judge("20-died-back")
    assert "What you wrote down counts no longer" in window.text()
    follow(window.page.get_by_role("link", name="Back to the record"))
    assert "Died on" not in window.text()
