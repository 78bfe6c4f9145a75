"""Who was in contact before, and what of it may be told: each row names its rule (R27, R36-R46)."""

from datetime import date, datetime, timedelta

import pytest
from tests.factories.records import NOW, TODAY, involvement, statement

from contactpoint.domain.disclosure.held import HeldInvolvement, KnownRecord
from contactpoint.domain.disclosure.history import tell_contacts
from contactpoint.domain.involvement import ContactDetails

MARCH, JUNE, OCTOBER = (datetime(2026, month, 10, 8, 0, tzinfo=NOW.tzinfo) for month in (3, 6, 10))
LONG_AGO = NOW - timedelta(days=500)
MAY_31 = date(2026, 5, 31)
DAY = timedelta(days=1)


def at_place(name):
    return ContactDetails(organisation_code=name, organisation_name=name)


def held(contract, service, recorded, until=None, **said):
    where = said.pop("where", f"The {service} place")
    one = involvement(service, source_name=contract, contact=at_place(where), **said)
    return HeldInvolvement(
        involvement=one, contract=contract, as_at=recorded.date(), held_from=recorded, held_until=until
    )


def told(*past, now=(), on=MAY_31, at=NOW):
    known = KnownRecord(number="C000000102M", statements=(statement("births"),), involvements=tuple(now))
    return tell_contacts(known, past, on, at)


CHANGED_SCHOOL = (
    held("school_census", "school", MARCH, OCTOBER, where="Old School"),
    held("school_census", "school", OCTOBER, where="New School", start=OCTOBER.date()),
    held("gp_registrations", "gp", JUNE, record=2, where="Surgery"),
)

# the day asked about, what sources said then, whom the record showed
DAYS = [
    (date(2026, 3, 9), [], []),
    (MAY_31, [("school_census", ["Old School"])], ["Old School"]),
    (
        date(2026, 6, 10),
        [("gp_registrations", ["Surgery"]), ("school_census", ["Old School"])],
        ["Surgery", "Old School"],
    ),
    (
        TODAY,
        [("gp_registrations", ["Surgery"]), ("school_census", ["New School"])],
        ["Surgery", "New School"],
    ),
    (date(2030, 1, 1), [("gp_registrations", ["Surgery"]), ("school_census", ["New School"])], None),
]


@pytest.mark.parametrize(("on", "said", "showed"), DAYS)
def test_which_school_did_the_census_name_in_may(on, said, showed):
    history = told(*CHANGED_SCHOOL, on=on)
    assert [(one.source_name, [c.organisation for c in one.told]) for one in history.said] == said
    if showed is not None:
        assert [one.contact.organisation for one in history.showed] == showed
    assert (history.field, history.held_since) == ("service", MARCH)


def test_what_changed_when_newest_first():
    history = told(*CHANGED_SCHOOL)
    turns = [
        (turn.at, [c.organisation for c in turn.before], [c.organisation for c in turn.after])
        for turn in history.source_turns
    ]
    assert turns == [
        (OCTOBER, ["Old School"], ["New School"]),
        (JUNE, [], ["Surgery"]),
        (MARCH, [], ["Old School"]),
    ]
    assert [turn.at for turn in history.record_turns] == [OCTOBER, JUNE, MARCH]


def test_the_record_changes_on_the_day_after_the_last_and_on_the_first():
    history = told(held("school_census", "school", MARCH, start=date(2026, 4, 20), end=date(2026, 7, 22)))
    assert [(turn.at.date(), len(turn.showed)) for turn in history.record_turns] == [
        (date(2026, 7, 23), 0),
        (date(2026, 4, 20), 1),
    ]


def test_what_was_said_on_while_something_else_changed_is_no_change():
    history = told(
        held("gp_registrations", "gp", LONG_AGO, MARCH, id=1),
        held("gp_registrations", "gp", MARCH, JUNE, id=2),
        held("gp_registrations", "gp", JUNE, id=3),
    )
    assert [turn.at for turn in history.source_turns] == [LONG_AGO]
    assert history.said[0].held_since == LONG_AGO


def test_r43_the_newest_lead_is_the_lead_of_then():
    history = told(
        held("child_health", "health_visitor", MARCH, lead_practitioner=True, id=1, start=date(2026, 1, 1)),
        held(
            "childrens_services",
            "send",
            MARCH,
            lead_practitioner=True,
            id=2,
            record=2,
            start=date(2026, 2, 1),
        ),
        now=[involvement("send", id=2, record=2)],
    )
    leads = [(one.contact.service, one.contact.lead_practitioner) for one in history.showed]
    assert leads == [("Special educational needs", True), ("Health visiting", False)]


# (rule, what was held since March, what is now of the same record, whether it is told of May)
TELLING = [
    ("R44", held("school_census", "school", MARCH), [], True),
    ("R44", held("childrens_services", "send", MARCH), [involvement("send")], True),
    ("R39", held("childrens_services", "send", MARCH), [], False),
    ("R39", held("charity", "family_support", MARCH), [involvement("mental_health")], False),
    ("R36", held("mental_health", "mental_health", MARCH), [involvement("mental_health")], False),
    ("R36", held("school_census", "sexual_health", MARCH), [involvement("sexual_health")], False),
    ("R41", held("charity", "substance_misuse", MARCH), [involvement("family_support")], False),
    ("R45", held("practitioner", "send", MARCH, confirmed=False), [involvement("send")], False),
    ("R45", held("practitioner", "send", MARCH), [involvement("send", confirmed=False)], False),
    ("R45", held("practitioner", "send", MARCH), [involvement("send")], True),
    ("R46", held("school_census", "school", LONG_AGO, LONG_AGO + DAY), [], False),
    ("R46", held("school_census", "school", MARCH, end=TODAY - 366 * DAY), [], False),
    ("R46", held("charity", "send", MARCH), [involvement("send", end=TODAY - 366 * DAY)], False),
    ("R46", held("charity", "send", MARCH), [involvement("send", end=TODAY - DAY)], True),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "then", "now", "is_told"), TELLING)
def test_what_may_be_told_of_then(rule, then, now, is_told):
    history = told(then, now=now)
    everything = repr((history.said, history.showed, history.source_turns, history.record_turns))
    assert (then.involvement.contact.organisation_name in everything) is is_told, rule
    assert bool(history.said) is is_told, rule
    assert (history.held_since is not None) is is_told, rule
