"""Signed heads: what is not exactly one is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contactpoint.domain.audit.checkpoint import (
    Checkpoint,
    Signer,
    VerifierKey,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    sign_checkpoint,
)
from contactpoint.domain.errors import InvalidInput

ORIGIN = "contactpoint.example/audit"
SIGNER = Signer(name=ORIGIN, private=Ed25519PrivateKey.from_private_bytes(bytes(32)))
KEY = SIGNER.verifier()
HEAD = Checkpoint(origin=ORIGIN, size=7, root=bytes(range(32)))
NOTE = sign_checkpoint(HEAD, SIGNER)


def test_a_head_is_opened_as_it_was_signed():
    assert open_checkpoint(NOTE, KEY) == HEAD


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 7, bytes(32)),
        ("two words", 7, bytes(32)),
        ("a+b", 7, bytes(32)),
        ("a\nb", 7, bytes(32)),
        (ORIGIN, -1, bytes(32)),
        (ORIGIN, 2**63, bytes(32)),
        (ORIGIN, 7, bytes(31)),
    ],
)
def test_no_head_that_its_text_could_not_hold(origin, size, root):
    with pytest.raises(InvalidInput):
        Checkpoint(origin=origin, size=size, root=root)


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD.text()[:-1],
        f"{ORIGIN}\n7\n",
        HEAD.text().replace("\n7\n", "\n07\n"),
        HEAD.text().replace("\n7\n", "\n-7\n"),
        HEAD.text().replace("\n7\n", "\n٧\n"),
        HEAD.text().replace("\n7\n", "\n\n"),
        HEAD.text() + "\n",
        HEAD.text() + "\tindented\n",
        HEAD.text().replace("=\n", "\n"),
        HEAD.text().replace("AAEC", "AA C"),
        f"{ORIGIN}\n7\n{base64.b64encode(bytes(31)).decode()}\n",
        HEAD.text().replace("8=\n", "9=\n"),
    ],
)
def test_a_text_that_is_no_checkpoint(text):
    assert text != HEAD.text()
    with pytest.raises(InvalidInput):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "note",
    [
        "",
        HEAD.text(),
        NOTE[:-1],
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— contact", "—  contact"),
        NOTE + f"— {ORIGIN} AAAA\n",
        NOTE + f"— {ORIGIN} !!!!\n",
        NOTE + "— a+b AAAAAAAA\n",
        NOTE + "".join(f"— w{number} {base64.b64encode(bytes(8)).decode()}\n" for number in range(16)),
        NOTE.replace(HEAD.text(), HEAD.text() + "x" * 70_000 + "\n"),
    ],
)
def test_a_note_that_is_not_whole_is_refused(note):
    with pytest.raises(InvalidInput):
        open_note(note, KEY)


def test_a_good_signature_of_ours_does_not_excuse_a_bad_one():
    bad = base64.b64encode(KEY.key_id() + bytes(64)).decode()
    with pytest.raises(InvalidInput, match="does not fit"):
        open_note(NOTE + f"— {ORIGIN} {bad}\n", KEY)


def test_a_head_of_another_log_is_refused_even_under_our_key():
    note = SIGNER.sign(Checkpoint(origin="other.example/audit", size=7, root=bytes(32)).text())
    with pytest.raises(InvalidInput, match=r"of the log other\.example"):
        open_checkpoint(note, KEY)
    with pytest.raises(InvalidInput, match="has its log's name"):
        sign_checkpoint(Checkpoint(origin="other.example/audit", size=7, root=bytes(32)), SIGNER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one+two",
        KEY.text().replace("+", "-"),
        KEY.text()[:-4],
        KEY.text().replace(KEY.key_id().hex(), "00000000"),
        f"{ORIGIN}+{KEY.key_id().hex()}+" + base64.b64encode(b"\x02" + KEY.public).decode(),
        f"{ORIGIN}+{KEY.key_id().hex()}+" + base64.b64encode(b"\x01" + KEY.public[:31]).decode(),
    ],
)
def test_a_public_key_that_is_none(text):
    with pytest.raises(InvalidInput):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        KEY.text(),
        SIGNER.secret_text().replace("PRIVATE", "PUBLIC"),
        SIGNER.secret_text().replace(KEY.key_id().hex(), "00000000"),
        SIGNER.secret_text()[:-4],
        "+".join(SIGNER.secret_text().split("+")[:4]) + "+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
    ],
)
def test_a_signing_key_that_is_none_and_whose_refusal_does_not_repeat_it(text):
    with pytest.raises(InvalidInput) as refused:
        Signer.parse(text)
    assert "AQAA" not in str(refused.value)


def test_a_text_that_could_not_be_split_from_its_signatures_is_not_signed():
    for text in ("no newline", "tab\there\n"):
        with pytest.raises(InvalidInput):
            SIGNER.sign(text)
