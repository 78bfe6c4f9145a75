"""A family asks, a child without a school, a record by hand: in a browser, wide and narrow, with axe."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.pages import follow
from tests.system.test_main_journey import misspelt

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]

MONTH = """
    INSERT INTO education_list (authority, month, made_at, covered)
    VALUES ('353', date_trunc('month', now())::date, now(), true)
    ON CONFLICT (authority, month) DO UPDATE SET covered = true
"""
WITHOUT_SCHOOL = """
    INSERT INTO education_item (of_list_id, child_id, why)
    SELECT l.id, c.number, 'never' FROM education_list l JOIN child c
        ON NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
    WHERE l.authority = '353'
        AND l.month = (SELECT max(n.month) FROM education_list n WHERE n.authority = '353')
        AND EXISTS (SELECT FROM search_identity s WHERE s.child_id = c.number AND s.la = '353')
        AND NOT EXISTS (SELECT FROM education_item i WHERE i.of_list_id = l.id AND i.child_id = c.number)
    ORDER BY c.number LIMIT 1
"""


@pytest.fixture(scope="module")
def child(product):
    return a_mohamed(product.england, journey=4)


def choose(window, **answers):
    for name, value in answers.items():
        window.page.locator(f'[name="{name}"][value="{value}"]').check()
    return window


def open_record(window, child):
    window.search(purpose="family_asks", **misspelt(child))
    card = window.page.locator(".cp-card", has_text=f"born {child.born.day} {child.born:%B %Y}").first
    follow(card.get_by_role("button"))
    assert "A family asks" in window.text(), "whoever answers families is not asked how they come to ask"
    return window


def test_a_family_is_answered(visit, child, photograph, size):
    """R60: given the record, when a parent asks, then the report is made, fits a sheet, and is given."""
    window = open_record(visit("dev", size=size, proved=True), child)
    window.press("A family asks what is held").judge("12-family-ask")
    window.press("Record it").judge("12-family-ask-errors")
    assert window.follow_errors() == ["asker", "identity", "entitlement", "received_on-day"]
    choose(window, asker="parent", identity="document", entitlement="birth_certificate")
    window.fill(received_on__day="2", received_on__month="11", received_on__year="2026").press("Record it")
    assert window.heading() == "Recorded: a family asks what is held"
    photograph(window.go("/today/"), "today")
    follow(window.page.get_by_role("link", name="to answer").first)
    window.judge("12-families")
    follow(window.page.locator(".cp-table th a").last)  # the newest: it was asked just now
    window.judge("12-family")
    photograph(window, "family")
    window.press("Make the report").judge("12-family-tell")
    window.press("Make the report").judge("12-family-tell-errors")
    assert window.follow_errors()[0] == "danger"
    choose(window, danger="no").press("Make the report").judge("12-family-report")
    photograph(window, "family-report", whole=True)
    assert window.heading().startswith("What ContactPoint holds about ")
    assert child.surname not in window.page.title() + window.page.url
    assert child.postcode not in window.text(), "the parent was not shown to live there"
    window.page.emulate_media(media="print")
    assert not window.page.get_by_role("navigation").first.is_visible()
    assert not window.page.get_by_text("Printed by").first.is_visible()
    window.page.emulate_media(media="screen")
    with window.page.expect_download() as saved:
        window.tap("Save it as a file")
    assert saved.value.suggested_filename == "what-is-held.html"
    window.press("It was given to them").judge("12-family-given")
    window.press("It was given to them")
    assert "Recorded: it was given to them." in window.text()


@pytest.fixture
def one_without_a_school(product):
    """A child stands on the newest list of Oldham, whoever else does, and nothing was said of it."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        owner.execute(MONTH)
        assert owner.execute(WITHOUT_SCHOOL).rowcount == 1


def test_children_without_a_school_are_listed(visit, one_without_a_school, size):
    """R62: given a child of whom no school says anything, when the team opens it, a decision is asked for."""
    window = visit("dev", size=size).go("/education/").judge("12-education")
    assert window.heading() == "Children without a school that we know of"
    follow(window.page.locator(".cp-table th a").first)
    window.judge("12-education-child").press("Record it").judge("12-education-child-errors")
    assert window.follow_errors() == ["decision"]


def test_a_record_is_made_by_hand_after_a_search(visit, size):
    """R23: given a search that found nobody, when a record is made by hand, then a reason is asked for."""
    born = {"date_of_birth__day": "14", "date_of_birth__month": "2", "date_of_birth__year": "2019"}
    window = visit("dev", size=size).search(forename="Qqquentin", surname=f"Zzyx{len(size)}", **born)
    follow(window.page.get_by_role("link", name="make one by hand"))
    window.judge("12-make").press("Make the record").judge("12-make-errors")
    assert window.follow_errors()[-1] == "reason"
