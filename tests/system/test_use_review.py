"""Use to review in a real browser: the list, one look, a question to the manager, the month (R52-R54)."""

import re
import subprocess
import sys
from datetime import datetime

import psycopg
import pytest

from contactpoint.cli.directory import Directory
from contactpoint.cli.home import CHECKOUT
from contactpoint.cli.postgres import Cluster
from contactpoint.domain.here import HERE
from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of

pytestmark = pytest.mark.system
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
# The night that follows this day, now: all that was done so far is judged.
NIGHT = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.review_use import review_use
review_use(by=system_viewer("worker"), at=timezone.now() + timedelta(days=1))
"""


@pytest.fixture(scope="module")
def looked(product, browser, people, kept):
    """Amina looks at a child whom nobody has confirmed she works with; then comes the night."""
    from tests.system.conftest import sign_in

    if "amina" not in kept:
        with browser.new_context(base_url=product.address) as context:
            sign_in(context.new_page(), people["amina"])
            kept["amina"] = context.storage_state()
    with browser.new_context(base_url=product.address, storage_state=kept["amina"]) as context:
        from tests.system.pages import Watched

        open_record_of(Watched(context.new_page(), None, None), a_mohamed(product.england, journey=8))
    subprocess.run(
        [sys.executable, "-P", "-c", NIGHT],
        env=Directory(product.home).environment("worker"),
        cwd=CHECKOUT,
        check=True,
    )


def first_look(window):
    follow(window.go("/use/").page.locator("tbody th a").filter(has_text="Amina Yusuf").first)
    return window


def look_that_nothing_explains(window):
    """Open Amina's looks, riskiest first, until one is there because nothing explains it."""
    rows = window.go("/use/").page.locator("tbody th a").filter(has_text="Amina Yusuf")
    for place in range(rows.count()):
        follow(rows.nth(place))
        window.page.get_by_role("heading", name="Why you are asked").wait_for()
        if "No confirmed work, request or duty explains it." in window.text():
            return window
        window.go("/use/")
    raise AssertionError("no look is there because nothing explains it")


@SIZES
def test_a_reviewer_starts_from_what_waits_and_opens_each_part(looked, visit, size):
    """Given looks to review, when the reviewer follows Today, then each list says what waits."""
    window = visit("hal", size=size).go("/").judge("9-today")
    assert window.heading() == "Today"
    assert "each should be decided within 28 days." in window.text()
    follow(window.page.get_by_role("link", name=re.compile(r"^[0-9]+ looks? to review$")))
    assert window.judge("9-use-waits").heading() == "Use to review"
    assert "Only those that stand so: Waits." in window.text()
    assert window.page.locator("tbody tr").count() > 0
    follow(window.page.get_by_role("link", name="Back to Today"))
    follow(window.page.get_by_role("link", name=re.compile(r"months? to sign off$")))
    assert window.heading().startswith("Use in ")


@SIZES
def test_the_list_and_a_look_say_why_and_what_was_done(looked, visit, photograph, size):
    """Given a look that nothing explains, when it is opened, then it says why and what was shown."""
    window = visit("hal", size=size).go("/use/").judge("9-use")
    assert window.heading() == "Use to review"
    photograph(window, "use")
    assert window.page.get_by_role("link", name="Find a child").count() == 0, "a reviewer reads no records"
    look_that_nothing_explains(window).judge("9-use-item")
    photograph(window, "use-item", whole=True)
    for words in ("Why you are asked", "No confirmed work, request or duty explains it.", "Was shown"):
        assert words in window.text()
    window.press("Record it").judge("9-use-item-errors")
    assert window.follow_errors() == ["verdict", "because"]
    window.go("/use/month/").judge("9-use-month")
    assert "This month is not over." in window.text()
    window.go("/use/?closed=1").judge("9-use-closed")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_a_manager_is_asked_answers_and_the_look_is_closed(looked, visit, javascript):
    """Given a look, when the manager is asked and answers, then the reviewer closes it."""
    window = first_look(visit("hal", javascript=javascript))
    window.page.get_by_label("Ask the manager").check()
    window.fill(because="Why did Amina look at this record?").press("Record it")
    assert "Recorded. The manager sees the question" in window.text()
    manager = visit("dev", javascript=javascript).go("/team/").judge("9-team")
    follow(manager.page.get_by_role("link", name="1 question of a reviewer about your team"))
    manager.judge("9-questions").press("Send the answer").judge("9-questions-errors")
    assert manager.follow_errors() == ["said"]
    manager.fill(said="The child joined our school on Monday").press("Send the answer")
    assert "Your answer is recorded." in manager.text()
    first_look(window).judge("9-use-answered")
    assert "The child joined our school on Monday" in window.text()
    assert "Manager has answered" in window.text()


def test_a_look_is_decided_by_keyboard_alone(looked, visit):
    """Given the keyboard alone, when a look is decided, then it is recorded."""
    window = first_look(visit("hal"))
    window.page.get_by_label("It was justified").focus()
    keyboard = window.page.keyboard
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.type("The manager knows of it")
    keyboard.press("Tab")
    keyboard.press("Enter")
    window.page.wait_for_url("**/use/")
    assert "Recorded: it was justified." in window.text()
    assert "Justified" in window.go("/use/?closed=1").text()


@SIZES
def test_the_national_reviewers_have_a_list_of_their_own(looked, visit, size):
    """Given national reviewers, when they open the list, then it is theirs."""
    window = visit("iris", size=size).go("/use/").judge("9-use-national")
    assert window.heading() == "Use to review"


@SIZES
def test_what_somebody_could_see_is_asked_and_answered(product, visit, size):
    """Given a person and a moment, when one asks what they could see, then it is answered."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        query = "SELECT number FROM child WHERE NOT shielded AND retired_into_id IS NULL ORDER BY 1 LIMIT 1"
        (number,) = owner.execute(query).fetchone()
    window = visit("iris", size=size, javascript=size is WIDE).go("/use/")
    follow(window.page.get_by_role("link", name="What somebody could see"))
    assert window.press("Ask").judge("9-could-see-errors").follow_errors() == [
        "email", "child", "day-day", "time", "because",
    ]  # fmt: skip
    at = datetime.now(HERE)
    window.fill(email="amina@demo.example", child=number, time=f"{at:%H:%M:%S}", because="A complaint")
    window.fill(day__day=str(at.day), day__month=str(at.month), day__year=str(at.year))
    assert "ready in a few seconds" in window.press("Ask").judge("9-could-see-asked").text()
    for _ in range(60):
        window.go("/use/could-see/")
        if "It is being worked out" not in window.text():
            break
        window.page.wait_for_timeout(500)
    window.judge("9-could-see")
    assert "As practitioner for" in window.text()
    assert "By the rules of version" in window.text()
