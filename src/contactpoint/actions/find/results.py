"""From scored children to the answer a person sees: likely ones first, twins together, at most twenty."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from contactpoint.actions.find.scoring import Hit
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Closeness, ResultCard, SearchAnswer
from contactpoint.domain.disclosure.policies import is_it_archived
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.storage.queries.children import staying_among
from contactpoint.storage.queries.organisations import children_services_phone
from contactpoint.storage.search_index import Row, main_rows

# R13.
MOST_RESULTS: Final = 20
# Up to so many bits short of a perfect fit a child is likely to be the one, unless the best has 32 times its
# odds: less than any other spelling of a name costs.
_LIKELY: Final = 20.0
_BESIDE: Final = 5.0
# Main rows are read so many at a time, until it is known that there are too many.
_AT_A_TIME: Final = 40
_NARROWING: Final = 3


def answer_of(hits: Sequence[Hit], criteria: Criteria, *, by: Viewer, on: date) -> SearchAnswer:
    """Return the cards of those who may match, or that there are too many to list (R13)."""
    rows, possible = _living(hits, on)
    too_many = sum(_is_beside_the_best(hit, possible[0]) for hit in possible) > MOST_RESULTS
    shown = [] if too_many else possible[:MOST_RESULTS]
    unlisted = len(possible) > len(shown)
    groups = _similar_groups([rows[hit.child] for hit in shown])
    referral = children_services_phone(criteria.authority or by.authority)
    return SearchAnswer(
        cards=tuple(
            _card(hit, rows[hit.child], groups.get(hit.child), likely=_is_likely(hit, possible[0]))
            for hit in shown
        ),
        too_many=too_many,
        less_likely_unlisted=unlisted and not too_many,
        narrow_by=_narrow_by(criteria, [rows[hit.child] for hit in possible]) if unlisted else (),
        used_hidden_field=criteria.uses_hidden_field,
        desk_phone=NATIONAL_DESK_PHONE,
        referral=(referral,) if referral else (),
    )


def _living(hits: Sequence[Hit], on: date) -> tuple[dict[str, Row], list[Hit]]:
    """The main rows of the best hits who are not archived, as many as decide the answer, and those hits."""
    rows: dict[str, Row] = {}
    living: list[Hit] = []
    for start in range(0, len(hits), _AT_A_TIME):
        some = hits[start : start + _AT_A_TIME]
        rows |= main_rows([hit.child for hit in some])
        found = [hit for hit in some if hit.child in rows]
        grown = {hit.child for hit in found if is_it_archived(rows[hit.child].dob, None, on)}
        gone = grown - staying_among(sorted(grown), on)
        living += [hit for hit in found if hit.child not in gone]
        if len(living) > MOST_RESULTS:
            break
    return rows, living


def likely_among(hits: Sequence[Hit]) -> frozenset[str]:
    """The children among hits, best first, who would be listed as likely, or are too many to list."""
    return frozenset(hit.child for hit in hits if _is_likely(hit, hits[0]))


def _is_beside_the_best(hit: Hit, best: Hit) -> bool:
    return hit.short_by <= best.short_by + _BESIDE


def _is_likely(hit: Hit, best: Hit) -> bool:
    return hit.short_by <= _LIKELY and _is_beside_the_best(hit, best)


def _card(hit: Hit, row: Row, group: int | None, *, likely: bool) -> ResultCard:
    return ResultCard(
        number=row.child,
        name=" ".join(part for part in (row.forename, row.surname) if part),
        known_as=row.known_as or None,
        date_of_birth=row.dob_text or None,
        sex=row.sex or None,
        town=row.town or None,
        why=hit.why,
        closeness=Closeness.LIKELY if likely else Closeness.LESS_LIKELY,
        similar_group=group,
        protected=row.shielded,
    )


def _similar_groups(rows: Sequence[Row]) -> dict[str, int]:
    """Number the groups of children with the same birth date whose last names sound the same: twins, mostly.

    Only shown values decide, so that a group says nothing of what is hidden.
    """
    together: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        if row.dob_text:
            together.setdefault((row.dob_text, row.sk), []).append(row.child)
    groups = [children for children in together.values() if len(children) > 1]
    return {child: number for number, children in enumerate(groups, start=1) for child in children}


def _narrow_by(criteria: Criteria, rows: Sequence[Row]) -> tuple[str, ...]:
    """The fields not yet used on which these children differ most, the best first."""
    shown = {
        "date_of_birth": {row.dob_text for row in rows},
        "forename": {row.forename.casefold() for row in rows},
        "surname": {row.surname.casefold() for row in rows},
        "place": {row.postcode for row in rows if not row.shielded},
    }
    unused = [name for name in shown if getattr(criteria, name) is None]
    return tuple(sorted(unused, key=lambda name: -len(shown[name]))[:_NARROWING])
