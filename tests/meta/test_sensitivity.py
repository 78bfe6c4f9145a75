"""Every column says how much harm its leaking would do, and the web role's grants agree."""

import pytest
from django.apps import apps
from django.db import connection

from contactpoint.storage.sensitivity import COLUMNS, LIBRARY_COLUMNS, Sensitivity


def test_every_column_is_classified_and_none_that_is_gone() -> None:
    found = {
        model._meta.db_table: {field.column for field in model._meta.local_fields}
        for model in apps.get_app_config("storage").get_models()
    }
    assert {table: set(columns) for table, columns in COLUMNS.items()} == found


@pytest.mark.django_db
def test_nothing_the_database_holds_escapes_it() -> None:
    """Tables made by SQL, by a library, or by a model of another app are columns of the database too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = set(cursor.fetchall())
    declared = {**COLUMNS, **LIBRARY_COLUMNS}
    assert found == {(table, column) for table, columns in declared.items() for column in columns}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["contactpoint_worker", "contactpoint_auditor"])
def test_nobody_but_the_pages_reads_what_somebody_holds_in_a_session(role: str) -> None:
    with connection.cursor() as cursor:
        for table, column in (("django_session", "session_data"), ("mfa_authenticator", "data")):
            cursor.execute("SELECT has_column_privilege(%s, %s, %s, 'SELECT')", [role, table, column])
            assert cursor.fetchone() == (False,), table


@pytest.mark.django_db
def test_a_view_shows_the_pages_nothing_that_its_tables_do_not() -> None:
    """A view reads as its owner: none is open to the pages, which read through functions (ADR 9)."""
    with connection.cursor() as cursor:
        cursor.execute(
            # By number: the planner may ask about a name of another schema before it looks at the schema.
            "SELECT relname FROM pg_class "
            "WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace "
            "AND has_any_column_privilege('contactpoint_web', oid, 'SELECT')"
        )
        assert cursor.fetchall() == []


SECRET_TABLES = sorted(
    table
    for table, columns in COLUMNS.items()
    if all(degree in {Sensitivity.SECRET, Sensitivity.OPERATIONAL} for degree in columns.values())
    and Sensitivity.SECRET in columns.values()
)


def test_the_secret_tables_are_the_ones_adr_6_names() -> None:
    assert {"link", "match_identity", "sealed_pair", "shield", "staged_record"} <= set(SECRET_TABLES)


@pytest.mark.django_db
@pytest.mark.parametrize("table", SECRET_TABLES)
@pytest.mark.parametrize("verb", ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"])
def test_the_web_role_may_do_nothing_with_a_secret_table(table: str, verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('contactpoint_web', %s, %s)", [table, verb])
        assert cursor.fetchone() == (False,)
        if verb in {"SELECT", "INSERT", "UPDATE"}:
            cursor.execute("SELECT has_any_column_privilege('contactpoint_web', %s, %s)", [table, verb])
            assert cursor.fetchone() == (False,)


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_the_auditor_reads_no_child_data(table: str) -> None:
    if table.startswith("audit_"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_any_column_privilege('contactpoint_auditor', %s, 'SELECT')", [table])
        assert cursor.fetchone() == (False,)
