"""Former names and an earlier sex are neither displayed nor named in a reason where they are hidden (R27)."""

from datetime import date

import pytest
from tests.factories.directory import (
    NOW,
    TODAY,
    acting_as_role,
    amina,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, WITH_ME, WORRIED, viewer

from contactpoint.actions.find.history import fields_of, history
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria

pytestmark = pytest.mark.django_db
NURSE = viewer()
# As three sources know one child: registered under another name and sex, called by a third.
EARLIER = {"forename": "Amir", "surname": "Marlowe", "sex": "M", "as_at": "2018-01-01"}
NOW_SAYS = {"former_surname": "Marlowe", "known_as": "Mina"}
TELLS = ("Marlowe", "Amir", "Mina", "'M'", "former", "earlier", "known as")


@pytest.fixture(params=[True, False], ids=["protected", "open"])
def child(request):
    build_reference()
    build_account(KEISHA)
    said = (amina(**NOW_SAYS), amina("school-census", **NOW_SAYS), amina("births", **EARLIER))
    return build_child(*said, shielded=request.param), request.param


def as_web(act, **asked):
    with acting_as_role("web"):
        return act(purpose=WORRIED, by=NURSE, at=NOW, **asked)


def told(text):
    return [word for word in TELLS if word in text]


@pytest.mark.parametrize(
    "typed",
    [
        {"forename": "Amina", "surname": "Marlowe", "date_of_birth": date(2016, 5, 9)},
        {"forename": "Amir", "surname": "Marlowe", "age": 10},
        {"forename": "Mina", "surname": "Okafor", "age": 10},
        {"surname": "Marlowe", "date_of_birth": date(2016, 5, 9)},
        {"forename": "Amina", "surname": "Okafor", "date_of_birth": date(2016, 5, 9)},
    ],
    ids=lambda typed: " ".join(str(one) for one in typed.values()),
)
def test_no_search_is_answered_from_them(child, typed):
    number, protected = child
    found = as_web(search, criteria=Criteria(**typed))
    cards = [card for card in found.cards if card.number == number]
    if protected:
        assert all(not told(repr((card.name, card.known_as, card.sex, card.why))) for card in cards)
        assert all("Marlowe" not in reason for card in cards for reason in card.why)
        assert all(card.name == "Amina Okafor" and card.sex == "F" for card in cards)
    else:
        assert cards, "whoever is not protected is found by them"


def test_the_record_and_how_it_came_to_be_say_nothing_of_them(child):
    number, protected = child
    pages = [as_web(open_record, number=number, how=WITH_ME)]
    pages += [as_web(history, number=number, field=field, on=TODAY) for field in fields_of(NURSE)]
    assert bool(told(repr(pages))) is not protected


def test_the_index_that_pages_search_holds_none_of_them(child):
    _, protected = child
    with acting_as_role("web"):
        held = repr(rows("SELECT forename, surname, known_as, sex FROM search_identity"))
    assert bool(told(held)) is not protected
