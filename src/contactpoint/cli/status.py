"""`contactpoint status`: where the data is, what runs, how much is in the directory."""

import psycopg

from contactpoint.cli.home import default_home
from contactpoint.cli.messages import say
from contactpoint.cli.postgres import Cluster
from contactpoint.cli.processes import served_at

_COUNTED = (
    ("Children", "SELECT count(*) FROM child"),
    ("Source records", "SELECT count(*) FROM source_record"),
    ("Services in contact", "SELECT count(*) FROM involvement WHERE end_date IS NULL"),
    ("Deliveries", "SELECT count(*) FROM delivery"),
    ("Accounts", "SELECT count(*) FROM account"),
    ("Audit events", "SELECT count(*) FROM audit_event"),
    ("of them not sealed yet", "SELECT count(*) FROM audit_pending"),
)


def print_status() -> bool:
    """Print it; whether the directory is being served. Starts nothing."""
    home = default_home()
    say(f"Data folder: {home}")
    if not (home / "postgres").exists():
        say("Nothing is there yet: `contactpoint demo` sets it up.")
        return False
    cluster = Cluster(home)
    if not cluster.is_running:
        say("PostgreSQL: not running. `contactpoint serve` starts everything.")
        return False
    say(f"PostgreSQL: running, loopback port {cluster.url().rpartition(':')[2].partition('/')[0]}")
    address = served_at(home)
    say(f"Pages: {address or 'not served'}")
    _print_counts(cluster)
    return address is not None


def _print_counts(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("owner")) as connection:
        for name, query in _COUNTED:
            row = connection.execute(query).fetchone()
            say(f"{name}: {row[0] if row else 0:,}")
