"""Comparisons of names over the vocabulary, written so that numba can compile them (see kernel)."""

# The decorator hides a function's type from the checker, and a NamedTuple of arrays indexes to Any.
# mypy: disable-error-code="untyped-decorator,no-any-return,misc"

from typing import Final, NamedTuple

import numpy as np

from contactpoint.linking.engine.caching import numba_for_this_text
from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.model.compare import CLOSE, LEAST_PREFIX, SIMILAR, SOUNDS

compiled: Final = numba_for_this_text().njit(cache=True, nogil=True, forceinline=True)


class Words(NamedTuple):
    """The vocabulary (see Vocabulary): a row a name, all that is asked of it in one line of the cache.

    The columns of `names` are W_JOINED and so on; `letters` a bit for each letter in it; `listed` bits that
    say in which of the three tables of pairs it stands at all.
    """

    names: Ints
    word_size: Ints
    honorific: Bools
    characters: Ints
    nickname_pairs: Longs
    spelling_pairs: Longs
    surname_pairs: Longs
    size: int


(
    W_JOINED,
    W_START,
    W_SIZE,
    W_LETTERS,
    W_SOUND,
    W_OTHER_SOUND,
    W_WORD,
    _SECOND,
    _THIRD,
    _FOURTH,
    W_LISTED,
    W_ONE_LETTER,
    W_INITIAL,
    W_FORENAME_RARITY,
    W_SURNAME_RARITY,
) = range(15)
WIDTH: Final = 16
NICKNAMES, SPELLINGS, SURNAMES = 1, 2, 4
HOPELESS: Final = 0.7
"""Up to this Jaro similarity a common beginning earns nothing (Winkler, 1990): names stay below SIMILAR."""


@compiled
def jaro_of(words: Words, p: int, t: int, p_size: int, t_size: int) -> float:
    """Jaro similarity of the names that begin at p and t among the characters (at most MAX_NAME: 60 bits)."""
    bound = max(max(p_size, t_size) // 2 - 1, 0)
    p_used, t_used = np.int64(0), np.int64(0)
    common = 0
    for j in range(t_size):
        wanted = words.characters[t + j]
        for i in range(max(0, j - bound), min(p_size, j + bound + 1)):
            if words.characters[p + i] == wanted and not (p_used >> i) & 1:
                p_used |= np.int64(1) << i
                t_used |= np.int64(1) << j
                common += 1
                break
    if common == 0:
        return 0.0
    crossed, i = 0, 0
    for j in range(t_size):
        if (t_used >> j) & 1:
            while not (p_used >> i) & 1:
                i += 1
            if words.characters[p + i] != words.characters[t + j]:
                crossed += 1
            i += 1
    return (common / p_size + common / t_size + (common - crossed // 2) / common) / 3.0


@compiled
def bits_in(mask: int) -> int:
    """Count the bits of a number."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def hopeless(words: Words, a: int, b: int) -> bool:
    """Do two names have too few letters in common to be similar, however these stand?"""
    mine, yours = words.names[a, W_LETTERS], words.names[b, W_LETTERS]
    p, t = words.names[a, W_SIZE], words.names[b, W_SIZE]
    common = min(p - bits_in(mine & ~yours), t - bits_in(yours & ~mine))
    return common <= 0 or (common / p + common / t + 1.0) / 3.0 < HOPELESS


@compiled
def likeness(words: Words, a: int, b: int) -> float:
    """Jaro-Winkler similarity of two vocabulary names (model.compare.likeness_of)."""
    if words.names[a, W_JOINED] > words.names[b, W_JOINED]:
        a, b = b, a
    p, t = words.names[a, W_START], words.names[b, W_START]
    p_size, t_size = words.names[a, W_SIZE], words.names[b, W_SIZE]
    jaro = jaro_of(words, p, t, p_size, t_size)
    prefix = 0
    while prefix < min(4, p_size, t_size) and words.characters[p + prefix] == words.characters[t + prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1.0 - jaro) if jaro > HOPELESS else jaro


@compiled
def nearness(words: Words, a: int, b: int) -> float:
    """Their likeness, or 0 for names that cannot be similar."""
    return 0.0 if hopeless(words, a, b) else likeness(words, a, b)


@compiled
def holds(pairs: Longs, wanted: int) -> bool:
    """Is `wanted` in the sorted `pairs`?"""
    place = np.searchsorted(pairs, wanted)
    return bool(place < len(pairs) and pairs[place] == wanted)


@compiled
def paired(words: Words, table: int, pairs: Longs, a: int, b: int) -> bool:
    """Do two names stand together in one of the tables?"""
    if not words.names[a, W_LISTED] & words.names[b, W_LISTED] & table:
        return False
    return holds(pairs, np.int64(words.names[a, W_JOINED]) * words.size + words.names[b, W_JOINED])


@compiled
def alike(words: Words, a: int, b: int) -> bool:
    """Do two names share a phonetic key?"""
    for sound in range(W_SOUND, W_OTHER_SOUND + 1):
        if words.names[a, sound] >= 0 and (
            words.names[a, sound] == words.names[b, W_SOUND]
            or words.names[a, sound] == words.names[b, W_OTHER_SOUND]
        ):
            return True
    return False


@compiled
def shared_words(words: Words, a: int, b: int) -> int:
    """2: the names share a word; 1: only an honorific; 0: none."""
    found = 0
    for i in range(W_WORD, W_WORD + 4):
        word = words.names[a, i]
        if word < 0:
            break
        for j in range(W_WORD, W_WORD + 4):
            if word == words.names[b, j]:
                if not words.honorific[word]:
                    return 2
                found = 1
    return found


@compiled
def begins(words: Words, a: int, b: int) -> bool:
    """Is a an initial or at least three letters that b begins with?"""
    size = words.names[a, W_SIZE]
    if size >= words.names[b, W_SIZE] or (size != 1 and size < LEAST_PREFIX):
        return False
    for i in range(size):
        if words.characters[words.names[a, W_START] + i] != words.characters[words.names[b, W_START] + i]:
            return False
    return True


@compiled
def forenames(words: Words, a: int, b: int) -> int:
    """model.compare.compare_forenames."""
    if a < 0 or b < 0:
        return 0
    if words.names[a, W_JOINED] == words.names[b, W_JOINED]:
        return 9 if words.names[a, W_INITIAL] else 1
    if paired(words, NICKNAMES, words.nickname_pairs, a, b):
        return 3
    if paired(words, SPELLINGS, words.spelling_pairs, a, b):
        return 4
    near = nearness(words, a, b)
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
def surnames(words: Words, a: int, b: int) -> int:
    """model.compare.compare_surnames."""
    if a < 0 or b < 0:
        return 0
    if words.names[a, W_JOINED] == words.names[b, W_JOINED]:
        return 0 if words.names[a, W_INITIAL] else 1
    shared = shared_words(words, a, b)
    if shared == 2:
        return 3
    if paired(words, SURNAMES, words.surname_pairs, a, b):
        return 4
    near = nearness(words, a, b)
    sound = alike(words, a, b)
    if near >= SOUNDS and sound:
        return 5
    if near >= CLOSE:
        return 6
    if near >= SIMILAR or sound:
        return 9
    return 10 if shared else 11


@compiled
def same_name(words: Words, a: int, b: int) -> bool:
    """Are both names there and equal?"""
    return a >= 0 and b >= 0 and words.names[a, W_JOINED] == words.names[b, W_JOINED]


@compiled
def has_word(words: Words, names: int, name: int) -> bool:
    """Is `name`, joined, one of the words of `names`?"""
    if names < 0 or name < 0:
        return False
    size = words.names[name, W_SIZE]
    place = words.names[names, W_START]
    for i in range(W_WORD, W_WORD + 4):
        word = words.names[names, i]
        if word < 0:
            return False
        length = words.word_size[word]
        if length == size:
            equal = True
            for k in range(size):
                if words.characters[place + k] != words.characters[words.names[name, W_START] + k]:
                    equal = False
                    break
            if equal:
                return True
        place += length
    return False


@compiled
def joined_of(words: Words, name: int) -> int:
    """The joined code of a name, -1 for none."""
    return words.names[name, W_JOINED] if name >= 0 else -1


@compiled
def rarest(words: Words, rarity: int, a: int, b: int) -> int:
    """The commoner of two names decides (by the column `rarity`); one that is missing does not count."""
    if a < 0:
        return words.names[b, rarity] if b >= 0 else 0
    if b < 0:
        return words.names[a, rarity]
    return min(words.names[a, rarity], words.names[b, rarity])
