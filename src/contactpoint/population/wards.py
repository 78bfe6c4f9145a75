"""Made-up wards: by the postcode alone which one, so that nothing is drawn for them.

A ward is two neighbouring sectors of a district, and lies in the authority with most postcodes of the
district. Codes are of the range that no ward of England has reached.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Final, NamedTuple

import polars as pl

from contactpoint.population.tables import authorities, districts, word_lists

_SECTORS_A_WARD: Final = 2
_MOST_OF_AN_AUTHORITY: Final = 500
_FIRST: Final = 900_000
_SIDES: Final = ("", " North", " South", " East", " West", " Central", " Upper", " Lower", " St Mary's")


class Ward(NamedTuple):
    """One row of ``wards.csv``."""

    postcode: str
    ward: str
    name: str
    authority: str


@cache
def all_wards() -> tuple[Ward, ...]:
    """The ward of every sector in which somebody can live."""
    owner: dict[str, tuple[int, str]] = {}
    sectors: dict[str, set[str]] = {}
    for dfe, places in districts().items():
        for place in places:
            owner[place.code] = max(owner.get(place.code, (0, "")), (place.postcodes, dfe))
            sectors.setdefault(place.code, set()).update(place.sectors)
    found: list[Ward] = []
    for index, one in enumerate(authorities()):
        mine = sorted(code for code, (_, dfe) in owner.items() if dfe == one.dfe)
        pairs = [(code, pair) for code in mine for pair in _pairs(sorted(sectors[code]))]
        for number, (code, pair) in enumerate(pairs):
            ward = f"E05{_FIRST + index * _MOST_OF_AN_AUTHORITY + number}"
            found += [Ward(f"{code} {sector}", ward, _name(index, number), one.dfe) for sector in pair]
    return tuple(found)


def wards_table(codes: Collection[str]) -> pl.DataFrame:
    """``wards.csv``: the wards of these authorities."""
    rows = [one for one in all_wards() if one.authority in codes]
    return pl.DataFrame(rows, schema=dict.fromkeys(Ward._fields, pl.String), orient="row")


def _pairs(digits: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(digits), _SECTORS_A_WARD):
        yield digits[start : start + _SECTORS_A_WARD]


def _name(index: int, number: int) -> str:
    places = word_lists()["school_places"]
    return places[(index * 5 + number) % len(places)] + _SIDES[number // len(places) % len(_SIDES)]
