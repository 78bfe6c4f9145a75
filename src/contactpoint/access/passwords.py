"""Which passwords are refused beyond being too short: those that are guessed first, and those that leaked.

No rule says which kinds of characters a password must have, and none ever runs out: such rules make people
choose guessable ones (NIST SP 800-63B).
"""

import hashlib
import re
import string
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from contactpoint.domain.errors import Misconfigured
from contactpoint.storage.models.accounts import Membership

_TRIED_FIRST: Final = (
    "contactpoint contact point synthetic england safeguarding safeguard children childrens child services "
    "service council borough county social worker work school nurse health doctor police teacher education "
    "practitioner directory record password passwort passphrase welcome letmein changeme secret login account"
)
WORDS: Final = tuple(_TRIED_FIRST.split())
"""What somebody would try first here; a person's own name, address, title and organisations are added."""

_LEAST_OWN: Final = 6  # letters or digits beside such words
_FEWEST_KINDS: Final = 5  # different characters
_ROWS: Final = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_TRIMMINGS: Final = string.digits + string.punctuation + string.whitespace
_DISGUISES: Final = str.maketrans("@4310$5!7", "aaeiossit")
_NOT_TOLD: Final = re.compile(r"[\W_]+")


class NotGuessable:
    """Refuses a common password, a word of this service or of its owner, a row of keys or a repetition."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that would be tried first."""
        typed = password.casefold()
        meant = typed.strip(_TRIMMINGS).translate(_DISGUISES)
        told = filter(None, (_NOT_TOLD.sub("", one) for one in (typed, meant)))
        if len(set(typed)) < _FEWEST_KINDS or any(_is_guessable(one, user) for one in told):
            raise ValidationError(
                "Choose a password that is harder to guess: not your name, your work or a common password "
                "with figures added. Three words you can remember are good.",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return "It must not be a common password, your name or a word of your work."


class NotLeaked:
    """Refuses a password that is in the list of leaked ones that whoever runs the service keeps, if any."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password of the list; it is looked up here, and told to nobody."""
        del user
        if settings.LEAKED_PASSWORDS and is_listed(Path(settings.LEAKED_PASSWORDS), password):
            raise ValidationError(
                "This password has leaked from some service, and is among the first that are tried. Choose "
                "another. Three words you can remember are good.",
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return "It must not be one that has leaked."


def is_listed(file: Path, password: str) -> bool:
    """Whether the SHA-1 of a password stands in a sorted file of lines HASH or HASH:COUNT.

    That is the form in which leaked passwords are published. The file is searched by halves, not read.

    Raises:
        Misconfigured: it cannot be read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with file.open("rb") as lines:
            low, high = 0, file.stat().st_size
            while low < high:
                middle = (low + high) // 2
                lines.seek(middle)
                if middle:
                    lines.readline()  # the rest of a line that began before
                at, line = lines.tell(), lines.readline()
                if not line or line[:40].upper() > wanted:
                    high = middle
                elif line[:40].upper() == wanted:
                    return True
                else:
                    low = max(at, middle + 1)
            lines.seek(0)
            return lines.readline()[:40].upper() == wanted
    except OSError:
        raise Misconfigured("CONTACTPOINT_LEAKED_PASSWORDS names a file that cannot be read.") from None


def _is_guessable(plain: str, user: Any) -> bool:
    core = plain.strip(string.digits)
    return (
        any(plain in row * 4 or plain[::-1] in row * 4 for row in _ROWS)
        or plain in (plain + plain)[1:-1]  # a shorter text, repeated
        or core in _common()
        or len(_without(plain, [*WORDS, *_words_of(user)])) < _LEAST_OWN
    )


def _without(plain: str, words: list[str]) -> str:
    """What is left when every known word is taken out, longest first."""
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, "")
    return plain


def _words_of(user: Any) -> list[str]:
    """The words that name a person: longer than two letters, so that none is in everything."""
    if user is None:
        return []
    said = [user.name, user.email, user.job_title]
    if user.pk:
        belongs = Membership.objects.filter(account_id=user.pk)
        said += belongs.values_list("organisation__name", flat=True)
    return [word for text in said for word in _NOT_TOLD.split(text.casefold()) if len(word) > 2]


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
