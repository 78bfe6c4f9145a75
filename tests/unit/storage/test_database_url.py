"""What a DATABASE_URL names, and what it must ask of a server elsewhere."""

import pytest

from contactpoint.cli.pg_programs import _connection
from contactpoint.domain.errors import Misconfigured
from contactpoint.storage.database_url import connection_of, secured

ELSEWHERE = "postgresql://owner:p%40ss@db.example:5433/contactpoint"


@pytest.mark.parametrize(
    "url", ["postgresql://x@127.0.0.1:5/y", "postgres:///y", "postgresql://x@localhost/y"]
)
def test_here_nothing_is_added(url):
    assert secured(url) == url


def test_elsewhere_the_certificate_is_checked_against_the_name():
    assert secured(ELSEWHERE) == f"{ELSEWHERE}?sslmode=verify-full&sslrootcert=system"
    assert secured(secured(ELSEWHERE)) == secured(ELSEWHERE)


def test_an_authority_of_ones_own_may_be_named():
    named = connection_of(f"{ELSEWHERE}?sslrootcert=/etc/ca.pem")
    assert (named["sslmode"], named["sslrootcert"]) == ("verify-full", "/etc/ca.pem")
    assert named["password"] == "p@ss"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca", ""])
def test_nothing_weaker_is_accepted_for_a_server_elsewhere(mode):
    with pytest.raises(Misconfigured, match="whose certificate must be checked"):
        secured(f"{ELSEWHERE}?sslmode={mode}")


@pytest.mark.parametrize("more", ["host=other.example", "passfile=/tmp/x", "options=-crow_security=off"])
def test_nothing_else_can_be_asked_for(more):
    with pytest.raises(Misconfigured, match="not for"):
        secured(f"{ELSEWHERE}?{more}")


def test_the_programs_of_postgresql_are_told_the_same():
    assert _connection(ELSEWHERE) == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "owner",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "contactpoint",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "system",
    }
