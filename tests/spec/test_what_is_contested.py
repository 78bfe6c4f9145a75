"""What may be called wrong, what became of it, and what is marked (R25, R39, R61)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.records import NOW, TODAY, consent, involvement, statement
from tests.factories.viewers import WORRIED, viewer

from contactpoint.domain.disclosure.answers import ContestedItem
from contactpoint.domain.disclosure.contesting import (
    Answer,
    Basis,
    Contest,
    Fate,
    Field,
    by_when_is_it_answered,
    since_when_is_it_late,
    what_became_of_it,
    what_may_be_contested,
    which_items_are_contested,
)
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.errors import InvalidInput

AMINA = {
    "forename": "Amina",
    "surname": "Okafor",
    "date_of_birth": "2016-05-09",
    "sex": "F",
    "address": "14 Mill Lane, Oldham",
    "postcode": "OL1 4AB",
}
SCHOOL = involvement("school", record=2)


def world(*involvements, more=()):
    return KnownRecord(
        number="C000000100P",
        statements=(statement(record=1, **AMINA), statement("school_census", record=2, **AMINA), *more),
        involvements=(SCHOOL, *involvements),
    )


def contest(field=Field.ADDRESS, record=2, said="14 Mill Lane, Oldham, OL1 4AB", **answered):
    return Contest(
        id=1,
        record=record,
        field=field,
        said=said,
        right="3 Quarry Bank",
        basis=Basis.CARER,
        **{"asked_at": NOW, **answered},
    )


def test_r25_every_source_is_asked_about_what_it_said_itself():
    found = {(item.record, item.field): item.says for item in what_may_be_contested(world(), TODAY)}
    assert found[1, "name"] == found[2, "name"] == "Amina Okafor"
    assert found[2, "address"] == "14 Mill Lane, Oldham, OL1 4AB"
    assert found[2, "service"] == "School: The school place"
    assert (1, "service") not in found
    assert (1, "carer") not in found


def own(confirmed=True, **more):
    return involvement("school_nurse", id=9, record=9, source="practitioners", confirmed=confirmed, **more)


# (rule, what a practitioner said of their own work, whether it may be called wrong)
OWN_WORDS = [
    ("R44", own(), True),
    ("R45", own(confirmed=False), False),
    ("R46", own(end=date(2025, 1, 1)), False),
]


@pytest.mark.parametrize(("rule", "said", "may"), OWN_WORDS)
def test_what_a_practitioner_said_is_contested_as_one_contact(rule, said, may):
    record = world(said)
    items = [item for item in what_may_be_contested(record, TODAY) if item.contact]
    assert [(item.record, item.field, item.contact) for item in items] == [(9, "service", 9)] * may, rule
    asked = contest(Field.SERVICE, record=9, said=items[0].says if items else "")
    found = which_items_are_contested(
        [asked], what_may_be_contested(record, TODAY), redact(record, viewer(), WORRIED, NOW)
    )
    assert [one.contact for one in found] == [9] * may, rule


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [
        ("R39", involvement("substance_misuse", id=9, record=3, consent=consent(withdrawn_at=NOW))),
        ("R45", involvement("family_support", id=9, record=3, confirmed=False)),
    ],
)
def test_a_source_that_may_not_speak_cannot_be_asked_and_is_not_marked(rule, hidden):
    record = world(hidden, more=(statement("charity", record=3, **AMINA),))
    items = what_may_be_contested(record, TODAY)
    assert {item.record for item in items} == {1, 2}, rule
    shown = redact(record, viewer(), WORRIED, NOW)
    assert which_items_are_contested([contest(record=3)], items, shown) == ()


# (rule, what the source says now, its answer, when it delivered after that, what became of it)
FATES = [
    ("R61", "the same", None, None, Fate.SENT),
    ("R61", "the same", Answer.STANDS, None, Fate.STANDS),
    ("R61", "the same", Answer.AGREED, None, Fate.AGREED),
    ("R44", "the same", Answer.CORRECTED, None, Fate.CORRECTED),
    ("R25", "the same", Answer.AGREED, NOW, Fate.STILL_SAID),
    ("R25", "something else", None, None, Fate.CORRECTED),
    ("R25", "something else", Answer.STANDS, None, Fate.CORRECTED),
    ("R25", "something else", Answer.AGREED, NOW, Fate.CORRECTED),
    ("R25", "", Answer.AGREED, None, Fate.CORRECTED),
]


@pytest.mark.parametrize(("rule", "now", "answer", "delivered", "fate"), FATES)
def test_what_became_of_it(rule, now, answer, delivered, fate):
    asked = contest(said="the same", answer=answer, delivered_at=delivered)
    assert what_became_of_it(asked, now) is fate, rule


# (rule, when it was asked, when it was delivered since it was agreed to, the last day for an answer)
DUE = [
    ("R25", datetime(2026, 11, 2, 9, 0, tzinfo=UTC), None, date(2026, 11, 22)),
    (
        "R25",
        datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 9, 9, 0, tzinfo=UTC),
        date(2026, 11, 29),
    ),
    ("R25", datetime(2026, 6, 1, 23, 30, tzinfo=UTC), None, date(2026, 6, 22)),  # by the clock of England
]


@pytest.mark.parametrize(("rule", "asked_at", "delivered", "last"), DUE)
def test_by_when_it_is_answered(rule, asked_at, delivered, last):
    asked = contest(asked_at=asked_at, delivered_at=delivered)
    assert by_when_is_it_answered(asked) == last, rule
    waits_since = delivered or asked_at
    assert [waits_since < since_when_is_it_late(last + timedelta(days=more)) for more in (0, 1)] == [
        False,
        True,
    ]


# (rule, what was asked, whether it is marked)
MARKS = [
    ("R61", contest(), True),
    ("R61", contest(answer=Answer.AGREED), True),
    ("R61", contest(answer=Answer.AGREED, delivered_at=NOW), True),
    ("R61", contest(answer=Answer.STANDS), False),
    ("R61", contest(said="9 Old Road"), False),
    ("R61", contest(record=77), False),
    ("R61", contest(field=Field.CARER), False),
]


@pytest.mark.parametrize(("rule", "asked", "marked"), MARKS)
def test_what_is_marked(rule, asked, marked):
    record = world()
    found = which_items_are_contested(
        [asked], what_may_be_contested(record, TODAY), redact(record, viewer(), WORRIED, NOW)
    )
    assert found == ((ContestedItem(field="address", source_name="School census"),) if marked else ()), rule


@pytest.mark.parametrize("right", ["", "  ", "x" * 201])
def test_what_is_right_is_said_and_short(right):
    with pytest.raises(InvalidInput):
        Contest(
            id=0,
            record=1,
            field=Field.NAME,
            said="x",
            right=right,
            basis=Basis.CHILD,
            asked_at=NOW,
        )
