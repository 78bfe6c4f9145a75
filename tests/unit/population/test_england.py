"""What is true of a small England, and what its sources hold: rates within tolerance of their sources."""

import re
from datetime import date

import polars as pl
import pytest

from contactpoint.domain.identifiers import nhs_number_is_valid, upn_is_valid
from contactpoint.population.errors import ERRORS
from contactpoint.population.shared import PHONE_STEMS
from contactpoint.population.tables import UNUSED_INWARD_LETTERS, authorities, deprivation
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.read import read_table
from contactpoint.supply.reference import read_reference
from contactpoint.supply.validate import validate

POSTCODE = re.compile(
    rf"[A-Z]{{1,2}}\d[A-Z\d]? \d(?=.*[{UNUSED_INWARD_LETTERS}]..?$|.*[{UNUSED_INWARD_LETTERS}]$)[A-Z]{{2}}"
)


def feed(england, name):
    return pl.read_csv(next((england[0] / "feeds").glob(f"{name}_*_full.csv")), infer_schema=False)


def feeds(england):
    return [(f.name, pl.read_csv(f, infer_schema=False)) for f in sorted((england[0] / "feeds").iterdir())]


def truth(england):
    return pl.read_parquet(england[0] / "truth.parquet")


def people(england):
    return pl.read_parquet(england[0] / "people.parquet")


def test_no_postcode_anywhere_can_be_real(england):
    found = {
        p
        for _, t in feeds(england)
        for c in ("postcode", "other_postcode")
        if c in t.columns
        for p in t[c].drop_nulls()
    }
    found |= set(pl.read_csv(england[0] / "organisations.csv", infer_schema=False)["postcode"].drop_nulls())

    assert len(found) > 300
    assert not [p for p in found - {"ZZ99 3VZ"} if not POSTCODE.fullmatch(p)]


def test_no_telephone_number_can_ring(england):
    columns = ("phone", "carer_phone", "carer2_phone", "contact_phone")
    found = {p for _, t in feeds(england) for c in columns if c in t.columns for p in t[c].drop_nulls()}

    drama = {p for p in found if p.startswith(PHONE_STEMS)}
    assert drama
    assert all(len(p) == len("07700 900000") + p.startswith(("0161", "020")) for p in drama)
    assert len(found - drama) > 3000  # as many as families, and more
    assert all(re.fullmatch(r"06[17]\d\d \d{6}", p) for p in found - drama)


def test_no_two_families_share_a_telephone(england):
    whose = truth(england).select("source", "local_id", "family")
    told = feed(england, "nhs-demographics").with_columns(source=pl.lit("nhs-demographics"))
    families = told.join(whose, on=["source", "local_id"]).filter(pl.col("phone").is_not_null())

    assert families.group_by("phone").agg(pl.col("family").n_unique())["family"].max() == 1
    assert 0.4 < families.group_by("family").agg(pl.col("phone").n_unique() == 1)["phone"].mean() < 1.0


def test_the_truth_tells_region_and_deprivation(england):
    assert truth(england)["region"].unique().to_list() == ["North West"]
    assert truth(england)["deprivation"].unique().to_list() == [1]
    shares = {
        fifth: sum(a.children for a in authorities() if deprivation()[a.dfe] == fifth)
        for fifth in range(1, 6)
    }
    whole = sum(shares.values())
    assert all(0.18 < share / whole < 0.22 for share in shares.values())


def test_every_number_has_a_true_check_character(england):
    for name, table in feeds(england):
        for column, valid in (("nhs_number", nhs_number_is_valid), ("upn", upn_is_valid)):
            if column in table.columns:
                assert all(valid(n) for n in table[column].drop_nulls()), (name, column)


def test_nhs_numbers_belong_to_one_child_each(england):
    numbers = people(england)["nhs_number"]

    assert numbers.n_unique() == len(numbers)
    assert numbers.str.starts_with("9").all()


def test_upns_belong_to_one_pupil_each(england):
    upns = feed(england, "school-census")["upn"].drop_nulls()

    assert upns.n_unique() == len(upns)


@pytest.mark.parametrize(
    ("flag", "share", "within"),
    [
        ("shielded", 0.0047, 0.005),
        ("looked_after", 0.0095, 0.006),  # Oldham 582 of 64,069, Rochdale 594 of 58,087 (DfE 2025)
        ("in_need", 0.043, 0.016),
        ("no_fixed_abode", 0.002, 0.003),
        ("home_educated", 0.0082, 0.006),
        ("left", 0.007, 0.005),
    ],
)
def test_circumstances_are_near_their_published_rates(england, flag, share, within):
    assert people(england)[flag].mean() == pytest.approx(share, abs=within)


def test_universal_sources_cover_what_they_should(england):
    records = england[1].records

    assert records["nhs-demographics"] / 4000 == pytest.approx(1.0, abs=0.02)
    assert records["births"] / 4000 == pytest.approx(0.91, abs=0.03)
    assert records["gp-registrations"] / 4000 == pytest.approx(0.97, abs=0.02)
    assert records["school-census"] / 4000 == pytest.approx(0.74, abs=0.04)


def test_errors_are_of_declared_kinds_and_near_their_rates(england):
    errors = truth(england).explode("errors")["errors"].drop_nulls()

    assert set(errors) <= {kind.code for kind in ERRORS}
    rate = errors.value_counts().with_columns(pl.col("count") / len(truth(england)))
    found = dict(rate.iter_rows())
    assert found["forename_sounds_alike"] == pytest.approx(0.0045, abs=0.002)
    assert found["dob_one_digit"] == pytest.approx(0.0009, abs=0.0006)
    assert found["sex_wrong"] == pytest.approx(0.0014, abs=0.0008)


def test_the_truth_about_a_record_without_errors_is_what_the_record_says(england):
    clean = truth(england).filter(
        (pl.col("source") == "nhs-demographics") & (pl.col("errors").list.len() == 0)
    )
    told = feed(england, "nhs-demographics").join(clean, on="local_id")
    both = told.join(people(england), on=["person", "half"], suffix="_true")

    assert len(both) > 2000
    assert (both["surname"] == both["surname_true"]).all()
    assert (both["date_of_birth"] == both["date_of_birth_true"].cast(pl.String)).all()
    assert both.filter(pl.col("postcode") != pl.col("postcode_true")).height == 0


def test_shielded_children_are_marked_in_a_source_and_their_addresses_look_ordinary(england):
    told = feed(england, "nhs-demographics").join(
        truth(england).filter(pl.col("source") == "nhs-demographics"), on="local_id"
    )
    marked = told.filter(pl.col("restricted") == "Y")

    assert marked.height >= 5
    assert marked["shielded"].all()
    assert not marked["address"].drop_nulls().str.to_lowercase().str.contains("refuge|shelter|safe").any()


def test_shielded_children_are_in_the_delta(england):
    name = next((england[0] / "feeds").glob("nhs-demographics_*_delta.csv"))
    told = pl.read_csv(name, infer_schema=False).join(
        truth(england).filter(pl.col("source") == "nhs-demographics"), on="local_id"
    )

    assert told["shielded"].sum() >= 5


def test_the_delta_brings_babies_new_schools_moves_and_names(england):
    folder = england[0] / "feeds"
    first = pl.read_csv(next(folder.glob("nhs-demographics_*_full.csv")), infer_schema=False)
    later = pl.read_csv(next(folder.glob("nhs-demographics_*_delta.csv")), infer_schema=False)
    both = later.join(first, on="local_id", suffix="_old")

    assert later.filter(pl.col("forename") == "Baby").height >= 1
    assert both.filter((pl.col("forename_old") == "Baby") & (pl.col("forename") != "Baby")).height >= 1
    assert both.filter(pl.col("postcode_old") != pl.col("postcode")).height >= 5
    assert later.height > both.height
    old = pl.read_csv(next(folder.glob("school-census_*_full.csv")), infer_schema=False)
    new = pl.read_csv(next(folder.glob("school-census_*_delta.csv")), infer_schema=False)
    assert (
        new.join(old, on="local_id").filter(pl.col("organisation") != pl.col("organisation_right")).height
        >= 3
    )


def test_organisations_named_in_feeds_are_in_the_list(england):
    listed = set(pl.read_csv(england[0] / "organisations.csv", infer_schema=False)["code"])
    named = {
        o for _, t in feeds(england) if "organisation" in t.columns for o in t["organisation"].drop_nulls()
    }
    sources = pl.read_csv(england[0] / "sources.csv", infer_schema=False)

    assert named <= listed
    assert set(sources["organisation"]) <= listed
    assert set(sources["code"]) == {name.split("_")[0] for name, _ in feeds(england)}


def test_childrens_services_say_of_whom_they_look_after_that_they_placed_them(england):
    """And some of those live elsewhere, under the authority that placed them."""
    records = england[0] / "feeds"
    for path in sorted(records.glob("childrens-services-*_full.csv")):
        said = pl.read_csv(path, infer_schema=False)["placed_by"].drop_nulls().unique().to_list()
        assert said == [path.name.split("_")[0].rpartition("-")[2]]
    away = people(england).filter("placed_away")
    assert away.height > 0
    assert (away["home_authority"] != away["authority"]).all()


def test_births_say_which_of_a_multiple_birth_a_child_is(england):
    births = feed(england, "births").filter(pl.col("multiple_birth") == "Y")

    assert set(births["birth_order"]) >= {"1", "2"}


def test_the_report_counts_what_was_written(england):
    folder, report = england

    assert sum(report.records.values()) == len(truth(england))
    assert report.rows["feeds/births_2026-11-22_full.csv"] == len(feed(england, "births"))
    assert report.children == 4000
    assert report.children_per_second > 0
    assert report.peak_memory_bytes > 10_000_000
    assert not (folder / ".parts").exists()


def test_the_ordinary_supply_path_accepts_every_row_but_those_without_consent(england):
    folder = england[0]
    organisations = frozenset(read_reference(folder / "organisations.csv")["code"])
    contracts = dict(read_reference(folder / "sources.csv").select("code", "contract").iter_rows())
    for path in sorted((folder / "feeds").iterdir()):
        source, day, _ = path.stem.split("_")
        contract = CONTRACTS[contracts[source]]
        checked = validate(
            read_table(path, contract), contract, as_at=date.fromisoformat(day), organisations=organisations
        )
        assert set(checked.rejections["field"]) <= {"consent"}, (path.name, checked.rejections)
