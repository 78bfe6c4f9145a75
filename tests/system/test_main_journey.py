"""The main job: from sign-in to a telephone number in four pages; then say, confirm, and see."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.england import MOHAMEDS, a_mohamed
from tests.system.pages import follow

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def child(product):
    return a_mohamed(product.england)


def misspelt(child):
    """The first name spelt otherwise, and day and month swapped."""
    other = next(name for name in MOHAMEDS if name != child.forename)
    return {
        "forename": other,
        "surname": child.surname,
        "date_of_birth__day": str(child.born.month),
        "date_of_birth__month": str(child.born.day),
        "date_of_birth__year": str(child.born.year),
    }


def exactly(child):
    """What the first name is, the last, and the day."""
    born = {f"date_of_birth__{part}": str(getattr(child.born, part)) for part in ("day", "month", "year")}
    return {"forename": child.forename, "surname": child.surname, **born}


def open_record_of(window, child):
    """Find a child, a Mohamed by what somebody misheard, and open the record; return why it matched."""
    why = choose_in_results(window, child)
    window.say_how()
    return why


def choose_in_results(window, child):
    """Find a child, and press the button that opens the record; return why it matched."""
    window.search(**(misspelt(child) if child.forename in MOHAMEDS else exactly(child)))
    card = window.page.locator(".cp-card", has_text=f"born {child.born.day} {child.born:%B %Y}").first
    why = card.locator(".cp-card__why").inner_text()
    follow(card.get_by_role("button"))
    return why


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_who_is_in_contact_is_five_pages_from_sign_in(visit, child, size):
    """Given a name misspelt and a date swapped, when I search and open, then I read whom to ring."""
    window = visit("amina", size=size)
    window.go("/find/").judge("1-find")
    assert window.heading() == "Find a child"
    window.search(**misspelt(child)).judge("2-results")
    why = open_record_of(window, child)
    window.judge("3-record")

    assert "day and month swapped" in why
    assert child.surname in window.heading()
    listed = set(window.page.locator(".cp-contact__service").all_text_contents())
    assert child.services <= listed
    phones = window.page.locator(".cp-contact__phone a")
    assert phones.count() > 0
    assert phones.first.get_attribute("href").startswith("tel:")
    assert "Sensitive services are not listed. The desk can pass on a message." in window.text()
    assert child.surname not in window.page.title() + window.page.url
    assert str(child.born.year) not in window.page.url


@pytest.fixture
def closed(product):
    """Every school and practice is closed, as a list of them left it; afterwards all are open again."""
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        owner.execute("UPDATE organisation SET closed_on = '2026-08-31' WHERE kind IN ('school', 'gp')")
        yield
        owner.execute("UPDATE organisation SET closed_on = NULL WHERE kind IN ('school', 'gp')")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nobody_is_sent_to_a_practice_that_is_closed(visit, child, closed, size):
    """Given a practice that closed, when a record names it, then it says so and offers nobody to ring."""
    window = visit("amina", size=size)
    open_record_of(window, child)
    practice = window.judge("3-record-closed").page.locator(".cp-contact", has_text="GP").first
    words = practice.inner_text()
    assert "This practice closed on 31 August 2026. Nobody is reached there any more." in words
    assert practice.get_by_role("link").count() == practice.get_by_role("button").count() == 0
    follow(window.page.get_by_role("button", name="Print this record"))
    assert "This practice closed on 31 August 2026" in window.judge("3-print-closed").text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_whoever_does_not_work_with_the_child_says_once_how_they_come_to_ask(visit, kept, child, size):
    """R8: given a child I do not work with, when I open the record, then it asks me once and tells it."""
    kept.pop("carol", None)  # signed in anew: in the session before it may have been said
    window = visit("carol", size=size)
    choose_in_results(window, child)
    assert window.judge("2-how").heading() == "Before this record opens"
    assert child.surname not in window.text() + window.page.title()
    window.press("Open the record").judge("2-how-errors")
    assert window.follow_errors() == ["how"]
    window.page.get_by_role("radio", name="Something else").check()
    assert window.press("Open the record").follow_errors() == ["how_text"]
    window.fill(how_text="The housing officer rang").press("Open the record")
    assert "Who is in contact" in window.text()
    choose_in_results(window, child)
    assert "Who is in contact" in window.text(), "asked once of a child as long as the session lives"
    assert "The housing officer rang" in window.go("/activity/").page.locator("tbody tr").first.inner_text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_record_is_printed_from_its_own_page_alone(visit, child, size):
    """Given a record, when it is printed, then only its own page prints it, and by whom.

    Paper is accounted for: the record itself prints a sentence, the other page the record and by whom.
    """
    window = visit("amina", size=size)
    open_record_of(window, child)
    window.page.emulate_media(media="print")
    assert not window.page.get_by_role("heading", level=1).is_visible()
    assert window.page.get_by_text("A record is printed with “Print this record”").is_visible()
    window.page.emulate_media(media="screen")
    follow(window.page.get_by_role("button", name="Print this record"))
    window.judge("3-print")
    window.page.emulate_media(media="print")
    assert child.surname in window.page.get_by_role("heading", level=1).inner_text()
    assert window.page.get_by_text("Printed by Amina Yusuf").is_visible()
    assert not window.page.get_by_text("It is recorded under your name").is_visible()
    window.page.emulate_media(media="screen")
    assert "Had a record laid out to print" in window.go("/activity/").text()


def test_it_is_done_with_the_keyboard_alone(visit, kept, child):
    """Given the keyboard alone, when I search and open, then I reach who is in contact."""
    kept.pop("amina", None)
    window = visit("amina").go("/find/")
    keyboard = window.page.keyboard
    keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.textContent") == "Skip to main content"
    keyboard.press("Enter")

    def tab_to(name):
        for _ in range(40):
            if window.page.evaluate("document.activeElement.name") == name:
                return
            keyboard.press("Tab")
        pytest.fail(f"The keyboard does not reach {name}")

    tab_to("purpose")
    keyboard.press("Space")
    for name, value in misspelt(child).items():
        tab_to(name.replace("__", "-"))
        keyboard.type(value)
    keyboard.press("Enter")
    window.page.wait_for_url("**/find/*/")
    for _ in range(40):
        if window.page.evaluate("document.activeElement.textContent.trim().startsWith('Open')"):
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    window.page.wait_for_url("**/record/*/")
    tab_to("how")
    keyboard.press("Space")
    with window.page.expect_navigation():
        keyboard.press("Enter")
    assert window.page.locator(".cp-contact").count() > 0


def test_it_is_done_without_javascript(visit, child):
    """Given no JavaScript, when I search and open, then I read whom to ring."""
    window = visit("amina", javascript=False)
    open_record_of(window, child)
    window.page.locator(".cp-contact__phone a").first.wait_for()


def test_one_says_a_second_confirms_a_third_sees(visit, child):
    """R44: given what one says, when a second person confirms it, then others see it."""
    amina, third = visit("amina"), visit("carol")
    open_record_of(amina, child)
    amina.press("I am working with this child").judge("4-working-with")
    assert amina.page.locator('[name="role"]').input_value() == "Designated safeguarding lead"
    amina.press("Continue").judge("4-working-with-errors")
    assert amina.follow_errors() == ["phone", "start-day", "lead", "assessment"]
    amina.fill(phone="0161 496 0777", start__day="1", start__month="9", start__year="2026")
    amina.page.locator('[name="lead"][value="no"]').check()
    amina.page.locator('[name="assessment"][value="yes"]').check()
    amina.press("Continue").judge("4-check").press("Record it").judge("4-done")
    assert "Recorded, and waiting for" in amina.text()
    assert "Once confirmed, others see it when they open the record." in amina.text()
    follow(amina.page.get_by_role("link", name="Go back to the record"))
    amina.press("I am working with this child").judge("4-already-said")
    assert amina.heading() == "You have already said so"
    assert "0161 496 0777" in amina.text()
    follow(amina.page.get_by_role("button", name="Change or end it"))
    assert "Correct what you said" in amina.text()

    open_record_of(third, child)
    assert "0161 496 0777" not in third.text()
    amina.go("/to-confirm/")
    assert "Amina Yusuf" not in amina.text(), "nobody confirms their own word"

    ben = visit("ben").go("/to-confirm/").judge("5-to-confirm")
    assert "Amina Yusuf" in ben.text()
    ben.press(f"Confirm Amina Yusuf and {third.heading()}")
    ben.judge("5-confirmed")
    assert ben.heading() == "Confirmed"

    open_record_of(third, child)
    assert "Amina Yusuf" in third.text()
    assert "0161 496 0777" in third.text()


def test_my_activity_tells_it_all_and_takes_a_report(visit, child):
    """R51: given a look, when I open my activity, then it is told, and I can say that it wasn't me."""
    window = visit("amina")
    open_record_of(window, child)
    window.go("/activity/").judge("6-activity")
    newest = window.page.locator("tbody tr")
    assert "Opened a record" in newest.nth(0).inner_text()
    assert "Worried about a child's safety or welfare" in newest.nth(0).inner_text()
    assert f"last name: {child.surname}" in newest.nth(1).inner_text()
    follow(newest.nth(0).get_by_role("button"))
    window.judge("6-reported")
    assert window.heading() == "Reported"
    assert "Reported" in window.go("/activity/").page.locator("tbody").inner_text()
