"""The pages of mediated access: who asks, what they know, one record in answer to choosing it (R6)."""

import re

import pytest
from django.utils import timezone
from tests.factories.directory import amina, amina_in_full, build_child
from tests.integration.web.test_shields import sent

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer

ASKS = {
    "name": "Jo Bloggs",
    "title": "Recovery worker",
    "email": "jo@harbour.example",
    "organisation": "harbour recovery",
    "checked": "rang_back",
    "vouched": "yes",
    "purpose": "safeguarding",
}
AMINA = {"surname": "Okafor", "forename": "Amina"}


@pytest.fixture
def number():
    return build_child(*amina_in_full())


@pytest.fixture
def client(account, sign_in, number):
    account()
    return sign_in()[0]


def text(response):
    return response.content.decode()


def begin(client, **changed):
    return client.post("/mediated/", sent(client, "/mediated/", **{**ASKS, **changed}), follow=True)


def test_from_who_asks_to_the_one_record(client, number):
    assert 'href="/mediated/"' in text(client.get("/find/"))
    page = begin(client)
    where = page.request["PATH_INFO"]
    assert re.fullmatch(r"/mediated/[\w-]{16}/", where)
    assert "Jo Bloggs, Recovery worker, Harbour Recovery" in text(page)
    assert "There is a problem" in text(client.post(where, {"forename": "Amina"}))
    found = text(client.post(where, AMINA))
    assert "1 child matches" in found
    assert f'action="{where}record/"' in found
    shown = text(client.post(f"{where}record/", {"number": number}))
    assert "14 Mill Lane" in shown
    assert "Joan Whitworth" in shown
    for action in ("Ask them to contact me", "Leave a message", "I am working with this child"):
        assert action not in shown
    assert client.get(f"{where}record/").status_code == 405, "no address shows it"
    other = build_child(amina("births"))
    refused = client.post(f"{where}record/", {"number": other})
    assert refused.status_code == 403
    assert "another record was opened for them already" in text(refused)
    assert "One record was opened for them." in text(client.get(where))
    assert "for Jo Bloggs, Recovery worker" in text(client.get("/activity/"))


def test_a_protected_record_offers_nothing_to_ask(client, number):
    place_shields(numbers=[number], ground=Ground.ADOPTION, by=system_viewer("test"), at=timezone.now())
    where = begin(client).request["PATH_INFO"]
    shown = text(client.post(f"{where}record/", {"number": number}))
    assert "This record is protected" in shown
    assert "14 Mill Lane" not in shown
    assert "ring back</a>" not in shown


# What is typed, and what the page says to it.
WRONG = [
    ({"organisation": "Harbour"}, "Like it are: Harbour Recovery"),
    ({"organisation": "Nowhere at all"}, "No organisation here has that name or code"),
    ({"email": "jo"}, "Enter an e-mail address like name@example.org"),
    ({"purpose": "other"}, "Say why you need to look"),
    ({"name": ""}, "Enter the first and last name of whoever asks"),
]


@pytest.mark.parametrize(("typed", "says"), WRONG)
def test_what_is_missing_is_said_and_nothing_is_lost(client, typed, says):
    page = text(begin(client, **typed))
    assert says in page
    assert 'value="Recovery worker"' in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"checked": "taken_at_word"}, "you have not made sure who asks"),
        ({"vouched": "no"}, "has not confirmed their enhanced check"),
        ({"email": "amina@example.org"}, "they have an account of their own"),
    ],
)
def test_a_refusal_says_the_way_on(client, typed, says):
    page = begin(client, **typed)
    assert page.status_code == 403
    assert says in text(page)
    assert "Rule: R6." in text(page)


def test_sent_twice_one_request_is_written_down(client):
    form = sent(client, "/mediated/", **ASKS)
    first, second = (client.post("/mediated/", form)["Location"] for _ in range(2))
    assert first == second
