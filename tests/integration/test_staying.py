"""A team records that somebody of theirs agreed to stay until 25, or took it back (R16, R58; ADR 22)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.factories.directory import acting_as_role, amina, build_child, build_reference
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import PRIYA, WORRIED, viewer
from tests.integration.test_archive import NOW, TODAY, years_ago

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.retain.lives import when_due
from contactpoint.actions.retain.staying import (
    Staying,
    StayingDone,
    record_staying,
    staying,
    take_staying_back,
)
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.retention import Why
from contactpoint.storage.models import Child, Membership, StayConsent

pytestmark = pytest.mark.django_db
ROCHDALES = UUID(int=901)


def team(authority="353", account=PRIYA, role=Role.AUTHORITY_TEAM):
    return viewer(
        account_id=account,
        name="Priya Nair",
        role=role,
        organisation_code=f"la-{authority}",
        organisation_kind="authority",
        authority=authority,
    )


OLDHAM, ROCHDALE = team(), team("354", ROCHDALES)


@pytest.fixture
def child():
    """Amina, who is 17."""
    build_reference()
    for one in (OLDHAM, ROCHDALE):
        sign_in(one.account_id)
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role="authority_team"
        )
    return build_child(
        amina(date_of_birth=years_ago(17)),
        amina(
            "childrens-services-353",
            date_of_birth=years_ago(17),
            involvements=[{"service": "childrens_social_care", "organisation": "la-353"}],
        ),
    )


def run(action, by, number, **values):
    with acting_as_role("web"):
        return action(number=number, purpose=WORRIED, by=by, at=NOW, **values)


def test_r16_who_agreed_stays_until_25_and_who_takes_it_back_does_not(child):
    before = run(staying, OLDHAM, child)
    assert (before.agreed, before.until.year) == (False, TODAY.year + 8)
    done = run(record_staying, OLDHAM, child, given_on=TODAY)
    assert done == StayingDone(until=before.until.isoformat())
    assert run(staying, OLDHAM, child) == Staying(until=before.until, agreed=True)
    with pytest.raises(Conflict, match="already"):
        run(record_staying, OLDHAM, child, given_on=TODAY)
    with acting_as_role("worker"):
        (due,) = when_due([child], NOW)
    assert due.archiving.why is Why.TURNED_25
    assert run(take_staying_back, OLDHAM, child) == StayingDone(until="")
    with pytest.raises(Conflict, match="none to take back"):
        run(take_staying_back, OLDHAM, child)
    assert StayConsent.objects.get().withdrawn_at
    assert Child.objects.get(pk=child).stays_until is None
    acts = [one.action for one in events_of(PRIYA)]
    assert (acts.count(Action.AGREED_TO_STAY), acts.count(Action.WITHDREW_STAYING)) == (1, 1)


def test_r58_only_the_team_that_is_responsible_records_it(child):
    assert run(staying, ROCHDALE, child).rules == ("R58",)
    assert run(record_staying, ROCHDALE, child, given_on=TODAY).rules == ("R58",)
    for role in (Role.PRACTITIONER, Role.NATIONAL_TEAM, Role.SHIELD_TEAM):
        assert isinstance(run(staying, team(role=role), child), Refusal)
    assert not StayConsent.objects.exists()


def test_nobody_is_asked_before_they_are_16(child):
    """Ours: whoever is younger is not asked what they want at 18."""
    young = build_child(
        amina(forename="Zara", surname="Okoro", date_of_birth=years_ago(15)),
        amina(
            "childrens-services-353",
            forename="Zara",
            surname="Okoro",
            date_of_birth=years_ago(15),
            involvements=[{"service": "childrens_social_care", "organisation": "la-353"}],
        ),
    )
    refusal = run(record_staying, OLDHAM, young, given_on=TODAY)
    assert (refusal.rules, "not known to be 16" in refusal.sentence) == (("R16",), True)
    assert not StayConsent.objects.exists()


def test_of_who_is_protected_nothing_is_recorded_or_told(child):
    """Who stays was in care: a shielded record says so of nobody, whether they agreed or not (ADR 22)."""
    without = build_child(amina(forename="Zara", surname="Okoro", date_of_birth=years_ago(17)))
    run(record_staying, OLDHAM, child, given_on=TODAY)
    place_shields(
        numbers=[child, without], ground=Ground.HIDDEN_LOCATION, by=system_viewer("shield import"), at=NOW
    )
    for action, values in (
        (staying, {}),
        (record_staying, {"given_on": TODAY}),
        (take_staying_back, {}),
    ):
        first, second = (run(action, OLDHAM, number, **values) for number in (child, without))
        assert first == second
        assert first.rules == ("R16",)
    assert StayConsent.objects.get().withdrawn_at is None


def test_a_day_to_come_is_refused_and_changes_nothing(child):
    with pytest.raises(InvalidInput):
        run(record_staying, OLDHAM, child, given_on=TODAY + timedelta(days=1))
    assert not StayConsent.objects.exists()


@pytest.mark.parametrize(
    "statement", ["INSERT INTO stay_consent DEFAULT VALUES", "UPDATE child SET stays_until = now()"]
)
def test_pages_record_it_through_the_function_alone(child, statement):
    with (
        acting_as_role("web"),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)
