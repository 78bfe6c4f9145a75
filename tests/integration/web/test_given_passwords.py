"""A password for one use: from a forgotten one to one's own (R4)."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.web.conftest import PASSWORD, SECRET
from tests.integration.web.test_signing_in import events, heading

from contactpoint.access.given_passwords import LASTS, give_password
from contactpoint.cli.sign_ins import one_time_code
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.errors import Conflict
from contactpoint.storage.models import Account

OWN = "three grey dogs walking"


def give(account, at=None):
    return give_password(account.pk, by=system_viewer("command line"), at=at or timezone.now()).password


def change(client, old, new=OWN):
    sent = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/account/password/", sent, follow=True)


def test_it_signs_in_with_the_second_factor_and_leads_to_choosing_ones_own(account, sign_in):
    made = account()
    given = give(made)
    client, response = sign_in(password=given)
    assert heading(response) == "Choose a password of your own"
    for path in ("/find/", "/activity/", "/account/"):
        assert client.get(path)["Location"] == "/account/password/"
    assert (
        "Choose another password than the one you have now" in change(client, given, given).content.decode()
    )
    assert client.get("/find/").status_code == 302
    change(client, given)
    assert client.get("/find/").status_code == 200
    assert Account.objects.get(pk=made.pk).password_given_at is None
    assert Account.objects.get(pk=made.pk).check_password(OWN)
    assert ("gave_password", "allowed") in events()


@pytest.mark.parametrize("missing", ["trained_until", "checked_on", "agreement_signed_on"])
def test_whoever_joins_before_all_is_there_chooses_their_own_in_time(account, sign_in, missing):
    """R3, R4: it would have run out before they may do anything else; what they miss still keeps them out."""
    made = account(**{missing: None})
    given = give(made)
    client, response = sign_in(password=given)
    assert heading(response) == "Choose a password of your own"
    change(client, given)
    assert Account.objects.get(pk=made.pk).check_password(OWN)
    assert heading(client.get("/account/recovery/", follow=True)) != "You cannot use ContactPoint now"
    assert heading(client.get("/find/")) == "You cannot use ContactPoint now"


def test_whoever_is_suspended_chooses_nothing(account, sign_in):
    """R52."""
    made = account()
    given = give(made)
    client, _ = sign_in(password=given)
    Account.objects.filter(pk=made.pk).update(suspended_at=timezone.now())
    assert heading(client.get("/account/password/")) == "You cannot use ContactPoint now"
    change(client, given)
    assert not Account.objects.get(pk=made.pk).check_password(OWN)


def test_without_the_second_factor_it_opens_nothing(account):
    given = give(account())
    client = Client()
    response = client.post("/account/login/", {"login": "amina@example.org", "password": given})
    assert response["Location"].startswith("/account/code/")
    assert client.get("/find/").status_code == 302
    assert client.get("/account/password/").status_code == 302


def test_it_takes_the_place_of_the_old_one_and_ends_every_session(account, sign_in):
    made = account()
    before, _ = sign_in()
    give(made)
    assert before.get("/find/").status_code == 302
    _, response = sign_in(password=PASSWORD)
    assert "Check your e-mail address and password" in response.content.decode()


def test_after_a_day_it_is_a_wrong_one(account, sign_in):
    made = account()
    given = give(made, timezone.now() - LASTS - timedelta(seconds=1))
    _, late = sign_in(password=given)
    _, wrong = sign_in(password="wrong")
    for response in (late, wrong):
        assert "Check your e-mail address and password" in response.content.decode()
    assert events().count(("sign_in_refused", "refused")) == 2


def test_it_has_to_be_changed_however_often_somebody_signs_in_with_it(account, sign_in, monkeypatch):
    given = give(account())
    sign_in(password=given)
    later = time.time() + 60
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: later)
    client = Client()
    client.post("/account/login/", {"login": "amina@example.org", "password": given})
    client.post("/account/code/", {"code": one_time_code(SECRET, later)})
    assert client.get("/find/")["Location"] == "/account/password/"


def test_nobody_gets_one_for_a_closed_account(account):
    with pytest.raises(Conflict, match="closed"):
        give(account(is_active=False))
