"""What another version of the model would change, before anybody activates it: counts, causes and numbers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from contactpoint.actions.model_in_force import model_in_force
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.people import PERSON_COLUMNS, PersonFacts
from contactpoint.linking.model.explain import explain
from contactpoint.linking.model.score import score_pair
from contactpoint.linking.model.weights import Model
from contactpoint.pipelines.apart import Apart
from contactpoint.pipelines.link import propose_apart
from contactpoint.pipelines.running import Progress, check_may_run, tell_nobody
from contactpoint.storage import match_index

EXAMPLES: Final = 20
"""Numbers named for each kind of change."""

_MOST_CAUSES: Final = 5_000
_NO_CAUSE: Final = 0.05
BESIDE: Final = "what else is beside it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The comparison whose weight changed most for pairs that part or join, and for how many of them."""

    comparison: str
    level: str
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDifference:
    """How the children of a rebuild under one model differ from those of a rebuild under another.

    Every child that the active model makes is counted once: `unchanged`, `joined` with another, `parted`, or
    `rearranged` (both at once). Published children are never joined or parted by this: `cases` are the review
    cases by kind that linking what is published would open under the other model, beside those it opens now.
    `moved` are the records that would be another child's: all but those in the larger part of both.
    Examples are published numbers, and nothing else about anybody.
    """

    active: str
    other: str
    records: int
    unchanged: int
    joined: int
    parted: int
    rearranged: int
    moved: int
    joined_by: tuple[Cause, ...]
    parted_by: tuple[Cause, ...]
    joined_examples: tuple[tuple[str, ...], ...]
    parted_examples: tuple[tuple[str, ...], ...]
    cases: tuple[tuple[str, int, int], ...]


def model_difference(
    other: Model,
    *,
    by: Viewer,
    active: Model | None = None,
    progress: Progress | None = None,
    for_people: bool = False,
) -> ModelDifference:
    """Rebuild what is published under both models, and say what differs. Nothing is written.

    Sealed pairs, and what a person said are two children, stay apart under both.

    Args:
        other: the model that is not in force.
        by: a system viewer.
        active: what to compare it with; the model in force if None.
        progress: told what is being done.
        for_people: whoever reads it may not know of a child that is protected, archived or waits in
            quarantine. Then those are left out before anything is compared, so that nothing in it comes of
            them.

    Raises:
        Conflict: sealed identities cannot be kept apart under one of them.
    """
    check_may_run(by)
    tell, active = progress or tell_nobody, active or model_in_force()
    tell("reading what is published", 0.0)
    records = published()
    if for_people:
        records = records.filter(pl.col("child_number").is_in(match_index.children_shown().implode()))
    before = _rebuilt(records, active, tell)
    after = _rebuilt(records, other, tell)
    both = records.select("record", "child_number").join(
        before.select("record", a="cluster").join(after.select("record", b="cluster"), on="record"),
        on="record",
    )
    kinds = _kinds(both)
    counted = Counter(kinds["kind"].to_list())
    tell("finding causes", 0.9)
    return ModelDifference(
        active=active.version,
        other=other.version,
        records=records.height,
        unchanged=counted["unchanged"],
        joined=counted["joined"],
        parted=counted["parted"],
        rearranged=counted["rearranged"],
        moved=_moved(both),
        joined_by=_causes(records, after, both, "a", active, other),
        parted_by=_causes(records, before, both, "b", other, active),
        joined_examples=_examples(both, kinds, "joined", "b"),
        parted_examples=_examples(both, kinds, "parted", "a"),
        cases=_cases(records, active, other, tell),
    )


def published() -> pl.DataFrame:
    """Every published record as linking reads it."""
    known = match_index.all_published()
    return known.with_columns(
        child_number=pl.col("child"),
        child=pl.col("child").str.slice(1, 9).cast(pl.Int64),
        listed=pl.when("withdrawn").then("was:" + pl.col("source")).otherwise(pl.col("source")),
    )


def _rebuilt(records: pl.DataFrame, model: Model, tell: Progress) -> pl.DataFrame:
    """Links as though nothing had been published yet."""
    nobody = pl.lit(None, dtype=pl.Int64)
    nameless = pl.lit(None, dtype=pl.String)
    return propose_apart(
        records.with_columns(child=nobody, child_number=nameless), model, Apart.load(), tell
    ).links


def _kinds(both: pl.DataFrame) -> pl.DataFrame:
    """What becomes of every child of the first partition: `a`, `kind`."""
    meets = both.select("a", "b").unique()
    meets = meets.with_columns(in_b=pl.len().over("a"), in_a=pl.len().over("b"))
    worst = meets.with_columns(mixed=pl.col("in_b").max().over("b") > 1)
    each = worst.group_by("a").agg(
        parts=pl.first("in_b"),
        shares=pl.max("in_a"),
        mixed=pl.any("mixed"),
        clean=(pl.col("in_a") == 1).all(),
    )
    return each.select(
        "a",
        kind=pl.when((pl.col("parts") == 1) & (pl.col("shares") == 1))
        .then(pl.lit("unchanged"))
        .when((pl.col("parts") == 1) & ~pl.col("mixed"))
        .then(pl.lit("joined"))
        .when((pl.col("parts") > 1) & pl.col("clean"))
        .then(pl.lit("parted"))
        .otherwise(pl.lit("rearranged")),
    )


def _moved(both: pl.DataFrame) -> int:
    """How many records are not in the larger part that two children, one of each, have in common."""
    shared = both.group_by("a", "b").len()
    most = shared.with_columns(
        of_a=pl.struct(-pl.col("len").cast(pl.Int64), "b").rank("ordinal").over("a"),
        of_b=pl.struct(-pl.col("len").cast(pl.Int64), "a").rank("ordinal").over("b"),
    )
    stays = most.filter((pl.col("of_a") == 1) & (pl.col("of_b") == 1))
    return both.height - int(stays["len"].sum())


def _examples(both: pl.DataFrame, kinds: pl.DataFrame, kind: str, by: str) -> tuple[tuple[str, ...], ...]:
    """The published numbers that stand together in some of the changed children, the smallest first.

    None of a shielded child: who stands beside one is not told, not even by number.
    """
    chosen = both.join(kinds.filter(pl.col("kind") == kind), on="a").drop_nulls("child_number")
    shielded = pl.col("child_number").is_in(match_index.shielded_children().implode())
    chosen = chosen.filter(~shielded.any().over(by))
    grouped = (
        chosen.group_by(by)
        .agg(pl.col("child_number").unique().sort())
        .sort(pl.col("child_number").list.first())
    )
    return tuple(tuple(numbers) for numbers in grouped["child_number"].head(EXAMPLES).to_list())


def _causes(
    records: pl.DataFrame,
    links: pl.DataFrame,
    both: pl.DataFrame,
    apart_in: str,
    weaker: Model,
    stronger: Model,
) -> tuple[Cause, ...]:
    """Why pairs that one model links are in two children of the other, most often first."""
    cluster = dict(both.select("record", apart_in).iter_rows())
    pairs = [
        (one, two)
        for one, two in links.filter(pl.col("partner").is_not_null()).select("record", "partner").iter_rows()
        if cluster[one] != cluster[two]
    ][:_MOST_CAUSES]
    wanted = {record for pair in pairs for record in pair}
    facts = {row["record"]: PersonFacts.from_mapping(row) for row in _rows(records, wanted)}
    found = Counter(_cause(facts[one], facts[two], weaker, stronger) for one, two in pairs)
    return tuple(
        Cause(comparison=what, level=level, pairs=count)
        for (what, level), count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    )


def _rows(records: pl.DataFrame, wanted: set[int]) -> Iterator[dict[str, str | None]]:
    chosen = records.filter(pl.col("record").is_in(list(wanted)))
    yield from chosen.select("record", *PERSON_COLUMNS).iter_rows(named=True)


def _cause(one: PersonFacts, two: PersonFacts, weaker: Model, stronger: Model) -> tuple[str, str]:
    """The comparison that gains most under the stronger model; `BESIDE` where none gains anything."""
    told = explain(score_pair(one, two, stronger).levels, stronger)
    weak = explain(score_pair(one, two, weaker).levels, weaker)
    before = {line.comparison: line.bits for line in weak.lines}
    gains = [(line.bits - before.get(line.comparison, 0.0), line.label, line.words) for line in told.lines]
    gain, label, words = max(gains, default=(0.0, "", ""))
    return (label, words) if gain > _NO_CAUSE else (BESIDE, "")


def _cases(
    records: pl.DataFrame, active: Model, other: Model, tell: Progress
) -> tuple[tuple[str, int, int], ...]:
    """Review cases by kind, now and then, with every published child kept as it is."""
    counts = [
        Counter(propose_apart(records, model, Apart.load(), tell).reviews["kind"].to_list())
        for model in (active, other)
    ]
    return tuple((kind, counts[0][kind], counts[1][kind]) for kind in sorted(counts[0] | counts[1]))
