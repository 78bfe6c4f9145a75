"""Distinct texts as small integers, each normalised once by the scalar reference."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.texts import MISSING
from contactpoint.linking.model.normalise import MOST_WORDS, Name, as_name
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
    names = {text: as_name(text) for column in texts for text in column}
    distinct = {name.text: name for name in names.values() if name.text}
    known = sorted(distinct)
    number = {text: place for place, text in enumerate(known)}
    codes = {text: number.get(name.text, MISSING) for text, name in names.items()}
    vocabulary = _vocabulary([distinct[text] for text in known], model)
    return vocabulary, [np.array([codes[text] for text in column], dtype=np.int32) for column in texts]


def _numbered(texts: Iterable[str]) -> dict[str, int]:
    return {text: place for place, text in enumerate(sorted(set(texts)))}


def _vocabulary(names: list[Name], model: Model) -> Vocabulary:
    joined = _numbered(name.joined for name in names)
    sounds = _numbered(sound for name in names for sound in name.sounds)
    words = _numbered(word for name in names for word in name.words)
    lengths = np.array([0, *(len(name.joined) for name in names)], dtype=np.int64)
    flat = "".join(name.joined for name in names)
    return Vocabulary(
        joined=np.array([joined[name.joined] for name in names], dtype=np.int32),
        sounds=_ragged([[sounds[sound] for sound in name.sounds] for name in names], 2),
        key=np.array(
            [sounds[name.sounds[0]] if name.sounds else len(sounds) + joined[name.joined] for name in names],
            dtype=np.int32,
        ),
        words=_ragged([[words[word] for word in name.words] for name in names], MOST_WORDS),
        word_size=np.array([len(word) for word in words], dtype=np.int32),
        honorific=np.array([word in HONORIFICS for word in words] or [False], dtype=np.bool_),
        one_letter=np.array([len(name.words[0]) == 1 for name in names], dtype=np.bool_),
        start=np.cumsum(lengths),
        characters=np.frombuffer(flat.encode("utf-32-le", "surrogatepass"), dtype=np.int32),
        forename_rarity=np.array([model.rarity.of_forename(name.joined) for name in names], dtype=np.int32),
        surname_rarity=np.array([model.rarity.of_surname(name.joined) for name in names], dtype=np.int32),
        nickname_pairs=_pairs("nicknames", joined),
        spelling_pairs=_pairs("forename_spellings", joined),
        surname_pairs=_pairs("surname_variants", joined),
        joined_texts=list(joined),
    )


def _ragged(rows: list[list[int]], width: int) -> Ints:
    table = np.full((len(rows), width), MISSING, dtype=np.int32)
    for place, row in enumerate(rows):
        table[place, : min(width, len(row))] = row[:width]
    return table


def _pairs(table: str, joined: dict[str, int]) -> Longs:
    """Return the sorted codes one * number of names + two of a table's pairs that both occur here."""
    size = len(joined)
    held = [joined[a] * size + joined[b] for a, b in variant_pairs(table) if a in joined and b in joined]
    return np.array(sorted(held), dtype=np.int64)
