"""Counts how often something was done in a window of time: one upsert, no other service."""

from datetime import datetime

from contactpoint.storage.prepared import rows_of

_COUNT = """
    INSERT INTO throttle AS held (bucket, "window", used) VALUES (%(bucket)s, %(minute)s, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        used = CASE WHEN held."window" = EXCLUDED."window" THEN held.used + 1 ELSE 1 END,
        "window" = EXCLUDED."window"
    RETURNING used
"""


def used_this_minute(bucket: str, at: datetime) -> int:
    """Count one more use of a bucket and return how many its minute now holds."""
    minute = at.replace(second=0, microsecond=0)
    return int(rows_of(_COUNT, {"bucket": bucket, "minute": minute})[0][0])
