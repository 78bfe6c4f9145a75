"""A protected child is not found by anything that would say where it is, and shows four facts (R10, R27)."""

import re

import pytest

from tests.system.england import protected_children
from tests.system.pages import follow

pytestmark = pytest.mark.system

SAME_NUMBER = re.compile(r"C\s\d{3}\s\d{3}\s\d{3}\s[A-Z]")


@pytest.fixture(scope="module")
def children(product):
    found = protected_children(product.england)
    assert len(found) >= 2
    return found


def open_protected(window, child):
    window.search(
        forename=child.forename,
        surname=child.surname,
        date_of_birth__day=str(child.born.day),
        date_of_birth__month=str(child.born.month),
        date_of_birth__year=str(child.born.year),
    )
    card = window.page.locator(".cp-card", has_text="Protected record").first
    assert child.postcode[:-3].strip() not in card.inner_text()
    follow(card.get_by_role("button"))
    window.say_how()


def test_it_shows_four_facts_and_else_the_same_for_every_one(visit, children):
    """Given protected children, when each is opened, then all but four facts is the same."""
    window = visit("amina")
    seen = set()
    for child in children[:3]:
        open_protected(window, child)
        window.judge("protected")
        assert child.surname in window.heading()
        text = window.text()
        assert "This record is protected" in text
        assert not child.postcode or child.postcode not in text
        facts = window.page.locator(".cp-record__facts").inner_text()
        seen.add(text.replace(window.heading(), "NAME").replace(facts, "FACTS"))
        assert len(facts.splitlines()) == 4
        assert SAME_NUMBER.search(facts)
    assert len(seen) == 1


@pytest.mark.parametrize("field", ["place", "postcode", "nhs_number"])
def test_it_is_not_found_by_what_is_hidden(visit, children, field):
    """Given what is hidden of a child, when it is searched for, then they are not found by it."""
    window = visit("amina")
    for child in children[:3]:
        by = {
            "place": {"surname": child.surname, "forename": child.forename, "place": child.address},
            "postcode": {"surname": child.surname, "place": child.postcode},
            "nhs_number": {"number": child.nhs_number},
        }[field]
        if not all(by.values()):
            continue
        window.search(**by)
        assert window.page.locator(".cp-card", has_text="Protected record").count() == 0
        cards = window.page.locator(".cp-card").all_inner_texts()
        assert not [card for card in cards if f"born {child.born.day} {child.born:%B %Y}" in card]
        if field != "nhs_number":
            assert "Some records can be found only by name, date of birth or number." in window.text()
