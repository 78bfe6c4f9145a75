"""How many who match are listed, and what a list never shows (R13); what is told of an assessment (R42)."""

from dataclasses import fields
from datetime import date

import pytest
from tests.factories.viewers import viewer

from contactpoint.actions.find import results
from contactpoint.actions.find.scoring import Hit
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure import answers
from contactpoint.linking.model.levels import NAMES, Levels
from contactpoint.storage.search_index import Row

FITTING, WORSE = 0.0, 6.0

# (rule, how many fit as well as the best, how many a good deal worse, cards, too many)
TABLE = [
    ("R13", 1, 0, 1, False),
    ("R13", 20, 0, 20, False),
    ("R13", 21, 0, 0, True),
    ("R13", 300, 0, 0, True),
    ("R13", 1, 40, 20, False),
    ("R13", 20, 40, 20, False),
]


def hit(place, short_by):
    levels = Levels(codes=(0,) * len(NAMES))
    return Hit(child=f"{place:04}", weight=30 - short_by, short_by=short_by, names=levels, birth=0, home=0,
               phone=0, words=())  # fmt: skip


def row(child):
    return Row(child, False, "Amina", "Okafor", "", place := int(child), 0, place, date(2016, 5, 9),
               "2016-05-09", "F", "OL1 1AA", "OL1 1", "OL1", "353", "Oldham")  # fmt: skip


@pytest.fixture(autouse=True)
def _index(monkeypatch):
    monkeypatch.setattr(results, "main_rows", lambda children: {child: row(child) for child in children})
    monkeypatch.setattr(results, "staying_among", lambda *_: frozenset())
    monkeypatch.setattr(results, "children_services_phone", lambda _: None)


@pytest.mark.parametrize(("rule", "fitting", "worse", "cards", "too_many"), TABLE)
def test_how_many_are_listed(rule, fitting, worse, cards, too_many):
    hits = [hit(place, FITTING if place < fitting else WORSE) for place in range(fitting + worse)]
    typed = Criteria(surname="Okafor", forename="Amina")
    found = results.answer_of(hits, typed, by=viewer(), on=date(2026, 11, 27))
    assert (len(found.cards), found.too_many) == (cards, too_many)
    assert bool(found.narrow_by) is (fitting + worse > cards), "whoever is not shown everybody is told how"


# (rule, what is told of, its type, and the fields that it may never have)
NEVER = [
    ("R13", answers.ResultCard, {"contacts", "services", "phone", "address", "postcode", "carers"}),
    ("R42", answers.Contact, {"assessment", "assessment_text", "findings", "needs", "notes"}),
    ("R42", answers.OwnChild, {"assessment", "assessment_text", "findings", "needs", "notes"}),
]


@pytest.mark.parametrize(("rule", "told", "never"), NEVER)
def test_what_is_never_told(rule, told, never):
    shown = {one.name: one.type for one in fields(told)}
    assert not never & shown.keys()
    if rule == "R42":
        assert shown["assessment_held"] in (bool, "bool"), "that there is one, and no more"
