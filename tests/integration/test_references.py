"""What refers to a child, a record, a delivery or a source always finds it (ADR 11), whoever writes."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from tests.factories.directory import build_child, build_reference

from contactpoint.storage.models import Delivery, RecordVersion

pytestmark = pytest.mark.django_db

# Indexes, and what is staged: emptied and made anew by whoever finds it wrong.
MADE_ANEW = {"search_identity", "search_key", "match_identity", "staged_record"}

ORPHANS = [
    ("source_record", "UPDATE source_record SET child_id = 'C999999999Z'"),
    ("source_record", "UPDATE source_record SET source_id = 'nobody'"),
    (
        "record_version",
        (
            "INSERT INTO record_version (record_id, as_at, facts, fingerprint, recorded_at, sealed) "
            "VALUES (-1, '2026-01-01', '{}', '', now(), false)"
        ),
    ),
    ("record_version", "UPDATE record_version SET delivery_id = -1"),
    (
        "link",
        (
            "INSERT INTO link (record_id, child_id, decision, decided_at, decided_by, model_version) "
            "SELECT -1, number, 'linked', now(), 'test', '' FROM child LIMIT 1"
        ),
    ),
    (
        "link",
        (
            "INSERT INTO link (record_id, child_id, decision, decided_at, decided_by, model_version) "
            "SELECT id, 'C999999999Z', 'linked', now(), 'test', '' FROM source_record LIMIT 1"
        ),
    ),
    ("involvement", "UPDATE involvement SET record_id = -1"),
    ("involvement", "UPDATE involvement SET organisation_id = 'nobody'"),
    ("involvement", "UPDATE involvement SET typed_by_id = gen_random_uuid()"),
    ("involvement", "UPDATE involvement SET confirmed_by_id = gen_random_uuid()"),
    ("child", "UPDATE child SET retired_into_id = 'C999999999Z'"),
    (
        "link",
        (
            "INSERT INTO link "
            "(record_id, child_id, decision, decided_at, decided_by, model_version, change_id) "
            "SELECT id, child_id, 'linked', now(), 'test', '', -1 FROM source_record LIMIT 1"
        ),
    ),
]
BEREAVED = [
    ("child", "DELETE FROM child"),
    ("source_record", "DELETE FROM source_record"),
    ("delivery", "DELETE FROM delivery"),
    ("source", "DELETE FROM source"),
    ("organisation", "DELETE FROM organisation WHERE code = 'P85001'"),
]
NEW_KEYS = [
    ("child", "UPDATE child SET number = 'C000000000A'"),
    ("source_record", "UPDATE source_record SET id = -id"),
    ("delivery", "UPDATE delivery SET id = -id"),
    ("source", "UPDATE source SET code = code || 'x'"),
    ("organisation", "UPDATE organisation SET code = code || 'x'"),
]


@pytest.fixture(autouse=True)
def _a_child_in_contact():
    build_reference()
    school = {"service": "school", "organisation": "P85001"}
    build_child({"source": "school-census", "forename": "Amina", "involvements": [school]})
    RecordVersion.objects.update(delivery=Delivery.objects.get(source_id="school-census"))


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(("table", "statement"), ORPHANS)
def test_nothing_refers_to_what_is_not_there(table, statement):
    with pytest.raises(IntegrityError, match=f"of {table} names no"):
        run(statement)


@pytest.mark.parametrize(("table", "statement"), BEREAVED)
def test_nothing_goes_that_is_still_referred_to(table, statement):
    with pytest.raises(IntegrityError):
        run(statement)


@pytest.mark.parametrize(("table", "statement"), NEW_KEYS)
def test_no_key_changes_under_what_refers_to_it(table, statement):
    with pytest.raises(IntegrityError, match=f"the key of a row of {table} stays"):
        run(statement)


def test_every_reference_without_a_foreign_key_is_kept_by_a_trigger_or_can_be_made_anew():
    """Whoever adds a key without a constraint says here, or in references.sql, why that is safe."""
    unkept = {
        (model._meta.db_table, field.column)
        for model in apps.get_app_config("storage").get_models()
        for field in model._meta.local_fields
        if field.is_relation and not field.db_constraint
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = 'a_parent_inserted'"
        )
        kept = {
            (table, argument)
            for table, arguments in cursor.fetchall()
            for argument in bytes(arguments).decode().split("\0")[:-1:3]
        }
    assert kept <= unkept
    assert {table for table, _ in unkept - kept} == MADE_ANEW
