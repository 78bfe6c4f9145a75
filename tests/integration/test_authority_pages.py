"""A split or merger that is planned and agreed to on the pages, and taken back (R58; ADR 30)."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.directory import acting_as_role
from tests.factories.signed_in import sign_in
from tests.factories.supply import rows
from tests.factories.viewers import viewer
from tests.integration.test_reorganising import EVE, GRACE, LATER, MERGER, area_of, directory, state

from contactpoint.actions.run.authority_changes import (
    ask_for_change,
    authority_change,
    authority_changes,
    plan_of,
    preview_change,
    step_authority_change,
)
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.reorganising import ChangeState, ChangeStep
from contactpoint.pipelines.authorities import carry_out_authority_changes
from contactpoint.storage.models import Membership, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signed_in")]
__all__ = ["directory"]  # a fixture that every test here uses


def national(who):
    return viewer(
        account_id=who,
        name=f"Person {who.int}",
        role=Role.NATIONAL_TEAM,
        organisation_code="contactpoint",
        organisation_name="ContactPoint",
        organisation_kind="national",
        authority=None,
        services=(),
    )


EVE_HERE, GRACE_HERE = national(EVE), national(GRACE)


@pytest.fixture
def signed_in(directory):
    for who in (EVE, GRACE):
        sign_in(who)


def run(action, by=EVE_HERE, **terms):
    with acting_as_role("web"):
        return action(by=by, at=LATER, **terms)


def step(number, what, by=EVE_HERE):
    return run(step_authority_change, by, number=number, step=what)


def work():
    with acting_as_role("worker"):
        return carry_out_authority_changes(by=system_viewer("worker"), at=LATER)


def planned(plan=MERGER):
    return run(ask_for_change, plan=plan, because="By order").number


def test_a_merger_is_planned_agreed_to_carried_out_and_taken_back():
    before = state()
    found = run(preview_change, plan=MERGER)
    assert found.children is None, "few children are not told"
    number = planned()
    assert work() == 0
    assert isinstance(step(number, ChangeStep.AGREE), Refusal), "nobody agrees to their own"
    assert step(number, ChangeStep.AGREE, GRACE_HERE).step == "agree"
    assert state() == before, "a page changes nothing itself"
    assert run(authority_change, number=number).carried
    assert work() == 1
    assert area_of("B1") == {"353"}
    assert rows("SELECT authority FROM shield") == [("353",)]
    assert run(authority_change, number=number).state is ChangeState.DONE

    assert isinstance(step(number, ChangeStep.AGREE_UNDO), Refusal), "nobody asked for that yet"
    step(number, ChangeStep.ASK_UNDO, GRACE_HERE)
    assert isinstance(step(number, ChangeStep.AGREE_UNDO, GRACE_HERE), Refusal)
    step(number, ChangeStep.AGREE_UNDO)
    assert work() == 1
    assert state() == before, "all is as it was"
    assert run(authority_changes)[0].state is ChangeState.UNDONE


def test_a_plan_is_dropped_by_whoever_made_it_and_another_can_be_made():
    number = planned()
    assert isinstance(run(ask_for_change, GRACE_HERE, plan=MERGER, because="Again"), Refusal)
    assert isinstance(step(number, ChangeStep.DROP, GRACE_HERE), Refusal)
    step(number, ChangeStep.DROP)
    assert run(authority_change, number=number).state is ChangeState.DROPPED
    assert isinstance(step(number, ChangeStep.AGREE, GRACE_HERE), Refusal)
    assert planned() != number
    with pytest.raises(NotFound):
        run(authority_change, number=number + 99)


def test_it_waits_again_where_whoever_agreed_may_no_more():
    number = planned()
    step(number, ChangeStep.AGREE, GRACE_HERE)
    Membership.objects.filter(account_id=GRACE).update(ended_at=LATER)
    assert work() == 1
    assert run(authority_change, number=number).agreed_by == "", "it waits for somebody who may"
    assert area_of("B1") == {"354"}


def test_what_is_listed_is_read_from_lines_and_is_the_authoritys_own():
    Organisation.objects.create(code="harbour-house", name="Harbour House", kind="refuge", authority="354")
    mail = rows("SELECT email FROM account WHERE id = %s", EVE)[0][0]
    plan = run_plan(f"organisation,la-354,353\n\nperson,{mail.upper()},la-353\n")
    assert (dict(plan.organisations), dict(plan.people)) == ({"la-354": "353"}, {str(EVE): "la-353"})
    for listed in ("organisation,la-353,354", "organisation,harbour-house,353", f"person,{mail},la-353"):
        with pytest.raises(InvalidInput, match="is not of authority 354"):
            run(preview_change, plan=run_plan(listed))
    for listed in (
        "organisation,1",
        "desk,1,353",
        "person,nobody@example.org,la-353",
        "source,a,1\nsource,a,1",
    ):
        with pytest.raises(InvalidInput):
            run_plan(listed)
    with pytest.raises(InvalidInput, match="There is no 999"):
        run(preview_change, plan=run_plan("", into="999"))


def run_plan(listed, into="353"):
    with acting_as_role("web"):
        return plan_of(authority="354", into=into, listed=listed)


def test_only_the_national_team_sees_or_plans_one():
    nina = viewer()
    for action, terms in (
        (authority_changes, {}),
        (authority_change, {"number": 1}),
        (preview_change, {"plan": MERGER}),
        (ask_for_change, {"plan": MERGER, "because": "By order"}),
        (step_authority_change, {"number": 1, "step": ChangeStep.AGREE}),
    ):
        assert isinstance(run(action, nina, **terms), Refusal)
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("web"):
        connection.cursor().execute("SELECT * FROM authority_change")


def test_it_waits_while_a_delivery_is_taken_in(monkeypatch):
    number = planned()
    step(number, ChangeStep.AGREE, GRACE_HERE)
    monkeypatch.setattr("contactpoint.storage.copying._locked", lambda: False)
    monkeypatch.setattr("contactpoint.storage.copying._PATIENCE", 0)
    assert work() == 0
    monkeypatch.undo()
    assert run(authority_change, number=number).carried, "the next call does it"
    assert work() == 1
