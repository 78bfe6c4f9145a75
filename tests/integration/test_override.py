"""Overriding a shield: one look, through the one function that records it; and looking into it (R33)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.directory import (
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, viewer
from tests.integration.test_shield_life import COLLEAGUE, NATIONAL, OLDHAM, ROCHDALE, as_web

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect import look_into
from contactpoint.actions.protect.look_into import close_override, open_override, overrides_to_look_into
from contactpoint.actions.protect.override_rights import (
    agree_override,
    end_override,
    give_override,
    override_rights,
)
from contactpoint.actions.protect.override_shield import may_override, override_shield
from contactpoint.actions.protect.protect_now import protect_now
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.disclosure.answers import OpenRecord, ProtectedRecord, Refusal
from contactpoint.domain.disclosure.override import OverrideOutcome, OverrideReason
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.pipelines.tell import desk_message, tell_shield_desks
from contactpoint.storage.models import Account, AuditBody, Child, Membership

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LAST_DAY = (NOW + timedelta(days=90)).date()
NURSE = viewer()
DECIDING = Purpose(code=PurposeCode.SHIELD_DECISION)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ROLES = {"practitioner": (NURSE,), "shield_team": (OLDHAM, COLLEAGUE, ROCHDALE, NATIONAL)}


@pytest.fixture
def number():
    """Amina, protected by a colleague; the nurse signed in, with a second factor proved just now."""
    build_reference()
    made = build_child(*amina_in_full())
    for role, people in ROLES.items():
        for one in people:
            build_account(one.account_id, one.name)
            sign_in(one.account_id)
            Membership.objects.create(
                account_id=one.account_id, organisation_id=one.organisation_code, role=role
            )
    build_account(PRIYA, "Priya Nair")
    sign_in(PRIYA)
    Membership.objects.create(account_id=PRIYA, organisation_id="bridgewater-nhs", role="practitioner")
    TOTP.activate(Account.objects.get(pk=KEISHA), SECRET)
    prove()
    placing = viewer(account_id=PRIYA, name="Priya Nair")
    as_web(protect_now, number=made, ground=Ground.DOMESTIC_ABUSE, purpose=WORRIED, by=placing, at=NOW)
    return made


def prove(ago=timedelta(0)):
    Authenticator.objects.filter(user_id=KEISHA).update(last_used_at=timezone.now() - ago)


def give(email=f"{KEISHA}@example.org", by=OLDHAM, until=LAST_DAY):
    return as_web(give_override, email=email, until=until, by=by, at=NOW)


def right():
    return rows("SELECT id FROM override_right ORDER BY id DESC LIMIT 1")[0][0]


def give_by_two():
    give()
    as_web(agree_override, right=right(), by=COLLEAGUE, at=NOW)


def override(number, *, by=NURSE, reason=OverrideReason.DANGER_NOW, proved=True, purpose=WORRIED):
    return as_web(
        override_shield, number=number, purpose=purpose, reason=reason, proved=proved, by=by, at=NOW
    )


def the_use():
    return rows("SELECT id FROM override_use")[0][0]


def test_two_people_give_the_right_and_neither_is_who_gets_it(number):
    assert not isinstance(give(), Refusal)
    assert not as_web(may_override, by=NURSE), "one person's word is none"
    assert as_web(agree_override, right=right(), by=OLDHAM, at=NOW).rules == ("R33",)
    as_web(agree_override, right=right(), by=COLLEAGUE, at=NOW)
    assert as_web(may_override, by=NURSE)
    (one,) = as_web(override_rights, by=OLDHAM, at=NOW)
    assert (one.name, one.first, one.second, one.until) == (
        "Keisha Barrow", "Rosa Marsh", "Sam Oyelaran", LAST_DAY,
    )  # fmt: skip
    as_web(end_override, right=right(), by=OLDHAM, at=NOW)
    assert not as_web(may_override, by=NURSE)


@pytest.mark.parametrize("case", ["oneself", "nobody", "another area", "too long", "twice"])
def test_who_cannot_be_given_the_right(number, case):
    Membership.objects.create(account_id=OLDHAM.account_id, organisation_id="la-353", role="practitioner")
    if case == "twice":
        give()
    asked = {
        "oneself": {"email": f"{OLDHAM.account_id}@example.org"},
        "nobody": {"email": "nobody@example.org"},
        "another area": {"by": ROCHDALE},
        "too long": {"until": (NOW + timedelta(days=400)).date()},
        "twice": {"by": COLLEAGUE},
    }[case]
    assert isinstance(give(**asked), Refusal)


def test_an_override_shows_the_record_once_and_changes_nothing_for_anybody(number):
    give_by_two()
    shown = override(number)
    assert isinstance(shown, OpenRecord)
    assert [one.address.line for one in shown.addresses] == ["14 Mill Lane, Oldham"]
    assert "Joan Whitworth" in {one.practitioner for one in shown.contacts}
    assert Child.objects.get(pk=number).shielded
    for who in (NURSE, viewer(account_id=PRIYA)):
        again = as_web(open_record, number=number, purpose=WORRIED, by=who, at=NOW, how=WITH_ME)
        assert isinstance(again, ProtectedRecord)


def test_the_event_and_the_investigation_stand_before_anything_is_shown(number):
    give_by_two()
    override(number)
    found = {one.action: one for one in events_of(KEISHA)}
    opened, overrode = found[Action.OPENED_RECORD], found[Action.OVERRODE_SHIELD]
    assert overrode.subjects == (number,)
    assert overrode.details["reason"] == "danger_now"
    assert opened.details["override"] == str(overrode.event_id)
    assert opened.details["disclosed"]["fields"]
    assert rows("SELECT event, reason, authority, outcome FROM override_use") == [
        (overrode.event_id, "danger_now", "353", "")
    ]


@pytest.mark.parametrize(
    "changed", [{"reason": None}, {"proved": False}, {"purpose": None}, {"by": viewer(account_id=PRIYA)}]
)
def test_what_is_missing_is_refused_and_shows_nothing(number, changed):
    give_by_two()
    assert isinstance(override(number, **changed), Refusal)
    assert rows("SELECT count(*) FROM override_use") == [(0,)]


def test_consent_is_not_overridden(number):
    from tests.factories.directory import add_record, amina

    hidden = {
        "service": "substance_misuse",
        "organisation": "harbour-recovery",
        "consent": "significant_harm",
    }
    add_record(number, amina("harbour", address="9 Hidden Row", involvements=[hidden]))
    give_by_two()
    assert "harbour" not in repr(override(number)).casefold()


def test_the_database_refuses_a_page_that_forgot_the_second_factor(number):
    give_by_two()
    prove(ago=timedelta(minutes=3))
    with pytest.raises(DatabaseError, match="has proved who they are"), transaction.atomic():
        override(number)
    assert not AuditBody.objects.filter(action="overrode_shield").exists(), "and nothing was read"


def test_the_database_refuses_an_event_that_says_something_else(number):
    give_by_two()
    from contactpoint.actions.recording import event_of
    from contactpoint.storage.queries import overrides as stored

    other = build_child(*amina_in_full())
    event = event_of(Action.OPENED_RECORD, by=NURSE, at=NOW, purpose=WORRIED, subjects=[number])
    unentitled = replace(NURSE, account_id=PRIYA)
    wrong = (
        event,
        event_of(Action.OVERRODE_SHIELD, by=unentitled, at=NOW, purpose=WORRIED, subjects=[number]),
        event_of(Action.OVERRODE_SHIELD, by=NURSE, at=NOW, purpose=WORRIED, subjects=[other]),
        event_of(Action.OVERRODE_SHIELD, by=NURSE, at=NOW, purpose=WORRIED, subjects=[number, other]),
    )
    for one in wrong:
        with acting_as_role("web"), pytest.raises(DatabaseError), transaction.atomic():
            stored.read_overridden(one, OverrideReason.DANGER_NOW)


def test_the_desk_is_told_at_once_and_somebody_else_says_what_came_of_it(number):
    give_by_two()
    assert as_web(overrides_to_look_into, by=OLDHAM, at=NOW) == ()
    override(number)
    for desk in (OLDHAM, NATIONAL):
        (waiting,) = as_web(overrides_to_look_into, by=desk, at=NOW)
    assert as_web(overrides_to_look_into, by=ROCHDALE, at=NOW) == ()
    seen = as_web(open_override, override=waiting.id, purpose=DECIDING, by=OLDHAM, at=NOW)
    assert (seen.name, seen.number, seen.child_name) == ("Keisha Barrow", number, "Amina Okafor")
    done = as_web(
        close_override,
        override=waiting.id,
        outcome=OverrideOutcome.JUSTIFIED,
        purpose=DECIDING,
        by=OLDHAM,
        at=NOW,
    )
    assert done.outcome == "justified"
    assert as_web(overrides_to_look_into, by=OLDHAM, at=NOW) == ()


def told(at=NOW):
    with acting_as_role("worker"):
        return tell_shield_desks(by=system_viewer("worker"), at=at)


def test_its_shield_desks_are_told_once_by_the_e_mail_that_every_desk_gets_r33(number, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    give_by_two()
    assert told() == 0, "of a shield, nobody is told"
    override(number)
    assert (told(), told()) == (1, 0)
    desks = (OLDHAM, COLLEAGUE, NATIONAL)
    assert sorted(one.to[0] for one in mailoutbox) == sorted(f"{one.account_id}@example.org" for one in desks)
    (text,) = {f"{one.subject}\n{one.body}" for one in mailoutbox}
    usual = desk_message("anybody@example.org")
    assert text == f"{usual.subject}\n{usual.body}"
    for hidden in ("verrid", "shield", "protect", "Amina", "Oldham", "Barrow", number, "http"):
        assert hidden not in text


@pytest.mark.parametrize("case", ["who made it", "kept from", "suspended", "looked into", "no e-mail"])
def test_whom_no_e_mail_tells_of_an_override(number, settings, mailoutbox, case):
    settings.EMAIL_BACKEND = "" if case == "no e-mail" else "django.core.mail.backends.locmem.EmailBackend"
    give_by_two()
    override(number)
    who = COLLEAGUE.account_id
    if case == "who made it":
        who = KEISHA
        Membership.objects.create(account_id=KEISHA, organisation_id="la-353", role="shield_team")
    if case == "kept from":
        rows(
            "INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by, authority, confirm_by, "
            "kept_from_id) VALUES (%s, 'adoption', now(), 'test', '2099-01-01', '', now(), %s) RETURNING id",
            number, who,
        )  # fmt: skip
    if case == "suspended":
        Account.objects.filter(pk=who).update(suspended_at=NOW)
    if case == "looked into":
        outcome = OverrideOutcome.JUSTIFIED
        as_web(close_override, override=the_use(), outcome=outcome, purpose=DECIDING, by=OLDHAM, at=NOW)
    told()
    assert f"{who}@example.org" not in {one.to[0] for one in mailoutbox}
    assert bool(mailoutbox) is (case not in {"looked into", "no e-mail"})


def test_what_somebody_else_said_meanwhile_is_not_written_down_as_said_again(number, monkeypatch):
    """Two of a desk press at once."""
    give_by_two()
    override(number)
    monkeypatch.setattr(look_into.stored, "close_override", lambda *_: False)
    outcome = OverrideOutcome.NOT_JUSTIFIED
    late = as_web(close_override, override=the_use(), outcome=outcome, purpose=DECIDING, by=OLDHAM, at=NOW)
    assert isinstance(late, Refusal)
    assert Action.CLOSED_OVERRIDE not in {one.action for one in events_of(OLDHAM.account_id)}
    assert Account.objects.get(pk=KEISHA).suspended_at is None


def test_what_was_not_justified_ends_the_right_and_suspends_at_once(number):
    """R52."""
    give_by_two()
    override(number)
    outcome = OverrideOutcome.NOT_JUSTIFIED
    as_web(close_override, override=the_use(), outcome=outcome, purpose=DECIDING, by=OLDHAM, at=NOW)
    assert Account.objects.get(pk=KEISHA).suspended_at == NOW
    assert not as_web(may_override, by=NURSE)


def test_whoever_overrode_says_nothing_about_it_themselves(number):
    give_by_two()
    override(number)
    Membership.objects.create(account_id=KEISHA, organisation_id="la-353", role="shield_team")
    both = replace(OLDHAM, account_id=KEISHA)
    refused = as_web(
        close_override,
        override=the_use(),
        outcome=OverrideOutcome.JUSTIFIED,
        purpose=DECIDING,
        by=both,
        at=NOW,
    )
    assert refused.rules == ("R33",)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM override_use",
        "UPDATE override_use SET reason = 'missing_now'",
        "UPDATE override_use SET outcome = 'justified', closed_by_id = account_id",
        "UPDATE override_right SET agreed_by_id = given_by_id",
        "UPDATE override_right SET given_by_id = account_id",
    ],
)
def test_the_database_keeps_uses_as_they_were_and_three_people_apart(number, statement):
    give_by_two()
    override(number)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(statement)


def test_nobody_else_may_call_what_reads(number):
    for role in ("worker", "auditor"):
        assert rows(
            "SELECT has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc "
            "WHERE proname = 'read_overridden'",
            f"contactpoint_{role}",
        ) == [(False,)]
