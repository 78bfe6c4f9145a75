"""Comparisons of dates, places and identifiers over integer columns, for numba (see kernel)."""

# The decorator hides a function's type from the checker, and a NamedTuple of arrays indexes to Any.
# mypy: disable-error-code="untyped-decorator,no-any-return,misc"

from typing import NamedTuple

from contactpoint.linking.engine.encode import FIELDS
from contactpoint.linking.engine.kernel_names import Words, compiled, forenames, surnames
from contactpoint.linking.engine.loops import Bools, Ints
from contactpoint.linking.engine.texts import Characters
from contactpoint.linking.model.compare import LEAST_CODE

(
    F_BIRTH,
    F_SEX,
    F_POSTCODE,
    F_HOUSE,
    F_STREET,
    F_UPRN,
    F_NHS,
    F_UPN,
    F_FORENAME,
    F_SURNAME,
    F_SINGLE,
    F_CONTEXT,
    F_TWIN,
    F_PHONE,
    F_TOGETHER,
    F_EMAIL,
    F_FORMER,
    F_MIDDLE,
    F_KNOWN_AS,
    F_CARER_FORENAME,
    F_CARER_SURNAME,
    F_MOTHER,
    F_SUFFIX,
    F_OTHER,
    F_ORDER,
    F_MULTIPLE,
    F_DEATH,
) = range(len(FIELDS))


class Tables(NamedTuple):
    """What codes stand for (see Codes)."""

    places: Ints
    postcode_text: Characters
    nhs_text: Characters
    nhs_verified: Bools
    upn_text: Characters
    upn_verified: Bools
    others: Ints
    other_text: Characters


@compiled
def slip(a: Characters, b: Characters) -> bool:
    """model.compare.one_slip over two rows of code points."""
    wrong, first, last = 0, 0, 0
    for i in range(len(a)):
        if a[i] != b[i]:
            if a[i] == 0 or b[i] == 0:
                return False
            if wrong == 0:
                first = i
            last = i
            wrong += 1
    if wrong == 1:
        return True
    return wrong == 2 and last == first + 1 and a[first] == b[last] and a[last] == b[first]


@compiled
def date_slip(a: int, b: int) -> bool:
    """model.compare.one_slip over two dates of eight digits."""
    wrong, first, last, before_a, before_b, at_a, at_b = 0, 0, 0, 0, 0, 0, 0
    for i in range(8):
        x, y = a % 10, b % 10
        a, b = a // 10, b // 10
        if x != y:
            if wrong == 0:
                first, before_a, before_b = i, x, y
            last, at_a, at_b = i, x, y
            wrong += 1
    if wrong == 1:
        return True
    return wrong == 2 and last == first + 1 and before_a == at_b and at_a == before_b


@compiled
def near_births(a: int, b: int) -> int:
    """The rest of model.compare.compare_births, for whole dates that are no slip of each other."""
    if a // 100 == b // 100:
        return 5 if abs(a - b) <= 1 else 6
    if a % 10000 == b % 10000:
        return 5 if abs(a // 10000 - b // 10000) == 1 else 10
    if a // 10000 == b // 10000:
        return 7 if a % 10000 == 101 or b % 10000 == 101 else 11
    return 12


@compiled
def births(a: int, b: int) -> int:
    """model.compare.compare_births."""
    if a == 0 or b == 0:
        return 0
    a_year, a_month, a_day = a // 10000, a // 100 % 100, a % 100
    b_year, b_month, b_day = b // 10000, b // 100 % 100, b % 100
    if a_day == 0 or b_day == 0:
        if a_year != b_year:
            return 12
        if a_month and b_month:
            return 8 if a_month == b_month else 11
        return 9
    if a == b:
        return 2 if a % 10000 == 101 else 1
    if a_year == b_year and a_month == b_day and a_day == b_month:
        return 3
    if date_slip(a, b):
        return 4
    return near_births(a, b)


@compiled
def values(a: int, b: int, least: int) -> int:
    """model.compare.same; values from `least` on are there."""
    if a < least or b < least:
        return 0
    return 1 if a == b else 2


@compiled
def homes(tables: Tables, rows: Ints, i: int, j: int) -> int:
    """model.compare.compare_homes."""
    if rows[i, F_UPRN] >= 0 and rows[i, F_UPRN] == rows[j, F_UPRN]:
        return 1
    a, b = rows[i, F_POSTCODE], rows[j, F_POSTCODE]
    house = rows[i, F_HOUSE] >= 0 and rows[i, F_HOUSE] == rows[j, F_HOUSE]
    street = rows[i, F_STREET] >= 0 and rows[i, F_STREET] == rows[j, F_STREET]
    if a < 0 or b < 0:
        return 3 if house and street else 0
    if a == b:
        if tables.places[a, 3]:
            return 1 if street else 2 if house else 4
        return 1 if house or street else 2
    if street or (house and slip(tables.postcode_text[a], tables.postcode_text[b])):
        return 3
    for level in range(3):
        if tables.places[a, level] >= 0 and tables.places[a, level] == tables.places[b, level]:
            return 4 + level
    return 7


@compiled
def carers(words: Words, rows: Ints, i: int, j: int) -> int:
    """model.compare.compare_carers."""
    forename = forenames(words, rows[i, F_CARER_FORENAME], rows[j, F_CARER_FORENAME])
    surname = surnames(words, rows[i, F_CARER_SURNAME], rows[j, F_CARER_SURNAME])
    if forename == 0:
        if surname == 0:
            return 0
        return 4 if surname <= 6 else 5
    if forename == 1 and surname == 1:
        return 1
    if forename <= 9:
        return 2 if 0 < surname <= 6 else 3
    return 4 if 0 < surname <= 6 else 5


@compiled
def identifiers(text: Characters, verified: Bools, a: int, b: int) -> int:
    """model.compare.compare_verified."""
    if a < 0 or b < 0:
        return 0
    both = verified[a] and verified[b]
    if a == b:
        return 1 if both else 2
    if both:
        return 5
    return 3 if slip(text[a], text[b]) else 4


@compiled
def long_slip(a: Characters, b: Characters) -> bool:
    """model.compare.one_slip over two codes of LEAST_CODE characters or more."""
    return len(a) >= LEAST_CODE and a[LEAST_CODE - 1] != 0 and slip(a, b)


@compiled
def others(tables: Tables, a: int, b: int) -> int:
    """model.compare.compare_identifiers."""
    if a < 0 or b < 0:
        return 0
    level = 0
    for i in range(0, tables.others.shape[1], 2):
        for j in range(0, tables.others.shape[1], 2):
            if tables.others[a, i] >= 0 and tables.others[a, i] == tables.others[b, j]:
                mine, yours = tables.others[a, i + 1], tables.others[b, j + 1]
                if mine == yours:
                    return 1
                if level != 3:
                    level = 3 if long_slip(tables.other_text[mine], tables.other_text[yours]) else 2
    return level
