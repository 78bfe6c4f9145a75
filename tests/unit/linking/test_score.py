"""What the default model makes of pairs a reviewer would recognise, and how it tells the story."""

import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PersonFacts
from contactpoint.linking import Context, Decision, default_model, explain, score_pair, score_query, why_words
from contactpoint.linking.model.weights import load_model, read_model

MODEL = default_model()
AMELIA = {
    "forename": "Amelia",
    "surname": "Thornycroft",
    "date_of_birth": "2015-03-04",
    "sex": "F",
    "address": "12 High Street",
    "postcode": "BL1 2CI",
}


def score(changes, context=None, base=AMELIA):
    return score_pair(PersonFacts(**base), PersonFacts(**{**base, **changes}), MODEL, context)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"forename": "Thornycroft", "surname": "Amelia"},
        {"date_of_birth": "2015-04-03"},
        {"postcode": "M4 1CC", "address": "1 Low Road"},
        {"surname": "Thornicroft"},
    ],
)
def test_the_same_child_is_linked_in_spite_of(changes):
    assert score(changes).decision == Decision.LINK


@pytest.mark.parametrize(
    "changes",
    [
        {"forename": "Sophie"},
        {"forename": "Sophie", "date_of_birth": "2012-07-21"},
        {"forename": "Alfie", "sex": "M"},
        {"date_of_birth": "2008-11-23", "postcode": "M4 1CC"},
        {"forename": "Sophie", "surname": "Hall", "postcode": "M4 1CC"},
    ],
)
def test_a_twin_a_sibling_and_a_stranger_are_not_linked(changes):
    assert score(changes).decision != Decision.LINK


def test_a_twin_seen_by_a_source_raises_the_doubt():
    nickname = {"forename": "Millie"}
    assert score(nickname, Context.ONE).weight > score(nickname).weight > score(nickname, Context.TWO).weight


def test_a_rare_name_says_more_than_a_common_one():
    elsewhere = {"postcode": "M4 1CC", "address": "1 Low Road"}
    common = {**AMELIA, "forename": "Muhammad", "surname": "Ali", "sex": "M"}
    assert score(elsewhere).weight > score(elsewhere, base=common).weight + 5


def test_verified_identifiers_that_differ_forbid_a_link_whatever_the_weight():
    base = {**AMELIA, "nhs_number": "9000000009", "phone": "0161 496 0001", "email": "a@b.example"}
    found = score({"nhs_number": "9000000017"}, base=base)
    assert found.levels.identifiers_conflict
    assert found.decision != Decision.LINK


def test_what_is_missing_is_neutral():
    bare = {"forename": "Amelia", "surname": "Thornycroft"}
    filled = score_pair(PersonFacts(**AMELIA), PersonFacts(**bare), MODEL)
    alone = score_pair(PersonFacts(**bare), PersonFacts(**bare), MODEL)
    assert filled.weight == alone.weight


@pytest.mark.parametrize(
    "changes",
    [{}, {"forename": "Sophie"}, {"forename": "Millie"}, {"surname": "Hall", "date_of_birth": "2001-01-01"}],
)
def test_an_explanation_adds_up_to_the_weight(changes):
    found = score(changes, Context.ONE)
    story = explain(found.levels, MODEL)
    assert story.prior + sum(line.bits for line in story.lines) + story.rest == pytest.approx(found.weight)
    assert story.rest <= 0


def test_an_explanation_is_told_from_stored_levels_alone():
    found = score({"forename": "Millie", "postcode": "BL1 2CK"})
    stored = type(found.levels).unpack(found.levels.pack())
    assert explain(stored, MODEL) == explain(found.levels, MODEL)
    assert explain(stored, MODEL).weight == found.weight


def test_why_a_result_matches():
    query = PersonFacts(surname="Thornicroft", date_of_birth="2015-04-03", postcode="BL1 2CI")
    found = score_query(query, PersonFacts(**AMELIA), MODEL)
    assert why_words(found.levels) == ("Last name sounds the same", "day and month swapped", "same postcode")


def test_nothing_in_common_gives_no_reason():
    found = score_query(PersonFacts(surname="Hall"), PersonFacts(**AMELIA), MODEL)
    assert why_words(found.levels) == ()


def test_a_model_file_reads_back_as_written():
    assert read_model(MODEL.to_json()) == MODEL


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 99}', MODEL.to_json().replace('"same": [', '"same_again": [', 1)]
)
def test_what_is_no_model_is_refused(text):
    with pytest.raises(InvalidInput):
        read_model(text)


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidInput):
        load_model(tmp_path / "none.json")


def test_a_model_for_a_smaller_population_expects_fewer_strangers():
    small = MODEL.for_population(20_000)
    elsewhere = PersonFacts(**{**AMELIA, "postcode": "M4 1CC"})
    assert (
        score_pair(PersonFacts(**AMELIA), elsewhere, small).weight
        > score_pair(PersonFacts(**AMELIA), elsewhere, MODEL).weight
    )
    assert small.version != MODEL.version
