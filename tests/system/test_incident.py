"""Security incident in a real browser: what is shut, shutting it, and opening it again (R55)."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_is_to_be_shut_is_asked_for_and_has_to_be_there(visit, size):
    """Given an incident, when access is shut, then what and why are asked for, and it has to be there."""
    window = visit("ewa", size=size).go("/incident/").judge("10-incident-before")
    assert window.heading() == "Security incident"
    follow(window.page.get_by_role("link", name="Shut access"))
    window.judge("10-shut").press("Shut access").judge("10-shut-errors")
    assert window.follow_errors() == ["scope", "because"]
    window.page.get_by_label("The people of one organisation").check()
    window.fill(code="no-such-body", because="A lost telephone").press("Shut access")
    assert "There is no organisation no-such-body." in window.text()


def test_an_organisation_is_shut_out_and_let_in_again_without_javascript(visit):
    """Given an incident, when everybody is to be shut out, then it takes a second person."""
    window = visit("ewa", javascript=False).go("/incident/shut/")
    window.page.get_by_label("The people of one organisation").check()
    window.fill(code="practitioners-of-nowhere", because="A lost telephone").press("Shut access")
    assert "There is no organisation" in window.text()
    window.go("/incident/shut/").page.get_by_label("Everybody in England").check()
    window.fill(because="An exercise").press("Shut access")
    assert "It is not shut yet: a second person has to agree." in window.judge("10-incident").text()
    assert window.page.get_by_role("button", name="Agree").count() == 0, (
        "whoever asked does not agree as well"
    )
    other = visit("grace").go("/incident/").judge("10-incident-agree")
    assert other.page.get_by_role("button", name="Agree: shut everybody out").count() == 1


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_who_saw_what_of_a_person_is_read_on_the_page(visit, size):
    """Given an incident, when one asks who saw what of somebody, then the page tells it."""
    window = visit("ewa", size=size, proved=True).go("/incident/")
    follow(window.page.get_by_role("link", name="Who saw what"))
    assert window.judge("10-who-saw-what").heading() == "Who saw what"
    window.press("Show").judge("10-who-saw-what-errors")
    assert window.follow_errors() == ["child"]
    window.fill(email="ewa@demo.example").press("Show").judge("10-who-saw-what-found")
    assert "What was found" in window.text()
