"""Find a child as the web role does, and open its record."""

from datetime import date

import pytest
from tests.factories.directory import NOW, acting_as_role, amina, amina_in_full, build_child, build_reference
from tests.factories.viewers import WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.answers import Closeness, OpenRecord, Refusal, SearchAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference(db):
    build_reference()


def ask(**criteria) -> SearchAnswer:
    with acting_as_role("web"):
        answer = search(criteria=Criteria(**criteria), purpose=WORRIED, by=viewer(), at=NOW)
    assert isinstance(answer, SearchAnswer)
    return answer


BORN = date(2016, 5, 9)
WAYS = [
    {"forename": "Amina", "surname": "Okafor"},
    {"forename": "Amina", "surname": "Okafor", "date_of_birth": BORN},
    {"forename": "Ameena", "surname": "Okafour", "date_of_birth": BORN},
    {"forename": "Okafor", "surname": "Amina", "date_of_birth": BORN},
    {"forename": "Amina", "surname": "Okafor", "date_of_birth": date(2016, 9, 5)},
    {"forename": "Amina", "surname": "Okafor", "date_of_birth": date(2016, 5, 8)},
    {"surname": "Okafor", "age": 10},
    {"forename": "Amina", "age": 10},
    {"surname": "Okafor", "place": "OL1 4AB"},
    {"surname": "Okafor", "place": "OL1"},
    {"forename": "Amina", "surname": "Okafor", "place": "mill lane"},
    {"forename": "Amina", "surname": "Okafor", "phone": "07700900123"},
    {"forename": "Amina", "surname": "Okafor", "carer_name": "Grace Okafor"},
    {"forename": "Amina", "surname": "Okafor", "school": "Broadfield"},
    {"forename": "Amina", "surname": "Okafor", "gp_practice": "Glodwick"},
    {"forename": "Amina", "surname": "Okafor", "authority": "353"},
    {"forename": "Anmia", "surname": "Ofakor", "date_of_birth": BORN},
    {"forename": "Amona", "surname": "Ojafor", "date_of_birth": BORN},
    {"forename": "Amina", "surname": "Ojafor", "date_of_birth": date(2016, 5, 19)},
    {"forename": "Amina", "surname": "Okafor", "date_of_birth": date(2016, 5, 12)},
    {"forename": "Amina", "surname": "Okafor", "date_of_birth": date(2013, 11, 26)},
    {"forename": "Amina", "surname": "Ojafor", "authority": "353"},
    {"forename": "Amoxa", "surname": "Okafor", "age": 10},
    {"forename": "Amina", "surname": "Ojafor", "place": "OL1"},
    {"surname": "Ojafor", "date_of_birth": BORN},
    {"number": "900 000 0009"},
]


@pytest.mark.parametrize("known", WAYS, ids=str)
def test_a_child_is_found_from_what_people_know(reference, known):
    number = build_child(*amina_in_full())
    build_child(amina(forename="Peter", surname="Marsden", date_of_birth="2012-01-30", postcode="M14 5RT"))

    answer = ask(**known)

    assert [card.number for card in answer.cards][:1] == [number]
    assert answer.cards[0].why


def test_the_card_is_likely_and_says_why(reference):
    build_child(*amina_in_full())

    card = ask(forename="Amina", surname="Okafor", date_of_birth=BORN).cards[0]

    assert card.closeness is Closeness.LIKELY
    assert card.why == ("Same first name", "same last name", "same birth date")
    assert (card.name, card.town, card.sex, card.protected) == ("Amina Okafor", "Oldham", "F", False)


def test_the_record_shows_who_is_in_contact(reference):
    number = build_child(*amina_in_full())

    with acting_as_role("web"):
        record = open_record(number=number, purpose=WORRIED, by=viewer(), at=NOW, how=WITH_ME)

    assert isinstance(record, OpenRecord)
    assert [one.service_code for one in record.contacts] == [
        "childrens_social_care",
        "school_nurse",
        "school",
        "gp",
    ]
    assert record.contacts[0].phone == "0161 496 0399"
    assert record.responsible_authority == "Oldham Children's Services"
    assert record.school.organisation == "Broadfield Primary School"
    assert record.addresses[0].provenance.agreeing
    assert [line.label for line in record.coverage if line.state == "not_connected"] == [
        "Youth justice",
        "Police",
    ]


def test_a_number_nobody_has_is_refused(reference):
    with acting_as_role("web"):
        answer = open_record(number="C000000102M", purpose=WORRIED, by=viewer(), at=NOW, how=WITH_ME)
    assert isinstance(answer, Refusal)
