"""How well each candidate fits what was typed: the model of linking, and bits for what it does not weigh."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from contactpoint.actions.find.probe import is_new_baby
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.people import age_in_months
from contactpoint.linking.model.explain import why_words
from contactpoint.linking.model.levels import Levels
from contactpoint.linking.model.normalise import profile_from
from contactpoint.linking.model.score import score_profiles
from contactpoint.linking.model.weights import Model, default_model
from contactpoint.linking.names import name_of
from contactpoint.storage.search_index import KeyKind, Probe, Row

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

Pairs = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A child that may match. `short_by` is how many bits it lacks of a perfect fit to what was typed."""

    child: str
    weight: float
    short_by: float
    levels: Levels
    words: tuple[str, ...]

    @property
    def why(self) -> tuple[str, ...]:
        """Why it matches, in words; put together only for the few that are shown."""
        reasons = (*why_words(self.levels), *self.words)
        return (reasons[0][0].upper() + reasons[0][1:], *reasons[1:]) if reasons else ()


class Scorer:
    """Scores rows against one search. Built once a search; asks nothing of the database."""

    def __init__(self, criteria: Criteria, probe: Probe, on: date, model: Model | None = None) -> None:
        self._criteria = criteria
        self._probe = probe
        self._on = on
        self._model = model or default_model()
        self._asked = tuple(profile_from(values) for values in _asked(criteria, probe))
        self._groups = {kind: frozenset(keys) for kind, keys in (*probe.keys, *probe.context)}
        self._perfect = max(
            score_profiles(one, one, self._model).weight for one in self._asked
        ) + _best_extra(criteria, probe)

    def hits(self, rows: Iterable[Row], keys: Mapping[str, set[tuple[int, int]]]) -> list[Hit]:
        """Return each child once, by its best row, best first."""
        best: dict[str, Hit] = {}
        for row in rows:
            hit = self._hit(row, frozenset(keys.get(row.child, ())))
            if row.child not in best or hit.weight > best[row.child].weight:
                best[row.child] = hit
        return sorted(best.values(), key=lambda hit: (-hit.weight, hit.child))

    def _hit(self, row: Row, keys: Pairs) -> Hit:
        held = profile_from(self._held(row, keys))
        scored = max(
            (score_profiles(asked, held, self._model) for asked in self._asked),
            key=lambda score: score.weight,
        )
        extra, words = self._extra(row, keys)
        weight = scored.weight + extra
        return Hit(
            child=row.child,
            weight=weight,
            short_by=self._perfect - weight,
            levels=scored.levels,
            words=tuple(words),
        )

    def _held(self, row: Row, keys: Pairs) -> dict[str, str | None]:
        """What the index holds of a row, and what its keys say agrees."""
        agrees = {
            kind for kind, asked in self._groups.items() if any((int(kind), key) in keys for key in asked)
        }
        held: dict[str, str | None] = {
            "forename": row.forename,
            "surname": row.surname,
            "known_as": row.known_as,
            "date_of_birth": row.dob_text,
            "postcode": row.postcode,
        }
        if KeyKind.PHONE in agrees:
            held["phone"] = self._criteria.phone
        if KeyKind.CARER in agrees:
            carer = self._criteria.carer_name or self._criteria.surname or ""
            held["carer_surname"] = carer.split()[-1] if carer else None
        return held

    def _extra(self, row: Row, keys: Pairs) -> tuple[float, list[str]]:
        bits = 0.0
        words: list[str] = []
        for kind, label in ((KeyKind.SCHOOL, "same school"), (KeyKind.GP_PRACTICE, "same GP practice")):
            if any((int(kind), key) in keys for key in self._groups.get(kind, ())):
                bits += _SAME_ORGANISATION
                words.append(label)
        shared = sum((int(KeyKind.ADDRESS), key) in keys for key in self._groups.get(KeyKind.ADDRESS, ()))
        if shared:
            bits += min(_MOST_ADDRESS, _SAME_ADDRESS_WORDS * shared)
            words.append("same words in the address")
        for more, label in (self._place(row), self._authority(row), self._age(row), self._number(row, keys)):
            bits += more
            words += [label] if label else []
        return bits, words

    def _place(self, row: Row) -> tuple[float, str]:
        probe = self._probe
        if probe.postcode or not probe.secs:
            return 0.0, ""
        if len(probe.secs) == 1 and row.sec in probe.secs:
            return _SAME_SECTOR, "same part of the postcode"
        return (_SAME_DISTRICT, "same postcode district") if row.dis == probe.district else (0.0, "")

    def _authority(self, row: Row) -> tuple[float, str]:
        if not self._probe.authority or row.shielded:
            return 0.0, ""
        return (
            (_SAME_AUTHORITY, "same authority") if row.la == self._probe.authority else (_OTHER_AUTHORITY, "")
        )

    def _age(self, row: Row) -> tuple[float, str]:
        asked = self._criteria.age
        if asked is None or row.dob is None or self._criteria.date_of_birth:
            return 0.0, ""
        years = age_in_months(row.dob, self._on) // 12
        if years == asked:
            return _SAME_AGE, f"aged {asked}"
        return (_NEAR_AGE, "about the same age") if abs(years - asked) == 1 else (_OTHER_AGE, "")

    def _number(self, row: Row, keys: Pairs) -> tuple[float, str]:
        if self._probe.number and row.child == self._probe.number:
            return _SAME_NUMBER, "same ContactPoint number"
        for kind, label in (
            (KeyKind.NHS_NUMBER, "same NHS number"),
            (KeyKind.UPN, "same unique pupil number"),
        ):
            if any((int(kind), key) in keys for key in self._groups.get(kind, ())):
                return _SAME_NUMBER, label
        return 0.0, ""


def _asked(criteria: Criteria, probe: Probe) -> list[dict[str, str | None]]:
    """What was typed as person columns; a single name in either place."""
    base: dict[str, str | None] = {
        "date_of_birth": criteria.date_of_birth.isoformat() if criteria.date_of_birth else None,
        "postcode": probe.postcode,
        "phone": criteria.phone,
    }
    if criteria.carer_name:
        *first, last = criteria.carer_name.split()
        base |= {"carer_forename": " ".join(first) or None, "carer_surname": last}
    forename, surname = criteria.forename, criteria.surname
    if forename and surname:
        mine = None if is_new_baby(criteria) else forename
        return [{**base, "forename": mine, "surname": surname}]
    only = surname or forename
    return [{**base, "surname": only}, {**base, "forename": only}] if name_of(only) else [base]


def _best_extra(criteria: Criteria, probe: Probe) -> float:
    """The most that `_extra` could give for what was typed."""
    bits = 0.0
    for kind, keys in (*probe.keys, *probe.context):
        match kind:
            case KeyKind.SCHOOL | KeyKind.GP_PRACTICE:
                bits += _SAME_ORGANISATION
            case KeyKind.ADDRESS:
                bits += min(_MOST_ADDRESS, _SAME_ADDRESS_WORDS * len(keys))
            case KeyKind.NHS_NUMBER | KeyKind.UPN:
                bits += _SAME_NUMBER
            case KeyKind.PHONE | KeyKind.CARER:
                pass
    if probe.number:
        bits += _SAME_NUMBER
    if probe.secs and not probe.postcode:
        bits += _SAME_SECTOR if len(probe.secs) == 1 else _SAME_DISTRICT
    if probe.authority:
        bits += _SAME_AUTHORITY
    if criteria.age is not None and not criteria.date_of_birth:
        bits += _SAME_AGE
    return bits
