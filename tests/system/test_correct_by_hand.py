"""What a team said by hand is corrected and put back, in a real browser: wide and narrow."""

import time

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]
PATIENCE = 90  # seconds for the worker
BORN = {"date_of_birth__day": "15", "date_of_birth__month": "3", "date_of_birth__year": "2018"}


def until(window, words, again):
    """Look again until the worker has loaded what was sent."""
    deadline = time.monotonic() + PATIENCE
    while words not in again().text():
        assert time.monotonic() < deadline, "the worker loaded nothing"
        time.sleep(1)
    return window


def test_what_was_said_by_hand_is_corrected_and_put_back(visit, size):
    """R23, R25: given a name typed wrongly, when it is put right, then what it said can be put back."""
    place = "ab"[size["width"] < 600]
    wrong, right = f"Zwyck{place}e", f"Zwick{place}e"
    window = visit("dev", size=size).search(forename="Wquilla", surname=wrong, **BORN)
    follow(window.page.get_by_role("link", name="make one by hand"))
    if window.page.locator('[name="none_of_these"]').count():
        window.page.locator('[name="none_of_these"]').check()
    window.page.locator('[name="reason"][value="new_to_england"]').check()
    window.press("Make the record")
    until(window, wrong, lambda: window.search(forename="Wquilla", surname=wrong, **BORN))
    follow(window.page.locator(".cp-card", has_text=wrong).first.get_by_role("button"))
    window.say_how()
    record = window.page.url

    follow(window.page.get_by_role("link", name="Correct what your team said by hand"))
    form = window.judge("by-hand").page.url
    window.press("Correct it").judge("by-hand-errors")
    assert window.follow_errors() == ["reason"]
    window.page.locator('[name="reason"][value="mistyped"]').check()
    window.press("Correct it")
    assert window.follow_errors() == ["surname"]
    window.fill(surname=right).press("Correct it").judge("by-hand-sent")
    assert "What was said before stays in the history" in window.text()
    until(window, right, lambda: window.go(record))
    assert wrong not in window.heading()

    follow(window.go(form).page.get_by_role("link", name="Put that back"))
    assert window.page.locator('[name="surname"]').input_value() == wrong
    window.judge("by-hand-back").page.locator('[name="reason"][value="put_back"]').check()
    window.press("Correct it")
    until(window, wrong, lambda: window.go(record))
