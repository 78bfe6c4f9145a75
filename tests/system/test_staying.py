"""A team records in a browser that somebody agreed to stay until 25, and that they took it back (R16)."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import known_to_the_council
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]


def test_who_agreed_stays_and_takes_it_back(visit, product, size):
    """Given somebody whom the council knows, when they agree, it stands there until they take it back."""
    child = known_to_the_council(product.england)
    window = visit("dev", size=size)
    window.search(forename=child.forename, surname=child.surname)
    follow(
        window.page.locator(
            ".cp-card", has_text=f"born {child.born.day} {child.born:%B %Y}"
        ).first.get_by_role("button")
    )
    window.say_how()
    follow(window.page.get_by_role("link", name="They agree to stay until 25"))
    window.judge("19-staying").press("Record that they agreed").judge("19-staying-errors")
    assert window.follow_errors() == ["given_on-day", "themselves"]
    window.fill(given_on__day="2", given_on__month="11", given_on__year="2026")
    window.page.locator('[name="themselves"][value="other"]').check()
    window.press("Record that they agreed")
    assert "Nobody can agree for them" in window.text()
    window.page.locator('[name="themselves"][value="they"]').check()
    window.press("Record that they agreed").judge("19-stays")
    assert (
        f"They agreed to stay here until {child.born.day} {child.born:%B} {child.born.year + 25}"
        in window.text()
    )
    assert child.surname not in window.page.title() + window.page.url
    window.press("They take it back").judge("19-stays-no-longer")
    assert "Recorded: they took it back." in window.text()
