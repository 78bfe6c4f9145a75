"""Searches as people type them: what they know, with the mistakes they make.

Each query is made from the truth about one unshielded child, never from the directory, and shares no code or
table with the matcher: the examiner must not know what the examined expects.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

Typed = dict[str, Any]
Child = dict[str, Any]

_NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et",
    "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "xs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """One search: the kind of mistake, what is typed, and the person who should be found."""

    kind: str
    typed: Typed
    person: int


def mistype(name: str, chance: random.Random) -> str:
    """One slip of the finger: a letter left out, doubled or swapped, or the key beside it."""
    if len(name) < 3:
        return name + name[-1:]
    at = chance.randrange(1, len(name) - 1)
    slip = chance.randrange(4)
    if slip == 0:
        return name[:at] + name[at + 1 :]
    if slip == 1:
        return name[:at] + name[at] + name[at:]
    if slip == 2:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    beside = _NEIGHBOURS.get(name[at].lower())
    return name[:at] + (chance.choice(beside) if beside else "e") + name[at + 1 :]


def swap_day_and_month(born: date) -> date | None:
    """The date with day and month the wrong way round, where that is a date."""
    return born.replace(day=born.month, month=born.day) if born.day <= 12 and born.day != born.month else None


def wrong_digit(born: date, chance: random.Random) -> date:
    """The date with one digit of its day wrong, still a date."""
    while True:
        day = born.day + chance.choice((-10, -3, -2, -1, 1, 2, 3, 10))
        if 1 <= day <= 28:
            return born.replace(day=day)


def _named(child: Child, **more: object) -> Typed:
    return {"forename": child["forename"], "surname": child["surname"], **more}


def _district(child: Child) -> str:
    return str(child["postcode"]).split()[0]


def _exact(child: Child, _chance: random.Random) -> Typed:
    return _named(child, date_of_birth=child["born"])


def _forename_typo(child: Child, chance: random.Random) -> Typed:
    return _named(child, date_of_birth=child["born"]) | {"forename": mistype(child["forename"], chance)}


def _surname_typo(child: Child, chance: random.Random) -> Typed:
    return _named(child, date_of_birth=child["born"]) | {"surname": mistype(child["surname"], chance)}


def _swapped_date(child: Child, _chance: random.Random) -> Typed | None:
    swapped = swap_day_and_month(child["born"])
    return _named(child, date_of_birth=swapped) if swapped else None


def _one_digit(child: Child, chance: random.Random) -> Typed:
    return _named(child, date_of_birth=wrong_digit(child["born"], chance))


def _nickname(child: Child, _chance: random.Random) -> Typed | None:
    if not child["known_as"]:
        return None
    return {"forename": child["known_as"], "surname": child["surname"], "date_of_birth": child["born"]}


def _changed_surname(child: Child, _chance: random.Random) -> Typed | None:
    if not child["former_surname"]:
        return None
    return {"forename": child["forename"], "surname": child["former_surname"], "date_of_birth": child["born"]}


def _age_and_district(child: Child, _chance: random.Random) -> Typed:
    return _named(child, age=child["age"], place=_district(child))


def _name_and_authority(child: Child, _chance: random.Random) -> Typed:
    return _named(child, authority=child["authority"])


def _both_names_mistyped(child: Child, chance: random.Random) -> Typed:
    return {
        "forename": mistype(child["forename"], chance),
        "surname": mistype(child["surname"], chance),
        "date_of_birth": child["born"],
    }


def _changed_and_mistyped(child: Child, chance: random.Random) -> Typed | None:
    typed = _changed_surname(child, chance)
    return typed | {"forename": mistype(child["forename"], chance)} if typed else None


def _typo_and_digit(child: Child, chance: random.Random) -> Typed:
    return _surname_typo(child, chance) | {"date_of_birth": wrong_digit(child["born"], chance)}


def _typo_and_authority(child: Child, chance: random.Random) -> Typed:
    return _named(child, authority=child["authority"]) | {"surname": mistype(child["surname"], chance)}


Maker = Callable[[Child, random.Random], Typed | None]

REALISTIC: dict[str, Maker] = {
    "exact": _exact,
    "typo in first name": _forename_typo,
    "typo in last name": _surname_typo,
    "day and month swapped": _swapped_date,
    "one digit of the date wrong": _one_digit,
    "known-as name": _nickname,
    "changed last name": _changed_surname,
    "age and postcode district": _age_and_district,
    "name and authority": _name_and_authority,
}
HARD: dict[str, Maker] = {
    "both names mistyped": _both_names_mistyped,
    "last name changed, first name mistyped": _changed_and_mistyped,
    "typo and a wrong digit": _typo_and_digit,
    "typo and authority only": _typo_and_authority,
}


def queries(children: list[Child], makers: dict[str, Maker], *, each: int, seed: int) -> Iterator[Query]:
    """`each` queries of every kind, about children drawn at random; the same seed gives the same queries."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, and no secret
    for kind, make in makers.items():
        made = 0
        for child in chance.sample(children, len(children)):
            typed = make(child, chance)
            if typed is not None:
                yield Query(kind=kind, typed=typed, person=child["person"])
                made += 1
            if made == each:
                break
