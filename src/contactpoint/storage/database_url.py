"""DATABASE_URL: what it names, and that nothing crosses a network unencrypted.

A server on this machine is spoken to as it is. Any other must prove by certificate that it is the one named,
whether or not the address asks for that: libpq's own default would go on in the clear.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from contactpoint.domain.errors import Misconfigured

_HERE: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})
_TLS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey")
_PROVEN: Final = "verify-full"


def secured(url: str) -> str:
    """The address with what TLS needs written into it.

    Raises:
        Misconfigured: it is no address of PostgreSQL, asks for something unknown, or for less than a server
            elsewhere has to prove.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Misconfigured("DATABASE_URL must begin with postgresql://")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(asked) - set(_TLS)):
        raise Misconfigured(f"DATABASE_URL may ask for {', '.join(_TLS)}, not for {', '.join(unknown)}.")
    if (parts.hostname or "") not in _HERE:
        asked = {"sslmode": _PROVEN, "sslrootcert": "system", **asked}
        if asked["sslmode"] != _PROVEN:
            raise Misconfigured(
                "DATABASE_URL names a server elsewhere, whose certificate must be checked: leave sslmode "
                f"out, or write sslmode={_PROVEN}, and sslrootcert=FILE where the authority is your own."
            )
    where = url.partition("?")[0]
    return f"{where}?{urlencode(asked, safe='/')}" if asked else where


def connection_of(url: str) -> Mapping[str, str]:
    """What the address names, in libpq's words: host, port, user, password, dbname and what TLS needs.

    Raises:
        Misconfigured: as `secured`.
    """
    parts = urlsplit(secured(url))
    given = {
        "host": parts.hostname or "",
        "port": str(parts.port or ""),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path.lstrip("/")),
        **dict(parse_qsl(parts.query)),
    }
    return {name: value for name, value in given.items() if value}
