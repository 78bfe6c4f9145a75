"""How good links are, measured against the truth: pairs, false merges by cause, splits, and for whom.

The unit is an identity: a person, or one half of a person whose old and new identities must never be joined.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.names import joined, name_of
from contactpoint.linking.shares import Gap, Share, largest_gap, of_bunches

CAUSES: Final = ("sealed pair", "twin", "sibling", "namesake", "stranger")
"""Why two identities were taken for one, nearest first; each counts under its nearest."""

MILLION: Final = 1_000_000
_KEYS: Final = ("source", "local_id")
GROUPS: Final = ("tradition", "region", "deprivation")
"""What people are told apart by to see for whom links are worth less; the model knows none of it."""

_OPTIONAL: Final = ("half", "family", "twin_set", *GROUPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What links are worth.

    `merged` counts identities in any false merge, by cause; `split` those found in two or more clusters, of
    all with two or more records. `recall_by` gives, for each of GROUPS that the truth tells, the recall of
    each group's pairs of records; `merged_by` the share of each group's identities in any false merge. A
    cluster is right if it holds all records of one identity and no other: of clusters proposed and of
    identities. `unmatched` counts the records that the truth does not know, and those that have no link.
    """

    records: int
    identities: int
    precision: Share
    recall: Share
    merged: dict[str, int]
    split: Share
    recall_by: dict[str, dict[str, Share]]
    merged_by: dict[str, dict[str, Share]]
    cluster_precision: Share
    cluster_recall: Share
    unmatched: tuple[int, int]

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _f1(self.precision, self.recall)

    @property
    def cluster_f1(self) -> float:
        """The harmonic mean of the precision and recall of whole clusters."""
        return _f1(self.cluster_precision, self.cluster_recall)

    @property
    def merged_per_million(self) -> dict[str, float]:
        """Identities in any false merge per million, by cause and in "all"."""
        rates = {cause: count * MILLION / max(1, self.identities) for cause, count in self.merged.items()}
        return {"all": sum(rates.values()), **rates}

    @property
    def recall_gaps(self) -> dict[str, Gap]:
        """Between whom recall differs most: by tradition, by region, by deprivation, where told."""
        return _gaps(self.recall_by)

    @property
    def merged_gaps(self) -> dict[str, Gap]:
        """Between whom false merges differ most, likewise."""
        return _gaps(self.merged_by)


def _gaps(shares: dict[str, dict[str, Share]]) -> dict[str, Gap]:
    found = {group: largest_gap(by) for group, by in shares.items()}
    return {group: gap for group, gap in found.items() if gap}


def _f1(precision: Share, recall: Share) -> float:
    total = precision.value + recall.value
    return 2 * precision.value * recall.value / total if total else 0.0


def evaluate(links: pl.DataFrame, truth: pl.DataFrame) -> Evaluation:
    """Compare links with the truth.

    Args:
        links: `source`, `local_id`, `cluster`; with `forename` and `surname` as well, two unrelated
            identities of one name count as namesakes, otherwise as strangers.
        truth: `source`, `local_id`, `person` and, where known, `half`, `family`, `twin_set` (empty or 0 for
            none), `tradition`, `region`, `deprivation`. Records that are in one frame alone do not count.

    Raises:
        InvalidInput: a column is missing, or one of the frames has a record twice.
    """
    _check(links, "cluster")
    _check(truth, "person")
    people, of = _identities(truth)
    both = links.select(*_KEYS, "cluster").join(of, on=_KEYS).select("cluster", "identity")
    unmatched = (links.height - both.height, truth.height - both.height)

    def names_of(mixed: pl.DataFrame) -> Names:
        return _names(links, mixed, of)

    return evaluate_identities(both, people, names_of, unmatched=unmatched)


Names = dict[int, set[str]]
"""The names that each identity goes by, joined (linking.names.joined), forename|surname."""


def evaluate_identities(
    both: pl.DataFrame,
    people: pl.DataFrame,
    names_of: Callable[[pl.DataFrame], Names],
    *,
    unmatched: tuple[int, int] = (0, 0),
) -> Evaluation:
    """Compare links with the truth, where each record is known by two numbers alone: a country's fit so.

    Args:
        both: `cluster` and `identity`, whole numbers, a row a record.
        people: a row an identity: `identity`, `person`, and family, twin_set and GROUPS, null where not told.
        names_of: given `cluster` and `identity` of those in any false merge, returns the names of these.
        unmatched: records that the truth does not know, and those that have no link.
    """
    cells = both.group_by("cluster", "identity").agg(pl.len().alias("n"))
    identities = (
        cells.group_by("identity")
        .agg(pl.col("n").sum(), pl.len().alias("clusters"), _pairs(pl.col("n")).sum().alias("right"))
        .join(people.select("identity", *GROUPS), on="identity")
    )
    several = identities.filter(pl.col("n") > 1).with_columns(_pairs(pl.col("n")).alias("true"))
    proposed = cells.group_by("cluster").agg(
        _pairs(pl.col("n")).sum().alias("right"), _pairs(pl.col("n").sum()).alias("all")
    )
    alone = cells.filter(pl.len().over("cluster") == 1).select("identity")
    exact = identities.filter(pl.col("clusters") == 1).join(alone, on="identity").height
    mixed = cells.filter(pl.len().over("cluster") > 1)
    merged = _merged(mixed.join(people, on="identity"), names_of(mixed))
    return Evaluation(
        records=both.height,
        identities=identities.height,
        precision=of_bunches(proposed["right"].to_numpy(), proposed["all"].to_numpy()),
        recall=_recall(several),
        merged={cause: sum(place == one for one in merged.values()) for place, cause in enumerate(CAUSES)},
        split=Share(part=several.filter(pl.col("clusters") > 1).height, whole=several.height),
        recall_by={group: _by_group(several, group, _recall) for group in _told(identities)},
        merged_by={group: _by_group(identities, group, _in(set(merged))) for group in _told(identities)},
        cluster_precision=Share(part=exact, whole=proposed.height),
        cluster_recall=Share(part=exact, whole=identities.height),
        unmatched=unmatched,
    )


def _check(frame: pl.DataFrame, needed: str) -> None:
    absent = [name for name in (*_KEYS, needed) if name not in frame.columns]
    if absent:
        raise InvalidInput(f"To evaluate, the columns {', '.join(absent)} are needed.")
    for name in (*_KEYS, needed):
        column = frame[name]
        blank = column.null_count() + (int((column == "").sum()) if column.dtype == pl.String else 0)
        if blank:
            raise InvalidInput(f"To evaluate, {name} is empty in {blank:,} of {frame.height:,} records.")
    alike = frame.lazy().group_by(_KEYS).agg(pl.len().alias("n")).filter(pl.col("n") > 1)
    if alike.head(1).collect(engine="streaming").height:
        raise InvalidInput("To evaluate, each source and local_id may stand only once.")


def _identities(truth: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the identities: what the truth tells of each, and which one each record is of.

    What it does not tell is empty; out of a file, 0 is text.
    """
    held = [pl.col(name) if name in truth.columns else pl.lit(None).alias(name) for name in _OPTIONAL]
    known = truth.select(*_KEYS, "person", *held)
    people = known.drop(_KEYS).unique(["person", "half"], keep="first", maintain_order=True)
    nobody = pl.col("twin_set").cast(pl.String).is_in(["0", ""])
    people = people.with_row_index("identity").with_columns(
        pl.col("identity").cast(pl.Int64), pl.when(~nobody).then("twin_set").alias("twin_set")
    )
    whose = people.select("person", "half", "identity")
    of = known.select(*_KEYS, "person", "half").join(whose, on=["person", "half"], nulls_equal=True)
    return people, of.select(*_KEYS, "identity")


def _told(identities: pl.DataFrame) -> list[str]:
    return [group for group in GROUPS if identities[group].is_not_null().any()]


def _pairs(count: pl.Expr) -> pl.Expr:
    """Return how many pairs so many records make."""
    number = count.cast(pl.Int64)
    return number * (number - 1) // 2


def _recall(identities: pl.DataFrame) -> Share:
    """Return the recall of these identities' pairs; those of one identity are found or missed together."""
    return of_bunches(identities["right"].to_numpy(), identities["true"].to_numpy())


def _in(merged: set[int]) -> Callable[[pl.DataFrame], Share]:
    def share(identities: pl.DataFrame) -> Share:
        return Share(part=len(merged.intersection(identities["identity"])), whole=identities.height)

    return share


def _by_group(
    identities: pl.DataFrame, group: str, share: Callable[[pl.DataFrame], Share]
) -> dict[str, Share]:
    held = identities.filter(pl.col(group).is_not_null())
    return {
        str(key[0]): share(part) for key, part in sorted(held.group_by(group), key=lambda one: str(one[0]))
    }


def _names(links: pl.DataFrame, mixed: pl.DataFrame, of: pl.DataFrame) -> Names:
    """The names that each identity in a false merge goes by, where the links tell names."""
    if not {"forename", "surname"} <= set(links.columns):
        return {}
    held = links.join(mixed.select("cluster").unique(), on="cluster", how="semi").join(of, on=_KEYS)
    names: Names = {}
    for identity, forename, surname in held.select("identity", "forename", "surname").iter_rows():
        names.setdefault(identity, set()).add(f"{joined(name_of(forename))}|{joined(name_of(surname))}")
    return names


def _merged(mixed: pl.DataFrame, names: Names) -> dict[int, int]:
    """Return the identities that share a cluster with another, each with the place of its nearest cause."""
    mixed = mixed.select("cluster", "identity", "person", "family", "twin_set")
    pairs = mixed.join(mixed, on="cluster", suffix="_other").filter(
        pl.col("identity") != pl.col("identity_other")
    )
    nearest: dict[int, int] = {}
    for row in pairs.iter_rows(named=True):
        cause = _cause(row, names)
        nearest[row["identity"]] = min(nearest.get(row["identity"], len(CAUSES)), cause)
    return nearest


def _cause(row: dict[str, int | None], names: Names) -> int:
    if row["person"] == row["person_other"]:
        return CAUSES.index("sealed pair")
    if row["twin_set"] and row["twin_set"] == row["twin_set_other"]:
        return CAUSES.index("twin")
    if row["family"] is not None and row["family"] == row["family_other"]:
        return CAUSES.index("sibling")
    one, two = row["identity"], row["identity_other"]
    if one is not None and two is not None and names.get(one, set()) & names.get(two, set()):
        return CAUSES.index("namesake")
    return CAUSES.index("stranger")
