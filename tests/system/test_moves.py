"""A child moves between authorities, in a browser, wide and narrow, with axe (R58, R59)."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]
MOVE = """
    INSERT INTO authority_move (child_id, from_authority, to_authority, opened_at, answer_by)
    SELECT c.number, '354', '353', now(), current_date + 14 FROM child c
    WHERE NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
        AND EXISTS (SELECT FROM search_identity s WHERE s.child_id = c.number AND s.la = '353')
        AND NOT EXISTS (SELECT FROM authority_move m WHERE m.child_id = c.number)
    ORDER BY c.number LIMIT 2
"""
PROTECTED = """
    INSERT INTO authority_move (child_id, from_authority, to_authority, opened_at, answer_by)
    SELECT c.number, '353', '354', now(), current_date + 14 FROM child c
    WHERE c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
        AND NOT EXISTS (SELECT FROM authority_move m WHERE m.child_id = c.number)
        AND (SELECT count(*) FROM shield s WHERE s.child_id = c.number) = 1
    ORDER BY c.number DESC LIMIT 2 RETURNING child_id
"""
ESCALATE = """
import django; django.setup()
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.moves import escalate_moves
escalate_moves(by=system_viewer("worker"), at=timezone.now())
"""


@pytest.fixture
def two_children(product):
    """By what is said of them they belong to Oldham, and Rochdale is responsible."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        assert owner.execute(MOVE).rowcount == 2


def test_a_child_who_comes_is_accepted_or_declined(visit, two_children, size):
    """Given two who come, when the team declines one and accepts one, then each says what follows."""
    window = visit("dev", size=size).go("/today/")
    follow(window.page.get_by_role("link", name="to answer for"))
    window.judge("13-moves")
    waiting = window.page.locator(".cp-table").first.locator("th a")
    name = waiting.first.inner_text()
    follow(waiting.first)
    window.judge("13-move").press("Record it").judge("13-move-errors")
    assert window.follow_errors() == ["step"]
    assert name not in window.page.title() + window.page.url
    window.page.locator('[name="step"][value="decline"]').check()
    window.press("Record it")
    assert window.follow_errors() == ["reason"], "whoever says no says why"
    window.page.locator('[name="reason"][value="not_here"]').check()
    window.press("Record it")
    assert "The old authority stays responsible" in window.text()
    follow(window.page.locator(".cp-table").first.locator("th a").first)
    window.page.locator('[name="step"][value="accept"]').check()
    window.press("Record it").judge("13-moves-answered")
    assert "The new authority is responsible from now on." in window.text()


def test_children_who_come_are_accepted_together_with_the_keyboard(visit, two_children, size):
    """Given two who come, when both are ticked, then one press accepts them; none ticked is said first."""
    window = visit("dev", size=size).go("/moves/")
    window.press("Accept those ticked").judge("13-moves-errors")
    assert window.follow_errors() == ["ticked"]
    boxes = window.page.locator('[name="ticked"]')
    waiting = boxes.count()
    for place in range(waiting):
        boxes.nth(place).focus()
        window.page.keyboard.press("Space")
    window.press("Accept those ticked").judge("13-moves-accepted")
    assert f"You are responsible for {waiting} children more from now on." in window.text()
    assert window.page.locator('[name="ticked"]').count() == 0


@pytest.fixture
def a_late_one(product):
    """One child of whom nobody answered within ten working days, as they were yesterday."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        late = MOVE.replace("current_date + 14", "current_date - 1").replace("LIMIT 2", "LIMIT 1")
        assert owner.execute(late).rowcount == 1
    product.as_worker(ESCALATE)


def test_what_nobody_answers_in_ten_working_days_is_the_nations_to_decide(visit, a_late_one, size):
    """Given a move that nobody answered, when the nation gives the child away, then they are there."""
    ewa = visit("ewa", size=size).go("/moves/").judge("13-moves-late")
    assert "Nobody answered by" in ewa.text()
    link = ewa.page.locator(".cp-table").first.locator("th a").first
    name = link.inner_text()
    follow(link)
    ewa.judge("13-move-late").page.locator('[name="step"][value="give"]').check()
    ewa.press("Record it")
    assert "The new authority is responsible from now on." in ewa.text()
    dev = visit("dev", size=size).go("/moves/")
    line = dev.page.locator(".cp-table tr", has_text=name).first
    assert "is responsible since" in line.inner_text()


@pytest.fixture
def two_protected(product):
    """Two protected children who belonged to Oldham; by what is said now they belong to Rochdale."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        found = [number for (number,) in owner.execute(PROTECTED)]
        assert len(found) == 2
    yield found
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute("DELETE FROM authority_move WHERE child_id = ANY (%s)", [found])


def test_a_protected_child_moves_through_the_national_desk_alone(visit, two_protected, size):
    """Given two protected who move, when the nation gives one away, then the old desk reads that."""
    for team in ("dev", "ewa"):
        before = visit(team, size=size).go("/moves/").text()
        assert not [number for number in two_protected if number in before.replace(" ", "")]
    imran = visit("imran", size=size).go("/shields/")
    follow(imran.page.get_by_role("link", name="Protected children who move between authorities"))
    cards = imran.judge("13-protected-moves").page.locator(".cp-card")
    assert cards.count() == 2
    assert "From Oldham" in cards.first.inner_text()
    follow(cards.first.get_by_role("button", name="Give it to the new desk"))
    assert "the old one learns that it moved" in imran.judge("13-protected-given").text()
    follow(cards.first.get_by_role("button", name="Leave it where it is"))
    assert "The protection stays at its desk." in imran.judge("13-protected-kept").text()
    assert "Nobody moves." in imran.text()

    hana = visit("hana", size=size).go("/shields/").judge("13-protection-moved")
    moved = hana.page.locator("li", has_text="moved on")
    assert moved.count() >= 1
    assert "Rochdale" not in hana.page.locator("main").inner_text()
    assert moved.last.get_by_role("link").count() == 0, "of one that went nothing more is said"
