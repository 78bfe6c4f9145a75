"""What may be told of a record's past: each row names its rule (R24-R50, Schedule 1)."""

from datetime import date, datetime, timedelta

import pytest
from tests.factories.records import NOW, TODAY, consent, involvement, statement
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.held import HeldVersion, KnownRecord
from contactpoint.domain.disclosure.history import (
    HistoryField,
    tell_history,
    which_fields_may_they_ask_about,
)
from contactpoint.domain.involvement import ConsentBasis
from contactpoint.domain.people import AddressKind

MARCH, JUNE, OCTOBER = (datetime(2026, month, 10, 8, 0, tzinfo=NOW.tzinfo) for month in (3, 6, 10))
MAY_31 = date(2026, 5, 31)
DAY = timedelta(days=1)
AMINA = {"forename": "Amina", "surname": "Okafor", "date_of_birth": "2016-05-09"}


def held(contract, recorded, until=None, record=1, **said):
    said = {**AMINA, "as_at": recorded.date(), **said}
    return HeldVersion(
        statement=statement(contract, record=record, **said), held_from=recorded, held_until=until
    )


def told(*versions, involvements=(), field=HistoryField.ADDRESS, on=MAY_31, at=NOW):
    known = tuple(one.statement for one in versions if one.held_until is None)
    record = KnownRecord(number="C000000102M", statements=known, involvements=involvements)
    return tell_history(record, versions, field, on, at)


MOVED = (
    held("school_census", MARCH, OCTOBER, address="1 Old Road", postcode="OL1 1AA"),
    held("school_census", OCTOBER, address="2 New Road", postcode="OL2 2BB"),
    held("nhs_demographics", JUNE, record=2, address="2 New Road", postcode="OL2 2BB"),
)

# the day asked about, what each source said then, and what the record showed
DAYS = [
    (date(2026, 3, 9), [], []),
    (date(2026, 3, 10), [("School census", "1 Old Road")], ["1 Old Road"]),
    (MAY_31, [("School census", "1 Old Road")], ["1 Old Road"]),
    (
        date(2026, 6, 10),
        [("NHS demographics", "2 New Road"), ("School census", "1 Old Road")],
        ["2 New Road", "1 Old Road"],
    ),
    (date(2026, 10, 9), [("NHS demographics", "2 New Road"), ("School census", "1 Old Road")], None),
    (TODAY, [("NHS demographics", "2 New Road"), ("School census", "2 New Road")], ["2 New Road"]),
    (date(2030, 1, 1), [("NHS demographics", "2 New Road"), ("School census", "2 New Road")], ["2 New Road"]),
]


@pytest.mark.parametrize(("on", "said", "showed"), DAYS)
def test_what_did_the_school_census_say_in_may(on, said, showed):
    history = told(*MOVED, on=on)
    assert [(one.source_name, one.told[0].line) for one in history.said] == said
    if showed is not None:
        assert [one.address.line for one in history.showed] == showed
    assert history.on == min(on, TODAY)


def test_what_changed_when_newest_first():
    history = told(*MOVED)
    turns = [
        (turn.at, turn.source_name, [a.line for a in turn.before], [a.line for a in turn.after])
        for turn in history.source_turns
    ]
    assert turns == [
        (OCTOBER, "School census", ["1 Old Road"], ["2 New Road"]),
        (JUNE, "NHS demographics", [], ["2 New Road"]),
        (MARCH, "School census", [], ["1 Old Road"]),
    ]
    shown = [(turn.at, [one.address.line for one in turn.showed]) for turn in history.record_turns]
    assert shown == [
        (OCTOBER, ["2 New Road"]),
        (JUNE, ["2 New Road", "1 Old Road"]),
        (MARCH, ["1 Old Road"]),
    ]
    assert history.held_since == MARCH


def test_a_source_that_let_go_says_nothing_any_more():
    history = told(
        held("gp_registrations", MARCH, JUNE, address="1 Old Road"),
        held("births", MARCH, record=2, address="1 Old Road"),
        on=TODAY,
    )
    assert [one.source_name for one in history.said] == ["Birth registrations"]
    gone = history.source_turns[0]
    assert (gone.at, gone.source_name, gone.after) == (JUNE, "GP registrations", ())


def test_what_did_not_change_is_no_change():
    history = told(
        held("school_census", MARCH, JUNE, address="1 Old Road", known_as="Amy"),
        held("school_census", JUNE, address="1 Old Road", known_as="Mina"),
    )
    assert [turn.at for turn in history.source_turns] == [MARCH]
    assert [turn.at for turn in history.record_turns] == [MARCH]


def test_r50_leaving_england_changes_the_record_on_the_day_of_leaving():
    left = date(2026, 8, 1)
    history = told(
        held("nhs_demographics", MARCH, JUNE, address="1 Old Road"),
        held("nhs_demographics", JUNE, address="1 Old Road", kind=AddressKind.LEFT_ENGLAND, since=left),
    )
    newest = history.record_turns[0]
    assert newest.at.date() == left
    assert [(one.address.kind, one.address.line) for one in newest.showed] == [("left_england", None)]


LAPSED = consent(until=date(2026, 11, 1))
# (rule, contract, its involvements now, whether it speaks of May, whether it speaks of today)
SPEAKING = [
    ("R24", "school_census", [], True, True),
    ("R39", "mental_health", [], False, False),
    ("R36", "mental_health", [involvement("mental_health", record=2)], True, True),
    ("R41", "mental_health", [involvement("mental_health", record=2, consent=LAPSED)], False, False),
    (
        "R41",
        "mental_health",
        [involvement("mental_health", record=2, consent=consent(withdrawn_at=NOW))],
        False,
        False,
    ),
    (
        "R37",
        "charity",
        [involvement("substance_misuse", record=2, consent=consent(ConsentBasis.SIGNIFICANT_HARM))],
        False,
        False,
    ),
    ("R45", "charity", [involvement("family_support", record=2, confirmed=False)], False, False),
    ("R46", "youth_justice", [involvement("youth_justice", record=2, end=TODAY - 366 * DAY)], False, False),
    ("R46", "youth_justice", [involvement("youth_justice", record=2, end=TODAY - DAY)], True, True),
    # Of a time before the involvement that is shown, it may have spoken for one that is not.
    ("R39", "charity", [involvement("family_support", record=2, start=MAY_31)], True, True),
    ("R39", "charity", [involvement("family_support", record=2, start=MAY_31 + DAY)], False, True),
    ("R39", "charity", [involvement("family_support", record=2, start=None)], False, True),
]


@pytest.mark.parametrize(("rule", "contract", "involvements", "in_may", "today"), SPEAKING)
def test_a_source_that_may_not_be_named_says_nothing_of_the_past(rule, contract, involvements, in_may, today):
    versions = (
        held("births", MARCH, address="1 Open Road"),
        held(contract, MARCH, record=2, known_as="Mina", address="9 Secret Street"),
    )
    for on, speaks in ((MAY_31, in_may), (TODAY, today)):
        for field, secret in ((HistoryField.ADDRESS, "Secret"), (HistoryField.KNOWN_AS, "Mina")):
            history = told(*versions, involvements=involvements, field=field, on=on)
            assert (secret in repr((history.said, history.showed))) is speaks, rule
    everything = repr(told(*versions, involvements=involvements))
    assert ("9 Secret Street" in everything) is (in_may or today), rule
    if not in_may:
        turns = told(*versions, involvements=involvements).source_turns
        assert all(turn.at.date() > MAY_31 for turn in turns if "Secret" in repr(turn)), rule


# (rule, kind of the viewer's organisation, numbers whose history they may ask for)
NUMBERS = [
    ("Schedule 1, 18", "gp", {"nhs_number"}),
    ("Schedule 1, 18", "school", {"upn"}),
    ("Schedule 1, 18", "authority", {"upn"}),
    ("Schedule 1, 18", "charity", set()),
    ("R32", "national", {"nhs_number", "upn"}),
]


@pytest.mark.parametrize(("rule", "kind", "numbers"), NUMBERS)
def test_the_history_of_a_number_is_for_those_who_may_read_it(rule, kind, numbers):
    fields = set(which_fields_may_they_ask_about(viewer(organisation_kind=kind)))
    assert fields & {"nhs_number", "upn"} == numbers, rule
    assert len(fields - {"nhs_number", "upn"}) == len(HistoryField) - 2


# a field, what a source says of it, and what is told of it
FIELDS = [
    (HistoryField.NAME, {}, ("Amina Okafor",)),
    (HistoryField.KNOWN_AS, {"known_as": "Mina"}, ("Mina",)),
    (HistoryField.FORMER_NAME, {"former_surname": "Bello"}, ("Bello",)),
    (HistoryField.DATE_OF_BIRTH, {}, ("2016-05-09",)),
    (HistoryField.SEX, {"sex": "F"}, ("F",)),
    (HistoryField.NHS_NUMBER, {"nhs_number": "9000000009"}, ("9000000009",)),
    (HistoryField.UPN, {"upn": "F353573416001"}, ("F353573416001",)),
    (HistoryField.DATE_OF_DEATH, {"date_of_death": "2026-04-01"}, ("2026-04-01",)),
]


@pytest.mark.parametrize(("field", "said", "values"), FIELDS)
def test_every_field_is_told_and_shown(field, said, values):
    history = told(held("births", MARCH, **said), field=field)
    assert [one.told for one in history.said] == [values]
    assert tuple(one.value for one in history.showed) == values


def test_carers_are_told_and_shown():
    history = told(
        held("births", MARCH, carers=[{"forename": "Grace", "surname": "Okafor"}]), field=HistoryField.CARER
    )
    assert history.said[0].told[0].forename == "Grace"
    assert history.showed[0].carer.surname == "Okafor"
