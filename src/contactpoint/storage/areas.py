"""Whose area postcode districts are in, and the children for whom to work that out again (worker)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from contactpoint.storage.asking import fetch
from contactpoint.storage.models import AreaRework
from contactpoint.storage.queries.organisations import gazetteer

# The index says of protected children no place: each of them is looked at.
_NEXT: Final = """
    SELECT number FROM (
        SELECT child_id AS number FROM search_identity
        WHERE dis = ANY(%(districts)s) AND child_id > %(through)s
        UNION SELECT number FROM child
        WHERE shielded AND NOT archived AND retired_into_id IS NULL AND number > %(through)s) AS concerned
    ORDER BY number LIMIT %(most)s
"""


def areas_of_districts() -> dict[str, str]:
    """Return the authority of each postcode district, by the organisations that are there now."""
    return dict(gazetteer().districts)


def work_out_again(before: Mapping[str, str], at: datetime) -> int:
    """Note the districts that are in another area than before, if children are held; return how many."""
    now = areas_of_districts()
    changed = sorted(one for one in {*before, *now} if before.get(one) != now.get(one))
    if changed and fetch("SELECT EXISTS (SELECT FROM search_identity)") == [(True,)]:
        AreaRework.objects.create(districts=changed, asked_at=at)
    return len(changed)


def anything_to_work_out() -> bool:
    """Say whether districts wait."""
    return AreaRework.objects.exists()


def next_part(most: int) -> tuple[int, list[str]] | None:
    """Return the oldest of what waits, locked, and the next children of it; None where nothing waits."""
    row = AreaRework.objects.select_for_update().order_by("pk").first()
    if row is None:
        return None
    found = fetch(_NEXT, districts=row.districts, through=row.done_through, most=most)
    return row.pk, [number for (number,) in found]


def done_through(which: int, child: str | None) -> None:
    """Say how far one of them is done; with None it is done, and forgotten."""
    if child is None:
        AreaRework.objects.filter(pk=which).delete()
    else:
        AreaRework.objects.filter(pk=which).update(done_through=child)
