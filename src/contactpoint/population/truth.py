"""Who is who: which child each record is about and why it is wrong, the children themselves.

And the sealed pairs.
"""

import numpy as np
import polars as pl

from contactpoint.population.errors import as_lists
from contactpoint.population.organisations import Directory
from contactpoint.population.people import People
from contactpoint.population.pools import column_names
from contactpoint.population.shared import EPOCH
from contactpoint.population.sources import Held
from contactpoint.population.tables import authorities, deprivation
from contactpoint.population.traditions import TRADITIONS
from contactpoint.population.world import World


def _tradition_names(codes: np.typing.NDArray[np.int32]) -> pl.Series:
    return pl.Series("tradition", [t.name for t in TRADITIONS], dtype=pl.String).gather(pl.Series(codes))


def truth_rows(world: World, held: Held, ids: pl.Series) -> pl.DataFrame:
    """One row a record: ``delivery`` says in which of the two files its local id is first seen."""
    p, r, draft = world.people, held.draft.rows, held.draft
    twin = np.where(p.twin_set[r] > 0, p.first_person + p.twin_set[r].astype(np.int64), 0)
    later = draft.later
    return pl.DataFrame(
        {
            "source": pl.repeat(draft.source, len(r), dtype=pl.String, eager=True),
            "local_id": ids,
            "person": pl.Series((p.first_person + p.origin[r]).astype(np.int64)),
            "half": pl.Series(p.half[r].astype(np.int8)),
            "family": pl.Series(p.family[r]),
            "twin_set": pl.Series(twin),
            "tradition": _tradition_names(p.tradition[r]),
            "region": pl.repeat(p.authority.region, len(r), dtype=pl.String, eager=True),
            "deprivation": pl.repeat(deprivation()[p.authority.dfe], len(r), dtype=pl.Int8, eager=True),
            "shielded": pl.Series(p.state.shielded[r]),
            "errors": as_lists(draft.errors),
            "delivery": pl.Series(["full", "delta"]).gather(pl.Series(later.astype(np.int32))),
        }
    )


_FLAGS = column_names(
    "shielded refuge looked_after placed_away protected in_need no_fixed_abode overseas left "
    "home_educated missing_education independent cross_border later unnamed "
)


def people_rows(world: World, d: Directory) -> pl.DataFrame:
    """One row a child and half: what is true of it."""
    p, n = world.people, len(world.people)
    frame = {
        "person": pl.Series((p.first_person + p.origin).astype(np.int64)),
        "half": pl.Series(p.half.astype(np.int8)),
        "sealed": pl.Series(p.sealed | (np.arange(n) >= p.children)),
        "family": pl.Series(p.family),
        "twin_set": pl.Series(np.where(p.twin_set > 0, p.first_person + p.twin_set.astype(np.int64), 0)),
        "identical": pl.Series(p.identical),
        "tradition": _tradition_names(p.tradition),
        "authority": pl.repeat(p.authority.dfe, n, dtype=pl.String, eager=True),
    }
    frame |= _name_columns(p) | _home_columns(world)
    frame |= {
        "nhs_number": world.nhs.take(np.arange(1, n + 1, dtype=np.int32)),
        "school": d.codes.take(world.school),
        "gp_practice": d.codes.take(world.practice),
    }
    return pl.DataFrame(frame | {f: pl.Series(getattr(p.state, f)) for f in _FLAGS})


def _name_columns(p: People) -> dict[str, pl.Series]:
    words, s = p.pool, p.state
    died = np.where(s.died_days >= 0, (p.as_at - EPOCH).days - s.died_days, 0).astype(np.int32)
    return {
        "forename": words.take(p.names.forename),
        "middle_names": words.take(p.names.middle),
        "surname": words.take(p.names.surname),
        "birth_surname": words.take(p.names.birth_surname),
        "known_as": words.take(p.names.known_as),
        "date_of_birth": pl.Series(p.born).cast(pl.Date),
        "sex": pl.Series(["M", "F"]).gather(pl.Series(p.sex)),
        "date_of_death": pl.Series(died).cast(pl.Date).set(pl.Series(s.died_days < 0), None),
        "mother_forename": words.take(p.mother),
        "mother_surname": words.take(p.mother_surname),
        "father_forename": words.take(p.father),
        "father_surname": words.take(p.father_surname),
    }


def _home_columns(world: World) -> dict[str, pl.Series]:
    s, homes = world.people.state, world.people.homes
    home = np.where(s.no_fixed_abode | s.overseas, 0, s.home).astype(np.int32)
    before = np.where(s.before != s.home, s.before, 0).astype(np.int32)
    postcode = np.where(s.no_fixed_abode, world.nowhere, home).astype(np.int32)
    names = [*(a.dfe for a in authorities()), None]
    return {
        "address": homes.addresses.take(home),
        "postcode": homes.postcodes.take(postcode),
        "previous_address": homes.addresses.take(before),
        "previous_postcode": homes.postcodes.take(before),
        "home_authority": pl.Series(names).gather(pl.Series(homes.authority[home] % len(names))),
    }


def sealed_pairs(world: World, all_held: list[Held], ids: list[pl.Series]) -> pl.DataFrame:
    """Every record of a first half beside every record of the second half of the same child."""
    p = world.people
    parts = []
    for held, keys in zip(all_held, ids, strict=True):
        r = held.draft.rows
        inside = np.flatnonzero(p.sealed[r] | (r >= p.children))
        parts.append(
            pl.DataFrame(
                {
                    "source": pl.repeat(held.draft.source, len(inside), dtype=pl.String, eager=True),
                    "local_id": keys.gather(pl.Series(inside)),
                    "person": pl.Series(p.origin[r[inside]]),
                    "first": pl.Series(r[inside] >= p.children),
                }
            )
        )
    every = pl.concat(parts)
    first, second = every.filter(pl.col("first")), every.filter(~pl.col("first"))
    pairs = first.join(second, on="person", how="inner", suffix="_b", maintain_order="left_right")
    return pairs.select(
        pl.col("source").alias("source_a"),
        pl.col("local_id").alias("local_id_a"),
        pl.col("source_b"),
        pl.col("local_id_b"),
    )
