"""The compiled engine against the scalar reference, and both against the slowest way to say the same."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from rapidfuzz.distance import JaroWinkler
from tests.factories.families import FORENAMES, SURNAMES, families

from contactpoint.linking import default_model, propose
from contactpoint.linking.engine import block, compiled, leftover, loops, results, scratch, table
from contactpoint.linking.engine import cluster as plain
from contactpoint.linking.engine import collapse as collapsing
from contactpoint.linking.engine import encode as encoding
from contactpoint.linking.engine import propose as proposing
from contactpoint.linking.engine.block import candidates
from contactpoint.linking.engine.collapse import collapse
from contactpoint.linking.engine.compiled import compiled_cluster, word_arrays
from contactpoint.linking.engine.decide import roots
from contactpoint.linking.engine.encode import encode
from contactpoint.linking.engine.kernel_names import likeness
from contactpoint.linking.engine.propose import propose_into
from contactpoint.linking.engine.table import prepare
from contactpoint.linking.model.weights import Model

MODEL = default_model()


def with_pairs() -> Model:
    """The default model with a table of joint frequencies."""
    from dataclasses import replace

    pairs = {"mohammed|khan": 40, "jack|smith": 0, "leo|ali": 31}
    return replace(MODEL, rarity=replace(MODEL.rarity, pairs=pairs))


@pytest.mark.parametrize("seed", range(3))
def test_both_engines_propose_the_same(seed, monkeypatch):
    monkeypatch.setattr(leftover, "ENOUGH", 5)
    frame = families(250, seed)
    known = frame["record"].gather_every(7)
    frame = frame.with_columns(
        child=pl.when(pl.col("record").is_in(known.implode())).then(pl.col("record") % 90)
    )
    apart = pl.DataFrame({"a": frame["record"].head(40), "b": frame["record"].tail(40)})
    scalar, large = (propose(frame, with_pairs(), apart=apart, compiled=large) for large in (False, True))
    assert scalar.links.drop("weight").equals(large.links.drop("weight"))
    assert scalar.reviews.drop("weight").equals(large.reviews.drop("weight"))
    for one, two in ((scalar.links, large.links), (scalar.reviews, large.reviews)):
        assert (one["weight"] - two["weight"]).abs().fill_null(0).max() < 1e-8


def test_large_is_as_small_where_no_record_says_anything():
    bare = pl.DataFrame({"record": range(50), "source": "a", "local_id": [str(n) for n in range(50)]})
    for large in (False, True):
        proposal = propose(bare, MODEL, compiled=large)
        assert proposal.links["decision"].to_list() == ["new"] * 50
        assert proposal.reviews.is_empty()


def test_the_answer_is_the_same_on_one_core_and_on_many(monkeypatch):
    frame = families(1_300, 12)
    assert len(frame) > loops.SMALL
    monkeypatch.setattr(block, "TASK", 500)
    monkeypatch.setattr(compiled, "SLICE", 300)
    found = []
    for cores in (1, 2, 5):
        for module in (compiled, encoding):
            monkeypatch.setattr(module.os, "cpu_count", lambda cores=cores: cores)
        found.append(propose(frame.sample(fraction=1.0, shuffle=True, seed=cores), MODEL, pairs=True))
    for other in found[1:]:
        assert other.links.equals(found[0].links)
        assert other.reviews.equals(found[0].reviews)
        assert other.pairs.equals(found[0].pairs)


@pytest.mark.parametrize(
    "person",
    [
        {"forename": "Muhammad", "surname": "Ali", "date_of_birth": "2015-01-01"},
        {"forename": "Jack", "surname": "Smith"},
        {"surname": "Smith", "postcode": "M1 1CK", "date_of_birth": "2015-01-01"},
        {"phone": "0161 496 0000", "date_of_birth": "2015-01-01", "email": "office@school.example"},
    ],
)
def test_no_block_explodes(person):
    size = 1_500
    rows = [{"record": n, "source": "abc"[n % 3], "local_id": str(n), **person} for n in range(size)]
    data = encode(prepare(pl.DataFrame(rows)), MODEL)
    nodes = collapse(data, np.zeros(size, dtype=np.bool_))
    assert len(nodes.first) == size
    pairing = block.Pairing(data, nodes)
    made = sum(len(pairing.pairs(blocks, 0, len(blocks.nodes))[0]) for blocks in pairing)
    assert made <= size * block.WINDOW * pairing.kinds
    assert len(candidates(data, nodes)) <= made


def test_a_scanned_file_is_linked_as_a_frame_is(tmp_path):
    frame = families(60, 2)
    frame.write_parquet(tmp_path / "records.parquet")
    there = propose(pl.scan_parquet(tmp_path / "records.parquet"), MODEL)
    assert there.links.equals(propose(frame, MODEL).links)


def test_loops_say_the_same_compiled_as_they_say_plain():
    draw = np.random.default_rng(3)
    group = draw.integers(0, 40, 500)
    values = draw.integers(-1, 3, 500).astype(np.int32)
    flags = draw.random(40) < 0.2
    hashes = draw.integers(0, 60, 500).astype(np.uint64) << np.uint64(20)
    table = draw.integers(0, 256, (500, 3)).astype(np.uint8)

    def run(size):
        codes, heads, slots = np.empty(500, np.int32), np.empty(500, np.int32), np.full(1024, -1, np.int32)
        spread, twice = np.zeros(40, bool), np.zeros(40, bool)
        of, first, order = (np.empty(500, np.int32) for _ in range(3))
        found, known, again = np.full(40, -1), np.zeros(500, np.uint64), np.full(1024, -1, np.int32)
        starts = np.append(0, np.cumsum(np.bincount(group, minlength=40)))[:-1].astype(np.int32)
        seen, ranks = np.zeros((3, 256), bool), np.arange(768, dtype=np.uint64).reshape(3, 256)
        word = np.zeros(500, np.uint64)
        return [
            loops.fast(loops.number, size)(hashes, codes, heads, slots, known, 0), codes, heads[:60], slots,
            loops.fast(loops.look_up, size)(known, 60, again), again,
            loops.fast(loops.group_rows, size)(group, starts, order), order,
            loops.fast(loops.flag_bytes, size)(table, seen), seen,
            loops.fast(loops.pack_bytes, size)(table, 0, 3, ranks, np.full(3, 10, np.int32), word), word,
            loops.fast(loops.flag_spread, size)(group, values, -1, np.full(40, -1, np.int32), spread), spread,
            loops.fast(loops.flag_twice, size)(group, values, values * 0, np.full(40, -1), twice), twice,
            loops.fast(loops.part, size)(group, flags, np.full(40, -1), of, first), of,
            loops.fast(loops.first_held, size)(group, values, 0, found), found,
        ]  # fmt: skip

    plain_answers, compiled_answers = run(1), run(loops.SMALL + 1)
    assert plain_answers[0] == len(set(hashes.tolist()))
    for one, other in zip(plain_answers, compiled_answers, strict=True):
        assert np.array_equal(one, other)


def test_rows_are_mixed_the_same_compiled_and_a_step_at_a_time():
    draw = np.random.default_rng(5)
    values = draw.integers(-(2**31), 2**31, 500).astype(np.int32)
    one, other = (draw.integers(0, 2**63, 500).astype(np.uint64) for _ in range(2))
    other[:] = one
    collapsing.mix_few(one, values)
    loops.fast(loops.mix, loops.SMALL + 1)(other, values)
    assert one.tolist() == other.tolist()


def test_columns_that_wait_in_files_and_links_written_in_slices_change_nothing(monkeypatch, tmp_path):
    frame = families(400, 8)
    expected = propose(frame, MODEL, compiled=True)
    for module in (scratch, compiled, results):
        monkeypatch.setattr(module, "SPILL", 97)
    for module, name in ((table, "READ_AT_ONCE"), (results, "LONG_AT_ONCE"), (compiled, "LONG_SLICE")):
        monkeypatch.setattr(module, name, 97)
    again = propose(frame, MODEL, compiled=True)
    assert again.links.equals(expected.links)
    assert again.reviews.equals(expected.reviews)
    monkeypatch.setattr(proposing, "SMALL", 0)
    reviews = propose_into(tmp_path, frame.lazy(), MODEL)
    assert reviews.equals(expected.reviews)
    files = sorted(tmp_path.glob("links-*.parquet"))
    assert len(files) > 3
    assert pl.concat([pl.read_parquet(file) for file in files]).equals(expected.links)


def test_every_pair_of_names_is_as_alike_as_rapidfuzz_says():
    names = sorted(
        {*FORENAMES, *SURNAMES, "a", "ab", "ba", "abcdefgh", "hgfedcba", "aaab", "abaa", "tabat", "xyz"}
    )
    frame = pl.DataFrame(
        {
            "record": range(len(names)),
            "source": "s",
            "local_id": [str(n) for n in range(len(names))],
            "forename": names,
        }
    )
    vocabulary = encode(prepare(frame), MODEL).vocabulary
    words = word_arrays(vocabulary)
    points = "".join(map(chr, vocabulary.characters))
    texts = [points[a:b] for a, b in zip(vocabulary.start, vocabulary.start[1:], strict=False)]
    for one, two in combinations(range(len(texts)), 2):
        expected = JaroWinkler.similarity(min(texts[one], texts[two]), max(texts[one], texts[two]))
        assert likeness(words, one, two) == pytest.approx(expected, abs=1e-12), (texts[one], texts[two])


def test_blocks_hold_the_pairs_that_a_dictionary_of_lists_holds():
    data = encode(prepare(families(60, 5)), MODEL)
    nodes = collapse(data, np.zeros(data.size, dtype=np.bool_))
    size = len(nodes.first)
    columns, sound = nodes.columns, data.vocabulary.key
    expected = set()
    for one, two in combinations(range(size), 2):
        whole = columns.birth[one] % 100 and columns.birth[one] == columns.birth[two]
        for names in (columns.forename, columns.surname):
            if whole and names[one] >= 0 and names[two] >= 0 and sound[names[one]] == sound[names[two]]:
                expected.add(one * size + two)
        if whole and columns.postcode[one] >= 0 and columns.postcode[one] == columns.postcode[two]:
            expected.add(one * size + two)
        for codes in (columns.nhs_number, columns.upn):
            if codes[one] >= 0 and codes[one] == codes[two]:
                expected.add(one * size + two)
    found = set(candidates(data, nodes).tolist())
    assert len(expected) > size
    assert expected <= found


def naive_clusters(edges, members, barred):
    """Best-first with sets: no ring, no parent, no shortcut."""
    groups = [{node} for node in range(members)]
    for a, b in edges:
        one = next(group for group in groups if a in group)
        two = next(group for group in groups if b in group)
        if one is not two and not any(barred(x, y) for x in one for y in two):
            groups.remove(two)
            one |= two
    return sorted(map(sorted, groups))


@pytest.mark.parametrize("seed", range(20))
def test_clusters_are_those_of_plain_sets(seed):
    draw = np.random.default_rng(seed)
    size = 30
    edges = [tuple(draw.choice(size, 2, replace=False).tolist()) for _ in range(60)]
    source, local = draw.integers(0, 8, size), np.arange(size)
    nhs, child = draw.integers(-1, 3, size), np.full(size, -1)
    apart = np.unique([min(a, b) * size + max(a, b) for a, b in draw.integers(0, size, (5, 2)).tolist()])

    def barred(x, y):
        return (
            source[x] == source[y]
            or (nhs[x] >= 0 and nhs[y] >= 0 and nhs[x] != nhs[y])
            or min(x, y) * size + max(x, y) in set(apart.tolist())
        )

    for join in (plain.cluster, compiled_cluster):
        parent, following = np.arange(size), np.arange(size)
        join(
            np.array([a for a, _ in edges]), np.array([b for _, b in edges]), parent, following, nhs,
            np.full(size, -1), child, np.arange(size + 1), source.astype(np.int32), local.astype(np.int32),
            apart, np.ones(size, dtype=np.bool_),
        )  # fmt: skip
        root = roots(parent)
        found = sorted([node for node in range(size) if root[node] == r] for r in set(root.tolist()))
        assert found == naive_clusters(edges, size, barred)
