"""The fast tree gives what the RFC's own recursion gives, for every size up to 40 and every index."""

import pytest
from tests.reference.audit import rfc6962

from contactpoint.domain.audit import tree

ENTRIES = [bytes([number]) * (number % 5) + b"x" for number in range(40)]
HASHES = [tree.leaf_hash(entry) for entry in ENTRIES]


@pytest.mark.parametrize("size", range(41))
def test_roots(size):
    assert tree.root(HASHES[:size]) == rfc6962.mth(ENTRIES[:size])


@pytest.mark.parametrize("size", range(1, 41))
def test_inclusion_proofs(size):
    for index in range(size):
        assert tree.inclusion_proof(index, HASHES[:size]) == rfc6962.path(index, ENTRIES[:size])


@pytest.mark.parametrize("size", range(1, 41))
def test_consistency_proofs(size):
    for old in range(1, size + 1):
        assert tree.consistency_proof(old, HASHES[:size]) == rfc6962.proof(old, ENTRIES[:size])


def test_appending_in_any_pieces_gives_the_same_subtrees_and_root():
    for first in range(41):
        grown = tree.CompactRange().extended(HASHES[:first]).extended(HASHES[first:])
        assert grown.root() == rfc6962.mth(ENTRIES)
        assert tree.CompactRange.from_bytes(grown.size, grown.to_bytes()) == grown
