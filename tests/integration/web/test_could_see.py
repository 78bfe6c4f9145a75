"""What somebody could see, asked on the page by reviewers and shield staff (R34, R39, R51)."""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina, amina_in_full, build_child
from tests.factories.signed_in import events_of
from tests.factories.supply import rows

from contactpoint.actions.find.index import refresh
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.could_see import ANSWERS_KEPT, answer_what_was_asked
from contactpoint.storage import past
from contactpoint.storage.models import Child, Organisation, ReplayRequest, Shield, UseItem

ADDRESS = "/use/could-see/"
WORKER = system_viewer("worker")
THERAPY = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}


@pytest.fixture
def reviewer(account, sign_in):
    Organisation.objects.update(accredited_until="2099-01-01")
    account()
    account("rita@example.org", memberships=(("la-353", "audit_reviewer"),))
    account("sal@example.org", memberships=(("contactpoint", "shield_team"),))
    account("ros@example.org", memberships=(("la-354", "practitioner"),))
    with acting_as_role("worker"):
        past.note_rules(timezone.now() - timedelta(days=1))
    return sign_in("rita@example.org")[0]


@pytest.fixture
def desk(reviewer, sign_in):
    return sign_in("sal@example.org")[0]


def ask(client, number, email="amina@example.org", moment=None, **changed):
    at = timezone.localtime(moment)
    page = client.get(ADDRESS).content.decode()
    typed = {
        "form_key": re.search(r'name="form_key" value="([^"]+)"', page)[1],
        "email": email,
        "child": number,
        "day-day": at.day,
        "day-month": at.month,
        "day-year": at.year,
        "time": at.time().isoformat(),
        "because": "A complaint",
    }
    return client.post(ADDRESS, {**typed, **changed}, follow=True).content.decode()


def answered(client):
    with acting_as_role("worker"):
        answer_what_was_asked(by=WORKER, at=timezone.now())
    return client.get(ADDRESS).content.decode()


def protect(number):
    Child.objects.filter(pk=number).update(shielded=True)
    refresh([number])


def test_a_reviewer_asks_waits_and_reads_fields_and_the_rules_and_no_value(reviewer):
    number = build_child(*amina_in_full(), amina("mental-health", involvements=[THERAPY]))
    asked = ask(reviewer, number)
    assert "Asked. The answer is ready in a few seconds" in asked
    assert "It is being worked out" in asked
    page = answered(reviewer)
    assert "As practitioner for la-353: name and number, date of birth, sex, addresses" in page
    assert f"By the rules of version {past.rules_now()[:12]}, in force since" in page
    assert "Sensitive services are left out of every answer" in page
    for value in ("Mill Lane", "Okafor", "Grace", "ental"):
        assert value not in page
    who = ReplayRequest.objects.get().asked_by_id
    assert [(one.action.value, one.subjects) for one in events_of(who)][:1] == [("replayed", (number,))]
    assert ("asked_replay", (number,)) in [(one.action.value, one.subjects) for one in events_of(who)]


def test_a_sensitive_service_changes_nothing_that_a_reviewer_is_told(reviewer):
    without = build_child(*amina_in_full())
    with_it = build_child(*amina_in_full(), amina("mental-health", involvements=[THERAPY]))
    for number in (without, with_it):
        ask(reviewer, number)
    answered(reviewer)
    found = [one.answer["could_see"] for one in ReplayRequest.objects.order_by("pk")]
    for one in found:
        one[0]["involvements"] = len(one[0]["involvements"])
    assert found[0] == found[1]


@pytest.mark.parametrize("when", ["then and now", "since", "then alone"])
def test_of_a_protected_child_a_reviewer_is_told_only_that_and_shield_staff_all(reviewer, desk, when):
    number = build_child(*amina_in_full(), shielded=when == "then and now")
    if when == "then alone":
        protect(number)
    moment = timezone.now()
    if when == "since":
        protect(number)
    if when == "then alone":
        Child.objects.filter(pk=number).update(shielded=False)
    ask(reviewer, number, moment=moment)
    ask(desk, number, moment=moment)
    page = answered(reviewer)
    assert "This record is protected, or was at that moment." in page
    assert "name, sex" not in page
    assert "addresses" not in page
    told = answered(desk)
    assert ("addresses" in told) is (when == "since")
    assert ("the record was protected" in told) is (when != "since")


def test_that_a_record_is_kept_from_one_person_is_for_shield_staff(reviewer, desk):
    number, who = build_child(*amina_in_full()), rows("SELECT id FROM account WHERE email LIKE 'amina%%'")
    Shield.objects.create(
        child_id=number, kept_from_id=who[0][0], ground="hidden_location",
        placed_at=timezone.now() - timedelta(hours=1), placed_by="test", review_by=date(2099, 5, 1),
        authority="", state="temporary", confirm_by=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    ask(reviewer, number)
    ask(desk, number)
    assert "addresses" in answered(reviewer)
    assert "No record has this number." in answered(desk)


def test_from_whom_it_is_kept_there_is_no_such_child_nor_of_one_in_the_archive(reviewer):
    kept, archived = build_child(amina()), build_child(amina("births"))
    asker = rows("SELECT id FROM account WHERE email LIKE 'rita%%'")[0][0]
    ask(reviewer, kept)
    assert "addresses" in answered(reviewer)
    Shield.objects.create(
        child_id=kept, kept_from_id=asker, ground="hidden_location", placed_at=timezone.now(),
        placed_by="test", review_by=date(2099, 5, 1), authority="", state="temporary",
        confirm_by=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    Child.objects.filter(pk=archived).update(archived=True)
    assert "You have asked nothing in the last 30 days." in answered(reviewer), "what was answered is gone"
    for number in (kept, archived, "C000000102M"):
        page = ask(reviewer, number)
        assert "No record has this number" in page
        assert "You have asked nothing" in page


def test_where_other_rules_were_in_force_it_says_so_and_answers_nothing(reviewer, monkeypatch):
    number = build_child(*amina_in_full())
    ask(reviewer, number)
    monkeypatch.setattr(past, "rules_now", lambda: "0" * 64)
    page = answered(reviewer)
    assert "are not those that are installed, version 000000000000" in page
    assert "addresses" not in page
    assert ReplayRequest.objects.get().answer["could_see"] == []
    ask(reviewer, number, moment=timezone.now() - timedelta(days=30))
    assert "it was not written down yet which rules were in force" in answered(reviewer)


def test_whose_use_is_reviewed_here_may_be_asked_about_though_they_work_elsewhere(reviewer):
    """R52: a small team's use is reviewed by another authority."""
    number, (ros,) = build_child(amina()), rows("SELECT id FROM account WHERE email LIKE 'ros%%'")[0]
    UseItem.objects.create(
        day=date(2026, 11, 1), account_id=ros, organisation_id="la-354", child="", team_size=3,
        restricted=False, codes=["volume"], weight=1, events=[], made_at=timezone.now(), reviewed_by="353",
    )  # fmt: skip
    assert "Asked." in ask(reviewer, number, email="ros@example.org")


def test_a_partners_reviewer_asks_about_its_own_people_alone(reviewer, account, sign_in):
    """R52: whoever acts for no area is not taken for a national reviewer."""
    for code in ("kids", "barnardos"):
        Organisation.objects.create(code=code, name=code, kind="charity", accredited_until="2099-01-01")
        account(f"{code}@example.org", memberships=((code, "practitioner"),))
    account("kit@example.org", memberships=(("kids", "audit_reviewer"),))
    kit, number = sign_in("kit@example.org")[0], build_child(amina())
    for email in ("barnardos@example.org", "ros@example.org", "amina@example.org"):
        assert "Nobody whose use you review has this e-mail address" in ask(kit, number, email=email)
    assert "Asked." in ask(kit, number, email="kids@example.org")


WRONG = [
    ({"email": "nobody@example.org"}, "Nobody whose use you review has this e-mail address"),
    ({"email": "rita@example.org"}, "Nobody whose use you review"),
    ({"email": "ros@example.org"}, "Nobody whose use you review"),
    ({"time": "half past"}, "Enter a time like 14:30"),
    ({"child": "12"}, "number like C482"),
    ({"because": ""}, "Say why you ask"),
    ({"day-year": 2099}, "must be today or earlier"),
]


@pytest.mark.parametrize(("typed", "told"), WRONG)
def test_what_cannot_be_asked_is_said_and_asks_nothing(reviewer, typed, told):
    assert told in ask(reviewer, build_child(amina()), **typed)
    assert not ReplayRequest.objects.exists()


def test_nobody_else_has_the_page_and_answers_go_after_a_month(reviewer, sign_in):
    assert sign_in()[0].get(ADDRESS).status_code == 403
    ask(reviewer, build_child(amina()))
    with acting_as_role("worker"):
        answer_what_was_asked(by=WORKER, at=timezone.now() + ANSWERS_KEPT + timedelta(days=1))
    assert not ReplayRequest.objects.exists()


@pytest.mark.parametrize("called", ["replays_asked(gen_random_uuid())", "replay_request"])
def test_the_database_answers_nobody_who_was_not_written_down(reviewer, called):
    with acting_as_role("web"), pytest.raises(DatabaseError), transaction.atomic():
        rows(f"SELECT * FROM {called}")
