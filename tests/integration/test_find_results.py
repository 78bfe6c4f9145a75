"""Lists of results: at most twenty, twins together, what to add when there are more (R13)."""

from datetime import date

import pytest
from tests.factories.directory import NOW, acting_as_role, amina, build_child, build_reference
from tests.factories.viewers import WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.answers import Closeness
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.models import Child

pytestmark = pytest.mark.django_db
BORN = date(2016, 5, 9)
NAMES = {"forename": "Amina", "surname": "Okafor", "date_of_birth": BORN}


@pytest.fixture(autouse=True)
def reference(db):
    build_reference()


def ask(by=None, **criteria):
    with acting_as_role("web"):
        return search(criteria=Criteria(**criteria), purpose=WORRIED, by=by or viewer(), at=NOW)


def smiths(how_many):
    return [
        build_child(amina(forename="John", surname="Smith", date_of_birth=f"2016-{1 + place % 12:02}-11"))
        for place in range(how_many)
    ]


def test_twenty_are_listed_and_twenty_one_are_not():
    numbers = smiths(20)
    answer = ask(forename="John", surname="Smith")
    assert {card.number for card in answer.cards} == set(numbers)
    assert not answer.too_many

    numbers += smiths(1)
    answer = ask(forename="John", surname="Smith")
    assert (answer.cards, answer.too_many) == ((), True)
    assert answer.narrow_by[0] == "date_of_birth"


def test_what_narrows_is_never_what_was_typed_already():
    for day in range(1, 28):
        build_child(
            amina(forename=f"J{'abcdefghij'[day % 10]}n", surname="Smith", date_of_birth="2016-05-09")
        )
    answer = ask(surname="Smith", date_of_birth=BORN)
    assert answer.too_many
    assert answer.narrow_by[0] == "forename"
    assert "date_of_birth" not in answer.narrow_by


def test_the_likely_are_listed_however_many_fit_less_well():
    """Other spellings of a name do not keep back those who bear it as typed; that there are more is said."""
    exact = {build_child(amina(surname="Clarke", date_of_birth=f"2016-{month:02}-11")) for month in (1, 2)}
    for day in range(1, 22):
        build_child(amina(surname="Clark", date_of_birth=f"2014-03-{day:02}"))

    answer = ask(forename="Amina", surname="Clarke", authority="353")

    assert {card.number for card in answer.cards if card.closeness is Closeness.LIKELY} == exact
    assert {card.number for card in answer.cards[:2]} == exact
    assert (len(answer.cards), answer.too_many, answer.less_likely_unlisted) == (20, False, True)
    assert answer.narrow_by[0] == "date_of_birth"


def test_nothing_is_said_of_more_where_all_are_listed():
    build_child(amina())
    answer = ask(forename="Amina", surname="Okafor")
    assert (len(answer.cards), answer.less_likely_unlisted, answer.narrow_by) == (1, False, ())


def test_twins_stand_together_and_others_alone():
    twins = {build_child(amina(forename=name)) for name in ("Amina", "Amira")}
    other = build_child(amina(date_of_birth="2016-05-08"))
    groups = {card.number: card.similar_group for card in ask(surname="Okafor", age=10).cards}
    assert {groups[number] for number in twins} == {1}
    assert groups[other] is None


def test_nobody_is_listed_of_whom_what_was_typed_says_nothing():
    build_child(amina(forename="Faizan", surname="Mohammed", date_of_birth="2019-07-11"))
    assert ask(forename="Mohamed", surname="Yahya", date_of_birth=date(2023, 6, 7)).cards == ()


def test_who_is_a_thousand_times_less_likely_than_the_best_is_not_listed_beside_it():
    right = build_child(amina())
    sister = build_child(amina(forename="Grace", date_of_birth="2016-05-08"))
    assert [card.number for card in ask(**NAMES).cards] == [right]
    assert ask(surname="Okafor", date_of_birth=date(2016, 5, 8)).cards[0].number == sister


def test_the_likely_come_first():
    right = build_child(amina())
    build_child(amina(forename="Samuel", surname="Okafor"))
    cards = ask(forename="Amina", surname="Okafor", date_of_birth=BORN).cards
    assert cards[0].number == right
    assert [card.closeness for card in cards] == [Closeness.LIKELY, Closeness.LESS_LIKELY][: len(cards)]


def test_none_gives_the_children_services_to_ring():
    answer = ask(forename="Zebedee", surname="Quill", date_of_birth=BORN)
    assert (answer.cards, answer.too_many) == ((), False)
    assert answer.referral == (("Oldham Children's Services", "0161 496 0353"),)
    assert ask(forename="Zebedee", surname="Quill", authority="354").referral == (
        ("Rochdale Children's Services", "01706 496354"),
    )


def test_somebody_who_has_turned_eighteen_is_not_listed():
    build_child(amina(date_of_birth="2008-11-22"))
    assert ask(forename="Amina", surname="Okafor").cards == ()


def test_a_new_baby_is_found_by_the_mothers_last_name():
    number = build_child(
        amina("births", forename="Baby", surname="Mensah", date_of_birth="2026-11-20", carer_surname="Adjei")
    )
    for typed in ("Mensah", "Adjei"):
        answer = ask(forename="Baby", surname=typed, date_of_birth=date(2026, 11, 20))
        assert [card.number for card in answer.cards] == [number]


def test_a_child_of_one_name_is_found_by_it():
    number = build_child(amina(forename="", surname="Pradeep"))
    for typed in ({"forename": "Pradeep"}, {"surname": "Pradeep"}):
        assert [card.number for card in ask(**typed, date_of_birth=BORN).cards] == [number]


def test_a_child_is_found_by_a_name_gone_by_and_a_former_one_and_shown_by_its_own():
    number = build_child(amina("school-census", known_as="Mina", former_surname="Adeyemi"))
    for typed in ({"forename": "Mina", "surname": "Okafor"}, {"forename": "Amina", "surname": "Adeyemi"}):
        (card,) = ask(**typed, date_of_birth=BORN).cards
        assert (card.number, card.name, card.known_as) == (number, "Amina Okafor", "Mina")


def test_a_number_that_is_none_says_so():
    with pytest.raises(InvalidInput, match="Check the number"):
        ask(number="12345")


def test_a_contactpoint_number_finds_whatever_it_retired_into():
    number = build_child(amina())
    assert [card.number for card in ask(number=number).cards] == [number]
    assert ask(number="C000000102M").cards == ()


def test_a_retired_number_opens_and_finds_the_record_that_took_it_over():
    lives = build_child(amina())
    retired = build_child(amina(forename="Nobody"))
    Child.objects.filter(pk=retired).update(retired_into_id=lives)
    assert [card.number for card in ask(number=retired).cards][:1] == [lives]
    with acting_as_role("web"):
        assert open_record(number=retired, purpose=WORRIED, by=viewer(), at=NOW, how=WITH_ME).number == lives
