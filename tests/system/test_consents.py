"""The consent desk, a decision not to share, and a look for somebody without an account, in a browser."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of
from tests.system.test_shield_desk import choose, follow_link

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def child(product):
    return a_mohamed(product.england, journey=6)


def test_the_consent_desk_asks_again_and_takes_back(visit, photograph):
    """R36-R41: given a consent, when it is recorded anew and withdrawn, nobody is shown the service."""
    for size in (PHONE, WIDE):
        desk = visit("jola", size=size).go("/consents/").judge("12-consents")
        assert desk.heading() == "Consents"
        photograph(desk, "consents")
        follow_link(desk, "Open").judge("12-consent")
        photograph(desk, "consent")
        name = desk.heading()
        assert name not in desk.page.title() + desk.page.url
        follow(desk.page.get_by_role("button", name="Record who agrees now"))
        desk.judge("12-record").press("Record it").judge("12-record-errors")
        assert desk.follow_errors() == ["consent"]
        choose(desk, consent="carer").press("Record it")
        assert desk.follow_errors() == ["understands", "relation", "scope"]
        choose(desk, understands="no", relation="mother", scope="team")
        desk.press("Record it").judge("12-recorded")
        assert "A parent or carer: mother" in desk.text()
        follow(desk.page.get_by_role("button", name="Somebody does not agree any more"))
        desk.judge("12-withdraw").press("Hide it now").judge("12-withdraw-errors")
        assert desk.follow_errors() == ["withdrawn_by"]
        choose(desk, withdrawn_by="child").press("Hide it now").judge("12-withdrawn")
        assert "Withdrawn: nobody is shown it" in desk.text()
        desk.go("/today/").judge("12-today")
        assert "to ask about" in desk.text()


def test_a_decision_not_to_share_is_recorded_and_listed(visit, child):
    """Given a record, when somebody decides not to share, then the decision is listed and names no child."""
    for size in (PHONE, WIDE):
        window = visit("amina", size=size)
        open_record_of(window, child)
        name = window.heading()
        follow_link(window, "Record a decision not to share").judge("13-not-share")
        window.press("Record it").judge("13-not-share-errors")
        assert window.follow_errors() == ["what", "reason", "decided_by", "decided_by_title"]
        choose(window, what="information", reason="not_relevant")
        window.fill(decided_by="Ruth Cole", decided_by_title="Head teacher").press("Record it")
        window.judge("13-not-share-done")
        follow_link(window, "Decisions not to share").judge("13-not-shared")
        assert "Ruth Cole, Head teacher" in window.text()
        assert name not in window.text()


def test_somebody_without_an_account_is_looked_for(visit, child):
    """R6: given somebody without an account, when one looks for them, both are named; also by keyboard."""
    for size in (PHONE, WIDE):
        window = visit("amina", size=size).go("/find/")
        follow_link(window, "Look for somebody who has no account").judge("14-mediate")
        window.press("Continue").judge("14-mediate-errors")
        assert window.follow_errors()[:4] == ["name", "title", "email", "organisation"]
        window.fill(name="Jo Bloggs", title="Youth worker", email="jo@example.org", organisation="Childrens")
        choose(window, checked="rang_back", vouched="yes", purpose="safeguarding").press("Continue")
        assert "organisation" in window.follow_errors()
        council = visit("dev").go("/find/").page.locator(".cp-acting-as__role").inner_text()
        window.fill(organisation=council.split(", ", 1)[1]).press("Continue").judge("14-mediated-find")
        assert "Jo Bloggs, Youth worker" in window.text()
        window.fill(forename=child.forename, surname=child.surname).fill(
            date_of_birth__day=str(child.born.day),
            date_of_birth__month=str(child.born.month),
            date_of_birth__year=str(child.born.year),
        )
        window.press("Find").judge("14-mediated-results")
        window.page.locator(".cp-card button").first.focus()
        window.page.keyboard.press("Enter")
        window.page.wait_for_url("**/record/")
        window.judge("14-mediated-record")
        assert "You look for Jo Bloggs, Youth worker" in window.text()
        assert "Ask them to contact me" not in window.text()
