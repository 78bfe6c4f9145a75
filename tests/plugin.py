"""Loaded before Django's settings are read: gives the tests a PostgreSQL of their own, started when needed.

With DATABASE_URL set, that server is used instead. Its role must be the owner's kind (CREATEROLE, CREATEDB);
the tests make a database beside it, and set the passwords of the other roles.

Where several workers share the tests (`-n 2`), each has a server of its own and takes whole files; the
browser tests, which share one product, are one worker's.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from contactpoint.cli.postgres import Cluster
from contactpoint.cli.testing import FAILED_CHECKS
from tests.factories.two_worlds.tally import NAME, summary

CLUSTER = pytest.StashKey[Cluster]()
# The server of the process that hands the tests out; it is never started, and not its workers'.
HANDED_DOWN: Final = "CONTACTPOINT_TESTS_DATABASE"
# What takes longest is begun first, so that no worker is left alone with it.
BROWSER: Final = "tests/system/"
FIRST: Final = (BROWSER, "tests/integration/test_kills.py", "tests/integration/")

os.environ.setdefault("CONTACTPOINT_SECRET_KEY", "only-for-tests-" + "0" * 40)
os.environ.setdefault("CONTACTPOINT_PAIR_KEY", "5e" * 32)
os.environ.setdefault("CONTACTPOINT_SEAL_KEY", str(Path(__file__).parent / "fixtures" / "seal.key"))


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Say where the server will be before anyone reads the settings; nothing is started here."""
    if os.environ.get("DATABASE_URL") != os.environ.get(HANDED_DOWN):
        return
    folder = Path(tempfile.mkdtemp(prefix="contactpoint-tests-"))
    cluster = Cluster(folder, throwaway=True)
    os.environ["DATABASE_URL"] = os.environ[HANDED_DOWN] = cluster.url("owner")
    pluginmanager.register(_Owned(cluster))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Hand out the tests so that what is costly to make is made by one worker."""
    return _ByWhatIsShared(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where workers share the tests, begin with what takes longest."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.nodeid))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests tell of themselves; and the checks that failed before, where the eye ends up."""
    tallies: list[dict[str, int]] = []
    for report in (one for reports in terminalreporter.stats.values() for one in reports):
        if getattr(report, "when", None) == "teardown":
            for name, told in report.user_properties:
                if name == NAME:
                    tallies.append(told)
                    continue
                terminalreporter.section(f"{name} of {report.nodeid}")
                terminalreporter.line(told)
    if compared := summary(tallies):
        terminalreporter.section("two worlds")
        terminalreporter.write_line("\n".join(compared))
    if failed := os.environ.get(FAILED_CHECKS):
        terminalreporter.section("checks", red=True)
        terminalreporter.line(f"Failed before the tests: {failed}")


def scope_of(nodeid: str) -> str:
    """What is handed out as one: a file, for what its tests share; the browser's tests, for the product."""
    return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def _turn(nodeid: str) -> int:
    return next((turn for turn, path in enumerate(FIRST) if nodeid.startswith(path)), len(FIRST))


class _ByWhatIsShared(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


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
        del os.environ["DATABASE_URL"], os.environ[HANDED_DOWN]
