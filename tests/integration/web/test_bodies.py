"""One organisation or source on its pages: what is asked for, what is wrong, a button pressed twice."""

import re
from datetime import date

import pytest

from contactpoint.storage.models import Organisation, ReferenceChange

KIDS = {"kind": "charity", "code": "kids-oldham", "name": "KIDS Oldham", "phone": "0161 496 0600"}
FEED = {
    "name": "KIDS records", "code": "kids-records", "contract": "charity", "organisation": "105734",
    "authority": "", "every": "31",
}  # fmt: skip


@pytest.fixture
def ewa(account, sign_in):
    """One of the national team, signed in."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("ewa@example.org", memberships=(("contactpoint", "national_team"),))
    return sign_in("ewa@example.org")[0]


def text(answer):
    return answer.content.decode()


def key_of(client, address):
    return re.search(r'name="form_key" value="([^"]+)"', text(client.get(address)))[1]


def send(client, address, **said):
    return client.post(address, {"form_key": key_of(client, address), **said}, follow=True)


def test_an_organisation_is_asked_for_on_the_page_of_its_change(ewa):
    assert "/reference/new/" in text(ewa.get("/reference/"))
    empty = text(send(ewa, "/reference/new/"))
    for words in ("Choose what it is", "Enter its code", "Enter its name"):
        assert words in empty
    wrong = text(send(ewa, "/reference/new/", **{**KIDS, "kind": "school", "phone": "ask for Jo"}))
    assert "Choose whose area it is in" in wrong
    assert "It is not a telephone number like 0161 496 0734" in wrong
    assert "Enter the three digits" in text(send(ewa, "/reference/new/", **{**KIDS, "kind": "authority"}))
    key = key_of(ewa, "/reference/new/")
    for _ in range(2):
        shown = text(ewa.post("/reference/new/", {"form_key": key, **KIDS}, follow=True))
    assert "Charity kids-oldham: what changes" in shown
    assert "Children it concerns" not in shown
    assert ReferenceChange.objects.count() == 1
    assert "Change or close" in text(ewa.post("/organisations/", {"words": "105734"}, follow=True))


def test_an_organisation_that_is_there_is_changed_closed_or_as_it_was(ewa):
    page = "/reference/body/105734/"
    assert 'value="Broadfield Primary School"' in text(ewa.get(page))
    closes = text(ewa.post(page, {"form_key": key_of(ewa, page), "step": "close"}, follow=True))
    assert "They are marked as closed" in closes
    assert "Close it" not in text(ewa.get("/reference/body/la-353/"))
    Organisation.objects.create(code="haven", name="Haven House", kind="refuge", authority="353")
    assert ewa.get("/reference/body/haven/").status_code == 404
    listed = text(ewa.post("/organisations/", {"words": "haven"}, follow=True))
    assert "/reference/body/haven/" not in listed


def test_a_source_is_registered_and_what_is_wrong_is_said(ewa):
    assert "/reference/source/" in text(ewa.get("/feeds/"))
    wrong = text(send(ewa, "/reference/source/", **{**FEED, "organisation": "nowhere", "every": "0"}))
    assert "There is no such organisation" in wrong
    assert "Enter a number of days from 1 to 999" in wrong
    shown = text(send(ewa, "/reference/source/", **FEED))
    assert "Source kids-records: what changes" in shown
    assert "Days between deliveries, at most" in shown
    assert "Who answers for it, and how often it tells" in text(ewa.get("/feeds/school-census/"))
    page = "/reference/source/school-census/"
    held = text(ewa.get(page))
    assert "It is called school-census in file names" in held
    same = {"name": "School census", "organisation": "la-353", "authority": "", "every": "31"}
    assert "It is so already" in text(send(ewa, page, **same))
    assert "Source school-census: what changes" in text(send(ewa, page, **{**same, "every": "14"}))


def test_nobody_else_has_these_pages(account, sign_in):
    account("team@example.org", memberships=(("la-353", "authority_team"),))
    client = sign_in("team@example.org")[0]
    for address in (
        "/reference/new/",
        "/reference/body/105734/",
        "/reference/source/",
        "/reference/source/x/",
    ):
        assert client.get(address).status_code == 403
    assert "Register a source" not in text(client.get("/feeds/"))
    assert "Change or close" not in text(client.post("/organisations/", {"words": "105734"}, follow=True))
