"""Whatever the seed: same bytes twice, contracts kept, all records in the truth, sealed halves apart."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contactpoint.population import PopulationConfig, generate
from contactpoint.supply.contracts import CONTRACTS

seeds = st.integers(min_value=0, max_value=2**40)
few = settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


models = st.sampled_from(("first", "second"))


def make(folder, seed, children=1200, mistakes="first"):
    config = PopulationConfig(
        children=children,
        authorities=("353", "302"),
        seed=seed,
        as_at=date(2026, 11, 22),
        mistakes=mistakes,
    )
    generate(config, Path(folder))
    return Path(folder)


def tables(folder):
    return {f.name: pl.read_csv(f, infer_schema=False) for f in sorted((folder / "feeds").iterdir())}


@few
@given(seeds, models)
def test_the_same_seed_writes_the_same_bytes(seed, mistakes):
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        first, second = make(one, seed, 400, mistakes), make(two, seed, 400, mistakes)
        written = sorted(f.relative_to(first) for f in first.rglob("*") if f.is_file())
        assert written == sorted(f.relative_to(second) for f in second.rglob("*") if f.is_file())
        assert [f for f in written if (first / f).read_bytes() != (second / f).read_bytes()] == []


@few
@given(seeds, models)
def test_feeds_keep_their_contract_and_every_record_is_in_the_truth(seed, mistakes):
    with TemporaryDirectory() as folder:
        made = make(folder, seed, mistakes=mistakes)
        contracts = dict(
            pl.read_csv(made / "sources.csv", infer_schema=False).select("code", "contract").iter_rows()
        )
        truth = pl.read_parquet(made / "truth.parquet")
        known = set(truth.select("source", "local_id").iter_rows())
        assert len(known) == len(truth)
        for name, table in tables(made).items():
            source = name.split("_")[0]
            contract = CONTRACTS[contracts[source]]
            assert tuple(table.columns) == contract.names
            assert {(source, i) for i in table["local_id"]} <= known
            identity = ["local_id", *contract.identity]
            assert table.select(identity).unique().height == table["local_id"].n_unique(), name
            if "involvement_id" in table.columns:
                assert table["involvement_id"].n_unique() == table.height
            longest = {c.name: c.longest for c in contract.columns}
            assert not [c for c in table.columns if (table[c].str.len_chars().max() or 0) > longest[c]]


@few
@given(seeds, models)
def test_the_halves_of_a_sealed_identity_share_no_identifier(seed, mistakes):
    with TemporaryDirectory() as folder:
        made = make(folder, seed, mistakes=mistakes)
        pairs = pl.read_csv(made / "sealed_pairs.csv", infer_schema=False)
        truth = pl.read_parquet(made / "truth.parquet")
        seen = {}
        for name, table in tables(made).items():
            for row in table.iter_rows(named=True):
                found = {
                    row.get(c) for c in ("nhs_number", "upn", "uprn", "phone", "email", "carer_phone")
                } - {None}
                seen.setdefault((name.split("_")[0], row["local_id"]), set()).update(found)
        half = {
            (s, i): (p, h) for s, i, p, h in truth.select("source", "local_id", "person", "half").iter_rows()
        }
        assert pairs.height > 0
        for a, b, c, d in pairs.iter_rows():
            assert half[a, b][0] == half[c, d][0]
            assert (half[a, b][1], half[c, d][1]) == (0, 1)
            assert not seen.get((a, b), set()) & seen.get((c, d), set())
        both = truth.group_by("person").agg(pl.col("half").n_unique()).filter(pl.col("half") > 1)["person"]
        paired = {half[a, b][0] for a, b, _, _ in pairs.iter_rows()}
        assert paired == set(both)
