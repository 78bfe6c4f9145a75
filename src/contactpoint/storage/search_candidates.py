"""Candidates for a search: the rows of the index (ADR 0005) that could be the child sought.

A search first asks for rows by codes that survive most mistakes: a UNION ALL of the branches whose inputs it
has, one for each kind of evidence. Where that finds nothing good it asks for the names of many more rows, and
then for the rows whose names are nearest. Every branch reads one B-tree to a limit of its own, so that the
cost of a search does not grow with the country.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from contactpoint.storage.prepared import rows_of
from contactpoint.storage.search_index import KeyKind


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


class Named(NamedTuple):
    """The names of one row, for comparing many."""

    row: int
    forename: str
    surname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a search knows, as codes; empty and None mean not known.

    `crossed` are pair codes with the two names exchanged. `sk_slips` and `fk_slips` are codes of sounds one
    letter away from those typed, `sfk_slips` pair codes with one of the two so. `days` are the birth date and
    its day-month swap, `near` these and every date a slip away, `born` the first and last day that an age
    allows. `secs` are postcode sectors. `keys` are groups of (kind, key) to find children by outright,
    `context` groups that help only with a name. `for_whom` is the account that searches: whoever is kept from
    it is passed over by every branch, before its limit (ADR 19).
    """

    number: str | None = None
    sk: tuple[int, ...] = ()
    fk: tuple[int, ...] = ()
    sfk: tuple[int, ...] = ()
    crossed: tuple[int, ...] = ()
    sk_slips: tuple[int, ...] = ()
    fk_slips: tuple[int, ...] = ()
    sfk_slips: tuple[int, ...] = ()
    days: tuple[date, ...] = ()
    near: tuple[date, ...] = ()
    born: tuple[date, date] | None = None
    postcode: str | None = None
    secs: tuple[str, ...] = ()
    district: str | None = None
    authority: str | None = None
    keys: tuple[tuple[KeyKind, tuple[int, ...]], ...] = ()
    context: tuple[tuple[KeyKind, tuple[int, ...]], ...] = ()
    for_whom: UUID | None = None
    unshielded_only: bool = False


class _Branch(NamedTuple):
    """Rows that fit what `needs` names; not asked where anything that `spared` names is known as well."""

    needs: tuple[str, ...]
    where: str
    limit: int
    spared: tuple[str, ...] = ()


_SK: Final = "sk = ANY(%(sk)s::bigint[])"
_FK: Final = "fk = ANY(%(fk)s::bigint[])"
_SFK: Final = "sfk = ANY(%(sfk)s::bigint[])"
_CROSSED: Final = "sfk = ANY(%(crossed)s::bigint[])"
_SK_CROSSED: Final = "sk = ANY(%(fk)s::bigint[])"
_FK_CROSSED: Final = "fk = ANY(%(sk)s::bigint[])"
_SK_SLIPS: Final = "sk = ANY(%(sk_slips)s::bigint[])"
_FK_SLIPS: Final = "fk = ANY(%(fk_slips)s::bigint[])"
_SFK_SLIPS: Final = "sfk = ANY(%(sfk_slips)s::bigint[])"
_DAYS: Final = "dob = ANY(%(days)s::date[])"
_NEAR: Final = "dob = ANY(%(near)s::date[])"
_BORN: Final = "dob BETWEEN %(from)s::date AND %(to)s::date"
_SECS: Final = "sec = ANY(%(secs)s::varchar[])"
_AUTHORITY: Final = "la = %(authority)s"
_NARROWER: Final = ("days", "born", "authority", "secs")

# Each reads one B-tree from one end to its limit (storage/models/indexes.py).
_BRANCHES: Final = (
    _Branch(("number",), "child_id = %(number)s", 50),
    _Branch(("sfk", "near"), f"{_SFK} AND {_NEAR}", 200),
    _Branch(("crossed", "near"), f"{_CROSSED} AND {_NEAR}", 100),
    _Branch(("sk", "days"), f"{_SK} AND {_DAYS}", 200),
    _Branch(("fk", "days"), f"{_FK} AND {_DAYS}", 300),
    _Branch(("sfk", "born"), f"{_SFK} AND {_BORN}", 400),
    _Branch(("crossed", "born"), f"{_CROSSED} AND {_BORN}", 100),
    _Branch(("sfk", "authority"), f"{_SFK} AND {_AUTHORITY}", 300),
    _Branch(("crossed", "authority"), f"{_CROSSED} AND {_AUTHORITY}", 100),
    # Many live in one authority and are at school in the next, which then is theirs.
    _Branch(("sfk", "authority"), _SFK, 100),
    _Branch(("sk", "secs"), f"{_SK} AND {_SECS}", 200),
    _Branch(("fk", "secs"), f"{_FK} AND {_SECS}", 200),
    _Branch(("postcode", "days"), f"postcode = %(postcode)s AND {_DAYS}", 100),
    _Branch(("postcode", "born"), f"postcode = %(postcode)s AND {_BORN}", 200),
    _Branch(("district", "days"), f"dis = %(district)s AND {_DAYS}", 200),
    _Branch(("sfk", "days"), f"{_SFK} AND dob IS NULL", 100),
    # Whoever gives neither date nor place has little but the name.
    _Branch(("sfk",), _SFK, 400, spared=_NARROWER),
    _Branch(("crossed",), _CROSSED, 100, spared=_NARROWER),
)
# Tried only when nothing good was found: what was typed beside the name may be wrong.
_WIDE_BRANCHES: Final = (
    _Branch(("sfk",), _SFK, 60),
    _Branch(("crossed",), _CROSSED, 20),
    _Branch(("sk", "born"), f"{_SK} AND {_BORN}", 400),
    _Branch(("fk", "born"), f"{_FK} AND {_BORN}", 400),
)
# Names alone, tried with them: one or both may be misspelt. A country has some 2,000 children to a day, and
# as many of its commonest first name among all dates that a slip makes.
_NAMED_BRANCHES: Final = (
    _Branch(("sk_slips", "days"), f"{_SK_SLIPS} AND {_DAYS}", 2000),
    _Branch(("fk_slips", "days"), f"{_FK_SLIPS} AND {_DAYS}", 2000),
    _Branch(("fk", "days"), f"{_SK_CROSSED} AND {_DAYS}", 300),
    _Branch(("sk", "days"), f"{_FK_CROSSED} AND {_DAYS}", 300),
    _Branch(("sk", "near"), f"{_SK} AND {_NEAR}", 2000),
    _Branch(("fk", "near"), f"{_FK} AND {_NEAR}", 2000),
    _Branch(("sfk_slips", "authority"), f"{_SFK_SLIPS} AND {_AUTHORITY}", 2000),
    _Branch(("sfk_slips", "born"), f"{_SFK_SLIPS} AND {_BORN}", 2000),
    _Branch(("district", "born"), f"dis = %(district)s AND {_BORN}", 2000),
)
_MANY: Final = (
    *("sk", "fk", "sfk", "crossed", "sk_slips", "fk_slips", "sfk_slips"),
    *("days", "near", "secs"),
)
# A key leads to so many children at most: all of a school. Who names a carer of a common name is found by the
# child's own.
_MOST_KEYED: Final = 2000
# A name leads to so many rows at most, of which those elsewhere are passed over.
_MOST_ELSEWHERE: Final = 2000


# Asked once a statement, whatever the number of branches.
_KEPT: Final = (
    "WITH kept AS MATERIALIZED (SELECT search_rows_kept_from(%(whose)s::uuid) AS found, "
    "children_kept_from(%(whose)s::uuid) AS children) "
)
_SEEN: Final = "id <> ALL ((SELECT found FROM kept)::bigint[])"
_SEEN_KEY: Final = "child_id <> ALL ((SELECT children FROM kept)::varchar[])"


def candidates(probe: Probe) -> list[Candidate]:
    """Return the rows that any branch of the search finds, each once."""
    parts = [_select(_COMPARED, branch, probe) for branch in _asked(_BRANCHES, probe)]
    more, keys = _key_parts(probe)
    return _candidates([*parts, *more], _parameters(probe) | keys)


def named(probe: Probe) -> list[list[Named]]:
    """Return the names of rows that may be misspelt ones of what is sought, a group for each branch."""
    branches = _asked(_NAMED_BRANCHES, probe)
    if not branches:
        return []
    parts = [
        _select(f"{place}, id, forename, surname", branch, probe) for place, branch in enumerate(branches)
    ]
    groups: list[list[Named]] = [[] for _ in branches]
    found = rows_of(_KEPT + " UNION ALL ".join(parts), _parameters(probe))
    for place, row, forename, surname in found:
        groups[place].append(Named(row, forename, surname))
    return [group for group in groups if group]


def wider_candidates(probe: Probe, rows: Sequence[int]) -> list[Candidate]:
    """Return the rows of these ids, and those that the wide branches find, each once."""
    by_id = f"(SELECT {_COMPARED} FROM search_identity WHERE id = ANY(%(rows)s::bigint[]) AND {_SEEN})"  # noqa: S608
    parts = [_select(_COMPARED, branch, probe) for branch in _asked(_WIDE_BRANCHES, probe)]
    if probe.authority and not probe.days:
        parts += [_elsewhere(where, probe) for known, where in ((probe.sk, _SK), (probe.fk, _FK)) if known]
    return _candidates([by_id, *parts], _parameters(probe) | {"rows": list(rows)})


def _candidates(parts: Sequence[str], parameters: dict[str, Any]) -> list[Candidate]:
    if not parts:
        return []
    return [Candidate(*row) for row in dict.fromkeys(rows_of(_KEPT + " UNION ALL ".join(parts), parameters))]


def _asked(branches: Sequence[_Branch], probe: Probe) -> list[_Branch]:
    """Those whose inputs the probe has."""
    return [
        branch
        for branch in branches
        if all(getattr(probe, need) for need in branch.needs)
        and not any(getattr(probe, name) for name in branch.spared)
    ]


def _select(columns: str, branch: _Branch, probe: Probe) -> str:
    hidden = " AND NOT shielded" if probe.unshielded_only else ""
    return (
        f"(SELECT {columns} FROM search_identity "  # noqa: S608
        f"WHERE {branch.where} AND {_SEEN}{hidden} LIMIT {branch.limit})"
    )


def _elsewhere(where: str, probe: Probe) -> str:
    """Rows of a name in the authority, found by reading so many of the name wherever they are."""
    hidden = " AND NOT shielded" if probe.unshielded_only else ""
    return (
        f"(SELECT {_COMPARED} FROM (SELECT * FROM search_identity WHERE {where} AND {_SEEN}{hidden} "  # noqa: S608
        f"LIMIT {_MOST_ELSEWHERE}) AS named WHERE {_AUTHORITY} LIMIT 200)"
    )


def _parameters(probe: Probe) -> dict[str, Any]:
    """What any branch may be asked with."""
    parameters: dict[str, Any] = {name: list(getattr(probe, name)) for name in _MANY}
    parameters |= {name: getattr(probe, name) for name in ("number", "postcode", "district", "authority")}
    parameters["whose"] = probe.for_whom
    if probe.born:
        parameters |= {"from": probe.born[0], "to": probe.born[1]}
    return parameters


def _key_parts(probe: Probe) -> tuple[list[str], dict[str, Any]]:
    """Keys lead to unshielded children only: no shielded child has any."""
    columns = ", ".join(f"i.{name.strip()}" for name in _COMPARED.split(","))
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for place, (kind, keys) in enumerate((*probe.keys, *probe.context)):
        outright = place < len(probe.keys)
        if not outright and not (probe.sk or probe.fk):
            continue
        named = "" if outright else f" WHERE i.{_SK} OR i.{_FK}"
        parameters[f"key{place}"] = list(keys)
        parts.append(
            f"(SELECT {columns} FROM (SELECT child_id FROM search_key "  # noqa: S608
            f"WHERE kind = {int(kind)} AND key = ANY(%(key{place})s::bigint[]) AND {_SEEN_KEY} "
            f"LIMIT {_MOST_KEYED}) AS k "
            f"JOIN search_identity i ON i.child_id = k.child_id{named} LIMIT 200)"
        )
    return parts, parameters
