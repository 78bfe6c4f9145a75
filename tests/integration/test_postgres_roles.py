"""Each process signs in as its own role (ADR 0006)."""

import pytest


@pytest.mark.parametrize("role", ["web", "worker", "auditor"])
def test_a_role_signs_in_with_its_own_password_and_has_no_powers_over_the_server(connect_as, role):
    with connect_as(role) as connection:
        found = connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert found == (f"contactpoint_{role}", False, False, False, False)
