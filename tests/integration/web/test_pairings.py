"""The page of shield desks that second each other: two of the national team pair two, and end it (R31)."""

import re
from html import unescape

import pytest
from tests.factories.supply import rows
from tests.integration.web.test_shields import NATIONAL, sent, sign_in_as

__all__ = ["sign_in_as"]
TEAM = (("contactpoint", "national_team"),)
WHERE = "/reference/desks/"


@pytest.fixture
def people(sign_in_as):
    """Two of the national team, signed in."""
    rows("UPDATE organisation SET accredited_until = '2099-01-01' RETURNING code")
    return {name: sign_in_as(f"{name}@example.org", TEAM, name.title()) for name in ("nils", "nora")}


def page(client, where=WHERE):
    return unescape(client.get(where).content.decode())


def ask(client, **said):
    return unescape(client.post(WHERE, sent(client, WHERE, **said), follow=True).content.decode())


def press(client, what):
    found = page(client)
    form = next(one for one in re.findall(r"<form.*?</form>", found, re.DOTALL) if f'value="{what}"' in one)
    action, key = re.search(r'action="([^"]*)"', form)[1], re.search(r'form_key" value="([^"]*)"', form)[1]
    return unescape(client.post(action, {"form_key": key, "what": what}, follow=True).content.decode())


def test_two_are_paired_by_two_people_and_no_longer(people):
    nils, nora = people["nils"], people["nora"]
    asked = ask(nils, authority="353", second="354", both_ways="on", because="Two on leave")
    assert "are each other’s second desk" in asked
    assert 'value="agree"' not in asked, "not whoever asked"
    assert "1 pairing of shield desks for a second person" in page(nora, "/today/")
    assert "It holds from now on" in press(nora, "agree")
    assert rows("SELECT count(*) FROM paired_authority") == [(2,)]
    ask(nora, authority="354", second="none", because="Back")
    press(nora, "drop")
    ask(nora, authority="354", second="none", because="Back")
    press(nils, "agree")
    assert rows("SELECT authority, second_desk FROM paired_authority") == [("353", "354")]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"authority": "353", "second": "353", "because": "x"}, "no desk is its own second"),
        ({"authority": "353", "second": "354"}, "Say why"),
        ({"second": "none", "because": "x"}, "Choose an authority"),
        ({"authority": "353", "second": "none", "because": "x"}, "That would change nothing"),
    ],
)
def test_what_is_wrong_is_said(people, said, sentence):
    assert sentence in ask(people["nils"], **said)
    assert rows("SELECT count(*) FROM pairing_change") == [(0,)]


def test_it_says_which_desks_have_fewer_than_two_people(people, sign_in_as):
    rosa = (("la-353", "shield_team"),)
    for name in ("rosa", "sam"):
        sign_in_as(f"{name}@example.org", rosa, name.title())
    found = re.findall(r"<tr class=\"govuk-table__row\">.*?</tr>", page(people["nils"]), re.DOTALL)
    (oldham,) = (one for one in found if "Oldham" in one)
    assert "2 people" in oldham
    assert "fewer than two" not in oldham
    assert "fewer than two" in found[0], "those come first"


def test_nobody_else_opens_it(people, sign_in_as):
    assert sign_in_as("uma@example.org", NATIONAL, "Uma").get(WHERE).status_code == 403
