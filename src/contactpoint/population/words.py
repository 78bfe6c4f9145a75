"""The names of this England: which words there are, and with what weight each tradition draws them.

Listed names come from the tables. The rest, used fewer than three times a year and so unlisted (about 10 % of
births, ONS 2023: 591,072 births of which 533,192 are listed), are made by rule: compounds, rare spellings,
accents.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import polars as pl

from contactpoint.population.pools import Flags, Floats, Ints, cumulative
from contactpoint.population.spelling import rare_variant, sounds_alike, without_accents
from contactpoint.population.tables import (
    accents,
    forenames,
    short_forms,
    spellings,
    surnames,
    tradition_surnames,
    word_lists,
    zipf,
)
from contactpoint.population.traditions import TRADITIONS

_MUHAMMAD = {"Muhammad", *spellings()["Muhammad"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every static name and how to draw one.

    Attributes:
        text: the names; code 0 is missing, so code i is ``text[i - 1]``.
        forename_codes, forename_weights: by (tradition, sex 0 male 1 female, band 0-3): codes and cumulative
            shares.
        surname_codes, surname_weights: by tradition.
        feminine: for each code, the code of the form a daughter bears (itself for most).
        forename_count: codes from 1 to this are forenames.
        code_of: codes of surnames, short forms and `Baby`.
        short: for each forename code, two codes of short forms, 0 for none.
        muhammad: for each forename code, whether it is a spelling of Muhammad.
    """

    text: pl.Series
    forename_codes: dict[tuple[int, int, int], Ints]
    forename_weights: dict[tuple[int, int, int], Floats]
    surname_codes: dict[int, Ints]
    surname_weights: dict[int, Floats]
    feminine: Ints
    forename_count: int
    code_of: dict[str, int]
    short: Ints
    muhammad: Flags


ForenameRow = tuple[str, str, tuple[float, ...], str]


def _listed() -> list[ForenameRow]:
    return [(f.name, f.sex, tuple(float(b) for b in f.births), f.tags) for f in forenames()]


def _compounds(listed: list[ForenameRow]) -> list[ForenameRow]:
    """Unlisted hyphenated names and two-syllable Chinese ones."""
    rows: list[ForenameRow] = []
    for sex, seconds in (("F", word_lists()["second_girl"]), ("M", word_lists()["second_boy"])):
        short = [
            r
            for r in listed
            if r[1] == sex and "-" not in r[0] and len(r[0]) <= 6 and (not r[3] or "*" in r[3])
        ]
        for first, _, births, _ in short[:90]:
            share = sum(births) * 0.00035
            rows += [(f"{first}-{second}", sex, (share,) * 4, "*") for second in seconds if second != first]
    syllables = word_lists()["syllables"]
    for sex in "MF":
        rows += [(f"{a} {b}", sex, (30.0,) * 4, "C") for a in syllables for b in syllables if a != b]
    return rows


def _spaced(listed: list[ForenameRow]) -> list[ForenameRow]:
    """Names written as two words: Abdul Rahman beside Abdul-Rahman."""
    two = [r for r in listed if "-" in r[0] and set(r[3]) & set("AM")]
    return [(name.replace("-", " "), sex, births, tags) for name, sex, births, tags in two]


def _rare(listed: list[ForenameRow]) -> list[ForenameRow]:
    """Rare spellings of names of middling use: together about a twelfth of births."""
    rows: list[ForenameRow] = []
    taken = {(r[0], r[1]) for r in listed}
    for place, (name, sex, births, tags) in enumerate(listed):
        for turn in range(2):
            found = rare_variant(name, place * 3 + turn * 5)
            if (found, sex) not in taken and "-" not in name:
                taken.add((found, sex))
                rows.append((found, sex, tuple(min(25.0, 0.04 * b) for b in births), tags))
    return rows


def _accented(listed: list[ForenameRow]) -> list[ForenameRow]:
    rows: list[ForenameRow] = []
    for name, sex, births, _ in listed:
        accent, tags = accents().get(name, ("", "-"))
        if tags != "-":
            rows.append((accent, sex, tuple(b * (0.3 if tags else 0.03) for b in births), tags or "*"))
    return rows


def forename_rows() -> list[ForenameRow]:
    """Every forename: listed, compound, spaced, rare and accented."""
    listed = _listed()
    return listed + _compounds(listed) + _spaced(listed) + _rare(listed) + _accented(listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    births: Floats  # (names, bands)
    girl: Flags
    general: Flags
    tags: dict[str, Flags]


def _columns(rows: list[ForenameRow]) -> _Columns:
    letters = {c for t in TRADITIONS for c in t.tags} | {"*"}
    return _Columns(
        births=np.array([r[2] for r in rows]),
        girl=np.array([r[1] == "F" for r in rows]),
        general=np.array([not r[3] or "*" in r[3] for r in rows]),
        tags={c: np.array([c in r[3] for r in rows]) for c in letters},
    )


def _weights(columns: _Columns, tradition: int, sex: int, band: int) -> Floats:
    """One weight a name for this tradition: its own names, and those in general use."""
    births = columns.births[:, band] * (columns.girl == bool(sex))
    general = np.where(columns.general, 1.0, 0.01) * births
    own = TRADITIONS[tradition].own
    mixed: Floats = (1 - own) * general / general.sum()
    if own:
        tagged = np.any([columns.tags[c] for c in TRADITIONS[tradition].tags], axis=0)
        owned = tagged * np.where(columns.tags["*"], 0.35, 1.0) * births
        mixed += own * owned / owned.sum()
    return mixed


def _general_surnames() -> list[tuple[str, float]]:
    """Listed surnames and a tail of place-like ones, which carry the quarter of bearers the listed leave."""
    rows = [(name, float(weight)) for name, weight in surnames()]
    taken = {name for name, _ in rows}
    tail = [front + back for front in word_lists()["surname_front"] for back in word_lists()["surname_back"]]
    tail = [name for name in tail if name not in taken]
    left = max(100_000.0 - sum(w for _, w in rows), 1.0)
    return rows + [(name, left * w) for name, w in zip(tail, zipf(len(tail), 400.0), strict=True)]


_MIXTURE = {
    "mixed": {
        "english": 0.6,
        "caribbean": 0.1,
        "west_african": 0.08,
        "hindu": 0.07,
        "pakistani": 0.07,
        "latin": 0.08,
    },
    "caribbean": {"english": 0.4, "caribbean": 0.6},
    "irish": {"english": 0.35, "irish": 0.65},
    "welsh": {"english": 0.3, "welsh": 0.7},
    "jewish": {"english": 0.2, "jewish": 0.8},
    "west_african": {"english": 0.05, "west_african": 0.95},
    "tamil": {"hindu": 0.1, "tamil": 0.9},
    "english": {"english": 0.975, "irish": 0.015, "welsh": 0.01},
}


def _surname_weights() -> tuple[list[str], dict[str, dict[str, float]]]:
    own: dict[str, dict[str, float]] = {"english": dict(_general_surnames())}
    for tradition, names in tradition_surnames().items():
        weights = dict(zip(names, zipf(len(names)), strict=True))
        for place, name in enumerate(names[:60]):  # other spellings of the same family names
            if "-" not in name and " " not in name:
                weights.setdefault(sounds_alike(name, 4 + place), weights[name] * 0.04)
        own[tradition] = weights
    own["mixed"] = own["english"]
    text = list(dict.fromkeys(name for weights in own.values() for name in weights))
    return text, own


def _feminine(word: str) -> str:
    """The form a daughter bears in Polish, Lithuanian, Czech, Slovak and Bulgarian use."""
    for ending, other in (
        ("ski", "ska"),
        ("cki", "cka"),
        ("auskas", "auskaitė"),
        ("ius", "iūtė"),
        ("ov", "ova"),
        ("ák", "áková"),
        ("áč", "áčová"),
    ):
        if word.endswith(ending):
            return word[: -len(ending)] + other
    return word


@cache
def words() -> Words:
    """All names, built once a process (about a second)."""
    rows = forename_rows()
    names, own = _surname_weights()
    first = [r[0] for r in rows]
    more = [_feminine(n) for n in names] + [s for forms in short_forms().values() for s in forms]
    others = list(dict.fromkeys([*names, *more, "Baby"]))
    code = {n: len(rows) + 1 + i for i, n in enumerate(others)}
    columns = _columns(rows)
    codes: dict[tuple[int, int, int], Ints] = {}
    shares: dict[tuple[int, int, int], Floats] = {}
    for key in product(range(len(TRADITIONS)), (0, 1), range(4)):
        weight = _weights(columns, *key)
        used = np.flatnonzero(weight)
        codes[key] = (used + 1).astype(np.int32)
        shares[key] = cumulative(weight[used])
    surname_codes, surname_weights = _surnames_by_tradition(own, code)
    turn = np.arange(len(first) + len(others) + 1, dtype=np.int32)
    turn[[code[n] for n in names]] = [code[_feminine(n)] for n in names]
    return Words(
        text=pl.Series("text", first + others),
        forename_codes=codes,
        forename_weights=shares,
        surname_codes=surname_codes,
        surname_weights=surname_weights,
        feminine=turn,
        forename_count=len(rows),
        code_of=code,
        short=_short_codes(first, code),
        muhammad=np.array([0, *(n in _MUHAMMAD for n in first)], dtype=np.bool_),
    )


def _short_codes(first: list[str], code: dict[str, int]) -> Ints:
    """For each forename code, up to two codes of its short forms (0 none): shape (names + 1, 2)."""
    table = np.zeros((len(first) + 1, 2), np.int32)
    for place, name in enumerate(first, start=1):
        for turn, short in enumerate(short_forms().get(name, ())[:2]):
            table[place, turn] = code[short]
    return table


def _surnames_by_tradition(
    own: dict[str, dict[str, float]], code: dict[str, int]
) -> tuple[dict[int, Ints], dict[int, Floats]]:
    codes: dict[int, Ints] = {}
    shares: dict[int, Floats] = {}
    for place, tradition in enumerate(TRADITIONS):
        total: dict[str, float] = {}
        for part, share in _MIXTURE.get(tradition.name, {tradition.name: 1.0}).items():
            whole = sum(own[part].values())
            for name, weight in own[part].items():
                total[name] = total.get(name, 0.0) + share * weight / whole
        codes[place] = np.array([code[n] for n in total], dtype=np.int32)
        shares[place] = cumulative(list(total.values()))
    return codes, shares


def plain(text: str) -> str:
    """The text without accents: what a system that knows only unaccented letters keeps."""
    return without_accents(text)
