"""How long what is held is kept, by table: R15, R16, R47-R50. Each row is a life and when its record ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.records import NOW, statement
from tests.factories.viewers import WORRIED, viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, ArchiveInQuestion, RecordState
from contactpoint.domain.people import AddressKind
from contactpoint.domain.retention import (
    KEPT_FOR,
    Leaving,
    Leftover,
    Life,
    Why,
    how_did_they_leave,
    is_it_past_taking_in,
    latest_day,
    may_managers_still_read_it,
    when_is_it_archived,
    when_is_it_purged,
)

BORN, CAME = date(2008, 11, 22), date(2012, 1, 1)
LEFT = date(2024, 5, 1)


def life(**said):
    return Life(**{"known_since": CAME, "born": BORN, **said})


def left(kind=AddressKind.LEFT_ENGLAND, since=LEFT):
    return Leaving(kind=kind, since=since)


# (rule, life, why it is archived, since when, when it is destroyed)
ENDS = [
    ("R47", life(), Why.TURNED_18, "2026-11-22", "2032-11-22"),
    ("R47", life(born=date(2008, 2, 29)), Why.TURNED_18, "2026-03-01", "2032-03-01"),
    ("R47", life(born=None), Why.TURNED_18, "2030-01-01", "2036-01-01"),
    ("R16", life(stays=True), Why.TURNED_25, "2033-11-22", "2039-11-22"),
    ("R49", life(died=date(2020, 3, 4)), Why.DIED, "2021-03-04", "2027-03-04"),
    ("R49", life(died=date(2026, 3, 4)), Why.TURNED_18, "2026-11-22", "2032-11-22"),
    ("R49", life(stays=True, died=date(2027, 3, 4)), Why.DIED, "2028-03-04", "2034-03-04"),
    ("R50", life(born=date(2018, 1, 1), left=left()), Why.LEFT, "2027-05-01", "2033-05-01"),
    (
        "R50",
        life(born=date(2018, 1, 1), left=left(AddressKind.LEFT_RETURNING)),
        Why.LEFT,
        "2027-05-01",
        "2033-05-01",
    ),
    (
        "R50",
        life(born=date(2018, 1, 1), left=left(AddressKind.LEFT_FOR_GOOD)),
        Why.LEFT,
        "2025-05-01",
        "2031-05-01",
    ),
    # What a shield hides moves nothing: only the birth date, which everybody may see, counts.
    ("R27", life(shielded=True, stays=True), Why.TURNED_18, "2026-11-22", "2032-11-22"),
    ("R27", life(shielded=True, died=date(2020, 1, 1)), Why.TURNED_18, "2026-11-22", "2032-11-22"),
    ("R27", life(shielded=True, left=left()), Why.TURNED_18, "2026-11-22", "2032-11-22"),
]


@pytest.mark.parametrize(("rule", "lived", "why", "since", "purged"), ENDS)
def test_when_a_record_ends(rule, lived, why, since, purged):
    found = when_is_it_archived(lived)
    assert (found.why, found.since.isoformat()) == (why, since), rule
    assert when_is_it_purged(found).isoformat() == purged, rule


# (rule, what a new row says, whether it is out of time on 22 November 2026)
LATE = [
    ("R15", life(born=date(2008, 11, 22)), True),
    ("R15", life(born=date(2008, 11, 23)), False),
    ("R15", life(born=None), False),
    ("R47", life(born=date(2015, 1, 1), died=date(2019, 11, 22)), True),
    ("R47", life(born=date(2015, 1, 1), died=date(2019, 11, 23)), False),
]


@pytest.mark.parametrize(("rule", "said", "late"), LATE)
def test_what_a_late_row_meets(rule, said, late):
    assert is_it_past_taking_in(said, date(2026, 11, 22)) is late, rule


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2008-11-22", date(2008, 11, 22)),
        ("2008-02", date(2008, 2, 29)),
        ("2008-12", date(2008, 12, 31)),
        ("2008", date(2008, 12, 31)),
        ("", None),
        (None, None),
    ],
)
def test_r47_a_partial_date_keeps_longer_and_never_shorter(text, day):
    assert latest_day(text) == day


def test_r50_leaving_counts_from_the_day_said_or_else_from_when_it_was_told():
    kind = AddressKind.LEFT_ENGLAND
    said = statement(address="1 Old Road", kind=kind, since=LEFT)
    unsaid = statement("school_census", record=2, kind=kind)
    assert how_did_they_leave(kind, [said, unsaid]) == left()
    assert how_did_they_leave(kind, [unsaid]) == left(since=NOW.date())
    assert how_did_they_leave(AddressKind.HOME, [said]) is None
    assert how_did_they_leave(None, []) is None


def test_r48_the_archive_is_read_for_a_year():
    since = date(2026, 1, 1)
    assert may_managers_still_read_it(since, date(2026, 12, 31))
    assert not may_managers_still_read_it(since, date(2027, 1, 1))


TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353", organisation_kind="authority")
DESK = viewer(
    role=Role.NATIONAL_TEAM, organisation_code="contactpoint", organisation_kind="national", authority=None
)


def archived(*, days=100, authority="353", shielded=False):
    return ArchiveInQuestion(since=NOW.date() - timedelta(days=days), authority=authority, shielded=shielded)


# (rule that decides, who, what is asked for, whether they may)
READERS = [
    ("R1", TEAM, archived(), True),
    ("R1", DESK, archived(authority="354"), True),
    ("R48", TEAM, archived(authority="354"), False),
    ("R48", TEAM, archived(days=400), False),
    ("R48", DESK, archived(days=400), False),
    ("R27", TEAM, archived(shielded=True), False),
    ("R27", DESK, archived(shielded=True), False),
    ("R1", viewer(), archived(), False),
    ("R57", viewer(role=Role.AUDITOR), archived(), False),
]


@pytest.mark.parametrize(("rule", "who", "asked", "may"), READERS)
def test_who_reads_the_archive(rule, who, asked, may):
    decision = authorise(
        AccessRequest(viewer=who, permission=Permission.OPEN_ARCHIVED, at=NOW, purpose=WORRIED, archive=asked)
    )
    assert decision.allowed is may
    assert rule in decision.rules


def test_r8_the_archive_opens_for_a_reason_too():
    asked = AccessRequest(viewer=TEAM, permission=Permission.OPEN_ARCHIVED, at=NOW, archive=archived())
    assert authorise(asked).rules == ("R8",)


def state(**said):
    return RecordState(**{"number": "C000000102M", "shielded": False, "born": date(2018, 1, 1), **said})


# (rule, record, whether it still opens on 22 November 2026)
OPEN = [
    ("R11", state(in_archive=True), False),
    ("R16", state(born=date(2006, 1, 1), stays=True), True),
    ("R16", state(born=date(2001, 11, 22), stays=True), False),
    ("R50", state(left=left()), True),
    ("R50", state(left=left(AddressKind.LEFT_FOR_GOOD)), False),
    ("R27", state(shielded=True, left=left(AddressKind.LEFT_FOR_GOOD)), True),
]


@pytest.mark.parametrize(("rule", "record", "opens"), OPEN)
def test_what_still_opens_before_any_job_came(rule, record, opens):
    asked = AccessRequest(
        viewer=viewer(), permission=Permission.OPEN_RECORD, at=NOW, purpose=WORRIED, record=record
    )
    assert authorise(asked).allowed is opens, rule


def test_everything_that_is_left_over_has_its_time():
    assert set(KEPT_FOR) == set(Leftover)
    assert datetime(2026, 1, 1, tzinfo=UTC) - KEPT_FOR[Leftover.AUDIT] <= datetime(2020, 1, 1, tzinfo=UTC)
