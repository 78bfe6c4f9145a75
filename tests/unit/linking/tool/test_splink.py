"""Splink's settings: the weight computed from the JSON by Splink's published formula is ours, level by level.

Formula: log2 of the prior odds plus, for each comparison, log2(m/u); with a term frequency adjustment log2(u
of the exact level / term frequency) is added (Linacre et al. 2022, International Journal of Population Data
Science 7(3); Splink documentation, "Term frequency adjustments").
"""

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking import Levels, default_model
from contactpoint.linking.model.levels import COMPARISONS, FORENAME, NAMES, SURNAME, Forename, Surname
from contactpoint.linking.model.score import RARE_FORENAMES, RARE_SURNAMES, likelihoods
from contactpoint.linking.tool.splink import term_frequencies, to_splink
from contactpoint.linking.tool.splink_in import from_splink, read_any_model
from contactpoint.linking.tool.splink_sql import prepared

VECTORS = Path(__file__).parents[3] / "vectors" / "linking"

MODEL = replace(default_model(), rarity=replace(default_model().rarity, together=0))
SETTINGS = json.loads(to_splink(MODEL))
SAID = [name for name in NAMES if name != "twins_seen"]


def splink_weight(chosen, frequencies):
    """What Splink computes from its settings for the levels of each comparison, by label."""
    prior = SETTINGS["probability_two_random_records_match"]
    weight = math.log2(prior / (1 - prior))
    for comparison in SETTINGS["comparisons"]:
        name = comparison["output_column_name"]
        level = next(
            one for one in comparison["comparison_levels"] if one["label_for_charts"] == chosen.get(name)
        )
        weight += math.log2(level["m_probability"] / level["u_probability"])
        if level.get("tf_adjustment_column"):
            base = level["u_probability"]
            weight += level["tf_adjustment_weight"] * math.log2(base / frequencies[name])
    return weight


@pytest.mark.parametrize("turn", range(max(len(kind) for kind in COMPARISONS.values())))
def test_splink_and_we_give_the_same_weight_for_the_same_levels(turn):
    codes = [1 + turn % (len(kind) - 1) for kind in COMPARISONS.values()]
    codes[-1] = 0
    # Rarity of a name that is nearly the same is ours alone; Splink adjusts where names are equal.
    if codes[FORENAME] != Forename.EXACT and codes[FORENAME] in RARE_FORENAMES:
        codes[FORENAME] = Forename.DIFFERENT
    if codes[SURNAME] != Surname.EXACT and codes[SURNAME] in RARE_SURNAMES:
        codes[SURNAME] = Surname.DIFFERENT
    levels = Levels(
        codes=tuple(map(int, codes)),
        forename_rarity=67 if codes[FORENAME] == Forename.EXACT else 0,
        surname_rarity=71 if codes[SURNAME] == Surname.EXACT else 0,
    )
    chosen = {
        name: kind(code).name.lower() for (name, kind), code in zip(COMPARISONS.items(), codes, strict=True)
    }
    totals = likelihoods(levels, MODEL)
    found = splink_weight(chosen, {"forename": 2 ** (-67 / 8), "surname": 2 ** (-71 / 8)})
    assert found == pytest.approx(totals[0] - totals[3], abs=1e-9)


def test_splink_itself_gave_the_same_weights():
    """What Splink 5 made of our settings, written down by `python -m bench.splink_vectors`."""
    known = json.loads((VECTORS / "splink.json").read_text(encoding="utf-8"))
    told = {
        name: {level: tuple(row) for level, row in rows.items()} for name, rows in known["settings"].items()
    }
    model = replace(
        MODEL,
        population=round(2 ** known["prior"]),
        probabilities={**MODEL.probabilities, **told},
    )
    shown = set()
    for pair in known["pairs"]:
        codes = [
            next(level for level in kind if level.name.lower() == pair["levels"].get(name, "missing"))
            for name, kind in COMPARISONS.items()
            if name != "twins_seen"
        ]
        levels = Levels(
            codes=(*map(int, codes), 0),
            forename_rarity=pair["forename_rarity"],
            surname_rarity=pair["surname_rarity"],
        )
        totals = likelihoods(levels, model)
        assert totals[0] - totals[3] == pytest.approx(pair["weight"], abs=1e-9), pair["levels"]
        shown |= set(pair["levels"].items())
    assert len(known["pairs"]) > 50
    assert len(shown) > 40


def test_every_level_is_exported_once_and_the_last_is_what_is_left():
    for comparison in SETTINGS["comparisons"]:
        name = comparison["output_column_name"]
        labels = [level["label_for_charts"] for level in comparison["comparison_levels"]]
        assert labels[0] == "missing"
        assert sorted(labels[1:]) == sorted(MODEL.probabilities[name])
        assert comparison["comparison_levels"][-1]["sql_condition"] == "ELSE"
    assert [comparison["output_column_name"] for comparison in SETTINGS["comparisons"]] == SAID


def test_what_was_exported_comes_back(tmp_path):
    (tmp_path / "m.json").write_text(to_splink(MODEL))
    again = read_any_model(tmp_path / "m.json")
    assert again.population == MODEL.population
    for name, level in itertools.chain.from_iterable([(n, x) for x in MODEL.probabilities[n]] for n in SAID):
        assert again.probabilities[name][level] == pytest.approx(MODEL.probabilities[name][level])


def test_settings_trained_elsewhere_fill_the_levels_they_cover():
    theirs = {
        "probability_two_random_records_match": 0.001,
        "comparisons": [
            {
                "output_column_name": "first_name",
                "comparison_levels": [
                    {
                        "sql_condition": "first_name_l IS NULL",
                        "label_for_charts": "Null",
                        "is_null_level": True,
                    },
                    {
                        "sql_condition": "a = b",
                        "label_for_charts": "Exact",
                        "m_probability": 0.8,
                        "u_probability": 0.01,
                    },
                    {
                        "sql_condition": "jw > .9",
                        "label_for_charts": "JW",
                        "m_probability": 0.15,
                        "u_probability": 0.04,
                    },
                    {
                        "sql_condition": "ELSE",
                        "label_for_charts": "Other",
                        "m_probability": 0.05,
                        "u_probability": 0.95,
                    },
                ],
            }
        ],
    }
    rows = from_splink(theirs).probabilities["forename"]
    assert from_splink(theirs).population == 999
    assert (rows["exact"][0], rows["exact"][3]) == (0.8, 0.01)
    assert rows["different"][3] == pytest.approx(0.95, abs=0.03)
    assert sum(row[0] for name, row in rows.items() if name != "swapped") == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    "body",
    [
        {"comparisons": [{}]},
        {"comparisons": [{"output_column_name": "sex", "comparison_levels": [{"sql_condition": "ELSE"}]}]},
    ],
)
def test_settings_that_were_never_trained_are_refused(body):
    with pytest.raises(InvalidInput):
        from_splink(body)


def test_the_table_of_term_frequencies_holds_the_names_of_the_model():
    table = term_frequencies(MODEL, "surname")
    assert table.columns == ["surname", "tf_surname"]
    assert dict(table.iter_rows())["smith"] == pytest.approx(2 ** (-MODEL.rarity.surname["smith"] / 8))


def test_names_that_the_model_does_not_list_are_as_rare_as_it_takes_them_to_be():
    table = term_frequencies(MODEL, "forename", ["qwertyuiop", "amelia"])
    rates = dict(table.iter_rows())
    assert rates["qwertyuiop"] == pytest.approx(2 ** (-MODEL.rarity.unlisted_forename / 8))
    assert table.height == len(MODEL.rarity.forename) + 1


def test_prepared_records_have_the_types_the_conditions_want_though_nobody_has_a_value():
    table = prepared(pl.DataFrame([{"source": "a", "local_id": "1", "forename": "Ada"}]))
    assert table.schema["other_identifiers"] == table.schema["surname_words"] == pl.List(pl.String)
    assert table.schema["upn_verified"] == pl.Boolean
    assert table.schema["date_of_death"] == pl.String
    assert table.row(0, named=True)["forename"] == "ada"
