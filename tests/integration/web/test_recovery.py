"""A lost second factor: the account asks, its manager alone helps, everything old ends (R4)."""

import re
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.integration.web.conftest import PASSWORD
from tests.integration.web.test_sessions import code_at, sign_in_again  # noqa: F401 - a fixture
from tests.integration.web.test_signing_in import events, heading

from contactpoint.cli.sign_ins import one_time_code
from contactpoint.storage.models import Account
from contactpoint.storage.models.sessions import FactorRecovery


@pytest.fixture
def manager(account):
    return account("maria@example.org", name="Maria Evans")


@pytest.fixture
def lost(account, manager):
    return account(manager=manager)


def half_signed_in():
    client = Client()
    client.post("/account/login/", {"login": "amina@example.org", "password": PASSWORD})
    return client


def ask():
    return half_signed_in().post("/account/lost/")


def make_link(client, account_id, code):
    page = client.post(f"/team/{account_id}/new-code/", code).content.decode()
    found = re.search(r"http://testserver(/account/new-code/[\w-]+/)", page)
    return found[1] if found else None


def secret_on(response):
    return response.content.decode().partition('id="totp-secret">')[2].partition("<")[0]


def enrol(client, link, password=PASSWORD):
    secret = secret_on(client.get(link))
    typed = {"password": password, "code": one_time_code(secret, time.time())}
    return client.post(link, typed), secret


def test_from_a_lost_telephone_to_a_new_one(lost, manager, sign_in, code_at):  # noqa: F811
    old, _ = sign_in()
    assert heading(ask()) == "Ring Maria Evans now"
    boss, _ = sign_in("maria@example.org")
    assert "Let Amina Shah set up a new code" in boss.get("/team/").content.decode()
    assert make_link(boss, lost.pk, {"code": "000000"}) is None
    link = make_link(boss, lost.pk, code_at())
    new = Client()
    response, secret = enrol(new, link)
    assert heading(response) == "Your new one-time code is set up"
    assert response.content.decode().count("<li>") >= 10
    assert old.get("/find/").status_code == 302, "every old session is over"
    assert sorted(lost.authenticator_set.values_list("type", flat=True)) == ["recovery_codes", "totp"]
    assert new.get(link).status_code == 404, "it works once"
    assert make_link(boss, lost.pk, code_at()) is None, "and nothing waits any more"
    response = sign_in_again(Client(), {"code": one_time_code(secret, time.time() + 360)})
    assert heading(response) == "Enter your one-time code", "a code of another time is none"
    done = set(events())
    for action in ("asked_for_recovery", "allowed_recovery", "recovered_account", "listed_team"):
        assert (action, "allowed") in done


def test_the_link_alone_opens_nothing(lost, sign_in, code_at):  # noqa: F811
    ask()
    boss, _ = sign_in("maria@example.org")
    link = make_link(boss, lost.pk, code_at())
    before = list(lost.authenticator_set.values_list("pk", flat=True))
    response, _ = enrol(Client(), link, password="not the password")
    assert "That is not your password" in response.content.decode()
    assert list(lost.authenticator_set.values_list("pk", flat=True)) == before
    FactorRecovery.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    response = Client().get(link)
    assert response.status_code == 404
    assert "Ask your manager for another" in response.content.decode()


def test_a_newer_link_replaces_the_older_one(lost, sign_in, code_at):  # noqa: F811
    ask()
    boss, _ = sign_in("maria@example.org")
    older, newer = (make_link(boss, lost.pk, code_at()) for _ in range(2))
    assert Client().get(older).status_code == 404
    assert Client().get(newer).status_code == 200
    assert older.split("/")[3] not in FactorRecovery.objects.get().link_digest


def test_only_somebody_whose_password_was_right_can_ask(lost):
    assert Client().post("/account/lost/")["Location"] == "/account/login/"
    assert FactorRecovery.objects.count() == 0


def test_an_account_without_manager_is_told_whom_to_ask(account):
    account()
    page = half_signed_in().get("/account/lost/").content.decode()
    assert "Your account names no manager" in page
    ask()
    assert FactorRecovery.objects.count() == 0


def test_nobody_helps_themselves_a_stranger_or_somebody_above(account, lost, manager, sign_in, code_at):  # noqa: F811
    ask()
    account("ben@example.org")
    stranger, _ = sign_in("ben@example.org")
    assert stranger.get(f"/team/{lost.pk}/new-code/").status_code == 404
    herself, _ = sign_in()
    assert herself.get(f"/team/{lost.pk}/new-code/").status_code == 404
    assert herself.get(f"/team/{manager.pk}/new-code/").status_code == 404
    Account.objects.filter(pk=manager.pk).update(manager=lost)  # a circle: each above the other
    FactorRecovery.objects.create(account=manager, asked_at=timezone.now())
    response = herself.post(f"/team/{manager.pk}/new-code/", code_at())
    assert response.status_code == 403
    assert "nobody for themselves or somebody above them" in response.content.decode()
    assert ("allowed_recovery", "refused") in events()


def test_the_database_refuses_who_manages_or_helps_themselves(lost):
    for wrong in (
        lambda: Account.objects.filter(pk=lost.pk).update(manager=lost),
        lambda: FactorRecovery.objects.create(account=lost, allowed_by=lost, asked_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_recovery_code_signs_in_once_and_is_recorded(lost):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(lost).get_unused_codes()[0]
    response = half_signed_in().post("/account/code/", {"code": code}, follow=True)
    assert heading(response) == "Find a child"
    assert ("used_recovery_code", "allowed") in events()
    response = half_signed_in().post("/account/code/", {"code": code}, follow=True)
    assert heading(response) == "Enter your one-time code"
