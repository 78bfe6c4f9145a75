"""Protecting a child at once, the shield desk and an override, in a browser: wide, narrow, by keyboard."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed, protected_children
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of
from tests.system.test_protected_children import open_protected

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def child(product):
    return a_mohamed(product.england, journey=3)


def choose(window, **answers):
    for name, value in answers.items():
        window.page.locator(f'[name="{name}"][value="{value}"]').check()
    return window


def follow_link(window, name):
    follow(window.page.get_by_role("link", name=name).first)
    return window


def test_a_child_is_protected_at_once_and_the_desk_decides(visit, child, photograph):
    """R26, R28-R31: given a child in danger, when I protect them at once, the desk looks and confirms."""
    window = visit("amina")
    open_record_of(window, child)
    name = window.heading()
    follow(window.page.get_by_role("button", name="This child must be protected now"))
    window.judge("10-protect").press("Protect this child now").judge("10-protect-errors")
    assert window.follow_errors() == ["ground"]
    choose(window, ground="domestic_abuse").press("Protect this child now").judge("10-protected-now")
    assert window.heading() == "This child is protected from now on"
    follow_link(window, "Open the record as it is now")
    assert "This record is protected" in window.text()
    assert child.postcode not in window.text()

    for size in (PHONE, WIDE):
        desk = visit("hana", size=size).go("/shields/").judge("10-shield-desk")
        assert "To confirm: 1 record" in desk.text()
        photograph(desk, "shield-desk")
        assert name not in desk.text()
        follow_link(desk, "Open")
        if size is PHONE:  # the reason counts for this record as long as the session lives
            desk.judge("10-shield-why").press("Open").judge("10-shield-why-errors")
            assert desk.follow_errors() == ["purpose"]
            choose(desk, purpose="shield_decision").press("Open")
        desk.judge("10-shield")
        photograph(desk, "shield", whole=True)
        follow_link(desk, "See what the protection hides").judge("10-shield-hidden-why")
        desk.press("See it once").judge("10-shield-hidden-errors")
        assert desk.follow_errors() == ["reason"]
        choose(desk, reason="decide").press("See it once").judge("10-shield-hidden")
        assert child.postcode in desk.text()
        follow_link(desk, "Leave this page")
        follow_link(desk, "Children who share the address, a carer or a telephone").judge("10-shield-near")
        follow_link(desk, "Back to the protection")
        follow_link(desk, "Who saw this record before it was protected").judge("10-shield-seen")
        assert "Amina Yusuf, Designated safeguarding lead" in desk.text()
        desk.press("Record the decision").judge("10-shield-seen-errors")
        assert desk.follow_errors() == ["outcome"]
        desk.go("/shields/")
        follow_link(desk, "Open number 1 of “To confirm”")
        assert desk.heading() == name
        assert name not in desk.page.title() + desk.page.url
        follow(desk.page.get_by_role("button", name="Confirm the protection"))
        desk.judge("10-shield-confirm").press("Confirm the protection").judge("10-shield-confirm-errors")
        assert desk.follow_errors() == ["ground", "threat", "child", "carers", "practitioners"]
    choose(desk, ground="domestic_abuse", threat="harm_to_carer", child="too_young", carers="wants_it")
    choose(desk, practitioners="no_view").press("Confirm the protection").judge("10-shield-desk-empty")
    assert "To confirm" not in desk.text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_child_is_kept_from_one_person_who_finds_nobody(visit, product, size):
    """R34: given a child kept from one person, when they search, they read that nobody is there."""
    child = a_mohamed(product.england, journey=6 if size is WIDE else 7)
    number = number_of(visit("amina", size=size), child)
    desk = visit("hana", size=size).go("/shields/")
    follow_link(desk, "Keep a child from one person").judge("12-keep-from")
    desk.press("Keep this child from them").judge("12-keep-from-errors")
    assert desk.follow_errors() == ["number", "email", "ground", "purpose"]
    choose(desk, ground="domestic_abuse", purpose="shield_decision").fill(
        number=number, email="carol@demo.example"
    )
    desk.press("Keep this child from them").judge("12-shield-desk-kept")
    assert "For Carol Hughes there is no such record from now on." in desk.text()
    follow(desk.page.get_by_role("link", name="of “To confirm”").last)
    choose(desk, purpose="shield_decision").press("Open").judge("12-kept-from")
    assert "Carol Hughes" in desk.text()
    follow_link(desk, "What they tried since").judge("12-tried")
    window = visit("carol", size=size).search(number=number)
    assert window.heading() == "No record matches"


def number_of(window, child):
    """The number that a child's record shows."""
    open_record_of(window, child)
    return re.search(r"C\s\d{3}\s\d{3}\s\d{3}\s[A-Z]", window.text())[0]


def test_the_national_desk_works_without_javascript_and_by_keyboard(visit):
    """R26: given what came in protected, when the national desk uses keys alone, then it opens."""
    window = visit("imran", javascript=False).go("/shields/")
    assert "To confirm" in window.text()
    window.page.get_by_role("link", name="Open number 1 of “To confirm”").focus()
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    window.page.locator('[name="purpose"][value="shield_decision"]').focus()
    window.page.keyboard.press("Space")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    assert "Protected at once; waits to be confirmed" in window.text()
    assert "Ask for it to be lifted" in window.text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_override_is_given_by_two_shows_once_and_is_looked_into(visit, people, product, kept, size):
    """R33: given a right by two, when it is used, then the record shows once and the desk looks into it."""
    last = datetime.now(UTC) + timedelta(days=30)
    desk = visit("hana", size=size, proved=True).go("/shields/overrides/").press("Give the right")
    desk.judge("11-rights-errors")
    assert desk.follow_errors() == ["email", "until-day"]
    desk.fill(email="carol@demo.example", until__day=str(last.day), until__month=str(last.month))
    desk.fill(until__year=str(last.year)).press("Give the right").judge("11-rights")
    assert "It counts once a second person of a shield desk has agreed." in desk.text()
    national = visit("imran", size=size, proved=True).go("/shields/overrides/").judge("11-rights-to-agree")
    national.press("Agree that Carol Hughes may override")
    assert "The right counts from now on." in national.text()

    child = protected_children(product.england)[0]
    window = visit("carol", size=size)
    open_protected(window, child)
    window.judge("11-may-override")
    assert "the shield desk is told at once and looks into it" in window.text()
    follow_link(window, "Override the protection")
    window.press("Continue").judge("11-override-errors")
    assert window.follow_errors() == ["reason"]
    choose(window, reason="danger_now").press("Continue").judge("11-override-prove")
    window.fill(code=people["carol"].code()).press("Override and open once").judge("11-overridden")
    kept["carol"] = window.page.context.storage_state()  # who proves themselves gets another session key
    assert "You have overridden the protection of this record." in window.text()
    assert "Who is in contact" in window.text()
    follow_link(window, "Leave this record")
    assert "This record is protected" in window.text()

    national.go("/shields/").judge("11-shield-desk-override")
    follow_link(national, "Look into it")
    national.press("Record what came of it").judge("11-look-into")
    assert national.follow_errors() == ["outcome"]
    assert "Carol Hughes, Youth justice worker" in national.text()
    choose(national, outcome="justified").press("Record what came of it")
    assert "Recorded what came of looking into the override." in national.text()
    desk.go("/shields/overrides/").press("End it for Carol Hughes")
    assert "The right has ended." in desk.text()
