"""A merger of two authorities in a browser: planned, agreed to, carried out, and taken back (R58)."""

import time

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
SCHOOL = """
    SELECT code, name FROM organisation WHERE authority = '354' AND kind = 'school' ORDER BY code DESC LIMIT 1
"""
PATIENCE = 90  # seconds for the worker


def wait_for(window, words):
    deadline = time.monotonic() + PATIENCE
    while words not in window.text():
        assert time.monotonic() < deadline, "the worker carried nothing out"
        time.sleep(1)
        window.page.reload()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_merger_from_its_plan_to_taking_it_back(visit, photograph, size):
    """Given two authorities, when two people merge them, then all is one's, and becomes what it was again."""
    ewa, lena = visit("ewa", size=size, proved=True), visit("lena", size=size, proved=True)
    follow(ewa.go("/reference/").page.get_by_role("link", name="Split or merge an authority"))
    follow(ewa.judge("17-authorities").page.get_by_role("link", name="Plan one"))
    ewa.judge("17-plan").press("Show what it concerns").judge("17-plan-errors")
    assert ewa.follow_errors() == ["authority", "into", "because"]
    said = {"authority": "354", "into": "353", "because": "The order of 1 April"}
    ewa.fill(**said, listed="organisation,la-353,354").press("Show what it concerns").judge("17-foreign")
    assert "la-353 is not of authority 354" in ewa.text()
    ewa.fill(**said, listed="").press("Show what it concerns").judge("17-preview")
    assert "to the nearest 100" in ewa.text()
    ewa.press("Ask a colleague to agree").judge("17-asked")
    assert ewa.page.get_by_role("button", name="Agree, and carry it out").count() == 0

    follow(lena.go("/today/").page.get_by_role("link", name="1 split or merger for a second person"))
    follow(lena.judge("17-authorities-waiting").page.get_by_role("link", name="354 goes into 353").first)
    lena.judge("17-agree").press("Agree, and carry it out")
    wait_for(lena, "Ask that it be taken back")
    if size is WIDE:
        photograph(lena, "authority-change", whole=True)
    lena.judge("17-done").press("Ask that it be taken back").judge("17-undo-asked")
    assert lena.page.get_by_role("button", name="Agree, and take it back").count() == 0

    follow(ewa.go("/today/").page.get_by_role("link", name="1 split or merger for a second person"))
    follow(ewa.page.get_by_role("link", name="354 goes into 353").first)
    ewa.press("Agree, and take it back")
    wait_for(ewa, "Taken back on")
    ewa.judge("17-undone")


def test_a_part_of_an_authority_leaves_and_comes_back(visit, product):
    """Given a school of one, when two people plan that another has it, then it does, and comes back."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        school, name = owner.execute(SCHOOL).fetchone()
    ewa, lena = visit("ewa", proved=True), visit("lena", proved=True)
    ewa.go("/authorities/plan/").fill(authority="354", into="354", because="The order of 1 May")
    ewa.fill(listed=f"organisation,{school},353").press("Show what it concerns").judge_both("17-split")
    assert "All of it goes to 354, but for what you listed. Nothing has changed yet." in ewa.text()
    ewa.press("Ask a colleague to agree")

    follow(lena.go("/today/").page.get_by_role("link", name="1 split or merger for a second person"))
    follow(lena.page.locator("tbody th a").first)
    assert school in lena.judge_both("17-split-agree").page.locator("table").inner_text()
    lena.press("Agree, and carry it out")
    wait_for(lena, "Ask that it be taken back")
    team = visit("dev").go("/organisations/").fill(words=school).press("Show")
    assert name in team.text(), "Oldham answers for it now"
    lena.press("Ask that it be taken back")
    follow(ewa.go("/today/").page.get_by_role("link", name="1 split or merger for a second person"))
    follow(ewa.page.locator("tbody th a").first)
    ewa.press("Agree, and take it back")
    wait_for(ewa, "Taken back on")
    assert name not in team.go("/organisations/").fill(words=school).press("Show").text()
