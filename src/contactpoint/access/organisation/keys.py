"""The key by which we prove to providers who we are. Its public half is given to them; there is no secret."""

from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.jwk import ECKey

from contactpoint.domain.errors import Misconfigured


def new_key() -> str:
    """A new private key, as PEM text."""
    return ECKey.generate_key("P-256").as_pem(private=True).decode("ascii")


def our_key() -> ECKey:
    """The key of this installation.

    Raises:
        Misconfigured: there is none.
    """
    path = settings.SIGN_IN_KEY
    if not path:
        raise Misconfigured("CONTACTPOINT_SIGN_IN_KEY names no key: nobody signs in with an organisation.")
    return ECKey.import_key(Path(path).read_text(encoding="ascii"))


def public_keys(key: ECKey) -> dict[str, Any]:
    """Its public half, as providers take it."""
    public = key.as_dict(private=False)
    return {"keys": [{**public, "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}]}
