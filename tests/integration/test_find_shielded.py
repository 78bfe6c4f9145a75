"""Nobody can use a search or a record page to find a hidden child (R10, R26-R34); asked as the web role."""

from datetime import date

import pytest
from django.db import connection
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.viewers import KEISHA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.index import refresh
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import ProtectedRecord, RecordedInvolvement, Refusal
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.storage.models import Child, SearchIdentity, SearchKey

pytestmark = pytest.mark.django_db
BORN = date(2016, 5, 9)
NAMES = {"forename": "Amina", "surname": "Okafor", "date_of_birth": BORN}

HIDDEN_WAYS = {
    "address": {**NAMES, "place": "14 Mill Lane"},
    "street": {**NAMES, "place": "Mill Lane"},
    "postcode": {**NAMES, "place": "OL1 4AB"},
    "sector": {**NAMES, "place": "OL1 4"},
    "district": {**NAMES, "place": "OL1"},
    "telephone": {**NAMES, "phone": "07700 900123"},
    "carer": {**NAMES, "carer_name": "Grace Okafor"},
    "school": {**NAMES, "school": "Broadfield"},
    "GP practice": {**NAMES, "gp_practice": "Glodwick"},
    "authority": {**NAMES, "authority": "353"},
    "wrong authority": {**NAMES, "authority": "354"},
    "misspelt, with a wrong digit and an address": {
        "forename": "Amina",
        "surname": "Ojafor",
        "date_of_birth": date(2016, 5, 19),
        "place": "14 Mill Lane",
    },
    "misspelt, with a date and an authority": {
        "forename": "Amona",
        "surname": "Ojafor",
        "date_of_birth": BORN,
        "authority": "353",
    },
    "misspelt, with an authority": {"forename": "Amina", "surname": "Ojafor", "authority": "353"},
    "misspelt, with an age and a district": {
        "forename": "Amina",
        "surname": "Ojafor",
        "age": 10,
        "place": "OL1",
    },
    "NHS number": {"number": "9000000009"},
    "UPN": {"number": "F353573416001"},
}


@pytest.fixture
def shielded(db):
    build_reference()
    return build_child(*amina_in_full(), amina("births", former_surname="Adeyemi"), shielded=True)


def ask(by=None, **criteria):
    with acting_as_role("web"):
        return search(criteria=Criteria(**criteria), purpose=WORRIED, by=by or viewer(), at=NOW)


@pytest.mark.parametrize("known", HIDDEN_WAYS.values(), ids=HIDDEN_WAYS)
def test_a_shielded_child_is_not_found_by(shielded, known):
    for kind in ("nhs_trust", "authority", "national"):
        answer = ask(by=viewer(organisation_kind=kind), **known)
        assert isinstance(answer, Refusal) or answer.cards == ()


@pytest.mark.parametrize("known", HIDDEN_WAYS.values(), ids=HIDDEN_WAYS)
def test_a_child_who_is_not_shielded_is_found_by(db, known):
    build_reference()
    number = build_child(*amina_in_full())
    by = viewer(organisation_kind="national")
    assert [card.number for card in ask(by=by, **known).cards] == [number]


@pytest.mark.parametrize("known", HIDDEN_WAYS.values(), ids=HIDDEN_WAYS)
def test_the_answer_is_the_same_as_if_there_were_no_such_child(shielded, known):
    with_it = ask(**known)
    SearchIdentity.objects.filter(child_id=shielded).delete()
    assert ask(**known) == with_it


@pytest.mark.parametrize(
    "known",
    [NAMES, {"forename": "Ameena", "surname": "Okafor", "age": 10}, {"number": "the number"}],
    ids=["name and date", "name and age", "ContactPoint number"],
)
def test_a_shielded_child_is_found_by_what_is_shown_and_shows_nothing_else(shielded, known):
    if "number" in known:
        known = {"number": shielded}

    card = ask(**known).cards[0]

    assert (card.number, card.name, card.date_of_birth, card.sex) == (
        shielded,
        "Amina Okafor",
        "2016-05-09",
        "F",
    )
    assert (card.known_as, card.town, card.protected) == (None, None, True)
    assert not {"postcode", "carer", "address", "telephone"} & set(" ".join(card.why).split())


def test_its_record_is_four_facts_and_constants(shielded):
    with acting_as_role("web"):
        record = open_record(
            number=shielded, purpose=WORRIED, by=viewer(role=Role.NATIONAL_TEAM), at=NOW, how=WITH_ME
        )
    assert record == ProtectedRecord(
        number=shielded,
        name="Amina Okafor",
        date_of_birth="2016-05-09",
        sex="F",
        desk_phone=NATIONAL_DESK_PHONE,
    )


def test_the_index_holds_one_row_and_no_key(shielded):
    assert SearchIdentity.objects.filter(child_id=shielded).count() == 1
    assert not SearchKey.objects.filter(child_id=shielded).exists()


def test_placing_and_lifting_a_shield_moves_the_index_with_it(db):
    build_reference()
    number = build_child(*amina_in_full())
    assert ask(**NAMES, place="OL1 4AB").cards

    Child.objects.filter(pk=number).update(shielded=True)
    assert ask(**NAMES, place="OL1 4AB").cards == ()
    refresh([number])
    assert ask(**NAMES, place="OL1 4AB").cards == ()
    assert ask(**NAMES).cards[0].protected

    Child.objects.filter(pk=number).update(shielded=False)
    refresh([number])
    assert ask(**NAMES, place="OL1 4AB").cards[0].number == number


def test_recording_an_involvement_answers_the_same_and_stays_sealed(shielded):
    build_account(KEISHA)
    build_account(teacher().account_id, "Owen Tanner")
    open_child = build_child(*amina_in_full())

    def say(number):
        with acting_as_role("web"):
            answer = record_involvement(
                number=number,
                service="school_nurse",
                role="School nurse",
                phone="0161 496 0101",
                start=date(2026, 9, 1),
                lead_practitioner=False,
                assessment_held=False,
                by=viewer(),
                at=NOW,
            )
        assert isinstance(answer, RecordedInvolvement)
        return answer.confirming

    assert say(shielded) == say(open_child)
    with acting_as_role("web"), connection.cursor() as cursor:
        cursor.execute("SELECT seen FROM involvements_shown(%s)", [shielded])
        assert cursor.fetchall() == []


def test_two_worlds_that_differ_only_in_what_is_hidden_answer_alike(db):
    """One child has a school, a social worker, an address in Oldham; the other next to nothing, elsewhere."""
    build_reference()
    rich = build_child(*amina_in_full(), amina("births", former_surname="Adeyemi"), shielded=True)
    bare = {
        "postcode": "M14 5RT",
        "address": "1 Elsewhere Road, Manchester",
        "upn": "",
        "carer_surname": "Other",
    }
    poor = build_child(amina("births", **bare, carer_phone="07700 900999"), shielded=True)

    def answers(number):
        """Everything a viewer can see of the directory while only this one of the two is in it."""
        told = []
        with acting_as_role("web"):
            told.append(open_record(number=number, purpose=WORRIED, by=teacher(), at=NOW, how=WITH_ME))
        ways = (NAMES, {"forename": "Amina", "surname": "Okafor"}, *HIDDEN_WAYS.values())
        told += [ask(by=teacher(), **known) for known in ways]
        return repr(told).replace(number, "NUMBER")

    SearchIdentity.objects.filter(child_id=poor).delete()
    first = answers(rich)
    SearchIdentity.objects.filter(child_id=rich).delete()
    refresh([poor])
    second = answers(poor)

    assert first == second
    assert "NUMBER" in first
    for hidden in ("Mill Lane", "OL1", "Grace", "Adeyemi", "Broadfield", "Whitworth", "Elsewhere", "M14"):
        assert hidden not in first
