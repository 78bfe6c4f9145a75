"""Around a shield: who shares what it hides, and who had seen it before; 72 hours to decide (R34, R55)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.factories.directory import acting_as_role, build_account
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import KNOWN, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, viewer
from tests.integration.test_shield_life import COLLEAGUE, DECIDING, NATIONAL, OLDHAM, ROCHDALE, as_web

from contactpoint.actions.find.history import history
from contactpoint.actions.find.open_record import open_record, print_record
from contactpoint.actions.protect.around_shield import decide_breach, decide_near, looks_before, near_shield
from contactpoint.actions.protect.place_shield import place_shield
from contactpoint.actions.protect.protect_now import protect_now
from contactpoint.actions.protect.shield_desk import what_to_do
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.disclosure.answers import ProtectedRecord, Refusal
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.domain.disclosure.shield_desk import BreachOutcome, NearOutcome
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.pipelines.shields import tend_shields
from contactpoint.storage.models import Child, Membership
from contactpoint.supply.contracts import CONTRACTS

pytestmark = pytest.mark.django_db
SOURCE = "school-census"
SCHOOL = {"involvement_id": "I1", "service": "school", "organisation": "105734"}
HOUR = timedelta(hours=1)
GRACE = {"carer_forename": "Grace", "carer_surname": "Okafor", "carer_phone": "07700 900123"}
ELSEWHERE = {"address": "3 Quarry Bank, Oldham", "postcode": "OL1 9XY"}
TELEPHONE = {"carer_phone": "07700900123"}
OTHERS = {
    "sister": {"address": "14, Mill Lane, Oldham"},
    "by telephone": {**ELSEWHERE, "carer_forename": "Ivy", "carer_surname": "Lind", **TELEPHONE},
    "by carer": {**ELSEWHERE, "carer_forename": "GRACE", "carer_surname": "Okafor", "carer_phone": ""},
    "neighbour": {"address": "16 Mill Lane, Oldham"},
    "namesake elsewhere": {"address": "1 High Street, Bristol", "postcode": "BS1 4AA", "carer_phone": "",
                           "carer_forename": "Grace", "carer_surname": "Okafor"},
}  # fmt: skip


def pupil(row):
    """What the school census says of them."""
    return {
        name: text for name, text in {**row, **SCHOOL}.items() if name in CONTRACTS["school_census"].names
    }


def other(place, name):
    """A child of another name and age, with what they share."""
    born = f"2014-0{place}-11"
    plain = {
        **KNOWN,
        "local_id": name,
        "forename": f"Zoe{'abcdef'[place]}",
        "surname": f"Lindq{'uvwxyz'[place]}ist",
    }
    return {**plain, "date_of_birth": born, "nhs_number": "", **OTHERS[name]}


@pytest.fixture
def number(tmp_path):
    build_sources()
    people = [other(place, name) for place, name in enumerate(OTHERS, start=1)]
    load(feed(tmp_path, SOURCE, *map(pupil, [{**KNOWN, **GRACE}, *people])))
    for one, role, organisation in (
        (KEISHA, "practitioner", "bridgewater-nhs"),
        (PRIYA, "practitioner", "bridgewater-nhs"),
        *(
            (one.account_id, "shield_team", one.organisation_code)
            for one in (OLDHAM, COLLEAGUE, ROCHDALE, NATIONAL)
        ),
    ):
        build_account(one, {KEISHA: "Keisha Barrow", PRIYA: "Priya Nair"}.get(one, "Desk"))
        sign_in(one)
        Membership.objects.create(account_id=one, organisation_id=organisation, role=role)
    return child_of(SOURCE, "A1")


def shield(number, at=NOW):
    with acting_as_role("worker"):
        place_shield(number=number, ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=at)


def tend(at):
    with acting_as_role("worker"):
        tend_shields(by=system_viewer("worker"), at=at)


def the_shield():
    return rows("SELECT id FROM shield ORDER BY id LIMIT 1")[0][0]


def asked(action, by=OLDHAM, at=NOW, **more):
    return as_web(action, shield=the_shield(), purpose=DECIDING, by=by, at=at, **more)


def kinds(by, at=NOW):
    return {one.kind for one in as_web(what_to_do, by=by, at=at)}


def test_who_shares_an_address_a_telephone_or_a_carer_is_found_at_once(number):
    shield(number)
    tend(NOW + HOUR)
    near = {one.number: one.shares for one in asked(near_shield)}
    assert near == {
        child_of(SOURCE, "sister"): ("address",),
        child_of(SOURCE, "by telephone"): ("phone",),
        child_of(SOURCE, "by carer"): ("carer",),
    }
    assert "near" in kinds(OLDHAM)
    assert "near" not in kinds(ROCHDALE)
    assert number not in rows("SELECT subjects::text FROM audit_body WHERE action = 'listed_shields'")[0][0]


def test_it_is_looked_for_again_every_day_and_told_once(tmp_path, number):
    shield(number)
    tend(NOW + HOUR)
    moved = {**KNOWN, "local_id": "M1", "forename": "Mio", "surname": "Tanaka", "date_of_birth": "2011-01-02",
             "nhs_number": ""}  # fmt: skip
    load(feed(tmp_path, SOURCE, pupil(moved), as_at="2026-11-23", kind="delta"), at=NOW + 15 * HOUR)
    tend(NOW + 20 * HOUR)
    assert len(asked(near_shield)) == 3, "not looked for again on the same day"
    tend(NOW + 26 * HOUR)
    assert child_of(SOURCE, "M1") in {one.number for one in asked(near_shield)}
    told = rows("SELECT body FROM audit_body WHERE action = 'looked_near_shield'")
    assert len(told) == 2, "what was told is not told again"


def test_a_child_near_is_protected_too_or_said_not_to_be_connected(number):
    shield(number)
    tend(NOW + HOUR)
    found = {one.number: one.near for one in asked(near_shield)}
    sister, telephone = child_of(SOURCE, "sister"), child_of(SOURCE, "by telephone")
    asked(decide_near, near=found[sister], outcome=NearOutcome.PROTECTED)
    asked(decide_near, near=found[telephone], outcome=NearOutcome.NOT_CONNECTED)
    assert Child.objects.get(pk=sister).shielded
    assert not Child.objects.get(pk=telephone).shielded
    left = {one.number: one.outcome for one in asked(near_shield)}
    assert left == {telephone: NearOutcome.NOT_CONNECTED, child_of(SOURCE, "by carer"): None}
    again = asked(decide_near, near=found[telephone], outcome=NearOutcome.PROTECTED)
    assert isinstance(again, Refusal)
    assert isinstance(
        asked(decide_near, by=ROCHDALE, near=found[telephone], outcome=NearOutcome.PROTECTED), Refusal
    )


def look(number, who=KEISHA, at=NOW - HOUR):
    nurse = viewer(account_id=who, name="Keisha Barrow")
    as_web(open_record, number=number, purpose=WORRIED, by=nurse, at=at, how=WITH_ME)


def test_who_had_it_laid_out_to_print_before_is_listed_and_of_a_protected_child_there_is_no_paper(number):
    """R51, R55: putting a record on paper is a look of its own, and shows what was on it."""
    printing = {"number": number, "purpose": WORRIED, "by": viewer(account_id=KEISHA)}
    as_web(print_record, **printing, how=WITH_ME, at=NOW - HOUR)
    shield(number, at=NOW)
    assert isinstance(as_web(print_record, **printing, how=WITH_ME, at=NOW + HOUR), ProtectedRecord)
    seen = asked(looks_before, at=NOW + 3 * HOUR)
    (printed,) = seen.looks
    assert printed.action == "printed_record"
    assert "addresses" in printed.saw
    assert [event.action for event in events_of(KEISHA)].count(Action.PRINTED_RECORD) == 1


def test_who_saw_it_before_is_listed_with_what_they_saw_and_the_clock_begins(number):
    look(number)
    as_web(
        history,
        number=number,
        field=HistoryField.ADDRESS,
        on=NOW.date(),
        purpose=WORRIED,
        by=viewer(account_id=PRIYA),
        at=NOW,
    )
    look(number, at=NOW - timedelta(days=400))
    shield(number, at=NOW + HOUR)
    look(number, at=NOW + 2 * HOUR)
    with acting_as_role("worker"):
        assert settle_at_rest() > 0  # as it is encrypted within two seconds (ADR 28)
    seen = asked(looks_before, at=NOW + 3 * HOUR)
    assert [(one.action, one.name) for one in seen.looks] == [
        ("read_history", "Priya Nair"),
        ("opened_record", "Keisha Barrow"),
    ]
    assert "addresses" in seen.looks[1].saw
    assert "carers" in seen.looks[1].saw
    assert seen.looks[1].reason == "safeguarding"
    assert seen.decide_by == NOW + 75 * HOUR
    assert asked(looks_before, at=NOW + 9 * HOUR, by=NATIONAL).decide_by == NOW + 75 * HOUR, "it began once"
    assert "breach" in kinds(OLDHAM)
    (listed, *_) = (
        one for one in events_of(OLDHAM.account_id) if one.action is Action.LISTED_LOOKS and one.subjects
    )
    assert listed.subjects == (number,)
    asked(decide_breach, outcome=BreachOutcome.REPORTED)
    assert "breach" not in kinds(OLDHAM)
    assert asked(looks_before).outcome is BreachOutcome.REPORTED
    decisions = said(Action.DECIDED_BREACH)
    assert isinstance(asked(decide_breach, outcome=BreachOutcome.NO_BREACH), Refusal), "decided once"
    assert said(Action.DECIDED_BREACH) == decisions, "and what was refused is not written down as decided"


def said(action):
    return [one.action for one in events_of(OLDHAM.account_id)].count(action)


def test_where_nobody_had_looked_no_clock_begins(number):
    shield(number)
    assert asked(looks_before).decide_by is None
    assert rows("SELECT count(*) FROM breach_question") == [(0,)]


@pytest.mark.parametrize("action", [near_shield, looks_before])
def test_another_desk_is_told_nothing_and_nobody_without_a_reason(number, action):
    look(number)
    shield(number)
    tend(NOW + HOUR)
    assert isinstance(asked(action, by=ROCHDALE), Refusal)
    refused = as_web(action, shield=the_shield(), purpose=None, by=OLDHAM, at=NOW)
    assert "R8" in refused.rules
    for call in ("SELECT * FROM near_children(NULL, 1)", "SELECT * FROM looks_before(NULL, 1)"):
        with acting_as_role("web"), pytest.raises(DatabaseError, match="written down"), transaction.atomic():
            rows(call)


def test_a_shield_placed_on_a_page_is_looked_around_too(number):
    nurse = viewer()
    as_web(protect_now, number=number, ground=Ground.HIDDEN_LOCATION, purpose=WORRIED, by=nurse, at=NOW)
    tend(NOW + HOUR)
    assert len(asked(near_shield, by=NATIONAL)) == 3
