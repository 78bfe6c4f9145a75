"""How well each candidate fits what was typed: the model of linking, and bits for what it does not weigh.

Fitting everything perfectly is the most a candidate can do, given its birth date, place and keys; those are
cheap to compare. Candidates are taken in the order of that bound, and names are compared only while the bound
could still be shown.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from contactpoint.actions.find import coding
from contactpoint.actions.find.evidence import NO_KEYS, Evidence, Extra, Pairs
from contactpoint.actions.find.naming import Naming, Totals, Weighed
from contactpoint.actions.find.probe import is_new_baby
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.policies import is_it_archived
from contactpoint.linking.model.compare import compare_births, compare_homes, same
from contactpoint.linking.model.explain import why_words
from contactpoint.linking.model.levels import BIRTH, HOME, PHONE, Birth, Levels
from contactpoint.linking.model.normalise import (
    Profile,
    parse_date,
    parse_postcode,
    profile_from,
)
from contactpoint.linking.model.score import levels_of, likelihoods, odds
from contactpoint.linking.model.weights import Model, default_model
from contactpoint.linking.names import name_of
from contactpoint.storage.search_candidates import Candidate, Probe
from contactpoint.storage.search_index import KeyKind

# Who is shown (R13). Only one child is sought, so one whose odds are a thousand times worse than another's is
# not listed beside it.
BEHIND_BEST: Final = 10.0
# Further short of a perfect fit than this, two of name and date must be wrong.
SHORT_OF_PERFECT: Final = 34.0
# A child drawn blindly from the country's has odds of about -23.5 bits. Below this floor what was typed says
# next to nothing for a child, and the child is not listed...
LEAST_ODDS: Final = -20.0
# ...unless so little was typed that no child could do much better.
NEARLY_PERFECT: Final = 8.0
# A variant of a name can weigh a little more than the name itself.
_SLACK: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A child that may match. `short_by` is how many bits it lacks of a perfect fit to what was typed."""

    child: str
    weight: float
    short_by: float
    names: Levels
    birth: int
    home: int
    phone: int
    words: tuple[str, ...]

    @property
    def why(self) -> tuple[str, ...]:
        """Why it matches, in words; put together only for the few that are shown."""
        codes = list(self.names.codes)
        codes[BIRTH], codes[HOME], codes[PHONE] = self.birth, self.home, self.phone
        reasons = (*why_words(replace(self.names, codes=tuple(codes))), *self.words)
        return (reasons[0][0].upper() + reasons[0][1:], *reasons[1:]) if reasons else ()


class _Plain(NamedTuple):
    """What of a candidate is cheap to compare: levels of birth date, home and telephone, and the rest."""

    birth: int
    home: int
    phone: int
    carer: bool
    extra: Extra


class _Fit(NamedTuple):
    """A candidate's weight and what it is made of."""

    weight: float
    names: Levels
    plain: _Plain


class Scorer:
    """Scores rows against one search. Built once a search; asks nothing of the database."""

    def __init__(self, criteria: Criteria, probe: Probe, on: date, model: Model | None = None) -> None:
        self._criteria = criteria
        self.on = on
        self._model = model or default_model()
        typed = _asked(criteria, probe)
        self._asked = tuple(profile_from(values) for values in typed)
        self._asks_home = bool(self._asked[0].postcode.full)
        self._evidence = Evidence(criteria, probe, on)
        self._births: dict[str, tuple[int, bool]] = {}
        self._staying: Container[str] = frozenset()
        self._homes: dict[str, int] = {}
        beginnings = coding.beginnings_of((criteria.forename, criteria.surname))
        self._namings = tuple(Naming(asked, self._model, beginnings) for asked in self._asked)
        self._names: dict[tuple[str, str, str, str | None], tuple[Weighed, ...]] = {}
        self._totals: dict[tuple[int, int, int], Totals] = {}
        self._bounds: dict[_Plain, float] = {}
        self._perfect = (
            max(odds(likelihoods(levels_of(one, one, self._model), self._model)) for one in self._asked)
            + self._evidence.best()
        )
        self.sure = self._model.thresholds.link
        self._best_names = {carer: self._best_totals(typed, carer=carer) for carer in self._carers(probe)}

    def hits(
        self,
        rows: Iterable[Candidate],
        keys: Mapping[str, Pairs],
        staying: Container[str] = frozenset(),
    ) -> list[Hit]:
        """Return each child that is worth showing once, by its best row, best first.

        `keys` are the keys asked for that each child has. Rows of adults are passed over (R47), but of those
        who agreed to stay (R16).
        """
        self._staying = staying
        bounded = [
            (self._bound(plain), row, plain)
            for row in rows
            if (plain := self._plain(row, keys.get(row.child, NO_KEYS))) is not None
        ]
        bounded.sort(key=lambda one: -one[0])
        best: dict[str, _Fit] = {}
        least = self._least(None)
        for bound, row, plain in bounded:
            if bound + _SLACK < least:
                break
            fit = self._fit(row, plain)
            if fit.weight >= least and (row.child not in best or fit.weight > best[row.child].weight):
                best[row.child] = fit
                least = max(least, self._least(fit.weight))
        shown = [(fit, child) for child, fit in best.items() if fit.weight >= least]
        return [
            self._hit(child, fit) for fit, child in sorted(shown, key=lambda one: (-one[0].weight, one[1]))
        ]

    def _least(self, best: float | None) -> float:
        """The least weight that is worth showing, beside the best so far."""
        floor = max(self._perfect - SHORT_OF_PERFECT, min(LEAST_ODDS, self._perfect - NEARLY_PERFECT))
        return floor if best is None else max(floor, best - BEHIND_BEST)

    def _plain(self, row: Candidate, pairs: Pairs) -> _Plain | None:
        birth, archived = self._birth(row)
        if archived and row.child not in self._staying:
            return None
        home = self._homes.get(row.postcode) if self._asks_home else 0
        if home is None:
            held = Profile(postcode=parse_postcode(row.postcode))
            home = self._homes[row.postcode] = int(compare_homes(self._asked[0], held))
        phone, carer = 0, False
        if pairs:
            carer = self._evidence.agrees(KeyKind.CARER, pairs)
            if self._evidence.agrees(KeyKind.PHONE, pairs):
                phone = int(same(self._asked[0].phone, self._asked[0].phone))
        return _Plain(birth, home, phone, carer, self._evidence.of(row, pairs))

    def _birth(self, row: Candidate) -> tuple[int, bool]:
        """The level of the birth date, and whether it is that of an adult."""
        found = self._births.get(row.dob_text)
        if found is None:
            asked = self._asked[0].birth
            level = int(compare_births(asked, parse_date(row.dob_text))) if asked[0] else int(Birth.MISSING)
            found = self._births[row.dob_text] = level, is_it_archived(row.born, None, self.on)
        return found

    def _bound(self, plain: _Plain) -> float:
        found = self._bounds.get(plain)
        if found is None:
            rest = self._rest(plain)
            found = self._bounds[plain] = plain.extra.bits + max(
                odds(_sum(names, rest)) for names in self._best_names[plain.carer]
            )
        return found

    def _rest(self, plain: _Plain) -> Totals:
        """What birth date, home and telephone say."""
        levels = plain[:3]
        found = self._totals.get(levels)
        if found is None:
            tables = self._model.tables
            found = _sum(tables[BIRTH][plain.birth], tables[HOME][plain.home])
            found = self._totals[levels] = _sum(found, tables[PHONE][plain.phone])
        return found

    def _fit(self, row: Candidate, plain: _Plain) -> _Fit:
        rest = self._rest(plain)
        named = self._named(row.forename, row.surname, row.known_as, carer=plain.carer)
        weight, place = max((odds(_sum(names, rest)), -at) for at, (_, names) in enumerate(named))
        return _Fit(weight + plain.extra.bits, named[-place][0], plain)

    def _named(
        self, forename: str | None, surname: str | None, known_as: str, *, carer: bool
    ) -> tuple[Weighed, ...]:
        """What the names say, for each way of reading what was typed; priors included."""
        spelt = (forename or "", surname or "", known_as, self._carer() if carer else None)
        found = self._names.get(spelt)
        if found is None:
            found = self._names[spelt] = tuple(naming.of(*spelt) for naming in self._namings)
        return found

    def _best_totals(self, typed: Iterable[dict[str, str | None]], *, carer: bool) -> tuple[Totals, ...]:
        """What names exactly as typed would say."""
        return tuple(
            totals
            for values in typed
            for _, totals in self._named(values.get("forename"), values.get("surname"), "", carer=carer)
        )

    @staticmethod
    def _carers(probe: Probe) -> tuple[bool, ...]:
        """Whether a candidate may turn out to have the carer typed."""
        return (False, True) if any(kind is KeyKind.CARER for kind, _ in probe.context) else (False,)

    def _carer(self) -> str | None:
        words = (self._criteria.carer_name or self._criteria.surname or "").split()
        return words[-1] if words else None

    def _hit(self, child: str, fit: _Fit) -> Hit:
        return Hit(
            child=child,
            weight=fit.weight,
            short_by=self._perfect - fit.weight,
            names=fit.names,
            birth=fit.plain.birth,
            home=fit.plain.home,
            phone=fit.plain.phone,
            words=fit.plain.extra.words,
        )


def _sum(one: Totals, two: Totals) -> Totals:
    return (one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3])


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
