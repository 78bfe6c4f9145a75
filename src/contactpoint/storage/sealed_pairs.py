"""Two halves of a sealed identity must never meet (R35), and no row may name both.

What is kept is HMAC-SHA256 of the two keys, smaller first, under a key that only the worker holds. A pair of
records, a pair of children and one half by itself are told apart by what is hashed before them.

The way from one child of a pair to the other is the other's number, encrypted under a key that is made of the
worker's and of the first one's number: it opens for whoever has both, and a table of ways names nobody.
"""

import hmac
from collections.abc import Collection, Iterable
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

from contactpoint.domain.errors import Misconfigured

_RECORDS: Final = b"records\0"
_CHILDREN: Final = b"children\0"
_HALF: Final = b"half\0"
_WAY, _WAY_KEY, _WAY_NONCE = b"way\0", b"way key\0", b"way nonce\0"
_NONCE: Final = 12
_PADDED: Final = 16  # a child number and more
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


def keep_children_apart(key: bytes, pairs: Collection[tuple[str, str]]) -> None:
    """Keep the digests of pairs of child numbers, and the ways from each to the other; never taken back."""
    keep(children_digest(key, one, other) for one, other in pairs)
    ways = {_way(key, *pair) for one, other in pairs for pair in ((one, other), (other, one))}
    with connection.cursor() as cursor:
        # In no order that would tell which two were written together.
        cursor.executemany(
            "INSERT INTO sealed_half (half, other) VALUES (%s, %s) ON CONFLICT DO NOTHING", sorted(ways)
        )


def others_of(key: bytes, numbers: Collection[str]) -> tuple[str, ...]:
    """The child numbers to which there is a way from any of these, which are all of one child."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT other FROM sealed_half WHERE half = %s", [_half(key, number)])
            found |= {_opened(key, number, bytes(row[0])) for row in cursor.fetchall()}
    return tuple(sorted(found - set(numbers)))


def forget_ways(numbers: Collection[str]) -> int:
    """Take away the ways from and to numbers that are purged; return how many. The digests stay (ADR 22).

    Where there is no way at all, no key is needed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM sealed_half)")
        if not cursor.fetchone()[0]:
            return 0
    key = pair_key()
    ways = {
        _way(key, *pair)
        for number in numbers
        for other in others_of(key, [number])
        for pair in ((number, other), (other, number))
    }
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sealed_half WHERE other = ANY(%s)", [[other for _, other in ways]])
        return int(cursor.rowcount)


def crossing_digest(key: bytes, number: str, others: Collection[str]) -> str:
    """What the audit says of a crossing: with the key and the numbers it can be shown which one it was."""
    said = b"\0".join(one.encode() for one in (number, *sorted(others)))
    return hmac.digest(key, b"crossing\0" + said, "sha256").hex()


def _half(key: bytes, number: str) -> bytes:
    return hmac.digest(key, _WAY + number.encode(), "sha256")


def _way(key: bytes, number: str, other: str) -> tuple[bytes, bytes]:
    """The row of a way: the same each time it is made, so that a file that is loaded again adds nothing."""
    plain = other.encode().ljust(_PADDED, b"\0")
    nonce = hmac.digest(key, _WAY_NONCE + number.encode() + b"\0" + plain, "sha256")[:_NONCE]
    return _half(key, number), nonce + _cipher(key, number).encrypt(nonce, plain, None)


def _opened(key: bytes, number: str, way: bytes) -> str:
    return _cipher(key, number).decrypt(way[:_NONCE], way[_NONCE:], None).rstrip(b"\0").decode()


def _cipher(key: bytes, number: str) -> AESGCM:
    return AESGCM(hmac.digest(key, _WAY_KEY + number.encode(), "sha256"))


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
