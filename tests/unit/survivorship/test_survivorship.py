"""What is known from what sources say: precedence, agreement, recency, verification, provenance."""

from datetime import date

import pytest
from tests.factories.records import NAMES, statement

from contactpoint.domain.disclosure.answers import Because
from contactpoint.domain.people import AddressKind
from contactpoint.domain.precedence import PRECEDENCE
from contactpoint.domain.survivorship import derive, identity_of, main_address, responsible_authority
from contactpoint.domain.team_words import CONTRACT

OLD = date(2022, 1, 1)


def test_nothing_said_is_nothing_known():
    known = derive([])
    assert (known.name, known.addresses, known.carers, known.sources) == (None, (), (), ())


# what each source says, and the value believed
CHOICES = {
    "the source nearest to the fact": (
        [("births", "Anna", None), ("nhs_demographics", "Hannah", None)],
        "Hannah",
    ),
    "two voices over one nearer": (
        [("births", "Anna", None), ("school_census", "Anna", None), ("nhs_demographics", "Hannah", None)],
        "Anna",
    ),
    "one source with two records has one voice": (
        [("births", "Anna", None), ("births", "Anna", None), ("nhs_demographics", "Hannah", None)],
        "Hannah",
    ),
    "fresh over stale": (
        [("nhs_demographics", "Hannah", OLD), ("births", "Anna", None)],
        "Anna",
    ),
    "accents and case are not another name": (
        [("births", "anna", None), ("school_census", "Anna", None), ("nhs_demographics", "Hannah", None)],
        "Anna",
    ),
}


@pytest.mark.parametrize(("said", "believed"), CHOICES.values(), ids=CHOICES)
def test_which_name_is_believed(said, believed):
    statements = [
        statement(contract, forename=name, record=place, **({"as_at": told} if told else {}))
        for place, (contract, name, told) in enumerate(said)
    ]
    for order in (statements, statements[::-1]):
        assert derive(order).name.value == believed
        assert identity_of(order).forename == believed


def test_a_value_says_who_gives_it_who_agrees_and_who_differs():
    known = derive(
        [
            statement("nhs_demographics", forename="Anna", record=1),
            statement("school_census", forename="Anna", record=2),
            statement("births", forename="Hannah", record=3),
        ]
    )
    where = known.name.provenance
    assert (where.source_name, where.as_at) == ("NHS demographics", date(2026, 11, 1))
    assert (where.agreeing, where.differing) == (("School census",), ("Birth registrations",))
    assert [name.value for name in known.names] == ["Anna", "Hannah"]


def test_a_whole_date_beats_a_partial_one_whoever_gives_it():
    known = derive(
        [
            statement("births", date_of_birth="2016-05", record=1),
            statement("charity", date_of_birth="2016-05-09", record=2),
        ]
    )
    assert known.date_of_birth.value == "2016-05-09"


def test_a_number_with_a_right_check_digit_beats_one_without():
    known = derive(
        [
            statement("nhs_demographics", nhs_number="9000000001", record=1),
            statement("school_census", nhs_number="9000000009", record=2),
        ]
    )
    assert dict(known.identifiers)["nhs_number"].value == "9000000009"


def test_two_homes_are_both_current_and_one_is_main():
    known = derive(
        [
            statement("nhs_demographics", address="1 First Road", record=1),
            statement("school_census", address="2 Second Road", kind=AddressKind.SECOND_HOME, record=2),
        ]
    )
    assert [(home.address.line, home.main) for home in known.addresses] == [
        ("1 First Road", True),
        ("2 Second Road", False),
    ]


def test_a_home_left_behind_is_past():
    moved = statement("nhs_demographics", address="2 New Road", since=date(2026, 10, 1), record=1)
    before = statement("school_census", address="1 Old Road", as_at=date(2026, 9, 1), record=2)
    stale = statement("child_benefit", address="0 Older Road", as_at=OLD, record=3)
    known = derive([before, moved, stale])
    assert [home.address.line for home in known.addresses] == ["2 New Road"]
    assert [home.address.line for home in known.past_addresses] == ["1 Old Road", "0 Older Road"]
    assert main_address([before, moved, stale]).line == "2 New Road"


def test_only_a_current_home_can_be_main():
    known = derive(
        [
            statement("nhs_demographics", address="2 New Road", record=1),
            statement("child_benefit", address="0 Older Road", as_at=OLD, record=3),
        ]
    )
    assert [home.main for home in known.addresses] == [True]
    assert [home.main for home in known.past_addresses] == [False]


def test_a_birth_registration_knows_where_home_was_at_birth():
    at_birth = statement("births", address="1 Cradle Road", date_of_birth="2016-05-09", record=1)
    now = statement("school_census", address="2 New Road", record=2)
    assert [home.address.line for home in derive([at_birth]).addresses] == ["1 Cradle Road"]
    known = derive([at_birth, now])
    assert [home.address.line for home in known.addresses] == ["2 New Road"]
    assert [home.address.line for home in known.past_addresses] == ["1 Cradle Road"]


def test_whoever_left_england_has_no_address_here_but_had_one():
    left = statement("nhs_demographics", address="1 First Road", kind=AddressKind.LEFT_ENGLAND, record=1)
    agrees = statement("gp_registrations", address="1 First Road", record=2)
    known = derive([left, agrees])
    assert [(home.address.kind, home.address.line) for home in known.addresses] == [("left_england", None)]
    assert [(home.address.kind, home.address.line) for home in known.past_addresses] == [
        ("home", "1 First Road")
    ]


def test_a_hyphen_does_not_make_another_name_and_a_vowel_sign_does():
    hyphen = [
        statement("nhs_demographics", surname="Henry-Simons"),
        statement("births", surname="Henry Simons"),
    ]
    assert [name.value for name in derive(hyphen).names] == ["Henry-Simons"]
    signs = [statement("nhs_demographics", forename="कि"), statement("births", forename="की")]
    assert len(derive(signs).names) == 2


def test_an_address_is_never_mixed_from_two_sources():
    known = derive(
        [
            statement("nhs_demographics", address="1 First Road", postcode="OL1 1AA", record=1),
            statement("school_census", address="2 Second Road", postcode="OL2 2BB", record=2),
        ]
    )
    assert {(home.address.line, home.address.postcode) for home in known.addresses} == {
        ("1 First Road", "OL1 1AA"),
        ("2 Second Road", "OL2 2BB"),
    }


def test_no_fixed_abode_is_said_only_where_there_is_no_address():
    nowhere = statement("childrens_services", kind=AddressKind.NO_FIXED_ABODE, record=1)
    assert derive([nowhere]).addresses[0].address.kind is AddressKind.NO_FIXED_ABODE
    somewhere = statement("school_census", address="1 First Road", record=2)
    assert [home.address.line for home in derive([nowhere, somewhere]).addresses] == ["1 First Road"]


def test_a_carer_is_one_person_with_what_each_source_knows():
    known = derive(
        [
            statement("school_census", carers=[{"forename": "Grace", "surname": "Okafor", "phone": "1"}]),
            statement(
                "childrens_services",
                record=2,
                carers=[{"forename": "grace", "surname": "OKAFOR", "relationship": "mother"}],
            ),
        ]
    )
    (carer,) = known.carers
    assert (carer.carer.relationship, carer.carer.phone) == ("mother", "1")
    assert carer.provenance.agreeing == ("School census",)


def test_former_names_stand_apart():
    known = derive([statement("school_census", surname="Okafor", former_surname="Adeyemi")])
    assert [name.value for name in known.former_names] == ["Adeyemi"]
    assert [name.value for name in known.names] == ["Okafor"]


@pytest.mark.parametrize(
    ("statements", "home", "nearest", "expected"),
    [
        ([statement("childrens_services")], "354", "357", "353"),
        ([statement("births")], "354", "357", "354"),
        ([statement("births")], None, "357", "357"),
        ([statement("births")], None, None, None),
    ],
    ids=["children's services know the child", "home", "school or practice", "nobody knows"],
)
def test_which_authority_is_responsible(statements, home, nearest, expected):
    assert responsible_authority(statements, home, nearest) == expected


# what each source says of the name, and by which criterion the best was chosen
REASONS = [
    (Because.ALONE, [("births", "Anna", None)]),
    (Because.ALONE, [("births", "Anna", None), ("school_census", "anna", None)]),
    (Because.FRESH, [("nhs_demographics", "Hannah", OLD), ("births", "Anna", None)]),
    (
        Because.AGREED,
        [("births", "Anna", None), ("school_census", "Anna", None), ("nhs_demographics", "Hannah", None)],
    ),
    (Because.NEARER, [("births", "Anna", None), ("nhs_demographics", "Hannah", None)]),
    (Because.NEWER, [("births", "Anna", date(2026, 10, 1)), ("births", "Hannah", None)]),
    (Because.TIED, [("births", "Anna", None), ("births", "Hannah", None)]),
]


@pytest.mark.parametrize(("because", "said"), REASONS)
def test_the_chosen_name_says_why(because, said):
    known = derive(
        [
            statement(contract, forename=name, record=place, **({"as_at": told} if told else {}))
            for place, (contract, name, told) in enumerate(said)
        ]
    )
    assert known.name.provenance.because is because
    assert all(other.provenance.because is None for other in known.names[1:])


def test_a_verified_number_and_a_main_home_say_why():
    known = derive(
        [
            statement("nhs_demographics", nhs_number="9000000001", address="1 First Road", record=1),
            statement("school_census", nhs_number="9000000009", record=2),
            statement("child_benefit", address="2 Second Road", kind=AddressKind.SECOND_HOME, record=3),
        ]
    )
    assert dict(known.identifiers)["nhs_number"].provenance.because is Because.CHECKED
    assert [home.provenance.because for home in known.addresses] == [Because.MAIN_HOME, None]


def test_every_field_names_every_contract_once():
    for field, rule in PRECEDENCE.items():
        assert sorted({*rule.order} - {CONTRACT}) == sorted(NAMES), field
