"""Read published leaves with software that is not ours, and print the roots and proofs it makes.

`PYTHON bench/audit_pymerkle.py leaves.bin SIZE...`, with a Python that has pymerkle and nothing of ours. Of
each size it prints the root; between each two it makes a consistency proof, and of some entries an inclusion
proof, and verifies them.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

LEAF = 49


def main() -> None:
    """Print one line of JSON."""
    data, sizes = Path(sys.argv[1]).read_bytes(), [int(text) for text in sys.argv[2:]]
    tree = InmemoryTree(algorithm="sha256")
    for start in range(0, max(sizes) * LEAF, LEAF):
        tree.append_entry(data[start : start + LEAF])
    roots = {str(size): tree.get_root(size).hex() for size in sizes}
    proofs = 0
    for size in sizes:
        for index in {1, size // 2 + 1, size}:
            proof = tree.prove_inclusion(index, size)
            verify_inclusion(tree.get_leaf(index), tree.get_root(size), proof)
            proofs += 1
    for older, newer in pairwise(sizes):
        proof = tree.prove_consistency(older, newer)
        verify_consistency(tree.get_root(older), tree.get_root(newer), proof)
        proofs += 1
    print(json.dumps({"roots": roots, "proofs": proofs}))


if __name__ == "__main__":
    main()
