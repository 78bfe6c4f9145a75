"""The codes of the search index: the same for what is stored and for what is asked. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from contactpoint.domain.criteria import WILDCARD
from contactpoint.linking.model.normalise import parse_postcode, phone_of
from contactpoint.linking.names import HONORIFICS, fold, joined, name_hash, name_of, nicknames, phonetic_keys
from contactpoint.storage.search_index import KeyKind

_MOST_CODES: Final = 24
# What double metaphone writes, the letters that it makes of most letters first.
_SOUND_LETTERS: Final = "RNTSKLMPAFHXJ0"
_NO_NAMES: Final[Mapping[str, int]] = MappingProxyType({})
_LONGEST_SLIPPED: Final = 8
# Words of so many addresses that they tell nothing alone.
_COMMON_WORDS: Final = frozenset(
    "road street lane avenue close drive way court place crescent grove gardens terrace flat the".split()  # noqa: SIM905
)


@lru_cache(maxsize=100_000)
def sound_of(name: str) -> str:
    """The main phonetic code of a name as text; letters the method does not know stand for themselves."""
    folded = name_of(name)
    keys = phonetic_keys(folded)
    return keys[0] if keys else joined(folded)


@lru_cache(maxsize=100_000)
def code(sound: str) -> int:
    """The stored code of a sound; that of the empty sound stands for "no name"."""
    return name_hash(f"name:{sound}")


@lru_cache(maxsize=100_000)
def pair_code(surname: str, forename: str) -> int:
    """The stored code of a surname's sound with a forename's."""
    return name_hash(f"pair:{surname}|{forename}")


@lru_cache(maxsize=100_000)
def stored_sounds(name: str) -> tuple[str, ...]:
    """Sounds under which a name is filed: the whole, and its parts that are not given by custom to many."""
    return _sounds([name_of(name), *_parts(name)], alternates=False)


def asked_surname_sounds(name: str, known: Mapping[str, int] = _NO_NAMES) -> tuple[str, ...]:
    """Sounds to look for when somebody types a last name, alternate pronunciations included.

    A wildcard stands for names that are `known`, by how rare they are.
    """
    beginning = _beginning(name, known)
    return _sounds([name_of(name), *_parts(name), *beginning], alternates=True)


def asked_forename_sounds(name: str, known: Mapping[str, int] = _NO_NAMES) -> tuple[str, ...]:
    """Sounds to look for when somebody types a first name, nicknames and other spellings included.

    A wildcard stands for names that are `known`, by how rare they are.
    """
    folded = name_of(name)
    if not folded:
        return ("",)
    beginning = _beginning(name, known)
    return _sounds([folded, *_parts(name), *beginning, *sorted(nicknames(folded))], alternates=True)


def _beginning(name: str, rarity: Mapping[str, int]) -> list[str]:
    """Names that begin as what stands before a wildcard does, the commonest first."""
    if not (stems := beginnings_of((name,))):
        return []
    return sorted((one for one in rarity if one.startswith(stems)), key=lambda one: (rarity[one], one))


def beginnings_of(names: Iterable[str | None]) -> tuple[str, ...]:
    """What stands before the wildcard of each name that has one, as comparisons read it."""
    return tuple(joined(name_of(name)) for name in names if name and name.endswith(WILDCARD))


def _parts(name: str) -> list[str]:
    words = name_of(name).split()
    return [word for word in words if len(word) > 1 and word not in HONORIFICS] if len(words) > 1 else []


def _sounds(names: Iterable[str], *, alternates: bool) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        keys = phonetic_keys(name) or ((joined(name),) if name else ("",))
        for key in keys if alternates else keys[:1]:
            found[key] = None
    return tuple(found)[:_MOST_CODES]


def codes(sounds: Iterable[str]) -> tuple[int, ...]:
    """The stored codes of sounds."""
    return tuple(code(sound) for sound in sounds)


def pair_codes(surnames: Iterable[str], forenames: Iterable[str]) -> tuple[int, ...]:
    """The stored codes of every surname's sound with every forename's."""
    pairs = [pair_code(surname, forename) for surname in surnames for forename in forenames]
    return tuple(dict.fromkeys(pairs))[: _MOST_CODES * 4]


@lru_cache(maxsize=20_000)
def slips_of(sound: str) -> tuple[str, ...]:
    """Every sound that one letter wrong, missing or too many makes of this one, or two exchanged.

    A slip of the finger changes a name's sound by no more than that in 98 of 100 cases. None for what double
    metaphone did not write, and for the longest: they have too many.
    """
    if not sound or len(sound) > _LONGEST_SLIPPED or not set(sound) <= set(_SOUND_LETTERS):
        return ()
    cuts = [(sound[:place], sound[place:]) for place in range(len(sound) + 1)]
    slips = [before + after[1:] for before, after in cuts if after]
    slips += [before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1]
    slips += [before + letter + after[1:] for before, after in cuts if after for letter in _SOUND_LETTERS]
    slips += [before + letter + after for before, after in cuts for letter in _SOUND_LETTERS]
    return tuple(dict.fromkeys(slip for slip in slips if slip and slip != sound))


def slipped_pair_codes(surname: str, forename: str) -> tuple[int, ...]:
    """The stored codes of a surname's sound with a forename's, one of the two by a slip another."""
    pairs = [(slip, forename) for slip in slips_of(surname)] + [
        (surname, slip) for slip in slips_of(forename)
    ]
    return tuple(pair_code(*pair) for pair in pairs)


def swapped(day: date) -> date | None:
    """The date with day and month exchanged; None if there is none such, or it is the same."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def near_dates(day: date) -> tuple[date, ...]:
    """The date itself, its swap, neighbours, and every real date that one wrong digit makes of it."""
    found: dict[date, None] = {day: None}
    if other := swapped(day):
        found[other] = None
    for step in (-1, 1):
        found[day + timedelta(days=step)] = None
    text = f"{day.year:04}{day.month:02}{day.day:02}"
    # Whoever counts back is out by some days.
    for days in (-3, -2, 2, 3):
        found[day + timedelta(days=days)] = None
    # The century is never mistyped into another that has children.
    for place in range(2, len(text)):
        for digit in "0123456789":
            changed = text[:place] + digit + text[place + 1 :]
            try:
                slip = date(int(changed[:4]), int(changed[4:6]), int(changed[6:]))
            except ValueError:
                continue
            if abs(slip.year - day.year) <= 18:
                found[slip] = None
    return tuple(found)


def born_between(age: int, on: date) -> tuple[date, date]:
    """The first and last birth date of somebody of about this age: one year either way."""
    return on - timedelta(days=round((age + 2) * 365.25)), on - timedelta(days=round((age - 1) * 365.25))


def identifier_key(kind: KeyKind, value: str | None) -> int | None:
    """The key of another body's number, None if there is none."""
    if not value:
        return None
    return name_hash(f"{kind.name}:{''.join(value.upper().split()).replace('-', '')}")


def phone_key(text: str | None) -> int | None:
    """The key of a telephone number, None if it is too short to be one."""
    number = phone_of(text)
    return name_hash(f"phone:{number}") if number else None


@lru_cache(maxsize=100_000)
def carer_keys(surname: str | None) -> tuple[int, ...]:
    """The stored keys of a carer's last name, by sound."""
    return tuple(name_hash(f"carer:{sound}") for sound in stored_sounds(surname or "") if sound)


def asked_carer_keys(name: str) -> tuple[int, ...]:
    """The keys to look for when somebody types a carer's name: its last word, which may be the only one."""
    words = name_of(name).split()
    sounds = asked_surname_sounds(words[-1]) if words else ()
    return tuple(name_hash(f"carer:{sound}") for sound in sounds if sound)


@lru_cache(maxsize=100_000)
def organisation_key(organisation: str | None) -> int | None:
    """The key of a school or GP practice, by its code; None if there is none."""
    return name_hash(f"organisation:{organisation.upper()}") if organisation else None


@lru_cache(maxsize=100_000)
def address_keys(line: str | None) -> tuple[int, ...]:
    """Keys of an address: each two neighbouring words, and each word that is not on every sign."""
    words = fold(line or "").split()
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    singles = [word for word in words if len(word) > 2 and not word.isdigit() and word not in _COMMON_WORDS]
    return tuple(name_hash(f"address:{text}") for text in dict.fromkeys([*pairs, *singles]))


def asked_address_keys(text: str) -> tuple[int, ...]:
    """The keys to look for when somebody types part of an address: its pairs, or its one telling word."""
    words = fold(text).split()
    if len(words) == 1:
        return (name_hash(f"address:{words[0]}"),)
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    return tuple(name_hash(f"address:{pair}") for pair in dict.fromkeys(pairs))


@lru_cache(maxsize=100_000)
def sectors_of(postcode: str | None) -> tuple[str | None, tuple[str, ...], str | None]:
    """Whole postcode, sectors and district of a postcode or the start of one."""
    text = " ".join((postcode or "").upper().split())
    compact = text.replace(" ", "")
    whole = parse_postcode(compact)
    if whole.sector:
        return whole.full, (whole.sector,), whole.district
    # "M14" is a district and "M1 4" a sector: only the space tells.
    opened = parse_postcode(f"{compact}1AA")
    if compact and " " not in text and opened.district == compact:
        return None, tuple(f"{compact} {digit}" for digit in "0123456789"), compact
    started = parse_postcode(f"{compact}AA"[:7])
    if compact and started.sector:
        return None, (started.sector,), started.district
    return None, (), None
