"""`contactpoint status`: where the data is, what runs, how much is in it, what waits, what is wrong."""

import shutil
from datetime import UTC, date, datetime
from typing import Final

import psycopg
from rich.table import Table

from contactpoint.cli.backup import release
from contactpoint.cli.doctor_database import published_finding, unsealed_finding
from contactpoint.cli.doctor_keys import seal_key_finding, seal_key_path
from contactpoint.cli.home import default_home
from contactpoint.cli.messages import out, say
from contactpoint.cli.postgres import Cluster
from contactpoint.cli.processes import served_at

# Whoever runs the service reads no child data (R57): nothing is counted that is hidden, since a count that
# moves when somebody is protected, or a sensitive service comes, would tell that it did.
_COUNTED: Final = (
    ("Children", "SELECT count(*) FROM child WHERE retired_into_id IS NULL"),
    (
        "Source records, but for hidden ones",
        """SELECT count(*) FROM source_record r JOIN source s ON s.code = r.source_id
           WHERE NOT r.sealed AND holds_nearly_every_child(s.contract)""",
    ),
    (
        "Services in contact, but for hidden ones",
        """SELECT count(*) FROM involvement WHERE end_date IS NULL AND NOT sealed
           AND NOT is_sensitive(service) AND (typed_by_id IS NULL OR confirmed_at IS NOT NULL)""",
    ),
    ("Accounts", "SELECT count(*) FROM account"),
    ("Audit events", "SELECT count(*) FROM audit_event"),
    ("Deliveries", "SELECT count(*) FROM delivery"),
    ("  staged, not published yet", "SELECT count(*) FROM delivery WHERE state IN ('staged', 'linked')"),
    ("  held for a person", "SELECT count(*) FROM delivery WHERE state = 'held'"),
    ("Pairs of records for a person to decide", "SELECT count(*) FROM review_case WHERE NOT near_shield"),
)

_FEEDS: Final = """
    SELECT s.code, max(d.as_at) FILTER (WHERE d.state = 'published'), s.promised_days,
           max(d.state) FILTER (WHERE d.state IN ('staged', 'linked', 'held'))
    FROM source s LEFT JOIN delivery d ON d.source_id = s.code
    WHERE s.contract <> 'practitioner' GROUP BY s.code, s.promised_days ORDER BY s.code
"""


def print_status() -> bool:
    """Print it; whether the directory is being served. Starts nothing."""
    home = default_home()
    say(f"ContactPoint {release()}")
    say(f"Data folder: {home}")
    if not (home / "postgres").exists():
        say("Nothing is there yet: `contactpoint demo` sets it up.")
        return False
    say(f"Disk: {shutil.disk_usage(home).free / 1e9:.1f} GB free")
    cluster = Cluster(home)
    if not cluster.is_running:
        say("PostgreSQL: not running. `contactpoint serve` starts everything.")
        return False
    address = served_at(home)
    with psycopg.connect(cluster.url("owner")) as connection:
        port = cluster.url().rpartition(":")[2].partition("/")[0]
        size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        running = connection.info.parameter_status("server_version")
        say(f"PostgreSQL: {running}, loopback port {port}, {size[0] / 1e6 if size else 0:,.0f} MB")
        say(f"Pages: {address or 'not served'}")
        for name, query in _COUNTED:
            row = connection.execute(query.encode()).fetchone()
            say(f"{name}: {row[0] if row else 0:,}")
        _print_feeds(connection)
        found = (
            unsealed_finding(connection),
            published_finding(connection, home / "audit"),
            seal_key_finding(connection, seal_key_path(home)),
        )
    for finding in found:
        say(finding.line())
    say("`contactpoint doctor` looks at everything else that can be wrong.")
    return address is not None


def freshness(as_at: date | None, promised_days: int, *, today: date, waiting: str | None) -> str:
    """How a feed stands against its promise: a new delivery within so many days of the last one's day."""
    words = "held for a person" if waiting == "held" else "a delivery is being taken in" if waiting else ""
    if as_at is None:
        stands = "nothing published yet"
    else:
        late = (today - as_at).days - promised_days
        stands = f"LATE by {late} days" if late > 0 else "fresh"
    return f"{stands}; {words}" if words else stands


def _print_feeds(connection: psycopg.Connection) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Feed", "Speaks for", "Promised every", "Stands"):
        table.add_column(heading, no_wrap=True)
    today = datetime.now(UTC).date()
    for code, as_at, promised, waiting in connection.execute(_FEEDS).fetchall():
        stands = freshness(as_at, promised, today=today, waiting=waiting)
        table.add_row(code, str(as_at or "-"), f"{promised} days", stands)
    if table.row_count:
        out.print(table)
