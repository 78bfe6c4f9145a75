"""Told when it matters, in a real browser: a colleague becomes involved, and what one wants to be told."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of
from tests.system.test_my_children import say_and_confirm

pytestmark = pytest.mark.system


def test_r44_that_a_service_becomes_involved_is_told_and_can_be_left_off(visit, product, photograph):
    """Amina is told that a colleague works with a child of hers, until she chooses not to be."""
    child = a_mohamed(product.england, journey=5)
    name = say_and_confirm(visit, child, "0161 496 0788")
    ben = visit("ben")
    open_record_of(ben, child)
    ben.press("I am working with this child")
    ben.fill(phone="0161 496 0789", start__day="1", start__month="9", start__year="2026")
    ben.page.locator('[name="lead"][value="no"]').check()
    ben.page.locator('[name="assessment"][value="no"]').check()
    ben.press("Continue").press("Record it")
    amina = visit("amina", size=WIDE).go("/to-confirm/")
    follow(amina.page.get_by_role("button", name=f"and {name}").first)
    amina.go("/notices/").judge("10-notices")
    photograph(amina, "notices")
    card = amina.page.locator(".cp-card", has_text=name).filter(has_text="became involved today")
    assert card.count() == 1
    assert child.surname not in amina.page.title() + amina.page.url

    amina = visit("amina", size=PHONE).go("/notices/").judge("10-notices")
    follow(amina.page.get_by_role("link", name="Choose what you are told, and where"))
    amina.judge("10-choose")
    amina.page.locator('[name="service"][value="nowhere"]').check()
    assert "you are told as you chose" in amina.press("Save").judge("10-chosen").text()
    assert "became involved" not in amina.text()


def test_r25_a_school_says_how_it_is_reached_and_the_record_shows_it(visit, product):
    """Amina is asked, says it once, and whoever opens the record of a child of hers reads it beside her."""
    child = a_mohamed(product.england, journey=5)
    amina = visit("amina", size=PHONE).go("/contact-points/").judge("11-contact-points")
    follow(amina.page.get_by_role("link", name="Say how it is reached").first)
    amina.judge("11-contact-point").press("Save").judge("11-errors")
    assert amina.follow_errors() == ["phone", "hours"]
    amina.fill(phone="0161 496 0700", hours="School days 8 to 4", night="0161 496 0701, any time")
    assert "records show it from now on" in amina.press("Save").judge("11-kept").text()
    record = visit("ben", size=WIDE)
    open_record_of(record, child)
    assert "Out of hours: 0161 496 0701, any time" in record.judge("11-record").text()
