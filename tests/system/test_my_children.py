"""My children, handing over, and what is wrong, in a real browser: wide, narrow, by keyboard, plain."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed, known_to_the_council
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def child(product):
    return a_mohamed(product.england, journey=2)


def card_of(window, name):
    """The card of that child: other journeys may have put others on the page."""
    return window.page.locator(".cp-card").filter(
        has=window.page.get_by_role("heading", name=name, exact=True)
    )


def say(window, child, phone, *, lead="no"):
    """Somebody says that they work with the child; returns the child's name."""
    open_record_of(window, child)
    name = window.heading()
    window.press("I am working with this child")
    window.fill(phone=phone, start__day="1", start__month="9", start__year="2026")
    window.page.locator(f'[name="lead"][value="{lead}"]').check()
    window.page.locator('[name="assessment"][value="no"]').check()
    window.press("Continue").press("Record it")
    return name


def say_and_confirm(visit, child, phone):
    """Amina says that she works with the child, and Ben confirms it; returns the child's name."""
    name = say(visit("amina"), child, phone)
    visit("ben").go("/to-confirm/").press(f"Confirm Amina Yusuf and {name}")
    return name


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_i_said_is_listed_corrected_led_handed_over_and_ended(visit, child, size):
    """R42-R46: given what I said, when I correct, lead and hand over, then a colleague has it and ends it."""
    name = say_and_confirm(visit, child, "0161 496 0777")
    window = visit("amina", size=size).go("/my-children/").judge("7-my-children")
    assert child.surname in window.text()
    assert "School, Designated safeguarding lead, since 1 September 2026" in window.text()
    assert child.surname not in window.page.title() + window.page.url
    card = card_of(window, name)
    assert card.count() == 1
    change = card.get_by_role("link", name="Change or hand over")
    follow(change)
    window.judge("7-own-child").fill(role="", phone="").press("Save").judge("7-own-child-errors")
    assert window.follow_errors() == ["role", "phone"]
    window.fill(role="Deputy head", phone="0161 496 0778")
    window.page.locator('[name="assessment"][value="yes"]').check()
    window.press("Save").judge("7-corrected")
    assert "what you said is corrected" in window.text()
    assert "Holds an assessment" in window.text()

    follow(change)
    window.press("I am the lead practitioner now")
    assert "you are the lead practitioner now" in window.text()
    follow(change)
    window.press("Ask them to take over").judge("7-hand-over-errors")
    assert window.follow_errors() == ["colleague"]
    window.page.get_by_label("Ben Whitaker").check()
    window.press("Ask them to take over").judge("7-offered")
    assert "Ben Whitaker has been asked to take over" in window.text()

    ben = visit("ben", size=size).go("/my-children/").judge("7-offer")
    assert "Amina Yusuf asks you to take over" in ben.text()
    follow(card_of(ben, name).get_by_role("button", name="Take over").first)
    ben.judge("7-taken-over")
    assert "you have taken over" in ben.text()
    assert "Lead practitioner" in ben.text()
    assert card_of(window.go("/my-children/"), name).count() == 0
    follow(card_of(ben, name).get_by_role("button", name="I no longer work with this child"))
    assert "your involvement has ended" in ben.judge("7-ended").text()


def test_it_is_done_with_the_keyboard_and_without_javascript(visit, child):
    """Given what I said, when I use keys alone or no JavaScript, then I change and end it."""
    name = say_and_confirm(visit, child, "0161 496 0779")
    keys = visit("amina").go("/my-children/")
    for _ in range(40):
        if keys.page.evaluate("document.activeElement.textContent.startsWith('Change or hand over')"):
            break
        keys.page.keyboard.press("Tab")
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url("**/my-children/*/")
    plain = visit("amina", javascript=False).go("/my-children/")
    follow(card_of(plain, name).get_by_role("button", name="I no longer work with this child"))
    assert "your involvement has ended" in plain.text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_something_wrong_goes_to_its_source_and_comes_back(visit, product, size):
    """R25, R61: given a wrong address, when I ask for a correction, its source answers."""
    child = known_to_the_council(product.england)
    window = visit("amina", size=size)
    open_record_of(window, child)
    window.press("Something here is wrong").judge("8-wrong").press("Continue").judge("8-wrong-errors")
    assert window.follow_errors() == ["field"]
    window.page.get_by_label("Address", exact=True).check()
    window.press("Continue").judge("8-wrong-details")
    window.press("Ask for the correction").judge("8-wrong-details-errors")
    assert window.follow_errors() == ["record", "right", "basis"]
    window.page.get_by_label("children's services").check()
    window.fill(right="14 Mill Lane")
    window.page.get_by_label("A parent or carer told me").check()
    window.press("Ask for the correction").judge("8-asked")
    assert "has been asked to correct it" in window.text()
    assert "Sent to the source." in window.go("/corrections/").judge("8-corrections").text()
    open_record_of(window, child)
    window.judge("8-record-contested")
    assert "A correction has been asked for." in window.text()

    team = visit("dev", size=size).go("/corrections/").judge("8-to-answer")
    assert "14 Mill Lane" in team.text()
    assert "Amina" not in team.text(), "the source does not learn who asked"
    follow(team.page.get_by_role("button", name="It is right as it stands").first)
    assert "Nothing waits for an answer." in team.judge("8-answered").text()
    assert "The source says that it is right." in window.go("/corrections/").text()
