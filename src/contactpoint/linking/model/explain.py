"""A score in words: the prior plus one line a comparison, and the reasons a search result shows."""

import math
from dataclasses import dataclass
from typing import Final

from contactpoint.linking.model.levels import COMPARISONS, FORENAME, SURNAME, Context, Levels
from contactpoint.linking.model.score import RARE_FORENAMES, RARE_SURNAMES, likelihoods, weigh
from contactpoint.linking.model.weights import ALTERNATIVES, SAME, STRANGER, Model, rarity_bits

_VERIFIED: Final = {
    1: "the same",
    2: "the same, though the check digit is wrong",
    3: "one digit different",
    4: "different, check digit wrong",
    5: "different",
}
FULL: Final[dict[str, tuple[str, dict[int, str]]]] = {
    "forename": (
        "first name",
        {
            1: "the same",
            2: "the known-as name of the other",
            3: "a short form of the other",
            4: "another spelling",
            5: "sounds the same",
            6: "spelt nearly the same",
            7: "part of the other",
            8: "the other's middle name",
            9: "the beginning of the other",
            10: "first and last name exchanged",
            11: "similar",
            12: "different",
        },
    ),
    "middle_names": ("middle names", {1: "the same", 2: "one the same", 3: "same initial", 4: "different"}),
    "surname": (
        "last name",
        {
            1: "the same",
            2: "the former name of the other",
            3: "part of the other",
            4: "another form",
            5: "sounds the same",
            6: "spelt nearly the same",
            7: "the name of the other's family",
            8: "first and last name exchanged",
            9: "similar",
            10: "only a customary name the same",
            11: "different",
        },
    ),
    "date_of_birth": (
        "date of birth",
        {
            1: "the same",
            2: "the same, 1 January",
            3: "day and month swapped",
            4: "one digit different",
            5: "one day or one year apart",
            6: "same month and year",
            7: "same year, one on 1 January",
            8: "same month and year, day not known",
            9: "same year, rest not known",
            10: "same day and month, other year",
            11: "same year",
            12: "different",
        },
    ),
    "sex": ("sex", {1: "the same", 2: "different"}),
    "home": (
        "address",
        {
            1: "same home",
            2: "same postcode",
            3: "nearly the same",
            4: "same part of the postcode",
            5: "same postcode district",
            6: "same postcode area",
            7: "different",
        },
    ),
    "carer": (
        "parent or carer",
        {1: "the same", 2: "nearly the same", 3: "same first name", 4: "same last name", 5: "different"},
    ),
    "phone": ("telephone", {1: "the same", 2: "different"}),
    "email": ("email", {1: "the same", 2: "different"}),
    "nhs_number": ("NHS number", _VERIFIED),
    "upn": ("unique pupil number", _VERIFIED),
    "other_identifiers": (
        "other identifiers",
        {1: "the same", 2: "different", 3: "one character different"},
    ),
    "birth_order": ("order in a multiple birth", {1: "the same", 2: "different"}),
    "suffix": ("suffix", {1: "the same", 2: "different"}),
    "date_of_death": ("date of death", {1: "the same", 2: "different"}),
    "twins_seen": (
        "twins",
        {
            1: "one source shows one child of this last name, birth date and home",
            2: "two sources show one child of this last name, birth date and home",
            3: "every source shows one child of this last name, birth date and home",
            4: "a source shows two children of this last name, birth date and home",
            5: "neither has anybody else where the other is listed: unusual",
            6: "neither has anybody else where the other is listed: rare",
            7: "neither has anybody else where the other is listed: very rare",
            8: "neither has anybody else where the other is listed: hardly ever seen",
        },
    ),
}
_WHY: Final[dict[str, dict[int, str]]] = {
    "forename": {
        1: "same first name",
        2: "known by this name",
        3: "first name is a short form",
        4: "first name spelt another way",
        5: "first name sounds the same",
        6: "first name spelt nearly the same",
        7: "part of the first name the same",
        8: "first name is a middle name",
        9: "first name begins the same",
        10: "first and last name exchanged",
        11: "first name similar",
    },
    "middle_names": {1: "same middle names", 2: "one middle name the same"},
    "surname": {
        1: "same last name",
        2: "former last name",
        3: "part of the last name the same",
        4: "last name has another form",
        5: "last name sounds the same",
        6: "last name spelt nearly the same",
        7: "last name is the family's",
        9: "last name similar",
    },
    "date_of_birth": {
        1: "same birth date",
        2: "same birth date",
        3: "day and month swapped",
        4: "birth date one digit different",
        5: "birth date one day or one year apart",
        6: "same month and year of birth",
        7: "same year of birth",
        8: "same month and year of birth",
        9: "same year of birth",
        10: "same birthday, another year",
        11: "same year of birth",
    },
    "home": {
        1: "same address",
        2: "same postcode",
        3: "address nearly the same",
        4: "postcode nearly the same",
        5: "same postcode district",
    },
    "carer": {1: "same parent or carer", 2: "parent or carer nearly the same"},
    "phone": {1: "same telephone"},
    "email": {1: "same email"},
    "nhs_number": {1: "same NHS number", 2: "same NHS number", 3: "NHS number one digit different"},
    "upn": {
        1: "same unique pupil number",
        2: "same unique pupil number",
        3: "unique pupil number one digit different",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One comparison: what was seen, in words, and how many bits it speaks for the same child."""

    comparison: str
    label: str
    words: str
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A weight taken apart against the strongest other alternative; `prior`, lines and `rest` add up to it.

    `rest` is what the weaker alternatives take off together, never above 0.
    """

    weight: float
    against: str
    prior: float
    lines: tuple[Line, ...]
    rest: float


def explain(levels: Levels, model: Model) -> Explanation:
    """Tell the story of a link or a refusal from its stored levels alone."""
    totals = likelihoods(levels, model)
    other = max(range(SAME + 1, len(ALTERNATIVES)), key=lambda place: totals[place])
    lines = []
    for place, (code, name) in enumerate(zip(levels.codes, COMPARISONS, strict=True)):
        if not code:
            continue
        row = model.tables[place][code]
        against = row[other]
        if other == STRANGER and place == FORENAME and code in RARE_FORENAMES:
            against = -rarity_bits(levels.forename_rarity)
        if other == STRANGER and place == SURNAME and code in RARE_SURNAMES:
            against = rarity_bits(levels.together) - rarity_bits(levels.surname_rarity)
        label, words = FULL[name]
        lines.append(Line(comparison=name, label=label, words=words[code], bits=row[SAME] - against))
    prior = model.priors[SAME] - model.priors[other]
    weight = weigh(levels, model)
    seen = prior + math.fsum(line.bits for line in lines)
    if other == STRANGER and levels.together and levels.codes[SURNAME] not in RARE_SURNAMES:
        seen -= rarity_bits(levels.together)
    return Explanation(
        weight=weight,
        against=ALTERNATIVES[other],
        prior=prior,
        lines=tuple(lines),
        rest=min(0.0, weight - seen),
    )


def why_words(levels: Levels) -> tuple[str, ...]:
    """Return why a result matches ("Last name sounds the same", "day and month swapped", "same postcode").

    Only what agrees, most telling first, the first one with a capital. The caller scores displayed values
    alone, so that no reason can speak of what a viewer may not see.
    """
    reasons = [
        _WHY[name][code]
        for code, name in zip(levels.codes, COMPARISONS, strict=True)
        if code in _WHY.get(name, {}) and not (name == "twins_seen" and code == Context.UNKNOWN)
    ]
    return (reasons[0][0].upper() + reasons[0][1:], *reasons[1:]) if reasons else ()
