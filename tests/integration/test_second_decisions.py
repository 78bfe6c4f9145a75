"""A small team's second decisions, and how many children one person has protected at once (R26, R31)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.factories.directory import acting_as_role, amina, build_child
from tests.factories.supply import LOADER, build_sources, rows
from tests.integration.test_shield_life import (
    COLLEAGUE,
    DANGER,
    DECIDING,
    HOUR,
    NURSE,
    OLDHAM,
    ROCHDALE,
    SAFE,
    THEN,
    as_web,
    number,
    protect,
    step,
    to_do,
)

from contactpoint.actions.protect.around_shield import looks_before, near_shield
from contactpoint.actions.protect.keep_from import keep_from
from contactpoint.actions.protect.read_hidden import read_hidden
from contactpoint.actions.protect.shield_desk import open_shield
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.shield_desk import ProtectedNow, ShieldMoved
from contactpoint.domain.disclosure.shield_life import (
    MOST_PROTECTED,
    MOST_PROTECTED_AT_A_DESK,
    PROTECTED_WITHIN,
    Ground,
    HiddenReason,
    ShieldStep,
)
from contactpoint.domain.errors import DeliveryRefused
from contactpoint.pipelines.reference import load_reference
from contactpoint.storage.models import Membership, PairedAuthority

__all__ = ["number"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def alone(number):
    """Oldham's desk is one person, and Rochdale's its second."""
    Membership.objects.filter(account_id=COLLEAGUE.account_id).delete()
    PairedAuthority.objects.create(authority="353", second_desk="354")
    protect(number, by=OLDHAM)
    return number


def the_shield():
    return rows("SELECT id FROM shield ORDER BY id LIMIT 1")[0][0]


def asked(act, by=ROCHDALE, **more):
    return as_web(act, shield=the_shield(), purpose=DECIDING, by=by, at=THEN + HOUR, **more)


def test_the_paired_desk_confirms_what_nobody_else_there_could(alone):
    assert to_do(ROCHDALE, THEN + HOUR) == [("temporary", 1)]
    shown = asked(open_shield)
    assert ShieldStep.CONFIRMED in shown.may
    assert ShieldStep.LIFT_ASKED not in shown.may
    moved = step(ShieldStep.CONFIRMED, by=ROCHDALE, at=THEN + HOUR, weighing=DANGER)
    assert moved == ShieldMoved(state="confirmed")
    assert to_do(ROCHDALE, THEN + HOUR) == []


def test_it_agrees_to_a_lifting_and_asks_for_none(alone):
    step(ShieldStep.CONFIRMED, by=ROCHDALE, at=THEN + HOUR, weighing=DANGER)
    refused = step(ShieldStep.LIFT_ASKED, by=ROCHDALE, at=THEN + 2 * HOUR, safe_contact=SAFE)
    assert "R26" in refused.rules
    step(ShieldStep.LIFT_ASKED, by=OLDHAM, at=THEN + 2 * HOUR, safe_contact=SAFE)
    assert to_do(ROCHDALE, THEN + 3 * HOUR) == [("lift_asked", 1)]
    assert step(ShieldStep.LIFT_AGREED, by=ROCHDALE, at=THEN + 3 * HOUR) == ShieldMoved(state="lift_waiting")


def test_it_sees_nothing_around_a_shield_nor_what_it_hides(alone):
    for act, more in (
        (near_shield, {}),
        (looks_before, {}),
        (read_hidden, {"reason": HiddenReason.DECIDE}),
    ):
        assert isinstance(asked(act, **more), Refusal)
    assert rows("SELECT count(*) FROM audit_body WHERE action = 'read_hidden'") == [(0,)]


def test_a_desk_with_two_people_has_no_second_elsewhere(number):
    PairedAuthority.objects.create(authority="353", second_desk="354")
    protect(number, by=OLDHAM)
    assert to_do(ROCHDALE, THEN + HOUR) == []
    assert isinstance(asked(open_shield), Refusal)


def test_one_person_has_so_many_children_protected_in_a_week_and_no_more(number):
    others = [build_child(amina(nhs_number="", upn="")) for _ in range(MOST_PROTECTED)]
    for one in (number, *others[:-1]):
        assert isinstance(protect(one), ProtectedNow)
    refused = protect(others[-1], at=THEN + HOUR)
    assert refused.rules == ("R26",)
    assert "national desk" in refused.way_on
    assert isinstance(protect(others[-1], by=OLDHAM), ProtectedNow), "a desk has more to do"
    last = build_child(amina(nhs_number="", upn=""))
    assert isinstance(protect(last, at=THEN + PROTECTED_WITHIN + HOUR), ProtectedNow)


def test_the_limit_tells_nothing_of_what_became_of_them(number):
    """It counts when, not what: whether a desk has decided changes nothing."""
    others = [build_child(amina(nhs_number="", upn="")) for _ in range(MOST_PROTECTED)]
    for one in (number, *others[:-1]):
        protect(one)
    before = protect(others[-1], at=THEN + HOUR)
    step(ShieldStep.CONFIRMED, by=OLDHAM, at=THEN + HOUR, weighing=DANGER)
    assert protect(others[-1], at=THEN + 2 * HOUR) == before


def test_the_database_refuses_one_more_whatever_a_page_says(number, monkeypatch):
    others = [build_child(amina(nhs_number="", upn="")) for _ in range(MOST_PROTECTED)]
    for one in (number, *others[:-1]):
        protect(one)
    monkeypatch.setattr("contactpoint.actions.protect.protect_now.how_many_lately", lambda by, at: None)
    with pytest.raises(DatabaseError, match="too many"), transaction.atomic():
        protect(others[-1], at=THEN + HOUR)


def test_the_database_and_the_rules_count_alike():
    assert rows("SELECT most_protected(false), most_protected(true)") == [
        (MOST_PROTECTED, MOST_PROTECTED_AT_A_DESK)
    ]
    assert timedelta(days=7) == PROTECTED_WITHIN


def test_keeping_children_from_people_counts_as_well(number):
    for _ in range(2):
        protect(build_child(amina(nhs_number="", upn="")), by=OLDHAM)
    assert rows("SELECT protected_lately(%s, %s)", OLDHAM.account_id, THEN) == [(2,)]
    as_web(
        keep_from,
        number=number,
        email=f"{NURSE.account_id}@example.org",
        ground=Ground.DOMESTIC_ABUSE,
        purpose=DECIDING,
        by=OLDHAM,
        at=THEN,
    )
    assert rows("SELECT protected_lately(%s, %s)", OLDHAM.account_id, THEN) == [(3,)]


def test_who_is_whose_second_comes_with_the_reference_files(tmp_path):
    build_sources()
    for said, kept in (("353,354\n355,353\n", 2), ("353,355\n", 1)):
        (tmp_path / "paired_authorities.csv").write_text(f"authority,second_desk\n{said}", encoding="utf-8")
        with acting_as_role("worker"):
            load_reference(tmp_path, by=LOADER, at=THEN)
        assert rows("SELECT count(*) FROM paired_authority") == [(kept,)]
    (tmp_path / "paired_authorities.csv").write_text("authority,second_desk\n353,353\n", encoding="utf-8")
    with pytest.raises(DeliveryRefused, match="not its own second"), acting_as_role("worker"):
        load_reference(tmp_path, by=LOADER, at=THEN)
