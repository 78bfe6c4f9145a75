"""Comparisons of names over the vocabulary, written so that numba can compile them (see kernel)."""

# The decorator hides a function's type from the checker, and a NamedTuple of arrays indexes to Any.
# mypy: disable-error-code="untyped-decorator,no-any-return,misc"

from typing import Final, NamedTuple

import numba
import numpy as np

from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.model.compare import CLOSE, LEAST_PREFIX, SIMILAR, SOUNDS

compiled: Final = numba.njit(cache=True, nogil=True)


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
def likeness(words: Words, a: int, b: int) -> float:
    """Jaro-Winkler similarity of two vocabulary names (model.compare.likeness_of)."""
    if words.joined[a] > words.joined[b]:
        a, b = b, a
    p, t = words.start[a], words.start[b]
    p_size, t_size = words.start[a + 1] - p, words.start[b + 1] - t
    jaro = jaro_of(words, p, t, p_size, t_size)
    prefix = 0
    while prefix < min(4, p_size, t_size) and words.characters[p + prefix] == words.characters[t + prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1.0 - jaro) if jaro > 0.7 else jaro


@compiled
def holds(pairs: Longs, wanted: int) -> bool:
    """Is `wanted` in the sorted `pairs`?"""
    place = np.searchsorted(pairs, wanted)
    return bool(place < len(pairs) and pairs[place] == wanted)


@compiled
def alike(words: Words, a: int, b: int) -> bool:
    """Do two names share a phonetic key?"""
    for i in range(2):
        if words.sounds[a, i] >= 0 and (
            words.sounds[a, i] == words.sounds[b, 0] or words.sounds[a, i] == words.sounds[b, 1]
        ):
            return True
    return False


@compiled
def shared_words(words: Words, a: int, b: int) -> int:
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
def begins(words: Words, a: int, b: int) -> bool:
    """Is a an initial or at least three letters that b begins with?"""
    size = words.start[a + 1] - words.start[a]
    if size >= words.start[b + 1] - words.start[b] or (size != 1 and size < LEAST_PREFIX):
        return False
    for i in range(size):
        if words.characters[words.start[a] + i] != words.characters[words.start[b] + i]:
            return False
    return True


@compiled
def forenames(words: Words, a: int, b: int) -> int:
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
def surnames(words: Words, a: int, b: int) -> int:
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
def same_name(words: Words, a: int, b: int) -> bool:
    """Are both names there and equal?"""
    return a >= 0 and b >= 0 and words.joined[a] == words.joined[b]


@compiled
def has_word(words: Words, names: int, name: int) -> bool:
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
def joined_of(words: Words, name: int) -> int:
    """The joined code of a name, -1 for none."""
    return words.joined[name] if name >= 0 else -1


@compiled
def rarest(rarity: Ints, a: int, b: int) -> int:
    """The commoner of two names decides; one that is missing does not count."""
    if a < 0:
        return rarity[b] if b >= 0 else 0
    if b < 0:
        return rarity[a]
    return min(rarity[a], rarity[b])
