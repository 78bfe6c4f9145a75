"""The words of the record."""

from dataclasses import fields, replace
from datetime import date

import pytest

from contactpoint.domain import survivorship
from contactpoint.domain.coverage import Coverage, CoverageState
from contactpoint.domain.disclosure.answers import (
    Because,
    OpenRecord,
    ProtectedRecord,
    Provenance,
    ShownInvolvement,
    SourcedAddress,
    SourcedCarer,
    SourcedText,
)
from contactpoint.domain.involvement import Closed
from contactpoint.domain.people import Address, AddressKind, Carer
from contactpoint.domain.retention import Leaving
from contactpoint.web.presenters.facts import provenance_words
from contactpoint.web.presenters.record import (
    SCHEME_WORDS,
    SENSITIVE,
    coverage_words,
    protected_view,
    record_view,
)

TODAY = date(2026, 11, 22)
FROM = Provenance(source_name="GP list", as_at=date(2026, 11, 1))
WORKER = ShownInvolvement(
    id=1,
    service="Children's social care",
    service_code="childrens_social_care",
    kind="additional",
    organisation="Oldham Council",
    team="East team",
    practitioner="Ruth Nkosi",
    practitioner_role="Social worker",
    phone="0161 496 0123",
    hours="9am to 5pm",
    cover="0161 496 0999",
    start=date(2026, 1, 5),
    end=None,
    last_confirmed=date(2026, 11, 2),
    lead_practitioner=True,
    assessment_held=True,
    source_name="Oldham Council",
)
RECORD = OpenRecord(
    number="C482915307P",
    name="Mohammed Ahmed",
    known_as="Mo",
    date_of_birth="2019-03-04",
    sex="M",
    responsible_authority="Oldham",
    contacts=(WORKER,),
    past_contacts=(),
    coverage=(Coverage(label="Police", state=CoverageState.NOT_CONNECTED),),
    addresses=(
        SourcedAddress(
            address=Address(line="1 High Street", postcode="ZZ1 1AA", since=date(2025, 2, 1)),
            provenance=FROM,
            main=True,
        ),
    ),
    past_addresses=(),
    carers=(
        SourcedCarer(
            carer=Carer(forename="Amal", surname="Ahmed", relationship="mother", phone="07700 900123"),
            provenance=FROM,
        ),
    ),
    school=replace(WORKER, service="School", organisation="Oakwood Primary"),
    gp=None,
    names=(),
    former_names=(),
    identifiers=(),
    date_of_death=None,
    sources=(FROM,),
)


def test_who_is_in_contact_says_whom_to_ring_and_when():
    (row,) = record_view(RECORD, TODAY).contacts
    assert row.marks == ("Lead practitioner", "Holds an assessment")
    assert row.who == "Ruth Nkosi, Social worker"
    assert row.where == "East team, Oldham Council"
    assert row.phone_link == "tel:01614960123"
    assert row.hours == ("9am to 5pm", "Nights and holidays: 0161 496 0999")
    assert row.since == "Since 5 January 2026, last confirmed 2 November 2026, from Oldham Council"


def test_cover_that_names_itself_is_not_named_twice():
    at_night = replace(WORKER, cover="Nights, weekends and holidays: NHS 111")
    (row,) = record_view(replace(RECORD, contacts=(at_night,)), TODAY).contacts
    assert row.hours == ("9am to 5pm", "Nights, weekends and holidays: NHS 111")


def test_a_team_needs_no_named_person():
    bare = replace(WORKER, practitioner=None, practitioner_role=None, phone=None, hours=None, cover=None)
    (row,) = record_view(replace(RECORD, contacts=(bare,)), TODAY).contacts
    assert (row.who, row.phone, row.hours) == ("", "", ())


@pytest.mark.parametrize(
    ("state", "told", "expected"),
    [
        (CoverageState.NOT_CONNECTED, None, "Police: not connected here."),
        (CoverageState.STALE, date(2026, 1, 9), "Police: last told us in January 2026."),
        (CoverageState.STALE, None, "Police: has not told us anything yet."),
        (CoverageState.CONFIRMED_NONE, date(2026, 11, 3), "Police: nobody, as of 3 November 2026."),
    ],
)
def test_what_an_empty_answer_means(state, told, expected):
    assert coverage_words(Coverage(label="Police", state=state, last_told=told)) == expected


def test_numbers_are_named_as_people_name_them():
    known = ("nhs_number", "upn")
    held = tuple((scheme, SourcedText(value="1", provenance=FROM)) for scheme in known)
    view = record_view(replace(RECORD, identifiers=held), TODAY)
    assert [one.label for one in view.numbers] == ["NHS number", "Unique pupil number"]
    assert tuple(SCHEME_WORDS) == tuple(scheme for scheme, _ in survivorship._IDENTIFIERS) == known


def test_the_sentence_on_sensitive_services_stands_on_every_record():
    """R40: whatever is held, word for word."""
    empty = replace(RECORD, contacts=(), coverage=(), addresses=(), carers=(), school=None)
    assert record_view(empty, TODAY).unknown == (SENSITIVE,)
    assert record_view(RECORD, TODAY).unknown[-1] == SENSITIVE
    assert SENSITIVE == "Sensitive services are not listed. The desk can pass on a message."


def test_homes_and_carers_say_where_they_come_from():
    view = record_view(RECORD, TODAY)
    assert view.homes[0].label == "Home (try this first)"
    assert view.homes[0].lines == ("1 High Street, ZZ1 1AA, since 1 February 2025",)
    assert view.homes[0].from_words == "From GP list, 1 November 2026"
    assert (view.carers[0].label, view.carers[0].lines) == ("Mother", ("Amal Ahmed",))
    assert view.carers[0].phone_link == "tel:07700900123"


def test_agreement_and_difference_between_sources_are_said():
    both = replace(FROM, agreeing=("School census",), differing=("Births", "Child benefit"))
    assert provenance_words(both) == (
        "From GP list, 1 November 2026; School census agrees; Births and Child benefit differ"
    )


# (why, who agrees, who differs, in words)
REASONS = [
    (Because.ALONE, (), (), "the only source that says"),
    (Because.ALONE, ("A",), (), "both sources agree; A agrees"),
    (Because.ALONE, ("A", "B"), (), "all three sources agree; A and B agree"),
    (Because.CHECKED, (), ("B",), "its check digit is right; B differs"),
    (Because.FRESH, (), ("B",), "anything else said is out of date; B differs"),
    (Because.MAIN_HOME, (), ("B",), "the main home; B differs"),
    (Because.AGREED, ("A",), ("B",), "two of three sources agree; A agrees; B differs"),
    (Because.NEARER, (), ("B",), "the one of two sources that is believed first about this; B differs"),
    (Because.NEWER, ("A",), ("B", "C"), "newest of four; A agrees; B and C differ"),
    (Because.TIED, (), ("B",), "one of two that are believed alike; B differs"),
]


@pytest.mark.parametrize(("because", "agreeing", "differing", "words"), REASONS)
def test_why_a_value_was_believed_is_said_in_words(because, agreeing, differing, words):
    chosen = replace(FROM, because=because, agreeing=agreeing, differing=differing)
    assert provenance_words(chosen) == f"From GP list, 1 November 2026: {words}"


def test_every_reason_has_words():
    assert {because for because, *_ in REASONS} == set(Because)


def test_what_stands_at_the_head_says_where_it_comes_from():
    born = SourcedText(value="2019-03-04", provenance=replace(FROM, because=Because.CHECKED))
    sex = SourcedText(value="M", provenance=replace(FROM, because=Because.ALONE))
    view = record_view(replace(RECORD, chosen=(("date_of_birth", born), ("sex", sex))), TODAY)
    assert [(fact.label, fact.lines, fact.from_words) for fact in view.names] == [
        ("Date of birth", ("4 March 2019",), "From GP list, 1 November 2026: the whole date is known"),
        ("Sex", ("Male",), "From GP list, 1 November 2026: the only source that says"),
    ]


def test_whoever_died_grows_no_older():
    died = SourcedText(value="2026-10-01", provenance=FROM)
    view = record_view(replace(RECORD, date_of_death=died), TODAY)
    assert view.died == "Died on 1 October 2026"
    assert view.facts[0] == "Born 4 March 2019"


@pytest.mark.parametrize("kind", list(AddressKind))
def test_every_kind_of_address_has_words(kind):
    address = SourcedAddress(
        address=Address(line=None, postcode=None, kind=kind), provenance=FROM, main=False
    )
    assert record_view(replace(RECORD, addresses=(address,)), TODAY).homes[0].label


def test_nothing_on_a_protected_page_varies_but_four_facts_and_the_constant_desk():
    """R27."""
    record = ProtectedRecord(
        number="C482915307P", name="Hana Ali", date_of_birth="2019-03-04", sex="F", desk_phone="0300 000 0000"
    )
    view = protected_view(record, TODAY)
    assert view.heading == "Hana Ali"
    assert view.facts == (
        "7 years 8 months old",
        "Born 4 March 2019",
        "Female",
        "ContactPoint number C\u00a0482\u00a0915\u00a0307\u00a0P",
    )
    assert {field.name for field in fields(view)} == {"heading", "facts", "desk_phone", "desk_link"}


@pytest.mark.parametrize(
    ("kind", "words"), [("school", "school"), ("gp", "practice"), ("nhs_trust", "organisation")]
)
def test_a_closed_organisation_says_so_and_what_to_do_instead(kind, words):
    one = replace(WORKER, phone=None, service_code="school", closed=Closed(kind=kind, on=date(2026, 8, 31)))
    view = record_view(replace(RECORD, contacts=(one,), school=one), TODAY)
    assert view.contacts[0].closed == (
        f"This {words} closed on 31 August 2026. "
        "Nobody is reached there any more. The desk can pass on a message."
    )
    assert f"This {words} closed on 31 August 2026" in str(view.places[0])
    assert record_view(RECORD, TODAY).contacts[0].closed == ""


def test_what_is_written_down_of_a_leaver_stands_at_the_head_of_the_record():
    """R50."""
    left = Leaving(kind=AddressKind.LEFT_FOR_GOOD, since=date(2026, 3, 1))
    view = record_view(replace(RECORD, responsible_authority=None, left=left), TODAY)
    assert view.facts[-2:] == (
        "Responsible authority not known",
        "Has left England; not expected back, since 1 March 2026",
    )
