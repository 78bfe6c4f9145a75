"""The practitioner's guide, walked through as it is written; CONTACTPOINT_GUIDE_PICTURES=1 draws it too.

Every step checks words that the guide quotes. Pictures go to docs/guide/images, of synthetic children only.
"""

import pytest

from tests.system.conftest import DRAWN
from tests.system.england import a_mohamed, names_in, protected_children
from tests.system.pages import follow
from tests.system.test_main_journey import misspelt, open_record_of
from tests.system.test_protected_children import open_protected

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def child(product):
    return a_mohamed(product.england, journey=1)


def test_from_sign_in_to_a_telephone_number(visit, child, photograph):
    """Given a misspelt name, when somebody signs in and searches, then they read who is in contact."""
    stranger = visit(size=DRAWN).go("/account/login/")
    photograph(stranger, "1-sign-in")
    window = visit("amina", size=DRAWN).go("/find/")
    window.page.locator('[name="purpose"][value="safeguarding"]').check()
    window.fill(**misspelt(child))
    photograph(window, "2-find")
    window.press("Find")
    window.page.wait_for_url("**/find/*/")
    photograph(window, "3-results")
    open_record_of(window, child)
    photograph(window, "4-record", whole=True)
    text = window.text()
    assert text.index("Who is in contact") < text.index("What we do not know") < text.index("Home and carers")
    for words in ("Being in contact is not a sign of concern", "Police: not connected here."):
        assert words in text
    assert ": nobody, as of" in text


def test_how_a_record_came_to_be(visit, child, photograph):
    """Given a record, when one asks how it came to be, sources and days are told, also of a day before."""
    window = visit("amina", size=DRAWN)
    open_record_of(window, child)
    follow(window.page.get_by_role("button", name="How this record came to be"))
    assert window.heading() == "How this record came to be"
    assert "What each source said then" in window.text()
    window.judge("history")
    photograph(window, "history", whole=True)
    window.page.locator('[name="field"]').select_option("name")
    window.fill(on__day="31", on__month="5", on__year="2020").press("Show")
    assert "Nothing. What may be shown was first told us on" in window.text()
    window.judge("history-before")
    window.fill(on__day="31", on__month="", on__year="").press("Show")
    assert window.follow_errors() == ["on-month"]
    window.judge("history-errors")


def test_a_protected_record(visit, product, photograph):
    """Given a protected child, when the record is opened, then it says who rings back."""
    window = visit("amina", size=DRAWN)
    open_protected(window, protected_children(product.england)[0])
    assert "It rings back on your organisation's registered number." in window.text()
    photograph(window, "protected")


def test_when_nothing_is_found(visit, photograph):
    """Given a name that nobody has, when it is searched for, then the guide's picture says so."""
    window = visit("amina", size=DRAWN).search(forename="Qwertina", surname="Zzyzx", age="7")
    photograph(window, "nothing-found")
    assert window.heading() == "No record matches"
    assert "This does not mean nobody knows this child." in window.text()


def test_saying_confirming_and_looking_back(visit, child, photograph):
    """Given a child, when I say that I work with them, then a colleague confirms and my pages tell it."""
    amina = visit("amina", size=DRAWN)
    open_record_of(amina, child)
    amina.press("I am working with this child")
    amina.fill(phone="0161 496 0778", start__day="2", start__month="9", start__year="2026")
    amina.page.locator('[name="lead"][value="no"]').check()
    amina.page.locator('[name="assessment"][value="no"]').check()
    photograph(amina, "working-with", whole=True)
    amina.press("Continue").press("Record it")
    assert "Once confirmed, others see it when they open the record." in amina.text()
    ben = visit("ben", size=DRAWN).go("/to-confirm/")
    photograph(ben, "to-confirm")
    follow(ben.page.get_by_role("button", name="Confirm").first)
    amina.go("/my-children/")
    photograph(amina, "my-children")
    assert "Others ring you because of what stands here, so keep it true." in amina.text()
    assert "I no longer work with this child" in amina.text()
    amina.go("/activity/")
    photograph(amina, "my-activity")
    assert "This wasn't me" in amina.text()


def test_a_source_that_is_late_says_since_when(visit, product):
    """Given a source that missed its delivery, when a record there is opened, it says since when."""
    window = visit("amina", size=DRAWN)
    for forename, surname, born in names_in(product.england, "354")[:10]:
        born_on = {"date_of_birth__day": born.day, "date_of_birth__month": born.month}
        window.search(
            forename=forename,
            surname=surname,
            date_of_birth__year=str(born.year),
            **{box: str(value) for box, value in born_on.items()},
        )
        cards = window.page.locator(".cp-card").filter(has_not_text="Protected record")
        if cards.count():
            follow(cards.first.get_by_role("button"))
            window.say_how()
            if "Responsible: Rochdale" in window.text():
                assert "Youth justice: last told us in" in window.text()
                return
    pytest.fail("No child of Rochdale was found.")
