"""Searches of several people at once: each a process with a connection of its own, as pages are served."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.searches import ask, children
from bench.workload import HARD, REALISTIC, queries

EACH = 40
PEOPLE = (1, 2, 4)


def asker(folder: Path, seed: int) -> None:
    """Be one of them: say when ready, wait for the word, then ask everything and print when each ended."""
    asked = [
        query
        for kinds in (REALISTIC, HARD)
        for query in queries(children(folder), kinds, each=EACH, seed=seed)
    ]
    for query in asked[:50]:
        ask(query)
    print("ready", flush=True)
    sys.stdin.readline()
    took = []
    first = time.monotonic()
    for query in asked:
        began = time.perf_counter()
        ask(query)
        took.append((time.perf_counter() - began) * 1000)
    print(json.dumps({"began": first, "ended": time.monotonic(), "took": took}))


def crowd(folder: Path, people: int) -> dict[str, Any]:
    """Let so many ask at once, and say how many searches a second that made and how long each took."""
    askers = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.crowd", str(folder), str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(people)
    ]
    for one in askers:
        one.stdout.readline()  # type: ignore[union-attr]
    for one in askers:
        one.stdin.write("go\n")  # type: ignore[union-attr]
        one.stdin.flush()  # type: ignore[union-attr]
    said = [json.loads(one.communicate()[0].strip().splitlines()[-1]) for one in askers]
    took = sorted(each for one in said for each in one["took"])
    seconds = max(one["ended"] for one in said) - min(one["began"] for one in said)
    at = {f"p{p}": took[min(len(took) - 1, len(took) * p // 100)] for p in (50, 95, 99)}
    return {"people": people, "searches": len(took), "a_second": len(took) / seconds, **at}


def main() -> None:
    """Be an asker if a seed is given; print what each size of crowd made if not."""
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        asker(folder, int(sys.argv[2]))
    else:
        print(json.dumps({"crowds": [crowd(folder, people) for people in PEOPLE]}))


if __name__ == "__main__":
    main()
