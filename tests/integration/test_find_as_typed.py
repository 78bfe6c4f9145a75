"""What people really type: each way of writing a name, a place or a number finds the child (R12)."""

from datetime import date

import pytest
from tests.factories.directory import NOW, acting_as_role, amina, amina_in_full, build_child, build_reference
from tests.factories.viewers import WORRIED, viewer

from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria

pytestmark = pytest.mark.django_db
BORN = date(2016, 5, 9)

# what the sources say, what is typed beside a birth date, or an age and a district
NAMES = {
    ("Zoë", "O'Connor"): [
        {"forename": "Zoe", "surname": "OConnor"},
        {"forename": "ZOE", "surname": "O\u2019Connor"},
        {"forename": "zoe", "surname": "O Connor"},
        {"forename": "Zoé", "surname": "O`Connor"},
    ],
    ("Anne-Marie", "Smith-Jones"): [
        {"forename": "Anne Marie", "surname": "Smith Jones"},
        {"forename": "Annemarie", "surname": "Jones"},
        {"forename": "Anne", "surname": "Jones-Smith"},
        {"forename": "Marie", "surname": "Smith"},
    ],
    ("Łukasz", "Żółkiewski"): [{"forename": "Lukasz", "surname": "Zolkiewski"}],
    ("José", "Núñez García"): [{"forename": "Jose", "surname": "Nunez"}],
    ("Jürgen", "Müller"): [{"forename": "Jurgen", "surname": "Mueller"}],
    ("Søren", "Bjørnsson"): [{"forename": "Soren", "surname": "Bjornsson"}],
    ("小龙", "李"): [{"forename": "小龙", "surname": "李"}, {"forename": "李", "surname": "小龙"}],
    ("Мария", "Иванова"): [{"forename": "Мария", "surname": "Иванова"}],
    ("محمد", "الأحمد"): [{"forename": "محمد", "surname": "الأحمد"}],
    ("Thị Mai", "Nguyễn"): [{"forename": "Mai", "surname": "Nguyen"}],
    ("Abd al-Rahman", "Al-Hassan"): [{"forename": "Abdulrahman", "surname": "Hassan"}],
    ("Abdul Rahman", "Farooqi"): [{"forename": "Rahman", "surname": "Farooqi"}],
    ("Sofia", "van der Berg"): [
        {"forename": "Sofia", "surname": "Vanderberg"},
        {"forename": "Sofia", "surname": "Berg"},
    ],
    ("Angus", "McDonald"): [
        {"forename": "Angus", "surname": "MacDonald"},
        {"forename": "Angus", "surname": "Mc Donald"},
    ],
    ("Amina", "Okafor"): [
        {"forename": "AMINA", "surname": "OKAFOR"},
        {"forename": "  Amina\t", "surname": "\u00a0Okafor\u00a0"},
        {"forename": "Ami\u200bna", "surname": "Oka\u00adfor"},
        {"forename": "Miss Amina", "surname": "Okafor"},
        {"forename": "Okafor", "surname": "Amina"},
        {"forename": "Amina Okafor"},
        {"surname": "Amina Okafor"},
        {"surname": "Okafor, Amina"},
        {"forename": "Okafor Amina"},
        {"forename": "Amina Grace", "surname": "Okafor"},
        {"forename": "A", "surname": "Okafor"},
        {"forename": "A.", "surname": "Okafor"},
        {"forename": "Ami", "surname": "Okafor"},
        {"forename": "Ami*", "surname": "Okafor"},
        {"forename": "Amina", "surname": "Oka*"},
    ],
    ("Femi Grace", "Adeyemi"): [{"forename": "Grace", "surname": "Adeyemi"}],
    ("", "Pradeep"): [
        {"forename": "Pradeep"},
        {"surname": "Pradip"},
        {"forename": "Pradeep", "surname": "Pradeep"},
    ],
    ("Katherine", "Patel"): [
        {"forename": "Katie", "surname": "Patel"},
        {"surname": "Pat*"},
        {"forename": "Patel", "surname": "Katherime"},
    ],
    ("Mohammed", "Hussain"): [
        {"forename": "Mohd", "surname": "Hussein"},
        {"forename": "Md.", "surname": "Hussain"},
    ],
}
KNOWN = {"date": {"date_of_birth": BORN}, "age and district": {"age": 10, "place": "ol1 "}}


@pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN)
def test_a_name_however_it_is_written_finds_the_child(db, known):
    build_reference()
    numbers = {held: build_child(amina(forename=held[0], surname=held[1])) for held in NAMES}

    for held, ways in NAMES.items():
        for typed in ways:
            assert ask(**typed, **known)[:1] == [numbers[held]], (held, typed)


@pytest.mark.parametrize(
    "typed",
    [
        {"forename": "Siobhan", "surname": "St John", "date_of_birth": BORN},
        {"surname": "Okafor", "age": 10},
        {"surname": "Okafor", "age": 11},
        {"surname": "Okafor", "place": "ol1 4"},
        {"surname": "Okafor", "place": "OL14AB"},
        {"surname": "Okafor", "place": "ol1  4ab"},
        {"forename": "Amina", "surname": "Okafor", "place": "14, MILL LANE"},
        {"forename": "Amina", "surname": "Okafor", "school": "broadfield primary"},
        {"forename": "Amina", "surname": "Ofakor", "school": "BROADFIELD"},
        {"forename": "Amina", "surname": "Okafor", "phone": "+44 (0)7700 900-123"},
        {"forename": "Amina", "surname": "Okafor", "carer_name": "mrs okafor"},
        {"forename": "Amina", "surname": "Okafor", "carer_name": "GRACE"},
        {"number": " 900 000\t0009 "},
        {"number": "900-000-0009"},
    ],
    ids=str,
)
def test_what_else_is_typed_however_it_is_written_finds_the_child(db, typed):
    build_reference()
    number = build_child(*amina_in_full())
    other = build_child(amina(forename="Shivaun", surname="Saint John"))

    assert ask(**typed)[:1] == [other if typed.get("forename") == "Siobhan" else number]


def ask(**typed):
    with acting_as_role("web"):
        answer = search(criteria=Criteria(**typed), purpose=WORRIED, by=viewer(), at=NOW)
    return [card.number for card in answer.cards]
