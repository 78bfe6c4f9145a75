"""Asks a provider over the network: small answers, in seconds, over TLS, and from nowhere but where asked."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from contactpoint.access.organisation.provider import NotProven

_SECONDS: Final = 5
_MOST_BYTES: Final = 256 * 1024
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_asked: Any, **_named: Any) -> None:
        """A provider answers itself, or not at all."""


def get_json(address: str) -> dict[str, Any]:
    """What a provider publishes at an address.

    Raises:
        NotProven: it does not answer, or not with a JSON object.
    """
    return _ask(urllib.request.Request(_checked(address), headers={"Accept": "application/json"}))  # noqa: S310


def post_form(address: str, form: Mapping[str, str]) -> dict[str, Any]:
    """What a provider answers to a form.

    Raises:
        NotProven: it refuses, does not answer, or not with a JSON object.
    """
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(form).encode()
    return _ask(urllib.request.Request(_checked(address), data=body, headers=headers))  # noqa: S310


def is_safe(address: str) -> bool:
    """Whether an address is asked over TLS, or is on this machine as our own pages are."""
    parts = urlsplit(address)
    if parts.username or parts.fragment or not parts.hostname:
        return False
    here = parts.scheme == "http" and parts.hostname in _HERE
    return parts.scheme == "https" or (here and urlsplit(settings.ORIGIN).hostname in _HERE)


def _checked(address: str) -> str:
    if not is_safe(address):
        raise NotProven("A provider is asked over TLS only.")
    return address


def _ask(request: urllib.request.Request) -> dict[str, Any]:
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            body = answer.read(_MOST_BYTES + 1)
        found = json.loads(body) if len(body) <= _MOST_BYTES else None
    except (OSError, ValueError) as fault:
        raise NotProven(f"The provider did not answer as it has to: {type(fault).__name__}.") from None
    if not isinstance(found, dict):
        raise NotProven("The provider did not answer with an object.")
    return found
