"""The search's scorer weighs as the model of linking does, and leaves nobody out whom it should show."""

import random
from datetime import date

import pytest
from rapidfuzz.distance import OSA

from contactpoint.actions.find.probe import context_of
from contactpoint.actions.find.scoring import (
    BEHIND_BEST,
    LEAST_ODDS,
    NEARLY_PERFECT,
    SHORT_OF_PERFECT,
    Scorer,
)
from contactpoint.domain.criteria import Criteria
from contactpoint.linking.model.levels import FORENAME, SURNAME, Forename, Levels, Surname
from contactpoint.linking.model.normalise import profile_from
from contactpoint.linking.model.score import levels_of, rarities_of, score_profiles, weigh
from contactpoint.linking.model.weights import default_model
from contactpoint.storage.search_candidates import Candidate, Probe

ON = date(2026, 11, 22)
FORENAMES = (
    "Amina",
    "Ameena",
    "Mohammed",
    "Mo",
    "Okafor",
    "Li",
    "Anne-Marie",
    "Ann",
    "Amisa",
    "Katherine",
    "Kate",
    "",
)
SURNAMES = (
    "Okafor",
    "Okafour",
    "Okajor",
    "Klan",
    "Smith",
    "Smyth",
    "Amina",
    "Khan",
    "Smith-Jones",
    "O'Brien",
    "Singh",
    "",
)
DATES = ("2016-05-09", "2016-09-05", "2016-05-08", "2019-07-11", "2016-05", "2016", "")
POSTCODES = ("OL1 4AB", "OL1 4AD", "OL1 2ZZ", "M14 5RT", "")
# (what is typed, its whole postcode)
TYPED = [
    ({"forename": "Amina", "surname": "Okafor", "date_of_birth": date(2016, 5, 9)}, None),
    (
        {"forename": "Li", "surname": "Khan", "date_of_birth": date(2016, 5, 9), "place": "OL1 4AB"},
        "OL14AB",
    ),
    ({"surname": "Okafor", "date_of_birth": date(2016, 5, 9)}, None),
    ({"forename": "Baby", "surname": "Khan", "date_of_birth": date(2016, 5, 9)}, None),
    ({"forename": "Mo", "surname": "Singh"}, None),
]


def rows():
    chance = random.Random(11)
    return [
        Candidate(
            child=f"C{place:09}",
            shielded=False,
            forename=chance.choice(FORENAMES),
            surname=chance.choice(SURNAMES),
            known_as=chance.choice(("", "", "Mina", "Kate")),
            dob_text=chance.choice(DATES),
            postcode=chance.choice(POSTCODES),
            sec="",
            dis="",
            la="",
        )
        for place in range(3000)
    ]


def asked(criteria, postcode):
    base = {
        "date_of_birth": criteria.date_of_birth.isoformat() if criteria.date_of_birth else None,
        "postcode": postcode,
    }
    if criteria.forename and criteria.surname:
        return [{**base, "forename": criteria.forename, "surname": criteria.surname}]
    only = criteria.surname or criteria.forename
    return [{**base, "surname": only}, {**base, "forename": only}]


def slips_close(one, held, model):
    """The levels of linking, but that names of four letters or more that one slip tells apart are close."""
    levels = levels_of(one, held, model)
    codes = list(levels.codes)
    for place, mine, yours, similar, close in (
        (FORENAME, one.forename, held.forename, Forename.SIMILAR, Forename.CLOSE),
        (SURNAME, one.surname, held.surname, Surname.SIMILAR, Surname.CLOSE),
    ):
        pair = mine.joined, yours.joined
        if codes[place] == similar and min(map(len, pair)) > 3 and OSA.distance(*pair) == 1:
            codes[place] = int(close)
    rare = rarities_of(one, held, codes[FORENAME], codes[SURNAME], model.rarity)
    return Levels(codes=tuple(codes), forename_rarity=rare[0], surname_rarity=rare[1], together=rare[2])


def plainly(values, candidates):
    """Every candidate scored whole by the model of linking, then cut; nothing skipped."""
    model = default_model()
    typed = [profile_from(one) for one in values]
    perfect = max(score_profiles(one, one, model).weight for one in typed)
    weights = {}
    for row in candidates:
        held = profile_from(
            {
                "forename": row.forename,
                "surname": row.surname,
                "known_as": row.known_as,
                "date_of_birth": row.dob_text,
                "postcode": row.postcode,
            }
        )
        weights[row.child] = max(weigh(slips_close(one, held, model), model) for one in typed)
    least = max(
        max(weights.values()) - BEHIND_BEST,
        perfect - SHORT_OF_PERFECT,
        min(LEAST_ODDS, perfect - NEARLY_PERFECT),
    )
    return {child: weight for child, weight in weights.items() if weight >= least}


@pytest.mark.parametrize(("typed", "postcode"), TYPED, ids=str)
@pytest.mark.parametrize("present", [1, 40, 3000])
def test_the_same_children_with_the_same_weights(typed, postcode, present):
    criteria, candidates = Criteria(**typed), rows()[-present:]
    values = asked(criteria, postcode)
    if criteria.forename == "Baby":
        values = [{**values[0], "forename": None}]
    probe = Probe(postcode=postcode, context=context_of(criteria))

    hits = Scorer(criteria, probe, ON).hits(candidates, {})

    wanted = plainly(values, candidates)
    assert {hit.child: pytest.approx(hit.weight) for hit in hits} == wanted
    assert [hit.weight for hit in hits] == sorted((hit.weight for hit in hits), reverse=True)
