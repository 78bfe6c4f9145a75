"""Naming traditions: how names are drawn, which customs they follow, and how much worse sources spell them.

A tradition is a property of the generator, drawn for a family so that names are plausible together. Shares by
authority are in ``tables/authorities.csv``; tags on forenames are judgements about names, never about people.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradition:
    """One tradition.

    Attributes:
        name: its key; the order of `TRADITIONS` is the order of the ``mix`` column of ``authorities.csv``.
        tags: letters of ``forenames.csv`` whose names it draws.
        own: share of forenames drawn from those, the rest from names in general use.
        large_families: share of families with three or more children (Children's Commissioner 2022 for white
            British 14 %, Pakistani 41 %, Bangladeshi 38 %; the others are our assumption).
        misspelt: multiplier on every name error. Published studies find more missed links for minority ethnic
            groups (Libuy 2021, Hagger-Johnson 2017, Harron 2017) but give no rates by group: our assumption.
        misdated: multiplier on birth-date errors, likewise assumed.
        reordered: multiplier on forename and surname exchanged, for customs that write the family name first
            or have none; assumed.
    """

    name: str
    tags: str
    own: float
    large_families: float = 0.14
    misspelt: float = 1.0
    misdated: float = 1.0
    reordered: float = 1.0


def _t(
    name: str,
    tags: str,
    own: float,
    large: float,
    misspelt: float,
    misdated: float = 1.0,
    reordered: float = 1.0,
) -> Tradition:
    return Tradition(
        name=name,
        tags=tags,
        own=own,
        large_families=large,
        misspelt=misspelt,
        misdated=misdated,
        reordered=reordered,
    )


TRADITIONS: tuple[Tradition, ...] = (
    _t("english", "", 0.0, 0.14, 1.0),
    _t("irish", "I", 0.55, 0.20, 1.2),
    _t("welsh", "W", 0.55, 0.14, 1.2),
    _t("jewish", "J", 0.75, 0.35, 1.3),
    _t("polish", "P", 0.75, 0.12, 1.7),
    _t("romanian", "R", 0.75, 0.18, 1.7, 1.0, 3.0),
    _t("latin", "L", 0.7, 0.14, 1.5),
    _t("turkish", "T", 0.8, 0.20, 1.7),
    _t("pakistani", "M", 0.95, 0.41, 1.8, 1.3),
    _t("bangladeshi", "M", 0.95, 0.38, 1.8, 1.3),
    _t("sikh", "S", 0.85, 0.18, 1.5),
    _t("hindu", "H", 0.85, 0.12, 1.5),
    _t("tamil", "H", 0.7, 0.15, 1.8, 1.3, 6.0),
    _t("arab", "A", 0.92, 0.35, 1.9, 1.5),
    _t("somali", "A", 0.97, 0.50, 2.0, 2.0, 3.0),
    _t("west_african", "F", 0.7, 0.30, 1.6),
    _t("caribbean", "F", 0.15, 0.20, 1.2),
    _t("chinese", "C", 0.5, 0.10, 1.6, 1.0, 8.0),
    _t("afghan", "AM", 0.95, 0.40, 2.0, 2.0, 3.0),
    _t("mixed", "", 0.0, 0.16, 1.2),
)
INDEX: dict[str, int] = {t.name: i for i, t in enumerate(TRADITIONS)}
