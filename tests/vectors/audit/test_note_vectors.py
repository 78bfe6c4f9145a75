"""Known answers of signed notes and checkpoints, made by other programs.

The note is the example in the documentation of golang.org/x/mod/sumdb/note; the checkpoint is the example
of c2sp.org/tlog-checkpoint.
"""

import base64

import pytest

from contactpoint.domain.audit.checkpoint import Signer, VerifierKey, open_note, parse_checkpoint
from contactpoint.domain.errors import InvalidInput

SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT + "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_we_sign_what_go_signs():
    assert Signer.parse(SECRET).sign(TEXT) == NOTE


def test_we_verify_what_go_signed():
    assert open_note(NOTE, VerifierKey.parse(PUBLIC)) == TEXT


def test_keys_are_written_as_go_writes_them():
    assert Signer.parse(SECRET).verifier().text() == PUBLIC
    assert Signer.parse(SECRET).secret_text() == SECRET


def test_a_strangers_signature_beside_ours_is_left_alone():
    stranger = f"— witness.example/w {base64.b64encode(bytes(76)).decode()}\n"

    assert open_note(NOTE + stranger, VerifierKey.parse(PUBLIC)) == TEXT


def test_every_changed_bit_of_the_note_is_refused():
    key, data = VerifierKey.parse(PUBLIC), NOTE.encode()
    for position in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            with pytest.raises((InvalidInput, UnicodeDecodeError)):
                open_note(changed.decode(), key)


def test_the_example_checkpoint():
    checkpoint = parse_checkpoint(CHECKPOINT)

    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text() == CHECKPOINT
    assert parse_checkpoint(CHECKPOINT + "an extension line\n") == checkpoint
