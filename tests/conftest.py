"""Fixtures for every test: the database, its roles, and a network that ends at this machine."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

from contactpoint.cli.chromium import chromium
from contactpoint.cli.postgres import ROLE_NAMES, Role, let_sign_in
from tests.plugin import CLUSTER

# How quick a machine is fails no test: neither a slow example nor the making of one.
settings.register_profile("in no hurry", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("in no hurry")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """Runs before pytest-django makes the test database: the moment the server is first needed."""
    cluster = request.config.stash.get(CLUSTER, None)
    if cluster is not None:
        cluster.start()
    else:  # a server that all workers share
        request.getfixturevalue("django_db_modify_db_settings_xdist_suffix")


@pytest.fixture
def connect_as(transactional_db) -> Callable[[Role], psycopg.Connection]:
    """Signs in to the test database as a role, with its own password. It sees committed rows only."""
    at = {
        "host": connection.settings_dict["HOST"],
        "port": connection.settings_dict["PORT"],
        "dbname": connection.settings_dict["NAME"],
    }
    owner, password = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    with psycopg.connect(**at, user=owner, password=password, autocommit=True) as as_owner:
        for role in ("web", "worker", "auditor"):
            let_sign_in(as_owner, ROLE_NAMES[role], f"test-{role}")

    def connect(role: Role) -> psycopg.Connection:
        return psycopg.connect(**at, user=ROLE_NAMES[role], password=f"test-{role}", autocommit=True)

    return connect


@pytest.fixture
def web_role(connect_as) -> Iterator[psycopg.Connection]:
    with connect_as("web") as opened:
        yield opened


@pytest.fixture
def worker_role(connect_as) -> Iterator[psycopg.Connection]:
    with connect_as("worker") as opened:
        yield opened


@pytest.fixture
def auditor_role(connect_as) -> Iterator[psycopg.Connection]:
    with connect_as("auditor") as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A Chromium for the browser tests; where there is none, and none can be had, they fail and say so."""
    return chromium()


@pytest.fixture(scope="session", autouse=True)
def _empty_guarded_tables():
    """Between tests, empty also the tables whose triggers refuse it: the owner may switch triggers off."""
    flush = DatabaseOperations.sql_flush

    def guarded_flush(self, style, tables, **options):
        def switch(how):
            return [f"ALTER TABLE {self.quote_name(table)} {how} TRIGGER USER;" for table in tables]

        return [*switch("DISABLE"), *flush(self, style, tables, **options), *switch("ENABLE")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", guarded_flush)
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_loopback():
    """A test that reaches for the network fails; one that only would have, had it been there, is no test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect):
    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            message = f"A test tried to connect to {address[0]}: tests use this machine only."
            raise RuntimeError(message)
        return connect(self, address)

    return guarded
