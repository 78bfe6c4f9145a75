"""Every address but the open ones sends a stranger to sign-in, and no page may be cached or framed."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from contactpoint.web.middleware import OPEN_PAGES

PATTERNS = get_resolver("contactpoint.web.urls").url_patterns
ADDRESSES = {pattern.name: pattern for pattern in PATTERNS}
IN_ADDRESSES = {
    "handle": "bm90aGluZw",
    "link": "bm90aGluZw",
    "pk": 1,
    "step": "confirm",
    "service": "school_nurse",
    "code": "school-census",
    "session": UUID(int=1),
    "account": UUID(int=1),
    "file": 1,
    "key": "searches_a_minute",
    "number": 1,
    "correction": 1,
    "name": "practitioner",
    "kind": "how",
}
# Without a database: what signs in or looks one up is tried where there is one.
NEEDS_DATABASE = {"readyz", "mfa_authenticate", "mfa_login_webauthn", "enrol"} | {
    "organisation_sign_in",
    "organisation_begin",
    "organisation_answer",
}
# Open to somebody half signed in; a stranger is sent to sign in.
HALF_OPEN = {"lost"}


def address(name):
    wanted = ADDRESSES[name].pattern.converters
    return reverse(name, kwargs={key: IN_ADDRESSES[key] for key in wanted})


def test_no_two_addresses_share_a_name():
    assert len(ADDRESSES) == len(PATTERNS), "a link would lead to the last of them"


def test_the_open_pages_are_all_there():
    assert set(ADDRESSES) >= OPEN_PAGES


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - OPEN_PAGES | HALF_OPEN))
def test_a_stranger_is_sent_to_sign_in(name, method):
    response = getattr(Client(), method)(address(name))
    assert response.status_code == 302
    assert response["Location"] == "/account/login/"


@pytest.mark.parametrize("name", sorted(OPEN_PAGES - NEEDS_DATABASE))
def test_headers(name):
    response = Client().get(address(name))
    assert response["Cache-Control"] == "no-store, private"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_address_that_is_not_there_says_what_to_do():
    response = Client().get("/nothing/")
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_a_form_without_proof_is_refused_and_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@example.org"})
    assert response.status_code == 403
    assert "This page had been open too long" in response.content.decode()
