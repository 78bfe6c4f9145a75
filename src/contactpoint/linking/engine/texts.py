"""Columns of text as columns of codes: each distinct text is numbered by its hash and normalised once.

Two texts are taken for one if their 64-bit hashes agree: among a hundred million distinct ones that happens
with a chance of one in four thousand. The normal forms say again, over whole columns, what the functions of
`model.normalise` say of one text; what is not plain ASCII is left to those.
"""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from contactpoint.linking.engine.loops import Bools, Hashes, Ints, fast, look_up, number
from contactpoint.linking.engine.sorting import taken
from contactpoint.linking.model import normalise
from contactpoint.linking.model.normalise import CODE_WIDTH, MAX_TEXT
from contactpoint.linking.names import FIRST_WORDS, MAX_NAME, named

MISSING: Final = -1
OTHER_CHARACTER: Final = 255
BLANKS: Final = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
"""What Python takes for blank in plain ASCII; Polars knows fewer."""

UPN_CHECKS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"

Characters = npt.NDArray[np.uint8]

Normal = Callable[[pl.Series], pl.Series]


class Numbering:
    """Numbers values from 0 in the order in which they first come, a piece of a column at a time."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self._known: Hashes = np.empty(16, dtype=np.uint64)
        self._slots: Ints = np.full(32, MISSING, dtype=np.int32)

    def take(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Return the number of each value, and the rows of those that are new."""
        size = len(hashes)
        self._make_room(self.count + size)
        codes, heads = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
        before = self.count
        self.count = fast(number, size)(hashes, codes, heads, self._slots, self._known, before)
        return codes, heads[: self.count - before].copy()

    def _make_room(self, most: int) -> None:
        if most > len(self._known):
            self._known = np.append(self._known, np.empty(most - len(self._known), dtype=np.uint64))
        if 2 * most > len(self._slots):
            self._slots = np.full(1 << (2 * most - 1).bit_length(), MISSING, dtype=np.int32)
            fast(look_up, self.count)(self._known, self.count, self._slots)


def numbered(hashes: Hashes) -> tuple[Ints, Ints]:
    """Return the number of each value, and the first row of each number."""
    return Numbering().take(hashes)


def distinct(pieces: Iterable[pl.Series]) -> tuple[Ints, pl.Series]:
    """Return a code per row and the distinct texts (and null) in the order in which they first come."""
    numbering = Numbering()
    codes, texts = [np.empty(0, dtype=np.int32)], [pl.Series([], dtype=pl.String)]
    for piece in pieces:
        found, heads = numbering.take(piece.hash().to_numpy())
        codes.append(found)
        texts.append(piece.gather(heads))
    return np.concatenate(codes), pl.concat(texts)


class Coder:
    """Codes distinct texts by their normal form, a piece at a time; null and "" are MISSING."""

    def __init__(self, normal: Normal, *, keep: bool = True) -> None:
        """Keep the normal texts, or only their codes."""
        self._normal, self._keep, self._numbering = normal, keep, Numbering()
        self._codes, self._texts = [np.empty(0, dtype=np.int32)], [pl.Series([], dtype=pl.String)]

    def take(self, texts: pl.Series) -> None:
        """Code more texts, blanks around them gone."""
        made = self._normal(texts)
        held = (made.is_not_null() & (made != "")).fill_null(value=False).to_numpy()
        rows = np.flatnonzero(held)
        made = made.gather(rows)
        code = np.full(len(texts), MISSING, dtype=np.int32)
        code[rows], heads = self._numbering.take(made.hash().to_numpy())
        self._codes.append(code)
        if self._keep:
            self._texts.append(made.gather(heads))

    def found(self, *, ordered: bool = False) -> tuple[Ints, pl.Series]:
        """Return a code for each text taken, and the distinct normal texts, in their order if `ordered`."""
        codes, texts = np.concatenate(self._codes), pl.concat(self._texts)
        if not ordered:
            return codes, texts
        order = texts.arg_sort().to_numpy()
        rank = np.full(len(order) + 1, MISSING, dtype=np.int32)
        rank[order] = np.arange(len(order))
        return taken(rank, codes), texts.gather(order)


def coded(
    pieces: Iterable[pl.Series], *normals: Normal, keep: bool = True, ordered: bool = False
) -> list[tuple[Ints, pl.Series]]:
    """Return for each normal form a code per row and the distinct normal texts; null and "" are MISSING.

    Args:
        pieces: texts as they came.
        normals: each makes distinct texts, blanks around them gone, normal.
        keep: whether the normal texts are wanted.
        ordered: whether codes stand in the order of the texts, not just for them.
    """
    numbering, coders = Numbering(), [Coder(normal, keep=keep) for normal in normals]
    raw = [np.empty(0, dtype=np.int32)]
    for piece in pieces:
        found, heads = numbering.take(piece.hash().to_numpy())
        raw.append(found)
        texts = piece.gather(heads).str.strip_chars()
        for coder in coders:
            coder.take(texts)
    rows = np.concatenate(raw)
    raw.clear()
    made = (coder.found(ordered=ordered) for coder in coders)
    return [(taken(codes, rows), texts) for codes, texts in made]


def codes_of(texts: pl.Series, *, ordered: bool = False) -> tuple[Ints, pl.Series]:
    """`coded`, for one column of texts that are normal."""
    return coded([texts], lambda made: made, ordered=ordered)[0]


def is_ascii(texts: pl.Series) -> pl.Series:
    """Say which texts hold plain ASCII alone (null does)."""
    return (texts.str.len_bytes() == texts.str.len_chars()).fill_null(value=True)


def _with_others(texts: pl.Series, made: pl.Series, slow: Callable[[str], str]) -> pl.Series:
    """Return `made` with what `slow` says of each text that is not plain ASCII."""
    rows = (~is_ascii(texts)).arg_true()
    if not len(rows):
        return made
    return made.scatter(rows, [slow(text) for text in texts.gather(rows).to_list()])


def names(texts: pl.Series) -> pl.Series:
    """`linking.names.name_of` each text."""
    folded = texts.str.head(4 * MAX_NAME).str.to_lowercase().str.replace_all("['`]", "")
    folded = folded.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars(" ")
    folded = folded.str.head(MAX_NAME).str.strip_chars_end(" ")
    first = folded.str.extract(r"^([a-z0-9]*)")
    joined = folded.str.replace_all(" ", "", literal=True)
    open_ = first.is_in(FIRST_WORDS) | joined.is_in(FIRST_WORDS) | ~is_ascii(texts)
    rows = open_.fill_null(value=False).arg_true()
    return folded.scatter(rows, [named(text) for text in texts.gather(rows).to_list()])


def plains(texts: pl.Series) -> pl.Series:
    """`normalise.plain` of each text."""
    made = texts.str.head(MAX_TEXT).str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "")
    return _with_others(texts, made, normalise.plain)


def houses(texts: pl.Series) -> pl.Series:
    """`normalise.house_of` each text."""
    found = texts.str.head(MAX_TEXT).str.to_lowercase().str.extract_all(r"[0-9]+[a-z]?").list.join(" ")
    return _with_others(texts, found, normalise.house_of)


def digits(texts: pl.Series) -> pl.Series:
    """`normalise.digits` of each text."""
    return texts.str.head(MAX_TEXT).str.replace_all(r"[^0-9]+", "")


def uprns(texts: pl.Series) -> pl.Series:
    """Digits without leading zeros."""
    return digits(texts).str.strip_chars_start("0")


def phones(texts: pl.Series) -> pl.Series:
    """`normalise.phone_of` each text."""
    made = digits(texts)
    return pl.select(pl.when(made.str.len_bytes() >= 6).then(made.str.tail(10))).to_series()


def emails(texts: pl.Series) -> pl.Series:
    """Addresses in small letters."""
    made = texts.str.strip_chars(BLANKS).str.to_lowercase().str.head(MAX_TEXT)
    return _with_others(texts, made, lambda text: text.strip().casefold()[:MAX_TEXT])


def births_in_order(texts: pl.Series) -> pl.Series:
    """Up to two digits."""
    return digits(texts).str.head(2)


def checked_codes(texts: pl.Series) -> pl.Series:
    """`normalise.checked_code` of each text."""
    made = texts.str.to_uppercase().str.replace_all(r"[\s\x1c-\x1f-]+", "").str.head(CODE_WIDTH)
    return _with_others(texts, made, normalise.checked_code)


def postcodes(texts: pl.Series) -> pl.Series:
    """`normalise.parse_postcode(text).full` of each text."""
    code = texts.str.to_uppercase().str.replace_all(r"[\s\x1c-\x1f-]+", "").str.head(10)
    zip_code = code.str.contains(r"^[0-9]{4,}$")
    made = pl.select(
        pl.when(code.str.starts_with("ZZ99")).then(None).when(zip_code).then(code.str.head(5)).otherwise(code)
    ).to_series()
    return _with_others(texts, made, lambda text: normalise.parse_postcode(text).full)


def places(codes: pl.Series) -> Ints:
    """Return for each whole postcode the codes of sector, district and area, and whether it is no finer."""
    parts = codes.to_frame("code").select(
        pl.col("code").str.extract_groups(r"^([A-Z]{1,2})([0-9][0-9A-Z]?)([0-9])([A-Z]{2})$").alias("part"),
        pl.col("code").str.contains(r"^[0-9]{4,5}$").alias("coarse"),
        pl.col("code"),
    )
    part = [pl.col("part").struct.field(str(place)) for place in (1, 2, 3)]
    levels = parts.select(
        pl.when("coarse").then("code").otherwise(part[0] + part[1] + " " + part[2]).alias("sector"),
        pl.when("coarse").then(pl.col("code").str.head(3)).otherwise(part[0] + part[1]).alias("district"),
        pl.when("coarse").then(pl.col("code").str.head(1)).otherwise(part[0]).alias("area"),
    )
    columns = [codes_of(levels[name])[0] for name in levels.columns]
    return np.stack([*columns, parts["coarse"].to_numpy().astype(np.int32)], axis=1)


def characters(texts: pl.Series, width: int = CODE_WIDTH) -> Characters:
    """Return a row of `width` characters a text, 0 after its end, each numbered from 1.

    All after the first 254 share the last number: such codes are no identifiers of anybody.
    """
    padded = texts.str.head(width).str.pad_end(width, "\0").str.join("").item() or ""
    points = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    known = np.zeros(int(points.max(initial=0)) + 1, dtype=np.bool_)
    known[points] = True
    known[0] = False
    numbers = np.minimum(np.cumsum(known), OTHER_CHARACTER).astype(np.uint8)
    numbers[0] = 0
    return numbers[points].reshape(len(texts), width)


def nhs_numbers_valid(codes: pl.Series) -> Bools:
    """`domain.identifiers.nhs_number_is_valid` of each code, which holds no blanks."""
    return _where(codes, r"^[0-9]{10}$", 10, _nhs_number_checks)


def _nhs_number_checks(numbers: Ints) -> Bools:
    total = numbers[:, :9] @ np.arange(10, 1, -1)
    found: Bools = (11 - total % 11) % 11 == numbers[:, 9]
    return found


def upns_permanent(codes: pl.Series) -> Bools:
    """`normalise.upn_is_permanent` of each code, which holds no blanks."""
    letters = np.array([ord(letter) - ord("0") for letter in UPN_CHECKS])

    def check(numbers: Ints) -> Bools:
        total = numbers[:, 1:13] @ np.arange(2, 14)
        found: Bools = letters[total % len(letters)] == numbers[:, 0]
        return found

    return _where(codes, r"^[A-Z][0-9]{12}$", 13, check)


def _where(codes: pl.Series, form: str, width: int, check: Callable[[Ints], Bools]) -> Bools:
    """Flag the codes of a form whose characters, counted from "0", pass a check."""
    flags: Bools = codes.str.contains(form).to_numpy().copy()
    text = (codes.filter(pl.Series(flags)).str.join("").item() or "").encode()
    flags[flags] = check(np.frombuffer(text, dtype=np.uint8).reshape(-1, width).astype(np.int32) - ord("0"))
    return flags
