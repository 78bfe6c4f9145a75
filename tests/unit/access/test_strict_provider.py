"""What an organisation's provider may answer, and all that it may not: each row changes one thing (R4)."""

import hmac
import json
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from contactpoint.access.organisation.provider import NotProven, Started, StrictProvider

NOW = 1_800_000_000
ISSUER, CLIENT = "https://login.example.org", "contactpoint"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
OTHER = ECKey.generate_key("P-256", {"kid": "one"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
KEYS = {"keys": [KEY.as_dict(private=False), RSA.as_dict(private=False)]}
PROVIDER = StrictProvider(
    issuer=ISSUER,
    client_id=CLIENT,
    authorization_endpoint=f"{ISSUER}/auth",
    token_endpoint=f"{ISSUER}/token",
    jwks_uri=f"{ISSUER}/keys",
    algorithms=frozenset({"ES256"}),
    acr=frozenset({"two-factors"}),
    amr=frozenset({"mfa"}),
)
STARTED = Started(state="s" * 43, nonce="n" * 43, verifier="v" * 86, again=False)
CLAIMS = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "amina",
    "nonce": STARTED.nonce,
    "iat": NOW - 5,
    "exp": NOW + 600,
    "amr": ["pwd", "mfa"],
    "email": "Amina@Example.org",
    "email_verified": True,
}


def token(key=KEY, header=None, **changed):
    claims = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not ...}
    header = {"alg": "ES256", "kid": "one", **(header or {})}
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def unsigned(**changed):
    def part(value):
        return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part({**CLAIMS, **changed})}."


def proven(text, started=STARTED):
    return PROVIDER.proven_by(text, KEYS, started, NOW)


def test_a_good_token_says_who():
    one = proven(token())
    assert (one.issuer, one.subject, one.email) == (ISSUER, "amina", "amina@example.org")


def test_an_address_that_the_provider_did_not_verify_is_none():
    for changed in ({"email_verified": False}, {"email_verified": "true"}, {"email": ...}):
        assert proven(token(**changed)).email is None


@pytest.mark.parametrize("changed", [{"amr": ..., "acr": "two-factors"}, {"amr": ["mfa"]}, {"aud": [CLIENT]}])
def test_what_is_as_good(changed):
    assert proven(token(**changed)).subject == "amina"


HOSTILE = {
    "a nonce of another sign-in": {"nonce": "x" * 43},
    "no nonce": {"nonce": ...},
    "a nonce that is no text": {"nonce": 7},
    "another issuer": {"iss": "https://evil.example.org"},
    "no issuer": {"iss": ...},
    "for somebody else": {"aud": "other"},
    "for us and somebody else": {"aud": [CLIENT, "other"]},
    "for nobody": {"aud": ...},
    "given to somebody else": {"azp": "other"},
    "expired": {"exp": NOW - 31},
    "never expires": {"exp": ...},
    "expires as text": {"exp": str(NOW + 600)},
    "made long ago": {"iat": NOW - 301},
    "made in the future": {"iat": NOW + 31},
    "made at no time": {"iat": ...},
    "true is no time": {"iat": True},
    "does not count yet": {"nbf": NOW + 31},
    "names nobody": {"sub": ...},
    "names an empty subject": {"sub": ""},
    "names a subject too long": {"sub": "x" * 256},
    "a password alone": {"amr": ["pwd"]},
    "no word of how": {"amr": ...},
    "how as one text": {"amr": "mfa"},
    "another class": {"amr": ..., "acr": "one-factor"},
    "classes as a list": {"amr": ..., "acr": ["two-factors"]},
}


@pytest.mark.parametrize("changed", HOSTILE.values(), ids=HOSTILE)
def test_a_token_that_is_wrong_in_one_thing_proves_nothing(changed):
    with pytest.raises(NotProven):
        proven(token(**changed))


def test_no_signature_is_no_proof():
    for text in (unsigned(), unsigned() + "x", "", "a.b", token().rsplit(".", 1)[0] + "."):
        with pytest.raises(NotProven):
            proven(text)


def by_shared_secret(secret):
    """A token that takes a text everybody knows for the secret."""
    head, body, _ = token(header={"alg": "ES256"}).split(".")
    head = urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    made = hmac.new(secret, f"{head}.{body}".encode(), "sha256").digest()
    return f"{head}.{body}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


def test_another_key_or_algorithm_is_no_proof():
    for text in (
        token(OTHER),
        token(RSA, {"alg": "RS256", "kid": "rsa"}),  # signed by the provider, but not as was agreed
        by_shared_secret(KEY.as_pem(private=False)),
        token(header={"kid": "unknown"}),
    ):
        with pytest.raises(NotProven):
            proven(text)


def test_every_changed_character_of_the_signature_is_noticed():
    head, signature = token().rsplit(".", 1)
    for place in range(0, len(signature), 7):
        changed = signature[:place] + ("A" if signature[place] != "A" else "B") + signature[place + 1 :]
        with pytest.raises(NotProven):
            proven(f"{head}.{changed}")


def test_whoever_had_to_prove_themselves_again_did_so_just_now():
    again = Started(state="s", nonce=STARTED.nonce, verifier="v", again=True)
    assert proven(token(auth_time=NOW - 10), again).subject == "amina"
    for changed in ({}, {"auth_time": NOW - 301}):
        with pytest.raises(NotProven):
            proven(token(**changed), again)


def test_what_is_asked_for_comes_from_us_alone():
    address = urlsplit(PROVIDER.address(STARTED, "https://cp.example/back"))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{ISSUER}/auth"
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] not in {STARTED.verifier, ""}
    assert STARTED.verifier not in address.query
    assert (asked["state"], asked["nonce"]) == (STARTED.state, STARTED.nonce)
    assert asked["acr_values"] == "two-factors"
    assert "prompt" not in asked


@pytest.mark.parametrize(
    "sent",
    [
        {"code": "c"},
        {"code": "c", "state": "other"},
        {"state": STARTED.state},
        {"state": STARTED.state, "code": "c", "error": "access_denied"},
        {"state": STARTED.state, "code": "c", "iss": "https://evil.example.org"},
    ],
)
def test_an_answer_to_nothing_we_asked_is_none(sent):
    with pytest.raises(NotProven):
        PROVIDER.code_in(sent, STARTED)


def test_we_prove_who_we_are_by_a_key_for_a_minute():
    form = PROVIDER.exchange("c", STARTED, "https://cp.example/back", KEY, NOW)
    claims = jwt.decode(form["client_assertion"], KEY, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == (CLIENT, ISSUER, 60)
    assert form["code_verifier"] == STARTED.verifier
    assert "client_secret" not in form


@pytest.mark.parametrize(
    "changed",
    [
        {"algorithms": frozenset()},
        {"algorithms": frozenset({"none"})},
        {"algorithms": frozenset({"HS256", "ES256"})},
        {"acr": frozenset(), "amr": frozenset()},
    ],
)
def test_a_provider_that_would_be_weaker_cannot_be(changed):
    plain = {name: getattr(PROVIDER, name) for name in StrictProvider.__dataclass_fields__}
    with pytest.raises(NotProven):
        StrictProvider(**{**plain, **changed})


def test_no_two_sign_ins_are_alike():
    one, other = Started.fresh(again=False), Started.fresh(again=False)
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
