"""Which rejected rows a source's own team may have back on its feed page, and where they are kept.

A row near a shield is told apart by nothing: it is not in the file, not among the reasons, and counts as
accepted. Near is a row that marks, or tries to mark, a child as restricted; one whose record or whose
child is shielded or in quarantine; and one that resembles such a child by number, or by name and birth
date (R21).
"""

from dataclasses import dataclass, replace
from typing import Final

import polars as pl
from django.conf import settings

from contactpoint.actions.find.coding import code, sound_of
from contactpoint.storage import feeds
from contactpoint.storage.near_shield import lines_near_a_shield
from contactpoint.supply.mapping import FeedMapping
from contactpoint.supply.places import team_file
from contactpoint.supply.read import LINE
from contactpoint.supply.validate import Validated, write_rejects

_MOST_REASONS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejects:
    """What goes back: rows, and why each was rejected, as `Validated` has them."""

    rejected: pl.DataFrame
    rejections: pl.DataFrame

    @property
    def reasons(self) -> list[tuple[str, str, int]]:
        """Field, reason and number of rows, the most frequent first."""
        counted = self.rejections.group_by("field", "reason").agg(rows=pl.col(LINE).n_unique())
        ordered = counted.sort(["rows", "field", "reason"], descending=[True, False, False])
        return ordered.head(_MOST_REASONS).rows()


def for_the_team(checked: Validated, source: str) -> Rejects:
    """Leave out what is near a shield, and whatever stands together with it in the file."""
    rejected = checked.rejected
    if not rejected.height:
        return Rejects(rejected=rejected, rejections=checked.rejections)
    near = lines_near_a_shield(_asked(rejected), source)
    if "restricted" in rejected.columns:
        near |= set(rejected.filter(pl.col("restricted").is_not_null())[LINE])
    together = rejected.filter(pl.col(LINE).is_in(sorted(near)))["local_id"].drop_nulls().unique().implode()
    hidden = pl.col(LINE).is_in(sorted(near)) | pl.col("local_id").is_in(together).fill_null(value=False)
    shown = rejected.filter(~hidden)
    return Rejects(
        rejected=shown, rejections=checked.rejections.join(shown.select(LINE), on=LINE, how="semi")
    )


def put_aside(back: Rejects, delivery: int, mapping: FeedMapping) -> None:
    """Keep the rows for the page, in the caller's transaction; without a data folder only their reasons.

    The file has the contract's own names, so that it can be sent again; the page the names of its source.
    """
    if not back.rejected.height:
        return
    if settings.HOME:
        path = team_file(settings.HOME, delivery)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_rejects(
            Validated(accepted=back.rejected.clear(), rejected=back.rejected, rejections=back.rejections),
            path,
        )
    told = replace(back, rejections=mapping.in_their_words(back.rejections))
    feeds.keep_rejects(delivery, rows=back.rejected.height, reasons=told.reasons)


def _asked(rejected: pl.DataFrame) -> pl.DataFrame:
    """What a rejected row says about who it is, as the matching index writes it."""
    names = {name: name in rejected.columns for name in ("forename", "surname", "nhs_number", "upn")}

    def cell(name: str) -> pl.Expr:
        return (pl.col(name) if names[name] else pl.lit(None, dtype=pl.String)).fill_null("")

    asked = rejected.select(
        LINE,
        pl.col("local_id").fill_null(""),
        dob=pl.col("date_of_birth").fill_null(""),
        nhs_number=cell("nhs_number").str.replace_all(r"[\s-]", ""),
        upn=cell("upn").str.to_uppercase(),
        forename=cell("forename"),
        surname=cell("surname"),
    )
    sounds = {"fk": "forename", "sk": "surname"}
    codes = [pl.Series(to, [_code(name) for name in asked[of]], dtype=pl.Int64) for to, of in sounds.items()]
    return asked.drop("forename", "surname").with_columns(codes)


def _code(name: str) -> int | None:
    sound = sound_of(name) if name else ""
    return code(sound) if sound else None
