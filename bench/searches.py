"""Searches as a practitioner makes them: permission, candidates, scoring and audit, all in the time."""

import json
import sys
import time
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django
import polars as pl

django.setup()


from bench.workload import HARD, REALISTIC, Maker, Query, queries  # noqa: E402 - settings first
from contactpoint.actions.find.search import search  # noqa: E402
from contactpoint.domain.criteria import Criteria  # noqa: E402
from contactpoint.domain.disclosure.actors import Role, Viewer  # noqa: E402
from contactpoint.domain.disclosure.answers import SearchAnswer  # noqa: E402
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode  # noqa: E402

EACH = 150
GROWN_UP = 18
ON = datetime.now(UTC)
"""As the directory was loaded: by the day's own date, on which some of England are 18 and in it no more."""


def practitioner() -> Viewer:
    """Somebody of the first authority's children's services, in good standing."""
    return Viewer(
        account_id=uuid.UUID(int=1),
        name="Bench",
        role=Role.PRACTITIONER,
        organisation_code="la-353",
        organisation_name="Oldham Children's Services",
        authority="353",
    )


def children(folder: Path) -> list[dict[str, Any]]:
    """Those a search should find: under 18, alive, named, living here, not shielded, in a first delivery."""
    people = pl.read_parquet(folder / "people.parquet").filter(
        ~pl.col("shielded") & ~pl.col("sealed") & ~pl.col("left") & ~pl.col("later") & ~pl.col("unnamed")
        & ~pl.col("overseas") & ~pl.col("no_fixed_abode") & pl.col("date_of_death").is_null()
        & pl.col("forename").is_not_null() & pl.col("surname").is_not_null()
    )  # fmt: skip
    return [
        {
            "person": row["person"],
            "forename": row["forename"],
            "surname": row["surname"],
            "known_as": row["known_as"],
            "former_surname": row["birth_surname"] if row["birth_surname"] != row["surname"] else None,
            "born": row["date_of_birth"],
            "age": _age(row["date_of_birth"], ON.date()),
            "postcode": row["postcode"],
            "authority": row["authority"],
        }
        for row in people.iter_rows(named=True)
        if _age(row["date_of_birth"], ON.date()) < GROWN_UP
    ]


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def numbers_of(folder: Path) -> dict[int, set[str]]:
    """The child numbers of each person, as the step before noted them: the web role cannot look."""
    noted = json.loads((folder / "numbers.json").read_text())
    return {int(person): set(numbers) for person, numbers in noted.items()}


def ask(query: Query) -> SearchAnswer:
    """Make one search. One person may not ask so much in a minute: each search is another's."""
    asker = replace(practitioner(), account_id=uuid.uuid4())
    purpose = Purpose(code=PurposeCode.SAFEGUARDING)
    answer = search(criteria=Criteria(**query.typed), purpose=purpose, by=asker, at=ON)
    assert isinstance(answer, SearchAnswer)  # noqa: S101 - a refusal is a fault of the bench
    return answer


def run(kind: dict[str, Maker], folder: Path, known: list[dict[str, Any]]) -> dict[str, Any]:
    """Ask every query once, warm, and say how fast and how well."""
    numbers = numbers_of(folder)
    asked = list(queries(known, kind, each=EACH, seed=7))
    took: list[float] = []
    seen: list[tuple[Query, SearchAnswer]] = []
    for warm in (True, False):
        for query in asked[:50] if warm else asked:
            began = time.perf_counter()
            answer = ask(query)
            if not warm:
                took.append((time.perf_counter() - began) * 1000)
                seen.append((query, answer))
    took.sort()
    kinds: dict[str, list[tuple[int, int, int]]] = {}
    for query, answer in seen:
        cards = [card.number for card in answer.cards]
        wanted = numbers.get(query.person, set())
        place = next((i for i, number in enumerate(cards) if number in wanted), 99)
        kinds.setdefault(query.kind, []).append((place < 10, place == 0, answer.too_many))
    everything = [one for some in kinds.values() for one in some]
    return {
        "queries": len(asked),
        **{f"p{p}": took[min(len(took) - 1, len(took) * p // 100)] for p in (50, 95, 99)},
        **_shares(everything),
        "kinds": {name: _shares(some) for name, some in kinds.items()},
    }


def _shares(some: list[tuple[int, int, int]]) -> dict[str, float]:
    names = ("top_ten", "first", "too_many")
    return {name: sum(one[i] for one in some) / len(some) for i, name in enumerate(names)}


def main() -> None:
    """Both workloads."""
    folder = Path(sys.argv[1])
    known = children(folder)
    print(json.dumps({"realistic": run(REALISTIC, folder, known), "hard": run(HARD, folder, known)}))


if __name__ == "__main__":
    main()
