"""Distinct texts as small integers, each normalised once by the scalar reference."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import polars as pl

from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.texts import MISSING
from contactpoint.linking.model.normalise import MOST_WORDS, Name, made_name
from contactpoint.linking.model.weights import Model
from contactpoint.linking.names import HONORIFICS, variant_pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All distinct folded names, in order, with what comparisons ask of each (rows are names).

    `sounds` holds up to two phonetic codes; `words` codes of up to four words; `key` is the
    phonetic code to block on, or one of its own where the letters have no sound we know. `characters` are
    code points of the joined name from `start[i]` to `start[i + 1]`.
    """

    joined: Ints
    sounds: Ints
    key: Ints
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
    joined_texts: list[str]


def build_vocabulary(columns: Iterable[pl.Series], model: Model) -> tuple[Vocabulary, list[Ints]]:
    """Return the vocabulary of the distinct raw names in `columns`, and their codes column by column."""
    texts = [column.to_list() for column in columns]
    with _collector_paused():
        names = {text: made_name(text) for column in texts for text in column}
        distinct = {name.text: name for name in names.values() if name.text}
        known = sorted(distinct)
        number = {text: place for place, text in enumerate(known)}
        codes = {text: number.get(name.text, MISSING) for text, name in names.items()}
        vocabulary = _vocabulary([distinct[text] for text in known], model)
    return vocabulary, [np.array([codes[text] for text in column], dtype=np.int32) for column in texts]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the collector of garbage from going through millions of new names, over and over, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _vocabulary(names: list[Name], model: Model) -> Vocabulary:
    joined, joined_texts = _coded([name.joined for name in names])
    sound, sound_texts = _coded([sound for name in names for sound in name.sounds])
    word, word_texts = _coded([word for name in names for word in name.words])
    numbers = {text: place for place, text in enumerate(joined_texts)}
    lengths = np.array([0, *(len(name.joined) for name in names)], dtype=np.int64)
    sounds = _ragged(sound, [len(name.sounds) for name in names], 2)
    flat = "".join(name.joined for name in names)
    rarity = model.rarity
    return Vocabulary(
        joined=joined,
        sounds=sounds,
        key=np.where(sounds[:, 0] >= 0, sounds[:, 0], np.int32(len(sound_texts)) + joined),
        words=_ragged(word, [len(name.words) for name in names], MOST_WORDS),
        word_size=np.array([len(text) for text in word_texts], dtype=np.int32),
        honorific=np.array([text in HONORIFICS for text in word_texts] or [False], dtype=np.bool_),
        one_letter=np.array([len(name.words[0]) == 1 for name in names], dtype=np.bool_),
        start=np.cumsum(lengths),
        characters=np.frombuffer(flat.encode("utf-32-le", "surrogatepass"), dtype=np.int32),
        forename_rarity=np.array([rarity.of_forename(text) for text in joined_texts], dtype=np.int32)[joined],
        surname_rarity=np.array([rarity.of_surname(text) for text in joined_texts], dtype=np.int32)[joined],
        nickname_pairs=_pairs("nicknames", numbers),
        spelling_pairs=_pairs("forename_spellings", numbers),
        surname_pairs=_pairs("surname_variants", numbers),
        joined_texts=joined_texts,
    )


def _coded(texts: list[str]) -> tuple[Ints, list[str]]:
    """Return a code for each text, in the order of the texts, and the distinct ones."""
    known = sorted(set(texts))
    number = {text: place for place, text in enumerate(known)}
    return np.array([number[text] for text in texts], dtype=np.int32), known


def _ragged(flat: Ints, sizes: list[int], width: int) -> Ints:
    """Return rows of `sizes` codes each, MISSING after the last; all fit into `width`."""
    counts = np.array(sizes, dtype=np.int64)
    table = np.full((len(sizes), width), MISSING, dtype=np.int32)
    rows = np.repeat(np.arange(len(sizes)), counts)
    table[rows, np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)] = flat
    return table


def _pairs(table: str, joined: dict[str, int]) -> Longs:
    """Return the sorted codes one * number of names + two of a table's pairs that both occur here."""
    size = len(joined)
    held = [joined[a] * size + joined[b] for a, b in variant_pairs(table) if a in joined and b in joined]
    return np.array(sorted(held), dtype=np.int64)
