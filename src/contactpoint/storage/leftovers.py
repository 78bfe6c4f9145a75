"""What is not a child's record and has its time all the same: counted, and let go of in pieces (worker)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from django.db import connection

from contactpoint.domain.retention import Leftover

_AT_ONCE: Final = 5000
_ENDED: Final = "state IN ('answered', 'withdrawn') AND coalesce(changed_at, asked_at) < %(before)s"
_COUNTS: Final[Mapping[Leftover, str]] = MappingProxyType(
    {
        Leftover.STAGED: "SELECT count(*) FROM delivery WHERE state = 'held' AND received_at < %(before)s",
        Leftover.REJECTED: "SELECT count(*) FROM rejection r JOIN delivery d ON d.id = r.delivery_id "
        "WHERE d.received_at < %(before)s",
        Leftover.REQUESTS: f"SELECT count(*) FROM contact_request WHERE via_id IS NULL AND {_ENDED}",  # noqa: S608
        Leftover.USE: "SELECT count(*) FROM use_item WHERE day < %(before)s",
    }
)
_REJECTED: Final = """
    DELETE FROM rejection WHERE id IN (SELECT r.id FROM rejection r JOIN delivery d ON d.id = r.delivery_id
        WHERE d.received_at < %(before)s ORDER BY r.id LIMIT %(most)s)
"""


def count(what: Leftover, before: datetime) -> int:
    """Count what is older than `before`."""
    return _number(_COUNTS[what], before=_from(what, before))


def held_since(before: datetime) -> list[int]:
    """Return deliveries that came before then and still wait for a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM delivery WHERE state = 'held' AND received_at < %s ORDER BY id", [before]
        )
        return [row[0] for row in cursor.fetchall()]


def forget_rejections(before: datetime) -> int:
    """Let go of some of the rejections that are older; say how many."""
    with connection.cursor() as cursor:
        cursor.execute(_REJECTED, {"before": before, "most": _AT_ONCE})
        return int(cursor.rowcount)


def forget_requests(before: datetime) -> int:
    """Let go of some of the requests that ended earlier; say how many."""
    return _number("SELECT forget_requests(%(before)s, %(most)s)", before=before, most=_AT_ONCE)


def forget_use(before: datetime) -> int:
    """Let go of some of the use that was reviewed earlier; say how many."""
    return _number("SELECT forget_use(%(before)s, %(most)s)", before=before.date(), most=_AT_ONCE)


def forget_rejects_files(before: datetime) -> int:
    """Offer no more the rejected rows of deliveries that came earlier; their files are deleted beside it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM rejects_file f USING delivery d WHERE d.id = f.delivery_id AND d.received_at < %s",
            [before],
        )
        return int(cursor.rowcount)


FORGETTING: Final[Mapping[Leftover, Callable[[datetime], int]]] = MappingProxyType(
    {
        Leftover.REJECTED: forget_rejections,
        Leftover.REQUESTS: forget_requests,
        Leftover.USE: forget_use,
    }
)
COUNTED: Final = tuple(_COUNTS)


def _from(what: Leftover, before: datetime) -> datetime | date:
    return before.date() if what is Leftover.USE else before


def _number(query: str, **values: datetime | date | int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return int((cursor.fetchone() or (0,))[0])
