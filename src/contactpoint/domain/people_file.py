"""A file of people to invite: read it, say of each bad row where it is bad and why, give it back safely."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.staff import ONE_GIVES, NewPerson, does_the_role_belong_there

COLUMNS: Final = (
    "name", "email", "job_title", "phone", "organisation", "role", "services", "manager_email", "checked_on",
    "trained_until", "agreement_signed_on",
)  # fmt: skip
REJECT_COLUMNS: Final = ("rejected_line", "rejected_field", "rejected_reason")
MOST_ROWS: Final = 5000
MOST_BYTES: Final = 2 * 1024 * 1024
_NEEDED: Final = ("name", "email", "job_title", "organisation", "role")
_LONGEST: Final = {"name": 120, "email": 254, "job_title": 120, "phone": 24, "manager_email": 254}
_EMAIL: Final = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]+")
# What a spreadsheet would run as a formula (OWASP, CSV injection): given back with an apostrophe before it,
# which is taken off again when the mended file comes.
_RUNS: Final = r"[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
_FORMULA: Final = re.compile(f"'*{_RUNS}")
_ESCAPED: Final = re.compile(f"'+{_RUNS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the physical line it begins on, and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a row is bad: in which field (empty for the whole row), and what to do."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that is given back."""

    row: Row
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file as it stands: rows in all, the line up to which it was taken, how many became accounts."""

    id: int
    rows: int
    done_through: int
    taken: int
    known: int
    bad: tuple[BadRow, ...]
    given_at: datetime
    ended: bool


def read_file(text: str) -> tuple[Row, ...]:
    """Every row of a CSV with a header; columns of an earlier rejects file are passed over.

    Raises:
        InvalidInput: there is no such header, a column is missing or unknown, or there are too many rows.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header)
        rows, begins = [], reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line=begins, cells=_cells(header, cells)))
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise InvalidInput(f"The file cannot be read as CSV from line {reader.line_num} on.") from fault
    if len(rows) > MOST_ROWS:
        raise InvalidInput(f"A file holds {MOST_ROWS} people at most. Send it in parts.")
    return tuple(rows)


def judge_rows(
    rows: Iterable[Row], *, kinds: Mapping[str, str], on: date
) -> tuple[dict[int, NewPerson], list[BadRow]]:
    """The good rows by line, and the bad ones. `kinds` are the bodies one may invite to, with their kind."""
    good: dict[int, NewPerson] = {}
    bad: list[BadRow] = []
    first: dict[str, int] = {}
    for row in rows:
        faults = list(_faults(row.cells, kinds, on))
        email = row.cells.get("email", "").casefold()
        if email and (line := first.setdefault(email, row.line)) != row.line:
            faults.append(Fault(field="email", reason=f"Line {line} has the same e-mail address"))
        if faults:
            bad.append(BadRow(row=row, faults=tuple(faults)))
        else:
            good[row.line] = _person(row.cells)
    return good, bad


def rejects_csv(bad: Sequence[BadRow]) -> str:
    """The bad rows as a CSV that can be mended and sent again; no spreadsheet runs anything in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, *REJECT_COLUMNS])
    for one in bad:
        fields = "; ".join(dict.fromkeys(fault.field for fault in one.faults if fault.field))
        reasons = ". ".join(fault.reason for fault in one.faults)
        cells = [one.row.cells.get(name, "") for name in COLUMNS]
        writer.writerow([*(safe_cell(cell) for cell in cells), one.row.line, fields, reasons])
    return "\ufeff" + out.getvalue()


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if _FORMULA.match(text) else text


def typed_cell(cell: str) -> str:
    """A cell as it was typed, without what kept a spreadsheet from running it."""
    return (cell[1:] if _ESCAPED.match(cell) else cell).strip()


def _check_header(header: Sequence[str]) -> None:
    known = {*COLUMNS, *REJECT_COLUMNS}
    missing = [name for name in _NEEDED if name not in header]
    unknown = [name for name in header if name not in known]
    if missing:
        raise InvalidInput(f"The first line must name the columns. Missing: {', '.join(missing)}.")
    if unknown:
        raise InvalidInput(f"These columns are not known: {', '.join(name[:40] for name in unknown[:5])}.")
    if len(set(header)) != len(header):
        raise InvalidInput("A column stands twice in the first line.")


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    found = {name: typed_cell(cell) for name, cell in zip(header, cells, strict=False) if name in COLUMNS}
    if len(cells) != len(header):
        found[""] = f"{len(cells)} cells, where the first line has {len(header)}"
    return found


def _faults(cells: Mapping[str, str], kinds: Mapping[str, str], on: date) -> Iterable[Fault]:
    if "" in cells:
        yield Fault(field="", reason=f"The row has {cells['']}")
    for name in _NEEDED:
        if not cells.get(name):
            yield Fault(field=name, reason="It is missing")
    for name, longest in _LONGEST.items():
        if len(cells.get(name, "")) > longest:
            yield Fault(field=name, reason=f"It is longer than {longest} characters")
    for name in ("email", "manager_email"):
        if cells.get(name) and not _EMAIL.fullmatch(cells[name]):
            yield Fault(field=name, reason="It is not an e-mail address like name@example.org")
    yield from _role_faults(cells, kinds)
    unknown = [one for one in _services(cells) if one not in SERVICES]
    yield from (Fault(field="services", reason=f"“{one[:40]}” is not a service") for one in unknown)
    for name, latest in (("checked_on", on), ("agreement_signed_on", on), ("trained_until", None)):
        yield from _date_faults(name, cells.get(name, ""), on, latest)


def _role_faults(cells: Mapping[str, str], kinds: Mapping[str, str]) -> Iterable[Fault]:
    code, role = cells.get("organisation", ""), cells.get("role", "")
    if code and code not in kinds:
        yield Fault(field="organisation", reason="It is not the code of an organisation of yours")
    if role and role not in set(Role) - {Role.SYSTEM}:
        yield Fault(field="role", reason="It is not a role: practitioner or authority_team")
    elif role and Role(role) not in ONE_GIVES:
        yield Fault(field="role", reason="Two people give this role: invite them on the page")
    elif role and code in kinds and not does_the_role_belong_there(Role(role), kinds[code]):
        yield Fault(field="role", reason="No organisation of that kind has such a role")


def _date_faults(name: str, text: str, on: date, latest: date | None) -> Iterable[Fault]:
    if not text:
        return
    day = _date(text)
    if day is None:
        yield Fault(field=name, reason="It is not a date like 2026-03-27 or 27/03/2026")
    elif latest is not None and day > latest:
        yield Fault(field=name, reason="It must be today or earlier")
    elif latest is None and not on <= day <= on + timedelta(days=3 * 365):
        yield Fault(field=name, reason="It must be today or later, in three years at most")


def _date(text: str) -> date | None:
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    except ValueError:
        return None


def _services(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(one.strip() for one in cells.get("services", "").split(";") if one.strip())


def _person(cells: Mapping[str, str]) -> NewPerson:
    return NewPerson(
        email=cells["email"],
        name=cells["name"],
        job_title=cells["job_title"],
        phone=cells.get("phone", ""),
        organisation=cells["organisation"],
        role=Role(cells["role"]),
        services=_services(cells),
        manager_email=cells.get("manager_email", ""),
        checked_on=_date(cells.get("checked_on", "")),
        trained_until=_date(cells.get("trained_until", "")),
        agreement_signed_on=_date(cells.get("agreement_signed_on", "")),
    )
