"""Decide which staged records are about which child: link, review or new (R20). Nothing is visible yet."""

import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import polars as pl
from django.db import transaction
from django.utils import timezone

from contactpoint.actions.find.coding import code, pair_code, sound_of
from contactpoint.actions.find.index import refresh
from contactpoint.actions.model_in_force import model_in_force
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict
from contactpoint.domain.identifiers import child_number
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.domain.retention import GROWN_UP, Life, is_it_past_taking_in, latest_day
from contactpoint.linking.engine.propose import propose
from contactpoint.linking.engine.results import SAME_CHILD, Proposal
from contactpoint.linking.model.weights import Model
from contactpoint.pipelines.apart import Apart, Member, clusters_of
from contactpoint.pipelines.halves import Halves
from contactpoint.pipelines.running import Progress, check_may_run, tell_nobody
from contactpoint.storage import match_index
from contactpoint.storage.case_decisions import kept_apart
from contactpoint.storage.copying import only_loader
from contactpoint.storage.former_names import forget

FEW: Final = 1_000_000
"""A delta of at most this many records is linked against its neighbourhood, more against everything."""

_PUBLISHED_TO_FEW: Final = 10
"""And only if so many times as many records are published: else to read everything costs no more."""
_MOST_ROUNDS: Final = 20
_SERIALS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """What linking proposed. All but `new_children` and `reviews` count records."""

    staged: int = 0
    compared: int = 0
    kept: int = 0
    linked: int = 0
    new_children: int = 0
    reviews: int = 0
    quarantined: int = 0
    past_time: int = 0


def link(
    *, by: Viewer, at: datetime | None = None, model: Model | None = None, progress: Progress | None = None
) -> LinkReport:
    """Link all staged deliveries together and stage the answer.

    A record that is known keeps its child, whatever has changed about it: parting or joining published
    children is a person's decision. A new record that resembles a shielded child without surely being it goes
    into quarantine and not into the directory (R21). Whoever is new and grown up, or dead so long that their
    record would be purged already, is not taken in (R15, R47). The two halves of a sealed identity meet
    nowhere (R35).

    Runs again from the start if it was cut off; until it ends nothing has changed. It decides with the model
    that is in force when it begins, unless another is given (ADR 41).

    Raises:
        Conflict: another process is taking deliveries in.
    """
    check_may_run(by)
    tell, at = progress or tell_nobody, at or timezone.now()
    with only_loader():
        model = model or model_in_force()
        tell("reading what is known", 0.0)
        records, settled = _records()
        if records.is_empty() and settled.is_empty():
            with transaction.atomic():
                match_index.stage_links(pl.DataFrame(schema=_LINKS), pl.DataFrame(schema=_REVIEWS))
            return LinkReport()
        apart = Apart.load()
        proposal = propose_apart(records, model, apart, tell)
        tell("writing links", 0.95)
        placed = with_numbers(records, proposal)
        placed, past_time = _without_past_time(placed, at.date())
        reviews = cases_between(records, placed, proposal, apart)
        placed = _quarantine(placed, reviews, match_index.in_quarantine())
        links = pl.concat([_to_place(placed, model), _kept(settled, model)])
        with transaction.atomic():
            match_index.stage_links(links, reviews.select(*_REVIEWS))
            if apart:
                apart.keep_children(dict(placed.select("record", "number").iter_rows()))
            # Of what is published already too: a half may have come after it.
            refresh(forget(Halves.load().told_beside(records, proposal)))
            report = replace(_report(records, links, reviews, settled.height), past_time=past_time)
            record(Action.LINKED, by=by, at=at, details={"model": model.version, **_details(report)})
    tell("linked", 1.0)
    return report


_LINKS: Final = {
    "record": pl.Int64,
    "child": pl.String,
    "is_new": pl.Boolean,
    "decision": pl.String,
    "weight": pl.Float64,
    "levels": pl.Binary,
    "partner": pl.Int64,
    "model_version": pl.String,
    "sk": pl.Int64,
    "fk": pl.Int64,
    "sfk": pl.Int64,
}
_REVIEWS: Final = {
    "record_a": pl.Int64,
    "record_b": pl.Int64,
    "kind": pl.String,
    "weight": pl.Float64,
    "levels": pl.Binary,
    "near_shield": pl.Boolean,
}


def _records() -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is staged and what it may be about, one row a record, `child` as a whole number for linking.

    And, of a delta, what need not be linked again: nothing has changed in it that linking looks at, so that
    whatever it could be linked to was looked at before.
    """
    staged = match_index.staged_records()
    if staged.is_empty():
        return staged, staged
    staged, settled = _coded(staged), _coded(staged.clear())
    if staged.height <= FEW and match_index.holds_at_least(staged.height * _PUBLISHED_TO_FEW):
        settled, staged = staged.filter("settled"), staged.filter(~pl.col("settled"))
        with transaction.atomic():
            known = match_index.published_near(_asked(staged))
    else:
        known = match_index.all_published()
    everything = pl.concat([staged, _coded(known)])
    return _to_link(everything), settled


def _to_link(everything: pl.DataFrame) -> pl.DataFrame:
    return everything.with_columns(
        child_number=pl.col("child"),
        child=pl.col("child").str.slice(1, 9).cast(pl.Int64),
        # A withdrawn record still tells who somebody was, but its source no longer lists it beside others.
        listed=pl.when("withdrawn").then("was:" + pl.col("source")).otherwise(pl.col("source")),
    )


def _coded(records: pl.DataFrame) -> pl.DataFrame:
    """Add the codes of the matching index, each name worked out once."""
    return records.with_columns(
        _by_value(records["surname"], _name_code).alias("sk"),
        _by_value(records["forename"], _name_code).alias("fk"),
        _by_pair(records).alias("sfk"),
    )


@lru_cache(maxsize=200_000)
def _sound(name: str | None) -> str:
    return sound_of(name) if name else ""


def _name_code(name: str) -> int | None:
    sound = _sound(name)
    return code(sound) if sound else None


def _by_value(names: pl.Series, make: Callable[[str], int | None]) -> pl.Series:
    unique = names.unique().drop_nulls()
    codes = pl.Series([make(name) for name in unique], dtype=pl.Int64)
    return names.replace_strict(unique, codes, default=None, return_dtype=pl.Int64)


def _by_pair(records: pl.DataFrame) -> pl.Series:
    pairs = records.select("surname", "forename").unique()
    codes = [
        pair_code(_sound(surname), _sound(forename)) if _sound(surname) and _sound(forename) else None
        for surname, forename in pairs.iter_rows()
    ]
    return records.select("surname", "forename").join(
        pairs.with_columns(sfk=pl.Series(codes, dtype=pl.Int64)),
        on=["surname", "forename"], how="left", nulls_equal=True, maintain_order="left",
    )["sfk"]  # fmt: skip


def _asked(staged: pl.DataFrame) -> pl.DataFrame:
    born = pl.col("date_of_birth")
    swapped = pl.when(born.str.len_bytes() == len("2019-03-27")).then(
        born.str.head(5) + born.str.slice(8, 2) + "-" + born.str.slice(5, 2)
    )
    return staged.with_columns(
        pl.col("postcode", "nhs_number", "upn").fill_null(""),
        dob=born.fill_null("-"),
        swapped=swapped.fill_null("-"),
    )


def propose_apart(records: pl.DataFrame, model: Model, apart: Apart | None, tell: Progress) -> Proposal:
    """Propose until no cluster holds a sealed pair: each round sets apart what the last one found.

    Args:
        records: the person columns with `record`, `child` (a whole number), `child_number`, `source`,
            `local_id` and `listed`, the name under which its source lists nobody twice.
        model: the version to decide with.
        apart: the sealed pairs; what a person said are two children is kept apart anyhow.
        tell: told how far it is.

    Raises:
        Conflict: it cannot be done.
    """
    given = records.select("record", "child", "local_id", *PERSON_COLUMNS, source="listed")

    def step(name: str, share: float) -> None:
        tell(f"linking: {name}", 0.05 + 0.85 * share)

    told_apart = kept_apart()
    known = records["record"].implode()
    told_apart = told_apart.filter(pl.col("a").is_in(known) & pl.col("b").is_in(known))
    for _ in range(_MOST_ROUNDS):
        pairs = pl.concat([told_apart, apart.frame()]) if apart and apart.found else told_apart
        proposal = propose(given, model, apart=pairs if pairs.height else None, progress=step)
        if apart is None or not apart.look_within(clusters_of(records, proposal.links).values()):
            return proposal
    raise Conflict("Linking cannot keep sealed identities apart. Nothing was linked; a person must look.")


def with_numbers(records: pl.DataFrame, proposal: Proposal) -> pl.DataFrame:
    """Join links to records and name each cluster: by its child's number, or by a new one."""
    new = proposal.links.filter(pl.col("cluster") < 0)["cluster"].unique().sort()
    numbers = pl.DataFrame(
        {"cluster": new, "fresh": fresh_numbers(len(new))}, schema={"cluster": pl.Int64, "fresh": pl.String}
    )
    known = (
        records.filter(pl.col("child").is_not_null()).select(cluster="child", named="child_number").unique()
    )
    return (
        records.join(proposal.links, on="record")
        .join(numbers, on="cluster", how="left")
        .join(known, on="cluster", how="left")
        .with_columns(number=pl.coalesce("named", "fresh"), is_new=pl.col("named").is_null())
    )


def _without_past_time(placed: pl.DataFrame, on: date) -> tuple[pl.DataFrame, int]:
    """Leave out new children whose every record says that they are past their time; say how many records.

    So a late row about somebody who was purged makes nobody anew, and nothing is remembered of them for it.
    """
    old = pl.col("date_of_birth").str.head(4) <= str(on.year - GROWN_UP)
    maybe = placed.filter(pl.col("is_new") & (old | pl.col("date_of_death").is_not_null()))
    past = [
        record
        for record, born, died in maybe.select("record", "date_of_birth", "date_of_death").iter_rows()
        if is_it_past_taking_in(Life(known_since=on, born=latest_day(born), died=latest_day(died)), on)
    ]
    if not past:
        return placed, 0
    is_past = pl.col("record").is_in(past)
    gone = placed.filter(pl.col("is_new")).group_by("cluster").agg(gone=is_past.all()).filter("gone")
    left = placed.join(gone, on="cluster", how="anti", maintain_order="left")
    return left, placed.height - left.height


def fresh_numbers(wanted: int) -> list[str]:
    """Draw child numbers that nobody has, at random (ADR 0003)."""
    drawn: dict[str, None] = {}
    while len(drawn) < wanted:
        more: dict[str, None] = {}
        while len(drawn) + len(more) < wanted:
            number = child_number(secrets.randbelow(_SERIALS))
            if number and number not in drawn:
                more[number] = None
        taken = match_index.taken_numbers(list(more))
        drawn |= {number: None for number in more if number not in taken}
    return list(drawn)


def cases_between(
    records: pl.DataFrame, placed: pl.DataFrame, proposal: Proposal, apart: Apart | None
) -> pl.DataFrame:
    """Cases for a person, with both sides' children; pairs that are sealed apart are nobody's case."""
    shielded = _shielded(placed)
    side = placed.select("record", "cluster", "number", "is_new").join(shielded, on="number", how="left")
    known = placed["record"].implode()
    cases = (
        proposal.reviews.filter(pl.col("record_a").is_in(known) & pl.col("record_b").is_in(known))
        .with_columns(
            record_a=pl.min_horizontal("record_a", "record_b"),
            record_b=pl.max_horizontal("record_a", "record_b"),
        )
        .unique(["record_a", "record_b"], keep="first", maintain_order=True)
    )
    for letter in "ab":
        renamed = side.select(pl.all().name.suffix(f"_{letter}"))
        cases = cases.join(renamed, on=f"record_{letter}", maintain_order="left")
    cases = cases.with_columns(
        near_shield=pl.col("shielded_a").is_not_null() | pl.col("shielded_b").is_not_null()
    )
    if apart is None or cases.is_empty():
        return cases
    return cases.filter(_may_be_asked(cases, clusters_of(records, proposal.links), apart))


def _may_be_asked(cases: pl.DataFrame, clusters: dict[int, list[Member]], apart: Apart) -> pl.Series:
    """Which cases may be put to a person: none about a sealed pair, nor two that show both halves."""
    beside: dict[int, set[int]] = defaultdict(set)
    asked = []
    for one, other in cases.select("cluster_a", "cluster_b").iter_rows():
        meet = {
            (one, other),
            *((one, seen) for seen in beside[other]),
            *((seen, other) for seen in beside[one]),
        }
        asked.append(not any(apart.are_apart(clusters[a], clusters[b]) for a, b in meet if a != b))
        if asked[-1]:
            beside[one].add(other)
            beside[other].add(one)
    return pl.Series(asked, dtype=pl.Boolean)


def _shielded(placed: pl.DataFrame) -> pl.DataFrame:
    """The children that are shielded, or that will be by what is staged."""
    restricted = placed.filter("restricted")["number"]
    numbers = pl.concat([match_index.shielded_children(), restricted]).unique()
    return pl.DataFrame({"number": numbers}).with_columns(shielded=pl.lit(value=True))


def _quarantine(placed: pl.DataFrame, reviews: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """Take the number from new clusters that resemble a shielded child, and from what waits for that (R21).

    A small delivery is linked beside what it may be about alone: what is in quarantine can be there without
    the child that it resembles, and comes out no sooner for it. What is new and joined to it waits too.
    """
    doubtful = reviews.filter(pl.col("kind") == SAME_CHILD)
    numbers = [
        doubtful.filter(
            pl.col(f"is_new_{new}") & pl.col(f"shielded_{new}").is_null() & pl.col(f"shielded_{old}")
        )[f"number_{new}"]
        for new, old in ("ab", "ba")
    ]
    unseen = waiting.filter(~pl.col("other").is_in(placed["record"].implode()))["record"]
    waits = pl.col("record").is_in(unseen.implode()) & ~pl.col("staged")
    numbers.append(placed.filter(waits & pl.col("is_new"))["number"])
    held = pl.concat(numbers).unique().implode()
    return placed.with_columns(number=pl.when(~pl.col("number").is_in(held) & ~waits).then(pl.col("number")))


def _to_place(placed: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Rows of staged_link: what is staged, and what was in quarantine and has a child now."""
    came_out = pl.col("child").is_null() & pl.col("number").is_not_null()
    return placed.filter(pl.col("staged") | came_out).select(
        "record", "is_new", "decision", "weight", "levels", "partner", "sk", "fk", "sfk",
        child="number", model_version=pl.lit(model.version),
    ).with_columns(is_new=pl.col("is_new") & pl.col("child").is_not_null()).select(*_LINKS)  # fmt: skip


def _kept(settled: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Rows of staged_link for records that keep their child unasked."""
    return settled.select(
        "record", "child", "sk", "fk", "sfk",
        is_new=pl.lit(value=False), decision=pl.lit("kept"), model_version=pl.lit(model.version),
        weight=pl.lit(None, pl.Float64), levels=pl.lit(None, pl.Binary), partner=pl.lit(None, pl.Int64),
    ).select(*_LINKS)  # fmt: skip


def _report(records: pl.DataFrame, links: pl.DataFrame, reviews: pl.DataFrame, settled: int) -> LinkReport:
    decided = links.filter(pl.col("child").is_not_null())
    return LinkReport(
        staged=records.filter("staged").height + settled,
        compared=records.height,
        kept=decided.filter(pl.col("decision") == "kept").height,
        linked=decided.filter(pl.col("decision") == "linked").height,
        new_children=decided.filter("is_new")["child"].n_unique(),
        reviews=reviews.height,
        quarantined=links.height - decided.height,
    )


def _details(report: LinkReport) -> dict[str, int]:
    return {name: int(getattr(report, name)) for name in LinkReport.__dataclass_fields__}
