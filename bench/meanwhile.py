"""Searches that go on while something else is measured: ten a second, by the ordinary action, until told.

Before the first publication they find nothing; what they show is that nobody waits for a load.
"""

import json
import sys
import time
from pathlib import Path
from threading import Event, Thread

from bench.searches import ask, children
from bench.workload import REALISTIC, queries

_EVERY = 0.1  # seconds


def main() -> None:
    """Print how many there were and how long they took, in milliseconds, once standard input ends."""
    ended = Event()
    Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    asked = list(queries(children(Path(sys.argv[1])), REALISTIC, each=20, seed=11))
    took: list[float] = []
    due = time.perf_counter()
    while not ended.wait(max(0.0, due - time.perf_counter())):
        began = time.perf_counter()
        ask(asked[len(took) % len(asked)])
        took.append((time.perf_counter() - began) * 1000)
        due = max(due + _EVERY, began)
    took.sort()
    at = {f"p{p}": took[min(len(took) - 1, len(took) * p // 100)] for p in (50, 95, 99)}
    print(json.dumps({"searches": len(took), "longest": took[-1], **at}))


if __name__ == "__main__":
    main()
