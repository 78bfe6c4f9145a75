"""The index that people search (ADR 0005): its rows and keys, and the candidates for a search.

Codes are 64-bit hashes that whoever writes and whoever searches make in the same way; here they are numbers.
A search is a UNION ALL of the branches whose inputs it has, one for each kind of evidence, each with its own
limit, so that its cost does not grow with the country.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from contactpoint.storage.prepared import rows_of


class KeyKind(IntEnum):
    """What a search key is made from. Numbers are stored: append, never renumber."""

    NHS_NUMBER = 1
    UPN = 2
    PHONE = 3
    CARER = 4
    SCHOOL = 5
    GP_PRACTICE = 6
    ADDRESS = 7


class Row(NamedTuple):
    """One row of the index, in the order of COLUMNS. Texts may be empty; `dob` is None unless it is whole."""

    child: str
    shielded: bool
    forename: str
    surname: str
    known_as: str
    sk: int
    fk: int
    sfk: int
    dob: date | None
    dob_text: str
    sex: str
    postcode: str
    sec: str
    dis: str
    la: str
    town: str


class Key(NamedTuple):
    """One hashed key to a child that is not shielded."""

    child: str
    kind: int
    key: int


class Candidate(NamedTuple):
    """What of a row a search compares, in the order of _COMPARED."""

    child: str
    shielded: bool
    forename: str
    surname: str
    known_as: str
    dob_text: str
    postcode: str
    sec: str
    dis: str
    la: str

    @property
    def born(self) -> date | None:
        """The birth date, None unless it is whole."""
        return date.fromisoformat(self.dob_text) if len(self.dob_text) == len("2019-03-27") else None


_COMPARED: Final = "child_id, shielded, forename, surname, known_as, dob_text, postcode, sec, dis, la"
COLUMNS: Final = (
    "child_id, shielded, forename, surname, known_as, sk, fk, sfk, "
    "dob, dob_text, sex, postcode, sec, dis, la, town"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a search knows, as codes; empty and None mean not known.

    `crossed` are pair codes with the two names exchanged. `days` are the birth date and its day-month swap,
    `near` these and every date one wrong digit away, `born` the first and last day that an age allows. `secs`
    are postcode sectors. `keys` are groups of (kind, key) to find children by outright, `context` groups that
    help only with a name.
    """

    number: str | None = None
    sk: tuple[int, ...] = ()
    fk: tuple[int, ...] = ()
    sfk: tuple[int, ...] = ()
    crossed: tuple[int, ...] = ()
    days: tuple[date, ...] = ()
    near: tuple[date, ...] = ()
    born: tuple[date, date] | None = None
    postcode: str | None = None
    secs: tuple[str, ...] = ()
    district: str | None = None
    authority: str | None = None
    keys: tuple[tuple[KeyKind, tuple[int, ...]], ...] = ()
    context: tuple[tuple[KeyKind, tuple[int, ...]], ...] = ()
    unshielded_only: bool = False


class _Branch(NamedTuple):
    needs: tuple[str, ...]
    where: str
    limit: int


# Each reads one B-tree from one end to its limit (storage/models/indexes.py).
_BRANCHES: Final = (
    _Branch(("number",), "child_id = %(number)s", 50),
    _Branch(("sfk", "near"), "sfk = ANY(%(sfk)s::bigint[]) AND dob = ANY(%(near)s::date[])", 200),
    _Branch(("crossed", "near"), "sfk = ANY(%(crossed)s::bigint[]) AND dob = ANY(%(near)s::date[])", 100),
    _Branch(("sk", "days"), "sk = ANY(%(sk)s::bigint[]) AND dob = ANY(%(days)s::date[])", 200),
    _Branch(("fk", "days"), "fk = ANY(%(fk)s::bigint[]) AND dob = ANY(%(days)s::date[])", 300),
    _Branch(("sk", "near"), "sk = ANY(%(sk)s::bigint[]) AND dob = ANY(%(near)s::date[])", 300),
    _Branch(("fk", "near"), "fk = ANY(%(fk)s::bigint[]) AND dob = ANY(%(near)s::date[])", 300),
    _Branch(
        ("sfk", "born"), "sfk = ANY(%(sfk)s::bigint[]) AND dob BETWEEN %(from)s::date AND %(to)s::date", 400
    ),
    _Branch(
        ("crossed", "born"),
        "sfk = ANY(%(crossed)s::bigint[]) AND dob BETWEEN %(from)s::date AND %(to)s::date",
        100,
    ),
    _Branch(
        ("sk", "born", "district"),
        "sk = ANY(%(sk)s::bigint[]) AND dob BETWEEN %(from)s::date AND %(to)s::date AND dis = %(district)s",
        200,
    ),
    _Branch(
        ("fk", "born", "district"),
        "fk = ANY(%(fk)s::bigint[]) AND dob BETWEEN %(from)s::date AND %(to)s::date AND dis = %(district)s",
        200,
    ),
    _Branch(
        ("sk", "born", "authority"),
        "sk = ANY(%(sk)s::bigint[]) AND dob BETWEEN %(from)s::date AND %(to)s::date AND la = %(authority)s",
        200,
    ),
    _Branch(("sfk", "authority"), "sfk = ANY(%(sfk)s::bigint[]) AND la = %(authority)s", 300),
    _Branch(("sk", "secs"), "sk = ANY(%(sk)s::bigint[]) AND sec = ANY(%(secs)s::varchar[])", 200),
    _Branch(("fk", "secs"), "fk = ANY(%(fk)s::bigint[]) AND sec = ANY(%(secs)s::varchar[])", 200),
    _Branch(("postcode", "days"), "postcode = %(postcode)s AND dob = ANY(%(days)s::date[])", 100),
    _Branch(
        ("postcode", "born"), "postcode = %(postcode)s AND dob BETWEEN %(from)s::date AND %(to)s::date", 200
    ),
    _Branch(("district", "days"), "dis = %(district)s AND dob = ANY(%(days)s::date[])", 200),
    _Branch(("sfk", "days"), "sfk = ANY(%(sfk)s::bigint[]) AND dob IS NULL", 100),
)
# Whoever gives no birth date has little but the name.
_UNDATED_BRANCHES: Final = (
    _Branch(("sfk",), "sfk = ANY(%(sfk)s::bigint[])", 400),
    _Branch(("crossed",), "sfk = ANY(%(crossed)s::bigint[])", 100),
)
# Tried only when nothing good was found: they may read many rows to keep few.
_WIDE_BRANCHES: Final = (
    _Branch(("sfk", "days"), "sfk = ANY(%(sfk)s::bigint[])", 100),
    _Branch(("crossed", "days"), "sfk = ANY(%(crossed)s::bigint[])", 100),
    _Branch(("sk", "authority"), "sk = ANY(%(sk)s::bigint[]) AND la = %(authority)s", 400),
    _Branch(("fk", "authority"), "fk = ANY(%(fk)s::bigint[]) AND la = %(authority)s", 400),
    _Branch(
        ("sk", "born"), "sk = ANY(%(sk)s::bigint[]) AND dob BETWEEN %(from)s::date AND %(to)s::date", 400
    ),
    _Branch(
        ("fk", "born"), "fk = ANY(%(fk)s::bigint[]) AND dob BETWEEN %(from)s::date AND %(to)s::date", 400
    ),
    _Branch(("district", "born"), "dis = %(district)s AND dob BETWEEN %(from)s::date AND %(to)s::date", 2000),
)
# The last stage compares every name of a birth date; a country has some 2,000 children to a day.
_DAY_LIMIT: Final = 6000


@dataclass(frozen=True, slots=True)
class Filed:
    """Rows and keys as COPY reads them."""

    rows: bytes
    keys: bytes


def written(rows: Iterable[Row], keys: Iterable[Key]) -> Filed:
    """Write rows and keys out for `replace`; needs no database."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    lines = [f"{child}\t{kind}\t{key}\n" for child, kind, key in keys]
    return Filed(text.getvalue().encode(), "".join(lines).encode())


# An empty text is a text; only a birth date may be missing.
_COPY_ROWS: Final = (
    f"COPY search_identity ({COLUMNS}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ("
    "forename, surname, known_as, dob_text, sex, postcode, sec, dis, la, town))"
)


def replace(children: Sequence[str], filed: Filed) -> None:
    """Replace all rows and keys of `children` by these, in bulk, in the caller's transaction.

    A child's first row is its main one. The database refuses a key of a shielded child, and a row that shows
    more of one than name, sex and birth date.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_key WHERE child_id = ANY(%s)", [list(children)])
        cursor.execute("DELETE FROM search_identity WHERE child_id = ANY(%s)", [list(children)])
        with cursor.copy(_COPY_ROWS) as copy:
            copy.write(filed.rows)
        with cursor.copy("COPY search_key (child_id, kind, key) FROM STDIN") as copy:
            copy.write(filed.keys)


def candidates(probe: Probe) -> list[Candidate]:
    """Return the rows that any branch of the search finds, each once."""
    branches = _BRANCHES if probe.days else (*_BRANCHES, *_UNDATED_BRANCHES)
    parts, parameters = _parts(branches, probe)
    more, keys = _key_parts(probe)
    return _candidates([*parts, *more], parameters | keys)


def wider_candidates(probe: Probe) -> list[Candidate]:
    """Return the rows that the wide branches find; for searches that found nothing good."""
    return _candidates(*_parts(_WIDE_BRANCHES, probe))


class Named(NamedTuple):
    """The names of one row, for comparing many."""

    row: int
    forename: str
    surname: str


def named_on(days: Sequence[date], *, unshielded_only: bool) -> list[Named]:
    """Return the names of everyone born on one of `days`, from the covering index alone."""
    hidden = " AND NOT shielded" if unshielded_only else ""
    statement = (
        "SELECT id, forename, surname FROM search_identity "  # noqa: S608
        f"WHERE dob = ANY(%(days)s::date[]){hidden} LIMIT {_DAY_LIMIT}"
    )
    return [Named(*row) for row in rows_of(statement, {"days": list(days)})]


def rows_by_id(ids: Sequence[int]) -> list[Candidate]:
    """Return rows by their ids."""
    statement = f"SELECT {_COMPARED} FROM search_identity WHERE id = ANY(%(ids)s::bigint[])"  # noqa: S608
    return [Candidate(*row) for row in rows_of(statement, {"ids": list(ids)})]


def main_rows(children: Sequence[str]) -> dict[str, Row]:
    """Return each child's first row, which is what is shown of it."""
    statement = (
        f"SELECT DISTINCT ON (child_id) {COLUMNS} FROM search_identity "  # noqa: S608
        "WHERE child_id = ANY(%(children)s::varchar[]) ORDER BY child_id, id"
    )
    return {row[0]: Row(*row) for row in rows_of(statement, {"children": list(children)})}


def keys_of(
    children: Sequence[str], wanted: Sequence[tuple[KeyKind, tuple[int, ...]]]
) -> dict[str, set[tuple[int, int]]]:
    """Return which of the wanted (kind, key) pairs each child has."""
    if not children or not wanted:
        return {}
    found: dict[str, set[tuple[int, int]]] = {}
    hashes = [key for _, keys in wanted for key in keys]
    statement = (
        "SELECT child_id, kind, key FROM search_key "
        "WHERE child_id = ANY(%(children)s::varchar[]) AND key = ANY(%(keys)s::bigint[])"
    )
    for child, kind, key in rows_of(statement, {"children": list(children), "keys": hashes}):
        found.setdefault(child, set()).add((kind, key))
    return found


def _candidates(parts: Sequence[str], parameters: dict[str, Any]) -> list[Candidate]:
    if not parts:
        return []
    return [Candidate(*row) for row in dict.fromkeys(rows_of(" UNION ALL ".join(parts), parameters))]


def _parts(branches: Sequence[_Branch], probe: Probe) -> tuple[list[str], dict[str, Any]]:
    """One SELECT for each branch whose inputs the probe has, and what they are asked with."""
    hidden = " AND NOT shielded" if probe.unshielded_only else ""
    parts = [
        f"(SELECT {_COMPARED} FROM search_identity WHERE {branch.where}{hidden} LIMIT {branch.limit})"  # noqa: S608
        for branch in branches
        if all(getattr(probe, need) for need in branch.needs)
    ]
    parameters: dict[str, Any] = {
        name: list(getattr(probe, name)) for name in ("sk", "fk", "sfk", "crossed", "days", "near", "secs")
    }
    parameters |= {name: getattr(probe, name) for name in ("number", "postcode", "district", "authority")}
    if probe.born:
        parameters |= {"from": probe.born[0], "to": probe.born[1]}
    return parts, parameters


def _key_parts(probe: Probe) -> tuple[list[str], dict[str, Any]]:
    """Keys lead to unshielded children only: no shielded child has any."""
    columns = ", ".join(f"i.{name.strip()}" for name in _COMPARED.split(","))
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for place, (kind, keys) in enumerate((*probe.keys, *probe.context)):
        outright = place < len(probe.keys)
        if not outright and not (probe.sk or probe.fk):
            continue
        named = "" if outright else " AND (i.sk = ANY(%(sk)s::bigint[]) OR i.fk = ANY(%(fk)s::bigint[]))"
        parameters[f"key{place}"] = list(keys)
        parts.append(
            f"(SELECT {columns} FROM search_key k JOIN search_identity i ON i.child_id = k.child_id "  # noqa: S608
            f"WHERE k.kind = {int(kind)} AND k.key = ANY(%(key{place})s::bigint[]){named} LIMIT 200)"
        )
    return parts, parameters
