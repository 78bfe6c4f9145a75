"""Every proof verifies; every proof with a bit flipped, or told of another place, fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactpoint.domain.audit import tree
from contactpoint.domain.errors import InvalidInput

HASHES = [tree.leaf_hash(number.to_bytes(2, "big")) for number in range(300)]
sizes = st.integers(min_value=1, max_value=len(HASHES))


def flipped(value, position):
    changed = bytearray(value)
    changed[position // 8 % len(changed)] ^= 1 << position % 8
    return bytes(changed)


@st.composite
def inclusions(draw):
    size = draw(sizes)
    index = draw(st.integers(min_value=0, max_value=size - 1))
    return {
        "index": index,
        "size": size,
        "leaf": HASHES[index],
        "proof": tree.inclusion_proof(index, HASHES[:size]),
        "expected": tree.root(HASHES[:size]),
    }


@st.composite
def consistencies(draw):
    new = draw(sizes)
    old = draw(st.integers(min_value=1, max_value=new))
    return {
        "old_size": old,
        "old_root": tree.root(HASHES[:old]),
        "new_size": new,
        "new_root": tree.root(HASHES[:new]),
        "proof": tree.consistency_proof(old, HASHES[:new]),
    }


bits = st.integers(min_value=0, max_value=255)


@given(inclusions())
def test_every_inclusion_proof_verifies(claim):
    assert tree.inclusion_holds(**claim)


@given(inclusions(), bits, st.data())
def test_no_inclusion_proof_survives_a_flipped_bit(claim, bit, data):
    where = data.draw(st.integers(min_value=0, max_value=len(claim["proof"]) + 1))
    if where == 0:
        claim["leaf"] = flipped(claim["leaf"], bit)
    elif where == 1:
        claim["expected"] = flipped(claim["expected"], bit)
    else:
        claim["proof"][where - 2] = flipped(claim["proof"][where - 2], bit)
    assert not tree.inclusion_holds(**claim)


@given(inclusions(), st.integers(min_value=-2, max_value=301))
def test_an_inclusion_proof_is_of_one_place_only(claim, index):
    holds = tree.inclusion_holds(**(claim | {"index": index}))
    assert holds == (index == claim["index"])


@given(inclusions(), bits)
def test_an_inclusion_proof_is_of_its_own_length(claim, bit):
    longer = [*claim["proof"], flipped(HASHES[0], bit)]
    assert not tree.inclusion_holds(**(claim | {"proof": longer}))
    if claim["proof"]:
        assert not tree.inclusion_holds(**(claim | {"proof": claim["proof"][:-1]}))
        assert not tree.inclusion_holds(**(claim | {"proof": claim["proof"][1:]}))


@given(consistencies())
def test_every_consistency_proof_verifies(claim):
    assert tree.consistency_holds(**claim)


@given(consistencies(), bits, st.data())
def test_no_consistency_proof_survives_a_flipped_bit(claim, bit, data):
    where = data.draw(st.integers(min_value=0, max_value=len(claim["proof"]) + 1))
    if where == 0:
        claim["old_root"] = flipped(claim["old_root"], bit)
    elif where == 1:
        claim["new_root"] = flipped(claim["new_root"], bit)
    else:
        claim["proof"][where - 2] = flipped(claim["proof"][where - 2], bit)
    assert not tree.consistency_holds(**claim)


@given(consistencies(), bits)
def test_a_consistency_proof_is_of_its_own_length(claim, bit):
    longer = [*claim["proof"], flipped(HASHES[0], bit)]
    assert not tree.consistency_holds(**(claim | {"proof": longer}))
    if claim["proof"]:
        assert not tree.consistency_holds(**(claim | {"proof": claim["proof"][:-1]}))
        assert not tree.consistency_holds(**(claim | {"proof": claim["proof"][1:]}))


@given(consistencies())
def test_a_log_never_shrinks(claim):
    backwards = claim | {"old_size": claim["new_size"] + 1}
    assert not tree.consistency_holds(**backwards)


@given(consistencies())
def test_a_proof_made_of_the_old_subtree_roots_and_the_new_leaves_is_the_same(claim):
    old, new = claim["old_size"], claim["new_size"]
    kept = tree.CompactRange().extended(HASHES[:old])
    assert tree.consistency_from(kept, new, iter(HASHES[old:new])) == claim["proof"]


@given(consistencies(), st.sampled_from([-1, 1]))
def test_a_proof_is_made_of_exactly_the_leaves_since(claim, wrong):
    old, new = claim["old_size"], claim["new_size"]
    kept = tree.CompactRange().extended(HASHES[:old])
    leaves = [*HASHES[old:new], HASHES[0]] if wrong > 0 else HASHES[old : new - 1]
    if new - old + wrong >= 0:
        with pytest.raises(InvalidInput):
            tree.consistency_from(kept, new, iter(leaves))
