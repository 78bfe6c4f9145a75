"""Joiners, movers and leavers on the pages of those who manage accounts (R1-R4, R56)."""

import re
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils import timezone
from tests.integration.web.conftest import typed_now

from contactpoint.domain.staff import StaffFilter
from contactpoint.storage.models import Account, Invitation, Membership, Organisation, RoleGrant
from contactpoint.storage.queries import staff

TEAM = (("la-353", "authority_team"),)
DESK = (("contactpoint", "national_team"),)
NEW = {
    "name": "Nadia Rahman",
    "email": "Nadia@example.org",
    "job_title": "Teacher",
    "phone": "0161 496 0777",
    "organisation": "Broadfield",
    "role": "practitioner",
    "services": ["school"],
    "checked_on-day": "1",
    "checked_on-month": "6",
    "checked_on-year": "2026",
}


def send(client, address, **typed):
    """Open the page of a form, or of the button that leads there, and send it with its key."""
    page = client.get(address)
    if page.status_code == 405:
        page = client.get(re.sub(r"[^/]+/$", "", address))
    key = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())[1]
    return client.post(address, {"form_key": key, **typed}, follow=True)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def proved(client):
    """Prove once more who one is; in the same half minute, with the same code."""
    cache.clear()
    Authenticator.objects.update(last_used_at=None)
    client.post("/account/code/again/", typed_now())
    return client


@pytest.fixture
def dev(account, sign_in):
    """Somebody of Oldham's team, signed in."""
    account("dev@example.org", name="Dev Patel", memberships=TEAM)
    return proved(sign_in("dev@example.org")[0])


@pytest.fixture
def desk(account, sign_in):
    """Two of the national team, signed in."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    for name in ("ewa", "ian"):
        account(f"{name}@example.org", name=name.capitalize(), memberships=DESK)
    return tuple(proved(sign_in(f"{name}@example.org")[0]) for name in ("ewa", "ian"))


def one(email="amina@example.org"):
    return Account.objects.get(email=email)


def page(who, step=""):
    return f"/people/{who.pk}/{step}"


def test_somebody_is_invited_and_nobody_can_sign_in_yet(dev):
    assert "Nadia Rahman has an account" in text(send(dev, "/people/invite/", **NEW))
    made = one("nadia@example.org")
    assert not made.has_usable_password()
    assert made.checked_on == date(2026, 6, 1)
    assert made.manager.email == "dev@example.org"
    assert made.renew_by == timezone.localdate() + timedelta(days=365)
    assert list(Membership.objects.filter(account=made).values_list("organisation_id", "role")) == [
        ("105734", "practitioner")
    ]
    assert Invitation.objects.get(account=made).told_at is None
    assert "Invited on" in text(dev.get(page(made)))
    assert "They have that role there already" in text(send(dev, "/people/invite/", **NEW))


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_typed_is_lost(dev):
    wrong = {**NEW, "organisation": "e", "email": "nadia", "checked_on-year": "2099", "role": ""}
    said = send(dev, "/people/invite/", **wrong)
    for words in (
        "Enter an e-mail address like name@example.org",
        "More than one organisation has that name",
        "Choose what they act as",
        "must be today or earlier",
    ):
        assert words in text(said)
    assert 'value="Nadia Rahman"' in said.content.decode()
    assert "No organisation of yours" in text(
        send(dev, "/people/invite/", **{**NEW, "organisation": "la-354"})
    )


def test_another_authority_s_people_are_out_of_reach(dev, account):
    there = account("there@example.org", memberships=(("la-354", "practitioner"),))
    for step in ("", "record/", "suspend/", "role/", "leave/la-354/", "move/la-354/"):
        refused = dev.get(page(there, step))
        assert refused.status_code == 403, step
        assert "another organisation gave it" in text(refused)
    assert "there@example.org" not in text(dev.get("/people/"))


def test_a_practitioner_has_none_of_these_pages(account, sign_in):
    account()
    client = proved(sign_in()[0])
    for address in (
        "/people/",
        "/people/invite/",
        "/people/roles/",
        "/organisations/",
        "/organisations/la-353/",
    ):
        assert client.get(address).status_code == 403, address


def test_nobody_changes_their_own_account(dev):
    own = one("dev@example.org")
    refused = dev.get(page(own, "record/"))
    assert refused.status_code == 403
    assert "it is your own" in text(refused)


def test_a_suspension_holds_at_the_next_click_and_what_a_review_closed_stays_closed(dev, account, sign_in):
    who = account()
    nurse, _ = sign_in()
    assert "shut out from the next click" in text(
        send(dev, page(who, "suspend/"), because="Left her telephone")
    )
    assert nurse.get("/find/").status_code == 403
    assert "is open again" in text(send(dev, page(who, "reinstate/")))
    assert nurse.get("/find/").status_code == 200
    Account.objects.filter(pk=who.pk).update(suspended_at=timezone.now(), suspended_for="review")
    assert "Open the account again" not in text(dev.get(page(who)))
    refused = send(dev, page(who, "reinstate/"))
    assert (refused.status_code, "its use is looked into" in text(refused)) == (403, True)


def test_ninety_idle_days_are_opened_again_by_whoever_manages_the_account(dev, account, sign_in):
    who = account(last_seen_at=timezone.localtime() - timedelta(days=91))  # by the calendar, at any hour
    nurse, refused = sign_in()
    assert refused.status_code == 403
    assert "Not used for 90 days" in text(dev.get(page(who)))
    send(dev, page(who, "reinstate/"))
    assert nurse.get("/find/").status_code == 200


def test_recording_a_check_opens_the_account_and_a_manager_can_be_named_but_in_no_circle(
    dev, account, sign_in
):
    who = account(checked_on=None)
    below = account("below@example.org", manager=who)
    nurse, refused = sign_in()
    assert refused.status_code == 403
    day = {"checked_on-day": "2", "checked_on-month": "11", "checked_on-year": "2026"}
    assert "Recorded for Amina Shah" in text(send(dev, page(who, "record/"), **day))
    assert nurse.get("/find/").status_code == 200
    assert "No account has the e-mail address" in text(
        send(dev, page(who, "record/"), manager_email="nobody@example.org")
    )
    assert "cannot be done" in text(send(dev, page(who, "record/"), manager_email=below.email))
    send(dev, page(who, "record/"), manager_email="dev@example.org")
    assert one().manager.email == "dev@example.org"


def test_a_role_that_sees_more_takes_a_second_person_of_the_national_team(dev, desk, account):
    """R1: whoever asks does not agree, and whoever gets it neither."""
    who = account()
    asked = send(dev, page(who, "role/"), organisation="la-353", role="shield_team")
    assert "once a second person" in text(asked)
    assert not Membership.objects.filter(role="shield_team").exists()
    assert "Agree" not in text(dev.get("/people/roles/"))
    grant = RoleGrant.objects.get().pk
    refused = send(dev, "/people/roles/answer/", grant=grant, what="agree")
    assert (refused.status_code, "you asked for it yourself" in text(refused)) == (403, True)
    ewa, _ = desk
    assert "has that role now" in text(send(ewa, "/people/roles/answer/", grant=grant, what="agree"))
    assert Membership.objects.filter(account=who, role="shield_team").exists()
    refused = dev.get(page(who, "record/"))
    assert (refused.status_code, "a role above yours" in text(refused)) == (403, True)


def test_a_national_role_is_asked_for_by_one_and_agreed_to_by_another(desk, account):
    who, (ewa, ian) = account(), desk
    typed = {"organisation": "contactpoint", "role": "national_team"}
    send(ewa, page(who, "role/"), **typed)
    grant = RoleGrant.objects.get().pk
    refused = send(ewa, "/people/roles/answer/", grant=grant, what="agree")
    assert "you asked for it yourself" in text(refused)
    send(ian, "/people/roles/answer/", grant=grant, what="agree")
    assert Membership.objects.filter(account=who, role="national_team").exists()


def test_an_authority_gives_nothing_above_itself(dev, account):
    who = account()
    for role in ("national_team", "technical_administrator", "auditor"):
        refused = send(dev, page(who, "role/"), organisation="la-353", role=role)
        assert refused.status_code == 403
    assert not RoleGrant.objects.exists()


def test_a_leaver_is_out_at_once_everywhere(dev, account, sign_in):
    who = account()
    nurse, _ = sign_in()
    assert nurse.get("/find/").status_code == 200
    assert "signed out everywhere" in text(send(dev, page(who, "leave/la-353/"), to="nobody"))
    assert nurse.get("/find/").status_code == 302
    assert not one().is_active
    _, again = sign_in()
    assert "This account is closed" in text(again)
    assert (
        staff.people(authority="353", which=StaffFilter.LEFT, on=timezone.localdate())[0].name == "Amina Shah"
    )


def test_who_left_comes_back_by_invitation(dev, account):
    who = account()
    send(dev, page(who, "leave/la-353/"), to="nobody")
    said = text(send(dev, "/people/invite/", **{**NEW, "email": "amina@example.org"}))
    assert "had an account already" in said
    assert one().is_active


@pytest.mark.parametrize("role", ["practitioner", "shield_team"])
def test_who_left_is_given_no_role_by_whoever_still_has_their_page_open(dev, account, role):
    """R56: only an invitation opens an account again."""
    who = account()
    opened = dev.get(page(who, "role/"))
    key = re.search(r'name="form_key" value="([^"]+)"', opened.content.decode())[1]
    send(dev, page(who, "leave/la-353/"), to="nobody")
    typed = {"form_key": key, "organisation": "Broadfield", "role": role, "services": ["school"]}
    if role == "shield_team":
        typed |= {"organisation": "la-353", "services": []}
    refused = dev.post(page(who, "role/"), typed, follow=True)
    assert (refused.status_code, "invite them with the same e-mail address" in text(refused)) == (403, True)
    assert not one().is_active
    assert not Membership.objects.filter(account=who, ended_at=None).exists()
    assert not RoleGrant.objects.exists()


def test_what_was_asked_for_somebody_ends_when_they_leave(dev, desk, account):
    who, (ewa, _) = account(), desk
    send(dev, page(who, "role/"), organisation="la-353", role="shield_team")
    grant = RoleGrant.objects.get().pk
    opened = ewa.get("/people/roles/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', opened)[1]
    send(dev, page(who, "leave/la-353/"), to="nobody")
    assert "Amina Shah" not in text(ewa.get("/people/roles/"))
    ewa.post("/people/roles/answer/", {"form_key": key, "grant": grant, "what": "agree"}, follow=True)
    assert not one().is_active
    assert not Membership.objects.filter(account=who, ended_at=None).exists()


def test_who_left_comes_back_with_a_role_that_two_people_give_once_the_second_agrees(dev, desk, account):
    who, (ewa, _) = account(), desk
    send(dev, page(who, "leave/la-353/"), to="nobody")
    asked = {**NEW, "email": "amina@example.org", "organisation": "la-353", "role": "shield_team"}
    assert "once a second person" in text(send(dev, "/people/invite/", **{**asked, "services": []}))
    assert not one().is_active
    send(ewa, "/people/roles/answer/", grant=RoleGrant.objects.get().pk, what="agree")
    assert one().is_active
    assert Membership.objects.filter(account=who, role="shield_team", ended_at=None).exists()


def test_somebody_moves_to_another_organisation(dev, account, sign_in):
    who = account()
    typed = {"to": "nobody", "organisation": "105734", "role": "practitioner", "services": ["school"]}
    assert "acts for the new organisation" in text(send(dev, page(who, "move/la-353/"), **typed))
    now = Membership.objects.filter(account=who, ended_at=None).values_list("organisation_id", flat=True)
    assert list(now) == ["105734"]
    _, inside = sign_in()
    assert "Broadfield Primary School" in text(inside)


def test_somebody_who_works_in_two_areas_is_renewed_by_the_team_of_either(dev, account):
    who = account(memberships=(("la-354", "practitioner"), ("105734", "practitioner")))
    assert "another year" in text(send(dev, page(who, "renew/")))


def test_a_manager_renews_and_lets_go_their_own_team_and_nobody_else(account, sign_in):
    boss = account("boss@example.org", name="Boss Lady")
    who = account(manager=boss, renew_by=timezone.localdate() - timedelta(days=1))
    other = account("other@example.org", name="Other One")
    nurse, refused = sign_in()
    assert "to be renewed" in text(refused)
    head, _ = sign_in("boss@example.org")
    assert "Renew by" in text(head.get("/team/"))
    key = re.search(r'name="form_key" value="([^"]+)"', head.get("/team/").content.decode())[1]
    assert "another year" in text(head.post(page(who, "renew/"), {"form_key": key}, follow=True))
    assert nurse.get("/find/").status_code == 200
    assert head.get(page(other, "leave/la-353/")).status_code == 403
    assert "Back" in text(head.get(page(who, "leave/la-353/")))
    send(head, page(who, "leave/la-353/"), to="nobody")
    assert not one().is_active


def test_a_password_for_one_use_is_shown_once(dev, account, sign_in):
    who = account()
    given = send(dev, page(who, "password/"))
    password = re.search(r"<code>([^<]+)</code>", given.content.decode())[1]
    _, inside = sign_in(password=password)
    assert inside.redirect_chain[-1][0] == "/account/password/"


def test_an_accreditation_ends_at_once_for_all_its_people(dev, desk, account, sign_in):
    account(memberships=(("105734", "practitioner"),))
    teacher, _ = sign_in()
    assert teacher.get("/find/").status_code == 200
    assert "Broadfield" in text(dev.get("/organisations/"))
    assert "Rochdale" not in text(dev.get("/organisations/"))
    send(dev, "/organisations/105734/", what="end")
    assert teacher.get("/find/").status_code == 403
    day = {"until-day": "1", "until-month": "2", "until-year": "2027"}
    assert "is accredited" in text(send(dev, "/organisations/105734/", **day))
    assert teacher.get("/find/").status_code == 200
    refused = dev.get("/organisations/la-353/")
    assert (refused.status_code, "it is your own" in text(refused)) == (403, True)
    assert desk[0].get("/organisations/la-353/").status_code == 200


ON = date(2026, 11, 26)
BEFORE_AND_AFTER = (-1096, -1095, -1068, -1067, -30, 0, 27, 28, 29)
DAYS = [None, *(ON + timedelta(days=days) for days in BEFORE_AND_AFTER)]


@pytest.mark.parametrize("which", [StaffFilter.KEPT_OUT, StaffFilter.ENDS_SOON])
def test_the_lists_say_what_the_rules_say(account, which):
    """R56: the filter is SQL, the rule is Python; both are asked of the same people."""
    on = ON
    leap = date(2024, 2, 29)
    for place, day in enumerate([*DAYS, leap]):
        for name in ("checked_on", "trained_until", "agreement_signed_on", "renew_by"):
            account(f"{name}{place}@example.org", **{name: day, "last_login": timezone.now()})
    everybody = staff.people(authority="353", on=on, limit=500)
    rule = {
        StaffFilter.KEPT_OUT: lambda one: bool(one.lapses(on)),
        StaffFilter.ENDS_SOON: lambda one: bool(one.standing.ends_soon(on)),
    }[which]
    shown = {one.email for one in staff.people(authority="353", which=which, on=on, limit=500)}
    assert shown == {one.email for one in everybody if rule(one)}
    assert 0 < len(shown) < len(everybody)
