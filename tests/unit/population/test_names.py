import numpy as np
import polars as pl
import pytest

from contactpoint.population.naming import draw_forenames
from contactpoint.population.traditions import INDEX, TRADITIONS
from contactpoint.population.words import words


def people(england, **where):
    table = pl.read_parquet(england[0] / "people.parquet").filter(pl.col("family") >= 0)
    for column, value in where.items():
        table = table.filter(pl.col(column) == value)
    return table


def test_every_tradition_has_names_for_both_sexes_and_all_years():
    w = words()
    for tradition in range(len(TRADITIONS)):
        for sex in (0, 1):
            for band in range(4):
                assert len(w.forename_codes[tradition, sex, band]) > 30
                assert w.forename_weights[tradition, sex, band][-1] == pytest.approx(1)


def test_spellings_of_muhammad_lead_where_they_should():
    n = 4000
    pakistani, boy, lately = (np.full(n, k, np.int32) for k in (INDEX["pakistani"], 0, 3))

    drawn = draw_forenames(np.random.default_rng(3), pakistani, boy, lately)

    assert (
        0.2 < words().muhammad[drawn].mean() < 0.45
    )  # 3.3 % of all boys listed in 2024, about a tenth of them Muslim


def test_sikh_children_are_singh_or_kaur_by_sex(england):
    sikh = people(england, tradition="sikh")
    text = pl.concat_str("surname", pl.lit(" "), pl.col("middle_names").fill_null(""))

    assert not sikh.filter((pl.col("sex") == "M") & text.str.contains("Kaur")).height
    assert sikh.filter(text.str.contains("Singh|Kaur")).height > 0.5 * sikh.height


def test_brothers_and_sisters_may_bear_different_surnames(england):
    family = people(england, tradition="bangladeshi").group_by("family").agg(pl.col("surname").n_unique())

    assert (family["surname"] > 1).mean() > 0.2


def test_some_have_one_name_only_and_it_is_the_surname(england):
    one = people(england).filter(pl.col("forename").is_null())

    assert one.height >= 1
    assert one["surname"].null_count() == 0
    assert set(one["tradition"]) <= {"afghan", "tamil", "bangladeshi", "somali"}


def test_no_two_children_of_a_family_have_the_same_name(england):
    named = people(england).filter(pl.col("forename").is_not_null())
    pairs = named.group_by("family", "forename").len().filter(pl.col("len") > 1)

    assert pairs.height <= 2  # a name drawn three times over in one family


def test_names_have_hyphens_apostrophes_and_accents(england):
    table = people(england)

    assert table["forename"].str.contains("-").sum() > 20
    assert table["surname"].str.contains("'").sum() > 5
    assert table["surname"].str.contains(r"[^\x00-\x7F]").sum() > 5
    assert table["surname"].str.contains(r"\w[- ]\w").sum() > 100


def test_twins_of_one_sex_often_have_similar_names(england):
    twins = people(england).filter((pl.col("twin_set") > 0) & pl.col("forename").is_not_null())
    pairs = (
        twins.group_by("twin_set", "sex")
        .agg("forename")
        .filter(pl.col("forename").list.len() == 2)["forename"]
    )
    alike = [a[0] == b[0] or a[-3:] == b[-3:] for a, b in pairs.to_list()]

    assert len(alike) > 20
    assert np.mean(alike) > 0.2


def test_traditions_follow_the_authority(england):
    share = people(england)["tradition"].value_counts(normalize=True)
    shares = dict(share.iter_rows())

    assert shares["english"] == pytest.approx(0.47, abs=0.08)  # Oldham and Rochdale
    assert shares["pakistani"] == pytest.approx(0.22, abs=0.06)
