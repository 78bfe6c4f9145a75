"""Wards of postcodes, as a file names them: what is wrong with a row (R58; ADR 38).

A row is a whole postcode, a sector (OL1 4) or a district (OL1); where several hold of an address, the longest
does. A ward has one name and lies in one authority.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from contactpoint.domain.reference_lists import ListRow, RowFault

LONGEST_NAME: Final = 120
NO_WARD: Final = "none"
"""Stands for a ward where that of an address is not known."""

POSTCODE: Final = "[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9]([A-Z]{2})?)?"
WARD: Final = "E05[0-9]{6}"
"""What a postcode or the start of one, and the code of a ward in England, look like."""

_POSTCODE: Final = re.compile(POSTCODE)
_WARD: Final = re.compile(WARD)
_AUTHORITY: Final = re.compile(r"[0-9]{3}")


def judge_wards(
    rows: Sequence[ListRow], *, authorities: Collection[str], elsewhere: Mapping[str, str]
) -> tuple[RowFault, ...]:
    """Everything that is wrong with a list of wards, by line.

    Args:
        rows: the rows of the file.
        authorities: the three digits of every authority there is.
        elsewhere: by code, the authority of wards that lie in one which the file does not name.
    """
    faults: list[RowFault] = []
    postcodes: dict[str, int] = {}
    wards: dict[str, ListRow] = {}
    for row in rows:
        found = [*_faults(row.cells, authorities, elsewhere)]
        postcode = row.cells["postcode"]
        if postcode and (line := postcodes.setdefault(postcode, row.line)) != row.line:
            found.append(("postcode", f"Line {line} has the same postcode"))
        first = wards.setdefault(row.cells["ward"], row)
        found += [
            (name, f"Line {first.line} says otherwise of this ward")
            for name in ("name", "authority")
            if row.cells["ward"] and row.cells[name] != first.cells[name]
        ]
        faults += [RowFault(line=row.line, field=field, reason=reason) for field, reason in found]
    return tuple(faults)


def _faults(
    cells: Mapping[str, str], authorities: Collection[str], elsewhere: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    yield from ((name, "It is missing") for name, cell in cells.items() if not cell)
    if len(cells["name"]) > LONGEST_NAME:
        yield "name", f"It is longer than {LONGEST_NAME} characters"
    if cells["postcode"] and not _POSTCODE.fullmatch(cells["postcode"]):
        yield "postcode", "It is not a postcode like OL1 4AB, or the start of one like OL1 4 or OL1"
    if cells["ward"] and not _WARD.fullmatch(cells["ward"]):
        yield "ward", "It is not a ward of England like E05000800"
    digits = cells["authority"]
    if digits and not _AUTHORITY.fullmatch(digits):
        yield "authority", "It is three digits, like 353"
    elif digits and digits not in authorities:
        yield "authority", "There is no such authority: put it into the list of authorities first"
    elif elsewhere.get(cells["ward"], digits) != digits:
        yield "authority", f"This ward lies in {elsewhere[cells['ward']]}, of which the file names no ward"
