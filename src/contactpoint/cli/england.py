"""`contactpoint population generate`, and the England of the demonstration."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from contactpoint.cli.messages import say, telling
from contactpoint.domain.errors import InvalidInput
from contactpoint.population import PopulationConfig, PopulationError, PopulationReport, generate
from contactpoint.population.config import NEXT_DELIVERY, Mistakes

MEGABYTE: Final = 1 << 20
FIRST_CODE: Final = 200  # no authority's DfE code is smaller, and there are fewer authorities


def configure(
    *, children: int, authorities: str, seed: int, as_at: date | None, mistakes: Mistakes = "first"
) -> PopulationConfig:
    """What to generate. The second deliveries are today's when no date is given.

    Raises:
        InvalidInput: a count out of range, or a code that is no authority's.
    """
    codes = tuple(part.strip() for part in authorities.split(",") if part.strip())
    how_many = len(codes) == 1 and codes[0].isdecimal() and int(codes[0]) < FIRST_CODE
    try:
        return PopulationConfig(
            children=children,
            authorities=int(codes[0]) if how_many else codes,
            seed=seed,
            as_at=as_at or datetime.now(UTC).date() - NEXT_DELIVERY,
            mistakes=mistakes,
        )
    except PopulationError as error:
        raise InvalidInput(f"{error}.") from None


def generate_england(
    folder: Path,
    *,
    children: int,
    authorities: str,
    seed: int,
    as_at: date | None,
    mistakes: Mistakes = "first",
) -> PopulationReport:
    """Write it, with a bar, and report how fast.

    Raises:
        InvalidInput: the options make no England, or the folder cannot be written.
    """
    config = configure(children=children, authorities=authorities, seed=seed, as_at=as_at, mistakes=mistakes)
    try:
        where = "1 authority" if len(config.codes) == 1 else f"{len(config.codes)} authorities"
        with telling(f"Making {children:,} children in {where}") as tell:
            report = generate(config, folder, progress=lambda what, done, of: tell(what, done / of))
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error.strerror}.") from None
    memory = report.peak_memory_bytes // MEGABYTE
    say(f"  {sum(report.records.values()):,} records of {len(report.records)} sources")
    say(f"  {report.children_per_second:,.0f} children a second, with at most {memory:,} MB of memory")
    return report
