"""People who sign in through the pages, and a guard over everything that templates are given."""

import dataclasses
import time
from datetime import date

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db.models import Manager, Model, QuerySet
from django.forms import BaseForm
from django.test import Client
from django.test.signals import template_rendered
from tests.factories.directory import build_reference
from tests.factories.proofs import prove

from contactpoint.cli.sign_ins import one_time_code
from contactpoint.storage.models import Account, Membership

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OLDHAM = (("la-353", "practitioner"),)
FORBIDDEN = (Model, Manager, QuerySet)


def models_in(value, path="context", depth=0):
    """The places in a template's context where a model, manager or query set lies."""
    if isinstance(value, FORBIDDEN):
        return [path]
    if depth > 8 or isinstance(value, (str, bytes, BaseForm)):
        return []
    if dataclasses.is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = enumerate(value)
    else:
        return []
    return [found for name, part in parts for found in models_in(part, f"{path}.{name}", depth + 1)]


@pytest.fixture(autouse=True)
def no_models_in_templates():
    """Fails a test in which a template was given a model, manager or query set (design: the house)."""
    found = []

    def look(*, template, context, **_signal):
        found.extend((template.name, place) for part in context.dicts for place in models_in(part))

    template_rendered.connect(look)
    yield found
    template_rendered.disconnect(look)
    assert found == []


@pytest.fixture(autouse=True)
def directory(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nothing is kept
    cache.clear()
    build_reference()


@pytest.fixture
def account():
    """Makes an account in good standing with a membership."""

    def make(
        email="amina@example.org", *, enrolled=True, memberships=(("la-353", "practitioner"),), **changed
    ):
        fields = {
            "name": "Amina Shah",
            "job_title": "Social worker",
            "phone": "0161 496 0999",
            "checked_on": date(2026, 1, 1),
            "trained_until": date(2099, 1, 1),
            "agreement_signed_on": date(2026, 1, 1),
            **changed,
        }
        made = Account.objects.create_user(email, PASSWORD, **fields)
        for organisation, role in memberships:
            Membership.objects.create(
                account=made, organisation_id=organisation, role=role, services=["childrens_social_care"]
            )
        if enrolled:
            TOTP.activate(made, SECRET)
        return made

    return make


def typed_now():
    """What somebody types who reads the code of this moment."""
    return {"code": one_time_code(SECRET, time.time())}


@pytest.fixture
def sign_in():
    """Signs in through the pages, and proves once more; returns the client and where signing in led."""

    def go(email="amina@example.org", *, password=PASSWORD, code=True, fresh=True):
        client = Client()
        response = client.post("/account/login/", {"login": email, "password": password}, follow=True)
        if code and response.redirect_chain and response.redirect_chain[-1][0] == "/account/code/":
            now = time.time()
            with pytest.MonkeyPatch.context() as patch:  # so that no half minute ends in between
                patch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
                response = client.post("/account/code/", {"code": one_time_code(SECRET, now)}, follow=True)
                if fresh and SESSION_KEY in client.session:
                    prove(client, client.session[SESSION_KEY])
        return client, response

    return go
