"""The scalar reference's comparisons and weights over integer columns, written for numba to compile.

Every function here and in kernel_names and kernel_fields says again what one of `model.compare` and
`model.score` says; tests/reference holds them equal. Called uncompiled (`.py_func`) they are plain Python.
"""

# The decorator hides a function's type from the checker, and a NamedTuple of arrays indexes to Any.
# mypy: disable-error-code="untyped-decorator,no-any-return,misc"

import numpy as np

from contactpoint.linking.engine.kernel_fields import (
    F_BIRTH,
    F_CARER_SURNAME,
    F_CONTEXT,
    F_DEATH,
    F_EMAIL,
    F_FORENAME,
    F_FORMER,
    F_KNOWN_AS,
    F_MIDDLE,
    F_MOTHER,
    F_MULTIPLE,
    F_NHS,
    F_ORDER,
    F_OTHER,
    F_PHONE,
    F_SEX,
    F_SINGLE,
    F_SUFFIX,
    F_SURNAME,
    F_TOGETHER,
    F_TWIN,
    F_UPN,
    Tables,
    births,
    carers,
    homes,
    identifiers,
    others,
    values,
)
from contactpoint.linking.engine.kernel_names import (
    W_FORENAME_RARITY,
    W_JOINED,
    W_ONE_LETTER,
    W_START,
    W_SURNAME_RARITY,
    Words,
    alike,
    compiled,
    forenames,
    has_word,
    joined_of,
    nearness,
    rarest,
    same_name,
    shared_words,
    surnames,
)
from contactpoint.linking.engine.loops import Ints
from contactpoint.linking.engine.scalar import Bytes, Floats
from contactpoint.linking.model.compare import CLOSE, SOUNDS
from contactpoint.linking.model.levels import RARITY_STEPS


@compiled
def near(words: Words, a: int, b: int) -> bool:
    """model.compare.is_near."""
    if a < 0 or b < 0:
        return False
    closeness = nearness(words, a, b)
    return closeness >= CLOSE or (closeness >= SOUNDS and alike(words, a, b))


@compiled
def exchanged(words: Words, rows: Ints, i: int, j: int) -> bool:
    """Do forename and surname stand in each other's boxes, one of them perhaps misspelt?"""
    a_first, a_last = joined_of(words, rows[i, F_FORENAME]), joined_of(words, rows[i, F_SURNAME])
    b_first, b_last = joined_of(words, rows[j, F_FORENAME]), joined_of(words, rows[j, F_SURNAME])
    if a_first == a_last or b_first == b_last:
        return False
    if a_first == b_last and a_last == b_first:
        return True
    return (a_first == b_last and near(words, rows[i, F_SURNAME], rows[j, F_FORENAME])) or (
        a_last == b_first and near(words, rows[i, F_FORENAME], rows[j, F_SURNAME])
    )


@compiled
def may_be_another(words: Words, rows: Ints, i: int, j: int) -> bool:
    """Might a forename that is different be a known-as or middle name, or a last name in the wrong box?"""
    if rows[i, F_KNOWN_AS] >= 0 or rows[j, F_KNOWN_AS] >= 0:
        return True
    if has_word(words, rows[j, F_MIDDLE], rows[i, F_FORENAME]):
        return True
    if has_word(words, rows[i, F_MIDDLE], rows[j, F_FORENAME]):
        return True
    if rows[i, F_SINGLE] >= 0 and rows[j, F_SINGLE] >= 0:
        return True
    return joined_of(words, rows[i, F_FORENAME]) == joined_of(words, rows[j, F_SURNAME]) or joined_of(
        words, rows[i, F_SURNAME]
    ) == joined_of(words, rows[j, F_FORENAME])


@compiled
def both_names(words: Words, rows: Ints, i: int, j: int, forename: int) -> tuple[int, int]:
    """model.compare.compare_names: forename and surname levels, given how the forenames alone compare."""
    surname = surnames(words, rows[i, F_SURNAME], rows[j, F_SURNAME])
    if surname > 1:
        if same_name(words, rows[j, F_SURNAME], rows[i, F_FORMER]) or same_name(
            words, rows[i, F_SURNAME], rows[j, F_FORMER]
        ):
            surname = 2
        elif surname > 7 and (
            same_name(words, rows[j, F_SURNAME], rows[i, F_CARER_SURNAME])
            or same_name(words, rows[j, F_SURNAME], rows[i, F_MOTHER])
            or same_name(words, rows[i, F_SURNAME], rows[j, F_CARER_SURNAME])
            or same_name(words, rows[i, F_SURNAME], rows[j, F_MOTHER])
        ):
            surname = 7
    if surname == 1 and rows[i, F_SINGLE] >= 0 and rows[j, F_SINGLE] >= 0:
        return 1, 0
    if forename == 0 or forename >= 11:
        if exchanged(words, rows, i, j):
            return 10, 8
        if (
            same_name(words, rows[i, F_KNOWN_AS], rows[j, F_FORENAME])
            or same_name(words, rows[i, F_KNOWN_AS], rows[j, F_KNOWN_AS])
            or same_name(words, rows[j, F_KNOWN_AS], rows[i, F_FORENAME])
        ):
            forename = 2
        elif has_word(words, rows[j, F_MIDDLE], rows[i, F_FORENAME]) or has_word(
            words, rows[i, F_MIDDLE], rows[j, F_FORENAME]
        ):
            forename = 8
    return forename, surname


@compiled
def middles(words: Words, rows: Ints, i: int, j: int, forename: int) -> int:
    """model.compare.compare_middle."""
    a, b = rows[i, F_MIDDLE], rows[j, F_MIDDLE]
    if a < 0 or b < 0 or forename == 8:
        return 0
    if words.names[a, W_JOINED] == words.names[b, W_JOINED]:
        return 1
    if shared_words(words, a, b):
        return 2
    if not (words.names[a, W_ONE_LETTER] or words.names[b, W_ONE_LETTER]):
        return 4
    first = words.characters[words.names[a, W_START]] == words.characters[words.names[b, W_START]]
    return 3 if first else 4


@compiled
def cheap_levels(tables: Tables, rows: Ints, i: int, j: int, levels: Ints) -> None:
    """Fill in every level that needs no name."""
    levels[3] = births(rows[i, F_BIRTH], rows[j, F_BIRTH])
    levels[4] = values(rows[i, F_SEX], rows[j, F_SEX], 1)
    levels[5] = homes(tables, rows, i, j)
    levels[7] = values(rows[i, F_PHONE], rows[j, F_PHONE], 0)
    levels[8] = values(rows[i, F_EMAIL], rows[j, F_EMAIL], 0)
    levels[9] = identifiers(tables.nhs_text, tables.nhs_verified, rows[i, F_NHS], rows[j, F_NHS])
    levels[10] = identifiers(tables.upn_text, tables.upn_verified, rows[i, F_UPN], rows[j, F_UPN])
    levels[11] = others(tables, rows[i, F_OTHER], rows[j, F_OTHER])
    levels[12] = (
        values(rows[i, F_ORDER], rows[j, F_ORDER], 0) if rows[i, F_MULTIPLE] and rows[j, F_MULTIPLE] else 0
    )
    levels[13] = values(rows[i, F_SUFFIX], rows[j, F_SUFFIX], 0)
    levels[14] = values(rows[i, F_DEATH], rows[j, F_DEATH], 1)
    levels[15] = max(rows[i, F_CONTEXT], rows[j, F_CONTEXT])
    if rows[i, F_TWIN] >= 0 and rows[i, F_TWIN] == rows[j, F_TWIN]:
        levels[15] = 2


@compiled
def rarities(words: Words, rows: Ints, i: int, j: int, variant: int, levels: Ints) -> None:
    """Fill in the rarities that the levels of the names call for."""
    forename, surname = levels[0], levels[2]
    levels[16:19] = 0
    if 1 <= forename <= 6:
        a = rows[i, F_FORENAME] if rows[i, F_FORENAME] >= 0 else rows[i, F_SINGLE]
        b = rows[j, F_FORENAME] if rows[j, F_FORENAME] >= 0 else rows[j, F_SINGLE]
        rarity = rarest(words, W_FORENAME_RARITY, a, b)
        levels[16] = max(0, rarity - (0 if forename == 1 else variant))
    if surname in (1, 2, 4, 5, 6):
        rarity = rarest(words, W_SURNAME_RARITY, rows[i, F_SURNAME], rows[j, F_SURNAME])
        levels[17] = max(0, rarity - (0 if surname == 1 else variant))
        if 1 <= forename <= 6:
            levels[18] = max(rows[i, F_TOGETHER], rows[j, F_TOGETHER])


@compiled
def add_up(weights: Floats, levels: Ints, first: int, last: int, totals: Floats) -> None:
    """Add the log2 probabilities of the levels first..last to the totals of the alternatives."""
    for comparison in range(first, last):
        for alternative in range(4):
            totals[alternative] += weights[comparison, levels[comparison], alternative]


@compiled
def of_stranger(weights: Floats, levels: Ints, total: float) -> float:
    """The total of a stranger with the frequencies of these very names (model.score.stranger_names)."""
    total += levels[18] / RARITY_STEPS
    if 1 <= levels[0] <= 6:
        total -= levels[16] / RARITY_STEPS + weights[0, levels[0], 3]
    if levels[2] in (1, 2, 4, 5, 6):
        total -= levels[17] / RARITY_STEPS + weights[2, levels[2], 3]
    return total


@compiled
def odds_of(totals: Floats, stranger: float) -> float:
    """model.score.odds."""
    most = max(totals[1], totals[2], stranger)
    rest = 2.0 ** (totals[1] - most) + 2.0 ** (totals[2] - most) + 2.0 ** (stranger - most)
    return totals[0] - most - np.log2(rest)


@compiled
def before_names(
    words: Words, rows: Ints, gains: Floats, i: int, j: int, totals: Floats, least: float
) -> float:
    """The most that a pair can weigh whatever its names are, given the totals of all else."""
    bound = min(totals[0] - totals[1] + gains[1], totals[0] - totals[2] + gains[2])
    if bound < least:
        return bound
    a = rows[i, F_FORENAME] if rows[i, F_FORENAME] >= 0 else rows[i, F_SINGLE]
    b = rows[j, F_FORENAME] if rows[j, F_FORENAME] >= 0 else rows[j, F_SINGLE]
    forename = rarest(words, W_FORENAME_RARITY, a, b) / RARITY_STEPS
    surname = rarest(words, W_SURNAME_RARITY, rows[i, F_SURNAME], rows[j, F_SURNAME]) / RARITY_STEPS
    return min(bound, totals[0] - totals[3] + gains[3] + max(gains[0], forename) + max(gains[4], surname))


@compiled
def score_pairs(
    words: Words,
    rows: Ints,
    tables: Tables,
    weights: Floats,
    priors: Floats,
    gains: Floats,
    variant: int,
    least: float,
    one: Ints,
    two: Ints,
    weight: Floats,
    out: Bytes,
) -> None:
    """Score the pairs (one, two); -inf where nothing can bring the weight to `least`.

    Names are compared only where the rest leaves it open, middle and carers' names only where those do.
    `gains` are the most bits that names can add: against twin [1] and sibling [2] all together; against a
    stranger the forename [0] and last name [4] where rarity does not count; middle and carer's names alone
    against twin [5], sibling [6] and stranger [3]; the last name too against twin [7] and sibling [8]. `out`
    gets the levels, unless it has no rows.
    """
    levels = np.zeros(19, dtype=np.int32)
    totals = np.zeros(4, dtype=np.float64)
    for pair in range(len(one)):
        i, j = one[pair], two[pair]
        weight[pair] = -np.inf
        cheap_levels(tables, rows, i, j, levels)
        totals[:] = priors
        add_up(weights, levels, 3, 6, totals)
        add_up(weights, levels, 7, 16, totals)
        if before_names(words, rows, gains, i, j, totals, least) < least:
            continue
        forename = forenames(words, rows[i, F_FORENAME], rows[j, F_FORENAME])
        if forename == 12 and not may_be_another(words, rows, i, j):
            bound = min(
                totals[0] - totals[1] + weights[0, 12, 0] - weights[0, 12, 1] + gains[7],
                totals[0] - totals[2] + weights[0, 12, 0] - weights[0, 12, 2] + gains[8],
            )
            if bound < least:
                continue
        levels[0], levels[2] = both_names(words, rows, i, j, forename)
        rarities(words, rows, i, j, variant, levels)
        add_up(weights, levels, 0, 1, totals)
        add_up(weights, levels, 2, 3, totals)
        bound = totals[0] - of_stranger(weights, levels, totals[3]) + gains[3]
        bound = min(bound, totals[0] - totals[1] + gains[5], totals[0] - totals[2] + gains[6])
        if bound < least:
            continue
        levels[1] = middles(words, rows, i, j, levels[0])
        levels[6] = carers(words, rows, i, j)
        add_up(weights, levels, 1, 2, totals)
        add_up(weights, levels, 6, 7, totals)
        weight[pair] = odds_of(totals, of_stranger(weights, levels, totals[3]))
        if len(out):
            for place in range(19):
                out[pair, place] = levels[place]


@compiled
def forename_levels(words: Words, one: Ints, two: Ints, levels: Ints) -> None:
    """model.compare.compare_forenames of pairs of names."""
    for pair in range(len(one)):
        levels[pair] = forenames(words, one[pair], two[pair])
