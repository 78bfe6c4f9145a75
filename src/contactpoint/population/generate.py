"""Write a synthetic England as the files its sources would send."""

import resource
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from contactpoint.population.config import PopulationConfig, PopulationReport
from contactpoint.population.contracts import PROMISED_DAYS
from contactpoint.population.deliveries import delta, full, local_id_of
from contactpoint.population.organisations import Directory, as_table, make_directory
from contactpoint.population.people import BLOCK, make_people
from contactpoint.population.sources import all_sources
from contactpoint.population.tables import Authority, authority_by_code
from contactpoint.population.truth import people_rows, sealed_pairs, truth_rows
from contactpoint.population.wards import wards_table
from contactpoint.population.words import words
from contactpoint.population.world import column_pools, make_world

#: Blocks made at once; numpy and polars leave the interpreter free for most of the work.
WORKERS = 2
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A share of one authority's children, made on its own from its own random numbers."""

    number: int
    authority: Authority
    children: int
    part: int
    parts: int
    first_person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One block's rows, ready to be written."""

    block: Block
    full: dict[str, pl.DataFrame]
    delta: dict[str, pl.DataFrame]
    truth: pl.DataFrame
    people: pl.DataFrame
    sealed: pl.DataFrame


def plan(config: PopulationConfig) -> list[Block]:
    """Share the children out by the size of each authority, in blocks."""
    places = [authority_by_code()[c] for c in config.codes]
    total = sum(a.children for a in places)
    edges = np.round(np.cumsum([a.children for a in places]) / total * config.children).astype(int)
    blocks: list[Block] = []
    first = 1
    for a, size in zip(places, np.diff(edges, prepend=0).tolist(), strict=True):
        parts = max(1, -(-size // BLOCK))
        for part in range(parts):
            children = size * (part + 1) // parts - size * part // parts
            blocks.append(
                Block(
                    number=len(blocks),
                    authority=a,
                    children=children,
                    part=part,
                    parts=parts,
                    first_person=first,
                )
            )
            first += int(children * 1.03) + 200
    return blocks


def make_block(block: Block, config: PopulationConfig, directory: Directory) -> Made:
    """All rows of one block; the same for the same configuration."""
    seeds = np.random.SeedSequence([config.seed, int(block.authority.dfe), block.part]).spawn(4)
    rng = [np.random.Generator(np.random.PCG64(s)) for s in seeds]
    people = make_people(
        rng[0],
        authority=block.authority,
        living=block.children,
        block=block.number,
        first_person=block.first_person,
        as_at=config.as_at,
        chosen=config.codes,
    )
    world = make_world(rng[1], people, directory, block.part, block.parts, config)
    held = all_sources(rng[2], world, directory)
    pools = column_pools(world, directory)
    ids = [local_id_of(world, h.draft) for h in held]
    return Made(
        block=block,
        full={h.draft.source: full(h, i, pools) for h, i in zip(held, ids, strict=True)},
        delta={
            h.draft.source: delta(rng[3], world, h, i, pools, directory)
            for h, i in zip(held, ids, strict=True)
        },
        truth=pl.concat([truth_rows(world, h, i) for h, i in zip(held, ids, strict=True)]),
        people=people_rows(world, directory),
        sealed=sealed_pairs(world, held, ids),
    )


@dataclass(slots=True)
class Files:
    """The open CSV files of one England: rows are appended, the header written once."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    _open: dict[str, IO[bytes]] = field(default_factory=dict)

    def append(self, name: str, table: pl.DataFrame) -> None:
        """Add rows to a file, creating it with its header."""
        new = name not in self._open
        if new:
            self._open[name] = (self.folder / name).open("wb")
        table.write_csv(self._open[name], include_header=new)
        self.rows[name] = self.rows.get(name, 0) + len(table)

    def close(self) -> None:
        """Close every file."""
        for handle in self._open.values():
            handle.close()


def _sources_table(names: list[str]) -> pl.DataFrame:
    """``sources.csv``: every source, its contract, organisation and promise."""
    owner = {
        "births": "general-register-office",
        "child-benefit": "child-benefit-office",
        "nhs-demographics": "nhs-demographics",
        "school-census": "school-census-office",
        "gp-registrations": "gp-registration-service",
        "child-health": "child-health-information",
        "mental-health": "mental-health-data",
    }
    title = {
        "births": "Birth registrations",
        "child-benefit": "Child benefit",
        "nhs-demographics": "NHS demographics",
        "school-census": "School census",
        "gp-registrations": "GP registrations",
        "child-health": "Child health",
        "mental-health": "Children's mental health",
        "barnardos": "Barnardo's",
        "kids": "KIDS",
    }
    rows = []
    for name in sorted(names):
        kind, _, dfe = name.rpartition("-") if name[-3:].isdigit() else (name, "", "")
        contract = "charity" if name in ("barnardos", "kids") else kind.replace("-", "_")
        place = authority_by_code()[dfe].name if dfe else ""
        words = {
            "childrens-services": f"{place} children's services",
            "youth-justice": f"{place} youth justice",
        }
        organisation = owner.get(name, {"childrens-services": f"la-{dfe}"}.get(kind, name))
        rows.append(
            {
                "code": name,
                "name": title.get(name) or words[kind],
                "contract": contract,
                "organisation": organisation,
                "authority": dfe or None,
                "promised_days": PROMISED_DAYS[contract],
            }
        )
    return pl.DataFrame(rows, schema_overrides={"authority": pl.String})


def _write(made: Made, files: Files, folder: Path, config: PopulationConfig, records: dict[str, int]) -> None:
    for source, table in made.full.items():
        files.append(f"feeds/{source}_{config.as_at.isoformat()}_full.csv", table)
    for source, table in made.delta.items():
        files.append(f"feeds/{source}_{config.next_as_at.isoformat()}_delta.csv", table)
    files.append("sealed_pairs.csv", made.sealed)
    number = f"{made.block.number:04d}.parquet"
    made.truth.write_parquet(folder / ".parts" / f"truth-{number}")
    made.people.write_parquet(folder / ".parts" / f"people-{number}")
    for source in made.full:
        records.setdefault(source, 0)
    for source, count in made.truth.group_by("source", maintain_order=True).len().iter_rows():
        records[source] = records.get(source, 0) + count


def _join_parts(folder: Path) -> None:
    """Make one Parquet file of each kind's parts, block by block."""
    for kind in ("truth", "people"):
        parts = sorted((folder / ".parts").glob(f"{kind}-*.parquet"))
        pl.scan_parquet(parts).sink_parquet(folder / f"{kind}.parquet")
        for part in parts:
            part.unlink()
    (folder / ".parts").rmdir()


def _made(blocks: list[Block], config: PopulationConfig, directory: Directory) -> Iterator[Made]:
    """Blocks in order, made by `WORKERS` threads no further ahead than memory allows."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[Future[Made]] = deque()
        for block in blocks:
            waiting.append(pool.submit(make_block, block, config, directory))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def generate(config: PopulationConfig, out: Path, *, progress: Progress | None = None) -> PopulationReport:
    """Write the England of this configuration into ``out``, made if need be; files there are replaced.

    ``progress`` is called with a plain sentence, the children made so far and their total.

    Raises:
        OSError: the folder cannot be written.
    """
    began = time.perf_counter()
    for folder in (out / "feeds", out / ".parts"):
        folder.mkdir(parents=True, exist_ok=True)
    blocks = plan(config)
    sizes = {c: sum(b.children for b in blocks if b.authority.dfe == c) for c in config.codes}
    directory = make_directory(sizes)
    words()  # once, before the threads begin
    files, records, done = Files(out), dict[str, int](), 0
    try:
        for made in _made(blocks, config, directory):
            _write(made, files, out, config, records)
            done += made.block.children
            if progress:
                progress("Making children, families and what each source holds", done, config.children)
        files.append("organisations.csv", as_table(directory))
        files.append("wards.csv", wards_table(config.codes))
        files.append("sources.csv", _sources_table(list(records)))
    finally:
        files.close()
    _join_parts(out)
    seconds = time.perf_counter() - began
    return PopulationReport(
        children=config.children,
        records=records,
        rows=files.rows,
        seconds=seconds,
        children_per_second=config.children / seconds,
        peak_memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )
