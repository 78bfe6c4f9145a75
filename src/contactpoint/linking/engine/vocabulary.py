"""Distinct texts as small integers, each normalised once by the scalar reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from doublemetaphone import doublemetaphone

from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.texts import MISSING, codes_of, names
from contactpoint.linking.model.normalise import MOST_WORDS
from contactpoint.linking.model.weights import Model
from contactpoint.linking.names import HONORIFICS, is_initial, variant_pairs

_SOUNDS: Final = {"primary": pl.String, "alternate": pl.String}


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
    initial: Bools
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
    sounds, known_sounds = _sounds(texts)
    places = {text: place for place, text in enumerate(texts)}
    lengths = known.str.replace_all(" ", "", literal=True).str.len_chars().to_numpy().astype(np.int64)
    letters = known.str.replace_all(" ", "", literal=True).str.join("").item() or ""
    return Vocabulary(
        joined=joined,
        sounds=sounds[joined],
        key=np.where(sounds[joined, 0] >= 0, sounds[joined, 0], np.int32(known_sounds) + joined),
        words=_ragged(word, words.list.len().to_numpy().astype(np.int64), MOST_WORDS),
        word_size=word_texts.str.len_chars().to_numpy().astype(np.int32),
        honorific=np.array([text in HONORIFICS for text in word_texts.to_list()] or [False], dtype=np.bool_),
        one_letter=(words.list.first().str.len_chars() == 1).to_numpy(),
        initial=np.array([is_initial(text) for text in texts] or [False], dtype=np.bool_)[joined],
        start=np.append(0, np.cumsum(lengths)),
        characters=np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.int32),
        forename_rarity=_rarities(joined_texts, model.rarity.forename, model.rarity.unlisted_forename)[
            joined
        ],
        surname_rarity=_rarities(joined_texts, model.rarity.surname, model.rarity.unlisted_surname)[joined],
        nickname_pairs=_pairs("nicknames", places),
        spelling_pairs=_pairs("forename_spellings", places),
        surname_pairs=_pairs("surname_variants", places),
        joined_texts=texts,
    )


def _sounds(texts: list[str]) -> tuple[Ints, int]:
    """Return the codes of names.sounds_of each text, in the order of the sounds, and how many there are."""
    made = pl.DataFrame([doublemetaphone(text) for text in texts], schema=_SOUNDS, orient="row")
    alternate = pl.when(pl.col("primary") != pl.col("alternate")).then("alternate")
    made = made.with_columns(alternate.alias("alternate"))
    blank = pl.col("primary") == ""
    made = made.select(
        pl.when(blank).then("alternate").otherwise("primary").alias("primary"),
        pl.when(~blank).then("alternate").alias("alternate"),
    )
    codes, known = codes_of(pl.concat([made["primary"], made["alternate"]]), ordered=True)
    return np.ascontiguousarray(codes.reshape(2, len(texts)).T), len(known)


def _rarities(texts: pl.Series, listed: Mapping[str, int], unlisted: int) -> Ints:
    """Return the rarity of each name."""
    if not listed:
        return np.full(len(texts), unlisted, dtype=np.int32)
    return texts.replace_strict(dict(listed), default=unlisted, return_dtype=pl.Int32).to_numpy()


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
