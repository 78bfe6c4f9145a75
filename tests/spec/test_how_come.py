"""R8, R9: whoever does not work with a child says how they come to ask, before a record opens (ADR 59)."""

from datetime import timedelta

import pytest
from tests.factories.records import NOW, involvement
from tests.factories.viewers import WORRIED, viewer

from contactpoint.actions.find.how_come import naming
from contactpoint.domain.disclosure.actors import OnBehalfOf
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.relationship import (
    LONGEST,
    OFFERED,
    Came,
    HowCome,
    does_a_reason_alone_open_it,
)
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import ContactDetails

TODAY = NOW.date()
KEISHA = viewer(services=("school_nurse", "camhs", "send"))
THEIRS = {"organisation_code": "bridgewater-nhs", "organisation_name": "Bridgewater Community Health"}
NAMED = ContactDetails(**THEIRS, practitioner="Keisha Barrow")
CAPITALS = ContactDetails(**THEIRS, practitioner="KEISHA  Ann Barrow")
ANOTHER = ContactDetails(**THEIRS, practitioner="Keisha Brown")
TEAM = ContactDetails(**THEIRS)
ELSEWHERE = ContactDetails(
    organisation_code="105734", organisation_name="Broadfield", practitioner="Keisha Barrow"
)
DESK = Purpose(code=PurposeCode.SHIELD_DECISION)
FAMILY = Purpose(code=PurposeCode.FAMILY_ASKS)
OTHER_PERSON = OnBehalfOf(name="Jo", title="Youth worker", organisation="105734", organisation_kind="school")

ENOUGH = [
    ("R8", "nothing says that they work with the child", [], {}, WORRIED, False),
    ("R8", "they are named in it", [{"service": "school_nurse", "contact": NAMED}], {}, WORRIED, True),
    ("R52", "they are named in capitals", [{"contact": CAPITALS}], {}, WORRIED, True),
    ("R52", "another of their first name", [{"contact": ANOTHER}], {}, WORRIED, False),
    ("R52", "they said so, nobody confirmed", [{"contact": NAMED, "confirmed": False}], {}, WORRIED, False),
    ("R52", "the same name elsewhere", [{"contact": ELSEWHERE}], {}, WORRIED, False),
    (
        "R52",
        "their team, beyond what every child has",
        [{"service": "send", "contact": TEAM}],
        {},
        WORRIED,
        True,
    ),
    ("R52", "the same clinic alone", [{"service": "school_nurse", "contact": TEAM}], {}, WORRIED, False),
    ("R52", "another team of theirs", [{"service": "youth_justice", "contact": TEAM}], {}, WORRIED, False),
    ("R52", "it ended last week", [{"contact": NAMED, "end": TODAY - timedelta(days=7)}], {}, WORRIED, True),
    ("R52", "it ended long ago", [{"contact": NAMED, "end": TODAY - timedelta(days=60)}], {}, WORRIED, False),
    (
        "R52",
        "it begins tomorrow",
        [{"contact": NAMED, "start": TODAY + timedelta(days=1)}],
        {},
        WORRIED,
        False,
    ),
    ("R27", "the record does not show it to them", [{"contact": NAMED, "id": 9}], {}, WORRIED, False),
    ("R6", "they look for somebody who was asked", [], {"mediates_for": OTHER_PERSON}, WORRIED, True),
    ("R26", "a desk decides about a protection", [], {}, DESK, True),
    ("R60", "a desk answers a family", [], {}, FAMILY, True),
]


@pytest.mark.parametrize(
    ("rule", "why", "held", "who", "purpose", "enough"), ENOUGH, ids=[f"{row[0]} {row[1]}" for row in ENOUGH]
)
def test_r8_a_reason_alone_is_enough_for_whoever_works_with_the_child(rule, why, held, who, purpose, enough):
    involvements = [involvement(**one) for one in held]
    asks = viewer(services=KEISHA.services, **who)
    named = naming(asks, involvements)
    assert (
        does_a_reason_alone_open_it(asks, purpose, involvements, shown={1}, naming=named, on=TODAY) is enough
    )


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        (Came.OTHER, None, "Say how you come to ask."),
        (Came.OTHER, "  ", "Say how you come to ask."),
        (Came.ASKED, "x" * (LONGEST + 1), f"Keep it to {LONGEST} characters."),
    ],
)
def test_r9_something_else_needs_words_and_not_too_many(code, text, said):
    with pytest.raises(InvalidInput, match=said):
        HowCome(code=code, text=text)


def test_r9_what_a_page_says_for_them_is_not_offered():
    assert set(Came) - set(OFFERED) == {Came.LISTED}
