"""Learning: known truths are recovered, and what was never seen is not unlearnt."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.factories.families import families

from contactpoint.domain.identifiers import nhs_number_is_valid
from contactpoint.linking import default_model, fit, propose
from contactpoint.linking.model.estimate import count_rarity, reestimate
from contactpoint.linking.model.levels import Forename, Same

MODEL = default_model()


def test_counts_move_a_level_and_the_probabilities_still_add_up():
    counts = {"same": {"forename": {Forename.EXACT: 9_000.0, Forename.SOUNDS: 1_000.0}}}
    learnt = reestimate(MODEL, counts).probabilities["forename"]
    assert learnt["sounds"][0] == pytest.approx(0.1, abs=0.01)
    assert sum(row[0] for row in learnt.values()) == pytest.approx(1.0)
    assert [row[1:] for row in learnt.values()] == [
        row[1:] for row in MODEL.probabilities["forename"].values()
    ]


def test_known_probabilities_are_recovered_from_drawn_levels():
    truth = {Same.SAME: 0.83, Same.DIFFERENT: 0.17}
    drawn = np.random.default_rng(1).choice(list(truth), p=list(truth.values()), size=50_000)
    counts = dict(zip(*np.unique(drawn, return_counts=True), strict=True))
    learnt = reestimate(MODEL, {"stranger": {"email": {int(k): float(v) for k, v in counts.items()}}})
    assert learnt.probabilities["email"]["same"][3] == pytest.approx(0.83, abs=0.01)


def test_few_pairs_teach_nothing():
    counts = {"same": {"forename": {Forename.DIFFERENT: 3.0}}}
    assert reestimate(MODEL, counts).probabilities == MODEL.probabilities


def test_a_level_never_seen_keeps_no_more_than_so_many_pairs_allow():
    counts = {"same": {"forename": {Forename.EXACT: 100_000.0}}}
    learnt = reestimate(MODEL, counts).probabilities["forename"]
    assert 0 < learnt["nickname"][0] <= 20 / 100_000


def test_equal_models_have_equal_names_and_others_do_not():
    counts = {"same": {"forename": {Forename.EXACT: 900.0, Forename.SOUNDS: 100.0}}}
    assert reestimate(MODEL, counts).version == reestimate(MODEL, counts).version
    assert reestimate(MODEL, counts).version != MODEL.version


def test_names_that_go_together_are_no_surprise_together():
    names = {("muhammad", "ali"): 50, ("jack", "smith"): 100, ("muhammad", "smith"): 1, ("x", "y"): 849}
    rarity = count_rarity(names, MODEL.rarity)
    assert rarity.of_pair("muhammad", "ali") > rarity.of_pair("muhammad", "smith") == MODEL.rarity.together
    assert rarity.of_forename("jack") == round(8 * np.log2(1000 / 99))
    assert rarity.of_forename("amelia") == MODEL.rarity.of_forename("amelia")


@pytest.mark.parametrize("identifiers", [True, False])
def test_a_model_learnt_from_records_without_labels_serves_and_is_the_same_again(identifiers):
    frame = families(120, 3)
    numbers = [f"{9_000_000_000 + n}" for n in range(3_000)]
    valid = [text for text in numbers if nhs_number_is_valid(text)]
    if identifiers:  # every child of a home has a number of its own, so that there are pairs to learn from
        home = pl.concat_str("address", "postcode", "date_of_birth").rank("dense").cast(pl.Int64) % len(valid)
        frame = frame.with_columns(nhs_number=home.replace_strict(range(len(valid)), valid, default=None))
    learnt = fit(frame, MODEL)
    assert learnt.version == fit(frame.reverse(), MODEL).version != MODEL.version
    assert learnt.population < MODEL.population
    assert f"from {frame.height:,} records of 5 sources" in learnt.about
    assert MODEL.version in learnt.about
    links = propose(frame, learnt, compiled=False).links
    assert 100 < links["cluster"].n_unique() < frame.height
    assert replace(learnt, version=MODEL.version) != MODEL


def test_namesakes_of_other_homes_teach_nothing_about_wrong_birth_dates():
    """Of 600 rare names in two registers, 200 are two children's: no number says which."""
    letters = "bdfghklmnprstvz"
    names = [f"{a}{b}a{c}o" for a in letters for b in "aeiou" for c in letters][:600]
    rows = []
    for place, name in enumerate(names):
        for source in ("one", "other"):
            apart = source == "other" and place % 3 == 0
            day = f"20{10 + place % 7 + apart}-0{1 + (place + 4 * apart) % 9}-{10 + (place + 7 * apart) % 18}"
            home = f"{place + 700 * apart} Station Road", f"OL{1 + apart} {place % 9 + 1}AB"
            rows.append((source, f"{place}", f"Q{name}", f"X{name}", day, *home))
    columns = ("source", "local_id", "forename", "surname", "date_of_birth", "address", "postcode")
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("record")
    births = fit(frame, MODEL, unique=["one", "other"]).probabilities["date_of_birth"]
    assert births["exact"][0] > 0.95
    assert births["different"][0] < 0.001


@pytest.mark.parametrize(("kin", "believed"), [(0, 0.001), (40, 2 * 40 / 640 / 0.226), (120, 1.0)])
def test_lists_that_have_no_brothers_and_sisters_teach_that_there_are_few(kin, believed):
    """Two registers that list nobody twice: of 300 homes in the one, so many have a second child."""
    rows = [
        (source, f"{source}{place}{child}", f"Q{child}{place % 26:c}a", "Brown",
         f"20{10 + child}-0{1 + place % 9}-11", f"{place + 1} Station Road",
         f"OL{1 + place % 9} {place % 8 + 1}AB")
        for source in ("one", "other")
        for place in range(300)
        for child in range(1 + (source == "one" and place < kin))
    ]  # fmt: skip
    columns = ("source", "local_id", "forename", "surname", "date_of_birth", "address", "postcode")
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("record")
    learnt = fit(frame, MODEL, unique=["one", "other"])
    assert learnt.twin / MODEL.twin == pytest.approx(learnt.sibling / MODEL.sibling)
    assert learnt.twin / MODEL.twin == pytest.approx(believed, rel=0.01)
