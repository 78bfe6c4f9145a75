"""Identifiers with true check characters that can belong to nobody.

NHS numbers come from 9000000000-9999999999, which are never issued (NHS Data Dictionary; the Python package
nhs-number). UPNs follow the Department for Education's check-letter rule with synthetic school numbers.
"""

import numpy as np
import polars as pl

from contactpoint.population.pools import Flags, Ints, Longs

#: How many NHS numbers the 9xx range holds here: seven free digits, and nine of ten valid last digits for
#: each.
NHS_CAPACITY = 90_000_000
_UPN_LETTERS = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"))


def nhs_numbers(serial: Longs, offset: int) -> pl.Series:
    """Ten-digit NHS numbers beginning 9, different for different serials below `NHS_CAPACITY`.

    The ninth digit has weight 2, so for any first eight exactly one or no choice makes the check digit 10;
    that choice is stepped over.
    """
    mixed = (serial * 7_654_321 + offset) % NHS_CAPACITY
    first, choice = mixed // 9, mixed % 9
    body = 90_000_000 + first
    total = np.zeros_like(serial)
    for place in range(8):
        total += (body // 10 ** (7 - place)) % 10 * (10 - place)
    bad = (total * -1 + 1) % 11 * 6 % 11  # the digit d for which total + 2 d leaves 1, when it is below 10
    digit = choice + (choice >= bad)
    check = (11 - (total + 2 * digit) % 11) % 11
    return pl.Series("nhs_number", body * 100 + digit * 10 + check).cast(pl.String)


def upn(authority: Longs, school: Longs, year: Longs, serial: Longs) -> pl.Series:
    """Unique pupil numbers: check letter, authority (3), school (4), year of entry (2), serial (3)."""
    digits = ((authority * 10_000 + school % 10_000) * 100 + year % 100) * 1_000 + serial % 1_000
    total = np.zeros_like(digits)
    for place in range(12):
        total += (digits // 10 ** (11 - place)) % 10 * (place + 2)
    letter = pl.Series(_UPN_LETTERS[total % 23])
    return (letter + pl.Series(digits).cast(pl.String).str.zfill(12)).alias("upn")


def spread(key: Longs | Ints, n: int) -> Longs:
    """A position below n for each key: the same for the same key, evenly shared whatever n divides."""
    place: Longs = (np.abs(key).astype(np.int64) * 2_654_435_761 >> 7) % n
    return place


def rank_within(*keys: Longs) -> Ints:
    """For each row, how many earlier rows have the same keys: a serial number within a group."""
    order = np.lexsort(keys[::-1])
    same = np.ones(len(order), dtype=np.bool_)
    same[:1] = False
    for key in keys:
        sorted_key = key[order]
        same[1:] &= sorted_key[1:] == sorted_key[:-1]
    place = np.arange(len(order))
    start = np.maximum.accumulate(np.where(same, 0, place))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = place - start
    return rank


def family_phones(serial: Longs, mobile: Flags) -> pl.Series:
    """Eleven digits beginning 067 or, no mobile, 061; different for different serials below 99,999,989.

    No number in the United Kingdom begins with 06. Ofcom's numbers for drama are a few thousand in all: in a
    country of them, unrelated families would share one.
    """
    digits = pl.Series(serial * 61_728_397 % 99_999_989).cast(pl.String).str.zfill(8)
    kind = pl.Series(np.where(mobile, "067", "061"))
    return (kind + digits.str.slice(0, 2) + " " + digits.str.slice(2)).alias("phone")


def local_ids(prefix: str, row: Longs, salt: int) -> pl.Series:
    """A source's own keys: a prefix and nine digits, different for different rows below 999,999,937."""
    mixed = (row * 123_456_791 + salt) % 999_999_937
    return (prefix + pl.Series(mixed).cast(pl.String).str.zfill(9)).alias("local_id")
