"""`python -m bench.two_worlds`: whether time tells apart two worlds that differ in what is hidden.

One small England is taken in three times, into three databases. In the first nothing more is known of a
shielded child than what everybody is shown, and of an open child no sensitive service; in the second every
source knows the first of them, and a sensitive service that nobody may be shown knows the second; the third
is the first once more, so that two of the same show what noise looks like. A process for each is asked the
same in turn, in an order drawn anew for every trial. Reported are the median of the differences within
trials, and the two-sided p of Wilcoxon's signed-rank test (normal approximation). Time tells the worlds apart
in an act whose p is below `LEVEL`, shared by all acts: in fewer than so many runs of worlds that are alike
would any act be named. `docs/security/two-worlds.md` states these figures, and a test compares.
"""

import argparse
import csv
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from contactpoint.cli.directory import Directory
from contactpoint.population import PopulationConfig, generate

TRIALS: Final = 1000
WARM: Final = 50
LEVEL: Final = 0.01
CHILDREN: Final = 300
AS_AT: Final = date(2026, 10, 1)
SHIELDED: Final = {
    "forename": "Zebedee",
    "surname": "Quillfeather",
    "date_of_birth": "2016-05-09",
    "sex": "M",
}
OPEN: Final = {"forename": "Philippa", "surname": "Quillfeather", "date_of_birth": "2014-02-03", "sex": "F"}
WHERE: Final = {
    "address": "14 Mill Lane",
    "postcode": "OL1 4AB",
    "carer_forename": "Grace",
    "carer_surname": "Quillfeather",
    "carer_phone": "07700 900123",
}
HIDES: Final = ("mental-health",)
KNOW_THEM: Final = ("births", "nhs-demographics")
ACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "search, shielded child by name and date": {
        "forename": "Zebedee",
        "surname": "Quillfeather",
        "born": "2016-05-09",
    },
    "search, shielded child by name and hidden place": {
        "surname": "Quillfeather",
        "age": "10",
        "place": "OL1 4AB",
    },
    "search, shielded child by hidden telephone": {
        "surname": "Quillfeather",
        "age": "10",
        "phone": "07700 900123",
    },
    "search, open child with a hidden service": {
        "forename": "Philippa",
        "surname": "Quillfeather",
        "age": "12",
    },
    "open, shielded child": {"open": "Zebedee"},
    "open, open child with a hidden service": {"open": "Philippa"},
}


def add_them(england: Path, *, much: bool) -> None:
    """Write the two children into the feeds: as little as everybody knows, or everything."""
    for file in sorted((england / "feeds").glob("*_full.csv")):
        source = file.name.partition("_")[0]
        with file.open(encoding="utf-8", newline="") as read:
            rows = list(csv.DictReader(read))
        if not rows:  # so small an England has nobody for some, and what a row looks like is not known
            continue
        like = next((row for row in rows if row.get("organisation")), rows[0])
        said = []
        if source in KNOW_THEM or (much and source not in HIDES):
            shielded = {**SHIELDED, **(WHERE if much else {}), "restricted": "Y"}
            said.append(_row(like, shielded))
        if source in KNOW_THEM or source == "school-census" or (much and source in HIDES):
            hidden = {"consent": "significant_harm", "consent_until": ""} if source in HIDES else {}
            said.append(_row(like, {**OPEN, **WHERE, **hidden, "restricted": ""}))
        with file.open("a", encoding="utf-8", newline="") as more:
            csv.DictWriter(more, list(rows[0]), lineterminator="\r\n").writerows(said)


def _row(like: Mapping[str, str], who: Mapping[str, str]) -> dict[str, str]:
    """A row of the feed about somebody else; of whom it was about nothing stays."""
    stays = {"service", "organisation", "start_date", "consent", "consent_until"}
    ours = {**who, "local_id": f"Z-{who['forename']}", "involvement_id": f"Z-{who['forename']}"}
    return {name: ours.get(name, value if name in stays else "") for name, value in like.items()}


@contextmanager
def served(england: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A world taken in, and a process that is asked about it as the pages would be."""
    with Directory(folder) as directory:
        subprocess.run(
            [sys.executable, "-m", "bench.take_in", str(england)],
            env=directory.environment("worker"),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        asked = subprocess.Popen(
            [sys.executable, "-m", "bench.one_world"],
            env=directory.environment("web"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with asked:
            yield asked
            asked.stdin.close()  # type: ignore[union-attr]


def ask(world: subprocess.Popen[str], what: Mapping[str, str]) -> tuple[float, str]:
    """Ask one world; the milliseconds that took there, and the answer, to be compared."""
    world.stdin.write(json.dumps(what) + "\n")  # type: ignore[union-attr]
    world.stdin.flush()  # type: ignore[union-attr]
    said = json.loads(world.stdout.readline())  # type: ignore[union-attr]
    return said["ms"], said["answer"]


def signed_rank(differences: Sequence[float]) -> float:
    """The two-sided p of Wilcoxon's signed-rank test, by its normal approximation with ties."""
    there = sorted((one for one in differences if one), key=abs)
    n = len(there)
    if n == 0:
        return 1.0
    ranks, ties, at = [0.0] * n, 0.0, 0
    while at < n:
        end = at
        while end < n and abs(there[end]) == abs(there[at]):
            end += 1
        ranks[at:end] = [(at + 1 + end) / 2] * (end - at)
        ties += (end - at) ** 3 - (end - at)
        at = end
    above = sum(rank for rank, one in zip(ranks, there, strict=True) if one > 0)
    spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24 - ties / 48)
    return math.erfc(abs(above - n * (n + 1) / 4) / spread / math.sqrt(2))


def measure(seed: int, trials: int = TRIALS) -> dict[str, Any]:
    """Compare little with much, and little with little."""
    draw = random.Random(seed)  # noqa: S311 - an order of trials, not a secret
    with tempfile.TemporaryDirectory(prefix="contactpoint-bench-") as scratch, ExitStack() as opened:
        folder = Path(scratch)
        folder.chmod(0o755)
        worlds = []
        for name, much in (("little", False), ("much", True), ("little again", False)):
            england = folder / f"england {name}"
            generate(PopulationConfig(children=CHILDREN, authorities=3, seed=seed, as_at=AS_AT), england)
            add_them(england, much=much)
            worlds.append(opened.enter_context(served(england, folder / name)))
        return {
            "trials": trials,
            "acts": {act: _act(worlds, what, trials, draw) for act, what in ACTS.items()},
        }


def _act(
    worlds: Sequence[subprocess.Popen[str]], what: Mapping[str, str], trials: int, draw: random.Random
) -> dict[str, Any]:
    took: list[list[float]] = [[], [], []]
    order = [0, 1, 2]
    for trial in range(WARM + trials):
        draw.shuffle(order)
        answers = {}
        for place in order:
            ms, answers[place] = ask(worlds[place], what)
            if trial >= WARM:
                took[place].append(ms)
        if len(set(answers.values())) != 1:
            message = f"The worlds answer otherwise when asked: {dict(what)}"
            raise AssertionError(message)
    little, much, again = took
    return {
        "p50": statistics.median(little),
        "hidden": _compared(little, much),
        "same": _compared(little, again),
    }


def told_apart(acts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The acts by whose time the worlds are told apart: the level is shared by all of them (Bonferroni)."""
    return [act for act, found in acts.items() if found["hidden"]["p"] < LEVEL / len(acts)]


def _compared(one: Sequence[float], other: Sequence[float]) -> dict[str, float]:
    differences = [theirs - ours for ours, theirs in zip(one, other, strict=True)]
    return {"median_ms": statistics.median(differences), "p": signed_rank(differences)}


def say(result: Mapping[str, Any]) -> None:
    """Print the figures."""
    print(f"\ntwo worlds that differ in what is hidden, {result['trials']:,} paired trials each")
    for act, found in result["acts"].items():
        hidden, same = found["hidden"], found["same"]
        print(
            f"  {act:<50} p50 {found['p50']:.2f} ms"
            f"   hidden {1000 * hidden['median_ms']:+7.0f} µs (p {hidden['p']:.3f})"
            f"   the same twice {1000 * same['median_ms']:+7.0f} µs (p {same['p']:.3f})"
        )
    told = told_apart(result["acts"])
    print(f"  told apart by time at {LEVEL:.0%} over all acts: {', '.join(told) or 'none'}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.two_worlds", description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    say(measure(chosen.seed, chosen.trials))


if __name__ == "__main__":
    main()
