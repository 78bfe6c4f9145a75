"""Names as people write them, and the forms that matching and the search index compare.

A name is folded once: accents and case away, apostrophes closed up ("O'Brien" is "obrien"), hyphens opened
("Anne-Marie" is "anne marie"). Letters of every script survive. Nothing here depends on anything but the
text, so keys written today equal keys written by another process or another release.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Final

from doublemetaphone import doublemetaphone

MAX_NAME: Final = 60
"""Longer names are cut here: no name of a person is longer, and an absurd one must not cost time."""

HONORIFICS: Final = frozenset({"kaur", "singh", "begum", "bibi", "khatun", "khatoon", "bano", "devi"})
"""Names that custom gives to many who are not related (Tucker, Nomina 27, 2004): weak when shared."""

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_CLOSED_UP: Final = frozenset("'`´’‘ʼʻʹ′＇")
_ASCII: Final = {
    point: (chr(point).lower() if chr(point).isalnum() else "" if chr(point) in _CLOSED_UP else " ")
    for point in range(128)
}
_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "mstr", "master", "mx", "dr", "rev", "sir", "lady"})
_PLACEHOLDERS: Final = frozenset(
    [
        "unknown",
        "unk",
        "notknown",
        "nk",
        "na",
        "none",
        "nil",
        "null",
        "fnu",
        "lnu",
        "test",
        "nosurname",
        "noname",
        "nofirstname",
        "noforename",
        "unnamed",
        "baby",
        "babyboy",
        "babygirl",
        "infant",
        "newborn",
        "neonate",
        "twin",
        "triplet",
        "male",
        "female",
        "boy",
        "girl",
    ]
)
_COUNTING: Final = frozenset(
    [
        "of",
        "one",
        "two",
        "three",
        "i",
        "ii",
        "iii",
        "a",
        "b",
        "c",
        "d",
        "not",
        "known",
        "first",
        "second",
        "no",
        "name",
    ]
)

FIRST_WORDS: Final = _TITLES | _PLACEHOLDERS
"""Only a text that begins with one of these, or is one, may hold a title or no name (`named`)."""


@lru_cache(maxsize=500_000)
def fold(text: str) -> str:
    """Return `text` in small letters without accents; apostrophes close up, other marks become a space."""
    return folded(text)


def folded(text: str) -> str:
    """`fold`, not remembered: for those who ask about each text once."""
    if text.isascii():  # most names are, and there are millions
        return " ".join(text[: MAX_NAME * 4].translate(_ASCII).split())[:MAX_NAME].rstrip()
    plain = unicodedata.normalize("NFKD", text[: MAX_NAME * 4]).casefold().translate(_LETTERS)
    kept = [
        character if character.isalnum() or unicodedata.category(character)[0] == "M" else " "
        for character in plain
        if not "\u0300" <= character <= "\u036f" and character not in _CLOSED_UP
    ]
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())[:MAX_NAME].rstrip()


@lru_cache(maxsize=500_000)
def name_of(text: str | None) -> str:
    """Return the folded name in `text` without titles; "" if there is none or it only holds a place.

    "Baby", "Twin 2", "Unknown" and the like say nothing about the child, so they count as missing.
    """
    return named(text)


def named(text: str | None) -> str:
    """`name_of`, not remembered."""
    if not text:
        return ""
    words = folded(text).split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    joined = "".join(words)
    if joined in _PLACEHOLDERS:
        return ""
    if words and words[0] in _PLACEHOLDERS and all(_holds_a_place(word) for word in words):
        return ""
    return " ".join(words)


def _holds_a_place(word: str) -> bool:
    return word in _PLACEHOLDERS or word in _COUNTING or word.isdigit()


def joined(name: str) -> str:
    """Return a folded name without its spaces, so that "mary jane" and "maryjane" are one."""
    return name.replace(" ", "")


def is_initial(name: str) -> bool:
    """Say whether a joined name is a letter alone, of an alphabet that has capitals: 王 alone is a name."""
    return len(name) == 1 and name.upper() != name


@lru_cache(maxsize=500_000)
def phonetic_keys(name: str) -> tuple[str, ...]:
    """Return the primary and, where it differs, the alternate double metaphone of a name (Philips, 2000).

    A name in letters that the method does not know has no key, hence an empty tuple.
    """
    return sounds_of(fold(name))


def sounds_of(name: str) -> tuple[str, ...]:
    """`phonetic_keys` of a name that is folded, not remembered."""
    primary, alternate = doublemetaphone(joined(name))
    return tuple(dict.fromkeys(key for key in (primary, alternate) if key))


def name_hash(text: str) -> int:
    """Return a stable signed 64-bit number for `text` (BLAKE2b), to store and index in place of it."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def nicknames(name: str) -> frozenset[str]:
    """Return the folded names that a child called `name` may also go by, and other spellings of it."""
    key = joined(name_of(name))
    return _neighbours("nicknames.txt").get(key, frozenset()) | _fellows("forename_spellings.txt").get(
        key, frozenset()
    )


def is_nickname(first: str, second: str) -> bool:
    """Say whether two joined forenames stand together in the nickname table."""
    return second in _neighbours("nicknames.txt").get(first, frozenset())


def same_forename_spelling_group(first: str, second: str) -> bool:
    """Say whether two joined forenames are spellings of one name ("mohammed", "muhammad")."""
    return second in _fellows("forename_spellings.txt").get(first, frozenset())


def are_surname_variants(first: str, second: str) -> bool:
    """Say whether two joined surnames stand together in the variant table."""
    return second in _neighbours("surname_variants.txt").get(first, frozenset())


def variant_pairs(table: str) -> Iterable[tuple[str, str]]:
    """Yield each pair of names that `table` ("nicknames", "forename_spellings") holds, both ways."""
    found = _fellows(f"{table}.txt") if table == "forename_spellings" else _neighbours(f"{table}.txt")
    for name, others in found.items():
        for other in others:
            yield name, other


def _rows(table: str) -> Iterable[list[str]]:
    text = (files("contactpoint.linking") / "tables" / table).read_text(encoding="utf-8")
    return (line.split() for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _neighbours(table: str) -> dict[str, frozenset[str]]:
    """Read lines of one name and the names it goes with."""
    found: dict[str, set[str]] = {}
    for name, *others in _rows(table):
        for other in others:
            found.setdefault(name, set()).add(other)
            found.setdefault(other, set()).add(name)
    return {name: frozenset(others) for name, others in found.items()}


@cache
def _fellows(table: str) -> dict[str, frozenset[str]]:
    """Read lines of names that all go together."""
    found: dict[str, set[str]] = {}
    for group in _rows(table):
        for one, other in combinations(group, 2):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {name: frozenset(others) for name, others in found.items()}
