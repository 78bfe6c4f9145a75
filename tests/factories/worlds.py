"""Two worlds: the same small directory twice, and everything that everybody can be shown of each.

A world is made by the product's own pipelines and looked at through its own pages, as the web role. What two
worlds show is compared byte for byte once random names (handles, tokens, child numbers) are made alike.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, transaction
from django.test import Client
from tests.factories.directory import acting_as_role
from tests.factories.supply import CONTRACT, feed, load, rows

from contactpoint.access.audit import note_sign_in
from contactpoint.domain.identifiers import format_child_number
from contactpoint.storage.models import Account, Membership

Rows = Mapping[str, tuple[Mapping[str, str], ...]]
"""What each source says: rows by source."""

# Who looks: name, organisation, role, and how many of the searches they try. The last two read no child data;
# the shield desk of Rochdale is the wrong one for every shield of these worlds.
LOOKERS = (
    ("nurse", "bridgewater-nhs", "practitioner", 99),
    ("teacher", "105734", "practitioner", 4),
    ("council", "la-353", "authority_team", 4),
    ("desk", "contactpoint", "national_team", 4),
    ("rochdale", "la-354", "shield_team", 4),
    ("auditor", "contactpoint", "auditor", 1),
    ("administrator", "contactpoint", "technical_administrator", 1),
)
REASON = {"purpose": "safeguarding"}
OWN_WORD = {
    "service": "school_nurse",
    "role": "School nurse",
    "phone": "0161 496 0101",
    "start-day": "1",
    "start-month": "9",
    "start-year": "2025",
    "lead": "no",
    "assessment": "no",
}
FAMILY = {
    "asker": "parent",
    "identity": "document",
    "entitlement": "birth_certificate",
    "received_on-day": "1",
    "received_on-month": "9",
    "received_on-year": "2025",
}
# What differs between any two runs and says nothing: tokens, handles, nonces, the time of day.
_RANDOM = (
    (re.compile(r'(name="csrfmiddlewaretoken" value|nonce|name="event" value)="[^"]*"'), r'\1="RANDOM"'),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "REFERENCE"),
    (
        re.compile(
            r"/(find|record|my-children|matching|matching/decided|inbox|desk|family|education)/[\w-]{16}/"
        ),
        r"/\1/HANDLE/",
    ),
    (re.compile(r'name="seen" value="[0-9a-f]{64}"'), 'name="seen" value="VERSION"'),
    (re.compile(r"\b\d{1,2}(:\d\d)? ?[ap]m\b"), "TIME"),
    (re.compile(r"\b\d\d:\d\d\b"), "TIME"),
)
_READABLE = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'v', 'm', 'p') AND has_table_privilege('contactpoint_web', c.oid, 'SELECT')
    ORDER BY 1
"""
# Of deliveries the count of rows differs, which no page tells; the others are about the lookers.
_NOT_COMPARED = frozenset({"delivery", "django_session", "django_migrations", "sign_in_limit", "throttle"})
_RANDOM_COLUMNS = frozenset(
    {"id", "record_id", "delivery_id", "local_id", "recorded_at", "created_at", "last_seen_at", "last_login"}
)


class _Done(Exception):
    """Ends a world: nothing of it is kept."""


@contextmanager
def for_a_while() -> Iterator[None]:
    """Take back everything that the block writes."""
    try:
        with transaction.atomic():
            yield
            raise _Done
    except _Done:
        pass


def build_lookers() -> None:
    """One account for each role, in good standing."""
    for place, (name, organisation, role, _) in enumerate(LOOKERS, start=1):
        account = Account.objects.create(
            id=UUID(int=place),
            email=f"{name}@example.org",
            name=name.title(),
            checked_on=date(2026, 1, 1),
            trained_until=date(2099, 1, 1),
            agreement_signed_on=date(2026, 1, 1),
        )
        services = ["school_nurse"] if name == "nurse" else []
        Membership.objects.create(
            id=place, account=account, organisation_id=organisation, role=role, services=services
        )
        TOTP.activate(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")


def build_world(folder: Path, said: Rows) -> None:
    """Deliver what every source says, link and publish; a source that says nothing says so too."""
    load(*(feed(folder, source, *said.get(source, ())) for source in CONTRACT))


def look(searches: Mapping[str, Mapping[str, str]], numbers: Mapping[str, str]) -> dict[str, str]:
    """Everything that everybody is shown, by who looks and at what; `numbers` are children's, by a name."""
    seen: dict[str, str] = {}
    with acting_as_role("web"):
        seen |= _tables(numbers)
        for place, (name, _, _, tries) in enumerate(LOOKERS, start=1):
            looker = _Looker(place, numbers)
            looker.go_round(dict(islice(searches.items(), tries)))
            seen |= {f"{name}: {what}": page for what, page in looker.seen.items()}
    return seen


class _Looker:
    """One signed-in person, who goes everywhere."""

    def __init__(self, place: int, numbers: Mapping[str, str]) -> None:
        self._client = Client()
        self._client.force_login(Account.objects.get(pk=UUID(int=place)))
        note_sign_in(UUID(int=place), request_id="test")
        self._numbers = numbers
        self.seen: dict[str, str] = {}
        self.seen_raw = ""

    def go_round(self, searches: Mapping[str, Mapping[str, str]]) -> None:
        """Search, open what is found and what is not, say and confirm, and read what one did."""
        self._get("the form", "/find/")
        handle = ""
        for what, typed in searches.items():
            handle = self._post(f"search by {what}", "/find/", {**REASON, **typed}) or handle
        for child, number in self._numbers.items():
            record = self._post(f"open {child}", f"{handle}open/", {"number": number})
            if record.startswith("/record/"):
                self._get(f"what is wrong with {child}", f"{record}wrong/")
                for field in ("name", "known_as", "former_name", "address", "carer", "nhs_number"):
                    self._get(f"{field} of {child} since", f"{record}history/?field={field}")
                self._ask(child, record)
                self._family(child, record)
                self._post(f"say of {child}", f"{record}working/", OWN_WORD)
                key = re.search(r'name="form_key" value="([^"]*)"', self.seen_raw)
                said = {"form_key": key[1]} if key else {}
                self._post(f"say of {child} for good", f"{record}working/check/", said)
                self._post(f"say of {child} again", f"{record}working/", {**OWN_WORD, "role": "Matron"})
                self._get(f"what was said of {child}", f"{record}working/")
                for day in ({}, {"on-day": "1", "on-month": "9", "on-year": "2025"}):
                    asked = urlencode({"field": "service", **day})
                    self._get(f"services of {child} on {day}", f"{record}history/?{asked}")
        for page in (
            "my-children",
            "inbox",
            "today",
            "desk",
            "family",
            "education",
            "to-confirm",
            "matching",
            "matching/decided",
            "shields",
            "activity",
            "account/acting-as",
            "archive",
        ):
            self._get(page, f"/{page}/")
        for child, number in self._numbers.items():
            self._post(f"archive of {child}", "/archive/", {**REASON, "number": number})
        self._check_records()
        self._answer_families()

    def _ask(self, child: str, record: str) -> None:
        """Leave a message with the desk, and ask the first service that is shown."""
        self._get(f"whom to ask about {child}", f"{record}ask/?row=0")
        shown = re.findall(r'name="to"[^>]*value="([^"]*)"', self.seen_raw)
        for to in dict.fromkeys(("desk", *shown[:1])):
            key = re.search(r'name="form_key" value="([^"]*)"', self.seen_raw)
            asked = {"to": to, "about": "help", "urgency": "week", "phone": "0161 496 0101"}
            asked |= {"form_key": key[1]} if key else {}
            self._post(f"ask {to} about {child}", f"{record}ask/", asked)
            self._get(f"whom else to ask about {child}", f"{record}ask/")

    def _family(self, child: str, record: str) -> None:
        """A parent asks what is held, and lives at none of the homes."""
        self._get(f"a family asks about {child}", f"{record}family/")
        key = re.search(r'name="form_key" value="([^"]*)"', self.seen_raw)
        asked = {**FAMILY, "form_key": key[1]} if key else FAMILY
        self._post(f"a family asks about {child}, recorded", f"{record}family/", asked)

    def _answer_families(self) -> None:
        """Open every family's request that is listed, and make its report."""
        listed = self._client.get("/family/").content.decode()
        for place, request in enumerate(re.findall(r'href="(/family/[\w-]{16}/)"', listed)):
            self._get(f"family {place}", request)
            self._post(f"family {place} told", f"{request}tell/", {"danger": "no"})
            self._get(f"family {place} as a file", f"{request}report/file/")

    def _check_records(self) -> None:
        """Open every case that is listed, and say of the last that nobody can tell."""
        listed = self._client.get("/matching/").content.decode()
        for place, case in enumerate(re.findall(r'href="(/matching/[\w-]{16}/)"', listed)):
            self._get(f"case {place}", case)
            fields = re.findall(r'name="(form_key|seen)" value="([^"]*)"', self.seen_raw)
            typed = {**dict(fields), "because": "Nobody knows", "verdict": "cannot_tell"}
            self._post(f"case {place}, decided", case, typed)
        for page in ("matching", "matching/decided"):
            self._get(f"{page}, afterwards", f"/{page}/")

    def _get(self, what: str, address: str) -> None:
        self._keep(what, self._client.get(address))

    def _post(self, what: str, address: str, typed: Mapping[str, str]) -> str:
        """Send a form, go where it leads, and return where that was."""
        response = self._client.post(address, typed)
        self._keep(f"{what}, sent", response)
        if response.status_code != 302:
            return ""
        self._get(what, response["Location"])
        return response["Location"]

    def _keep(self, what, response) -> None:
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
        self.seen_raw = response.content.decode()
        text = f"{response.status_code}\n{headers}\n\n{self.seen_raw}"
        self.seen[what] = alike(
            re.sub(r"(?m)^(Expires|Content-Security-Policy): .*$", "", text), self._numbers
        )


def alike(text: str, numbers: Mapping[str, str]) -> str:
    """The text with what is random in it replaced by what it stands for."""
    for child, number in numbers.items():
        text = text.replace(number, f"NUMBER OF {child}").replace(
            format_child_number(number), f"NUMBER OF {child}"
        )
    for pattern, instead in _RANDOM:
        text = pattern.sub(instead, text)
    return text


def _tables(numbers: Mapping[str, str]) -> dict[str, str]:
    """Every row that the web role can read, without its random columns."""
    seen = {}
    for (table,) in rows(_READABLE):
        if table in _NOT_COMPARED:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column.name for column in cursor.description]
            kept = [place for place, name in enumerate(names) if name not in _RANDOM_COLUMNS]
            lines = sorted(alike(repr([row[place] for place in kept]), numbers) for row in cursor.fetchall())
        seen[f"table {table}"] = "\n".join(lines)
    return seen | _answers(numbers)


def _answers(numbers: Mapping[str, str]) -> dict[str, str]:
    """All that the web role can make the database say of each child."""
    seen = {}
    for child, number in numbers.items():
        said = rows(
            "SELECT source_id, authority, as_at, facts FROM statements_shown(%s) ORDER BY source_id", number
        )
        services = rows(
            "SELECT source_id, (seen).service, (seen).organisation_id, (seen).consent, (seen).start_date "
            "FROM involvements_shown(%s) ORDER BY 1, 2",
            number,
        )
        before = rows(
            "SELECT source_id, service, organisation_code, practitioner_role, phone, start_date, end_date, "
            "leads, held_from, held_until FROM involvements_shown_before(%s) ORDER BY 1, 2, 9",
            number,
        )
        seen[f"said before of {child}"] = alike("\n".join(map(repr, before)), numbers)
        seen[f"said of {child}"] = alike("\n".join(map(repr, [*said, *services])), numbers)
    return seen


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The lines by which what is seen differs, by who saw what."""
    found = {}
    for what in sorted({*one, *other}):
        ours, theirs = one.get(what, "").splitlines(), other.get(what, "").splitlines()
        if ours != theirs:
            found[what] = tuple(line for line in [*ours, *theirs] if line not in ours or line not in theirs)
    return found
