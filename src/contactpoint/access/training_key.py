"""The key of a training directory (Ed25519, RFC 8037); its being there makes a data folder one."""

from typing import Any, Final

from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"


def new_key() -> str:
    """A new private key of a training directory, as PEM text."""
    return OKPKey.generate_key("Ed25519").as_pem(private=True).decode("ascii")


def public_key(private: str) -> dict[str, Any]:
    """The public half of a key, as it is given to a directory that trusts it (a JWK, RFC 8037)."""
    key = OKPKey.import_key(private)
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
