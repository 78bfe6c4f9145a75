"""A first publication fills tables whose indexes are made afterwards: the same directory, all or nothing."""

import json

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import (
    BEN,
    HELP,
    KNOWN,
    LATER,
    LOADER,
    NOW,
    build_sources,
    feed,
    load,
    rows,
)

from contactpoint.pipelines import publish as publishing_pipeline
from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.link import link
from contactpoint.pipelines.publish import publish
from contactpoint.storage import publishing
from contactpoint.storage.sealed_facts import MATCHED, VERSIONS, open_facts

pytestmark = pytest.mark.django_db(transaction=True)

FILLED = [
    "source_record",
    "record_version",
    "link",
    "involvement",
    "match_identity",
    "search_identity",
    "search_key",
]
CLEO = {**BEN, "local_id": "X1", "forename": "Cleo", "surname": "Ashdown", "restricted": "Y"}


@pytest.fixture(autouse=True)
def _sources(monkeypatch):
    build_sources()
    monkeypatch.setattr(publishing, "_MUCH", 0)


def stage(folder):
    files = (
        feed(folder, "births", AMINA, BEN),
        feed(folder, "nhs-demographics", {**KNOWN, "local_id": "N1"}, CLEO),
        feed(folder, "childrens-services-353", {**KNOWN, **HELP, "local_id": "C7"}),
    )
    with acting_as_role("worker"):
        for path in files:
            deliver(path, source=path.name.split("_")[0], by=LOADER, at=NOW)
        link(by=LOADER, at=NOW)


def indexes():
    """Every index of the tables that are filled, as the catalogue tells it."""
    return rows(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname, "
        "pg_get_constraintdef(c.oid) FROM pg_index i "
        "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('u', 'p') "
        "WHERE i.indrelid::regclass::text = ANY(%s) ORDER BY 1",
        FILLED,
    )


def held():
    """What the directory holds; what is encrypted as what it says, for no two encryptions are alike."""
    return [
        [tuple(said(row, value, query) for value in row) for row in rows(query)]
        for query in (
            "SELECT source_id, local_id, sealed FROM source_record ORDER BY id",
            "SELECT record_id, facts::text, sealed FROM record_version ORDER BY record_id",
            "SELECT record_id, decision FROM link ORDER BY id",
            "SELECT service, organisation_id, sealed FROM involvement ORDER BY record_id, involvement_id",
            "SELECT record_id, facts::text, sfk FROM match_identity ORDER BY record_id",
            "SELECT forename, surname, postcode, shielded FROM search_identity ORDER BY 2, 1, 3, 4",
            "SELECT kind, key FROM search_key ORDER BY 1, 2",
            "SELECT count(*), count(*) FILTER (WHERE shielded) FROM child",
            "SELECT state FROM delivery",
            "SELECT record FROM staged_record",
        )
    ]


def said(row, value, query):
    if not str(value).startswith('{"sealed"'):
        return value
    column = MATCHED if "match_identity" in query else VERSIONS
    return open_facts(json.loads(value), column=column, record=row[0])


def publish_alone():
    with acting_as_role("worker"):
        return publish(by=LOADER, at=NOW, alone=True)


def test_it_makes_the_same_directory_with_every_index(tmp_path):
    stage(tmp_path)
    wanted = indexes()
    with transaction.atomic():
        publish(by=LOADER, at=NOW)
        ordinary = held()
        transaction.set_rollback(True)
    assert rows("SELECT count(*) FROM match_identity") == [(5,)]  # written ahead, and committed

    report = publish_alone()

    assert (report.changed, report.new_children, report.shielded) == (5, 3, 1)
    assert held() == ordinary
    assert indexes() == wanted
    assert rows("SELECT count(*) FROM index_aside") == [(0,)]


def test_cut_off_it_leaves_nothing_and_the_next_does_it_all(tmp_path, monkeypatch):
    stage(tmp_path)
    wanted = indexes()
    with monkeypatch.context() as cut:
        cut.setattr(publishing_pipeline, "refresh", _cut_off)
        with pytest.raises(DatabaseError, match="cut off"):
            publish_alone()
    connection.close()
    assert indexes() == wanted
    assert rows("SELECT count(*) FROM source_record") == [(0,)]

    publish_alone()

    assert rows("SELECT count(*) FROM source_record") == [(5,)]
    assert indexes() == wanted


def _cut_off(*_children, **_how):
    message = "cut off"
    raise DatabaseError(message)


def test_what_follows_it_is_an_ordinary_publication(tmp_path):
    stage(tmp_path)
    publish_alone()
    wanted = indexes()
    load(feed(tmp_path, "births", {**AMINA, "postcode": "OL2 5AA"}, BEN, as_at="2026-12-20"), at=LATER)
    assert rows("SELECT count(*) FROM record_version") == [(6,)]
    assert indexes() == wanted


def test_no_transaction_ends_without_the_indexes_that_it_set_aside(worker_role):
    wanted = indexes()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="was not made again"):
        worker_role.execute("SELECT set_indexes_aside('{search_key}')")
    assert indexes() == wanted


def test_a_table_that_holds_something_keeps_its_indexes(tmp_path, worker_role):
    load(feed(tmp_path, "births", AMINA))
    worker_role.execute("SELECT set_indexes_aside('{source_record,search_identity}')")
    assert rows("SELECT count(*) FROM index_aside") == [(0,)]


@pytest.mark.parametrize("table", ["child", "audit_event", "pg_class"])
def test_no_other_table_gives_up_an_index(worker_role, table):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="keeps its indexes"):
        worker_role.execute("SELECT set_indexes_aside(%s)", [[table]])


def test_a_page_may_set_nothing_aside(web_role):
    for called in ("set_indexes_aside('{search_key}')", "make_indexes_again('{search_key}')"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web_role.execute(f"SELECT {called}")
