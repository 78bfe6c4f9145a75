"""Whoever grants or takes away a file proves first, within fifteen minutes, who they are (R4)."""

import re
import time
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.factories.proofs import prove

from contactpoint.access.organisation.sign_in import STARTED
from contactpoint.access.sessions import BY_ORGANISATION, PROVED
from contactpoint.storage.sign_in_providers import ProviderRow, put_provider
from contactpoint.web.decisions import DECISIONS

# Everything that lets somebody in, or further in.
GRANTS = {
    *("invite", "people_file", "person_again", "person_password", "person_reinstate", "person_renew"),
    *("person_role", "person_move", "answer_role", "accredit", "override_rights", "change_override_right"),
    *("answer_setting", "agree_to_shut", "open_access", "wave_step", "authority_change"),
    *("propose_model", "model_back", "answer_model"),
    *("sealed_pair", "sealed_pair_again", "sealed_cross", "sealed_crossing", "crossers", "change_crosser"),
    "answer_pairing",
}
# What is taken away as a file: by its name, and what hands one out under another.
A_FILE = re.compile(r"_(file|pdf|rows|rejects|csv|export|download)$")
EXPORTS = frozenset(name for name in DECISIONS if A_FILE.search(name)) | {"breach", "take_checkpoint"}
# To look at these asks nothing: the proof is for their buttons.
READ = frozenset({"authority_change"})
WINDOW = 900
GIVEN = {"account": UUID(int=1), "number": 1, "file": 1, "step": "open", "code": "la-353", "handle": "x"}
ASKS = {
    "code": re.compile(r"/account/code/again/\?next="),
    "organisation": re.compile(r"^https://sign-in\.example/ask\?.*prompt=login"),
}


def address(name):
    (found, *_), *_ = get_resolver().reverse_dict.getlist(name)[0]
    return reverse(name, kwargs={parameter: GIVEN[parameter] for parameter in found[1]})


@pytest.fixture(params=["code", "organisation"])
def somebody(request, account):
    """Returns the client of somebody who proved who they are so many seconds ago, and how they are asked."""
    made = account(memberships=(("la-353", "authority_team"),), enrolled=request.param == "code")
    place = "https://sign-in.example"
    put_provider(
        ProviderRow(
            organisation="la-353",
            issuer=place,
            client_id="contactpoint",
            authorization_endpoint=f"{place}/ask",
            token_endpoint=f"{place}/token",
            jwks_uri=f"{place}/keys",
            algorithms=("ES256",),
            acr=(),
            amr=("mfa",),
        ),
        timezone.now(),
    )

    def since(seconds):
        client = Client(raise_request_exception=False)
        client.force_login(made, backend="allauth.account.auth_backends.AuthenticationBackend")
        if request.param == "code":
            prove(client, made.pk, at=time.time() - seconds)
            return client
        session = client.session
        session[BY_ORGANISATION], session[PROVED] = "la-353", time.time() - seconds
        session.save()
        return client

    return since, ASKS[request.param]


def test_what_is_named_here_is_there():
    assert set(DECISIONS) >= GRANTS | READ
    assert len(EXPORTS) > 12


@pytest.mark.parametrize("name", sorted(GRANTS | EXPORTS))
def test_it_asks_again_after_fifteen_minutes_and_not_before(somebody, name):
    """A page that fails here: `@proved` or `@proved_at` is missing above its view."""
    since, asks = somebody
    late, early, there = since(WINDOW + 5), since(WINDOW - 60), address(name)
    asked = [method for method in ("post", "get") if taken(late, method, there, name)]
    assert asked
    for method in asked:
        assert asks.search(getattr(late, method)(there).headers.get("Location", "")), method
        assert not asks.search(getattr(early, method)(there).headers.get("Location", "")), method


def taken(client, method, there, name):
    """Whether the page takes that method, and grants or hands out by it."""
    return not (method == "get" and name in READ) and getattr(client, method)(there).status_code != 405


def test_afterwards_one_is_back_where_the_button_stands_and_is_told_to_press_it(somebody):
    """A file that answered the code would leave one at the page of the code; the time asked for stays."""
    since, _ = somebody
    client = since(WINDOW + 5)
    asked = client.post("/report/file/", {"weeks": "52"})["Location"]
    begun = client.session.get(STARTED)
    then = begun["then"] if begun else parse_qs(urlsplit(asked).query)["next"][0]
    assert then == "/report/?weeks=52"
    assert "Press the button again" not in client.get("/report/?weeks=52").content.decode()
    session = client.session
    session[PROVED] = time.time()
    session.save()
    prove(client, session[SESSION_KEY])
    assert "Press the button again" in client.get("/report/?weeks=52").content.decode()
    assert "Press the button again" not in client.get("/report/?weeks=52").content.decode(), "said once"
    assert client.post("/report/file/", {"weeks": "52"})["Content-Type"].startswith("text/csv")
