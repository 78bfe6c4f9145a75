"""Sessions in the database, encrypted under the secret of the pages: they hold what was searched for."""

from collections.abc import Mapping
from typing import Any, Final

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends.db import SessionStore as StoreInDatabase

from contactpoint.access.ciphers import SESSIONS, cipher

_BLOCK: Final = 512


class EncryptedStore(StoreInDatabase):
    """What is kept is encrypted. What an earlier release kept is read all the same."""

    def encode(self, session_dict: Mapping[str, Any]) -> str:
        """Return what is kept of a session, padded so that its length tells little."""
        text = super().encode(dict(session_dict)).encode()
        return cipher(SESSIONS).encrypt(text.ljust(-(-len(text) // _BLOCK) * _BLOCK)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return what a session holds; nothing where it is not of these pages."""
        try:
            kept: bytes | str = cipher(SESSIONS).decrypt(session_data).decode().rstrip(" ")
        except InvalidToken:
            kept = session_data  # of an earlier release: it is signed, or it is nothing
        found: dict[str, Any] = super().decode(kept)
        return found
