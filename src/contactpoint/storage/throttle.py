"""Counts how often something was done in a window of time: one upsert, no other service."""

from datetime import datetime
from uuid import UUID

from contactpoint.domain.disclosure.trawling import SearchesMade
from contactpoint.storage.prepared import rows_of

_COUNT = """
    INSERT INTO throttle AS held (bucket, "window", used) VALUES (%(bucket)s, %(minute)s, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        used = CASE WHEN held."window" = EXCLUDED."window" THEN held.used + 1 ELSE 1 END,
        "window" = EXCLUDED."window"
    RETURNING used
"""
_COUNT_SEARCH = """
    WITH counted AS (
        INSERT INTO throttle AS held (bucket, "window", used)
        SELECT t.bucket, t."window", 1
        FROM unnest(%(buckets)s::text[], %(windows)s::timestamptz[])
            WITH ORDINALITY AS t (bucket, "window", nth)
        ORDER BY t.nth
        ON CONFLICT (bucket) DO UPDATE SET
            used = CASE WHEN held."window" = EXCLUDED."window" THEN held.used + 1 ELSE 1 END,
            "window" = EXCLUDED."window"
        RETURNING bucket, used
    )
    SELECT bucket, used FROM counted
    UNION ALL
    SELECT bucket, used FROM throttle
    WHERE bucket = ANY(%(read)s::text[]) AND "window" = %(day)s::timestamptz
"""
# An organisation's searches are counted in so many places, by who searches, so that its people do not queue.
_PARTS = 16
_HELD = """SELECT used FROM throttle WHERE bucket = %(bucket)s AND "window" = %(window)s"""


def count_use(bucket: str, window: datetime) -> int:
    """Count one more use of a bucket in the window that began then, and return how many it now holds."""
    return int(rows_of(_COUNT, {"bucket": bucket, "minute": window})[0][0])


def count_search(
    by: UUID, organisation: str, purpose: str, *, at: datetime, day: datetime, said_again: bool
) -> SearchesMade:
    """Count one more search, and whether it was said again why; return what was searched with it.

    One statement, because every search waits for it. People of one organisation wait for each other only
    where they share one of its counters.
    """
    mine, shared = f"search:{by}", [f"search@{organisation}:{part}" for part in range(_PARTS)]
    again, own = f"search-again:{by}", shared[by.int % _PARTS]
    of_day = [f"{mine}:{purpose}", f"{mine}:all", own, *([again] if said_again else [])]
    minute = at.replace(second=0, microsecond=0)
    rows = rows_of(
        _COUNT_SEARCH,
        {
            "buckets": [mine, *of_day],
            "windows": [minute, *[day] * len(of_day)],
            "read": [one for one in (*shared, again) if one not in of_day],
            "day": day,
        },
    )
    used = {str(bucket): int(number) for bucket, number in rows}
    return SearchesMade(
        of_minute=used[mine],
        of_reason=used[f"{mine}:{purpose}"],
        of_day=used[f"{mine}:all"],
        of_organisation=sum(used.get(one, 0) for one in shared),
        said_again=used.get(again, 0),
    )


def uses(bucket: str, window: datetime) -> int:
    """How many uses of a bucket the window that began then holds."""
    rows = rows_of(_HELD, {"bucket": bucket, "window": window})
    return int(rows[0][0]) if rows else 0


def suspend_for_pace(event: UUID, *, at: datetime) -> bool:
    """Suspend whom an event of this transaction names as acting, and give it to the national reviewers."""
    return bool(rows_of("SELECT suspend_for_pace(%(event)s, %(at)s)", {"event": event, "at": at})[0][0])
