"""Settings in a real browser: read, change with a preview, agree as the second person."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_setting_is_read_and_what_a_change_means_is_shown(visit, size):
    """Given a setting, when another value is tried, then the page says what it means."""
    window = visit("ewa", size=size).go("/today/")
    follow(window.page.get_by_role("link", name="Settings", exact=True))
    assert window.judge("11-settings").heading() == "Settings"
    follow(window.page.get_by_role("link", name="Change Searches in a minute"))
    assert window.judge("11-setting").heading() == "Searches in a minute"
    window.press("Show what it means").judge("11-setting-errors")
    assert window.follow_errors() == ["value", "because"]
    window.fill(value="200", because="Why not").press("Show what it means")
    assert "Enter a number from 10 to 120: the rules allow no other" in window.text()
    window.fill(value="50", because="Fewer are enough").press("Show what it means").judge("11-setting-means")
    assert "This is stricter than now." in window.text()


def test_two_people_loosen_a_setting_without_javascript(visit):
    """Given a setting, when one loosens it, then it waits for a second person, and can be taken back."""
    window = visit("ewa", javascript=False, proved=True).go("/settings/urgent_contact_minutes/")
    window.fill(value="45", because="Services asked for more time").press("Show what it means")
    assert "A second person of the national team has to agree" in window.text()
    window.press("Yes, change it")
    assert "It waits for a second person" in window.judge("11-setting-waits").text()
    assert window.page.get_by_role("button", name="Agree").count() == 0
    follow(window.page.get_by_role("button", name="Take back"))
    assert "taken back. Nothing changes." in window.judge("11-setting-taken-back").text()
