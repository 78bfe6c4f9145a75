"""The package's own compact tables, read once. Each file's first line names its public source and licence."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: Letters used by no live inward code. A postcode with one of them cannot be anybody's (ONS Postcode
#: Directory).
UNUSED_INWARD_LETTERS = "CIKMOV"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One upper-tier authority: counts of children, and per-1,000 shares by age (0-17) and tradition."""

    dfe: str
    name: str
    region: str
    children: int
    in_need: int
    protected: int
    looked_after: int
    shape: tuple[int, ...]
    mix: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forename:
    """A forename of one sex: births in four five-year bands from 2005, and the traditions it is drawn for."""

    name: str
    sex: str
    births: tuple[int, int, int, int]
    tags: str


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A postcode district: its first inward digits in use, and its number of postcodes as a weight."""

    code: str
    sectors: str
    postcodes: int


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table of the package, as text."""
    text = files("contactpoint.population").joinpath("tables", name).read_text(encoding="utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


@cache
def authorities() -> tuple[Authority, ...]:
    """The 153 upper-tier authorities by DfE code."""
    return tuple(
        Authority(
            dfe=r["dfe"],
            name=r["name"],
            region=r["region"],
            children=int(r["children"]),
            in_need=int(r["in_need"] or 0),
            protected=int(r["protected"] or 0),
            looked_after=int(r["looked_after"] or 0),
            shape=tuple(int(x) for x in r["shape"].split()),
            mix=tuple(float(x) for x in r["mix"].split()),
        )
        for r in rows_of("authorities.csv")
    )


@cache
def authority_by_code() -> dict[str, Authority]:
    """Authorities keyed by DfE code."""
    return {a.dfe: a for a in authorities()}


@cache
def deprivation() -> dict[str, int]:
    """By DfE code, the fifth of England's children from the most deprived (1) to the least (5).

    The proxy is the authority's rate of children in need (DfE, 31 March 2025). It says nothing about any one
    family.
    """
    ordered = sorted(authorities(), key=lambda a: (-a.in_need / a.children, a.dfe))
    total, before = sum(a.children for a in ordered), 0
    found: dict[str, int] = {}
    for a in ordered:
        found[a.dfe] = min(5, 1 + 5 * (2 * before + a.children) // (2 * total))
        before += a.children
    return found


@cache
def forenames() -> tuple[Forename, ...]:
    """Listed forenames, each sex by births."""
    return tuple(
        Forename(
            name=r["name"],
            sex=r["sex"],
            births=(int(r["b2005"]), int(r["b2010"]), int(r["b2015"]), int(r["b2020"])),
            tags=r["tags"],
        )
        for r in rows_of("forenames.csv")
    )


@cache
def surnames() -> tuple[tuple[str, int], ...]:
    """General surnames with bearers per 100,000, commonest first."""
    return tuple((r["surname"], int(r["per_100k"])) for r in rows_of("surnames.csv"))


@cache
def tradition_surnames() -> dict[str, tuple[str, ...]]:
    """Surnames by naming tradition, commonest first."""
    return {r["tradition"]: tuple(r["surnames"].split("|")) for r in rows_of("tradition_surnames.csv")}


@cache
def spellings() -> dict[str, tuple[str, ...]]:
    """Each forename's other spellings."""
    groups = [tuple(r["spellings"].split("|")) for r in rows_of("spellings.csv")]
    return {name: tuple(x for x in group if x != name) for group in groups for name in group}


@cache
def short_forms() -> dict[str, tuple[str, ...]]:
    """Each forename's familiar forms, commonest first."""
    return {r["name"]: tuple(r["short_forms"].split("|")) for r in rows_of("nicknames.csv")}


@cache
def pet_names() -> dict[str, tuple[str, ...]]:
    """Each forename's names at home: the second error model's own, known to no other table."""
    return {r["name"]: tuple(r["pet_names"].split("|")) for r in rows_of("pet_names.csv")}


@cache
def surname_variants() -> dict[str, tuple[str, ...]]:
    """Each surname's other spellings."""
    found: dict[str, tuple[str, ...]] = {}
    for r in rows_of("surname_variants.csv"):
        found[r["a"]] = (*found.get(r["a"], ()), r["b"])
        found[r["b"]] = (*found.get(r["b"], ()), r["a"])
    return found


@cache
def word_lists() -> dict[str, list[str]]:
    """Plain words for streets, houses, schools and rare names, by list."""
    return {r["list"]: r["words"].split("|") for r in rows_of("words.csv")}


@cache
def accents() -> dict[str, tuple[str, str]]:
    """Each forename's accented spelling and the traditions that write it."""
    return {r["name"]: (r["accented"], r["tags"]) for r in rows_of("accents.csv")}


@cache
def districts() -> dict[str, tuple[District, ...]]:
    """Postcode districts by DfE code, largest first."""
    return {
        r["dfe"]: tuple(
            District(code=d, sectors=s, postcodes=int(n))
            for d, s, n in (x.split(":") for x in r["districts"].split())
        )
        for r in rows_of("districts.csv")
    }


@cache
def unreal_inward_letters() -> tuple[str, ...]:
    """Every pair of inward letters that no real postcode can end with: at least one is never used there."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return tuple(
        a + b for a in letters for b in letters if a in UNUSED_INWARD_LETTERS or b in UNUSED_INWARD_LETTERS
    )


def zipf(n: int, shift: float = 3.0) -> list[float]:
    """Weights falling as 1 / (rank + shift), summing to one."""
    weights = [1.0 / (rank + shift) for rank in range(n)]
    return [w / sum(weights) for w in weights]
