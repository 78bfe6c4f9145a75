"""Keeps pairs of records, and their children, apart for ever (R35), whether a file says so or two people."""

import polars as pl

from contactpoint.actions.find.index import refresh
from contactpoint.storage import reference
from contactpoint.storage.former_names import forget
from contactpoint.storage.sealed_pairs import (
    half_digest,
    keep,
    keep_children_apart,
    pair_key,
    record_key,
    records_digest,
)


def seal_records(pairs: pl.DataFrame) -> tuple[int, int]:
    """Keep the digests of pairs (source_a, local_id_a, source_b, local_id_b), and of their children if there.

    Needs an open transaction. Returns how many pairs there are, and how many of them are one child already.

    Raises:
        Misconfigured: this process was not given the key.
    """
    key = pair_key()
    digests = {
        records_digest(key, record_key(source_a, local_a), record_key(source_b, local_b))
        for source_a, local_a, source_b, local_b in pairs.iter_rows()
    }
    digests |= {
        half_digest(key, record_key(source, local_id))
        for columns in (("source_a", "local_id_a"), ("source_b", "local_id_b"))
        for source, local_id in pairs.select(columns).iter_rows()
    }
    # What was said of an earlier name before anybody said that it is one.
    refresh(forget(reference.records_beside_halves(pairs)))
    children = reference.children_of_pairs(pairs)
    keep(digests)
    keep_children_apart(key, {(one, other) for one, other in children if one != other})
    return pairs.height, sum(one == other for one, other in children)
