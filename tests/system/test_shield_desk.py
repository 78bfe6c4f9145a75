"""Protecting a child at once, and the shield desk, in a real browser: wide, narrow, by keyboard, plain."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.test_main_journey import open_record_of

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def child(product):
    return a_mohamed(product.england, journey=3)


def choose(window, **answers):
    for name, value in answers.items():
        window.page.locator(f'[name="{name}"][value="{value}"]').check()
    return window


def follow(window, name):
    window.page.get_by_role("link", name=name).first.click()
    return window


def test_a_child_is_protected_at_once_and_the_desk_decides(visit, child):
    """R26, R28-R31: the whole life but for the week that a lifting waits; each page wide and narrow."""
    window = visit("amina")
    open_record_of(window, child)
    name = window.heading()
    window.page.get_by_role("button", name="This child must be protected now").click()
    window.judge("10-protect").press("Protect this child now").judge("10-protect-errors")
    assert window.follow_errors() == ["ground"]
    choose(window, ground="domestic_abuse").press("Protect this child now").judge("10-protected-now")
    assert window.heading() == "This child is protected from now on"
    follow(window, "Open the record as it is now")
    assert "This record is protected" in window.text()
    assert child.postcode not in window.text()

    for size in (PHONE, WIDE):
        desk = visit("hana", size=size).go("/shields/").judge("10-shield-desk")
        assert "To confirm: 1 record" in desk.text()
        assert name not in desk.text()
        follow(desk, "Open").press("Open").judge("10-shield-why-errors")
        assert desk.follow_errors() == ["purpose"]
        choose(desk, purpose="shield_decision").press("Open").judge("10-shield")
        assert desk.heading() == name
        assert name not in desk.page.title() + desk.page.url
        desk.page.get_by_role("button", name="Confirm the protection").click()
        desk.judge("10-shield-confirm").press("Confirm the protection").judge("10-shield-confirm-errors")
        assert desk.follow_errors() == ["ground", "threat", "child", "carers", "practitioners"]
    choose(desk, ground="domestic_abuse", threat="harm_to_carer", child="too_young", carers="wants_it")
    choose(desk, practitioners="no_view").press("Confirm the protection").judge("10-shield-desk-empty")
    assert "Nothing waits." in desk.text()


def test_the_national_desk_works_without_javascript_and_by_keyboard(visit):
    """R26: what came in protected waits there; the first link in its list is reached and opened by key."""
    window = visit("imran", javascript=False).go("/shields/")
    assert "To confirm" in window.text()
    window.page.get_by_role("link", name="Open").first.focus()
    window.page.keyboard.press("Enter")
    window.page.locator('[name="purpose"][value="shield_decision"]').focus()
    window.page.keyboard.press("Space")
    window.page.keyboard.press("Enter")
    assert "Protected at once; waits to be confirmed" in window.text()
    assert "Ask for it to be lifted" in window.text()
