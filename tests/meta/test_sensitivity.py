"""Every column says how much harm its leaking would do, and the web role's grants agree."""

import pytest
from django.apps import apps
from django.db import connection

from contactpoint.storage.sensitivity import COLUMNS, Sensitivity


def test_every_column_is_classified_and_none_that_is_gone() -> None:
    found = {
        model._meta.db_table: {field.column for field in model._meta.local_fields}
        for model in apps.get_app_config("storage").get_models()
    }
    assert {table: set(columns) for table, columns in COLUMNS.items()} == found


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
