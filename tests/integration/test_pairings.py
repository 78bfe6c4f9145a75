"""Pairing authorities whose shield desks second each other, by two of the national team (R31)."""

from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, build_account, build_reference
from tests.factories.signed_in import sign_in
from tests.factories.supply import rows
from tests.factories.viewers import viewer

from contactpoint.actions.run.pairings import answer_pairing, ask_pairing, desks
from contactpoint.actions.run.today import today
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.today import Queue
from contactpoint.domain.two_people import Step
from contactpoint.storage.models import Account, Membership

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def of(number, name, role, organisation="contactpoint"):
    national = organisation == "contactpoint"
    return viewer(
        account_id=UUID(int=number),
        name=name,
        role=role,
        organisation_code=organisation,
        organisation_kind="national" if national else "authority",
        authority=None if national else organisation[3:],
        services=(),
    )


NILS, NORA = of(921, "Nils", Role.NATIONAL_TEAM), of(922, "Nora", Role.NATIONAL_TEAM)
UMA, ROSA = of(911, "Uma", Role.SHIELD_TEAM), of(931, "Rosa", Role.SHIELD_TEAM, "la-353")


@pytest.fixture(autouse=True)
def _people(db):
    build_reference()
    for one in (NILS, NORA, UMA, ROSA):
        build_account(one.account_id, one.name)
        sign_in(one.account_id)
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role=one.role.value
        )


def as_web(act, **said):
    with acting_as_role("web"):
        return act(**said)


def ask(authority="353", second="354", *, both=False, by=NILS, because="Two people on leave"):
    return as_web(
        ask_pairing, authority=authority, second=second, both_ways=both, because=because, by=by, at=NOW
    )


def answer(step=Step.AGREE, by=NORA):
    ((which,),) = rows("SELECT max(id) FROM pairing_change")
    return as_web(answer_pairing, pairing=which, step=step, by=by, at=NOW)


def paired():
    return set(rows("SELECT authority, second_desk FROM paired_authority"))


def test_one_asks_and_another_agrees_and_then_it_holds():
    assert ask().what == "asked"
    assert paired() == set()
    assert answer(by=NILS).rules == ("R31",)
    assert answer().what == "agreed"
    assert paired() == {("353", "354")}
    assert isinstance(answer(), Refusal), "once"


def test_each_is_the_second_of_the_other_and_it_ends_by_two_again():
    ask(both=True)
    answer()
    assert paired() == {("353", "354"), ("354", "353")}
    assert ask("353", "").what == "asked"
    answer()
    assert paired() == {("354", "353")}


@pytest.mark.parametrize(("step", "by"), [(Step.REFUSE, NORA), (Step.DROP, NILS)])
def test_what_is_refused_or_dropped_changes_nothing(step, by):
    ask()
    answer(step, by=by)
    assert paired() == set()
    assert as_web(desks, by=NILS, at=NOW).asked == ()


@pytest.mark.parametrize(
    ("authority", "second"), [("353", "353"), ("353", "999"), ("999", "353"), ("353", "")]
)
def test_what_would_pair_nobody_is_refused(authority, second):
    assert isinstance(ask(authority, second), Refusal)
    assert rows("SELECT count(*) FROM pairing_change") == [(0,)]


def test_one_about_an_authority_waits_at_a_time_and_what_holds_is_not_asked_for_again():
    ask()
    assert isinstance(ask("353", "354", both=True), Refusal)
    answer()
    assert isinstance(ask(), Refusal)
    assert ask(both=True).what == "asked"


@pytest.mark.parametrize("by", [UMA, ROSA])
def test_nobody_else_sees_asks_or_answers(by):
    ask()
    assert isinstance(as_web(desks, by=by, at=NOW), Refusal)
    assert isinstance(ask("354", "353", by=by), Refusal)
    assert isinstance(answer(by=by), Refusal)
    assert paired() == set()


def test_a_reason_is_given():
    with pytest.raises(InvalidInput):
        ask(because=" ")


def test_the_database_keeps_two_people_apart():
    ask()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows("UPDATE pairing_change SET state = 'agreed', answered_by_id = asked_by_id RETURNING id")


def people_at(name):
    return {one.authority: one.people for one in as_web(desks, by=NILS, at=NOW).desks}[name]


def test_it_says_how_many_people_each_desk_has():
    assert (people_at("353"), people_at("354")) == (1, 0)
    Account.objects.filter(pk=ROSA.account_id).update(suspended_at=NOW)
    assert people_at("353") == 0, "as deciding counts them"


def test_today_counts_what_waits_for_a_second_person():
    ask()
    counts = [{one.queue: one.count for one in as_web(today, by=by, at=NOW)} for by in (NILS, NORA)]
    assert [one[Queue.PAIRINGS] for one in counts] == [0, 1]
