"""Every page, wide and narrow: axe finds nothing, the console is empty, errors lead to their fields."""

import pytest

from tests.system.conftest import PHONE, WIDE

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]

FOR_EVERYBODY = {
    "/": "Find out who is already in contact with a child",
    "/accessibility/": "Accessibility",
    "/privacy/": "Privacy and what is recorded",
    "/help/": "Help",
    "/account/login/": "Sign in",
    "/account/new/": "How to get an account",
    "/account/forgotten/": "You have forgotten your password",
    "/nothing-here/": "This page is not here",
}
SIGNED_IN = {
    "/find/": "Find a child",
    "/to-confirm/": "To confirm",
    "/activity/": "My activity",
    "/account/password/": "Change your password",
    "/account/logout/": "Sign out",
    "/record/bm90aGluZw/": "That is not here",
}


@pytest.mark.parametrize("path", FOR_EVERYBODY)
def test_a_stranger_can_read(visit, size, path):
    """Given nobody signed in, when they open what everybody may read, then it is there."""
    window = visit(size=size).go(path)
    assert window.heading() == FOR_EVERYBODY[path]
    window.judge("everybody" + path.replace("/", "-"))


@pytest.mark.parametrize("path", SIGNED_IN)
def test_signed_in(visit, size, path):
    """Given a practitioner, when they open a page of theirs, then it is there."""
    window = visit("amina", size=size).go(path)
    assert window.heading() == SIGNED_IN[path]
    window.judge("signed-in" + path.replace("/", "-"))


def test_errors_of_the_search_lead_to_their_fields(visit, size):
    """Given a search that cannot be made, when it is sent, then each error leads to its field."""
    window = visit("amina", size=size).go("/find/").press("Find").judge("find-errors")
    assert window.follow_errors() == ["purpose", "surname"]
    window.fill(
        surname="Ahmed",
        date_of_birth__day="27",
        date_of_birth__month="13",
        date_of_birth__year="2019",
        age="x",
    )
    window.press("Find").judge("find-date-error")
    assert window.follow_errors() == ["purpose", "date_of_birth-month", "age"]
    assert window.page.locator('[name="date_of_birth-month"]').input_value() == "13", "nothing typed is lost"
    assert "Enter a date of birth like 27 3 2019" in window.text()
    assert window.page.title().startswith("Error: ")


def test_errors_of_signing_in_lead_to_their_fields(visit, size):
    """Given an empty form, when it is sent to sign in, then each error leads to its field."""
    window = visit(size=size).go("/account/login/").press("Continue").judge("sign-in-errors")
    assert window.follow_errors() == ["login", "password"]


def test_nothing_found_says_what_it_does_not_mean(visit, size):
    """Given a name that nobody has, when it is searched for, then the page says what that does not mean."""
    window = visit("amina", size=size).search(surname="Qqqqqqqq", forename="Zzzzzzzz").judge("none")
    assert window.heading() == "No record matches"
    assert "This does not mean nobody knows this child." in window.text()
    assert window.page.locator('[name="surname"]').input_value() == "Qqqqqqqq"


def test_too_many_gives_no_list(visit, size):
    """Given a name that many have, when it is searched for, then no list of over twenty is shown."""
    window = visit("amina", size=size).search(surname="Ahmed", age="7")
    if window.heading() != "More than 20 children match":
        window.search(forename="Muhammad", surname="Ahmed")
    window.judge("many")
    assert window.page.locator(".cp-card").count() <= 20


def test_a_role_that_reads_no_child_data_has_no_search(visit, size):
    """R57: given a role that reads of no child, when it opens the search, then it is told whom to ask."""
    window = visit("grace", size=size).go("/")
    assert window.heading() == "Today"
    assert window.page.get_by_role("link", name="Find a child").count() == 0
    window.go("/find/").judge("refused")
    assert window.heading() == "You cannot open this page"
    assert "account manager" in window.text()
