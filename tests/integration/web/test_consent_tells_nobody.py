"""Nobody not entitled can tell a sensitive service agreed to, withdrawn, ended, suspected or absent apart.

The same child is made once for each, everybody who is not entitled goes through every page that consent,
messages and mediated access have, and what they are shown must be the same byte for byte (R36-R41, R6).
"""

import re
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from tests.factories.directory import NOW, TODAY, acting_as_role, amina, amina_in_full, build_child
from tests.factories.records import agreed
from tests.factories.signed_in import sign_in
from tests.factories.viewers import PRIYA, WORRIED, viewer

from contactpoint.access.audit import note_sign_in
from contactpoint.actions.consent.keep import record_consent, withdraw_consent
from contactpoint.actions.consent.withhold import decide_not_to_share
from contactpoint.domain.disclosure.consents import NotSharedSaid, Withheld, WithheldBecause
from contactpoint.domain.identifiers import format_child_number
from contactpoint.domain.involvement import ConsentBasis, ConsentScope
from contactpoint.storage.models import Account, InvolvementRow, Membership

# Who is not entitled: another service of the same trust, a school, the directory team of the area, the
# consent desk of another area, and the national one, which keeps no consent of an organisation with an area.
LOOKERS = {
    "nurse": ("bridgewater-nhs", "practitioner", ["school_nurse", "sexual_health"]),
    "teacher": ("105734", "practitioner", ["school"]),
    "council": ("la-353", "authority_team", []),
    "rochdale": ("la-354", "consent_team", []),
    "national": ("contactpoint", "consent_team", []),
}
CARE = {
    "service": "mental_health",
    "organisation": "bridgewater-nhs",
    "practitioner": "Sam Hale",
    "contact_phone": "0161 496 0177",
    "start_date": date(2026, 3, 1),
    "consent": "child",
    "consent_scope": "desk",
}
# What only the service knows of the child.
KNOWS = {"address": "Sycamore House, Oldham", "postcode": "OL1 9ZZ", "carer_forename": "Ivy"}
CAMHS = viewer(account_id=PRIYA, name="Priya Nair", services=("mental_health",))
DECIDED = NotSharedSaid(
    what=Withheld.INVOLVEMENT,
    reason=WithheldBecause.REFUSED,
    decided_by="Ruth Cole",
    decided_by_title="Named doctor",
)


def _by_people(number):
    """Agreed to anew, taken back, suspected, and not shared: everything that whoever provides it may do."""
    care = InvolvementRow.objects.get(service="mental_health").pk
    about = {"involvement": care, "by": CAMHS, "at": NOW}
    with acting_as_role("web"):
        record_consent(said=agreed(scope=ConsentScope.DESK), **about)
        withdraw_consent(withdrawn_by=ConsentBasis.CARER, **about)
        record_consent(said=agreed(ConsentBasis.SIGNIFICANT_HARM), **about)
        decide_not_to_share(number=number, said=DECIDED, purpose=WORRIED, by=CAMHS, at=NOW)


def nothing(number):
    """Nobody does anything."""
    del number


# By a name: the service as its source says it, None where there is none, and what people do then.
STATES = {
    "agreed to, for the desk alone": (CARE, nothing),
    "withdrawn": ({**CARE, "consent_scope": "listed", "consent_withdrawn_at": NOW}, nothing),
    "ended": ({**CARE, "consent_scope": "listed", "consent_until": date(2026, 1, 31)}, nothing),
    "about to end": ({**CARE, "consent_until": TODAY.replace(month=12)}, nothing),
    "suspected": ({**CARE, "consent": "significant_harm"}, nothing),
    "in the past": ({**CARE, "consent_withdrawn_at": NOW, "end_date": date(2026, 10, 1)}, nothing),
    "by people": (CARE, _by_people),
}
MESSAGE = {"to": "desk", "about": "help", "urgency": "week", "phone": "0161 496 0101"}
NOT_SHARED = {
    "what": "answer",
    "reason": "danger",
    "decided_by": "Jo Lind",
    "decided_by_title": "Head of service",
}
ASKS = {
    "name": "Jo Bloggs",
    "title": "Recovery worker",
    "email": "jo@harbour.example",
    "organisation": "Harbour Recovery",
    "checked": "rang_back",
    "vouched": "yes",
    "purpose": "safeguarding",
}
AMINA = {"surname": "Okafor", "forename": "Amina"}
SEARCHES = (AMINA, {**AMINA, "place": "OL1 9ZZ"}, {**AMINA, "carer_name": "Ivy Okafor"})
_RANDOM = (
    (re.compile(r'(name="csrfmiddlewaretoken" value|nonce|name="form_key" value)="[^"]*"'), r'\1="RANDOM"'),
    (re.compile(r"/(find|record|consents|inbox|desk|mediated)/[\w-]{16}/"), r"/\1/HANDLE/"),
    (re.compile(r"nonce-[^']*"), "NONCE"),
    (re.compile(r"\b\d{1,2}(:\d\d)? ?[ap]m\b"), "TIME"),
)


@contextmanager
def for_a_while():
    """Take back everything that the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def lookers(directory):
    for place, (name, (organisation, role, services)) in enumerate(LOOKERS.items(), start=1):
        account = Account.objects.create(
            id=UUID(int=place), email=f"{name}@example.org", name=name.title(), checked_on=date(2026, 1, 1),
            trained_until=date(2099, 1, 1), agreement_signed_on=date(2026, 1, 1),
        )  # fmt: skip
        Membership.objects.create(account=account, organisation_id=organisation, role=role, services=services)
        TOTP.activate(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    provider = Account.objects.create(id=PRIYA, email="priya@example.org", name="Priya Nair")
    Membership.objects.create(
        account=provider, organisation_id="bridgewater-nhs", role="practitioner", services=["mental_health"]
    )
    sign_in(PRIYA)


class _Looker:
    """One person, who goes everywhere that consent could be told from."""

    def __init__(self, place, number):
        self._client = Client()
        self._client.force_login(Account.objects.get(pk=UUID(int=place)))
        note_sign_in(UUID(int=place), request_id="test")
        self._number = number
        self.seen = []

    def go_round(self):
        for typed in SEARCHES:
            found = self._post("/find/", {"purpose": "safeguarding", **typed})
        record = self._post(f"{found}open/", {"number": self._number})
        self._post(f"{record}how/", {"how": "with_me"})
        self._get(f"{record}consents/")
        for field in ("service", "address", "carer"):
            self._get(f"{record}history/?field={field}")
        self._post(f"{record}not-shared/", {**NOT_SHARED, **self._key(f"{record}not-shared/")})
        self._post(f"{record}ask/", {**MESSAGE, **self._key(f"{record}ask/")})
        mediated = self._post("/mediated/", {**ASKS, **self._key("/mediated/")})
        if mediated:
            for typed in SEARCHES:
                self._post(mediated, typed)
            self._post(f"{mediated}record/", {"number": self._number})
        for page in ("consents", "consents/not-shared", "inbox", "today", "desk", "my-children"):
            self._get(f"/{page}/")
        return self.seen

    def _key(self, address):
        page = self._get(address)
        return dict(re.findall(r'name="(form_key)" value="([^"]*)"', page))

    def _get(self, address):
        return self._keep(address, self._client.get(address))

    def _post(self, address, typed):
        response = self._client.post(address, typed)
        self._keep(address, response)
        if response.status_code != 302:
            return ""
        self._get(response["Location"])
        return response["Location"]

    def _keep(self, address, response):
        text = response.content.decode()
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
        whole = f"{address}\n{response.status_code}\n{headers}\n\n{text}"
        written = format_child_number(self._number)
        for number in (self._number, written, written.replace(" ", "\N{NO-BREAK SPACE}")):
            whole = whole.replace(number, "NUMBER")
        for pattern, instead in _RANDOM:
            whole = pattern.sub(instead, whole)
        self.seen.append(re.sub(r"(?m)^(Expires|Content-Security-Policy): .*$", "", whole))
        return text


def seen_where(care, people, lookers=LOOKERS):
    """What each looker is shown of Amina, with such a service or with none."""
    with for_a_while():
        cache.clear()
        service = [amina("mental-health", **KNOWS, involvements=[care])] if care else []
        number = build_child(*amina_in_full(), *service)
        people(number)
        places = {name: place for place, name in enumerate(LOOKERS, start=1)}
        return {name: _seen_by(places[name], number) for name in lookers}


def _seen_by(place, number):
    """What one of them is shown, without a trace of those who looked before."""
    with for_a_while():
        cache.clear()
        with acting_as_role("web"):
            return _Looker(place, number).go_round()


def differing(one, other):
    return [
        line
        for ours, theirs in zip(one, other, strict=True)
        if ours != theirs
        for line in ours.splitlines()
        if line not in theirs.splitlines()
    ]


def test_nothing_tells_them_apart(lookers):
    absent = seen_where(None, nothing)
    assert "1 child matches" in "".join(absent["teacher"])
    assert "If anyone is involved, they have your message." in "".join(absent["teacher"])
    assert "You keep no consent for this child." in "".join(absent["rochdale"])
    assert "You look for <strong>Jo Bloggs" in "".join(absent["council"])
    others = [name for name in LOOKERS if name != "teacher"]
    for place, (state, (care, people)) in enumerate(STATES.items()):
        # One other beside the teacher, in turn, and everybody where most happens.
        looking = LOOKERS if state == "by people" else ("teacher", others[place % len(others)])
        for name, seen in seen_where(care, people, looking).items():
            assert differing(absent[name], seen) == [], (state, name)
            assert absent[name] == seen, (state, name)


def test_what_is_listed_by_consent_is_told_apart(lookers):
    """The same round sees what may be seen: it could tell."""
    shown, team = (
        "".join(seen_where({**CARE, "consent_scope": scope}, nothing, ["teacher"])["teacher"])
        for scope in ("listed", "team")
    )
    assert "Sam Hale" in shown
    assert "Mental health" in team
    assert "Sam Hale" not in team
