"""A national build at a tiny size: killed in the middle of two phases, it goes on and ends whole."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import psycopg
import pytest

from contactpoint.cli.postgres import Cluster

PATIENCE = 300  # seconds


@pytest.fixture
def command():
    """The command and its folder, which PostgreSQL's user may reach."""
    with tempfile.TemporaryDirectory(prefix="contactpoint-national-") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        asked = ["--children", "300", "--authorities", "1", "--dir", str(home), "--no-searches"]
        yield home, [sys.executable, "-P", "-m", "contactpoint", "national", *asked]
        Cluster(home).stop()


def figures(home):
    file = home / "national.json"
    return json.loads(file.read_text())["phases"] if file.exists() else {}


def killed_in(phase, home, command):
    """Start it, and kill it as soon as it has begun that phase."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + PATIENCE
        while phase not in figures(home):
            assert process.poll() is None, process.stderr.read().decode()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def counted(home):
    cluster = Cluster(home)
    cluster.start()
    try:
        with psycopg.connect(cluster.url("owner")) as owner:
            queries = (
                "SELECT count(*) FROM source_record",
                "SELECT count(DISTINCT child_id) FROM search_identity",
                "SELECT count(DISTINCT child_id) FROM source_record",
                "SELECT array_agg(DISTINCT state) FROM delivery",
                "SELECT count(*) FROM staged_record",
            )
            return [owner.execute(query).fetchone()[0] for query in queries]
    finally:
        cluster.stop()


def test_killed_in_two_phases_it_goes_on_and_ends_whole(command):
    home, asked = command
    killed_in("load", home, asked)
    killed_in("publish", home, asked)
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr

    phases = figures(home)
    assert list(phases) == ["generate", "load", "link", "publish", "ready"]
    assert [one["starts"] for one in phases.values()] == [1, 2, 1, 2, 1]
    for phase in phases.values():
        assert phase["peak_memory"] > 0
        assert phase["peak_disk"] > 0
    truth = pl.read_parquet(home / "england" / "truth.parquet").filter(pl.col("delivery") == "full")
    records, searched, children, states, staged = counted(home)
    # Whoever has turned eighteen since, or died long ago, is not taken in (R15, R47).
    left_out = phases["load"]["came"]["rejected"] + phases["link"]["came"]["past_time"]
    assert records == truth.select("source", "local_id").n_unique() - left_out
    assert searched == children > 250
    assert (states, staged) == (["published"], 0)
    assert "together" in done.stdout

    again = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert figures(home) == phases
    assert "300 children" in again.stdout
