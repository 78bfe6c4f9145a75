"""What Training England signs is read only whole, unchanged, by a key that is trusted (RFC 7515, 8037)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from uuid import UUID

import pytest

from contactpoint.access.training import CHANGED, NOT_ONE, UNKNOWN, read, sign
from contactpoint.access.training_key import new_key, public_key
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.errors import InvalidInput, Misconfigured
from contactpoint.domain.training import Statement

SAID = Statement(
    id=UUID(int=7),
    email="amina@example.org",
    name="Amina Yusuf",
    role=Role.PRACTITIONER,
    passed=date(2026, 11, 26),
)


def encode(value):
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def decode(part):
    return json.loads(urlsafe_b64decode(part + "=="))


@pytest.fixture
def trusted(settings, tmp_path):
    """A training directory, and the keys of the directory that believes it."""
    file = tmp_path / "training.key"
    file.write_text(new_key())
    settings.TRAINING_KEY = str(file)
    public = public_key(file.read_text())
    return {public["kid"]: {name: public[name] for name in ("kty", "crv", "x")}}


def test_what_is_signed_is_read_as_it_was_said(trusted):
    text = sign(SAID)
    assert read(text, trusted) == (*trusted, SAID)
    assert read(f"  {text[:80]}\r\n{text[80:]} \n", trusted)[1] == SAID, "however the e-mail broke its lines"
    assert SAID.email not in text


def test_a_changed_one_is_refused(trusted):
    header, payload, signature = sign(SAID).split(".")
    changed = encode({**decode(payload), "sub": "carol@example.org"})
    for text in (
        f"{header}.{changed}.{signature}",
        f"{header}.{payload}.{signature[::-1]}",
        f"{encode({**decode(header), 'alg': 'none'})}.{payload}.",
        f"{encode({**decode(header), 'alg': 'HS256'})}.{payload}.{signature}",
    ):
        with pytest.raises(InvalidInput, match=CHANGED):
            read(text, trusted)


def test_one_of_another_directory_is_refused(trusted, tmp_path, settings):
    settings.TRAINING_KEY = str(tmp_path / "another.key")
    (tmp_path / "another.key").write_text(new_key())
    with pytest.raises(InvalidInput, match=UNKNOWN):
        read(sign(SAID), trusted)


@pytest.mark.parametrize(
    "text", ["", "hello", "a.b", "a.b.c", "....", "é.é.é", "{}", "e30.e30.e30", "x" * 9000]
)
def test_what_is_none_is_said_to_be_none(trusted, text):
    with pytest.raises(InvalidInput, match=NOT_ONE):
        read(text, trusted)


def test_a_directory_that_is_not_for_training_signs_nothing(settings):
    settings.TRAINING_KEY = ""
    with pytest.raises(Misconfigured):
        sign(SAID)


def test_the_public_key_is_only_that():
    assert set(public_key(new_key())) == {"kty", "crv", "x", "kid", "use", "alg"}
