"""What is wrong with a cell: one list of checks for each form, as expressions over a whole column at once.

Each check is true where the cell is wrong; blanks are never wrong here. Check digits: NHS Data Dictionary
(modulus 11) and the Department for Education's UPN guide (modulus 23), as in contactpoint.domain.identifiers,
which the tests hold these against.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from contactpoint.domain.involvement import SERVICES
from contactpoint.supply.columns import Column, Form
from contactpoint.supply.contracts import Contract

OLDEST_AGE: Final = 25
"""Nobody older is in the directory: young people stay to 25 at most (R16)."""

_AUTHORITY: Final = "la-"
"""What the code of an authority's own organisation begins with, before its three digits."""

_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_ISO_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
_PARTIAL: Final = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_POSTCODE: Final = r"^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$"
# Control characters, line and paragraph separators, and marks that reorder or hide what follows them.
_INVISIBLE: Final = "[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffd]"
_INVISIBLE_BUT_BREAKS: Final = _INVISIBLE.replace("\\x00-\\x1f", "\\x00-\\x09\\x0b\\x0c\\x0e-\\x1f")


class Check(NamedTuple):
    """Where `wrong` is true the field is rejected for `reason`."""

    field: str
    wrong: pl.Expr
    reason: str


class Context(NamedTuple):
    """What a check may lean on: the contract, the day the file speaks for, and organisation codes known."""

    contract: Contract
    as_at: date
    organisations: frozenset[str]


def digits(column: pl.Expr) -> pl.Expr:
    """The text without spaces and hyphens."""
    return column.str.replace_all(r"[\s-]", "")


def checks_of(column: Column, context: Context) -> list[Check]:
    """Every check on one column."""
    cell = pl.col(column.name)
    hidden = _INVISIBLE_BUT_BREAKS if column.form is Form.LINE else _INVISIBLE
    invisible = "It holds an invisible character (a line break, a tab or a control character)."
    found = [Check(column.name, cell.str.contains(hidden), invisible)]
    if column.required:
        found.append(Check(column.name, cell.is_null(), "It must not be blank."))
    by_form = _BY_FORM.get(column.form)
    if by_form:
        found += [Check(column.name, wrong, reason) for wrong, reason in by_form(column, context)]
    too_long = cell.str.len_chars() > column.longest
    return [*found, Check(column.name, too_long, f"It is longer than {column.longest} characters.")]


_Wrongs = Iterable[tuple[pl.Expr, str]]


def real_date(text: pl.Expr) -> pl.Expr:
    """The date in year-month-day text, or null."""
    return text.str.to_date("%Y-%m-%d", strict=False)


def _date(column: Column, context: Context) -> _Wrongs:
    cell = pl.col(column.name)
    yield (
        ~cell.str.contains(_ISO_DATE) | (cell.is_not_null() & real_date(cell).is_null()),
        "It is not a date. Write it as year-month-day, like 2019-03-27.",
    )
    if not column.may_be_future:
        yield (
            cell > context.as_at.isoformat(),
            f"It lies after {context.as_at}, the day this file speaks for.",
        )


def _partial_date(column: Column, context: Context) -> _Wrongs:
    cell = pl.col(column.name)
    whole = cell + pl.lit("-01-01").str.slice(cell.str.len_bytes().cast(pl.Int64) - 4)
    shaped = cell.str.contains(_PARTIAL)
    yield (
        ~shaped | (shaped & real_date(whole).is_null()),
        "It is not a date. Write it as year-month-day, like 2019-03-27; or a year, or a year and month.",
    )
    yield shaped & (cell > context.as_at.isoformat()), f"It lies after {context.as_at}."
    oldest = f"{context.as_at.year - OLDEST_AGE - 1:04d}{context.as_at.isoformat()[4:]}"
    yield shaped & (whole < oldest), f"Nobody older than {OLDEST_AGE} is in this directory."


def _code(column: Column, _context: Context) -> _Wrongs:
    yield ~pl.col(column.name).is_in(column.codes), f"It must be one of: {', '.join(column.codes)}; or blank."


def _flag(column: Column, _context: Context) -> _Wrongs:
    yield pl.col(column.name) != "Y", "It must be Y or blank."


def _pattern(pattern: str, reason: str) -> Callable[[Column, Context], _Wrongs]:
    def wrongs(column: Column, _context: Context) -> _Wrongs:
        yield ~pl.col(column.name).str.contains(pattern), reason

    return wrongs


def _postcode(column: Column, _context: Context) -> _Wrongs:
    yield (
        ~pl.col(column.name).str.to_uppercase().str.contains(_POSTCODE),
        "It is not a postcode. Write it like LS1 4AP.",
    )


def _nhs_number(column: Column, _context: Context) -> _Wrongs:
    text = digits(pl.col(column.name))
    shaped = text.str.contains(r"^[0-9]{10}$")
    value = pl.when(shaped).then(text).cast(pl.Int64, strict=False)
    total = pl.sum_horizontal((value // 10 ** (10 - place)) % 10 * (11 - place) for place in range(1, 10))
    wrong = (pl.lit(11) - total % 11) % 11 != value % 10
    yield ~shaped | (shaped & wrong), "Its check digit does not agree: it is not an NHS number."


def _upn(column: Column, _context: Context) -> _Wrongs:
    text = pl.col(column.name).str.to_uppercase()
    shaped = text.str.contains(rf"^[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]$")
    body = pl.when(shaped).then(text.str.slice(1, 11)).cast(pl.Int64, strict=False)
    values = {str(digit): digit for digit in range(10)} | {
        letter: place for place, letter in enumerate(_UPN_LETTERS)
    }
    last = text.str.slice(12, 1).replace_strict(values, default=None, return_dtype=pl.Int64)
    total = (
        pl.sum_horizontal((body // 10 ** (11 - place)) % 10 * (place + 1) for place in range(1, 12))
        + last * 13
    )
    check = (total % 23).replace_strict(dict(enumerate(_UPN_LETTERS)), default=None, return_dtype=pl.String)
    wrong = check != text.str.slice(0, 1)
    yield ~shaped | (shaped & wrong), "Its check letter does not agree: it is not a unique pupil number."


def _organisation(column: Column, context: Context) -> _Wrongs:
    yield (
        ~pl.col(column.name).is_in(sorted(context.organisations)),
        "This organisation code is not known here. Ask for it to be added, or correct it.",
    )


def _authority(column: Column, context: Context) -> _Wrongs:
    known = [code.removeprefix(_AUTHORITY) for code in context.organisations if code.startswith(_AUTHORITY)]
    yield ~pl.col(column.name).is_in(sorted(known)), "It must be the three digits of an authority known here."


def _service(column: Column, context: Context) -> _Wrongs:
    allowed = context.contract.services
    yield (
        ~pl.col(column.name).is_in(allowed),
        f"This source reports only: {', '.join(allowed)}."
        if len(allowed) < len(SERVICES)
        else "This service is not known here.",
    )


_BY_FORM: Final[dict[Form, Callable[[Column, Context], _Wrongs]]] = {
    Form.DATE: _date,
    Form.PARTIAL_DATE: _partial_date,
    Form.CODE: _code,
    Form.FLAG: _flag,
    Form.NUMBER: _pattern(r"^[1-9][0-9]?$", "It must be a number from 1 to 99."),
    Form.POSTCODE: _postcode,
    Form.PHONE: _pattern(
        r"^\+?[0-9() .-]*[0-9][0-9() .-]*(( ?x| ext\.? ?)[0-9]+)?$", "It is not a telephone number."
    ),
    Form.EMAIL: _pattern(r"^[^@\s,;]+@[^@\s,;]+$", "It is not an electronic mail address."),
    Form.NHS_NUMBER: _nhs_number,
    Form.UPN: _upn,
    Form.UPRN: _pattern(r"^[0-9]{1,12}$", "It must be at most twelve digits."),
    Form.IDENTIFIERS: _pattern(
        r"^[a-z][a-z0-9_-]*:[^:;]+(;[a-z][a-z0-9_-]*:[^:;]+)*;?$", "Write it as scheme:value;scheme:value."
    ),
    Form.ORGANISATION: _organisation,
    Form.AUTHORITY: _authority,
    Form.SERVICE: _service,
}
