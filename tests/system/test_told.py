"""Told when it matters, in a real browser: who leads, what looks stale, the daily e-mail, contact points."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.england import of_oldham
from tests.system.pages import follow
from tests.system.people import body_of
from tests.system.test_main_journey import open_record_of
from tests.system.test_my_children import card_of, say_and_confirm
from tests.system.working import SAID_PHONE, child_of_aminas

pytestmark = pytest.mark.system
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
# A term has passed since the only one whom Amina leaves alone was confirmed.
A_TERM_AGO = """
    UPDATE involvement SET last_confirmed = current_date - 200
    WHERE contact_phone = %s AND end_date IS NULL
        AND typed_by_id = (SELECT id FROM account WHERE name = 'Amina Yusuf')
"""
OWN_NUMBER = """
    INSERT INTO service_point
        (organisation_id, service, phone, hours, night, holidays, confirmed_on, confirmed_by_id)
    SELECT %s, 'school', '0161 496 0795', 'School days 8 to 4', '', '', current_date - 200, id
    FROM account WHERE name = 'Ben Whitaker'
"""


@pytest.fixture
def owner(product):
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        yield owner


def test_the_lead_passes_from_one_to_another_and_whoever_works_with_the_child_is_told(visit, product):
    """R43: given two who work with a child, when the lead hands over, then there is one lead."""
    child = of_oldham(product.england, 22)
    name = say_and_confirm(visit, child, "0161 496 0792")
    amina = visit("amina").go("/my-children/")
    follow(card_of(amina, name).get_by_role("link", name="Change or hand over"))
    amina.press("I am the lead practitioner now")
    assert "Lead practitioner" in card_of(amina, name).inner_text()
    follow(card_of(amina, name).get_by_role("link", name="Change or hand over"))
    assert "You are the lead practitioner now." in amina.judge_both("23-lead").text()
    amina.page.get_by_label("Ben Whitaker").check()
    amina.press("Ask them to take over")

    ben = visit("ben").go("/my-children/")
    assert "You become the lead practitioner." in card_of(ben, name).first.inner_text()
    follow(card_of(ben, name).get_by_role("button", name="Take over").first)
    record = visit("carol")
    open_record_of(record, child)
    leads = record.page.locator(".cp-contact", has_text="Lead practitioner")
    assert leads.count() == 1
    assert "Ben Whitaker" in leads.inner_text()
    assert "Amina Yusuf" not in record.page.locator(".cp-contacts").first.inner_text()
    record.judge_both("23-led-by-ben")
    assert card_of(amina.go("/my-children/"), name).count() == 0


@SIZES
def test_what_looks_stale_is_asked_and_confirmed_with_one_click(visit, product, owner, size):
    """R45: given a child of whom nobody said anything for a term, when Amina says yes, it is fresh."""
    _, name = child_of_aminas(visit, product)
    assert owner.execute(A_TERM_AGO, [SAID_PHONE]).rowcount == 1
    amina = visit("amina", size=size).go("/notices/").judge("23-stale-notice")
    card = amina.page.locator(".cp-card", has_text=name).filter(has_text="Are you still involved?")
    assert card.count() == 1
    card = card_of(amina.go("/my-children/"), name)
    follow(card.get_by_role("button", name="Yes"))
    assert "you are still involved" in amina.judge("23-fresh").text()
    assert card.get_by_role("button", name="Yes").count() == 0
    assert "Are you still involved?" not in amina.go("/notices/").text()


@pytest.fixture
def last_terms_number(product, owner):
    """Amina's school said last term how it is reached; afterwards it has not said so."""
    school, name = body_of(product, "amina")
    owner.execute("DELETE FROM service_point WHERE organisation_id = %s AND service = 'school'", [school])
    owner.execute(OWN_NUMBER, [school])
    yield name
    owner.execute("DELETE FROM service_point WHERE organisation_id = %s AND service = 'school'", [school])


def test_a_service_keeps_its_own_contact_point_current(visit, product, last_terms_number):
    """R25: given a number of last term, when the school changes it, records show that."""
    child, _ = child_of_aminas(visit, product)
    amina = visit("amina").go("/notices/").judge_both("23-point-waits")
    follow(amina.page.get_by_role("link", name="Look at your contact points"))
    card = amina.page.locator(".cp-card", has_text=last_terms_number).first
    assert "To confirm" in card.inner_text()
    assert "Ben Whitaker said so on" in amina.judge_both("23-points").text()
    follow(card.get_by_role("button", name="It still holds"))
    assert "To confirm" not in card.inner_text()
    assert "Amina Yusuf said so on" in card.inner_text()
    follow(card.get_by_role("link", name="Change it"))
    amina.fill(phone="0161 496 0796", holidays="0161 496 0797, school holidays").press("Save")
    assert "0161 496 0796" in amina.judge_both("23-point-changed").text()

    record = visit("carol")
    open_record_of(record, child)
    row = record.page.locator(".cp-contact", has_text="Amina Yusuf").inner_text()
    assert "0161 496 0796" in row
    assert "0161 496 0797, school holidays" in row
    assert "0161 496 0795" not in record.text()
