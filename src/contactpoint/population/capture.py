"""How a name or a number is misread, misheard, romanised and cut short on its way into a system.

The rules of the second error model: they follow how a record came to be (a form was scanned, a clerk
listened, a name was written in our letters once more, an old system had no room), where `spelling` follows
how often two records were found to differ. Neither shares a table with the other. The functions are pure:
the same word and choice give the same answer; ``choice`` is any non-negative integer.
"""

from collections.abc import Callable, Iterable

from contactpoint.population.tables import pet_names

ROOM = 12
"""Letters that an old system has room for."""

_SHAPES: tuple[tuple[str, str], ...] = (
    *(("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("nn", "m"), ("ri", "n"), ("li", "h"), ("vv", "w")),
    *(("a", "o"), ("o", "a"), ("u", "n"), ("n", "u"), ("e", "c"), ("c", "e"), ("f", "t"), ("t", "f")),
    *(("g", "y"), ("y", "g"), ("r", "v"), ("v", "r"), ("i", "l"), ("l", "i"), ("b", "h"), ("h", "b")),
    *(("k", "h"), ("s", "r"), ("w", "m"), ("q", "g"), ("p", "f"), ("z", "y"), ("j", "i"), ("x", "r")),
)
"""What a scanner, or a tired reader of handwriting, takes for something else."""

_EAR: tuple[tuple[str, str], ...] = (
    *(("th", "f"), ("f", "th"), ("b", "p"), ("p", "b"), ("d", "t"), ("t", "d"), ("g", "k"), ("v", "f")),
    *(("m", "n"), ("n", "m"), ("sh", "ch"), ("ch", "sh"), ("s", "f"), ("z", "s"), ("j", "ch"), ("l", "w")),
    *(("an", "en"), ("en", "an"), ("in", "en"), ("a", "u"), ("e", "i"), ("i", "e"), ("o", "a"), ("u", "o")),
    *(("h", ""), ("er", "a"), ("r", ""), ("ia", "ier"), ("qu", "cw"), ("w", "wh"), ("k", "g"), ("y", "ey")),
)
"""What sounds much the same down a telephone."""

_SCRIPTS: dict[str, tuple[tuple[str, str], ...]] = {
    "arabic": (
        *(("ou", "u"), ("u", "ou"), ("oo", "ou"), ("ee", "i"), ("i", "ee"), ("kh", "x"), ("x", "h")),
        *(("q", "gh"), ("gh", "q"), ("dh", "th"), ("aa", "a"), ("a", "aa"), ("ei", "ay"), ("ay", "ei")),
        *(("j", "dj"), ("y", "i"), ("w", "ou"), ("c", "")),
    ),
    "indian": (
        *(
            ("v", "w"),
            ("w", "v"),
            ("ee", "i"),
            ("i", "ee"),
            ("oo", "u"),
            ("u", "oo"),
            ("t", "th"),
            ("th", "t"),
        ),
        *(("sh", "s"), ("a", "aa"), ("zh", "l"), ("bh", "b"), ("d", "dh"), ("j", "z"), ("r", "ru")),
    ),
    "slavic": (
        *(("sz", "sh"), ("cz", "ch"), ("rz", "zh"), ("w", "v"), ("j", "y"), ("ch", "h"), ("ie", "e")),
        *(("c", "ts"), ("y", "i"), ("ks", "x")),
    ),
    "romance": (("x", "sh"), ("j", "zh"), ("lh", "ly"), ("nh", "ny"), ("c", "k"), ("qu", "k"), ("ie", "ye")),
    "turkish": (("c", "dj"), ("s", "sh"), ("g", "gh"), ("y", "j"), ("i", "y"), ("u", "ue"), ("o", "oe")),
    "chinese": (
        *(("xi", "hsi"), ("x", "hs"), ("zh", "ch"), ("q", "ch"), ("j", "ch"), ("ong", "ung"), ("ou", "ow")),
        *(("ui", "wei"), ("b", "p"), ("d", "t"), ("g", "k"), ("i", "ee")),
    ),
}
SCRIPT_OF = {
    **dict.fromkeys(("pakistani", "bangladeshi", "arab", "somali", "afghan"), "arabic"),
    **dict.fromkeys(("sikh", "hindu", "tamil"), "indian"),
    **dict.fromkeys(("romanian", "latin"), "romance"),
    "polish": "slavic",
    "turkish": "turkish",
    "chinese": "chinese",
}
"""By tradition, the letters from which its names come into ours; others were always written in ours."""

_DIGITS = {
    "0": "68",
    "1": "74",
    "2": "7",
    "3": "85",
    "4": "91",
    "5": "63",
    "6": "05",
    "7": "12",
    "8": "30",
    "9": "47",
}


def _first_that_fits(word: str, rules: tuple[tuple[str, str], ...], choice: int) -> str:
    """The word with one rule applied after its first letter, beginning with the chosen one; or unchanged."""
    small = word.lower()
    for step in range(len(rules)):
        old, new = rules[(choice + step) % len(rules)]
        places = [at for at in range(1, len(word)) if small.startswith(old, at) and word[at] == small[at]]
        if places:
            at = places[choice // len(rules) % len(places)]
            return word[:at] + new + word[at + len(old) :]
    return word


def misread(word: str, choice: int) -> str:
    """One shape taken for another."""
    return _first_that_fits(word, _SHAPES, choice)


def misheard(word: str, choice: int) -> str:
    """One sound taken for another."""
    return _first_that_fits(word, _EAR, choice)


def romanised(word: str, choice: int, tradition: str) -> str:
    """The name written in our letters once more, by another rule; unchanged where it always was in ours."""
    script = SCRIPT_OF.get(tradition)
    return _first_that_fits(word, _SCRIPTS[script], choice) if script else word


def cut_short(word: str) -> str:
    """What an old system has room for."""
    return word[:ROOM].rstrip(" -'")


def run_together(word: str, choice: int) -> str:
    """A double name as one word, or its parts the other way round."""
    parts = word.replace("-", " ").split(" ")
    if len(parts) != 2:
        return word
    first, second = parts
    return f"{second}-{first}" if choice % 3 == 0 else first + second.lower()


def pet_name(word: str, choice: int) -> str:
    """The name used at home, where the examiner's own list has one; else unchanged."""
    known = pet_names().get(word, ())
    return known[choice % len(known)] if known else word


def digit_misread(digits: str, choice: int) -> str:
    """One digit taken for another of much the same shape; what is no digit stays."""
    places = [at for at, letter in enumerate(digits) if letter.isdigit()]
    if not places:
        return digits
    at = places[choice % len(places)]
    alike = _DIGITS[digits[at]]
    return digits[:at] + alike[choice // 7 % len(alike)] + digits[at + 1 :]


_RULES: dict[str, Callable[[str, int], str]] = {
    "misread": misread,
    "misheard": misheard,
    "run_together": run_together,
    "pet_name": pet_name,
}


def each(rule: str, words: Iterable[str | None], choices: Iterable[int]) -> list[str]:
    """Apply a rule of this module to every word, each with its choice."""
    return [_RULES[rule](word or "", choice) for word, choice in zip(words, choices, strict=True)]
