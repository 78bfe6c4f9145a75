"""Known pairs in a real browser: ten decided by keyboard, then what is true is told (R20)."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system


def test_ten_are_decided_by_keyboard_and_learnt_from(visit):
    """Given ten pairs, when each is decided by keys, then what is true and how alike one decides is told."""
    window = visit("ewa", size=WIDE).go("/matching/")
    follow(window.page.get_by_role("link", name="Known pairs: how alike we decide"))
    window.judge("19-known-pair")
    keys = window.page.keyboard
    for number in range(1, 11):
        assert f"Pair {number} of 10" in window.text()
        window.page.get_by_role("link", name="Decide", exact=True).press("Enter")
        keys.press("Tab")
        with window.page.expect_navigation():
            keys.press("Enter")
    text = window.judge("19-known-pairs-done").text()
    assert "You have decided the ten of this quarter" in text
    assert "1 person has decided all ten" in text
    window.page.set_viewport_size(PHONE)
    window.judge("19-known-pairs-done")


def test_a_pair_is_read_on_a_telephone(visit):
    """Given known pairs, when one is opened on a telephone, then it reads well."""
    window = visit("dev", size=PHONE).go("/matching/known/").judge("19-known-pair")
    assert window.heading() == "Known pairs"
    assert "Pair 1 of 10" in window.text()
