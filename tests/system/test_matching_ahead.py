"""What a script does while one works through cases: and what happens when it goes wrong (R20)."""

from itertools import pairwise

import psycopg
import pytest
from playwright.sync_api import expect

from contactpoint.cli.postgres import Cluster
from tests.system.pages import follow
from tests.system.test_account import enter_code
from tests.system.test_matching import BORN_IN_OLDHAM, SIZES, ask

pytestmark = pytest.mark.system
RECORDS = BORN_IN_OLDHAM.replace("LIMIT 6", "OFFSET 300 LIMIT 9")
SAID = "I rang both homes"
KINDS = "?kind=possible_merge"


@pytest.fixture(scope="module", autouse=True)
def cases(product):
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        for (one, ours), (other, theirs) in pairwise(owner.execute(RECORDS).fetchall()):
            ask(owner, "possible_same_child", one, ours, other, theirs)


@pytest.fixture
def at_a_case(visit):
    """Opens the first case in a window, once the one after it has come."""

    def open_case(person="dev", **how):
        window = visit(person, **how).go(f"/matching/{KINDS}")
        with window.page.expect_response(lambda answer: "/after/" in answer.url):
            follow(window.page.locator("tbody th a").first)
        return window

    return open_case


def status(window):
    return window.page.locator("[data-done]")


def decide(window, said=SAID):
    """Decide with the next case at hand; it is there before anything was answered."""
    before = window.page.url
    window.fill(because=said).press("Cannot tell")
    assert window.page.url != before


@SIZES
def test_the_next_case_is_there_at_once_and_what_was_said_follows(at_a_case, size):
    """Given a case with another after it, when it is decided, then that stands there at once."""
    window = at_a_case(size=size)
    address, title = window.page.url, window.page.locator("tbody").first.inner_text()
    decide(window)
    expect(status(window)).to_contain_text("Recorded: nobody can tell.")
    window.judge("8-case-next")
    assert window.page.evaluate("document.activeElement.id") == "main-content"
    assert window.page.locator("tbody").first.inner_text() != title
    here = window.page.url
    assert here.endswith(KINDS)
    window.page.reload()
    assert window.page.url == here, "the address is that of the case"
    window.page.go_back()
    window.page.wait_for_url(address)
    expect(window.page.locator("main")).to_contain_text("No records of that number wait for you to check.")


def test_without_a_reason_the_case_stays_and_says_so(at_a_case):
    """Given no reason, when a case is decided, then it stays and the error leads to the field."""
    window = at_a_case()
    window.press("Cannot tell")
    assert window.follow_errors() == ["because"]


def test_what_could_not_be_sent_comes_back_as_it_was(at_a_case):
    """Given no network, when a case is decided, then it comes back with what was typed."""
    window = at_a_case()
    page = window.page
    before = page.locator("tbody").first.inner_text()
    held = []

    def hold(route):
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/matching/*/", hold)
    decide(window)
    window.fill(because="Of the next one")
    for route in held:
        route.abort()
    expect(status(window)).to_contain_text("This was not recorded, because nothing answered.")
    assert status(window).get_attribute("role") == "alert"
    assert page.locator("tbody").first.inner_text() == before
    assert page.locator('[name="because"]').input_value() == SAID
    window.judge("8-case-not-sent")
    page.unroute("**/matching/*/")
    window.press("Cannot tell")
    expect(status(window)).to_contain_text("Recorded: nobody can tell.")
    assert page.locator('[name="because"]').input_value() == "Of the next one"


def test_what_a_colleague_decided_first_is_told(at_a_case):
    """Given a colleague who was faster, when a case is decided, then the answer says so and leads back."""
    window, colleague = at_a_case(), at_a_case("ewa")
    decide(colleague)
    expect(status(colleague)).to_contain_text("Recorded")
    decide(window)
    expect(window.page.locator("main")).to_contain_text("No records of that number wait for you to check.")
    window.judge("8-case-was-decided")


def test_the_screen_is_locked_on_the_case_that_stands_there(at_a_case, people):
    """Given the next case and words typed about it, when the screen is locked and opened, both are there."""
    window = at_a_case()
    decide(window)
    expect(status(window)).to_contain_text("Recorded")
    here = window.page.url.removesuffix(KINDS)
    window.fill(because="Half a reas").press("Lock")
    window.page.wait_for_url("**/account/locked/")
    enter_code(window, people["dev"], "Unlock")
    assert window.page.url.startswith(here)
    assert window.page.locator('[name="because"]').input_value() == "Half a reas"
