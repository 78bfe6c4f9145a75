"""One record in the form that comparisons read: folded names, whole dates, codes without spaces."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from contactpoint.domain.identifiers import nhs_number_is_valid, upn_is_valid
from contactpoint.domain.people import PersonFacts
from contactpoint.linking.names import fold, joined, named, sounds_of

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_POSTCODE: Final = re.compile(r"([A-Z]{1,2})([0-9][0-9A-Z]?)([0-9])([A-Z]{2})")
_NUMBER: Final = re.compile(r"[0-9]+[a-z]?")
_NOT_PLAIN: Final = re.compile(r"[^a-z0-9]+")
_NOT_DIGIT: Final = re.compile(r"[^0-9]+")
_SPACE: Final = re.compile(r"[\s\-]+")
MAX_TEXT: Final = 200
CODE_WIDTH: Final = 14
MOST_WORDS: Final = 4
"""Words of one name that are compared singly; a longer name is still compared whole."""


@dataclass(frozen=True, slots=True)
class Name:
    """A folded name with what comparisons ask of it."""

    text: str
    joined: str
    words: tuple[str, ...]
    sounds: tuple[str, ...]


NO_NAME: Final = Name("", "", (), ())


@lru_cache(maxsize=500_000)
def as_name(text: str | None) -> Name:
    """Fold `text` into a Name; NO_NAME when it holds none."""
    name = named(text)
    return Name(name, joined(name), tuple(name.split()[:MOST_WORDS]), sounds_of(name)) if name else NO_NAME


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode at its levels; "" where its form gives none."""

    full: str = ""
    sector: str = ""
    district: str = ""
    area: str = ""

    @property
    def is_coarse(self) -> bool:
        """Whether thousands of homes share it (a ZIP code), where a postcode names a few."""
        return bool(self.full) and self.full == self.sector


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One record ready to compare. Empty strings, NO_NAME and zeros mean missing."""

    forename: Name = NO_NAME
    middle: Name = NO_NAME
    surname: Name = NO_NAME
    single: Name = NO_NAME
    former_surname: Name = NO_NAME
    known_as: Name = NO_NAME
    carer_forename: Name = NO_NAME
    carer_surname: Name = NO_NAME
    mother_former_surname: Name = NO_NAME
    suffix: str = ""
    birth: tuple[int, int, int] = (0, 0, 0)
    sex: str = ""
    uprn: str = ""
    house: str = ""
    street: str = ""
    postcode: Postcode = Postcode()
    phone: str = ""
    email: str = ""
    nhs_number: str = ""
    nhs_verified: bool = False
    upn: str = ""
    upn_verified: bool = False
    other_identifiers: tuple[tuple[str, str], ...] = ()
    birth_order: str = ""
    multiple: bool = False
    death: tuple[int, int, int] = (0, 0, 0)


def profile_of(facts: PersonFacts) -> Profile:
    """Return the comparable form of what a source says about a child."""
    return profile_from(facts.as_mapping())


def profile_from(values: Mapping[str, str | None]) -> Profile:
    """Return the comparable form of a mapping of the person columns. Nothing it may hold raises."""
    forename, surname, single = _boxes(values.get("forename"), values.get("surname"))
    nhs = checked_code(values.get("nhs_number"))
    upn = checked_code(values.get("upn"))
    return Profile(
        forename=forename,
        middle=as_name(values.get("middle_names")),
        surname=surname,
        single=single,
        former_surname=as_name(values.get("former_surname")),
        known_as=as_name(values.get("known_as")),
        carer_forename=as_name(values.get("carer_forename")),
        carer_surname=as_name(values.get("carer_surname")),
        mother_former_surname=as_name(values.get("mother_former_surname")),
        suffix=plain(values.get("suffix")),
        birth=parse_date(values.get("date_of_birth")),
        sex=sex if (sex := (values.get("sex") or "")) in {"M", "F"} else "",
        uprn=digits(values.get("uprn")).lstrip("0"),
        house=house_of(values.get("address")),
        street=plain(values.get("address")),
        postcode=parse_postcode(values.get("postcode")),
        phone=phone_of(values.get("phone")),
        email=(values.get("email") or "").strip().casefold()[:MAX_TEXT],
        nhs_number=nhs,
        nhs_verified=bool(nhs) and nhs_number_is_valid(nhs),
        upn=upn,
        upn_verified=bool(upn) and upn_is_permanent(upn),
        other_identifiers=parse_identifiers(values.get("other_identifiers")),
        birth_order=digits(values.get("birth_order"))[:2],
        multiple=(values.get("multiple_birth") or "").strip().upper() == "Y",
        death=parse_date(values.get("date_of_death")),
    )


def profile_of_names(
    forename: str | None, surname: str | None, known_as: str | None, carer_surname: str | None
) -> Profile:
    """Return the comparable form of names alone, as `profile_from` would; a search compares many."""
    first, last, single = _boxes(forename, surname)
    return Profile(
        forename=first,
        surname=last,
        single=single,
        known_as=as_name(known_as),
        carer_surname=as_name(carer_surname),
    )


def _boxes(forename: str | None, surname: str | None) -> tuple[Name, Name, Name]:
    """Forename, last name, and the only name of a record that has just one."""
    first, last = as_name(forename), as_name(surname)
    # A record with nothing in the forename's box has one name; "Baby" there is a forename yet to come.
    single = NO_NAME if (forename or "").strip() else last
    # One name written in both boxes is one name.
    return first, NO_NAME if last.joined == first.joined else last, single


def parse_date(text: str | None) -> tuple[int, int, int]:
    """Read YYYY-MM-DD, YYYY-MM or YYYY; zeros for what is missing, all zero for what is no date."""
    match = _DATE.fullmatch((text or "").strip())
    if not match:
        return (0, 0, 0)
    year, month, day = (int(part) if part else 0 for part in match.groups())
    return (year, month, day) if year and month <= 12 and day <= 31 else (0, 0, 0)


@lru_cache(maxsize=500_000)
def parse_postcode(text: str | None) -> Postcode:
    """Read a postcode; a pseudo-postcode (ZZ99: no fixed abode, unknown, abroad) is no place at all.

    A code of digits alone (of four, or a ZIP code, first five of nine) is a sector, with a district of three
    digits and an area of one; any other form is compared only whole.
    """
    code = _SPACE.sub("", (text or "").upper())[:10]
    if not code or code.startswith("ZZ99"):
        return Postcode()
    match = _POSTCODE.fullmatch(code)
    if match:
        area, rest, sector, _ = match.groups()
        return Postcode(code, area + rest + " " + sector, area + rest, area)
    if code.isascii() and code.isdigit() and len(code) >= 4:
        return Postcode(code[:5], code[:5], code[:3], code[:1])
    return Postcode(code)


def house_of(text: str | None) -> str:
    """Return the numbers of an address in order ("Flat 3, 12a High Street" is "3 12a"); "" without any."""
    return " ".join(_NUMBER.findall((text or "")[:MAX_TEXT].casefold()))


def plain(text: str | None) -> str:
    """Return the letters and digits of `text` alone, accents and case away."""
    if not text:
        return ""
    if text.isascii():
        return _NOT_PLAIN.sub("", text[:MAX_TEXT].lower())
    return joined(fold(text[:MAX_TEXT]))


def digits(text: str | None) -> str:
    """Return only the digits of `text`."""
    return _NOT_DIGIT.sub("", (text or "")[:MAX_TEXT])


def phone_of(text: str | None) -> str:
    """Return the last ten digits of a telephone number, so that +44 and 0 agree; "" if under six."""
    number = digits(text)
    return number[-10:] if len(number) >= 6 else ""


def compact_code(text: str | None) -> str:
    """Return an identifier without spaces and hyphens, in capitals."""
    return _SPACE.sub("", (text or "").upper())[:40]


def checked_code(text: str | None) -> str:
    """Return an NHS number or UPN without spaces, cut to one character more than either can have."""
    return compact_code(text)[:CODE_WIDTH]


def upn_is_permanent(upn: str) -> bool:
    """Say whether `upn` is valid and not temporary (ending in a letter, it may change): DfE, UPN guide."""
    return upn[-1:].isdigit() and upn_is_valid(upn)


def parse_identifiers(text: str | None) -> tuple[tuple[str, str], ...]:
    """Read "scheme:value;scheme:value" into sorted pairs; parts without a scheme are left out."""
    found: dict[str, str] = {}
    for part in (text or "")[: MAX_TEXT * 5].split(";"):
        scheme, colon, value = part.partition(":")
        if colon and scheme.strip() and (code := compact_code(value)):
            found[scheme.strip().casefold()] = code
    return tuple(sorted(found.items()))
