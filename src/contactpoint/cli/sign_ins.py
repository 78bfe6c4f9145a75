"""The demonstration's sign-ins: one person for each role, with a password and a secret for one-time codes.

They are made once and kept in the data folder, for its owner's eyes. Real accounts are never made like this.
"""

import base64
import csv
import hashlib
import hmac
import json
import secrets
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from contactpoint.cli.home import secret
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.errors import NotFound

FILE: Final = "sign-ins.json"
PERIOD: Final = 30  # seconds a one-time code lives: RFC 6238, and what every app assumes
DIGITS: Final = 6
ENOUGH: Final = 10  # seconds left in which a person can still type it
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One person of the demonstration. `code_secret` is base32, as an authenticator app takes it."""

    email: str
    name: str
    role: Role
    job_title: str
    organisation: str
    organisation_name: str
    services: tuple[str, ...]
    password: str
    code_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    email: str
    name: str
    role: Role
    job_title: str
    kind: str
    services: tuple[str, ...] = ()


# One for each role; three practitioners, so that one can record, a colleague confirm and a third see it; two
# of the national team, because much takes a second person; two of shield desks, the authority's and the
# national one; a reviewer of another authority, to whom the use of small teams goes, and a national one; the
# team of a national partner.
_PEOPLE: Final = (
    _Person(
        email="amina@demo.example", name="Amina Yusuf", role=Role.PRACTITIONER,
        job_title="Designated safeguarding lead", kind="school", services=("school",),
    ),
    _Person(
        email="ben@demo.example", name="Ben Whitaker", role=Role.PRACTITIONER,
        job_title="Head of year", kind="school", services=("school",),
    ),
    _Person(
        email="carol@demo.example", name="Carol Hughes", role=Role.PRACTITIONER,
        job_title="Youth justice worker", kind="youth_justice", services=("youth_justice",),
    ),
    _Person(
        email="dev@demo.example", name="Dev Patel", role=Role.AUTHORITY_TEAM,
        job_title="Directory team", kind="authority", services=("childrens_social_care",),
    ),
    _Person(
        email="kay@demo.example", name="Kay Osborne", role=Role.PARTNER_TEAM,
        job_title="Partner team", kind="partner",
    ),
    _Person(
        email="ewa@demo.example", name="Ewa Nowak", role=Role.NATIONAL_TEAM,
        job_title="National desk", kind="contactpoint",
    ),
    _Person(
        email="lena@demo.example", name="Lena Fischer", role=Role.NATIONAL_TEAM,
        job_title="National desk", kind="contactpoint",
    ),
    _Person(
        email="hana@demo.example", name="Hana Novotna", role=Role.SHIELD_TEAM,
        job_title="Shield desk", kind="authority",
    ),
    _Person(
        email="imran@demo.example", name="Imran Siddiqui", role=Role.SHIELD_TEAM,
        job_title="National shield desk", kind="contactpoint",
    ),
    _Person(
        email="jola@demo.example", name="Jola Bielak", role=Role.CONSENT_TEAM,
        job_title="Consent desk", kind="authority",
    ),
    _Person(
        email="frank@demo.example", name="Frank Osei", role=Role.AUDITOR,
        job_title="Auditor", kind="contactpoint",
    ),
    _Person(
        email="hal@demo.example", name="Hal Brennan", role=Role.AUDIT_REVIEWER,
        job_title="Reviewer of use", kind="another_authority",
    ),
    _Person(
        email="iris@demo.example", name="Iris Campbell", role=Role.AUDIT_REVIEWER,
        job_title="National reviewer of use", kind="contactpoint",
    ),
    _Person(
        email="grace@demo.example", name="Grace Lewis", role=Role.TECHNICAL_ADMINISTRATOR,
        job_title="Technical administrator", kind="contactpoint",
    ),
)  # fmt: skip


def make_sign_ins(home: Path, organisations: Path) -> tuple[SignIn, ...]:
    """The sign-ins, made the first time for the organisations of that file (organisations.csv)."""
    with organisations.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    authority = next(row["authority"] for row in rows if row["kind"] == "authority")
    here = [row for row in rows if row["authority"] == authority]
    councils = [row for row in rows if row["kind"] == "authority"]
    here.append({**councils[1 % len(councils)], "kind": "another_authority"})
    here += [{**row, "kind": "partner"} for row in rows if row["kind"] == "charity" and not row["authority"]]
    secret(home, FILE, lambda: json.dumps([asdict(_sign_in(person, here)) for person in _PEOPLE], indent=1))
    return read_sign_ins(home)


def read_sign_ins(home: Path) -> tuple[SignIn, ...]:
    """The sign-ins that were made; raises NotFound before that."""
    try:
        kept = json.loads((home / "secrets" / FILE).read_text(encoding="ascii"))
    except FileNotFoundError:
        raise NotFound(f"There is no demonstration in {home} yet: `contactpoint demo` makes one.") from None
    return tuple(
        SignIn(**{**one, "role": Role(one["role"]), "services": tuple(one["services"])}) for one in kept
    )


def sign_in_of(home: Path, email: str) -> SignIn:
    """The sign-in of an e-mail address; raises NotFound with those there are."""
    known = read_sign_ins(home)
    for one in known:
        if email.strip().lower() in {one.email, one.email.partition("@")[0]}:
            return one
    raise NotFound(f"{email} is none of the demonstration's: {', '.join(one.email for one in known)}.")


def one_time_code(code_secret: str, at: float) -> str:
    """The six-figure code of a moment (RFC 6238 with SHA-1, as every authenticator app).

    Args:
        code_secret: base32, without padding.
        at: seconds since 1970.
    """
    key = base64.b32decode(code_secret + "=" * (-len(code_secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // PERIOD), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def fresh_code(
    code_secret: str, *, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
) -> tuple[str, int]:
    """A code that lives long enough to be typed, and its seconds; waits for the next one if need be."""
    left = PERIOD - clock() % PERIOD
    if left < ENOUGH:
        sleep(left)
    now = clock()
    return one_time_code(code_secret, now), int(PERIOD - now % PERIOD)


def _sign_in(person: _Person, organisations: Sequence[dict[str, str]]) -> SignIn:
    code, name = _organisation(person, organisations)
    return SignIn(
        email=person.email,
        name=person.name,
        role=person.role,
        job_title=person.job_title,
        organisation=code,
        organisation_name=name,
        services=person.services,
        password="-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4)),
        code_secret=base64.b32encode(secrets.token_bytes(20)).decode().rstrip("="),
    )


def _organisation(person: _Person, organisations: Sequence[dict[str, str]]) -> tuple[str, str]:
    if person.kind == "contactpoint":
        return "contactpoint", "ContactPoint national desk"
    row = [row for row in organisations if row["kind"] == person.kind][-1]  # of the schools, a secondary one
    return row["code"], row["name"]
