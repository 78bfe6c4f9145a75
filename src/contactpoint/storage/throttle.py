"""Counts how often something was done in a window of time: one upsert, no other service."""

from datetime import datetime

from django.db import connection

_COUNT = """
    INSERT INTO throttle AS held (bucket, "window", used) VALUES (%s, %s, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        used = CASE WHEN held."window" = EXCLUDED."window" THEN held.used + 1 ELSE 1 END,
        "window" = EXCLUDED."window"
    RETURNING used
"""


def used_this_minute(bucket: str, at: datetime) -> int:
    """Count one more use of a bucket and return how many its minute now holds."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [bucket, at.replace(second=0, microsecond=0)])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
