"""A suspended or idle account is let in again by two people, and by nobody for themselves (R52, R56)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.factories.directory import NOW, acting_as_role, build_account, build_reference
from tests.factories.supply import rows
from tests.factories.viewers import viewer

from contactpoint.actions.account.reinstate import agree_to_reinstate, ask_to_reinstate
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.storage.models import Account, AuditBody, Membership, Reinstatement, UseItem

pytestmark = pytest.mark.django_db
COMMAND = system_viewer("command line")
BEN, MANAGER, GRACE, HAL, CAROL = (UUID(int=number) for number in (81, 82, 83, 84, 85))
ROLES = {
    BEN: "practitioner", MANAGER: "practitioner", GRACE: "technical_administrator", HAL: "audit_reviewer",
    CAROL: "practitioner",
}  # fmt: skip


@pytest.fixture(autouse=True)
def suspended():
    build_reference()
    for account, role in ROLES.items():
        build_account(account, f"Person {account.int}")
        Membership.objects.create(account_id=account, organisation_id="la-353", role=role, services=[])
    Account.objects.filter(pk=BEN).update(suspended_at=NOW, manager_id=MANAGER)


def ask(asked_by=MANAGER, because="It was a mistake", by=COMMAND):
    return ask_to_reinstate(account=BEN, asked_by=asked_by, because=because, by=by, at=NOW)


def agree(agreed_by=GRACE, by=COMMAND):
    return agree_to_reinstate(account=BEN, agreed_by=agreed_by, by=by, at=NOW)


def is_suspended():
    return Account.objects.get(pk=BEN).suspended_at is not None


def test_one_asks_another_agrees_and_the_audit_names_both():
    assert not ask().is_in
    assert is_suspended(), "one person is not enough"
    assert agree().is_in
    assert not is_suspended()
    done = AuditBody.objects.filter(action__in=["asked_reinstatement", "reinstated"]).order_by("occurred_at")
    assert len(done) == 2
    assert all(str(MANAGER) in bytes(one.body).decode() for one in done)


@pytest.mark.parametrize("asks", [BEN, CAROL])
def test_nobody_asks_for_themselves_and_not_just_anybody(asks):
    with pytest.raises(Conflict):
        ask(asked_by=asks)


@pytest.mark.parametrize("agrees", [BEN, MANAGER, CAROL])
def test_whoever_asked_does_not_agree_nor_does_just_anybody(agrees):
    ask()
    with pytest.raises(Conflict):
        agree(agreed_by=agrees)
    assert is_suspended()


def test_a_reviewer_may_ask_and_then_another_agrees():
    ask(asked_by=HAL)
    with pytest.raises(Conflict):
        agree(agreed_by=HAL)
    assert agree(agreed_by=GRACE).is_in


def test_somebody_suspended_themselves_neither_asks_nor_agrees():
    Account.objects.filter(pk__in=[MANAGER, GRACE]).update(suspended_at=NOW)
    with pytest.raises(Conflict):
        ask()
    ask(asked_by=HAL)
    with pytest.raises(Conflict):
        agree()


def test_nobody_agrees_to_what_nobody_asked_and_it_is_asked_once():
    with pytest.raises(Conflict, match="Nobody has asked"):
        agree()
    ask()
    with pytest.raises(Conflict, match="already"):
        ask(asked_by=HAL)


@pytest.mark.parametrize("state", ["suspended", "misuse"])
def test_what_a_reviewer_has_in_hand_or_found_to_be_misuse_is_not_lifted_here(state):
    UseItem.objects.create(
        day=NOW.date(), account_id=BEN, organisation_id="la-353", child="", team_size=5, restricted=False,
        reviewed_by="", codes=["volume"], weight=5, explained="", events=[], state=state, made_at=NOW,
    )  # fmt: skip
    with pytest.raises(Conflict):
        ask()
    assert is_suspended()


def test_an_account_not_used_for_ninety_days_comes_in_again():
    Account.objects.filter(pk=BEN).update(suspended_at=None, last_seen_at=NOW - timedelta(days=91))
    ask()
    agree()
    assert Account.objects.get(pk=BEN).last_seen_at == NOW
    with pytest.raises(Conflict, match="neither"):
        ask()


def test_a_reason_is_needed_and_a_page_cannot():
    with pytest.raises(InvalidInput):
        ask(because=" ")
    with pytest.raises(Conflict):
        ask(by=viewer())


def test_the_database_itself_wants_two_others():
    for asked_by, agreed_by in ((BEN, GRACE), (GRACE, GRACE), (GRACE, BEN)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reinstatement.objects.create(
                account_id=BEN, because="x", asked_by_id=asked_by, asked_at=NOW, agreed_by_id=agreed_by,
                agreed_at=NOW,
            )  # fmt: skip


@pytest.mark.parametrize("role", ["web", "worker"])
def test_no_page_and_no_worker_comes_by_it(role):
    with acting_as_role(role), pytest.raises(DatabaseError), transaction.atomic():
        rows("SELECT 1 FROM reinstatement")
