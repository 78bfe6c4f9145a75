"""How names are respelt, shortened and mistyped, one word at a time, by rule.

These functions are pure: the same word and choice give the same answer. ``choice`` is any non-negative
integer.
"""

import unicodedata
from functools import cache, lru_cache

from contactpoint.population.tables import forenames, short_forms, spellings, surname_variants, surnames

#: Replacements that leave an English speaker's pronunciation alone.
_SOUNDS: tuple[tuple[str, str], ...] = (
    ("ph", "f"),
    ("ck", "k"),
    ("leigh", "ley"),
    ("ley", "leigh"),
    ("lee", "lea"),
    ("ie", "y"),
    ("ey", "y"),
    ("ay", "ai"),
    ("ai", "ay"),
    ("ee", "i"),
    ("ou", "u"),
    ("oo", "u"),
    ("tt", "t"),
    ("ll", "l"),
    ("nn", "n"),
    ("mm", "m"),
    ("ss", "s"),
    ("rr", "r"),
    ("ff", "f"),
    ("z", "s"),
    ("c", "k"),
    ("k", "c"),
    ("y", "i"),
    ("i", "y"),
    ("ei", "ie"),
    ("ea", "ee"),
    ("au", "aw"),
    ("w", "v"),
    ("q", "k"),
    ("dh", "d"),
    ("kh", "k"),
    ("bh", "b"),
    ("th", "t"),
    ("h", ""),
    ("a", "ah"),
    ("n", "nn"),
    ("l", "ll"),
    ("t", "tt"),
    ("s", "ss"),
    ("m", "mm"),
    ("r", "rr"),
    ("e", "ea"),
    ("o", "oh"),
    ("u", "oo"),
    ("d", "dd"),
    ("g", "gg"),
    ("p", "pp"),
    ("b", "bb"),
    ("x", "ks"),
    ("j", "g"),
    ("v", "vv"),
)
_NEIGHBOURS = {
    "q": "wa",
    "w": "qes",
    "e": "wrd",
    "r": "etf",
    "t": "ryg",
    "y": "tuh",
    "u": "yij",
    "i": "uok",
    "o": "ipl",
    "p": "ol",
    "a": "qsz",
    "s": "adwx",
    "d": "sfec",
    "f": "dgrv",
    "g": "fhtb",
    "h": "gjyn",
    "j": "hkum",
    "k": "jlio",
    "l": "kop",
    "z": "xas",
    "x": "zcsd",
    "c": "xvdf",
    "v": "cbfg",
    "b": "vngh",
    "n": "bmhj",
    "m": "njk",
}
#: Letters a scanner or a tired reader takes for others.
_LOOKALIKE = {
    "m": "rn",
    "w": "vv",
    "d": "cl",
    "l": "i",
    "i": "l",
    "o": "c",
    "e": "c",
    "h": "b",
    "n": "u",
    "u": "v",
    "g": "q",
}
_ENDINGS = ("a", "e", "ie", "in", "on", "er", "ah", "y", "ina", "son", "ley", "ton", "s", "en")
_KEPT = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "đ": "d", "ß": "ss", "ə": "e"}


def _respell(word: str, old: str, new: str) -> str:
    """The word with the first inner ``old`` replaced, or unchanged; the first letter is never lost."""
    place = word.lower().find(old, 1)
    if place < 1 or word[place : place + len(old)].lower() != old:
        return word
    return word[:place] + new + word[place + len(old) :]


@lru_cache(maxsize=65536)
def sounds_alike(word: str, choice: int) -> str:
    """Another spelling of the same sound: a known variant first, else one rule applied."""
    known = spellings().get(word, ()) + surname_variants().get(word, ())
    if known and choice % 4:
        return known[choice % len(known)]
    for step in range(len(_SOUNDS)):
        old, new = _SOUNDS[(choice + step) % len(_SOUNDS)]
        found = _respell(word, old, new)
        if found != word and found[-2:] != word[-1] * 2 + "h":
            return found
    return word + word[-1]


@cache
def _by_start() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Listed forenames and surnames by their first three letters, the commonest dozen of each."""
    found: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    listed = (dict.fromkeys(f.name for f in forenames()), dict.fromkeys(name for name, _ in surnames()))
    for names, starts in zip(listed, found, strict=True):
        for name in names:
            same = starts.setdefault(name[:3], [])
            if len(same) < 12:
                same.append(name)
    return found


def similar_start(word: str, choice: int, *, surname: bool = False) -> str:
    """A different name beginning with the same letters: a misreading rather than a misspelling."""
    others = [name for name in _by_start()[surname].get(word[:3], []) if name != word]
    if others:
        return others[choice % len(others)]
    keep = max(2, min(len(word) - 2, 4))
    found = word[:keep] + _ENDINGS[choice % len(_ENDINGS)]
    return found if found != word else word[:keep] + _ENDINGS[(choice + 1) % len(_ENDINGS)]


def mistyped(word: str, choice: int) -> str:
    """One keying slip: a neighbouring key, two letters changed round, one lost, doubled or misread."""
    if len(word) < 3:
        return word + word[-1:].lower()
    kind, place = choice % 5, 1 + (choice // 5) % (len(word) - 1)
    letter = word[place].lower()
    if kind == 0:
        keys = _NEIGHBOURS.get(letter, "e")
        return word[:place] + keys[choice // 7 % len(keys)] + word[place + 1 :]
    if kind == 1 and place < len(word) - 1 and word[place] != word[place + 1]:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 2:
        return word[:place] + word[place + 1 :]
    if kind == 3:
        return word[:place] + word[place] + word[place:]
    return word[:place] + _LOOKALIKE.get(letter, letter * 2) + word[place + 1 :]


def familiar(word: str, choice: int) -> str | None:
    """The name a child so named is called by, if a short form is known; the commonest most often."""
    known = short_forms().get(word)
    if not known:
        return None
    return known[0] if choice % 2 else known[choice // 2 % len(known)]


def without_accents(word: str) -> str:
    """The word in unaccented Latin letters, as an old system stores it."""
    spread = unicodedata.normalize("NFKD", word)
    return "".join(_KEPT.get(c, c) for c in spread if not unicodedata.combining(c))


def without_punctuation(word: str, choice: int) -> str:
    """The word with its hyphen or apostrophe lost: a space in place of a hyphen, or nothing."""
    joined = "".join(p if i == 0 or choice % 2 else p.lower() for i, p in enumerate(word.split("'")))
    return joined.replace("-", " " if choice % 3 else "")


def one_of_two(word: str, choice: int) -> str:
    """One part of a double name."""
    parts = word.replace("-", " ").split(" ")
    return parts[choice % len(parts)]


def initial(word: str, _choice: int) -> str:
    """The first letter alone."""
    return word[:1]


def rare_variant(word: str, choice: int) -> str:
    """An invented but plausible rare spelling, for the long tail of names used once or twice a year."""
    swaps = (
        ("y", "ie"),
        ("ie", "y"),
        ("c", "k"),
        ("i", "y"),
        ("ai", "ay"),
        ("ey", "ie"),
        ("n", "nn"),
        ("l", "ll"),
        ("ss", "s"),
        ("ah", "a"),
        ("er", "ah"),
        ("ie", "ee"),
        ("k", "kh"),
        ("ll", "l"),
        ("z", "zz"),
    )
    for step in range(len(swaps)):
        old, new = swaps[(choice + step) % len(swaps)]
        found = _respell(word, old, new)
        if found != word:
            return found
    return word + "h"
