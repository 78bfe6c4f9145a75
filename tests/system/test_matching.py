"""Records to check in a real browser: wide, narrow, by keyboard, plain; decided, done, taken back (R20)."""

import re
import time

import psycopg
import pytest
from playwright.sync_api import expect

from contactpoint.cli.postgres import Cluster
from contactpoint.domain.people import PersonFacts
from contactpoint.linking import default_model, score_pair
from tests.system.conftest import DRAWN, PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
PATIENCE = 60
ASK = """
    INSERT INTO review_case (record_a_id, record_b_id, kind, weight, levels, opened_at, near_shield)
    VALUES (least(%s, %s), greatest(%s, %s), %s, %s, %s, now(), false) ON CONFLICT DO NOTHING
"""
TWO_IN_ONE = "Two children in one record?"
IN_ONE = """
    SELECT a.record_id, a.facts, b.record_id, b.facts
    FROM match_identity a JOIN match_identity b ON b.child_id = a.child_id AND a.record_id < b.record_id
    JOIN source_record r ON r.id = a.record_id AND r.source_id = 'births' AND r.withdrawn_at IS NULL
    JOIN source_record s ON s.id = b.record_id AND s.source_id = 'gp-registrations' AND s.withdrawn_at IS NULL
    WHERE NOT r.sealed AND EXISTS (
        SELECT FROM search_identity i WHERE i.child_id = a.child_id AND i.la = '353' AND NOT i.shielded)
        AND (SELECT count(*) FROM source_record o WHERE o.child_id = a.child_id) > 3
    ORDER BY a.record_id DESC LIMIT 1
"""
BORN_IN_OLDHAM = """
    SELECT m.record_id, m.facts FROM match_identity m
    JOIN source_record r ON r.id = m.record_id AND NOT r.sealed AND r.withdrawn_at IS NULL
    WHERE r.source_id = 'births' AND EXISTS (
        SELECT FROM search_identity i WHERE i.child_id = r.child_id AND i.la = '353' AND NOT i.shielded)
    ORDER BY m.record_id LIMIT 6
"""

SEALED = """
    SELECT r.id FROM source_record r JOIN child c ON c.number = r.child_id AND c.shielded AND NOT c.archived
    WHERE r.sealed AND r.withdrawn_at IS NULL AND r.source_id = 'births' ORDER BY r.id LIMIT 1
"""


@pytest.fixture(scope="module", autouse=True)
def cases(product):
    """Three questions of Oldham's about two children each, whatever linking left open by itself.

    One more is near a protected record.
    """
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        found = owner.execute(BORN_IN_OLDHAM).fetchall()
        for (one, ours), (other, theirs) in zip(found[::2], found[1::2], strict=True):
            ask(owner, "possible_same_child", one, ours, other, theirs)
        ask(owner, "possible_two_children", *owner.execute(IN_ONE).fetchone())
        (sealed,), (one, ours), (_, theirs) = owner.execute(SEALED).fetchone(), *found[:2]
        ask(owner, "possible_same_child", one, ours, sealed, theirs)


def ask(owner, kind, one, ours, other, theirs):
    score = score_pair(*(PersonFacts.from_mapping(facts) for facts in (ours, theirs)), default_model())
    owner.execute(ASK, (one, other, one, other, kind, score.weight, score.levels.pack()))


def first_case(window):
    """Open the first question on the list, and return what it was called."""
    link = window.go("/matching/").page.locator("tbody th a").filter(has_not_text=TWO_IN_ONE).first
    name = link.inner_text()
    follow(link)
    return name


def settled(window):
    """Wait until the worker has carried out what was decided; return how the newest ended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        state = window.go("/matching/decided/").page.locator("tbody tr").first.inner_text()
        if "Is being carried out" not in state:
            return state
        assert time.monotonic() < deadline, "the worker carried nothing out"
        time.sleep(0.2)


@SIZES
def test_the_list_and_a_case_say_why_and_what_will_happen(visit, size):
    """Given a record to check, when it is opened, then it says why, and what each answer does."""
    window = visit("dev", size=size).go("/matching/").judge("8-cases")
    assert window.heading() == "Records to check"
    first_case(window)
    window.judge("8-case")
    text = window.text()
    for words in (
        "Why you are asked",
        "bits in all",
        "was born on that day",
        "If it is one child, the record will say",
        "Check it by",
        "How do you know?",
        "It can be taken back.",
    ):
        assert words in text
    assert window.page.get_by_role("img", name="How what was compared adds up").count() == 1
    window.press("Same child").judge("8-case-errors")
    assert window.follow_errors() == ["because"]
    assert window.page.title().startswith("Error: ")


def test_the_guide_shows_a_case(visit, photograph):
    """Given a record to check, when it is opened, then the guide's picture shows it."""
    window = visit("dev", size=DRAWN)
    first_case(window)
    photograph(window, "case", whole=True)
    assert window.page.get_by_role("button", name="Cannot tell").count() == 1


@SIZES
def test_two_in_one_stand_first_and_say_what_goes_where(visit, size):
    """Given two children in one, when I tick what goes where, I see both as they would be."""
    window = visit("dev", size=size).go("/matching/")
    link = window.page.locator("tbody th a").first
    assert TWO_IN_ONE in link.inner_text()
    follow(link)
    first = window.page.locator('[name="leaves"]').first
    first.set_checked(not (proposed := first.is_checked()))
    before = window.page.get_by_text(re.compile(r"^From \d+ source")).all_inner_texts()
    window.judge("8-case-two").fill(because="I rang both").press("Show both records as they would be")
    assert first.is_checked() is not proposed, "what was ticked and typed stays"
    assert window.page.get_by_label("How do you know?").input_value() == "I rang both"
    assert window.page.get_by_text(re.compile(r"^From \d+ source")).all_inner_texts() != before
    window.judge("8-case-two-shown").fill(because="").press("Two children").judge("8-case-two-errors")
    assert window.follow_errors() == ["because"]


@SIZES
def test_shield_staff_have_a_list_of_their_own(visit, size):
    """Given a row near a protected child, when the shield desk takes its word back, it waits again."""
    window = visit("imran", size=size).go("/shields/")
    follow(window.page.get_by_role("link", name="Records to check near protected records"))
    window.judge("8-cases-protected")
    assert window.heading() == "Records to check near protected records"
    follow(window.page.locator("tbody th a").first)
    window.judge("8-case-protected")
    assert "Why you are asked" in window.text()
    window.fill(because="Nobody answered").press("Cannot tell")
    window.go("/matching/protected/decided/").judge("8-cases-protected-decided")
    assert "Nobody answered" in window.text()
    follow(window.page.get_by_role("link", name="Take back").first)
    window.judge("8-take-back-protected").fill(because="They rang back").press("Take back")
    assert window.go("/matching/protected/").page.locator("tbody tr").count() == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_one_child_is_decided_carried_out_and_taken_back(visit, javascript):
    """Given two records, when I say one child, then it is carried out, and can be taken back."""
    window = visit("dev", javascript=javascript)
    first_case(window)
    window.fill(because="I rang both").press("Same child")
    expect(window.page.locator("main")).to_contain_text("Recorded: the same child.")
    window.judge("8-decided")
    assert "I rang both" in settled(window)
    window.judge("8-cases-decided")
    follow(window.page.get_by_role("link", name="Take back").first)
    window.judge("8-take-back").press("Take back")
    window.judge("8-take-back-errors")
    window.fill(because="I was wrong").press("Take back")
    assert "Recorded: taken back." in window.text()
    assert "Taken back" in settled(window)
    follow(window.page.get_by_role("link", name="Who saw it as one").first)
    assert window.judge("8-seen-as-one").heading() == "Who saw two children as one"


def test_a_case_is_decided_by_keyboard_alone(visit):
    """Given the keyboard alone, when I decide, then it is recorded and the next case stands there."""
    window = visit("dev")
    first_case(window)
    window.page.locator('[name="because"]').focus()
    keyboard = window.page.keyboard
    keyboard.type("One was born in another town")
    keyboard.press("Enter")
    assert "Recorded" not in window.text(), "Enter in the reason joins nobody"
    for _ in range(3):
        keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.value") == "cannot_tell"
    with window.page.expect_navigation():
        keyboard.press("Enter")
    expect(window.page.locator("main")).to_contain_text(
        "Recorded: nobody can tell. It comes back when a source says something else. This is the next one."
    )
    assert window.page.locator('[name="because"]').count() == 1


@SIZES
def test_one_kind_is_worked_by_itself(visit, size):
    """Given several kinds of case, when I choose one kind, then only those are listed."""
    window = visit("dev", size=size).go("/matching/")
    follow(window.page.get_by_role("link", name="Two children in one record?", exact=True))
    window.judge("8-cases-of-a-kind")
    assert window.page.locator('nav [aria-current="page"]').inner_text() == "Two children in one record?"
    titles = window.page.locator("tbody th a").all_inner_texts()
    assert titles
    assert all(title.startswith(TWO_IN_ONE) for title in titles)
