"""Signing in and out as a person does."""

import pytest

pytestmark = pytest.mark.system


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(visit, people):
    """Given a wrong password or an unknown address, when it is sent, then the answer is the same."""
    said = []
    for email in (people["frank"].email, "nobody@demo.example"):
        window = visit().go("/account/login/").fill(login=email, password="not the password")
        said.append(window.press("Continue").page.locator(".govuk-error-summary").inner_text())
    assert said[0] == said[1]


def test_too_many_tries_lock_and_say_for_how_long(visit):
    """Given wrong passwords, when there were too many, then the page says for how long it is locked."""
    window = visit()
    for _ in range(6):
        window.go("/account/login/").fill(login="locked@demo.example", password="wrong").press("Continue")
    window.judge("locked")
    assert "locked for five minutes" in window.text()


def test_a_code_is_asked_for_after_the_password_and_a_wrong_one_is_refused(visit, people):
    """Given the password alone, when a wrong code is sent, then nothing opens."""
    window = visit().go("/account/login/")
    window.fill(login=people["frank"].email, password=people["frank"].password).press("Continue")
    assert window.heading() == "Enter your one-time code"
    window.judge("code").fill(code="000 000").press("Sign in").judge("code-error")
    assert window.follow_errors() == ["code"]
    assert window.go("/find/").heading() == "Enter your one-time code", "the password alone opens nothing"


def test_signing_out_ends_it(visit, kept):
    """Given somebody signed in, when they sign out, then pages ask them to sign in."""
    window = visit("dev")
    assert window.go("/find/").heading() == "Find a child"
    window.press("Sign out")
    del kept["dev"]
    assert window.heading() == "Find out who is already in contact with a child"
    assert window.go("/find/").heading() == "Sign in"


def test_a_session_warns_before_it_ends(visit):
    """Given a page left alone, when five minutes are left, then it says so."""
    window = visit("amina")
    window.page.clock.install()
    window.go("/find/")
    window.page.clock.fast_forward("24:00")
    assert window.page.get_by_role("status").inner_text() == ""
    window.page.clock.fast_forward("01:30")
    assert "You will be signed out in 5 minutes" in window.page.get_by_role("status").inner_text()
    window.page.clock.resume()
    window.judge("warning")


def test_ten_hours_after_signing_in_a_page_says_that_nothing_keeps_the_session(visit):
    """Given the end of ten hours, when four minutes are left, then no “Stay signed in” is offered.

    Shown on a page of a session that has four minutes left; how it counts is in test_sessions.
    """
    window = visit("amina")

    def nearly_over(route):
        answer = route.fetch()
        told = 'data-minutes-left="30" data-stay="/help/"'
        assert told in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(told, 'data-minutes-left="4"'))

    window.page.route("**/find/", nearly_over, times=1)
    window.go("/find/").page.get_by_text("You will be signed out in 4 minutes").wait_for()
    assert "What you send after that is kept" in window.page.get_by_role("status").inner_text()
    assert window.page.get_by_role("link", name="Stay signed in").count() == 0
    window.judge("warning-for-good")


def test_pages_about_a_child_stay_in_no_cache(visit):
    """Given the search, when it is opened, then no cache may keep it and no frame show it."""
    window = visit("amina")
    with window.page.expect_response("**/find/") as answered:
        window.go("/find/")
    headers = answered.value.headers
    assert headers["cache-control"] == "no-store, private"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_nothing_that_was_typed_gets_into_the_log(visit, product):
    """Given a name, when it is searched for, then the log has the page's route and no name."""
    window = visit("amina").search(forename="Zebedee", surname="Quuxworthy")
    assert window.heading() == "No record matches"
    window.go("/nothing-here/?name=Quuxworthy")
    log = (product.home / "web.log").read_text(encoding="utf-8")
    assert '"route": "find/<str:handle>/"' in log
    assert "Quuxworthy" not in log
    assert "Zebedee" not in log
