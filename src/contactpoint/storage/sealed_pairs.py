"""Two halves of a sealed identity must never meet (R35), and no row may name both.

What is kept is HMAC-SHA256 of the two keys, smaller first, under a key that only the worker holds. A pair of
records, a pair of children and one half by itself are told apart by what is hashed before them.
"""

import hmac
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db import connection

from contactpoint.domain.errors import Misconfigured

_RECORDS: Final = b"records\0"
_CHILDREN: Final = b"children\0"
_HALF: Final = b"half\0"
_SHORTEST_KEY: Final = 16


def record_key(source: str, local_id: str) -> bytes:
    """A record's name in a pair."""
    return f"{source}|{local_id}".encode()


def pair_key() -> bytes:
    """The key of this directory.

    Raises:
        Misconfigured: this process was not given it.
    """
    key: bytes = settings.PAIR_KEY
    if len(key) < _SHORTEST_KEY:
        raise Misconfigured(
            "Set CONTACTPOINT_PAIR_KEY to at least 32 hexadecimal digits: it keeps identities apart."
        )
    return key


def records_digest(key: bytes, one: bytes, other: bytes) -> bytes:
    """The digest of two records (`record_key`), whichever comes first."""
    return _digest(key, _RECORDS, one, other)


def children_digest(key: bytes, one: str, other: str) -> bytes:
    """The digest of two child numbers, whichever comes first."""
    return _digest(key, _CHILDREN, one.encode(), other.encode())


def half_digest(key: bytes, record: bytes) -> bytes:
    """The digest of one record (`record_key`) that is half of some pair; of which, nothing says."""
    return hmac.digest(key, _HALF + record, "sha256")


def _digest(key: bytes, what: bytes, one: bytes, other: bytes) -> bytes:
    low, high = (one, other) if one < other else (other, one)
    return hmac.digest(key, what + low + b"\0" + high, "sha256")


def known_pairs() -> frozenset[bytes]:
    """Every digest kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pair FROM sealed_pair")
        return frozenset(bytes(row[0]) for row in cursor.fetchall())


def keep(digests: Iterable[bytes]) -> int:
    """Keep digests and return how many are new. There is no way to take one back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sealed_pair (pair) SELECT unnest(%s::bytea[]) ON CONFLICT DO NOTHING",
            [list(digests)],
        )
        return int(cursor.rowcount)
