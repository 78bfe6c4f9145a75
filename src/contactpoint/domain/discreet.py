"""Refuges, secure homes and hospital schools: what nobody is told of them on a child's record.

That a child is at one says where they are, or why. So such a service stands under one name for all of them,
and an address or telephone of theirs is left out of whatever a source says. The database does the same before
pages read anything (storage/sql/discreet.sql); a test compares the two.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

DISCREET_KINDS: Final = frozenset({"hospital_school", "refuge", "secure_home"})
"""Kinds of organisation that are never named, nor placed, on a record."""
NOT_SHOWN: Final = "not-shown"
"""The code that stands for all of them."""
NOT_SHOWN_NAME: Final = "A service that is not named here"
_HOME: Final = ("address", "postcode", "uprn", "address_from")
_OTHER_HOME: Final = ("other_address", "other_postcode")
_PHONES: Final = ("phone", "carer_phone", "carer2_phone")


@dataclass(frozen=True, slots=True)
class DiscreetPlace:
    """Where one of them is."""

    address: str
    postcode: str
    phone: str


class DiscreetPlaces:
    """All of them, found by postcode, by a written address that has none, and by telephone."""

    def __init__(self, places: Iterable[DiscreetPlace]) -> None:
        self._numbers: dict[str, list[str]] = {}
        self._written: set[str] = set()
        self._phones: set[str] = set()
        for place in places:
            number = re.search(r"[0-9]+", place.address)
            self._numbers.setdefault(place.postcode, []).append(number[0] if number else "")
            self._written.add(_plain(place.address))
            self._phones.add(_plain(place.phone))
        self._numbers.pop("", None)
        self._written.discard("")
        self._phones.discard("")

    def has_home(self, line: str | None, postcode: str | None) -> bool:
        """Say whether an address is that of such a place, however written: its house in its postcode."""
        if postcode:
            written = re.findall(r"[0-9]+", line or "")
            numbers = self._numbers.get(postcode, ())
            return any(not number or not written or number in written for number in numbers)
        plain = _plain(line or "")
        return any(one in plain for one in self._written)

    def what_may_be_told(self, facts: Mapping[str, str]) -> dict[str, str]:
        """What a source says of a child, without address and telephone of such a place."""
        told = dict(facts)
        if self.has_home(facts.get("address"), facts.get("postcode")):
            told = {name: text for name, text in told.items() if name not in _HOME}
            told["address_kind"] = "not_shown"
        if self.has_home(facts.get("other_address"), facts.get("other_postcode")):
            told = {name: text for name, text in told.items() if name not in _OTHER_HOME}
        return {
            name: text
            for name, text in told.items()
            if name not in _PHONES or _plain(text) not in self._phones
        }


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
