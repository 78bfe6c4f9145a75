"""What must hold for any two records, and for any table of them."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.families import families

from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking import Levels, default_model, explain, propose, why_words
from contactpoint.linking.engine.posteriors import weights_of
from contactpoint.linking.model.levels import COMPARISONS, Context
from contactpoint.linking.model.normalise import profile_from
from contactpoint.linking.model.score import score_profiles, weigh
from contactpoint.linking.names import fold, name_hash, name_of, phonetic_keys

MODEL = default_model()
TEXT = st.one_of(
    st.none(), st.text(max_size=30), st.sampled_from(("2015-03-04", "2015", "9000000009", "M", "Y", "M1 1CK"))
)
RECORD = st.fixed_dictionaries(dict.fromkeys(PERSON_COLUMNS, TEXT))
LEVELS = st.builds(
    Levels,
    codes=st.tuples(*(st.integers(0, len(kind) - 1) for kind in COMPARISONS.values())),
    forename_rarity=st.integers(0, 255),
    surname_rarity=st.integers(0, 255),
    together=st.just(0),
)


@given(RECORD, RECORD, st.sampled_from(Context))
def test_a_score_is_the_same_both_ways_round_and_finite(one, two, context):
    there = score_profiles(profile_from(one), profile_from(two), MODEL, context)
    back = score_profiles(profile_from(two), profile_from(one), MODEL, context)
    assert there == back
    assert 0 <= there.probability <= 1


@given(RECORD)
def test_two_verified_identifiers_that_differ_always_conflict(record):
    one = profile_from({**record, "nhs_number": "9000000009"})
    two = profile_from({**record, "nhs_number": "9000000017"})
    assert score_profiles(one, two, MODEL).levels.identifiers_conflict


@given(LEVELS)
def test_levels_survive_storage_and_keep_their_weight(levels):
    stored = levels.pack()
    assert len(stored) <= 80
    assert Levels.unpack(stored) == levels
    assert weigh(Levels.unpack(stored), MODEL) == weigh(levels, MODEL)


@settings(deadline=None)
@given(st.lists(LEVELS, min_size=1, max_size=5))
def test_many_are_weighed_as_one_is(many):
    rows = np.array([list(levels.pack()[1:]) for levels in many], dtype=np.uint8)
    assert weights_of(rows, MODEL) == pytest.approx([weigh(levels, MODEL) for levels in many], abs=1e-9)


@given(LEVELS)
def test_every_level_has_words_and_the_story_adds_up(levels):
    story = explain(levels, MODEL)
    assert all(line.words for line in story.lines)
    assert abs(story.prior + sum(line.bits for line in story.lines) + story.rest - story.weight) < 1e-6
    assert all(isinstance(reason, str) and reason for reason in why_words(levels))


@given(st.text())
def test_any_text_folds_to_the_same_however_often(text):
    assert fold(fold(text)) == fold(text)
    assert name_of(fold(text)) == name_of(text)
    assert -(2**63) <= name_hash(text) < 2**63
    assert isinstance(phonetic_keys(text), tuple)


def test_an_absurd_name_costs_no_time():
    absurd = profile_from(dict.fromkeys(PERSON_COLUMNS, "Ab " * 400_000))
    assert len(absurd.forename.text) <= 60
    score_profiles(absurd, absurd, MODEL)


@settings(max_examples=25, deadline=None)
@given(st.lists(RECORD, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_any_rows_changes_nothing(rows, shuffle):
    keyed = [
        {"record": place, "source": f"s{place % 3}", "local_id": str(place), **row}
        for place, row in enumerate(rows)
    ]
    schema = {
        "record": pl.Int64,
        "source": pl.String,
        "local_id": pl.String,
        **dict.fromkeys(PERSON_COLUMNS, pl.String),
    }
    first = propose(pl.DataFrame(keyed, schema=schema), MODEL)
    shuffle.shuffle(keyed)
    again = propose(pl.DataFrame(keyed, schema=schema), MODEL)
    assert first.links.equals(again.links)
    assert first.reviews.equals(again.reviews)
    assert first.links.height == len(rows)


def test_no_cluster_holds_what_may_not_stand_together():
    frame = families(300, 9)
    apart = pl.DataFrame(
        {"a": frame["record"].gather_every(5), "b": frame["record"].reverse().gather_every(5)}
    )
    links = propose(frame, MODEL, apart=apart, compiled=False).links.join(frame, on="record")
    alone = links.group_by("cluster", "source").len()
    assert alone["len"].max() == 1
    numbers = links.filter(pl.col("nhs_number").is_in(["9000000009", "9000000017", "9000000025"]))
    assert numbers.group_by("cluster").agg(pl.col("nhs_number").n_unique())["nhs_number"].max() == 1
    where = dict(links.select("record", "cluster").iter_rows())
    assert not [pair for pair in apart.iter_rows() if pair[0] != pair[1] and where[pair[0]] == where[pair[1]]]


def test_a_delta_finds_what_a_rebuild_finds():
    frame = families(200, 4)
    whole = propose(frame, MODEL, compiled=False).links
    children = whole.select("record", child=pl.col("cluster").abs())
    late = set(frame["record"].gather_every(10).to_list())
    known = frame.join(children, on="record").with_columns(
        child=pl.when(~pl.col("record").is_in(list(late))).then("child")
    )
    delta = propose(known, MODEL, compiled=False).links
    kept = delta.filter(~pl.col("record").is_in(list(late))).join(children, on="record")
    assert (kept["cluster"] == kept["child"]).all()
    both = delta.filter(pl.col("decision") == "linked").join(children, on="record")
    same = (both["cluster"] == both["child"]).sum()
    assert both.height > 20
    assert same / both.height > 0.97


def test_a_stricter_model_never_links_more():
    frame = families(150, 6)
    strict = replace(MODEL, thresholds=replace(MODEL.thresholds, link=12.0, review=12.0))
    counts = [propose(frame, model, compiled=False).links["cluster"].n_unique() for model in (MODEL, strict)]
    assert counts[0] < counts[1]
