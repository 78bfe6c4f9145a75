"""One organisation's OpenID provider: what we ask of it, and every check of what it answers (R4).

Nothing here knows of requests, sessions or accounts. What does not hold raises `NotProven`, which says to
nobody but the log what it was.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from contactpoint.domain.errors import ContactPointError

# Signed by the provider's own key; never "none", never a shared secret.
ALLOWED_ALGORITHMS: Final = frozenset({"RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA"})
LEEWAY: Final = 30  # seconds by which clocks may differ
OLDEST: Final = 300  # seconds since a token was made
FRESH: Final = 300  # seconds since somebody proved themselves, where that was asked for
_LONGEST_SUBJECT: Final = 255


class NotProven(ContactPointError):
    """What the provider answered does not prove who somebody is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What of a sign-in that was begun has to come back; it is kept in the session and counts once."""

    state: str
    nonce: str
    verifier: str
    again: bool

    @classmethod
    def fresh(cls, *, again: bool) -> "Started":
        """Random values that nobody can guess."""
        return cls(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
            again=again,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictProvider:
    """How one organisation signs its people in."""

    issuer: str
    client_id: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: frozenset[str]
    acr: frozenset[str]
    amr: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse a provider that could be weaker than our own sign-in."""
        if not self.algorithms or not self.algorithms <= ALLOWED_ALGORITHMS:
            raise NotProven("A provider signs with its own key, by an algorithm that is allowed.")
        if not (self.acr or self.amr):
            raise NotProven("A provider has to say what stands for a second factor.")

    def address(self, started: Started, back: str) -> str:
        """Where the browser is sent. Nothing in it comes from the visitor."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(started.verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": started.state,
            "nonce": started.nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        told = dict.fromkeys(("email", "email_verified", "acr", "amr", "auth_time"))
        asked["claims"] = json.dumps({"id_token": told})  # the token alone is signed: all has to be in it
        if self.acr:
            asked["acr_values"] = " ".join(sorted(self.acr))
        if started.again:
            asked |= {"prompt": "login", "max_age": "0"}
        joiner = "&" if "?" in self.authorization_endpoint else "?"
        return f"{self.authorization_endpoint}{joiner}{urlencode(asked)}"

    def code_in(self, sent: Mapping[str, str], started: Started) -> str:
        """The code that came back, in answer to just this sign-in.

        Raises:
            NotProven: it answers another one, or comes from another issuer, or says that nobody signed in.
        """
        if not hmac.compare_digest(sent.get("state", "").encode(), started.state.encode()):
            raise NotProven("The answer is not to this sign-in.")
        if sent.get("iss", self.issuer) != self.issuer:
            raise NotProven("The answer comes from another issuer.")
        if "error" in sent or not sent.get("code"):
            raise NotProven("The provider signed nobody in.")
        return sent["code"]

    def exchange(self, code: str, started: Started, back: str, key: ECKey, now: float) -> dict[str, str]:
        """What is sent to the token endpoint: the code, the proof that we began, and who we are."""
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "iat": int(now),
            "exp": int(now) + 60,
            "jti": secrets.token_urlsafe(24),
        }
        header = {"alg": "ES256", "kid": key.thumbprint()}
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.client_id,
            "code_verifier": started.verifier,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(header, claims, key, algorithms=["ES256"]),
        }

    def proven_by(self, id_token: str, keys: Mapping[str, Any], started: Started, now: float) -> Proven:
        """Whom an ID token vouches for, to us, now, in answer to this sign-in, with a second factor.

        Raises:
            NotProven: anything of that does not hold.
        """
        claims = self._signed_claims(id_token, keys)
        self._check_parties(claims)
        _check_times(claims, now)
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), started.nonce.encode()):
            raise NotProven("The token is not for this sign-in.")
        if not self._has_second_factor(claims):
            raise NotProven("The provider did not ask for a second factor.")
        if started.again:
            _check_fresh(claims, now)
        verified = claims.get("email_verified") is True and isinstance(claims.get("email"), str)
        email = str(claims["email"]).strip().lower() if verified else None
        return Proven(issuer=self.issuer, subject=_subject(claims), email=email)

    def _signed_claims(self, id_token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        if id_token.count(".") != 2:
            raise NotProven("There is no signed token.")
        try:
            public = KeySet.import_key_set({"keys": list(keys.get("keys", []))})
            return dict(jwt.decode(id_token, public, algorithms=sorted(self.algorithms)).claims)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise NotProven(f"The token is not signed as it has to be: {type(fault).__name__}.") from None

    def _check_parties(self, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != self.issuer:
            raise NotProven("The token is of another issuer.")
        if claims.get("aud") not in (self.client_id, [self.client_id]):
            raise NotProven("The token is not for us, or not for us alone.")
        if claims.get("azp", self.client_id) != self.client_id:
            raise NotProven("The token was given to somebody else.")

    def _has_second_factor(self, claims: Mapping[str, Any]) -> bool:
        methods = claims.get("amr")
        said = {one for one in methods if isinstance(one, str)} if isinstance(methods, list) else set()
        acr = claims.get("acr")
        return (isinstance(acr, str) and acr in self.acr) or bool(said & self.amr)


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    if _number(claims, "exp") <= now - LEEWAY:
        raise NotProven("The token has expired.")
    if not now - OLDEST <= _number(claims, "iat") <= now + LEEWAY:
        raise NotProven("The token was not made just now.")
    if "nbf" in claims and _number(claims, "nbf") > now + LEEWAY:
        raise NotProven("The token does not count yet.")


def _check_fresh(claims: Mapping[str, Any], now: float) -> None:
    if _number(claims, "auth_time") < now - FRESH:
        raise NotProven("Nobody proved again who they are.")


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise NotProven("The token names nobody.")
    return subject


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotProven(f"The token does not say {name}.")
    return float(value)
