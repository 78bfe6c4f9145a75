"""What a practitioner knows about the child they look for, and what is enough to search on (R12)."""

import re
from dataclasses import dataclass, fields
from datetime import date

from contactpoint.domain.errors import InvalidInput

WILDCARD = "*"
LEAST_BEFORE_WILDCARD = 3
WHAT_A_WILDCARD_NEEDS = "Put at least three letters before the *, and nothing after it: like Oka*."
WHAT_IS_ENOUGH = (
    "Enter a number, or a last name (or only name) with one of first name, date of birth, age or postcode."
)
# A criterion on a field that a shield hides excludes shielded records, so that a search cannot confirm
# whereabouts (R10).
HIDDEN_FIELDS = frozenset({"carer_name", "phone", "place", "school", "gp_practice", "authority"})
_POSTCODE_START = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*(\d[A-Z]{0,2})?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """One search, as typed. `age` is in whole years; `place` is a postcode or part of an address.

    A name may end in `*`, after three letters or more, where only its beginning is known.

    Raises:
        InvalidInput: too little is known to search on (R12); the sentence says what would be enough.
    """

    forename: str | None = None
    surname: str | None = None
    date_of_birth: date | None = None
    age: int | None = None
    carer_name: str | None = None
    phone: str | None = None
    place: str | None = None
    school: str | None = None
    gp_practice: str | None = None
    authority: str | None = None
    number: str | None = None

    def __post_init__(self) -> None:
        """Strip, then refuse a search that is too wide."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                object.__setattr__(self, field.name, " ".join(value.split()) or None)
        if not all(map(_is_readable, (self.forename, self.surname))):
            raise InvalidInput(WHAT_A_WILDCARD_NEEDS)
        if not self._is_enough():
            raise InvalidInput(WHAT_IS_ENOUGH)

    def _is_enough(self) -> bool:
        if self.number:
            return True
        # A single name counts as a last name (R12).
        name, other = (self.surname, self.forename) if self.surname else (self.forename, None)
        if not name or sum(letter.isalpha() for letter in name) < 1:
            return False
        return any((other, self.date_of_birth, self.age is not None, self.postcode))

    @property
    def postcode(self) -> str | None:
        """The place, where it reads as a postcode or the start of one (a district at least)."""
        text = (self.place or "").upper()
        return text if _POSTCODE_START.match(text) else None

    @property
    def uses_hidden_field(self) -> bool:
        """Say whether any criterion is on a field a shield hides (R10)."""
        return any(getattr(self, name) is not None for name in HIDDEN_FIELDS)


def _is_readable(name: str | None) -> bool:
    """Say whether a name has no wildcard, or one at its end after letters enough."""
    begins, wildcard, after = (name or "").partition(WILDCARD)
    letters = sum(letter.isalpha() for letter in begins)
    return not wildcard or (not after and letters >= LEAST_BEFORE_WILDCARD)
