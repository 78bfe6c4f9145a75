"""What the settings refuse, so that a service set up wrongly does not start; and what TLS adds."""

import os
import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).parents[3] / "src" / "contactpoint" / "config" / "settings.py"
SOUND = {
    "CONTACTPOINT_SECRET_KEY": "s" * 40,
    "DATABASE_URL": "postgresql://contactpoint_web:secret@127.0.0.1:5432/contactpoint",
}


@pytest.fixture
def settings_of(monkeypatch):
    """The settings of a process with that environment."""

    def read(**environment):
        for name in [name for name in os.environ if name.startswith("CONTACTPOINT_")]:
            monkeypatch.delenv(name)
        for name, value in {**SOUND, **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


# the setting, what it is set to, what is said
REFUSED = [
    ("CONTACTPOINT_SECRET_KEY", "", "Set CONTACTPOINT_SECRET_KEY"),
    ("CONTACTPOINT_SECRET_KEY", "short", "at least 32 characters"),
    ("CONTACTPOINT_ORIGIN", "http://contactpoint.example", "must be https://"),
    ("CONTACTPOINT_ORIGIN", "contactpoint.example", "must be https://"),
    ("CONTACTPOINT_ORIGIN", "https://", "must be https://"),
    ("CONTACTPOINT_ORIGIN", "ftp://localhost", "must be https://"),
    ("CONTACTPOINT_ORIGIN", "https://contactpoint.example/pages", "must be https://"),
    ("CONTACTPOINT_ALLOWED_HOSTS", "*", "each host in full"),
    ("CONTACTPOINT_ALLOWED_HOSTS", "contactpoint.example,.example", "each host in full"),
    ("CONTACTPOINT_ALLOWED_HOSTS", " , ", "each host in full"),
    ("CONTACTPOINT_TRUSTED_PROXIES", "-1", "whole number"),
    ("DATABASE_URL", "mysql://x@127.0.0.1/x", "postgresql://"),
    ("DATABASE_URL", "postgresql://x@db.example/x?sslmode=require", "whose certificate must be checked"),
    ("DATABASE_URL", "postgresql://x@db.example/x?options=-c%20row_security=off", "not for options"),
]


@pytest.mark.parametrize(("name", "value", "said"), REFUSED)
def test_a_service_set_up_wrongly_does_not_start(settings_of, name, value, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        settings_of(**{name: value})


@pytest.mark.parametrize("origin", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"])
def test_on_this_machine_pages_need_no_certificate(settings_of, origin):
    read = settings_of(CONTACTPOINT_ORIGIN=origin)
    assert (read["SESSION_COOKIE_SECURE"], read["SECURE_HSTS_SECONDS"]) == (False, 0)


def test_anywhere_else_cookies_and_addresses_are_bound_to_tls(settings_of):
    read = settings_of(CONTACTPOINT_ORIGIN="https://contactpoint.example/")
    assert read["ORIGIN"] == "https://contactpoint.example"
    for cookie in ("SESSION", "CSRF"):
        assert read[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert read[f"{cookie}_COOKIE_SECURE"]
        assert read[f"{cookie}_COOKIE_HTTPONLY"]
    assert read["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60
    assert read["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert not read["DEBUG"]


def test_a_database_elsewhere_must_prove_who_it_is(settings_of):
    asked = settings_of(DATABASE_URL="postgresql://x:y%2Fz@db.example:6432/name")["DATABASES"]["default"]
    assert (asked["HOST"], asked["PORT"], asked["PASSWORD"]) == ("db.example", "6432", "y/z")
    assert asked["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "system"}


def test_the_database_on_this_machine_is_spoken_to_as_it_is(settings_of):
    assert settings_of()["DATABASES"]["default"]["OPTIONS"] == {}
