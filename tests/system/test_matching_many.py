"""Two hundred planted records to check, worked one after the other with the keyboard alone (R20)."""

import time
from itertools import pairwise

import psycopg
import pytest
from playwright.sync_api import expect

from contactpoint.cli.postgres import Cluster
from tests.system.test_matching import BORN_IN_OLDHAM, ask

pytestmark = pytest.mark.system
MANY = 200
READING = 0.5  # seconds: nobody reads two records, and says how they know, in less
# Enough records of Oldham's for as many questions, each of two children; other tests ask about the first.
RECORDS = BORN_IN_OLDHAM.replace("LIMIT 6", f"OFFSET 6 LIMIT {MANY + 1}")
DECIDED = "SELECT count(*) FROM case_decision WHERE what <> 'undo'"


@pytest.fixture
def owner(product):
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        yield owner


def test_two_hundred_are_worked_by_keyboard(visit, owner, record_property):
    """Given two hundred questions, when each is decided by keys, then all are; the waiting is told.

    Waiting is what somebody waits who has read: until what they said before is recorded, and from the key
    that decides until the next question is there.
    """
    found = owner.execute(RECORDS).fetchall()
    assert len(found) == MANY + 1
    for (one, ours), (other, theirs) in pairwise(found):
        ask(owner, "possible_same_child", one, ours, other, theirs)
    before = owner.execute(DECIDED).fetchone()[0]
    window = visit("dev").go("/matching/?kind=possible_merge")
    page, keys = window.page, window.page.keyboard
    with page.expect_navigation():
        page.locator("tbody th a").first.press("Enter")
    page.locator("#main-content").press("Tab")
    waited = 0.0
    for turn in range(MANY):
        assert page.evaluate("document.activeElement.textContent") == "Decide"
        keys.press("Enter")
        keys.type("Other homes")
        for _ in range(3 if turn % 4 else 2):
            keys.press("Tab")
        time.sleep(READING)
        began = time.perf_counter()
        if turn:
            expect(page.locator("main [role=status]").first).to_contain_text("Recorded: ")
        with page.expect_navigation(wait_until="commit"):
            keys.press("Enter")
        waited += time.perf_counter() - began
        keys.press("Tab")
    expect(page.locator("main [role=status]").first).to_contain_text("Recorded: ")
    assert owner.execute(DECIDED).fetchone()[0] == before + MANY
    record_property(
        "cases by keyboard", f"{MANY} cases were decided by keyboard; {waited:.1f} s of waiting in all"
    )
