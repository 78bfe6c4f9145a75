"""Mediated access: one record, under both names, for somebody who could not sign in themselves (R5, R6)."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, viewer

from contactpoint.actions.account.activity import my_activity
from contactpoint.actions.find.mediate import NOBODY_ASKS, begin_mediation, mediation, open_for, search_for
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.audit.events import Action, Outcome, Requester
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.disclosure.answers import OpenRecord, ProtectedRecord, Refusal
from contactpoint.domain.disclosure.mediation import CheckedHow, MediationBegun, RequesterSaid
from contactpoint.storage.models import MediationRow, Membership, Organisation, Shield

pytestmark = pytest.mark.django_db
NURSE, COLLEAGUE = viewer(), viewer(account_id=PRIYA, name="Priya Nair")
JO = RequesterSaid(
    name="Jo Bloggs",
    title="Recovery worker",
    email="jo@harbour.example",
    organisation="harbour-recovery",
    checked=CheckedHow.RANG_BACK,
    vouched=True,
)
BOTH = Requester(name="Jo Bloggs", organisation="harbour-recovery", role="Recovery worker")
HOUR = timedelta(hours=1)


@pytest.fixture
def number(db):
    build_reference()
    for account in (KEISHA, PRIYA):
        build_account(account, "Keisha Barrow" if account == KEISHA else "Priya Nair")
        Membership.objects.create(
            account_id=account, organisation_id="bridgewater-nhs", role="practitioner", services=[]
        )
        sign_in(account)
    return build_child(*amina_in_full())


def run(action, by=NURSE, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def begin(by=NURSE, said=JO, purpose=WORRIED, at=NOW):
    return run(begin_mediation, by, at, said=said, purpose=purpose)


def changed(**said):
    names = ("name", "title", "email", "organisation", "checked", "vouched")
    return RequesterSaid(**{**{name: getattr(JO, name) for name in names}, **said})


def look(which, number, by=NURSE, at=NOW):
    found = run(open_for, by, at, which=which, number=number)
    return found if isinstance(found, Refusal) else found[1]


def test_everything_is_audited_under_both_names(number):
    which = begin().mediation
    asks = run(mediation, which=which)
    found = run(search_for, asks=asks, criteria=Criteria(surname="Okafor", forename="Amina"))
    assert [card.number for card in found.cards] == [number]
    shown = look(which, number)
    assert isinstance(shown, OpenRecord)
    events = {one.action: one for one in events_of(KEISHA)}
    assert set(events) == {Action.OPENED_RECORD, Action.SEARCHED, Action.BEGAN_MEDIATION}
    for event in events.values():
        assert (event.actor.account, event.actor.mediated_for) == (KEISHA, BOTH)
        assert event.purpose.code == "safeguarding"
    assert events[Action.OPENED_RECORD].subjects == events[Action.SEARCHED].subjects == (number,)
    # A charity may not read an NHS number, so the nurse does not read it out to one.
    assert "nhs_number" not in dict(shown.identifiers)
    own = run(open_record, number=number, purpose=WORRIED, how=WITH_ME)
    assert "nhs_number" in dict(own.identifiers)
    looks = [one for one in events_of(KEISHA) if one.action is Action.OPENED_RECORD]
    assert {one.actor.mediated_for for one in looks} == {BOTH, None}
    whose = {entry.on_behalf_of for entry in run(my_activity) if entry.action == "opened_record"}
    assert whose == {"", "Jo Bloggs, Recovery worker"}


def test_one_record_is_opened_and_no_second_one(number):
    other = build_child(amina("births"))
    which = begin().mediation
    assert isinstance(look(which, number), OpenRecord)
    refused = look(which, other)
    assert refused.rules == ("R6",)
    assert refused == look(which, "C000000203K"), "nor is it told whether there is one"
    assert isinstance(look(which, number), OpenRecord), "the same one may be looked at again"
    assert rows("SELECT child_id FROM mediation") == [(number,)]
    refusal = next(one for one in events_of(KEISHA) if one.outcome is Outcome.REFUSED)
    assert refusal.actor.mediated_for == BOTH
    assert isinstance(look(begin().mediation, other), OpenRecord), "another request"


def test_what_opens_nothing_uses_nothing_up(number):
    which = begin().mediation
    assert look(which, "C000000203K") == NO_SUCH_RECORD
    assert isinstance(look(which, number), OpenRecord)


REFUSED = {
    "not accredited": (changed(organisation="la-354"), None),
    "no such organisation": (changed(organisation="nobody"), None),
    "taken at their word": (changed(checked=CheckedHow.TAKEN_AT_WORD), None),
    "nobody vouches": (changed(vouched=False), None),
    "has an account": (changed(email=f"{PRIYA}@EXAMPLE.org"), None),
    "asks for oneself": (changed(email=f"{KEISHA}@example.org"), None),
}


@pytest.mark.parametrize("why", REFUSED)
def test_whoever_is_not_as_well_known_is_not_looked_for(number, why):
    Organisation.objects.filter(code="la-354").update(accredited_until="2020-01-01")
    refused = begin(said=REFUSED[why][0])
    assert refused.rules == ("R6",)
    assert not MediationRow.objects.exists()
    assert events_of(KEISHA)[0].actor.mediated_for.name == "Jo Bloggs"


def test_a_suspended_person_gets_no_way_in_through_a_colleague(number):
    """R6, R52: an account keeps its holder out of this, whatever its standing."""
    Membership.objects.filter(account_id=PRIYA).update(role="practitioner")
    rows("UPDATE account SET suspended_at = now(), is_active = false WHERE id = %s RETURNING id", PRIYA)
    assert begin(said=changed(email=f"{PRIYA}@example.org")).rules == ("R6",)


def test_it_is_the_mediators_own_and_runs_out(number):
    which = begin().mediation
    assert look(which, number, by=COLLEAGUE) == NOBODY_ASKS
    assert look(which, number, by=viewer(organisation_code="105734")) == NOBODY_ASKS
    assert look(which, number, at=NOW + HOUR) == NOBODY_ASKS
    assert look(10**9, number) == NOBODY_ASKS
    assert isinstance(begin(), MediationBegun)


def test_a_protected_record_is_as_protected_as_ever(number):
    place_shields(numbers=[number], ground=Ground.ADOPTION, by=system_viewer("test"), at=NOW)
    shown = look(begin().mediation, number)
    assert isinstance(shown, ProtectedRecord)
    assert shown == run(open_record, number=number, purpose=WORRIED, how=WITH_ME)


def test_a_child_kept_from_the_mediator_is_none(number):
    Shield.objects.create(
        child_id=number, ground="domestic_abuse", placed_at=NOW, placed_by="test", confirm_by=NOW + HOUR,
        review_by=NOW.date() + timedelta(days=90), kept_from_id=KEISHA,
    )  # fmt: skip
    which = begin().mediation
    assert look(which, number) == look(which, "C000000203K") == NO_SUCH_RECORD


def looks(number):
    return [one for (one,) in rows("SELECT organisation FROM looks_told(%s, '{opened_record}')", number)]


def test_the_family_is_told_who_asked_unless_that_would_tell_of_a_sensitive_service(number):
    look(begin().mediation, number)
    assert looks(number) == ["Bridgewater Community Health, asked by Harbour Recovery"]
    help_there = {"service": "substance_misuse", "organisation": "harbour-recovery", "consent": "child"}
    build_child(amina("harbour", involvements=[help_there]))
    assert looks(number) == ["Bridgewater Community Health"]


def test_whoever_is_not_signed_in_has_no_request(number):
    with acting_as_role("web"):
        assert rows("SELECT * FROM mediation_of(1, %s, 'bridgewater-nhs', now())", UUID(int=9)) == []
