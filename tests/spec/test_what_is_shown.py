"""What of a record is shown: each row names its rule (R27, R36-R50, Schedule 1)."""

from datetime import date, timedelta

import pytest
from tests.factories.records import NOW, TODAY, consent, involvement, statement
from tests.factories.viewers import WORRIED, teacher, viewer

from contactpoint.domain.coverage import Coverage, CoverageState
from contactpoint.domain.disclosure.answers import ProtectedRecord
from contactpoint.domain.disclosure.held import CoveredServices, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.involvement import Closed, ConsentBasis, ContactDetails
from contactpoint.domain.people import AddressKind

LAPSED = consent(until=date(2020, 1, 1))
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
ADDRESS = {"address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"}
AMINA = {"forename": "Amina", "surname": "Okafor", "date_of_birth": "2016-05-09", "sex": "F", **ADDRESS}


def shown(*involvements, statements=(), by=None, coverage=()):
    record = KnownRecord(
        number="C000000102M",
        statements=statements or (statement(**AMINA),),
        involvements=involvements,
        coverage=coverage,
    )
    return redact(record, by or viewer(), WORRIED, NOW)


# (rule, the involvement, where it appears)
INVOLVEMENTS = [
    ("R44", involvement("school"), "contacts"),
    ("R44", involvement("school", start=TODAY), "contacts"),
    ("R44", involvement("school", start=TODAY + DAY), None),
    ("R44", involvement("school", end=TODAY), "contacts"),
    ("R46", involvement("school", end=TODAY - DAY), "past_contacts"),
    ("R46", involvement("school", end=TODAY - YEAR), "past_contacts"),
    ("R46", involvement("school", end=TODAY - YEAR - DAY), None),
    ("R45", involvement("youth_justice"), "contacts"),
    ("R45", involvement("youth_justice", confirmed=False), None),
    ("R36", involvement("mental_health"), "contacts"),
    ("R38", involvement("sexual_health", consent=consent(ConsentBasis.CARER)), "contacts"),
    ("R37", involvement("substance_misuse", consent=consent(ConsentBasis.SIGNIFICANT_HARM)), None),
    ("R41", involvement("mental_health", consent=consent(withdrawn_at=NOW)), None),
    ("R39", involvement("mental_health", consent=consent(until=TODAY - DAY)), None),
    ("R39", involvement("mental_health", consent=consent(until=TODAY)), "contacts"),
    ("R39", involvement("mental_health", consent=consent(withdrawn_at=NOW), end=TODAY - DAY), None),
]


# (rule, the school closed on, is its number shown, is it said that it closed)
CLOSED = [
    ("R25", None, True, False),
    ("R25", TODAY + DAY, True, False),
    ("R25", TODAY, False, True),
    ("R25", TODAY - YEAR, False, True),
]


@pytest.mark.parametrize(("rule", "closed_on", "reached", "said"), CLOSED)
@pytest.mark.parametrize("where", ["contacts", "past_contacts"])
def test_nobody_is_reached_at_a_school_that_is_closed(rule, closed_on, reached, said, where):
    details = ContactDetails(
        organisation_code="105734",
        organisation_name="Oak Primary",
        practitioner="Ruth Nkosi",
        phone="0161 496 0123",
        hours="9am to 5pm",
        cover="0161 496 0999",
        closed=Closed(kind="school", on=closed_on) if closed_on else None,
    )
    end = None if where == "contacts" else TODAY - DAY
    (one,) = getattr(shown(involvement("school", contact=details, end=end)), where)
    assert [bool(one.phone), bool(one.hours), bool(one.cover)] == [reached] * 3, rule
    assert one.practitioner == "Ruth Nkosi"
    assert bool(one.closed) is said


@pytest.mark.parametrize(("rule", "one", "where"), INVOLVEMENTS)
def test_where_an_involvement_is_shown(rule, one, where):
    record = shown(one)
    for place in ("contacts", "past_contacts"):
        expected = [one.id] if place == where else []
        assert [contact.id for contact in getattr(record, place)] == expected, rule


# (rule, contract of a source that says more, its involvements, whether what it says is shown)
SOURCES = [
    ("R39", "mental_health", [], False),
    ("R39", "mental_health", [involvement("mental_health", record=2)], True),
    (
        "R41",
        "mental_health",
        [involvement("mental_health", record=2, consent=consent(withdrawn_at=NOW))],
        False,
    ),
    ("R39", "charity", [involvement("substance_misuse", record=2, consent=LAPSED)], False),
    ("R45", "charity", [involvement("family_support", record=2, confirmed=False)], False),
    ("R45", "charity", [involvement("family_support", record=2)], True),
    ("R46", "youth_justice", [involvement("youth_justice", record=2, end=TODAY - 2 * YEAR)], False),
    ("R46", "childrens_services", [involvement("early_help", record=2, end=TODAY - DAY)], True),
    ("R24", "school_census", [], True),
]


@pytest.mark.parametrize(("rule", "contract", "involvements", "speaks"), SOURCES)
def test_a_source_that_may_not_be_named_adds_nothing(rule, contract, involvements, speaks):
    telling = statement(
        contract,
        record=2,
        **{**AMINA, "known_as": "Mina", "address": "9 Secret Street", "postcode": "OL9 9ZZ"},
        carers=[{"forename": "Grace", "surname": "Hidden"}],
    )
    record = shown(*involvements, statements=(statement(**AMINA), telling))
    told = repr(record)
    for word in ("9 Secret Street", "Hidden", "Mina", telling.source_name):
        assert (word in told) is speaks, rule


# (rule, kind of the viewer's organisation, numbers shown)
NUMBERS = [
    ("Schedule 1, 18", "gp", ["nhs_number"]),
    ("Schedule 1, 18", "nhs_trust", ["nhs_number"]),
    ("Schedule 1, 18", "school", ["upn"]),
    ("Schedule 1, 18", "authority", ["upn"]),
    ("Schedule 1, 18", "police", []),
    ("Schedule 1, 18", "charity", []),
    ("Schedule 1, 18", None, []),
    ("R32", "national", ["nhs_number", "upn"]),
]


@pytest.mark.parametrize(("rule", "kind", "schemes"), NUMBERS)
def test_another_bodys_number_is_for_its_own_staff(rule, kind, schemes):
    numbered = statement(**AMINA, nhs_number="9000000009", upn="F353573416001")
    record = shown(statements=(numbered,), by=viewer(organisation_kind=kind))
    assert [scheme for scheme, _ in record.identifiers] == schemes, rule


def test_r43_there_is_one_lead_and_the_newest_is_it():
    record = shown(
        involvement("early_help", id=1, lead_practitioner=True, start=date(2024, 1, 1)),
        involvement("family_support", id=2, lead_practitioner=True, start=date(2026, 1, 1)),
        involvement("send", id=3, lead_practitioner=True, start=date(2026, 6, 1), confirmed=False),
    )
    assert [(one.id, one.lead_practitioner) for one in record.contacts] == [(2, True), (1, False)]


def test_the_most_useful_contact_comes_first():
    record = shown(
        involvement("gp", id=1),
        involvement("school", id=2),
        involvement("mental_health", id=3),
        involvement("early_help", id=4),
        involvement("send", id=5, lead_practitioner=True),
    )
    assert [one.service_code for one in record.contacts] == [
        "send",
        "early_help",
        "mental_health",
        "gp",
        "school",
    ]


def test_r50_a_leaver_has_one_statement_and_no_address():
    record = shown(
        statements=(
            statement("school_census", record=1, as_at=date(2026, 1, 1), **AMINA),
            statement("nhs_demographics", record=2, kind=AddressKind.LEFT_ENGLAND),
            statement("gp_registrations", record=3, kind=AddressKind.LEFT_ENGLAND),
        )
    )
    assert [(one.address.kind, one.address.line) for one in record.addresses] == [("left_england", None)]
    assert [one.address.line for one in record.past_addresses] == ["14 Mill Lane, Oldham"]


def test_r49_a_death_is_stated():
    record = shown(statements=(statement("births", **AMINA, date_of_death="2026-10-01"),))
    assert record.date_of_death.value == "2026-10-01"


def test_what_is_not_known_names_a_stale_source_always_and_another_only_where_nobody_is_listed():
    def covered(label, state, *services):
        return CoveredServices(coverage=Coverage(label=label, state=state), services=frozenset(services))

    record = shown(
        involvement("school"),
        involvement("mental_health", id=2, consent=consent(withdrawn_at=NOW)),
        coverage=(
            covered("School", CoverageState.STALE, "school"),
            covered("GP practice", CoverageState.CONFIRMED_NONE, "gp"),
            covered("Nursery", CoverageState.CONFIRMED_NONE, "school"),
            covered("Police", CoverageState.NOT_CONNECTED),
        ),
    )
    assert [line.label for line in record.coverage] == ["School", "GP practice", "Police"]


@pytest.mark.parametrize("by", [viewer(), teacher(), viewer(role="national_team")])
def test_r27_a_shielded_record_is_four_facts_and_a_constant(by):
    held = ShieldedRecord(number="C000000102M", name="Amina Okafor", date_of_birth="2016-05-09", sex="F")
    assert redact(held, by, WORRIED, NOW) == ProtectedRecord(
        number="C000000102M",
        name="Amina Okafor",
        date_of_birth="2016-05-09",
        sex="F",
        desk_phone="0808 157 0192",
    )
