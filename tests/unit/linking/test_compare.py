"""The ordered levels, as tables: what two records say, and the level that shows."""

import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.model.compare import compare, compare_births, one_slip
from contactpoint.linking.model.levels import (
    COMPARISONS,
    NAMES,
    Birth,
    Carer,
    Forename,
    Home,
    Levels,
    Middle,
    Other,
    Same,
    Surname,
    Verified,
)
from contactpoint.linking.model.normalise import parse_date, profile_from


def level(comparison, one, two):
    """The level of one comparison, the same whichever way round it is asked."""
    place = NAMES.index(comparison)
    there, back = (compare(profile_from(a), profile_from(b))[place] for a, b in ((one, two), (two, one)))
    assert there == back
    return COMPARISONS[comparison](there)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Mary Jane", "mary-jane", Forename.EXACT),
        ("Robert", "Bobby", Forename.NICKNAME),
        ("Yusuf", "Youssef", Forename.SPELLING),
        ("Catherine", "Katharin", Forename.SOUNDS),
        ("Thornton", "Thorntom", Forename.CLOSE),
        ("Mary Jane", "Mary", Forename.PART),
        ("Kit", "Kitling", Forename.INITIAL),
        ("J", "Jasper", Forename.INITIAL),
        ("J", "J.", Forename.INITIAL),
        ("И", "и", Forename.INITIAL),
        ("王", "王", Forename.EXACT),
        ("Jayden", "Kayden", Forename.SIMILAR),
        ("Amelia", "Sophie", Forename.DIFFERENT),
        ("Baby", "Sophie", Forename.MISSING),
        ("王伟", "王伟", Forename.EXACT),
    ],
)
def test_forenames(one, two, expected):
    assert level("forename", {"forename": one}, {"forename": two}) == expected


def test_a_known_as_name_and_a_middle_name_may_stand_for_the_forename():
    known = {"forename": "Aleksandra", "known_as": "Birdie", "middle_names": "Rose May"}
    assert level("forename", known, {"forename": "Birdie"}) == Forename.KNOWN_AS
    assert level("forename", known, {"forename": "May"}) == Forename.MIDDLE


def test_names_in_each_others_boxes():
    one, two = {"forename": "Asha", "surname": "Patel"}, {"forename": "Patel", "surname": "Asha"}
    assert level("forename", one, two) == Forename.SWAPPED
    assert level("surname", one, two) == Surname.SWAPPED


def test_a_misspelt_name_in_the_other_box():
    one, two = {"forename": "Mohammed", "surname": "Zaine"}, {"forename": "Zayne", "surname": "Mohammed"}
    assert level("forename", one, two) == Forename.SWAPPED


def test_two_records_of_one_name_agree_in_it_and_have_no_last_name():
    assert level("forename", {"surname": "Asha"}, {"surname": "ASHA"}) == Forename.EXACT
    assert level("surname", {"surname": "Asha"}, {"surname": "ASHA"}) == Surname.MISSING
    assert level("forename", {"forename": "Baby", "surname": "Asha"}, {"surname": "Asha"}) == Forename.MISSING


def test_one_name_may_stand_in_either_box():
    assert level("forename", {"forename": "Asha"}, {"surname": "Asha"}) == Forename.SWAPPED
    assert level("forename", {"forename": "Asha", "surname": "Asha"}, {"surname": "Asha"}) == Forename.SWAPPED


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ({"forename": "A", "surname": "O'Brien"}, {"surname": "OBRIEN"}, Surname.EXACT),
        ({"surname": "Hall", "former_surname": "Reed"}, {"surname": "Reed"}, Surname.FORMER),
        ({"surname": "Smith-Jones"}, {"surname": "Jones"}, Surname.PART),
        ({"surname": "Atkins"}, {"surname": "Elkins"}, Surname.VARIANT),
        ({"surname": "Browne"}, {"surname": "Brown"}, Surname.SOUNDS),
        ({"surname": "Thompson"}, {"surname": "Thomson"}, Surname.CLOSE),
        ({"surname": "Hall"}, {"surname": "Reed", "mother_former_surname": "Hall"}, Surname.FAMILY),
        ({"surname": "Hall"}, {"surname": "Reed", "carer_surname": "Hall"}, Surname.FAMILY),
        ({"surname": "Kaur Gill"}, {"surname": "Kaur Mann"}, Surname.HONORIFIC),
        ({"surname": "Kaur Gill"}, {"surname": "Gill"}, Surname.PART),
        ({"surname": "Hall"}, {"surname": "Reed"}, Surname.DIFFERENT),
        ({"surname": "Hall"}, {}, Surname.MISSING),
        ({"surname": "H"}, {"surname": "h."}, Surname.MISSING),
        ({"forename": "A", "surname": "王"}, {"surname": "王"}, Surname.EXACT),
    ],
)  # fmt: skip
def test_last_names(one, two, expected):
    assert level("surname", one, two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("2015-03-04", "2015-03-04", Birth.EXACT),
        ("2015-01-01", "2015-01-01", Birth.EXACT_NEW_YEAR),
        ("2015-03-04", "2015-04-03", Birth.SWAPPED),
        ("2015-03-04", "2015-03-14", Birth.ONE_DIGIT),
        ("2015-03-12", "2015-03-21", Birth.ONE_DIGIT),
        ("2015-03-09", "2015-03-10", Birth.NEAR),
        ("2019-11-23", "2020-11-23", Birth.NEAR),
        ("2015-03-04", "2015-03-25", Birth.MONTH_YEAR),
        ("2015-01-01", "2015-10-25", Birth.NEW_YEAR),
        ("2015-03", "2015-03-25", Birth.PARTIAL_MONTH),
        ("2015", "2015-03-25", Birth.PARTIAL_YEAR),
        ("2015-03", "2015-07", Birth.YEAR),
        ("2008-11-23", "2015-11-23", Birth.DAY_MONTH),
        ("2015-03-04", "2015-11-23", Birth.YEAR),
        ("2015-03-04", "2008-11-23", Birth.DIFFERENT),
        ("2015", "2008-11-23", Birth.DIFFERENT),
        ("rubbish", "2008-11-23", Birth.MISSING),
        ("2015-13-40", "2008-11-23", Birth.MISSING),
    ],
)
def test_dates_of_birth(one, two, expected):
    assert compare_births(parse_date(one), parse_date(two)) == expected
    assert compare_births(parse_date(two), parse_date(one)) == expected


HOUSE = {"address": "Flat 3, 12a High Street", "postcode": "BL1 2CI"}


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (HOUSE, {"address": "3/12A HIGH ST", "postcode": "bl12ci"}, Home.SAME),
        ({**HOUSE, "uprn": "00123"}, {"uprn": "123"}, Home.SAME),
        (HOUSE, {**HOUSE, "address": "Flat 4, 12a High Street"}, Home.POSTCODE),
        (HOUSE, {**HOUSE, "postcode": "BL1 2CK"}, Home.SLIP),
        (HOUSE, {"address": "1 Low Road", "postcode": "BL1 2CM"}, Home.SECTOR),
        (HOUSE, {"address": "1 Low Road", "postcode": "BL1 4CM"}, Home.DISTRICT),
        (HOUSE, {"address": "1 Low Road", "postcode": "BL9 4CM"}, Home.AREA),
        (HOUSE, {"address": "1 Low Road", "postcode": "M1 4CM"}, Home.DIFFERENT),
        (HOUSE, {"address": "1 Low Road", "postcode": "ZZ99 3VZ"}, Home.MISSING),
        (HOUSE, {"address": HOUSE["address"].upper()}, Home.SLIP),
        (HOUSE, {"address": "12a High Street"}, Home.MISSING),
        ({"postcode": "90210"}, {"postcode": "90287"}, Home.DISTRICT),
    ],
)
def test_homes(one, two, expected):
    assert level("home", one, two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("9000000009", "900 000 0009", Verified.SAME),
        ("9000000009", "9000000017", Verified.DIFFERENT),
        ("9000000009", "9000000019", Verified.ONE_DIGIT),
        ("9000000009", "9000000090", Verified.ONE_DIGIT),
        ("9000000019", "9000000019", Verified.SAME_UNVERIFIED),
        ("9000000009", "1234567899", Verified.UNLIKE),
        ("9000000009", None, Verified.MISSING),
    ],
)
def test_nhs_numbers_differ_only_when_both_check_digits_hold(one, two, expected):
    assert level("nhs_number", {"nhs_number": one}, {"nhs_number": two}) == expected


def test_a_temporary_pupil_number_proves_no_difference():
    assert level("upn", {"upn": "B801200005001"}, {"upn": "Q801200005002"}) == Verified.DIFFERENT
    assert level("upn", {"upn": "B801200005001"}, {"upn": "H80120000500A"}) != Verified.DIFFERENT


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (("Ann", "Hall"), ("ANN", "Hall"), Carer.SAME),
        (("Ann", "Hall"), ("Anne", "Hall"), Carer.SIMILAR),
        (("Ann", "Hall"), ("Ann", "Reed"), Carer.FORENAME),
        (("Ann", "Hall"), ("Piotr", "Hall"), Carer.SURNAME),
        (("Ann", "Hall"), ("Piotr", "Reed"), Carer.DIFFERENT),
        (("Ann", "Hall"), (None, None), Carer.MISSING),
        ((None, "Hall"), (None, "Hall"), Carer.SURNAME),
    ],
)
def test_carers(one, two, expected):
    one, two = ({"carer_forename": names[0], "carer_surname": names[1]} for names in (one, two))
    assert level("carer", one, two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Rose May", "rose-may", Middle.EXACT),
        ("Rose May", "May Ivy", Middle.SHARED),
        ("R", "Rose", Middle.INITIAL),
        ("Rose", "May", Middle.DIFFERENT),
        ("", "May", Middle.MISSING),
    ],
)
def test_middle_names(one, two, expected):
    assert level("middle_names", {"middle_names": one}, {"middle_names": two}) == expected


@pytest.mark.parametrize(
    ("field", "one", "two", "expected"),
    [
        ("phone", "0161 496 0001", "+44 161 4960001", Same.SAME),
        ("phone", "0161 496 0001", "0161 496 0002", Same.DIFFERENT),
        ("phone", "12", "0161 496 0002", Same.MISSING),
        ("email", "A@b.example", "a@B.example", Same.SAME),
        ("sex", "M", "F", Same.DIFFERENT),
        ("other_identifiers", "uln:1;ref:2", "ref:2;uln:9", Other.SAME),
        ("other_identifiers", "uln:1", "uln:9", Other.DIFFERENT),
        ("other_identifiers", "uln:1", "ref:1", Other.MISSING),
        ("other_identifiers", "ssn:9846985", "ssn:9836985", Other.ONE_SLIP),
        ("other_identifiers", "ssn:9512945", "ssn:9519245", Other.ONE_SLIP),
        ("other_identifiers", "ssn:9846985", "ssn:9836984", Other.DIFFERENT),
        ("other_identifiers", "ssn:9846985", "ref:9836985", Other.MISSING),
        ("other_identifiers", "ssn:98469", "ssn:98369", Other.DIFFERENT),
        ("other_identifiers", "ssn:9846985;ref:1", "ssn:9836985;ref:1", Other.SAME),
        ("date_of_death", "2020-01-02", "2020-01-02", Same.SAME),
    ],
)
def test_plain_values(field, one, two, expected):
    assert level(field, {field: one}, {field: two}) == expected


def test_birth_order_counts_only_among_multiple_births():
    first, second = ({"birth_order": n, "multiple_birth": "Y"} for n in "12")
    assert level("birth_order", first, second) == Same.DIFFERENT
    assert level("birth_order", first, {"birth_order": "2"}) == Same.MISSING


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("123", "124", True),
        ("123", "132", True),
        ("123", "321", False),
        ("123", "1234", False),
        ("12", "12", False),
    ],
)
def test_one_slip(one, two, expected):
    assert one_slip(one, two) is expected


def test_levels_of_another_format_are_refused():
    packed = Levels(codes=(0,) * len(COMPARISONS)).pack()
    assert len(packed) <= 80
    for spoilt in (b"\x63" + packed[1:], packed[:-1], packed[:1] + b"\xff" + packed[2:]):
        with pytest.raises(InvalidInput):
            Levels.unpack(spoilt)
