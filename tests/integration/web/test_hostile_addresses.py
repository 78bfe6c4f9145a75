"""No address, query or hidden field brings the service down, whatever stands in it and whoever sends it."""

import pytest
from django.urls import get_resolver, reverse

from contactpoint.domain.disclosure.actors import Role
from contactpoint.web.decisions import DECISIONS

ROLES = {
    Role.PRACTITIONER: "la-353",
    Role.AUTHORITY_TEAM: "la-353",
    Role.NATIONAL_TEAM: "contactpoint",
    Role.TECHNICAL_ADMINISTRATOR: "contactpoint",
    Role.PARTNER_TEAM: "harbour-recovery",
}
# A zero byte is in no text that PostgreSQL holds; no number of a row has forty digits.
TEXTS = ("a\0b", "9" * 40)
LAST = ("account_logout", "locked", "end_session", "end_all_sessions")
FIELDS = (
    "form_key",
    "seen",
    "handle",
    "number",
    "record",
    "correction",
    "account",
    "file",
    "service",
    "step",
)
PATTERNS = [one for one in get_resolver("contactpoint.web.urls").url_patterns if one.name in DECISIONS]


def addresses(text):
    """Every address, with the text in each part that takes one and else what leads nowhere."""
    for pattern in PATTERNS:
        parts = {
            name: text if type(converter).__name__ == "StringConverter" else _of(converter)
            for name, converter in pattern.pattern.converters.items()
        }
        if pattern.name not in LAST:
            yield reverse(pattern.name, kwargs=parts)


def _of(converter):
    return {
        "IntConverter": 10**30,
        "UUIDConverter": "00000000-0000-0000-0000-000000000001",
        "SlugConverter": "nothing",
    }[type(converter).__name__]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_whatever_is_sent(role, account, sign_in):
    account(f"{role}@example.org", memberships=((ROLES[role], role),))
    client, _ = sign_in(f"{role}@example.org")
    client.raise_request_exception = False
    failed = []
    for text in TEXTS:
        for address in addresses(text):
            answers = (
                client.get(address, {"page": text, "ended": text, "q": text}),
                client.post(address, dict.fromkeys(FIELDS, text)),
            )
            failed += [(address[:60], one.status_code) for one in answers if one.status_code >= 500]
    assert failed == []
