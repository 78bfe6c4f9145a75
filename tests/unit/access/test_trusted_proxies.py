"""By which address tries are counted: a browser cannot choose it."""

import subprocess
import sys

import pytest
from allauth.core.internal.httpkit import get_client_ip
from django.test import RequestFactory

CLAIMED = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "203.0.113.7, 198.51.100.4"}
READ = "from django.conf import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.9"), (1, "198.51.100.4"), (2, "203.0.113.7")])
def test_the_address_that_the_outermost_proxy_of_ours_saw(settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert get_client_ip(RequestFactory().get("/", **CLAIMED)) == address


@pytest.mark.parametrize(
    ("said", "told"), [(None, "0"), ("2", "2"), ("many", "CONTACTPOINT_TRUSTED_PROXIES")]
)
def test_the_setting_says_how_many(monkeypatch, said, told):
    monkeypatch.delenv("CONTACTPOINT_TRUSTED_PROXIES", raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    if said is not None:
        monkeypatch.setenv("CONTACTPOINT_TRUSTED_PROXIES", said)
    ended = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=False)
    assert told in (ended.stdout + ended.stderr)
