"""Signing in: what is recorded, who is let on, and what somebody is told who is not."""

import re
import time
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.flows import auth as passkeys
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.integration.web.conftest import PASSWORD, SECRET, models_in, typed_now

from contactpoint.cli.sign_ins import one_time_code
from contactpoint.domain.audit.canonical import decode
from contactpoint.storage.models import Account, Organisation
from contactpoint.storage.models.audit import AuditBody


def events():
    found = [decode(bytes(row.body)) for row in AuditBody.objects.order_by("occurred_at")]
    return [(event.action.value, event.outcome.value) for event in found]


def heading(response):
    return response.content.decode().partition("<h1")[2].partition(">")[2].partition("</h1>")[0]


def test_a_sign_in_is_recorded_before_anything_is_shown(account, sign_in):
    """R51."""
    made = account()
    _, response = sign_in()
    assert heading(response) == "Find a child"
    assert events() == [("signed_in", "allowed")]
    body = AuditBody.objects.get()
    assert body.account == made.pk
    assert decode(bytes(body.body)).details == {"with": ("password", "totp")}


def test_r4_a_code_is_good_once(account, monkeypatch):
    """Whoever looked over a shoulder has nothing from it, in the same half minute either."""
    account()
    now = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
    led_to = []
    for _ in range(2):
        client = Client()
        client.post("/account/login/", {"login": "amina@example.org", "password": PASSWORD})
        response = client.post("/account/code/", {"code": one_time_code(SECRET, now)}, follow=True)
        led_to.append(heading(response))
    assert led_to == ["Find a child", "Enter your one-time code"]
    assert Client().get("/find/").status_code == client.get("/find/").status_code == 302


def test_refused_ones_are_recorded_too_and_what_was_typed_is_not_kept(account, sign_in):
    made = account()
    sign_in(password="wrong")
    sign_in("my-password-in-the-wrong-box", password="wrong")
    sign_in("nobody@example.org", password="wrong")
    assert events() == [("sign_in_refused", "refused")] * 2
    assert list(AuditBody.objects.order_by("occurred_at").values_list("account", flat=True)) == [
        made.pk,
        None,
    ]
    assert not any(b"nobody@" in bytes(row.body) for row in AuditBody.objects.all())


def test_a_closed_account_says_so_to_whoever_knows_its_password_and_to_nobody_else(account, sign_in):
    """R56."""
    account(is_active=False)
    _, closed = sign_in()
    assert heading(closed) == "This account is closed"
    assert events() == [("sign_in_refused", "refused")]
    _, wrong = sign_in(password="wrong")
    _, unknown = sign_in("nobody@example.org")
    for response in (wrong, unknown):
        assert "Check your e-mail address and password" in response.content.decode()


def test_somebody_without_a_code_can_only_set_one_up(account, sign_in):
    """R4."""
    account(enrolled=False)
    client, response = sign_in()
    assert heading(response) == "Set up your one-time code"
    for path in ("/find/", "/activity/", "/account/recovery/"):
        assert client.get(path)["Location"] == "/account/code/set-up/"


def test_somebody_without_a_code_may_set_up_a_passkey_instead(account, sign_in):
    """R4: it is a second factor as well; the way back leads to the code and not to an account still shut."""
    account(enrolled=False)
    client, response = sign_in()
    assert '/account/passkey/new/"' in response.content.decode()
    page = client.get("/account/passkey/new/")
    assert heading(page) == "Add a passkey"
    assert "Back to setting up a one-time code" in page.content.decode()
    assert client.get("/find/")["Location"] == "/account/code/set-up/"


@pytest.fixture
def passkey_alone(account, monkeypatch):
    """Somebody with a password, a passkey and recovery codes; their browser has the passkey at hand."""
    who = account(enrolled=False)
    Authenticator.objects.create(user=who, type=Authenticator.Type.WEBAUTHN, data={"name": "Ward computer"})
    (code, *_) = RecoveryCodes.activate(who).get_unused_codes()
    asked = {"publicKey": {"allowCredentials": [{"id": "AA"}]}}
    monkeypatch.setattr(passkeys, "begin_authentication", lambda user: asked)
    return code


def test_whoever_has_a_passkey_alone_is_asked_for_it_or_for_a_recovery_code(passkey_alone, sign_in):
    """R4: in words of what they have; a code of an app is nowhere asked for."""
    client, _ = sign_in(code=False)
    page = client.get("/account/code/")
    text = page.content.decode()
    assert heading(page) == "Use your passkey"
    assert "<title>Use your passkey" in text
    assert "one-time code" not in text
    for said, words in (("", "Enter a recovery code"), ("00000000", "that you have not used yet")):
        wrong = client.post("/account/code/", {"code": said})
        assert heading(wrong) == "Use your passkey"
        assert words in wrong.content.decode()
    lost = client.get("/account/lost/").content.decode()
    assert "I have lost my telephone or passkey" in lost
    assert client.post("/account/code/", {"code": passkey_alone}).status_code == 302
    assert client.get("/account/").status_code == 200


LAPSES = [
    (
        "R3",
        {"checked_on": date(2020, 1, 1)},
        "check became three years old on 1 January 2023",
    ),
    ("R56", {"trained_until": date(2026, 5, 3)}, "your training ran out on 3 May 2026"),
    ("R3", {"agreement_signed_on": None}, "you have not signed the user agreement"),
    ("R52", {"suspended_at": timezone.now()}, "your account was suspended on"),
    ("R56", {"last_seen_at": timezone.now() - timedelta(days=100)}, "more than 90 days ago"),
]


@pytest.mark.parametrize(("rule", "changed", "why"), LAPSES, ids=[row[2][:30] for row in LAPSES])
def test_an_account_not_in_good_standing_is_told_why(account, sign_in, rule, changed, why):
    account(**changed)
    client, response = sign_in()
    text = response.content.decode()
    assert response.status_code == 403
    assert why in text
    assert rule in text
    assert client.get("/find/").status_code == 403
    assert ("sign_in_refused", "refused") in events()
    assert events().count(("sign_in_refused", "refused")) == 2, "each time"


def test_an_organisation_that_is_not_accredited_keeps_its_people_out(account, sign_in):
    """R3."""
    account()
    Organisation.objects.filter(pk="la-353").update(accredited_until=None)
    _, response = sign_in()
    assert "your organisation is not accredited yet" in response.content.decode()


def test_an_idle_account_does_not_mend_itself_by_signing_in(account, sign_in):
    """R56."""
    made = account(last_seen_at=timezone.now() - timedelta(days=100))
    sign_in()
    _, again = sign_in()
    assert again.status_code in (200, 403)
    assert Account.objects.get(pk=made.pk).last_seen_at < timezone.now() - timedelta(days=99)


def test_somebody_with_two_roles_chooses_and_nothing_is_chosen_for_them(account, sign_in):
    account(memberships=(("la-353", "practitioner"), ("105734", "auditor")))
    client, response = sign_in()
    assert "Who are you acting for now?" in response.content.decode()
    assert "checked" not in response.content.decode()
    assert client.get("/find/")["Location"] == "/account/acting-as/"
    auditor = response.context["form"].fields["membership"].choices[1][0]
    response = client.post("/account/acting-as/", {"membership": auditor}, follow=True)
    assert heading(response) == "Today"
    assert client.get("/find/").status_code == 403


def test_nobody_belongs_to_an_organisation_they_have_left(account, sign_in):
    made = account()
    made.memberships.update(ended_at=timezone.now())
    _, response = sign_in()
    assert response.status_code == 403
    assert "You do not belong to an organisation here now" in response.content.decode()


def test_a_session_ends_after_ten_hours_whatever_happens_in_it(account, sign_in):
    account()
    client, _ = sign_in()
    session = client.session
    session["started_at"] -= 10 * 60 * 60 + 1
    session.save()
    response = client.get("/find/")
    assert response["Location"] == "/account/login/?ended=1"
    assert "You were signed out" in client.get("/account/login/?ended=1").content.decode()


def test_the_password_cannot_be_changed_without_the_old_one(account, sign_in):
    made = account()
    client, _ = sign_in()
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    client.post("/account/password/", {"oldpassword": "wrong", **new})
    assert Account.objects.get(pk=made.pk).check_password(PASSWORD)
    client.post("/account/password/", {"oldpassword": PASSWORD, **new})
    assert Account.objects.get(pk=made.pk).check_password("another horse battery")
    assert ("changed_password", "allowed") in events()


def test_nobody_turns_the_second_factor_off(account, sign_in):
    made = account()
    client, _ = sign_in()
    assert client.post("/account/code/is-set/").status_code == 405
    assert made.authenticator_set.count() == 1


def test_the_secret_of_a_code_is_not_readable_in_the_database(account):
    from tests.integration.web.conftest import SECRET

    made = account()
    assert SECRET not in str(made.authenticator_set.get().data)


def test_the_guard_over_templates_finds_a_model_wherever_it_lies(account):
    made = account()
    assert models_in({"a": [{"b": (made,)}], "c": Account.objects.all()}) == ["context.a.0.b.0", "context.c"]


def test_new_recovery_codes_are_given_once_to_somebody_who_has_none(account, sign_in):
    account()
    client, _ = sign_in()
    assert "/account/recovery/new/" in client.get("/account/").content.decode()
    session = client.session
    session["enrolled_in_this_session"] = True
    session.save()
    first = client.post("/account/recovery/new/", follow=True).content.decode()
    assert first.count("<li>") >= 10
    assert "They are shown only once." in first
    assert (
        "They were shown once and cannot be shown again." in client.get("/account/recovery/").content.decode()
    )


ELSEWHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example/find/",
    "/\\elsewhere.example",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_signing_in_and_out_lead_to_no_other_site(account, sign_in, where):
    account()
    client = Client()
    sent = {"login": "amina@example.org", "password": PASSWORD, "next": where}
    assert client.post("/account/login/", sent)["Location"].startswith("/account/code/")
    home = client.post("/account/code/", {**typed_now(), "next": where})
    assert home["Location"] == "/"
    assert client.post("/account/logout/", {"next": where})["Location"] == "/"


def test_a_one_time_code_is_used_once(account, sign_in, monkeypatch):
    """R4: who looked over a shoulder cannot use it again in its half minute."""
    account()
    now = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
    code = {"code": one_time_code(SECRET, now)}
    answers = []
    for _ in range(2):
        client = Client()
        client.post("/account/login/", {"login": "amina@example.org", "password": PASSWORD})
        answers.append(client.post("/account/code/", code).status_code)
    assert answers == [302, 200]


def test_wrong_passwords_are_counted_for_each_account_and_each_address(account):
    account()
    account("ben@example.org")

    def tried(email, times, address):
        client = Client(REMOTE_ADDR=address)
        sent = {"login": email, "password": "wrong"}
        return [client.post("/account/login/", sent).content.decode() for _ in range(times)]

    assert "locked for five minutes" not in tried("amina@example.org", 5, "192.0.2.1")[-1]
    assert "locked for five minutes" in tried("amina@example.org", 1, "192.0.2.2")[0], "from anywhere"
    assert "locked for five minutes" in tried("AMINA@example.org", 1, "192.0.2.2")[0], "however it is written"
    assert "locked for five minutes" not in tried("ben@example.org", 1, "192.0.2.3")[0]
    assert "locked for five minutes" in tried("nobody@example.org", 6, "192.0.2.4")[-1], "known or not"


def test_an_account_that_is_not_there_costs_and_says_what_a_wrong_password_does(
    account, sign_in, monkeypatch
):
    """Whether an address has an account shows neither in the page, nor in the work that was done."""
    account()
    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or real(*a, **k))

    def try_to_sign_in(email):
        hashed.clear()
        with CaptureQueriesContext(connection) as asked:
            page = Client().post("/account/login/", {"login": email, "password": "wrong"}).content.decode()
        kinds = [re.sub(r'"s\d+_x\d+"', "", one["sql"])[:40] for one in asked.captured_queries]
        page = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page)
        return page, kinds, len(hashed)

    for email in ("amina@example.org", "nobody@example.org"):
        try_to_sign_in(email)  # the first try of an address makes rows that later ones change
    known, unknown = try_to_sign_in("amina@example.org"), try_to_sign_in("nobody@example.org")
    assert known == unknown
    assert known[2] == 1, "a password is hashed either way"


@pytest.mark.parametrize("typed", ["\u017fam@example.org", "sam@example.org\u200b", "sam@examp\u1d0be.org"])
def test_a_look_alike_of_an_address_is_another_address(account, sign_in, typed):
    account("sam@example.org")
    client, response = sign_in(typed)
    assert response.redirect_chain == []
    assert client.get("/find/").status_code == 302


def test_a_closed_account_is_signed_out_at_once(account, sign_in):
    """R56."""
    made = account()
    client, _ = sign_in()
    assert client.get("/find/").status_code == 200
    Account.objects.filter(pk=made.pk).update(is_active=False)
    assert client.get("/find/").status_code == 302
