"""Picks children of the synthetic England for a journey, by the truth file beside the feeds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from contactpoint.domain.involvement import SERVICES, ServiceKind

OLDHAM = "353"  # by DfE code: where the accounts of the demonstration work
MOHAMEDS = ("Mohammed", "Muhammad", "Mohamed", "Mohammad", "Muhammed")


@dataclass(frozen=True)
class Someone:
    forename: str
    surname: str
    born: date
    number: str
    address: str
    postcode: str
    nhs_number: str
    services: frozenset[str]


def _rows(england):
    """What the sources say now, with who each row is about: second deliveries replace rows of the first."""
    truth = pl.read_parquet(england / "truth.parquet").select("source", "local_id", "person", "half").unique()
    folder = england / "feeds"
    files = [*sorted(folder.glob("*_full.csv")), *sorted(folder.glob("*_delta.csv"))]
    feeds = [
        pl.read_csv(file, infer_schema_length=0).with_columns(pl.lit(file.name.split("_")[0]).alias("source"))
        for file in files
    ]
    rows = pl.concat(feeds, how="diagonal")
    newest = rows.unique(subset=["source", "local_id", "involvement_id"], keep="last", maintain_order=True)
    return newest.join(truth, on=("source", "local_id"))


def _people(england, **flags):
    people = pl.read_parquet(england / "people.parquet").filter(
        ~pl.col("sealed") & ~pl.col("later") & pl.col("date_of_death").is_null() & ~pl.col("left")
    )
    for flag, value in flags.items():
        people = people.filter(pl.col(flag) == value)
    return people.sort("person")


def a_mohamed(england, journey=0):
    """An unprotected Mohamed of Oldham, known to many, whose day and month can be swapped.

    A journey that records something takes a child of its own, by number: all share one England.
    """
    rows = _rows(england)
    swappable = (pl.col("date_of_birth").dt.day() <= 12) & (
        pl.col("date_of_birth").dt.day() != pl.col("date_of_birth").dt.month()
    )
    near = _people(england, shielded=False, authority=OLDHAM)
    chosen = near.filter(pl.col("forename").is_in(MOHAMEDS) & swappable)
    found = [_someone(rows, person) for person in chosen.iter_rows(named=True)]
    return sorted(found, key=lambda one: -len(one.services))[journey]


def known_to_the_council(england):
    """An unprotected child of Oldham, no Mohamed, of whom children's services there say an address."""
    rows = _rows(england)
    council = (pl.col("source") == f"childrens-services-{OLDHAM}") & pl.col("address").is_not_null()
    known = pl.col("person").is_in(rows.filter(council)["person"].unique().implode())
    near = _people(england, shielded=False, authority=OLDHAM)
    others = near.filter(~pl.col("forename").is_in(MOHAMEDS) & known)
    return _someone(rows, others.row(0, named=True))


def of_authority(england, authority, place=0):
    """An unprotected child of an authority, no Mohamed and no twin, whose name nobody else of that day has.

    A journey that records something takes one of its own, by number: all share one England.
    """
    near = _people(england, shielded=False, authority=authority).filter(
        ~pl.col("forename").is_in(MOHAMEDS) & (pl.col("date_of_birth").dt.year() >= 2012)
    )
    alone = near.filter(~pl.struct("surname", "date_of_birth").is_duplicated())
    return _someone(_rows(england), alone.row(place, named=True))


def of_oldham(england, place):
    """Such a child of the authority where the accounts of the demonstration work."""
    return of_authority(england, OLDHAM, place)


def with_a_hidden_service(england):
    """An unprotected child of Oldham with whom a service works that nobody agrees to have shown now.

    Where that is said: the source, its own number, the organisation and the service, by their codes.
    """
    hidden = [code for code, service in SERVICES.items() if service.kind is ServiceKind.SENSITIVE]
    rows = _rows(england).filter(
        pl.col("service").is_in(hidden)
        & pl.col("end_date").is_null()
        & (pl.col("consent_until") < f"{datetime.now(UTC):%Y-%m-%d}")
    )
    near = _people(england, shielded=False, authority=OLDHAM).select("person")
    return rows.join(near, on="person").select("source", "local_id", "organisation", "service").row(-1)


def protected_children(england):
    """Children whose whereabouts the NHS has marked as restricted."""
    rows = _rows(england)
    marked = set(rows.filter(pl.col("restricted") == "Y")["person"].to_list())
    chosen = _people(england, shielded=True).filter(pl.col("person").is_in(marked))
    return [_someone(rows, person) for person in chosen.iter_rows(named=True)]


def names_in(england, authority):
    """First name, last name and birth date of every unprotected child of an authority, by DfE code."""
    chosen = _people(england, shielded=False, authority=authority)
    return chosen.select("forename", "surname", "date_of_birth").rows()


def _someone(rows, person):
    own = rows.filter((pl.col("person") == person["person"]) & pl.col("service").is_not_null())
    current = own.filter(pl.col("end_date").is_null() | (pl.col("end_date") == ""))
    codes = set(current["service"].to_list())
    return Someone(
        forename=person["forename"],
        surname=person["surname"],
        born=person["date_of_birth"],
        number=str(person["person"]),
        address=person["address"] or "",
        postcode=person["postcode"] or "",
        nhs_number=person["nhs_number"] or "",
        services=frozenset(
            SERVICES[code].name for code in codes if SERVICES[code].kind is not ServiceKind.SENSITIVE
        ),
    )
