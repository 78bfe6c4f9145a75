"""The pages of overriding: the warning, the second step, one look; the rights; looking into it (R33)."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils import timezone
from tests.factories.directory import amina_in_full, build_child
from tests.factories.supply import rows
from tests.integration.web.conftest import typed_now
from tests.integration.web.test_finding import opened
from tests.integration.web.test_shields import OLDHAM, protected, sent, sign_in_as

from contactpoint.storage.models import Account, OverrideRight

__all__ = ["protected", "sign_in_as"]


@pytest.fixture
def number():
    return build_child(*amina_in_full())


@pytest.fixture
def entitled(protected, sign_in_as):
    """Amina Shah, whom two others gave the right, on the page of the child she had protected."""
    others = []
    for email in ("rosa@example.org", "sam@example.org"):
        sign_in_as(email, OLDHAM, email.partition("@")[0].title())
        others.append(Account.objects.get(email=email).pk)
    amina = Account.objects.get(email="amina@example.org")
    now = timezone.now()
    OverrideRight.objects.create(
        account=amina,
        until="2099-01-01",
        given_by_id=others[0],
        given_at=now,
        agreed_by_id=others[1],
        agreed_at=now,
    )
    return amina


@pytest.fixture
def again(sign_in):
    """Signs Amina in once more: in the same half minute, with the same code."""

    def go():
        cache.clear()
        return sign_in()[0]

    return go


def a_code(account):
    """A code that counts: the one of signing in has been used, in the same half minute."""
    cache.clear()
    Authenticator.objects.filter(user=account).update(last_used_at=None)
    return typed_now()


def test_the_warning_comes_first_and_the_record_is_shown_once(entitled, protected, again):
    client = again()
    page = opened(client, protected)
    record = page.request["PATH_INFO"]
    assert "You may override this" in page.content.decode()
    assert "14 Mill Lane" not in page.content.decode()
    warned = client.get(f"{record}override/").content.decode()
    assert "The shield desk is told the moment you override" in warned
    assert client.get(f"{record}override/now/").status_code == 302, "no second step before a second reason"
    missing = client.post(f"{record}override/", {}).content.decode()
    assert "Choose why it must be now" in missing
    asked = client.post(f"{record}override/", {"reason": "danger_now"}, follow=True).content.decode()
    assert "Enter your second step" in asked
    wrong = client.post(f"{record}override/now/", {"code": "000000"}).content.decode()
    assert "14 Mill Lane" not in wrong
    assert rows("SELECT count(*) FROM override_use") == [(0,)]
    code = a_code(entitled)
    shown = client.post(f"{record}override/now/", code)
    assert "14 Mill Lane" in shown.content.decode()
    assert "ask/?row=" not in shown.content.decode()
    assert shown["Cache-Control"] == "no-store, private"
    twice = client.post(f"{record}override/now/", code, follow=True).content.decode()
    assert "14 Mill Lane" not in twice
    assert "This record is protected" in client.get(record).content.decode()
    assert rows("SELECT count(*) FROM override_use") == [(1,)]


def test_whoever_has_no_right_sees_no_way_to_it(protected, again):
    client = again()
    page = opened(client, protected)
    assert "override" not in page.content.decode()
    assert client.get(f"{page.request['PATH_INFO']}override/").status_code == 404


def test_the_right_is_given_agreed_to_and_ended_by_form(protected, sign_in_as):
    where = "/shields/overrides/"
    rosa = sign_in_as("rosa@example.org", OLDHAM)
    too_long = sent(
        rosa,
        where,
        email="amina@example.org",
        **dict(zip(("until-day", "until-month", "until-year"), ("1", "1", "2090"), strict=True)),
    )
    assert "Choose a last day within a year" in rosa.post(where, too_long).content.decode()
    soon = timezone.localdate().replace(day=1)
    soon = soon.replace(year=soon.year + (soon.month == 12), month=soon.month % 12 + 1)
    until = {"until-day": "1", "until-month": str(soon.month), "until-year": str(soon.year)}
    nobody = rosa.post(where, sent(rosa, where, email="nobody@example.org", **until))
    assert nobody.status_code == 403
    given = rosa.post(where, sent(rosa, where, email="amina@example.org", **until), follow=True)
    assert "waits for a second person" in given.content.decode()
    assert 'value="agree"' not in given.content.decode(), "not whoever gave it"
    sam = sign_in_as("sam@example.org", OLDHAM, "Sam Oyelaran")
    listed = sam.get(where).content.decode()
    change = re.search(r'action="(/shields/overrides/[\w-]{16}/right/)"', listed)[1]
    key = re.search(r'name="form_key" value="([^"]*)"', listed)[1]
    agreed = sam.post(change, {"form_key": key, "what": "agree"}, follow=True).content.decode()
    assert "Rosa Marsh and Sam Oyelaran" in agreed
    ended = sam.post(change, {"form_key": key[:-2] + "00", "what": "end"}, follow=True).content.decode()
    assert "Nobody may." in ended


def test_the_desk_looks_into_it(entitled, protected, again, sign_in_as):
    client = again()
    record = opened(client, protected).request["PATH_INFO"]
    client.post(f"{record}override/", {"reason": "missing_now"})
    shown = client.post(f"{record}override/now/", a_code(entitled))
    assert "You have overridden the protection" in shown.content.decode()
    tess = sign_in_as("tess@example.org", OLDHAM, "Tess Ward")
    desk = tess.get("/shields/").content.decode()
    assert "Overrides to look into: 1 override" in desk
    assert "Okafor" not in desk
    path = re.search(r'href="(/shields/overrides/[\w-]{16}/)"', desk)[1]
    page = tess.get(path).content.decode()
    assert "Amina Shah, Social worker" in page
    assert "The child is missing at this moment" in page
    closed = tess.post(path, sent(tess, path, outcome="not_justified"), follow=True).content.decode()
    assert "Recorded what came of looking into the override." in closed
    assert "Overrides to look into" not in closed
    assert client.get("/find/").status_code == 403, "suspended at once"
