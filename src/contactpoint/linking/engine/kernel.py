"""The scalar reference's comparisons over integer columns, written so that numba can compile them.

Every function here says again what one of `model.compare` and `model.score` says; tests/reference holds them equal.
Called uncompiled they are plain Python.
"""

# Comparing one pair is a chain of small decisions; splitting it further costs calls without making it clearer.
# numba infers the types: annotating a compiled function would say less than it knows.
# ruff: noqa: C901, PLR0911, ANN001, ANN201
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from typing import NamedTuple

import numba
import numpy as np

from contactpoint.linking.engine.vocabulary import Bools, Ints, Longs
from contactpoint.linking.model.compare import CLOSE, LEAST_PREFIX, SIMILAR, SOUNDS
from contactpoint.linking.model.levels import RARITY_STEPS

compiled = numba.njit(cache=True, nogil=True, boundscheck=False)


class Words(NamedTuple):
    """The vocabulary's arrays (see Vocabulary)."""

    joined: Ints
    sounds: Ints
    words: Ints
    word_size: Ints
    honorific: Bools
    one_letter: Bools
    start: Longs
    characters: Ints
    forename_rarity: Ints
    surname_rarity: Ints
    nickname_pairs: Longs
    spelling_pairs: Longs
    surname_pairs: Longs
    size: int


class Rows(NamedTuple):
    """The columns' arrays (see Columns), the excess of each row's pair of names, and its twin context."""

    forename: Ints
    middle: Ints
    surname: Ints
    former: Ints
    known_as: Ints
    carer_forename: Ints
    carer_surname: Ints
    mother: Ints
    suffix: Ints
    birth: Ints
    sex: Ints
    uprn: Ints
    house: Ints
    street: Ints
    postcode: Ints
    phone: Ints
    email: Ints
    nhs: Ints
    upn: Ints
    other: Ints
    order: Ints
    multiple: Ints
    death: Ints
    together: Ints
    context: Ints


class Tables(NamedTuple):
    """What codes stand for (see Codes)."""

    places: Ints
    postcode_text: Ints
    nhs_text: Ints
    nhs_verified: Bools
    upn_text: Ints
    upn_verified: Bools
    others: Ints


@compiled
def likeness(words, a, b):
    """Jaro-Winkler similarity of two vocabulary names."""
    if words.joined[a] > words.joined[b]:
        a, b = b, a
    p, t = words.start[a], words.start[b]
    p_size, t_size = words.start[a + 1] - p, words.start[b + 1] - t
    bound = max(max(p_size, t_size) // 2 - 1, 0)
    p_used = np.zeros(p_size, dtype=np.bool_)
    t_used = np.zeros(t_size, dtype=np.bool_)
    common = 0
    for j in range(t_size):
        for i in range(max(0, j - bound), min(p_size, j + bound + 1)):
            if not p_used[i] and words.characters[p + i] == words.characters[t + j]:
                p_used[i] = True
                t_used[j] = True
                common += 1
                break
    if common == 0:
        return 0.0
    crossed, i = 0, 0
    for j in range(t_size):
        if t_used[j]:
            while not p_used[i]:
                i += 1
            if words.characters[p + i] != words.characters[t + j]:
                crossed += 1
            i += 1
    jaro = (common / p_size + common / t_size + (common - crossed // 2) / common) / 3.0
    prefix = 0
    while prefix < min(4, p_size, t_size) and words.characters[p + prefix] == words.characters[t + prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1.0 - jaro) if jaro > 0.7 else jaro


@compiled
def holds(pairs, wanted):
    """Is `wanted` in the sorted `pairs`?"""
    place = np.searchsorted(pairs, wanted)
    return place < len(pairs) and pairs[place] == wanted


@compiled
def alike(words, a, b):
    """Do two names share a phonetic key?"""
    for i in range(2):
        if words.sounds[a, i] >= 0 and (
            words.sounds[a, i] == words.sounds[b, 0] or words.sounds[a, i] == words.sounds[b, 1]
        ):
            return True
    return False


@compiled
def shared_words(words, a, b):
    """2: the names share a word; 1: only an honorific; 0: none."""
    found = 0
    for i in range(words.words.shape[1]):
        word = words.words[a, i]
        if word < 0:
            break
        for j in range(words.words.shape[1]):
            if word == words.words[b, j]:
                if not words.honorific[word]:
                    return 2
                found = 1
    return found


@compiled
def begins(words, a, b):
    """Is a an initial or at least three letters that b begins with?"""
    size = words.start[a + 1] - words.start[a]
    if size >= words.start[b + 1] - words.start[b] or (size != 1 and size < LEAST_PREFIX):
        return False
    for i in range(size):
        if words.characters[words.start[a] + i] != words.characters[words.start[b] + i]:
            return False
    return True


@compiled
def forenames(words, a, b):
    """model.compare.compare_forenames."""
    if a < 0 or b < 0:
        return 0
    if words.joined[a] == words.joined[b]:
        return 1
    pair = np.int64(words.joined[a]) * words.size + words.joined[b]
    if holds(words.nickname_pairs, pair):
        return 3
    if holds(words.spelling_pairs, pair):
        return 4
    near = likeness(words, a, b)
    sound = alike(words, a, b)
    if near >= SOUNDS and sound:
        return 5
    if near >= CLOSE:
        return 6
    if shared_words(words, a, b):
        return 7
    if begins(words, a, b) or begins(words, b, a):
        return 9
    return 11 if near >= SIMILAR or sound else 12


@compiled
def surnames(words, a, b):
    """model.compare.compare_surnames."""
    if a < 0 or b < 0:
        return 0
    if words.joined[a] == words.joined[b]:
        return 1
    shared = shared_words(words, a, b)
    if shared == 2:
        return 3
    if holds(words.surname_pairs, np.int64(words.joined[a]) * words.size + words.joined[b]):
        return 4
    near = likeness(words, a, b)
    sound = alike(words, a, b)
    if near >= SOUNDS and sound:
        return 5
    if near >= CLOSE:
        return 6
    if near >= SIMILAR or sound:
        return 9
    return 10 if shared else 11


@compiled
def same_name(words, a, b):
    """Are both names there and equal?"""
    return a >= 0 and b >= 0 and words.joined[a] == words.joined[b]


@compiled
def has_word(words, names, name):
    """Is `name`, joined, one of the words of `names`?"""
    if names < 0 or name < 0:
        return False
    size = words.start[name + 1] - words.start[name]
    place = words.start[names]
    for i in range(words.words.shape[1]):
        word = words.words[names, i]
        if word < 0:
            return False
        length = words.word_size[word]
        if length == size:
            equal = True
            for k in range(size):
                if words.characters[place + k] != words.characters[words.start[name] + k]:
                    equal = False
                    break
            if equal:
                return True
        place += length
    return False


@compiled
def both_names(words, rows, i, j):
    """model.compare.compare_names: forename and surname levels."""
    forename = forenames(words, rows.forename[i], rows.forename[j])
    surname = surnames(words, rows.surname[i], rows.surname[j])
    if surname > 1:
        if same_name(words, rows.surname[j], rows.former[i]) or same_name(words, rows.surname[i], rows.former[j]):
            surname = 2
        elif surname > 7 and (
            same_name(words, rows.surname[j], rows.carer_surname[i])
            or same_name(words, rows.surname[j], rows.mother[i])
            or same_name(words, rows.surname[i], rows.carer_surname[j])
            or same_name(words, rows.surname[i], rows.mother[j])
        ):
            surname = 7
    if forename == 0 or forename >= 11:
        if exchanged(words, rows, i, j):
            return 10, 8
        if (
            same_name(words, rows.known_as[i], rows.forename[j])
            or same_name(words, rows.known_as[i], rows.known_as[j])
            or same_name(words, rows.known_as[j], rows.forename[i])
        ):
            forename = 2
        elif has_word(words, rows.middle[j], rows.forename[i]) or has_word(words, rows.middle[i], rows.forename[j]):
            forename = 8
    return forename, surname


@compiled
def joined_of(words, name):
    """The joined code of a name, -1 for none."""
    return words.joined[name] if name >= 0 else -1


@compiled
def exchanged(words, rows, i, j):
    """Do forename and surname stand in each other's boxes?"""
    forename, surname = joined_of(words, rows.forename[i]), joined_of(words, rows.surname[i])
    return (
        forename != surname
        and forename == joined_of(words, rows.surname[j])
        and surname == joined_of(words, rows.forename[j])
    )


@compiled
def middles(words, rows, i, j, forename):
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
def slip(a, b):
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
def date_slip(a, b):
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
def births(a, b):
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
    if a // 100 == b // 100:
        return 5 if abs(a_day - b_day) <= 1 else 6
    if a % 10000 == b % 10000:
        return 5 if abs(a_year - b_year) == 1 else 10
    if a_year == b_year:
        return 7 if a % 10000 == 101 or b % 10000 == 101 else 11
    return 12


@compiled
def values(a, b, least):
    """model.compare.same; values from `least` on are there."""
    if a < least or b < least:
        return 0
    return 1 if a == b else 2


@compiled
def homes(tables, rows, i, j):
    """model.compare.compare_homes."""
    if rows.uprn[i] >= 0 and rows.uprn[i] == rows.uprn[j]:
        return 1
    a, b = rows.postcode[i], rows.postcode[j]
    if a < 0 or b < 0:
        return 0
    house = rows.house[i] >= 0 and rows.house[i] == rows.house[j]
    street = rows.street[i] >= 0 and rows.street[i] == rows.street[j]
    if a == b:
        return 1 if house or street else 2
    if street or (house and slip(tables.postcode_text[a], tables.postcode_text[b])):
        return 3
    for level in range(3):
        if tables.places[a, level] >= 0 and tables.places[a, level] == tables.places[b, level]:
            return 4 + level
    return 7


@compiled
def carers(words, rows, i, j):
    """model.compare.compare_carers."""
    forename = forenames(words, rows.carer_forename[i], rows.carer_forename[j])
    surname = surnames(words, rows.carer_surname[i], rows.carer_surname[j])
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
def identifiers(text, verified, a, b):
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
def others(tables, a, b):
    """model.compare.compare_identifiers."""
    if a < 0 or b < 0:
        return 0
    level = 0
    for i in range(0, tables.others.shape[1], 2):
        for j in range(0, tables.others.shape[1], 2):
            if tables.others[a, i] >= 0 and tables.others[a, i] == tables.others[b, j]:
                if tables.others[a, i + 1] == tables.others[b, j + 1]:
                    return 1
                level = 2
    return level


@compiled
def cheap_levels(tables, rows, i, j, levels):
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


@compiled
def name_levels(words, rows, i, j, variant, levels):
    """Fill in the levels and rarities of names."""
    forename, surname = both_names(words, rows, i, j)
    levels[0], levels[2] = forename, surname
    levels[1] = middles(words, rows, i, j, forename)
    levels[6] = carers(words, rows, i, j)
    levels[16:19] = 0
    if 1 <= forename <= 6:
        rarity = rarest(words.forename_rarity, rows.forename[i], rows.forename[j])
        levels[16] = max(0, rarity - (0 if forename == 1 else variant))
    if surname in (1, 2, 4, 5, 6):
        rarity = rarest(words.surname_rarity, rows.surname[i], rows.surname[j])
        levels[17] = max(0, rarity - (0 if surname == 1 else variant))
        if 1 <= forename <= 6:
            levels[18] = max(rows.together[i], rows.together[j])


@compiled
def rarest(rarity, a, b):
    """The commoner of two names decides; one that is missing does not count."""
    if a < 0:
        return rarity[b] if b >= 0 else 0
    if b < 0:
        return rarity[a]
    return min(rarity[a], rarity[b])


@compiled
def add_up(weights, priors, levels, first, last, totals):
    """Add the log2 probabilities of the levels first..last to the totals of the alternatives."""
    for comparison in range(first, last):
        for alternative in range(4):
            totals[alternative] += weights[comparison, levels[comparison], alternative]


@compiled
def weigh(weights, levels, totals):
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
def score_pairs(words, rows, tables, weights, priors, gains, variant, least, one, two, weight, out):
    """Score the pairs (one, two) into `weight` and `out`; names only where they can still bring it to `least`.

    `gains` are the most bits that names can add: against twin [1] and sibling [2] all together; against a stranger
    the forename [0] and last name [4] where rarity does not count, and the other names [3].
    """
    levels = np.zeros(19, dtype=np.int32)
    totals = np.zeros(4, dtype=np.float64)
    for pair in range(len(one)):
        i, j = one[pair], two[pair]
        cheap_levels(tables, rows, i, j, levels)
        totals[:] = priors
        add_up(weights, priors, levels, 3, 6, totals)
        add_up(weights, priors, levels, 7, 16, totals)
        rare_forename = rarest(words.forename_rarity, rows.forename[i], rows.forename[j]) / RARITY_STEPS
        rare_surname = rarest(words.surname_rarity, rows.surname[i], rows.surname[j]) / RARITY_STEPS
        bound = totals[0] - totals[3] + gains[3] + max(gains[0], rare_forename) + max(gains[4], rare_surname)
        for alternative in range(1, 3):
            bound = min(bound, totals[0] - totals[alternative] + gains[alternative])
        if bound < least:
            weight[pair] = -np.inf
            continue
        name_levels(words, rows, i, j, variant, levels)
        add_up(weights, priors, levels, 0, 3, totals)
        add_up(weights, priors, levels, 6, 7, totals)
        weight[pair] = weigh(weights, levels, totals)
        for place in range(19):
            out[pair, place] = levels[place]
