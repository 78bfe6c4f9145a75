"""Distinct texts as small integers, each normalised once by the scalar reference."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.texts import MISSING, codes_of, names
from contactpoint.linking.model.normalise import MOST_WORDS
from contactpoint.linking.model.weights import Model
from contactpoint.linking.names import HONORIFICS, sounds_of, variant_pairs


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
    columns = [names(column) for column in columns]
    known = pl.concat(columns).drop_nulls().unique()
    known = known.filter(known != "").sort()
    number = {text: place for place, text in enumerate(known.to_list())}
    codes = [[number.get(text, MISSING) for text in column.to_list()] for column in columns]
    return _vocabulary(known, model), [np.array(column, dtype=np.int32) for column in codes]


def _vocabulary(known: pl.Series, model: Model) -> Vocabulary:
    words = known.str.split(" ").list.head(MOST_WORDS)
    joined, joined_texts = codes_of(known.str.replace_all(" ", "", literal=True), ordered=True)
    word, word_texts = codes_of(words.explode(), ordered=True)
    texts = joined_texts.to_list()
    sound_texts = [sounds_of(text) for text in texts]
    numbered = {
        sound: place for place, sound in enumerate(sorted({one for two in sound_texts for one in two}))
    }
    flat = np.array([numbered[one] for two in sound_texts for one in two], dtype=np.int32)
    sounds = _ragged(flat, np.array([len(two) for two in sound_texts], dtype=np.int64), 2)[joined]
    places = {text: place for place, text in enumerate(texts)}
    lengths = known.str.replace_all(" ", "", literal=True).str.len_chars().to_numpy().astype(np.int64)
    letters = known.str.replace_all(" ", "", literal=True).str.join("").item() or ""
    return Vocabulary(
        joined=joined,
        sounds=sounds,
        key=np.where(sounds[:, 0] >= 0, sounds[:, 0], np.int32(len(numbered)) + joined),
        words=_ragged(word, words.list.len().to_numpy().astype(np.int64), MOST_WORDS),
        word_size=word_texts.str.len_chars().to_numpy().astype(np.int32),
        honorific=np.array([text in HONORIFICS for text in word_texts.to_list()] or [False], dtype=np.bool_),
        one_letter=(words.list.first().str.len_chars() == 1).to_numpy(),
        start=np.append(0, np.cumsum(lengths)),
        characters=np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.int32),
        forename_rarity=np.array([model.rarity.of_forename(text) for text in texts], dtype=np.int32)[joined],
        surname_rarity=np.array([model.rarity.of_surname(text) for text in texts], dtype=np.int32)[joined],
        nickname_pairs=_pairs("nicknames", places),
        spelling_pairs=_pairs("forename_spellings", places),
        surname_pairs=_pairs("surname_variants", places),
        joined_texts=texts,
    )


def _ragged(flat: Ints, counts: Longs, width: int) -> Ints:
    """Return rows of `counts` codes each, MISSING after the last; all fit into `width`."""
    table = np.full((len(counts), width), MISSING, dtype=np.int32)
    rows = np.repeat(np.arange(len(counts)), counts)
    table[rows, np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)] = flat
    return table


def _pairs(table: str, joined: dict[str, int]) -> Longs:
    """Return the sorted codes one * number of names + two of a table's pairs that both occur here."""
    size = len(joined)
    held = [joined[a] * size + joined[b] for a, b in variant_pairs(table) if a in joined and b in joined]
    return np.array(sorted(held), dtype=np.int64)
