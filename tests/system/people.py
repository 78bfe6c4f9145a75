"""The demonstration's people, with a telephone that always shows a code nobody has used."""

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.test import override_settings

from contactpoint.cli.postgres import Cluster
from contactpoint.cli.sign_ins import PERIOD, one_time_code, read_sign_ins

NEW_SECRET = """
    UPDATE mfa_authenticator SET data = %s
    WHERE type = 'totp' AND user_id = (SELECT id FROM account WHERE email = %s)
"""
LIKE = """
    INSERT INTO account SELECT (jsonb_populate_record(NULL::account, to_jsonb(a) || %(changed)s)).*
    FROM account a WHERE a.email = %(like)s
"""
FACTOR = """
    INSERT INTO mfa_authenticator (type, data, created_at, last_used_at, user_id)
    SELECT type, data, created_at, last_used_at, %(who)s FROM mfa_authenticator
    WHERE type = 'totp' AND user_id = (SELECT id FROM account WHERE email = %(like)s)
"""
MEMBERSHIP = "INSERT INTO membership (account_id, organisation_id, role, services) VALUES (%s, %s, %s, %s)"
ACCREDITED = "UPDATE organisation SET accredited_until = current_date + 300 WHERE code = %s"
TO_TYPE = 5  # seconds in which a page takes what was typed, on a busy machine too


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in.

    A code is good once, and the next comes half a minute later. Instead of waiting for it, the tests set up
    another telephone: the owner of the tables gives the account a secret of which no code was used yet.
    """

    email: str
    password: str
    home: Path

    def code(self):
        """A code that nobody has used."""
        secret = generate_totp_secret()
        with override_settings(SECRET_KEY=(self.home / "secrets" / "django.key").read_text(encoding="ascii")):
            kept = json.dumps({"secret": get_adapter().encrypt(secret)})
        with psycopg.connect(Cluster(self.home).url("owner")) as owner:
            assert owner.execute(NEW_SECRET, [kept, self.email]).rowcount == 1
        return code_to_type(secret)


def code_to_type(secret):
    """The code of a half minute that lasts for long enough to type it."""
    left = PERIOD - time.time() % PERIOD
    if left < TO_TYPE:
        time.sleep(left)
    return one_time_code(secret, time.time())


def people_of(home):
    """They, by the part of the e-mail address before the @."""
    return {one.email.partition("@")[0]: Person(one.email, one.password, home) for one in read_sign_ins(home)}


def somebody_like(product, people, name, *, like, at, role="practitioner", services=(), **changed):
    """Somebody more, with the password and standing of another, who acts for one body; made once."""
    if name in people:
        return people[name]
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        who, email = str(uuid4()), f"{name}@demo.example"
        said = {"email": email, "name": f"{name.title()} Hart", "id": who, **changed}
        given = {"who": who, "changed": json.dumps(said), "like": people[like].email}
        assert owner.execute(LIKE, given).rowcount == 1
        assert owner.execute(FACTOR, given).rowcount == 1
        owner.execute(MEMBERSHIP, [who, at, role, json.dumps(list(services))])
        owner.execute(ACCREDITED, [at])
    people[name] = replace(people[like], email=email)
    return people[name]


def body_of(product, name):
    """The body that somebody acts for: its code and its name."""
    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        return owner.execute(
            "SELECT o.code, o.name FROM organisation o JOIN membership m ON m.organisation_id = o.code "
            "JOIN account a ON a.id = m.account_id WHERE a.email = %s AND m.ended_at IS NULL",
            [f"{name}@demo.example"],
        ).fetchone()
