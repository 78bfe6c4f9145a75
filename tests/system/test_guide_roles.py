"""The guides of every role, walked through: what they quote stands on the page that they show.

CONTACTPOINT_GUIDE_PICTURES=1 draws the pages for them, of the demonstration's synthetic people.
"""

import pytest

from contactpoint.cli.guide_site import GUIDES
from tests.system.conftest import DRAWN
from tests.system.pages import follow

pytestmark = pytest.mark.system

# (guide, who, page, its picture unless another journey draws it, what the guide quotes of it)
WALKED = [
    ("practitioner", "amina", "/inbox/", "", ["Inbox"]),
    ("practitioner", "amina", "/notices/", "", ["Choose what you are told, and where"]),
    ("practitioner", "amina", "/contact-points/", "contact-points", ["Contact points"]),
    ("authority-team", "dev", "/matching/", "cases", ["Records to check"]),
    ("authority-team", "dev", "/feeds/", "feeds", ["Corrections, feed by feed"]),
    ("authority-team", "dev", "/quality/", "quality", ["How good the data is"]),
    ("account-manager", "dev", "/organisations/", "organisations", ["Organisations"]),
    (
        "partner-team",
        "kay",
        "/today/",
        "today-partner",
        ["Today", "How many children your services work with"],
    ),
    ("partner-team", "kay", "/people/", "people-partner", ["People", "Invite many by file"]),
    ("national-team", "ewa", "/today/", "today-national", ["Today"]),
    ("national-team", "ewa", "/settings/", "settings", ["Settings", "Change"]),
    ("administrator", "grace", "/incident/shut/", "shut-access", ["Shut access"]),
]


def quoted(guide):
    return (GUIDES / f"{guide}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("guide", "who", "page", "picture", "words"), WALKED, ids=[f"{row[0]}{row[2]}" for row in WALKED]
)
def test_what_a_guide_shows_and_quotes_is_there(visit, photograph, guide, who, page, picture, words):
    """Given a guide, when the page that it shows is opened, then the words that it quotes stand there."""
    window = visit(who, size=DRAWN).go(page)
    if picture:
        photograph(window, picture, whole=True)
    for one in words:
        assert one in window.text(), one
        assert one in quoted(guide), one
    assert f"](images/{picture or page.strip('/')}.png)" in quoted(guide)


def test_an_auditor_follows_the_guide(visit, photograph):
    """Given the auditor's guide, when they do as it says, then a checkpoint can be downloaded."""
    window = visit("frank", size=DRAWN).go("/checkpoints/")
    window.press("Ask for the newest checkpoint")
    for _ in range(60):
        window.go("/checkpoints/")
        if "It is being made" not in window.text():
            break
        window.page.wait_for_timeout(500)
    photograph(window, "checkpoints", whole=True)
    for words in ("Ask for the newest checkpoint", "Download it"):
        assert words in window.text()
        assert words in quoted("auditor")


def test_whoever_runs_it_finds_the_page_of_incidents(visit):
    """Given the administrator's guide, when they follow it, then access can be shut."""
    window = visit("grace", size=DRAWN).go("/")
    follow(window.page.get_by_role("link", name="Incident", exact=True))
    assert "Shut access" in window.text()
    assert "**Incident**" in quoted("administrator")


def test_a_reviewer_finds_the_month(visit, photograph):
    """Given the reviewer's guide, when they follow it, then the month is there to be signed off."""
    window = visit("iris", size=DRAWN).go("/use/")
    follow(window.page.get_by_role("link", name="The month, and signing it off"))
    photograph(window, "use-month", whole=True)
    assert "“The month, and signing it off”" in quoted("reviewer")


def test_whoever_manages_accounts_invites_somebody(visit, photograph):
    """Given the account manager's guide, when they follow it, then somebody can be invited."""
    window = visit("dev", size=DRAWN, proved=True).go("/people/")
    follow(window.page.get_by_role("link", name="Invite somebody"))
    photograph(window, "invite", whole=True)
    assert "Invite somebody" in window.text()
    assert "**Invite somebody**" in quoted("account-manager")
