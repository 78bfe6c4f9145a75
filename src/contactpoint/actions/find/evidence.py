"""What a candidate shares with what was typed and linking does not weigh: place, age, keys, numbers."""

from datetime import date
from typing import Final, NamedTuple

from contactpoint.domain.criteria import Criteria
from contactpoint.domain.people import age_in_months
from contactpoint.storage.search_candidates import Candidate, Probe
from contactpoint.storage.search_index import KeyKind

# Bits for evidence that the model of linking does not know: about log2 of how few share it.
_SAME_ORGANISATION: Final = 7.0
_SAME_ADDRESS_WORDS: Final = 4.0
_MOST_ADDRESS: Final = 12.0
_SAME_SECTOR: Final = 8.0
_SAME_DISTRICT: Final = 5.0
_SAME_AUTHORITY: Final = 4.0
_OTHER_AUTHORITY: Final = -3.0
_SAME_AGE: Final = 4.0
_NEAR_AGE: Final = 2.0
_OTHER_AGE: Final = -6.0
_SAME_NUMBER: Final = 60.0

Pairs = set[tuple[int, int]]
NO_KEYS: Final[Pairs] = set()


class Extra(NamedTuple):
    """Bits that the model of linking does not weigh, and the words for them."""

    bits: float
    words: tuple[str, ...]


class Evidence:
    """Weighs one search's place, age, keys and numbers in candidates, each combination once."""

    def __init__(self, criteria: Criteria, probe: Probe, on: date) -> None:
        self._criteria = criteria
        self._probe = probe
        self._on = on
        self._groups = {kind: frozenset(asked) for kind, asked in (*probe.keys, *probe.context)}
        self._asks_age = criteria.age is not None and not criteria.date_of_birth
        self._asks_part = bool(probe.secs) and not probe.postcode
        self._known: dict[tuple[object, ...], Extra] = {}
        self._ages: dict[str, tuple[float, str]] = {"": (0.0, "")}

    def agrees(self, kind: KeyKind, pairs: Pairs) -> bool:
        """Say whether a child has one of the keys asked for of a kind."""
        return any((int(kind), key) in pairs for key in self._groups.get(kind, ()))

    def of(self, row: Candidate, pairs: Pairs) -> Extra:
        """What the model of linking does not weigh; rows alike in all that counts here are weighed once."""
        alike = (
            self._aged(row),
            self._place(row),
            self._authority(row),
            row.child == self._probe.number,
            frozenset(pairs) if pairs else None,
        )
        found = self._known.get(alike)
        if found is None:
            found = self._known[alike] = self._weigh(row, pairs)
        return found

    def best(self) -> float:
        """The most bits that `of` could give for what was typed."""
        bits = 0.0
        for kind, keys in self._groups.items():
            match kind:
                case KeyKind.SCHOOL | KeyKind.GP_PRACTICE:
                    bits += _SAME_ORGANISATION
                case KeyKind.ADDRESS:
                    bits += min(_MOST_ADDRESS, _SAME_ADDRESS_WORDS * len(keys))
                case KeyKind.NHS_NUMBER | KeyKind.UPN:
                    bits += _SAME_NUMBER
                case KeyKind.PHONE | KeyKind.CARER:
                    pass
        if self._probe.number:
            bits += _SAME_NUMBER
        if self._asks_part:
            bits += _SAME_SECTOR if len(self._probe.secs) == 1 else _SAME_DISTRICT
        if self._probe.authority:
            bits += _SAME_AUTHORITY
        if self._asks_age:
            bits += _SAME_AGE
        return bits

    def _weigh(self, row: Candidate, pairs: Pairs) -> Extra:
        told = [
            self._organisation(KeyKind.SCHOOL, "same school", pairs),
            self._organisation(KeyKind.GP_PRACTICE, "same GP practice", pairs),
            self._address(pairs),
            self._place(row),
            self._authority(row),
            self._aged(row),
            self._number(row, pairs),
        ]
        return Extra(sum(bits for bits, _ in told), tuple(words for _, words in told if words))

    def _organisation(self, kind: KeyKind, words: str, pairs: Pairs) -> tuple[float, str]:
        return (_SAME_ORGANISATION, words) if self.agrees(kind, pairs) else (0.0, "")

    def _address(self, pairs: Pairs) -> tuple[float, str]:
        shared = sum((int(KeyKind.ADDRESS), key) in pairs for key in self._groups.get(KeyKind.ADDRESS, ()))
        if not shared:
            return 0.0, ""
        return min(_MOST_ADDRESS, _SAME_ADDRESS_WORDS * shared), "same words in the address"

    def _place(self, row: Candidate) -> tuple[float, str]:
        if not self._asks_part:
            return 0.0, ""
        if len(self._probe.secs) == 1 and row.sec in self._probe.secs:
            return _SAME_SECTOR, "same part of the postcode"
        return (_SAME_DISTRICT, "same postcode district") if row.dis == self._probe.district else (0.0, "")

    def _authority(self, row: Candidate) -> tuple[float, str]:
        if not self._probe.authority or row.shielded:
            return 0.0, ""
        return (
            (_SAME_AUTHORITY, "same authority") if row.la == self._probe.authority else (_OTHER_AUTHORITY, "")
        )

    def _aged(self, row: Candidate) -> tuple[float, str]:
        """What the age says; each birth date once."""
        dob = row.dob_text if self._asks_age else ""
        found = self._ages.get(dob)
        if found is None:
            found = self._ages[dob] = self._age(row.born)
        return found

    def _age(self, born: date | None) -> tuple[float, str]:
        asked = self._criteria.age
        if asked is None or born is None:
            return 0.0, ""
        years = age_in_months(born, self._on) // 12
        if years == asked:
            return _SAME_AGE, f"aged {asked}"
        return (_NEAR_AGE, "about the same age") if abs(years - asked) == 1 else (_OTHER_AGE, "")

    def _number(self, row: Candidate, pairs: Pairs) -> tuple[float, str]:
        if self._probe.number and row.child == self._probe.number:
            return _SAME_NUMBER, "same ContactPoint number"
        for kind, words in (
            (KeyKind.NHS_NUMBER, "same NHS number"),
            (KeyKind.UPN, "same unique pupil number"),
        ):
            if self.agrees(kind, pairs):
                return _SAME_NUMBER, words
        return 0.0, ""
