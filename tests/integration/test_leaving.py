"""A leaver's work goes to a colleague at once, hidden or not, and nobody can count it (R34, R44, R56)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege
from tests.factories.directory import (
    NOW,
    TODAY,
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.records import agreed
from tests.factories.signed_in import sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, viewer

from contactpoint.actions.consent.keep import NOT_KEPT, open_consent, withdraw_consent
from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.keep_involvement import become_lead
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.people.asking import HAS_LEFT
from contactpoint.actions.people.leaving import leave, leaving, move
from contactpoint.actions.people.roles import add_role
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.consent_life import ConsentState
from contactpoint.domain.involvement import ConsentBasis, ConsentScope
from contactpoint.storage.guards import lay_guards
from contactpoint.storage.models import Account, InvolvementRow, Membership

pytestmark = pytest.mark.django_db
AT = "bridgewater-nhs"
NURSE = viewer()
COLLEAGUE = viewer(account_id=PRIYA, name="Priya Nair")
DEV = viewer(
    account_id=OWEN,
    name="Dev Patel",
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-353",
    organisation_kind="authority",
    services=(),
)


@pytest.fixture(autouse=True)
def people(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Dev Patel")):
        build_account(identity, name)
        sign_in(identity)
    for identity in (KEISHA, PRIYA):
        Membership.objects.create(
            account_id=identity, organisation_id=AT, role="practitioner", services=["school_nurse"]
        )
    Membership.objects.create(account_id=OWEN, organisation_id="la-353", role="authority_team", services=[])


def run(action, by=DEV, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def work_with(number, *, confirm=True):
    said = {"service": "school_nurse", "role": "School nurse", "phone": "0161 496 0101", "start": TODAY}
    made = run(
        record_involvement, NURSE, number=number, lead_practitioner=False, assessment_held=True, **said
    ).involvement_id
    if confirm:
        run(confirm_involvement, COLLEAGUE, involvement_id=made)
    return made


def of(account):
    rows = InvolvementRow.objects.filter(typed_by_id=account, end_date=None)
    return sorted(rows.values_list("record__child_id", flat=True))


def let_go(**terms):
    return run(leave, account=KEISHA, body=AT, to=PRIYA, **terms)


def test_what_was_confirmed_goes_to_the_colleague_with_lead_and_assessment(people):
    number = build_child(*amina_in_full())
    run(become_lead, NURSE, involvement_id=work_with(number), seen=None)
    assert let_go().what == "left"
    assert (of(KEISHA), of(PRIYA)) == ([], [number])
    taken = InvolvementRow.objects.get(typed_by_id=PRIYA)
    assert (taken.lead_practitioner, taken.assessment, taken.confirmed_by_id) == (True, True, KEISHA)
    assert taken.practitioner == "Priya Nair"
    assert [one.name for one in run(my_children, COLLEAGUE).children] == ["Amina Okafor"]


@pytest.mark.parametrize(("role", "body"), [(Role.PRACTITIONER, AT), (Role.SHIELD_TEAM, "la-353")])
def test_whoever_has_left_meanwhile_is_given_no_role_r56(people, role, body):
    let_go()
    refused = run(add_role, account=KEISHA, organisation=body, role=role, services=())
    assert refused == HAS_LEFT
    assert not Account.objects.get(pk=KEISHA).is_active
    assert not Membership.objects.filter(account_id=KEISHA, ended_at=None).exists()


def test_what_nobody_confirmed_ends_and_so_does_all_where_nobody_takes_over(people):
    one, other = build_child(*amina_in_full()), build_child(*amina_in_full())
    work_with(one, confirm=False)
    let_go()
    assert (of(KEISHA), of(PRIYA)) == ([], [])
    Membership.objects.filter(account_id=KEISHA).update(ended_at=None)
    sign_in(KEISHA)
    Account.objects.filter(pk=KEISHA).update(is_active=True)
    work_with(other)
    run(leave, account=KEISHA, body=AT, to=None)
    assert (of(KEISHA), of(PRIYA)) == ([], [])


def test_a_shielded_child_goes_along_and_nothing_tells(people):
    """R34: whoever lets somebody go sees the same, whatever they worked on."""
    before = run(leaving, account=KEISHA, body=AT)
    number = build_child(*amina_in_full())
    work_with(number)
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("desk"), at=NOW)
    assert run(leaving, account=KEISHA, body=AT) == before
    assert let_go().what == "left"
    assert (of(KEISHA), of(PRIYA)) == ([], [number])
    assert InvolvementRow.objects.get(typed_by_id=PRIYA).sealed


def test_a_child_who_is_kept_from_the_colleague_never_reaches_them_and_nothing_tells(people):
    number = build_child(*amina_in_full())
    work_with(number)
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("desk"), at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE shield DISABLE TRIGGER USER")
        cursor.execute("UPDATE shield SET kept_from_id = %s", [PRIYA])
        cursor.execute("ALTER TABLE shield ENABLE TRIGGER USER")
    assert let_go().what == "left"
    assert (of(KEISHA), of(PRIYA)) == ([], [])


@pytest.mark.parametrize("withdrawn", [False, True], ids=["agreed", "withdrawn"])
def test_a_mover_s_consents_go_with_the_work_as_they_stand_and_stay_with_the_service(people, withdrawn):
    """R39, R41: whoever moves keeps none of them at the new body; what was taken back stays taken back."""
    number = build_child(*amina_in_full())
    Membership.objects.filter(organisation_id=AT).update(services=["school_nurse", "mental_health"])
    therapist, colleague = (replace(one, services=("mental_health",)) for one in (NURSE, COLLEAGUE))
    said = {"service": "mental_health", "role": "Therapist", "phone": "0161 496 0102", "start": TODAY}
    terms = agreed(ConsentBasis.CARER, scope=ConsentScope.TEAM, until=TODAY + timedelta(days=90))
    made = run(
        record_involvement, therapist, number=number, lead_practitioner=False, assessment_held=False,
        consent=terms, **said,
    ).involvement_id  # fmt: skip
    run(confirm_involvement, colleague, involvement_id=made)
    if withdrawn:
        run(withdraw_consent, therapist, involvement=made, withdrawn_by=ConsentBasis.CARER)
    moved = {"new_body": "105734", "role": Role.PRACTITIONER, "services": ("school",)}
    assert run(move, account=KEISHA, body=AT, to=PRIYA, **moved).what == "moved"
    assert (of(KEISHA), of(PRIYA)) == ([], [number])
    taken = InvolvementRow.objects.get(typed_by_id=PRIYA)
    assert (taken.consent, taken.consent_scope, taken.consent_until) == ("carer", "team", terms.until)
    assert (taken.consent_withdrawn_at is not None) is withdrawn
    found = run(open_consent, colleague, involvement=taken.pk)
    assert found.line.state is (ConsentState.WITHDRAWN if withdrawn else ConsentState.AGREED)
    sign_in(KEISHA)
    school = replace(NURSE, organisation_code="105734", organisation_kind="school", services=("school",))
    for one in (made, taken.pk):
        assert run(open_consent, school, involvement=one) == NOT_KEPT
    assert run(my_children, school).children == ()


def test_nobody_hands_somebody_s_work_to_themselves_or_to_who_does_not_do_it(people):
    Membership.objects.create(
        account_id=OWEN, organisation_id=AT, role="practitioner", services=["school_nurse"]
    )
    refused = run(leave, account=KEISHA, body=AT, to=OWEN)
    assert isinstance(refused, Refusal)
    Membership.objects.filter(account_id=PRIYA).update(services=["health_visitor"])
    assert isinstance(let_go(), Refusal)
    assert Membership.objects.filter(account_id=KEISHA, ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET suspended_at = NULL",
        "UPDATE account SET renew_by = '2099-01-01'",
        "UPDATE account SET checked_on = '2026-01-01'",
        "INSERT INTO membership (account_id, role) SELECT id, 'national_team' FROM account",
        "UPDATE membership SET role = 'national_team'",
        "UPDATE organisation SET accredited_until = '2099-01-01'",
        "INSERT INTO role_grant (account_id, role) SELECT id, 'national_team' FROM account",
        "UPDATE role_grant SET agreed_at = now()",
        "UPDATE sign_in_binding SET subject = 'x'",
        "DELETE FROM sign_in_binding",
        "INSERT INTO sign_in_provider (issuer) VALUES ('x')",
        "SELECT hand_all_over(gen_random_uuid(), gen_random_uuid(), 'la-353', now())",
        "SELECT give_role(gen_random_uuid(), gen_random_uuid(), 'la-353', 'practitioner', '[]')",
        "SELECT accredit_body(gen_random_uuid(), 'la-353', '2027-01-01')",
        "SELECT agree_role(gen_random_uuid(), 1)",
        "SELECT end_memberships(gen_random_uuid(), gen_random_uuid(), 'la-353', NULL, false)",
        "SELECT renew_account(gen_random_uuid(), gen_random_uuid(), 'la-353')",
        "SELECT begin_invitation(gen_random_uuid(), 'x', now())",
    ],
)
def test_the_web_role_alone_changes_nobody_s_account(web_role, statement):
    """R1: without the event of somebody signed in who may, the database refuses."""
    lay_guards()
    with pytest.raises(InsufficientPrivilege):
        web_role.execute(statement)
