"""The scalar reference's comparisons and weights over integer columns, written for numba to compile.

Every function here and in kernel_names and kernel_fields says again what one of `model.compare` and
`model.score` says; tests/reference holds them equal. Called uncompiled (`.py_func`) they are plain Python.
"""

# The decorator hides a function's type from the checker, and a NamedTuple of arrays indexes to Any.
# mypy: disable-error-code="untyped-decorator,no-any-return,misc"

import numpy as np

from contactpoint.linking.engine.kernel_fields import (
    Rows,
    Tables,
    births,
    carers,
    homes,
    identifiers,
    others,
    values,
)
from contactpoint.linking.engine.kernel_names import (
    Words,
    alike,
    compiled,
    forenames,
    has_word,
    joined_of,
    likeness,
    rarest,
    same_name,
    shared_words,
    surnames,
)
from contactpoint.linking.engine.scalar import Bytes, Floats
from contactpoint.linking.engine.vocabulary import Ints, Longs
from contactpoint.linking.model.compare import CLOSE, SOUNDS
from contactpoint.linking.model.levels import RARITY_STEPS


@compiled
def near(words: Words, a: int, b: int) -> bool:
    """model.compare.is_near."""
    if a < 0 or b < 0:
        return False
    closeness = likeness(words, a, b)
    return closeness >= CLOSE or (closeness >= SOUNDS and alike(words, a, b))


@compiled
def exchanged(words: Words, rows: Rows, i: int, j: int) -> bool:
    """Do forename and surname stand in each other's boxes, one of them perhaps misspelt?"""
    a_first, a_last = joined_of(words, rows.forename[i]), joined_of(words, rows.surname[i])
    b_first, b_last = joined_of(words, rows.forename[j]), joined_of(words, rows.surname[j])
    if a_first == a_last or b_first == b_last:
        return False
    if a_first == b_last and a_last == b_first:
        return True
    return (a_first == b_last and near(words, rows.surname[i], rows.forename[j])) or (
        a_last == b_first and near(words, rows.forename[i], rows.surname[j])
    )


@compiled
def both_names(words: Words, rows: Rows, i: int, j: int) -> tuple[int, int]:
    """model.compare.compare_names: forename and surname levels."""
    forename = forenames(words, rows.forename[i], rows.forename[j])
    surname = surnames(words, rows.surname[i], rows.surname[j])
    if surname > 1:
        if same_name(words, rows.surname[j], rows.former[i]) or same_name(
            words, rows.surname[i], rows.former[j]
        ):
            surname = 2
        elif surname > 7 and (
            same_name(words, rows.surname[j], rows.carer_surname[i])
            or same_name(words, rows.surname[j], rows.mother[i])
            or same_name(words, rows.surname[i], rows.carer_surname[j])
            or same_name(words, rows.surname[i], rows.mother[j])
        ):
            surname = 7
    if surname == 1 and rows.single[i] >= 0 and rows.single[j] >= 0:
        return 1, 0
    if forename == 0 or forename >= 11:
        if exchanged(words, rows, i, j):
            return 10, 8
        if (
            same_name(words, rows.known_as[i], rows.forename[j])
            or same_name(words, rows.known_as[i], rows.known_as[j])
            or same_name(words, rows.known_as[j], rows.forename[i])
        ):
            forename = 2
        elif has_word(words, rows.middle[j], rows.forename[i]) or has_word(
            words, rows.middle[i], rows.forename[j]
        ):
            forename = 8
    return forename, surname


@compiled
def middles(words: Words, rows: Rows, i: int, j: int, forename: int) -> int:
    """model.compare.compare_middle."""
    a, b = rows.middle[i], rows.middle[j]
    if a < 0 or b < 0 or forename == 8:
        return 0
    if words.joined[a] == words.joined[b]:
        return 1
    if shared_words(words, a, b):
        return 2
    first = words.characters[words.start[a]] == words.characters[words.start[b]]
    return 3 if (words.one_letter[a] or words.one_letter[b]) and first else 4


@compiled
def cheap_levels(tables: Tables, rows: Rows, i: int, j: int, levels: Ints) -> None:
    """Fill in every level that needs no name."""
    levels[3] = births(rows.birth[i], rows.birth[j])
    levels[4] = values(rows.sex[i], rows.sex[j], 1)
    levels[5] = homes(tables, rows, i, j)
    levels[7] = values(rows.phone[i], rows.phone[j], 0)
    levels[8] = values(rows.email[i], rows.email[j], 0)
    levels[9] = identifiers(tables.nhs_text, tables.nhs_verified, rows.nhs[i], rows.nhs[j])
    levels[10] = identifiers(tables.upn_text, tables.upn_verified, rows.upn[i], rows.upn[j])
    levels[11] = others(tables, rows.other[i], rows.other[j])
    levels[12] = values(rows.order[i], rows.order[j], 0) if rows.multiple[i] and rows.multiple[j] else 0
    levels[13] = values(rows.suffix[i], rows.suffix[j], 0)
    levels[14] = values(rows.death[i], rows.death[j], 1)
    levels[15] = max(rows.context[i], rows.context[j])
    if rows.twin[i] >= 0 and rows.twin[i] == rows.twin[j]:
        levels[15] = 2


@compiled
def name_levels(words: Words, rows: Rows, i: int, j: int, variant: int, levels: Ints) -> None:
    """Fill in the levels and rarities of names."""
    forename, surname = both_names(words, rows, i, j)
    levels[0], levels[2] = forename, surname
    levels[1] = middles(words, rows, i, j, forename)
    levels[6] = carers(words, rows, i, j)
    levels[16:19] = 0
    if 1 <= forename <= 6:
        a = rows.forename[i] if rows.forename[i] >= 0 else rows.single[i]
        b = rows.forename[j] if rows.forename[j] >= 0 else rows.single[j]
        rarity = rarest(words.forename_rarity, a, b)
        levels[16] = max(0, rarity - (0 if forename == 1 else variant))
    if surname in (1, 2, 4, 5, 6):
        rarity = rarest(words.surname_rarity, rows.surname[i], rows.surname[j])
        levels[17] = max(0, rarity - (0 if surname == 1 else variant))
        if 1 <= forename <= 6:
            levels[18] = max(rows.together[i], rows.together[j])


@compiled
def add_up(weights: Floats, levels: Ints, first: int, last: int, totals: Floats) -> None:
    """Add the log2 probabilities of the levels first..last to the totals of the alternatives."""
    for comparison in range(first, last):
        for alternative in range(4):
            totals[alternative] += weights[comparison, levels[comparison], alternative]


@compiled
def weigh(weights: Floats, levels: Ints, totals: Floats) -> float:
    """model.score.weigh, given the totals of all comparisons."""
    stranger = totals[3] + levels[18] / RARITY_STEPS
    if 1 <= levels[0] <= 6:
        stranger -= levels[16] / RARITY_STEPS + weights[0, levels[0], 3]
    if levels[2] in (1, 2, 4, 5, 6):
        stranger -= levels[17] / RARITY_STEPS + weights[2, levels[2], 3]
    most = max(totals[1], totals[2], stranger)
    rest = 2.0 ** (totals[1] - most) + 2.0 ** (totals[2] - most) + 2.0 ** (stranger - most)
    return totals[0] - most - np.log2(rest)


@compiled
def score_pairs(
    words: Words,
    rows: Rows,
    tables: Tables,
    weights: Floats,
    priors: Floats,
    gains: Floats,
    variant: int,
    least: float,
    one: Longs,
    two: Longs,
    weight: Floats,
    out: Bytes,
) -> None:
    """Score the pairs (one, two); names only where they can still bring the weight to `least`.

    `gains` are the most bits that names can add: against twin [1] and sibling [2] all together; against a
    stranger the forename [0] and last name [4] where rarity does not count, and the other names [3].
    """
    levels = np.zeros(19, dtype=np.int32)
    totals = np.zeros(4, dtype=np.float64)
    for pair in range(len(one)):
        i, j = one[pair], two[pair]
        cheap_levels(tables, rows, i, j, levels)
        totals[:] = priors
        add_up(weights, levels, 3, 6, totals)
        add_up(weights, levels, 7, 16, totals)
        a = rows.forename[i] if rows.forename[i] >= 0 else rows.single[i]
        b = rows.forename[j] if rows.forename[j] >= 0 else rows.single[j]
        rare_forename = rarest(words.forename_rarity, a, b) / RARITY_STEPS
        rare_surname = rarest(words.surname_rarity, rows.surname[i], rows.surname[j]) / RARITY_STEPS
        bound = totals[0] - totals[3] + gains[3] + max(gains[0], rare_forename) + max(gains[4], rare_surname)
        for alternative in range(1, 3):
            bound = min(bound, totals[0] - totals[alternative] + gains[alternative])
        if bound < least:
            weight[pair] = -np.inf
            continue
        name_levels(words, rows, i, j, variant, levels)
        add_up(weights, levels, 0, 3, totals)
        add_up(weights, levels, 6, 7, totals)
        weight[pair] = weigh(weights, levels, totals)
        for place in range(19):
            out[pair, place] = levels[place]
