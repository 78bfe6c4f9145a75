"""The comparisons of two records and the ordered levels each can take, nearest first; 0 is always "missing".

A link stores one byte a comparison, so numbers here are for ever: append levels and comparisons, never
renumber.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from contactpoint.domain.errors import InvalidInput


class Forename(IntEnum):
    """How two forenames agree, known-as names and middle names considered."""

    MISSING = 0
    EXACT = 1
    KNOWN_AS = 2
    NICKNAME = 3
    SPELLING = 4
    SOUNDS = 5
    CLOSE = 6
    PART = 7
    MIDDLE = 8
    INITIAL = 9
    SWAPPED = 10
    SIMILAR = 11
    DIFFERENT = 12


class Middle(IntEnum):
    """How two sets of middle names agree."""

    MISSING = 0
    EXACT = 1
    SHARED = 2
    INITIAL = 3
    DIFFERENT = 4


class Surname(IntEnum):
    """How two last names agree, former names and the family's names considered."""

    MISSING = 0
    EXACT = 1
    FORMER = 2
    PART = 3
    VARIANT = 4
    SOUNDS = 5
    CLOSE = 6
    FAMILY = 7
    SWAPPED = 8
    SIMILAR = 9
    HONORIFIC = 10
    DIFFERENT = 11


class Birth(IntEnum):
    """How two dates of birth agree."""

    MISSING = 0
    EXACT = 1
    EXACT_NEW_YEAR = 2
    SWAPPED = 3
    ONE_DIGIT = 4
    NEAR = 5
    MONTH_YEAR = 6
    NEW_YEAR = 7
    PARTIAL_MONTH = 8
    PARTIAL_YEAR = 9
    DAY_MONTH = 10
    YEAR = 11
    DIFFERENT = 12


class Home(IntEnum):
    """How two addresses agree; pseudo-postcodes (ODS: ZZ99) count as missing."""

    MISSING = 0
    SAME = 1
    POSTCODE = 2
    SLIP = 3
    SECTOR = 4
    DISTRICT = 5
    AREA = 6
    DIFFERENT = 7


class Carer(IntEnum):
    """How the names of two carers agree; a child often has two, so a difference says little."""

    MISSING = 0
    SAME = 1
    SIMILAR = 2
    FORENAME = 3
    SURNAME = 4
    DIFFERENT = 5


class Verified(IntEnum):
    """How two identifiers with a check character agree; only verified ones can be DIFFERENT."""

    MISSING = 0
    SAME = 1
    SAME_UNVERIFIED = 2
    ONE_DIGIT = 3
    UNLIKE = 4
    DIFFERENT = 5


class Same(IntEnum):
    """How two plain values agree."""

    MISSING = 0
    SAME = 1
    DIFFERENT = 2


class Other(IntEnum):
    """How identifiers of other schemes agree; ONE_SLIP: one character of a long one is wrong."""

    MISSING = 0
    SAME = 1
    ONE_SLIP = 3
    DIFFERENT = 2


class Context(IntEnum):
    """Whether any one source shows two children with this surname, birth date and home.

    ONE, ONE_TWICE, ONE_OFTEN: no source does, and one, two, three or more that would have list just one.
    LEFT_4 to LEFT_10: nor has either anybody else where the other stands, and that is so many bits rare.
    """

    UNKNOWN = 0
    ONE = 1
    ONE_TWICE = 2
    ONE_OFTEN = 3
    TWO = 4
    LEFT_4 = 5
    LEFT_6 = 6
    LEFT_8 = 7
    LEFT_10 = 8


COMPARISONS: Final[dict[str, type[IntEnum]]] = {
    "forename": Forename,
    "middle_names": Middle,
    "surname": Surname,
    "date_of_birth": Birth,
    "sex": Same,
    "home": Home,
    "carer": Carer,
    "phone": Same,
    "email": Same,
    "nhs_number": Verified,
    "upn": Verified,
    "other_identifiers": Other,
    "birth_order": Same,
    "suffix": Same,
    "date_of_death": Same,
    "twins_seen": Context,
}
NAMES: Final[tuple[str, ...]] = tuple(COMPARISONS)
(
    FORENAME,
    MIDDLE,
    SURNAME,
    BIRTH,
    SEX,
    HOME,
    CARER,
    PHONE,
    EMAIL,
    NHS,
    UPN,
    OTHER,
    ORDER,
    SUFFIX,
    DEATH,
    TWINS,
) = range(len(COMPARISONS))
FORMAT: Final = 1
"""The first byte of packed levels: which list of comparisons and levels the rest is read with."""

RARITY_STEPS: Final = 8
"""Rarities are whole eighths of a bit: one byte holds them, and a stored link gives its score again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What comparing two records showed: a level for each comparison and how rare the shared names are.

    Rarities are in eighths of a bit, 0..255, already joint: `together` is how much commoner the pair of names
    is than its two names would be if parents chose them independently of the family's name.
    """

    codes: tuple[int, ...]
    forename_rarity: int = 0
    surname_rarity: int = 0
    together: int = 0

    def __post_init__(self) -> None:
        """Refuse levels that no comparison has."""
        if len(self.codes) != len(COMPARISONS):
            raise InvalidInput(f"{len(self.codes)} levels were given for {len(COMPARISONS)} comparisons.")
        for code, (name, kind) in zip(self.codes, COMPARISONS.items(), strict=True):
            if not 0 <= code < len(kind):
                raise InvalidInput(f"{code} is not a level of {name}.")
        for value in (self.forename_rarity, self.surname_rarity, self.together):
            if not 0 <= value <= 255:
                raise InvalidInput("A rarity is a whole number of eighths of a bit from 0 to 255.")

    def pack(self) -> bytes:
        """Return the levels as bytes to store with a link (20 bytes; the first tells the format)."""
        return bytes((FORMAT, *self.codes, self.forename_rarity, self.surname_rarity, self.together))

    @classmethod
    def unpack(cls, stored: bytes) -> "Levels":
        """Read what `pack` wrote.

        Raises:
            InvalidInput: another format, a wrong length or an impossible level.
        """
        size = len(COMPARISONS)
        if len(stored) != size + 4 or stored[0] != FORMAT:
            raise InvalidInput("These bytes are not comparison levels in a format this release reads.")
        return cls(
            codes=tuple(stored[1 : size + 1]),
            forename_rarity=stored[size + 1],
            surname_rarity=stored[size + 2],
            together=stored[size + 3],
        )

    @property
    def identifiers_conflict(self) -> bool:
        """Say whether two verified identifiers of one kind differ: never overruled by weight."""
        return Verified.DIFFERENT in (self.codes[NHS], self.codes[UPN])
