"""Shield staff read what a shield of their desk hides: for a reason each time, audited, explained (R32)."""

import pytest
from django.db import DatabaseError, transaction
from tests.factories.directory import acting_as_role
from tests.factories.signed_in import events_of
from tests.factories.supply import rows
from tests.integration.test_shield_life import (
    COLLEAGUE,
    DANGER,
    DAY,
    DECIDING,
    HOUR,
    NATIONAL,
    NURSE,
    OLDHAM,
    ROCHDALE,
    THEN,
    as_web,
    number,
    protect,
    step,
)

from contactpoint.actions.protect.keep_from import keep_from
from contactpoint.actions.protect.read_hidden import read_hidden
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.disclosure.shield_life import Ground, HiddenReason, ShieldStep
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.storage.queries.overrides import read_hidden as read_from_the_database
from contactpoint.storage.use import cases_opened

__all__ = ["number"]
pytestmark = pytest.mark.django_db


def read(by=OLDHAM, reason=HiddenReason.BROKER, purpose=DECIDING, at=THEN + HOUR):
    (shield,) = rows("SELECT id FROM shield ORDER BY id LIMIT 1")[0]
    return as_web(read_hidden, shield=shield, reason=reason, purpose=purpose, by=by, at=at)


@pytest.mark.parametrize(("by", "encrypted"), [(OLDHAM, False), (NATIONAL, True)])
def test_its_desk_sees_where_the_child_is_and_who_works_with_them(number, by, encrypted):
    protect(number)
    if encrypted:  # as it is within two seconds (ADR 28)
        with acting_as_role("worker"):
            assert settle_at_rest() > 0
    shown = read(by)
    assert isinstance(shown, OpenRecord)
    assert "14 Mill Lane" in repr(shown.addresses)
    assert {one.organisation for one in shown.contacts} >= {
        "Bridgewater Community Health",
        "Glodwick Surgery",
    }
    first, second = [one for one in events_of(by.account_id) if one.action is Action.READ_HIDDEN]
    assert first.subjects == second.subjects == (number,)
    assert {first.details["for"], second.details["for"]} == {"broker"}
    (told,) = (one.details["disclosed"] for one in (first, second) if "disclosed" in one.details)
    assert "addresses" in told["fields"]


@pytest.mark.parametrize(
    ("by", "asked", "rule"),
    [
        (ROCHDALE, {}, "R26"),
        (NURSE, {}, "R1"),
        (OLDHAM, {"purpose": None}, "R8"),
        (OLDHAM, {"reason": None}, "R32"),
    ],
)
def test_nobody_else_does_and_nobody_without_saying_what_for(number, by, asked, rule):
    protect(number)
    refused = read(by, **asked)
    assert isinstance(refused, Refusal)
    assert rule in refused.rules
    assert rows("SELECT count(*) FROM audit_body WHERE action = 'read_hidden'") == [(0,)]


def test_whoever_the_child_is_kept_from_finds_no_such_shield(number):
    protect(number)
    as_web(
        keep_from,
        number=number,
        email=f"{COLLEAGUE.account_id}@example.org",
        ground=Ground.DOMESTIC_ABUSE,
        purpose=DECIDING,
        by=OLDHAM,
        at=THEN,
    )
    assert isinstance(read(COLLEAGUE), Refusal)


def test_the_database_lets_it_be_read_by_the_event_that_says_so_and_by_no_other(number):
    protect(number)
    (shield,) = rows("SELECT id FROM shield")[0]

    def by_event(action, subjects, by=OLDHAM):
        with transaction.atomic():
            event = record(action, by=by, at=THEN, purpose=DECIDING, subjects=subjects)
            return read_from_the_database(event, shield)

    assert as_web(by_event, action=Action.READ_HIDDEN, subjects=[number])[0]
    for asked in (
        {"action": Action.OPENED_SHIELD, "subjects": [number]},
        {"action": Action.READ_HIDDEN, "subjects": ["C000000102M"]},
        {"action": Action.READ_HIDDEN, "subjects": [number], "by": ROCHDALE},
    ):
        with pytest.raises(DatabaseError, match="written down"), transaction.atomic():
            as_web(by_event, **asked)


def test_a_look_is_explained_while_there_is_something_to_do_about_the_shield_and_not_later(number):
    """R52: opening a shield that waits for nobody explains nothing."""
    protect(number)
    read()
    assert (OLDHAM.account_id, number, THEN.date()) in cases_opened([number], THEN, THEN + DAY)
    step(ShieldStep.CONFIRMED, by=COLLEAGUE, at=THEN + 2 * HOUR, weighing=DANGER)
    read(at=THEN + 60 * DAY)
    assert cases_opened([number], THEN + 59 * DAY, THEN + 61 * DAY) == []
