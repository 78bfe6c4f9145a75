"""Read a file by a mapping and count: rows, rejects with their reasons, and which columns are filled.

What comes of it is kept and read by people who never had the file, so there is no value in it: no cell and no
line.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.source_mappings import Reading
from contactpoint.supply.comparing import Comparison, HeldFacts
from contactpoint.supply.contracts import Contract
from contactpoint.supply.mapping import FeedMapping
from contactpoint.supply.mapping_file import MARK
from contactpoint.supply.opening import GivenFile
from contactpoint.supply.read import FIRST_LINE, LINE, Table, read_pieces
from contactpoint.supply.validate import Validated, validate_pieces

MOST_REASONS: Final = 20
_WHICH_LINE: Final = re.compile(r"\bLine \d+")


def read_by(
    mapping: FeedMapping,
    given: GivenFile,
    contract: Contract,
    *,
    as_at: date,
    organisations: frozenset[str],
    most_bytes: int,
    held: HeldFacts,
) -> Reading:
    """What a file comes to by a mapping; a file that cannot be read is told, not raised.

    `held` says what is held of the source's records, of those that may be told of (supply/comparing.py).
    """

    def pieces() -> Iterator[Table]:
        return read_pieces(given, contract, mapping=mapping, most_bytes=most_bytes)

    try:
        return _counted(
            validate_pieces(pieces, contract, as_at=as_at, organisations=organisations),
            contract,
            mapping,
            Comparison(contract, held),
        )
    except DeliveryRefused as refusal:
        return Reading(refused=str(refusal).partition(FIRST_LINE)[0])


def is_the_mark_kept(now: FeedMapping, then: FeedMapping, contract: Contract) -> bool:
    """Whether the source's own mark of hidden children is not read as something else from now on (R27)."""
    marks = set(now.theirs(MARK))
    return not any(marks & set(then.theirs(name)) for name in contract.names if name != MARK)


def _counted(
    pieces: Iterator[Validated], contract: Contract, mapping: FeedMapping, comparison: Comparison
) -> Reading:
    rows = rejected = 0
    # How many of a file are marked as hidden, or wrongly so, is told to nobody.
    filled = dict.fromkeys((name for name in contract.names if name != MARK), 0)
    reasons: list[pl.DataFrame] = []
    for one in pieces:
        comparison.add(one)
        told = one.rejections.filter(pl.col("field") != MARK)
        rejected += told[LINE].n_unique()
        for frame in (one.accepted, one.rejected):
            rows += frame.height
            for name in filled:
                filled[name] += frame.height - frame[name].null_count()
        reasons.append(mapping.in_their_words(told))
    return Reading(
        rows=rows,
        rejected=rejected,
        reasons=_grouped(pl.concat(reasons)),
        filled=filled,
        changes=comparison.told(),
    )


def _grouped(rejections: pl.DataFrame) -> tuple[tuple[str, str, int], ...]:
    """Field, reason and number of rows, the most frequent first; no line is named by its number."""
    plain = rejections.with_columns(
        pl.col("reason").map_elements(
            lambda said: _WHICH_LINE.sub("Another line", said), return_dtype=pl.String
        )
    )
    counted = plain.group_by("field", "reason").agg(rows=pl.col(LINE).n_unique())
    ordered = counted.sort(["rows", "field", "reason"], descending=[True, False, False])
    return tuple(ordered.head(MOST_REASONS).rows())
