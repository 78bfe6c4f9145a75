"""Which passwords may be chosen: long ones that nobody would try first, of whatever characters."""

import hashlib
from types import SimpleNamespace

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from contactpoint.access.passwords import is_listed
from contactpoint.domain.errors import Misconfigured

AMINA = SimpleNamespace(
    pk=None, name="Amina Shah", email="amina.shah@example.org", job_title="Health visitor"
)

REFUSED = [
    "short-one",
    "password1234",
    "Password1234!",
    "P@ssw0rd1234",
    "contactpoint",
    "ContactPoint2026!",
    "c0ntactp0int-2026",
    "safeguarding children",
    "amina.shah.1984",
    "AminaShah!!!2026",
    "health-visitor-7",
    "qwertyuiopqwerty",
    "poiuytrewqpoi",
    "123456789012",
    "098765432109",
    "abcdefghijklm",
    "aaaaaaaaaaaaaaa",
    "!!!!!!!!!!!!!!",
    "abababababab",
    "horsehorsehorse",
    "iloveyou-2026",
]
ACCEPTED = [
    "correct horse battery staple",
    "another horse battery",
    "no figures no capitals no signs",
    "ALLCAPITALSANDNOTHINGELSE",
    "739185264013",
    "ünïcode 很長的密碼 fine",
    "  leading and trailing  ",
    "x7#Qm2!vLp9z",
    "word " * 3 + "and then a hundred more " * 10,
    "Amina walks four grey dogs",
]


@pytest.mark.parametrize("password", REFUSED)
def test_what_would_be_tried_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, AMINA)


@pytest.mark.parametrize("password", ACCEPTED)
def test_no_rule_says_which_characters(password):
    validate_password(password, AMINA)


@pytest.fixture
def leaked(tmp_path):
    """A list of three thousand leaked passwords, in the form in which such lists are published."""
    hashes = sorted(hashlib.sha1(f"leaked from there {n}".encode()).hexdigest().upper() for n in range(3000))
    file = tmp_path / "leaked.txt"
    file.write_text("".join(f"{one}:{n % 97}\r\n" for n, one in enumerate(hashes)), newline="")
    return file


def test_a_leaked_password_is_found_wherever_it_stands(leaked):
    assert all(is_listed(leaked, f"leaked from there {n}") for n in range(3000))
    assert not any(is_listed(leaked, f"fresh {n}") for n in range(300))


@pytest.mark.parametrize("held", ["", "{}\n", "{}", "{}:5\n"])
def test_a_list_of_none_or_one(tmp_path, held):
    file = tmp_path / "leaked.txt"
    file.write_text(held.format(hashlib.sha1(b"only").hexdigest()))
    assert is_listed(file, "only") == bool(held)
    assert not is_listed(file, "another")


def test_a_leaked_password_is_refused_where_a_list_is_kept(leaked, settings):
    validate_password("leaked from there 1234", None)
    settings.LEAKED_PASSWORDS = str(leaked)
    with pytest.raises(ValidationError, match="has leaked"):
        validate_password("leaked from there 1234", None)
    settings.LEAKED_PASSWORDS = str(leaked.with_name("gone"))
    with pytest.raises(Misconfigured, match="CONTACTPOINT_LEAKED_PASSWORDS"):
        validate_password("leaked from there 1234", None)
