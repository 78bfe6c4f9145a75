"""Known answers of the eight-leaf tree with which transparency logs test themselves."""

import pytest

from contactpoint.domain.audit import tree

LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEFT = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
SECOND_PAIR = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LAST_FOUR = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
FIFTH = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LAST_PAIR = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
THIRD_PAIR = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

INCLUSION = [
    (0, 1, []),
    (0, 8, [LEFT, SECOND_PAIR, LAST_FOUR]),
    (5, 8, [FIFTH, LAST_PAIR, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], SECOND_PAIR, FIFTH]),
]
CONSISTENCY = [
    (1, 1, []),
    (1, 8, [LEFT, SECOND_PAIR, LAST_FOUR]),
    (6, 8, [THIRD_PAIR, LAST_PAIR, ROOTS[4]]),
    (2, 5, [SECOND_PAIR, FIFTH]),
]

HASHES = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]


def unhex(values):
    return [bytes.fromhex(value) for value in values]


@pytest.mark.parametrize(("size", "expected"), list(enumerate(ROOTS)))
def test_roots(size, expected):
    assert tree.root(HASHES[:size]).hex() == expected


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_inclusion(index, size, proof):
    assert tree.inclusion_proof(index, HASHES[:size]) == unhex(proof)
    assert tree.inclusion_holds(
        index=index, size=size, leaf=HASHES[index], proof=unhex(proof), expected=bytes.fromhex(ROOTS[size])
    )


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCY)
def test_consistency(old, new, proof):
    assert tree.consistency_proof(old, HASHES[:new]) == unhex(proof)
    assert tree.consistency_holds(
        old_size=old,
        old_root=bytes.fromhex(ROOTS[old]),
        new_size=new,
        new_root=bytes.fromhex(ROOTS[new]),
        proof=unhex(proof),
    )
