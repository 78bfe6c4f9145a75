"""The Merkle tree of RFC 6962 section 2.1: roots, proofs, and a compact range to append to.

Every function states its precondition and enforces it: an index outside the tree, a size that shrinks or a
proof of the wrong length is refused, never computed with.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from contactpoint.domain.errors import InvalidInput

HASH_LENGTH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Hashes = Sequence[bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf: SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactRange:
    """The roots of the perfect subtrees of a tree of `size` leaves, largest first: all one needs to append.

    Raises:
        InvalidInput: there is not exactly one 32-byte hash for each 1 in the binary form of `size`.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse hashes that cannot belong to a tree of this size."""
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise InvalidInput("A compact range has one hash for each perfect subtree of its size.")
        if any(len(value) != HASH_LENGTH for value in self.hashes):
            raise InvalidInput("A hash of the tree is 32 bytes.")

    def extended(self, leaf_hashes: Iterable[bytes]) -> "CompactRange":
        """Return the range with further leaf hashes appended."""
        size, hashes = self.size, list(self.hashes)
        for value in leaf_hashes:
            merged, level = value, size
            while level & 1:
                merged = node_hash(hashes.pop(), merged)
                level >>= 1
            hashes.append(merged)
            size += 1
        return CompactRange(size=size, hashes=tuple(hashes))

    def root(self) -> bytes:
        """Return the root: smaller subtrees fold into larger ones (SHA-256 of nothing for an empty tree)."""
        if not self.hashes:
            return EMPTY_ROOT
        folded = self.hashes[-1]
        for value in reversed(self.hashes[:-1]):
            folded = node_hash(value, folded)
        return folded

    def to_bytes(self) -> bytes:
        """Return the hashes in one piece, for storing."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, stored: bytes) -> "CompactRange":
        """Read back what `to_bytes` wrote; raises InvalidInput if it cannot belong to `size`."""
        pieces = tuple(stored[start : start + HASH_LENGTH] for start in range(0, len(stored), HASH_LENGTH))
        return cls(size=size, hashes=pieces)


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of a whole tree, MTH(D[n]), from its leaf hashes in order."""
    return CompactRange().extended(leaf_hashes).root()


def inclusion_proof(index: int, leaf_hashes: Hashes) -> list[bytes]:
    """Return PATH(index, D[n]): the siblings of leaf `index` from the bottom up.

    Raises:
        InvalidInput: unless 0 <= index < n.
    """
    _require(0 <= index < len(leaf_hashes), "An inclusion proof is of a leaf that is in the tree.")
    proof: list[bytes] = []
    low, high = 0, len(leaf_hashes)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(root(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(root(leaf_hashes[low:middle]))
            low = middle
    return proof[::-1]


def consistency_proof(old_size: int, leaf_hashes: Hashes) -> list[bytes]:
    """Return PROOF(old_size, D[n]): that the first `old_size` leaves are still the first of this tree.

    Raises:
        InvalidInput: unless 0 < old_size <= n (of an empty tree nothing can or need be proved).
    """
    _require(
        0 < old_size <= len(leaf_hashes),
        "A consistency proof leads from a tree with leaves to one no smaller.",
    )
    proof: list[bytes] = []
    low, high, whole = 0, len(leaf_hashes), True
    while high != old_size:
        middle = low + _split(high - low)
        if old_size <= middle:
            proof.append(root(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(root(leaf_hashes[low:middle]))
            low, whole = middle, False
    if not whole:
        proof.append(root(leaf_hashes[low:high]))
    return proof[::-1]


def consistency_from(old: CompactRange, size: int, new_leaf_hashes: Iterable[bytes]) -> list[bytes]:
    """Return PROOF(old.size, D[size]) from the old tree's subtree roots and the leaf hashes added since.

    The same as `consistency_proof`, without the old leaves: a log of years is proved from one month's.

    Raises:
        InvalidInput: unless 0 < old.size <= size and there are exactly the leaf hashes from old.size on.
    """
    _require(0 < old.size <= size, "A consistency proof leads from a tree with leaves to one no smaller.")
    ranges, low, high, whole = [], 0, size, True
    while high != old.size:
        middle = low + _split(high - low)
        if old.size <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, whole = middle, False
    if not whole:
        ranges.append((low, high))
    added = iter(new_leaf_hashes)
    roots = {
        (start, end): _root_of_next(added, end - start) for start, end in sorted(ranges) if start >= old.size
    }
    _require(next(added, None) is None, "There are more leaves than the new tree has.")
    return [roots.get(one) or _root_within(old, *one) for one in reversed(ranges)]


def _root_of_next(leaf_hashes: Iterator[bytes], count: int) -> bytes:
    grown = CompactRange().extended(islice(leaf_hashes, count))
    _require(grown.size == count, "There are fewer leaves than the new tree has.")
    return grown.root()


def _root_within(old: CompactRange, start: int, end: int) -> bytes:
    """Fold the old tree's perfect subtrees that lie between two leaves; they are whole there."""
    within, place = [], 0
    for level, value in zip(_perfect_sizes(old.size), old.hashes, strict=True):
        if start <= place < end:
            within.append(value)
        place += level
    return CompactRange(size=end - start, hashes=tuple(within)).root()


def _perfect_sizes(size: int) -> list[int]:
    return [1 << bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]


def inclusion_holds(*, index: int, size: int, leaf: bytes, proof: Hashes, expected: bytes) -> bool:
    """Say whether `proof` shows leaf hash `leaf` to be number `index` of the tree whose root is `expected`.

    RFC 9162 section 2.1.3.2. False for any index, size, proof length or hash length that cannot be.
    """
    if not 0 <= index < size or not _are_hashes([leaf, expected, *proof]):
        return False
    node, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = node_hash(sibling, current)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and current == expected


def consistency_holds(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Hashes
) -> bool:
    """Say whether `proof` shows the tree with `old_root` to be the beginning of the tree with `new_root`.

    RFC 9162 section 2.1.4.2. An empty old tree is the beginning of any; equal sizes need equal roots; both
    with an empty proof. False for any sizes, proof length or hash length that cannot be.
    """
    if not 0 <= old_size <= new_size or not _are_hashes([old_root, new_root, *proof]):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root and (new_size > 0 or new_root == EMPTY_ROOT)
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    return _walk_consistency(old_size, old_root, new_size, new_root, path)


def _walk_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: list[bytes]
) -> bool:
    if not path:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size` (RFC 6962's k), for size > 1."""
    return 1 << (size - 1).bit_length() - 1


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_LENGTH for value in values)


def _require(condition: bool, message: str) -> None:  # noqa: FBT001 - an assertion that optimising cannot remove
    if not condition:
        raise InvalidInput(message)
