"""Streets, homes and postcodes that look ordinary and are nobody's.

Postcode districts and first inward digits are real; the two last letters hold one no live postcode uses
there, so no postcode here can be real. Streets carry one postcode each, as most do, so neighbours share it.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from contactpoint.population.pools import Floats, Ints, Pool, cumulative, draw
from contactpoint.population.tables import authorities, districts, unreal_inward_letters, word_lists

HOMES_A_STREET = 9
NO_FIXED_ABODE = "ZZ99 3VZ"  # ODS pseudo-postcode


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """Addresses of one block; code i is address i - 1 of each pool, and code 0 is no address.

    Attributes:
        addresses, postcodes, uprns: pools with the same codes.
        authority: by code, the index of its authority in `authorities`, -1 for code 0.
    """

    addresses: Pool
    postcodes: Pool
    uprns: Pool
    authority: Ints


@cache
def _cells() -> dict[str, tuple[list[str], Floats]]:
    """Postcode sectors by authority (``OL4 1``) with cumulative weights."""
    found: dict[str, tuple[list[str], Floats]] = {}
    for dfe, places in districts().items():
        names = [f"{d.code} {s}" for d in places for s in d.sectors]
        found[dfe] = names, cumulative([d.postcodes / len(d.sectors) for d in places for _ in d.sectors])
    return found


def _towns() -> list[str]:
    """The name that ends an address in each authority: its own, without the second part of a double one."""
    return [a.name.split(" and ")[0].split(", ")[0] for a in authorities()]


def _streets(rng: np.random.Generator, authority: Ints) -> tuple[pl.Series, pl.Series]:
    """A name with town, and a postcode, for each street."""
    n = len(authority)
    front, back = np.array(word_lists()["street_first"]), np.array(word_lists()["street_last"])
    first = pl.Series(front[rng.integers(0, len(front), n)])
    last = pl.Series(back[draw(rng, cumulative(1 / (np.arange(len(back)) + 2.0)), n)])
    town = pl.Series(np.array(_towns())[authority])
    cells = np.empty(n, dtype=object)
    for index in np.unique(authority):
        names, weights = _cells()[authorities()[index].dfe]
        mine = authority == index
        cells[mine] = np.array(names, dtype=object)[draw(rng, weights, int(mine.sum()))]
    inward = pl.Series(np.array(unreal_inward_letters())[rng.integers(0, len(unreal_inward_letters()), n)])
    return first + " " + last + ", " + town, pl.Series(cells.tolist(), dtype=pl.String) + inward


def make_homes(rng: np.random.Generator, *, home: int, local: int, elsewhere: Ints, block: int) -> Homes:
    """Addresses: codes 1 to ``local`` in authority number ``home``, then one in each of ``elsewhere``."""
    count = local + len(elsewhere)
    streets = max(12, local // HOMES_A_STREET)
    street_authority = np.concatenate([np.full(streets, home, np.int32), elsewhere]).astype(np.int32)
    street = np.concatenate([rng.integers(0, streets, local), np.arange(streets, streets + len(elsewhere))])
    names, codes = _streets(rng, street_authority)
    number = pl.Series(1 + rng.integers(0, 140, count)).cast(pl.String)
    flat = pl.Series(1 + rng.integers(0, 24, count)).cast(pl.String)
    cottage = pl.Series(np.array(word_lists()["houses"])[rng.integers(0, len(word_lists()["houses"]), count)])
    kind = rng.random(count)
    table = pl.DataFrame(
        {"n": number, "f": flat, "c": cottage, "k": kind, "s": names.gather(pl.Series(street))}
    )
    text = table.select(
        pl.when(pl.col("k") < 0.13)
        .then(pl.concat_str(pl.lit("Flat "), "f", pl.lit(", "), "n", pl.lit(" "), "s"))
        .when(pl.col("k") < 0.15)
        .then(pl.concat_str("c", pl.lit(", "), "s"))
        .otherwise(pl.concat_str("n", pl.lit(" "), "s"))
    ).to_series()
    uprn = pl.Series(990_000_000_000 + block * 2_000_000 + np.arange(count, dtype=np.int64)).cast(pl.String)
    return Homes(
        addresses=Pool(text),
        postcodes=Pool(codes.gather(pl.Series(street))),
        uprns=Pool(uprn),
        authority=np.concatenate([[-1], street_authority[street]]).astype(np.int32),
    )
