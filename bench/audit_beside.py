"""`python -m bench.audit_beside --pymerkle PYTHON [--entries N]`: is the audit's tree what others say it is?

Leaves of the published form are put into our tree and into pymerkle's, which is not ours and runs in a
process and an environment of its own (dependency group `bench`). The roots at every size asked for must be
the same; and with one bit of one leaf changed they must not be.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from contactpoint.domain.audit.tree import CompactRange, leaf_hash

HERE = Path(__file__).parent
LEAF = 49


def ours(data: bytes, size: int) -> str:
    """The root of the first `size` leaves, as the sealer makes it."""
    leaves = (data[start : start + LEAF] for start in range(0, size * LEAF, LEAF))
    return CompactRange().extended(leaf_hash(leaf) for leaf in leaves).root().hex()


def theirs(python: str, data: bytes, sizes: list[int]) -> dict[str, Any]:
    """What pymerkle makes of the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leaves.bin"
        path.write_bytes(data)
        command = [python, "-P", str(HERE / "audit_pymerkle.py"), str(path), *map(str, sizes)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Compare, and end with 1 where the two differ."""
    parser = argparse.ArgumentParser(prog="python -m bench.audit_beside", description=__doc__)
    parser.add_argument("--pymerkle", default=sys.executable, help="a Python that has pymerkle")
    parser.add_argument("--entries", type=int, default=5_000)
    chosen = parser.parse_args()
    data = secrets.token_bytes(chosen.entries * LEAF)
    sizes = sorted({1, 2, 3, 7, 8, 9, 1023, 1024, 1025, chosen.entries - 1, chosen.entries})
    found = theirs(chosen.pymerkle, data, sizes)
    same = {size: found["roots"][str(size)] == ours(data, size) for size in sizes}
    altered = bytes([data[0] ^ 1]) + data[1:]
    changed = theirs(chosen.pymerkle, altered, [1, 1025])["roots"]
    told = [changed[str(size)] != ours(data, size) for size in (1, 1025)]
    print(f"{sum(same.values())} of {len(same)} roots agree, {found['proofs']} proofs verified by pymerkle;")
    print(f"with one bit changed {sum(told)} of {len(told)} roots differ, as they must")
    sys.exit(0 if all(same.values()) and all(told) else 1)


if __name__ == "__main__":
    main()
