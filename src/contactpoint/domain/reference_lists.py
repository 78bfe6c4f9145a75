"""The lists of organisations, sources and wards: a file, or one of them, compared with what there is (R58).

A file is the whole of one list; of wards, that of the authorities it names. A body that it does not name any
more is closed and never deleted: children were there, and their records say so. Nothing holds before
a second person of the national team agreed (ADR 38).
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.people_file import safe_cell, typed_cell
from contactpoint.domain.two_people import Step

COLUMNS: Final = ("code", "name", "kind", "authority", "phone", "hours", "cover", "address", "postcode")
WARD_COLUMNS: Final = ("postcode", "ward", "name", "authority")
FIELDS: Final = (
    "ward", "name", "contract", "organisation", "authority", "every", "phone", "hours", "cover", "address",
    "postcode", "closed",
)  # fmt: skip
"""What a list can change of what it names, in this order; `closed` is "yes" or empty, and no column."""

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_FAULTS: Final = 100
MISSING: Final = "It is missing"
_LONGEST: Final = {
    "code": 32, "name": 120, "phone": 24, "hours": 80, "cover": 160, "address": 160, "postcode": 8
}  # fmt: skip
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_AUTHORITY: Final = re.compile(r"[0-9]{3}")
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")
_PHONE: Final = re.compile(r"[0-9+() -]{5,24}( ?(ext|x)\.? ?[0-9]{1,6})?")


class ListKind(StrEnum):
    """Which list: as the kind of an organisation, or of wards, or of sources."""

    AUTHORITY = "authority"
    SCHOOL = "school"
    PRACTICE = "gp"
    WARD = "ward"
    TRUST = "nhs_trust"
    POLICE = "police"
    YOUTH_JUSTICE = "youth_justice"
    CHARITY = "charity"
    NATIONAL = "national"
    SOURCE = "source"


WHOLE: Final = (ListKind.AUTHORITY, ListKind.SCHOOL, ListKind.PRACTICE, ListKind.WARD)
"""What a file replaces. Of the others one at a time is said (domain/bodies.py)."""
IN_AN_AREA: Final = frozenset(WHOLE)
"""What belongs to an authority, whatever else is said of it."""
MOST_ROWS: Final[Mapping[ListKind, int]] = MappingProxyType(
    {one: 100_000 if one is ListKind.WARD else 40_000 for one in WHOLE}
)
"""How long a file may be. The authority with most has some 45,000 postcodes."""


class ListState(StrEnum):
    """How far a change of a list is. The worker carries out what was agreed, and says if it could not."""

    DRAFT = "draft"
    ASKED = "asked"
    AGREED = "agreed"
    DROPPED = "dropped"
    REFUSED = "refused"
    DONE = "done"
    FAILED = "failed"


BECOMES: Final[Mapping[tuple[ListState, Step], ListState]] = MappingProxyType(
    {
        (ListState.DRAFT, Step.ASK): ListState.ASKED,
        (ListState.DRAFT, Step.DROP): ListState.DROPPED,
        (ListState.ASKED, Step.DROP): ListState.DROPPED,
        (ListState.ASKED, Step.AGREE): ListState.AGREED,
        (ListState.ASKED, Step.REFUSE): ListState.REFUSED,
    }
)
"""What may be done when; whatever is not here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row of a file: the physical line it begins on, and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """What is wrong on a line: in which field (empty for the whole row), and why."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One body, or postcode of a ward, that a change touches; `before` is None where it is new.

    Both map those of FIELDS that its list has.
    """

    code: str
    before: Mapping[str, str] | None
    after: Mapping[str, str]

    @property
    def is_new(self) -> bool:
        """Say whether nobody knew of it."""
        return self.before is None

    @property
    def closes(self) -> bool:
        """Say whether it is closed by this."""
        return bool(self.after["closed"]) and not (self.before and self.before["closed"])

    @property
    def fields(self) -> tuple[str, ...]:
        """Which of FIELDS it changes; none where it is new."""
        before = self.before
        return tuple(name for name in FIELDS if before and before.get(name) != self.after.get(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """A change of a list; `of_one` is the code of the one that was said, empty where a file was tried.

    `children` is rounded to the nearest hundred, and None below one hundred or where nobody is counted.
    `stands` says whether everything it changed is still as it left it, so that it can be put back.
    """

    number: int
    kind: ListKind
    of_one: str = ""
    state: ListState
    by: str
    mine: bool
    at: datetime
    because: str
    added: int
    changed: int
    gone: int
    children: int | None
    answered_by: str
    done_at: datetime | None
    outcome: str
    puts_back: int | None
    stands: bool = False
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAnswer:
    """What came of whatever somebody does with a change."""

    number: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInQuestion:
    """A change as far as the rules ask: how it stands, what is to be done with it, and whose it is."""

    state: ListState
    step: Step
    by_viewer: bool


def what_becomes_of_the_list(state: ListState, step: Step) -> ListState | None:
    """How a change stands after a step; None where the step does not come now."""
    return BECOMES.get((state, step))


def judge_list(
    kind: ListKind,
    rows: Sequence[ListRow],
    *,
    authorities: Collection[str],
    elsewhere: Collection[str],
    there: Collection[str],
) -> tuple[RowFault, ...]:
    """Everything that is wrong with a list, by line.

    Args:
        kind: which list.
        rows: the rows of the file.
        authorities: the three digits of every authority there is.
        elsewhere: codes of the file that some other organisation has, of another kind.
        there: the codes of the list as it is.
    """
    faults: list[RowFault] = []
    first: dict[str, int] = {}
    for row in rows:
        found = [*_faults(kind, row.cells, authorities, elsewhere)]
        code = row.cells["code"]
        if code and (line := first.setdefault(code, row.line)) != row.line:
            found.append(("code", f"Line {line} has the same code"))
        faults += [RowFault(line=row.line, field=field, reason=reason) for field, reason in found]
    if kind is ListKind.AUTHORITY:
        # An authority has children, people and protections: it ends by a merger, which moves them (ADR 30).
        faults += [
            RowFault(line=0, field="code", reason=f"{code} is missing: an authority ends only by a merger")
            for code in sorted({*there} - {*first})
        ]
    return tuple(faults)


def columns_of(kind: ListKind) -> tuple[str, ...]:
    """The columns of a file of this list; the first says which body, or which postcode."""
    return WARD_COLUMNS if kind is ListKind.WARD else COLUMNS


def states_of(kind: ListKind, rows: Iterable[ListRow]) -> list[dict[str, str]]:
    """What a list names, each with its code, as the database compares them; each is open."""
    key, *names = columns_of(kind)
    return [
        {"code": row.cells[key], "closed": "", **{name: row.cells[name] for name in names if name in FIELDS}}
        for row in rows
    ]


def list_csv(kind: ListKind, bodies: Iterable[Mapping[str, str]]) -> str:
    """A list as the file that would change nothing; no spreadsheet runs anything in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = columns_of(kind)
    writer.writerow(columns)
    for body in bodies:
        writer.writerow([safe_cell({"kind": kind.value, **body}[name]) for name in columns])
    return "\ufeff" + out.getvalue()


def row_of(header: Sequence[str], line: int, cells: Sequence[str]) -> ListRow:
    """One row of a file; what a spreadsheet was kept from running is as it was typed."""
    named = {name: typed_cell(cell) for name, cell in zip(header, cells, strict=True)}
    return ListRow(line=line, cells=named)


def _faults(
    kind: ListKind, cells: Mapping[str, str], authorities: Collection[str], elsewhere: Collection[str]
) -> Iterator[tuple[str, str]]:
    for name in ("code", "name", "authority"):
        if not cells[name] and (name != "authority" or kind in IN_AN_AREA):
            yield name, MISSING
    for name, longest in _LONGEST.items():
        if len(cells[name]) > longest:
            yield name, f"It is longer than {longest} characters"
    if cells["kind"] != kind:
        yield "kind", f"In this list it is always {kind.value}"
    if cells["code"] and not _CODE.fullmatch(cells["code"]):
        yield "code", "It may hold letters without accents, digits and hyphens"
    if cells["code"] in elsewhere:
        yield "code", "This code is that of another organisation, which is not in this list"
    if cells["postcode"] and not _POSTCODE.fullmatch(cells["postcode"]):
        yield "postcode", "It is not a postcode like OL1 4AB"
    if cells["phone"] and not _PHONE.fullmatch(cells["phone"]):
        yield "phone", "It is not a telephone number like 0161 496 0734"
    yield from _authority_faults(kind, cells, authorities)


def _authority_faults(
    kind: ListKind, cells: Mapping[str, str], authorities: Collection[str]
) -> Iterator[tuple[str, str]]:
    digits = cells["authority"]
    if not digits:
        return
    if not _AUTHORITY.fullmatch(digits):
        yield "authority", "It is three digits, like 353"
    elif kind is not ListKind.AUTHORITY and digits not in authorities:
        yield "authority", "There is no such authority: put it into the list of authorities first"
