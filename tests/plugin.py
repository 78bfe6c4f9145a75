"""Loaded before Django's settings are read: gives the tests a PostgreSQL of their own, started when needed.

With DATABASE_URL set, that server is used instead. Its role must be the owner's kind (CREATEROLE, CREATEDB);
the tests make a database beside it, and set the passwords of the other roles.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from contactpoint.cli.postgres import Cluster
from contactpoint.cli.testing import FAILED_CHECKS

CLUSTER = pytest.StashKey[Cluster]()

os.environ.setdefault("CONTACTPOINT_SECRET_KEY", "only-for-tests-" + "0" * 40)
os.environ.setdefault("CONTACTPOINT_PAIR_KEY", "5e" * 32)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Say where the server will be before anyone reads the settings; nothing is started here."""
    if "DATABASE_URL" in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="contactpoint-tests-"))
    cluster = Cluster(folder, throwaway=True)
    os.environ["DATABASE_URL"] = cluster.url("owner")
    pluginmanager.register(_Owned(cluster))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the checks that failed before the tests, where the eye ends up."""
    if failed := os.environ.get(FAILED_CHECKS):
        terminalreporter.section("checks", red=True)
        terminalreporter.line(f"Failed before the tests: {failed}")


class _Owned:
    """Keeps the server for as long as pytest runs."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[CLUSTER] = self.cluster

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        self.cluster.stop()
        shutil.rmtree(self.cluster.home)
        del os.environ["DATABASE_URL"]
