"""Preconditions of the tree: refused, never computed with."""

import pytest

from contactpoint.domain.audit import tree
from contactpoint.domain.errors import InvalidInput

HASHES = [tree.leaf_hash(bytes([number])) for number in range(7)]
ROOT = tree.root(HASHES)


@pytest.mark.parametrize(("index", "size"), [(-1, 7), (7, 7), (8, 7), (0, 0)])
def test_there_is_no_inclusion_proof_of_what_is_not_in_the_tree(index, size):
    with pytest.raises(InvalidInput):
        tree.inclusion_proof(index, HASHES[:size])


@pytest.mark.parametrize(("old", "size"), [(0, 7), (-1, 7), (8, 7), (1, 0)])
def test_there_is_no_consistency_proof_from_nothing_or_from_more(old, size):
    with pytest.raises(InvalidInput):
        tree.consistency_proof(old, HASHES[:size])


@pytest.mark.parametrize(
    "changes",
    [
        {"index": 7},
        {"index": -1},
        {"size": 0},
        {"size": -1},
        {"index": 3, "size": 3},
        {"leaf": HASHES[3][:-1]},
        {"expected": ROOT + b"\x00"},
        {"proof": [b"short"]},
        {"proof": []},
    ],
)
def test_an_impossible_inclusion_claim_is_false(changes):
    claim = {
        "index": 3,
        "size": 7,
        "leaf": HASHES[3],
        "proof": tree.inclusion_proof(3, HASHES),
        "expected": ROOT,
    }
    assert tree.inclusion_holds(**claim)

    assert not tree.inclusion_holds(**(claim | changes))


@pytest.mark.parametrize(
    ("old", "old_root", "new", "new_root", "proof", "holds"),
    [
        (0, tree.EMPTY_ROOT, 0, tree.EMPTY_ROOT, [], True),
        (0, tree.EMPTY_ROOT, 7, ROOT, [], True),
        (7, ROOT, 7, ROOT, [], True),
        (0, ROOT, 0, ROOT, [], False),
        (0, ROOT, 7, ROOT, [], False),
        (0, tree.EMPTY_ROOT, 7, ROOT, [ROOT], False),
        (7, ROOT, 7, ROOT, [ROOT], False),
        (7, ROOT, 7, HASHES[0], [], False),
        (4, tree.root(HASHES[:4]), 7, ROOT, [], False),
        (3, tree.root(HASHES[:3]), 7, ROOT, [], False),
        (-1, ROOT, 7, ROOT, [], False),
        (7, ROOT, 6, ROOT, [], False),
        (3, b"short", 7, ROOT, [], False),
    ],
)
def test_the_edges_of_consistency(old, old_root, new, new_root, proof, holds):
    claim = tree.consistency_holds(
        old_size=old, old_root=old_root, new_size=new, new_root=new_root, proof=proof
    )
    assert claim is holds


@pytest.mark.parametrize(
    ("size", "hashes"), [(-1, ()), (1, ()), (0, (ROOT,)), (2, (ROOT, ROOT)), (1, (b"short",))]
)
def test_a_compact_range_fits_its_size(size, hashes):
    with pytest.raises(InvalidInput):
        tree.CompactRange(size=size, hashes=hashes)


def test_a_leaf_can_never_pass_for_a_node():
    """The prefixes of RFC 6962: a leaf whose bytes are two hashes does not hash to their parent."""
    left, right = HASHES[:2]
    assert tree.leaf_hash(left + right) != tree.node_hash(left, right)
