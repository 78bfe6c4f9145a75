"""Told when it matters, in a real browser: a colleague becomes involved, and what one wants to be told."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from contactpoint.pipelines.digest import SUBJECT
from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.pages import follow
from tests.system.post import letters
from tests.system.test_main_journey import open_record_of
from tests.system.test_my_children import say, say_and_confirm

pytestmark = pytest.mark.system

# As if nobody had looked or been told today.
AGAIN = ("DELETE FROM digest", "DELETE FROM notice_look", "DELETE FROM own_look")
DIGEST = """
import django; django.setup()
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.digest import send_digests
send_digests(by=system_viewer("worker"), at=timezone.now())
"""


def todays_letters(product):
    """What the e-mail of a day says to Amina, if she gets one."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        for statement in AGAIN:
            owner.execute(statement)
    before = len(letters(product))
    product.as_worker(DIGEST)
    sent = letters(product)[before:]
    return [said for to, about, said in sent if (to, about) == ("amina@demo.example", SUBJECT)]


def told_of(window, name):
    """What the notices say of the child."""
    return window.page.locator(".cp-card", has_text=name).filter(has_text="became involved today")


def test_r44_that_a_service_becomes_involved_is_told_and_can_be_left_off(visit, product, photograph):
    """Given a colleague with a child of hers, when Amina chooses, she is told there or not at all."""
    child = a_mohamed(product.england, journey=5)
    name = say_and_confirm(visit, child, "0161 496 0788")
    say(visit("ben"), child, "0161 496 0789")
    amina = visit("amina", size=WIDE).go("/to-confirm/")
    follow(amina.page.get_by_role("button", name=f"and {name}").first)
    amina.go("/notices/").judge("10-notices")
    photograph(amina, "notices")
    assert told_of(amina, name).count() == 1
    assert child.surname not in amina.page.title() + amina.page.url

    (letter,) = todays_letters(product)
    assert "service became involved or ended" in letter or "services became involved or ended" in letter
    assert not [name for name in (child.surname, child.forename, "Ben Whitaker") if name in letter]

    amina = visit("amina", size=PHONE).go("/notices/").judge("10-notices")
    follow(amina.page.get_by_role("link", name="Choose what you are told, and where"))
    amina.judge("10-choose")
    amina.page.locator('[name="service"][value="here"]').check()
    assert "you are told as you chose" in amina.press("Save").judge("10-chosen").text()
    assert told_of(amina, name).count() == 1, "under Notices alone"
    assert "became involved" not in "".join(todays_letters(product))
    follow(amina.page.get_by_role("link", name="Choose what you are told, and where"))
    amina.page.locator('[name="service"][value="nowhere"]').check()
    assert "became involved" not in amina.press("Save").text()


def test_r25_a_school_says_how_it_is_reached_and_the_record_shows_it(visit, product):
    """R25: given a school without a contact point, when it says how it is reached, then records show it."""
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
