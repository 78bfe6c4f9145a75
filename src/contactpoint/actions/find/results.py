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
from contactpoint.storage.queries.organisations import children_services_phone
from contactpoint.storage.search_index import Row, main_rows

# R13.
MOST_RESULTS: Final = 20
# Bits short of a perfect fit: up to the first a child may match, up to the second it is likely to.
_MAY_MATCH: Final = 32.0
_LIKELY: Final = 20.0
# A child this much behind the best is not likely beside it.
_BEHIND_BEST: Final = 10.0
_NARROWING: Final = 3


def answer_of(hits: Sequence[Hit], criteria: Criteria, *, by: Viewer, on: date) -> SearchAnswer:
    """Return the cards of those who may match, or that there are too many to list (R13)."""
    possible = [hit for hit in hits if hit.short_by <= _MAY_MATCH]
    rows = main_rows([hit.child for hit in possible])
    possible = [
        hit for hit in possible if hit.child in rows and not is_it_archived(rows[hit.child].dob, None, on)
    ]
    likely = [hit for hit in possible if _is_likely(hit, possible[0])]
    too_many = len(likely) > MOST_RESULTS or (not likely and len(possible) > MOST_RESULTS)
    shown = [] if too_many else possible[:MOST_RESULTS]
    groups = _similar_groups([rows[hit.child] for hit in shown])
    referral = children_services_phone(criteria.authority or by.authority)
    return SearchAnswer(
        cards=tuple(
            _card(hit, rows[hit.child], groups.get(hit.child), likely=_is_likely(hit, shown[0]))
            for hit in shown
        ),
        too_many=too_many,
        narrow_by=_narrow_by(criteria, [rows[hit.child] for hit in likely or possible]) if too_many else (),
        used_hidden_field=criteria.uses_hidden_field,
        desk_phone=NATIONAL_DESK_PHONE,
        referral=(referral,) if referral else (),
    )


def _is_likely(hit: Hit, best: Hit) -> bool:
    return hit.short_by <= _LIKELY and best.weight - hit.weight <= _BEHIND_BEST


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
