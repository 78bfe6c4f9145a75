"""Counts how often something was done in a window of time: one upsert, no other service."""

from datetime import datetime
from uuid import UUID

from contactpoint.storage.prepared import rows_of

_COUNT = """
    INSERT INTO throttle AS held (bucket, "window", used) VALUES (%(bucket)s, %(minute)s, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        used = CASE WHEN held."window" = EXCLUDED."window" THEN held.used + 1 ELSE 1 END,
        "window" = EXCLUDED."window"
    RETURNING used
"""
_COUNT_BOTH = """
    INSERT INTO throttle AS held (bucket, "window", used)
    VALUES (%(mine)s, %(minute)s::timestamptz, 1), (%(purpose)s, %(day)s::timestamptz, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        used = CASE WHEN held."window" = EXCLUDED."window" THEN held.used + 1 ELSE 1 END,
        "window" = EXCLUDED."window"
    RETURNING bucket, used
"""
_HELD = """SELECT used FROM throttle WHERE bucket = %(bucket)s AND "window" = %(window)s"""


def count_use(bucket: str, window: datetime) -> int:
    """Count one more use of a bucket in the window that began then, and return how many it now holds."""
    return int(rows_of(_COUNT, {"bucket": bucket, "minute": window})[0][0])


def count_searches(account: UUID | None, purpose: str, at: datetime, day: datetime) -> tuple[int, int]:
    """Count one more search; return how many this minute holds, and how many the day for that purpose.

    One statement, because every search waits for it.
    """
    mine = f"search:{account}"
    counted = dict(
        rows_of(
            _COUNT_BOTH,
            {
                "mine": mine,
                "minute": at.replace(second=0, microsecond=0),
                "purpose": f"{mine}:{purpose}",
                "day": day,
            },
        )
    )
    return int(counted[mine]), int(counted[f"{mine}:{purpose}"])


def uses(bucket: str, window: datetime) -> int:
    """How many uses of a bucket the window that began then holds."""
    rows = rows_of(_HELD, {"bucket": bucket, "window": window})
    return int(rows[0][0]) if rows else 0


def suspend_for_pace(event: UUID, *, at: datetime) -> bool:
    """Suspend whom an event of this transaction names as acting, and give it to the national reviewers."""
    return bool(rows_of("SELECT suspend_for_pace(%(event)s, %(at)s)", {"event": event, "at": at})[0][0])
