"""Signing in with one's organisation, against a real OpenID provider (R1, R4)."""

import json
import re
import socket
import subprocess
import urllib.request
from datetime import timedelta
from http.cookiejar import CookieJar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from joserfc.jwk import ECKey
from tests.integration.web.test_people import text

from contactpoint.access.organisation.keys import new_key, public_keys
from contactpoint.access.organisation.naming import end_provider, name_provider
from contactpoint.cli.oidc_provider import oidc_provider
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.models import Account, AuditBody, SignInBinding

BY = system_viewer("command line")
BACK = f"{django_settings.ORIGIN}/account/organisation/answer/"


class StopAtUs(urllib.request.HTTPRedirectHandler):
    """Follow the provider's own redirects, and stop at ours."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if newurl.startswith(django_settings.ORIGIN):
            req.came_back = newurl
            return None
        made = super().redirect_request(req, fp, code, msg, headers, newurl)
        made.came_back = None
        return made


@pytest.fixture(scope="session")
def provider(tmp_path_factory):
    """A provider for all these tests, ours registered with it by its public key."""
    runnable = oidc_provider()
    key = tmp_path_factory.mktemp("key") / "sign-in.key"
    key.write_text(new_key(), encoding="ascii")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"port": port, "jwks": public_keys(ECKey.import_key(key.read_text())), "back": BACK}
    with subprocess.Popen(
        [str(runnable.node), str(runnable.script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        running.stdin.write(json.dumps(told) + "\n")
        running.stdin.flush()
        issuer = next(line.strip() for line in running.stdout if line.startswith("http"))
        yield issuer, key
        running.kill()


@pytest.fixture
def oldham(provider, settings):
    """Oldham signs its own people in."""
    issuer, key = provider
    settings.SIGN_IN_KEY = str(key)
    name_provider(
        "la-353", issuer=issuer, client_id="contactpoint", acr=(), amr=("mfa",), by=BY, at=timezone.now()
    )
    return issuer


def next_is(issuer, sub="amina-at-oldham", *, email="amina@example.org", amr=("pwd", "mfa"), verified=True):
    body = json.dumps({"sub": sub, "email": email, "amr": list(amr), "verified": verified}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{issuer}/next", data=body)).read()


def at_the_provider(address):
    """What a browser does there: the address to which it is sent back."""
    opener = urllib.request.build_opener(StopAtUs, urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        opener.open(address)
    except urllib.error.HTTPError as stopped:
        return stopped.headers["Location"]
    raise AssertionError(address)


def go(issuer, client=None, **who):
    """Sign in from our page to our page; return the client, the last page and the address of the answer."""
    client = client or Client()
    next_is(issuer, **who)
    sent = client.get("/account/organisation/la-353/")
    back = at_the_provider(sent["Location"])
    return client, client.get(back.removeprefix(django_settings.ORIGIN), follow=True), back


def test_an_invited_person_is_bound_at_the_first_sign_in_and_acts_for_that_organisation(oldham, account):
    account(enrolled=False)
    client, page, _ = go(oldham)
    assert page.redirect_chain[-1][0] == "/find/"
    assert "Amina Shah" in text(page)
    assert SignInBinding.objects.get().subject == "amina-at-oldham"
    actions = list(AuditBody.objects.order_by("occurred_at").values_list("action", flat=True))
    assert actions.index("bound_sign_in") < actions.index("signed_in")
    assert client.get("/my-children/").status_code == 200


def test_afterwards_the_subject_counts_whatever_the_address(oldham, account):
    account(enrolled=False)
    go(oldham)
    _, page, _ = go(oldham, email="another@example.org")
    assert page.redirect_chain[-1][0] == "/find/"
    _, refused, _ = go(oldham, sub="somebody-else")
    assert (refused.status_code, "did not sign you in" in text(refused)) == (403, True)
    assert SignInBinding.objects.count() == 1


def test_nobody_gets_an_account_by_signing_in(oldham):
    _, refused, _ = go(oldham)
    assert refused.status_code == 403
    assert Account.objects.count() == 0
    assert AuditBody.objects.filter(action="sign_in_refused").count() == 1


@pytest.mark.parametrize(
    "who",
    [{"amr": ("pwd",)}, {"verified": False}, {"email": "nobody@example.org"}],
    ids=["one factor", "an address nobody verified", "an address nobody has"],
)
def test_what_does_not_prove_enough_signs_nobody_in(oldham, account, who):
    account(enrolled=False)
    client, refused, _ = go(oldham, **who)
    assert refused.status_code == 403
    assert client.get("/find/").status_code == 302
    assert not SignInBinding.objects.exists()


def test_people_of_other_organisations_are_not_theirs_to_sign_in(oldham, account):
    account(memberships=(("la-354", "practitioner"),))
    _, refused, _ = go(oldham)
    assert refused.status_code == 403


def test_what_somebody_is_elsewhere_is_out_of_reach(oldham, account):
    """A school's sign-in must not open the national desk."""
    account(enrolled=False, memberships=(("la-353", "practitioner"), ("contactpoint", "national_team")))
    client, page, _ = go(oldham)
    assert page.redirect_chain[-1][0] == "/find/"
    assert client.get("/incident/").status_code == 403
    assert "national" not in text(client.get("/account/acting-as/")).lower()


def test_an_answer_counts_once_and_only_where_it_was_asked_for(oldham, account):
    account(enrolled=False)
    client, _, back = go(oldham)
    replayed = back.removeprefix(django_settings.ORIGIN)
    assert client.get(replayed).status_code == 403
    assert Client().get(replayed).status_code == 403, "in another browser"


def test_a_code_that_was_used_is_refused_by_the_provider_and_by_us(oldham, account):
    account(enrolled=False)
    client = Client()
    next_is(oldham)
    back = at_the_provider(client.get("/account/organisation/la-353/")["Location"])
    kept = client.session["organisation_sign_in"]
    path = back.removeprefix(django_settings.ORIGIN)
    assert client.get(path).status_code == 302
    thief = Client()
    thief.get("/account/organisation/la-353/")
    session = thief.session
    session["organisation_sign_in"] = kept
    session.save()
    assert thief.get(path).status_code == 403


def test_another_sign_in_s_state_is_refused(oldham, account):
    account(enrolled=False)
    client = Client()
    next_is(oldham)
    back = at_the_provider(client.get("/account/organisation/la-353/")["Location"])
    client.get("/account/organisation/la-353/")
    assert client.get(back.removeprefix(django_settings.ORIGIN)).status_code == 403


def test_what_comes_back_too_late_is_refused(oldham, account):
    account(enrolled=False)
    client = Client()
    next_is(oldham)
    back = at_the_provider(client.get("/account/organisation/la-353/")["Location"])
    session = client.session
    session["organisation_sign_in"] = {**session["organisation_sign_in"], "at": 0}
    session.save()
    assert client.get(back.removeprefix(django_settings.ORIGIN)).status_code == 403


def test_the_visitor_changes_nothing_of_what_is_asked(oldham):
    sent = Client().get("/account/organisation/la-353/?auth_params=acr_values%3Dnone&scope=all&nonce=x")
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert asked["scope"] == ["openid email"]
    assert asked["nonce"] != ["x"]
    assert "auth_params" not in asked


def test_the_session_has_another_key_and_standing_still_counts(oldham, account):
    account(enrolled=False, trained_until=timezone.localdate() - timedelta(days=1))
    client = Client()
    client.get("/account/organisation/la-353/")
    planted = client.cookies["contactpoint"].value
    client, page, _ = go(oldham, client)
    assert client.cookies["contactpoint"].value != planted
    assert (page.status_code, "your training ran out" in text(page)) == (403, True)


def test_when_the_organisation_signs_nobody_in_any_more_its_people_are_out_at_once(oldham, account):
    account(enrolled=False)
    client, _, _ = go(oldham)
    assert client.get("/find/").status_code == 200
    assert end_provider("la-353", by=BY, at=timezone.now())
    assert client.get("/find/").status_code == 403
    assert Client().get("/account/organisation/la-353/").status_code == 404


def test_a_grant_asks_for_the_organisation_s_sign_in_again(oldham, account):
    """R4: not the cookie of this morning, but a proof of the last minutes."""
    account(enrolled=False, memberships=(("la-353", "authority_team"),))
    client, _, _ = go(oldham)
    assert client.get("/people/invite/").status_code == 200
    session = client.session
    session["proved_at"] = 0
    session.save()
    asked = client.get("/people/invite/")
    assert parse_qs(urlsplit(asked["Location"]).query)["prompt"] == ["login"]
    next_is(oldham)
    back = at_the_provider(asked["Location"])
    page = client.get(back.removeprefix(django_settings.ORIGIN), follow=True)
    assert page.redirect_chain[-1][0] == "/people/invite/"
    assert page.status_code == 200


def test_a_locked_screen_opens_by_signing_in_there_again(oldham, account):
    account(enrolled=False)
    client, _, _ = go(oldham)
    client.post("/account/lock/", {"lock_from": "/find/"})
    assert client.get("/find/")["Location"] == "/account/locked/"
    assert "signing in with your organisation again" in text(client.get("/account/locked/"))
    _, page, _ = go(oldham, client)
    assert page.redirect_chain[-1][0] == "/find/"


def test_the_page_names_who_signs_in_so(oldham):
    page = Client().get("/account/organisation/").content.decode()
    assert re.search(r'href="/account/organisation/la-353/">Oldham', page)


def test_a_provider_that_publishes_something_else_is_not_taken(provider):
    issuer, _ = provider
    for wrong, words in ((f"{issuer}/", "of another issuer"), ("http://127.0.0.1:1", "does not publish")):
        with pytest.raises(InvalidInput, match=words):
            name_provider(
                "la-353", issuer=wrong, client_id="x", acr=(), amr=("mfa",), by=BY, at=timezone.now()
            )
