"""The full delivery of each source, and the delta of the month after: rows as they stand in the files."""

import numpy as np
import polars as pl

from contactpoint.population.contracts import COLUMNS
from contactpoint.population.drafts import Draft
from contactpoint.population.identifiers import local_ids, rank_within
from contactpoint.population.organisations import Directory
from contactpoint.population.pools import Flags, Ints, Longs, Pool
from contactpoint.population.shared import EPOCH, dates
from contactpoint.population.sources import Held, phones_of
from contactpoint.population.world import World

#: Share of changes of home or name that reach a source within the month.
REPORTED_IN_THE_MONTH = 0.6


def local_id_of(world: World, draft: Draft) -> pl.Series:
    """The source's key for each record of a draft."""
    row = world.people.first_person + draft.rows.astype(np.int64)
    return local_ids(draft.habits.prefix, row, draft.habits.key * 77_777_777)


def frame(
    held: Held,
    rows: Longs,
    identity: dict[str, Ints],
    involved: dict[str, Ints],
    ids: pl.Series,
    pools: dict[str, Pool],
) -> pl.DataFrame:
    """CSV rows: ``rows`` are rows of the involvements (or records where there are none), in file order."""
    record = held.record[rows]
    columns: dict[str, pl.Series] = {"local_id": ids.gather(pl.Series(record))}
    blank = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
    if held.involved is not None and "involvement_id" in COLUMNS[held.draft.contract]:
        place = rank_within(held.record.astype(np.int64))[rows] + 1
        columns["involvement_id"] = columns["local_id"] + "-" + pl.Series(place).cast(pl.String)
    for name in COLUMNS[held.draft.contract]:
        if name in identity:
            columns[name] = pools[name].take(identity[name][record])
        elif name in involved:
            columns[name] = pools[name].take(involved[name][rows])
        elif name not in columns:
            columns[name] = blank
    return pl.DataFrame({name: columns[name] for name in COLUMNS[held.draft.contract]})


def full(held: Held, ids: pl.Series, pools: dict[str, Pool]) -> pl.DataFrame:
    """Everything the source holds on the as-at date."""
    involved = {} if held.involved is None else held.involved.columns
    now = ~held.draft.later if held.involved is None else ~held.involved.later
    return frame(held, np.flatnonzero(now), held.draft.columns, involved, ids, pools)


def _identity_changes(rng: np.random.Generator, world: World, draft: Draft) -> tuple[Flags, dict[str, Ints]]:
    """Records that changed in the month, and all identity columns after it."""
    p, r, n = world.people, draft.rows, len(draft.rows)
    columns = {name: codes.copy() for name, codes in draft.columns.items()}
    told = rng.random(n) < REPORTED_IN_THE_MONTH
    moved = (
        told
        & (p.state.next_home[r] != p.state.home[r])
        & (draft.contract != "births")
        & ~p.state.no_fixed_abode[r]
        & ~p.state.overseas[r]
    )
    for name in ("address", "postcode", "uprn"):
        if name in columns:
            columns[name][moved] = p.state.next_home[r[moved]]
    today = (p.as_at - EPOCH).days
    if "address_from" in columns:
        columns["address_from"][moved] = dates().code(today + 1 + rng.integers(0, 27, int(moved.sum())))
    renamed = told & (p.names.next_surname[r] != p.names.surname[r]) & (draft.contract != "births")
    if "former_surname" in columns:
        columns["former_surname"][renamed] = columns["surname"][renamed]
    columns["surname"][renamed] = p.names.next_surname[r[renamed]]
    named = (
        p.state.unnamed[r]
        & ~p.state.unnamed_next[r]
        & (draft.contract in ("nhs_demographics", "child_health", "gp_registrations"))
    )
    columns["forename"][named] = p.names.forename[r[named]]
    # updates of shielded children are what must never go astray: all of them in one feed, a quarter in the
    # others
    shown = p.state.shielded[r] & ((rng.random(n) < 0.25) | (draft.contract == "nhs_demographics"))
    return moved | renamed | named | shown, columns


def delta(
    rng: np.random.Generator, world: World, held: Held, ids: pl.Series, pools: dict[str, Pool], d: Directory
) -> pl.DataFrame:
    """New records, changed ones with all their involvements, and new, moved or ended involvements."""
    changed, identity = _identity_changes(rng, world, held.draft)
    if held.involved is None:
        return frame(held, np.flatnonzero(changed | held.draft.later), identity, {}, ids, pools)
    v = held.involved
    involved = {name: codes.copy() for name, codes in v.columns.items()}
    ended = v.next_end > 0
    involved["end_date"][ended] = v.next_end[ended]
    fresh = v.later | ended
    if len(v.next_organisation):
        moves = v.next_organisation > 0
        involved["organisation"][moves], involved["start_date"][moves] = (
            v.next_organisation[moves],
            v.next_start[moves],
        )
        involved["contact_phone"][moves] = phones_of(d)[v.next_organisation[moves]]
        fresh = fresh | moves
    return frame(held, np.flatnonzero(fresh | changed[held.record]), identity, involved, ids, pools)
