"""One organisation or one source at a time: added, changed, closed or opened again (R58; ADR 54).

What a page says of one is a change of the lists like a file's: before and after, a reason, two people.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from contactpoint.domain.disclosure.shielding import NATIONAL_DESK
from contactpoint.domain.discreet import NOT_SHOWN
from contactpoint.domain.reference_lists import MISSING, ListKind, ListRow, RowFault, judge_list

BODY_KINDS: Final = tuple(one for one in ListKind if one not in {ListKind.WARD, ListKind.SOURCE})
"""What a page may add. A place that is named on no record comes from a reference file alone (ADR 20)."""
FIXED: Final = frozenset({NATIONAL_DESK, NOT_SHOWN})
"""What every directory has: nobody closes the desk that answers for England."""
BODY_FIELDS: Final = ("name", "authority", "phone", "hours", "cover", "address", "postcode")
SOURCE_FIELDS: Final = ("name", "contract", "organisation", "authority", "every")
LONGEST_SOURCE: Final = {"code": 48, "name": 120}
_SOURCE_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_DAYS: Final = re.compile(r"[1-9][0-9]{0,2}")
_THERE: Final = "There is one of this code already: change that one"


def may_a_page_change_it(kind: str, code: str) -> bool:
    """Whether a page may change one body: no place that is kept back, nor the desk's own (R34, R58)."""
    return kind in {one.value for one in BODY_KINDS} and code not in FIXED


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItIs:
    """A body or source as it is; `cells` are BODY_FIELDS or SOURCE_FIELDS, and whether it is closed."""

    kind: ListKind
    code: str
    cells: Mapping[str, str]

    @property
    def is_closed(self) -> bool:
        """Whether its list names it no more."""
        return bool(self.cells["closed"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known here already, as far as what is said of one body or source hangs on it.

    `as_it_is` is the one that has the code, where it is of the same kind; `elsewhere` says that one of
    another kind has it. `organisations` are those that may answer for a source.
    """

    authorities: Collection[str]
    as_it_is: AsItIs | None = None
    elsewhere: bool = False
    organisations: Collection[str] = ()
    contracts: Collection[str] = ()


def what_is_wrong_with_the_body(
    kind: ListKind, code: str, cells: Mapping[str, str], known: Known, *, new: bool
) -> tuple[RowFault, ...]:
    """Everything wrong with what is said of one body: as a row of its list (R58), and if it is new."""
    row = ListRow(line=0, cells={"code": code, "kind": kind.value, **cells})
    faults = list(
        judge_list(
            kind,
            [row],
            authorities=known.authorities,
            elsewhere={code} if known.elsewhere or code in FIXED else (),
            there=(),
        )
    )
    if new and known.as_it_is:
        faults.append(RowFault(line=0, field="code", reason=_THERE))
    digits, before = cells["authority"], known.as_it_is
    theirs = before is not None and before.cells["authority"] == digits
    if kind is ListKind.AUTHORITY and digits in known.authorities and not theirs:
        reason = "Another authority has these three digits"
        faults.append(RowFault(line=0, field="authority", reason=reason))
    return tuple(faults)


def what_is_wrong_with_the_source(
    code: str, cells: Mapping[str, str], known: Known, *, new: bool
) -> tuple[RowFault, ...]:
    """Everything wrong with what is said of one source: a declared contract (R17), and who answers for it."""
    faults = [("code", _THERE)] if new and known.as_it_is else []
    for name, longest in LONGEST_SOURCE.items():
        text = code if name == "code" else cells[name]
        if not text:
            faults.append((name, MISSING))
        elif len(text) > longest:
            faults.append((name, f"It is longer than {longest} characters"))
    if code and not _SOURCE_CODE.fullmatch(code):
        faults.append(("code", "It may hold small letters without accents, digits and hyphens"))
    if cells["contract"] not in known.contracts:
        faults.append(("contract", "There is no such contract"))
    elif known.as_it_is and known.as_it_is.cells["contract"] != cells["contract"]:
        faults.append(("contract", "The contract of a source stays: register another source"))
    if cells["organisation"] not in known.organisations:
        faults.append(("organisation", "There is no such organisation: add it first, or choose another"))
    if cells["authority"] and cells["authority"] not in known.authorities:
        faults.append(("authority", "There is no such authority: add it first"))
    if not _DAYS.fullmatch(cells["every"]):
        faults.append(("every", "Enter a number of days from 1 to 999"))
    return tuple(RowFault(line=0, field=field, reason=reason) for field, reason in faults)
