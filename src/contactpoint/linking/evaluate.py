"""How good links are, measured against the truth: pairs, false merges by cause, splits, and for whom.

The unit is an identity: a person, or one half of a person whose old and new identities must never be joined.
"""

import math
from dataclasses import dataclass
from typing import Final

import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.names import joined, name_of

CAUSES: Final = ("sealed pair", "twin", "sibling", "namesake", "stranger")
"""Why two identities were taken for one, nearest first; each counts under its nearest."""

MILLION: Final = 1_000_000
_KEYS: Final = ("source", "local_id")
_OPTIONAL: Final = {"half": 0, "family": None, "twin_set": None, "tradition": None, "region": None}
GROUPS: Final = ("tradition", "region")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole, with the 95 % interval of Wilson (1927)."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """Part by whole; 1 of nothing."""
        return self.part / self.whole if self.whole else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of `value`."""
        if not self.whole:
            return (0.0, 1.0)
        z, n, p = 1.959964, self.whole, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (max(0.0, middle - reach), min(1.0, middle + reach))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What links are worth.

    `merged` counts identities in any false merge, by cause; `split` those found in two or more clusters, of
    all with two or more records. Recall by tradition and region counts pairs of records of one identity.
    A cluster is right if it holds all records of one identity and no other: of `clusters` proposed and of
    identities. `unmatched` counts the records that the truth does not know, and those that have no link.
    """

    records: int
    identities: int
    precision: Share
    recall: Share
    merged: dict[str, int]
    split: Share
    recall_by_tradition: dict[str, Share]
    recall_by_region: dict[str, Share]
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
    def largest_gap(self) -> float:
        """The difference between the best and the worst recall of a tradition."""
        values = [share.value for share in self.recall_by_tradition.values()]
        return max(values) - min(values) if values else 0.0


def _f1(precision: Share, recall: Share) -> float:
    total = precision.value + recall.value
    return 2 * precision.value * recall.value / total if total else 0.0


def evaluate(links: pl.DataFrame, truth: pl.DataFrame) -> Evaluation:
    """Compare links with the truth.

    Args:
        links: `source`, `local_id`, `cluster`; with `forename` and `surname` as well, two unrelated
            identities of one name count as namesakes, otherwise as strangers.
        truth: `source`, `local_id`, `person` and, where known, `half`, `family`, `twin_set` (null or 0 for
            none), `tradition`, `region`. Records that are in one frame alone do not count.

    Raises:
        InvalidInput: a column is missing, or one of the frames has a record twice.
    """
    for frame, needed in ((links, (*_KEYS, "cluster")), (truth, (*_KEYS, "person"))):
        absent = [name for name in needed if name not in frame.columns]
        if absent:
            raise InvalidInput(f"To evaluate, the columns {', '.join(absent)} are needed.")
        if frame.select(pl.struct(_KEYS).is_duplicated().any()).item():
            raise InvalidInput("To evaluate, each source and local_id may stand only once.")
    known = truth.select(
        *_KEYS,
        "person",
        *(
            pl.col(name) if name in truth.columns else pl.lit(value).alias(name)
            for name, value in _OPTIONAL.items()
        ),
    )
    both = links.join(known, on=_KEYS, how="inner")
    both = both.with_columns(identity=pl.struct("person", "half").rank("dense").cast(pl.Int64))
    cells = both.group_by("cluster", "identity").agg(
        pl.len().alias("n"), pl.col(*GROUPS, "person", "family", "twin_set").first()
    )
    identities = cells.group_by("identity").agg(
        pl.col("n").sum(),
        pl.len().alias("clusters"),
        pl.col(*GROUPS).first(),
        _pairs("n").sum().alias("right"),
    )
    several = identities.filter(pl.col("n") > 1)
    right = int(identities["right"].sum())
    true = int(identities.select(_pairs("n").sum()).item() or 0)
    proposed = int(cells.group_by("cluster").agg(pl.col("n").sum()).select(_pairs("n").sum()).item() or 0)
    alone = cells.filter(pl.len().over("cluster") == 1).select("identity")
    exact = identities.filter(pl.col("clusters") == 1).join(alone, on="identity").height
    return Evaluation(
        records=both.height,
        identities=identities.height,
        precision=Share(part=right, whole=proposed),
        recall=Share(part=right, whole=true),
        merged=_merged(cells, _names(both)),
        split=Share(part=several.filter(pl.col("clusters") > 1).height, whole=several.height),
        recall_by_tradition=_by_group(several, "tradition"),
        recall_by_region=_by_group(several, "region"),
        cluster_precision=Share(part=exact, whole=both["cluster"].n_unique()),
        cluster_recall=Share(part=exact, whole=identities.height),
        unmatched=(links.height - both.height, truth.height - both.height),
    )


def _pairs(column: str) -> pl.Expr:
    count = pl.col(column).cast(pl.Int64)
    return count * (count - 1) // 2


def _by_group(identities: pl.DataFrame, group: str) -> dict[str, Share]:
    grouped = (
        identities.filter(pl.col(group).is_not_null())
        .group_by(group)
        .agg(pl.col("right").sum(), _pairs("n").sum().alias("true"))
        .sort(group)
    )
    return {str(name): Share(part=int(right), whole=int(true)) for name, right, true in grouped.iter_rows()}


def _names(both: pl.DataFrame) -> dict[int, set[str]]:
    """The names that each identity in a false merge goes by, where the links tell names."""
    if not {"forename", "surname"} <= set(both.columns):
        return {}
    mixed = both.filter(pl.col("identity").n_unique().over("cluster") > 1)
    names: dict[int, set[str]] = {}
    for identity, forename, surname in mixed.select("identity", "forename", "surname").iter_rows():
        names.setdefault(identity, set()).add(f"{joined(name_of(forename))}|{joined(name_of(surname))}")
    return names


def _merged(cells: pl.DataFrame, names: dict[int, set[str]]) -> dict[str, int]:
    """Count the identities that share a cluster with another one, each under its nearest cause."""
    columns = ["identity", "person", "family", "twin_set"]
    mixed = cells.filter(pl.len().over("cluster") > 1).select("cluster", *columns)
    pairs = mixed.join(mixed, on="cluster", suffix="_other").filter(
        pl.col("identity") != pl.col("identity_other")
    )
    nearest: dict[int, int] = {}
    for row in pairs.iter_rows(named=True):
        cause = _cause(row, names)
        nearest[row["identity"]] = min(nearest.get(row["identity"], len(CAUSES)), cause)
    return {cause: sum(place == found for found in nearest.values()) for place, cause in enumerate(CAUSES)}


def _cause(row: dict[str, int | None], names: dict[int, set[str]]) -> int:
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
