"""What only a sensitive service knows finds nobody and shows nothing (R36, R39), whatever was consented."""

from datetime import date

import pytest
from tests.factories.directory import NOW, acting_as_role, amina, build_child, build_reference
from tests.factories.viewers import WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria
from contactpoint.storage.models import SearchIdentity, SearchKey

pytestmark = pytest.mark.django_db
BORN = date(2016, 5, 9)
TELLING = {
    "forename": "Zuleika",
    "surname": "Farthingale",
    "address": "9 Secret Street, Rochdale",
    "postcode": "OL16 9ZZ",
    "carer_phone": "07700 900999",
    "nhs_number": "",
}


def child(source, service, consent):
    build_reference()
    involvement = {"service": service, "organisation": "harbour-recovery", "consent": consent}
    return build_child(amina(), amina(source, **TELLING, involvements=[involvement]))


SOURCES = [
    ("mental-health", "mental_health", "child"),
    ("mental-health", "mental_health", "significant_harm"),
    ("harbour", "substance_misuse", "child"),
    ("harbour", "sexual_health", "carer"),
]


@pytest.mark.parametrize(("source", "service", "consent"), SOURCES)
def test_it_finds_nobody(db, source, service, consent):
    number = child(source, service, consent)
    ways = [
        {"forename": "Zuleika", "surname": "Farthingale"},
        {"surname": "Farthingale", "place": "OL16 9ZZ"},
        {"forename": "Zuleika", "surname": "Farthingale", "phone": "07700 900999"},
        {"forename": "Zuleika", "surname": "Farthingale", "place": "Secret Street"},
    ]
    with acting_as_role("web"):
        for typed in ways:
            answer = search(criteria=Criteria(**typed), purpose=WORRIED, by=viewer(), at=NOW)
            assert answer.cards == ()
    assert set(SearchIdentity.objects.filter(child_id=number).values_list("surname", flat=True)) == {"Okafor"}
    keys = SearchKey.objects.filter(child_id=number).count()
    assert keys == SearchKey.objects.filter(child_id=build_child(amina())).count()


def test_an_additional_service_of_the_same_charity_does(db):
    number = child("harbour", "family_support", "")
    with acting_as_role("web"):
        typed = Criteria(forename="Zuleika", surname="Farthingale")
        (card,) = search(criteria=typed, purpose=WORRIED, by=viewer(), at=NOW).cards
    assert card.number == number


def test_suspected_harm_is_recorded_and_shown_to_nobody(db):
    number = child("harbour", "substance_misuse", "significant_harm")
    with acting_as_role("web"):
        told = repr(open_record(number=number, purpose=WORRIED, by=viewer(), at=NOW, how=WITH_ME))
    for word in ("Harbour", "Secret", "Zuleika", "Substance"):
        assert word not in told
