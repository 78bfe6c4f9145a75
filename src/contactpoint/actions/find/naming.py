"""How well candidates' names fit what was typed, as linking compares names; each distinct name once."""

from collections.abc import Collection
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from contactpoint.linking.model.compare import (
    compare_carers,
    compare_forenames,
    compare_names,
    compare_surnames,
)
from contactpoint.linking.model.levels import (
    CARER,
    COMPARISONS,
    FORENAME,
    SURNAME,
    Carer,
    Forename,
    Levels,
    Surname,
)
from contactpoint.linking.model.normalise import NO_NAME, Name, Profile, as_name, profile_of_names
from contactpoint.linking.model.score import HasNames, likelihoods, rarities_of
from contactpoint.linking.model.weights import Model

Totals = tuple[float, ...]
"""log2 likelihoods of the model's four alternatives."""
_LEAST_SLIPPED: Final = 4
_NOTHING: Final = (0,) * len(COMPARISONS)


class Weighed(NamedTuple):
    """What names say: levels with all else missing, and likelihoods, priors included."""

    levels: Levels
    totals: Totals


class _Held(NamedTuple):
    """A candidate's names, each in its own box."""

    forename: Name
    surname: Name
    single: Name = NO_NAME


def is_one_slip(typed: Name, held: Name) -> bool:
    """Say whether one letter wrong, missing or too many, or two exchanged, makes one name of the other.

    Whoever types slips oftener than those who send records. Shorter names have too many neighbours that are
    names.
    """
    if min(len(typed.joined), len(held.joined)) < _LEAST_SLIPPED:
        return False
    return OSA.distance(typed.joined, held.joined, score_cutoff=1) <= 1


class Naming:
    """Weighs names against one way of reading what was typed, as linking does; a slip of the finger is close.

    Args:
        asked: what was typed, read so.
        model: what levels mean.
        beginnings: of the names typed, those that are known only as far as they go.
    """

    def __init__(self, asked: Profile, model: Model, beginnings: Collection[str] = ()) -> None:
        self._asked = asked
        self._model = model
        self._beginnings = beginnings
        self._forenames: dict[str, Forename] = {}
        self._surnames: dict[str, Surname] = {}
        self._alike: dict[tuple[int, ...], Weighed] = {}

    def of(self, forename: str, surname: str, known_as: str, carer: str | None) -> Weighed:
        """What these names of a candidate say; `carer` is the last name of a carer of the candidate's."""
        if carer is None:
            first, last = as_name(forename), as_name(surname)
            if simple := self._simply(first, last, known_as):
                return self._weighed(*simple, Carer.MISSING, _Held(first, last))
        held = profile_of_names(forename, surname, known_as, carer)
        of_carer = compare_carers(self._asked, held) if carer else Carer.MISSING
        of_forename, of_surname = compare_names(self._asked, held)
        if of_forename is Forename.SIMILAR and is_one_slip(self._asked.forename, held.forename):
            of_forename = Forename.CLOSE
        if of_surname is Surname.SIMILAR and is_one_slip(self._asked.surname, held.surname):
            of_surname = Surname.CLOSE
        return self._weighed(of_forename, of_surname, of_carer, held)

    def _simply(self, forename: Name, surname: Name, known_as: str) -> tuple[Forename, Surname] | None:
        """`compare_names` where each of the two names can only be what it stands as; None where not."""
        asked = self._asked
        if (
            not forename.text
            or not surname.text
            or forename.joined in (surname.joined, asked.surname.joined)
            or surname.joined == asked.forename.joined
            or asked.carer_surname.text
        ):
            return None
        first = self._forenames.get(forename.joined)
        if first is None:
            first = compare_forenames(asked.forename, forename)
            if self._begins(asked.forename, forename):
                first = Forename.INITIAL
            elif first is Forename.SIMILAR and is_one_slip(asked.forename, forename):
                first = Forename.CLOSE
            self._forenames[forename.joined] = first
        if known_as and (first >= Forename.SIMILAR or first == Forename.MISSING):
            return None
        last = self._surnames.get(surname.joined)
        if last is None:
            last = compare_surnames(asked.surname, surname)
            if self._begins(asked.surname, surname):
                last = Surname.PART
            elif last is Surname.SIMILAR and is_one_slip(asked.surname, surname):
                last = Surname.CLOSE
            self._surnames[surname.joined] = last
        return first, last

    def _begins(self, asked: Name, held: Name) -> bool:
        """Say whether a name goes on where one typed with a wildcard stops."""
        return asked.joined in self._beginnings and held.joined.startswith(asked.joined)

    def _weighed(self, forename: Forename, surname: Surname, carer: Carer, held: HasNames) -> Weighed:
        rarities = rarities_of(self._asked, held, forename, surname, self._model.rarity)
        alike = (forename, surname, carer, *rarities)
        found = self._alike.get(alike)
        if found is None:
            codes = list(_NOTHING)
            codes[FORENAME], codes[SURNAME], codes[CARER] = int(forename), int(surname), int(carer)
            levels = Levels(
                codes=tuple(codes),
                forename_rarity=rarities[0],
                surname_rarity=rarities[1],
                together=rarities[2],
            )
            found = self._alike[alike] = Weighed(levels, likelihoods(levels, self._model))
        return found
