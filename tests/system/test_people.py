"""Those who manage accounts: somebody joins, is suspended, leaves; organisations (R1-R4, R56)."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
NADIA = {
    "name": "Nadia Rahman",
    "email": "nadia@demo.example",
    "job_title": "Teacher",
    "phone": "0161 496 0777",
    "checked_on__day": "1",
    "checked_on__month": "6",
    "checked_on__year": "2026",
}


def prove(window, people, kept):
    """Prove once more that one is Dev, where a page asks for it; the session has another key then."""
    if "/again/" in window.page.url:
        window.page.get_by_label("One-time code").fill(people["dev"].code())
        follow(window.page.locator("main").get_by_role("button").first)
        kept["dev"] = window.page.context.storage_state()
    return window


def first_school(window):
    """The code of the first school of the list, and its name."""
    window.go("/organisations/").fill(words="School").press("Show")
    cell = window.page.locator("tbody th").first
    return cell.locator(".cp-from").inner_text(), cell.inner_text().splitlines()[0]


def test_somebody_joins_is_suspended_comes_back_and_leaves(visit, people, kept):
    # Given somebody of the authority's team, who has proved once more who they are
    """Given a teacher, when she is invited, suspended, let in and leaves, then her page says each."""
    window = visit("dev").go("/people/")
    assert window.heading() == "People"
    window.judge("people")
    code, _ = first_school(window)
    prove(window.go("/people/invite/"), people, kept)
    assert window.heading() == "Invite somebody"
    # When what was typed cannot be read, then the errors lead to their fields
    window.press("Invite").judge("people-invite-errors")
    assert window.follow_errors() == ["name", "email", "job_title", "organisation", "role"]
    # When they invite a teacher
    window.fill(**NADIA, organisation=code)
    window.page.locator('[name="role"][value="practitioner"]').check()
    window.page.locator('[name="services"][value="school"]').check()
    window.press("Invite").judge("person")
    # Then she has an account that waits for her
    assert window.heading() == "Nadia Rahman"
    assert "They are told by e-mail" in window.text()
    assert "No training in date" in window.text()
    # When her training is recorded
    follow(window.page.get_by_role("link", name="Enter check, training"))
    window.judge("person-record").fill(
        trained_until__day="1", trained_until__month="6", trained_until__year="2027"
    )
    window.press("Record")
    assert "No training in date" not in window.text()
    # When she is suspended, and let in again
    follow(window.page.get_by_role("link", name="Suspend", exact=True))
    window.fill(because="Lost her telephone").press("Suspend")
    assert "Suspended" in window.text()
    window.press("Open the account again")
    assert "is open again" in window.text()
    # When she leaves
    follow(window.page.get_by_role("link", name="Has left"))
    window.judge("person-leave").page.get_by_label("Nobody").check()
    window.press("End their access now")
    # Then she is on the list of those who left
    window.go("/people/").page.locator('[name="which"]').select_option("left")
    window.press("Show")
    assert "Nadia Rahman" in window.text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_pages_read_well(visit, people, kept, photograph, size):
    """Given a team, when it opens organisations, people and roles, then each page reads well."""
    window = visit("dev", size=size, proved=True).go("/organisations/").judge("organisations")
    assert window.heading() == "Organisations"
    follow(window.page.get_by_role("link", name="Accredit").first)
    window.judge("accredit").press("Accredit")
    assert window.follow_errors() == ["until-day"]
    window.go("/people/roles/").judge("people-roles")
    window.go("/people/").page.locator('[name="which"]').select_option("all")
    photograph(window.press("Show").judge("people"), "people")
    follow(window.page.locator("tbody th a").first)
    photograph(window.judge("person"), "person")
    follow(window.page.get_by_role("link", name="Give a role"))
    prove(window, people, kept).judge("person-role")
    visit("amina", size=size).go("/team/").judge("team-renewals")
