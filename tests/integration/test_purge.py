"""A purge removes: every column that can refer to a child, found in the catalogue, refers to none (R47)."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.audit_log import signer
from tests.factories.directory import acting_as_role
from tests.factories.grown import BEN, ZEB, archive_by_hand, grown_up, in_every_table
from tests.factories.supply import KNOWN, LATER, child_of, feed, load, rows

from contactpoint.cli.postgres import ROLE_NAMES
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines import seal as sealing
from contactpoint.pipelines.keep_time import keep_time, look_ahead
from contactpoint.storage import retention as stored
from contactpoint.storage.audit_files import newest_note
from contactpoint.storage.audit_texts import read_event
from contactpoint.storage.models import AuditBody, RetentionRun

pytestmark = pytest.mark.django_db
WORKER = system_viewer("worker")
# What would give Zebedee away wherever it stood, as text or within bytes.
TELLING = (
    ZEB["local_id"],
    "Quillfeather",
    "Zebedee",
    "Thistlewood",
    "OL3 9ZQ",
    ZEB["nhs_number"],
    "Ottoline",
)
# A column of these names refers to a child or a record though no foreign key says so.
NAMED = {
    "record": "source_record", "record_a": "source_record", "record_b": "source_record",
    "partner": "source_record", "child": "child", "subjects": "child", "after": "child",
}  # fmt: skip
# An HMAC of two halves under the worker's key: it keeps the other half's secret, and alone it says nothing.
SAYS_NOTHING = {"sealed_pair"}
# What leads to whom it is about: a row of such a table goes whole.
ABOUT = (
    "child", "source_record", "involvement", "shield", "identity_change", "use_item", "case_decision",
)  # fmt: skip


def do_it(at=None):
    with acting_as_role("worker"):
        return keep_time(by=WORKER, at=at or timezone.localtime())


@contextmanager
def refused(why=None):
    """The database refuses what is done inside, and nothing of it stays."""
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        yield


def references():
    """Every (table, column) that can refer to a child, and the table whose key it holds."""
    found = {}
    for model in apps.get_app_config("storage").get_models():
        for field in model._meta.local_fields:
            target = field.related_model._meta.db_table if field.related_model else None
            if target in ABOUT:
                found[model._meta.db_table, field.column] = target
    for table, column in rows(
        "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
        "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    ):
        target = NAMED.get(column) or (table if table in ABOUT and column in ("id", "number") else None)
        if target:
            found[table, column] = target
    return found


def ids_of(*numbers):
    """The keys of every row that is about one of these numbers, by table."""
    records = [row[0] for row in rows("SELECT id FROM source_record WHERE child_id = ANY(%s)", list(numbers))]
    of = "SELECT id FROM {} WHERE {} = ANY(%s)"
    numbered = {
        "shield": of.format("shield", "child_id"),
        "use_item": of.format("use_item", "child"),
        "identity_change": "SELECT id FROM identity_change WHERE kept_id = ANY(%s)",
    }
    said = "SELECT id FROM involvement WHERE record_id = ANY(%s)"
    decided = "SELECT id FROM case_decision WHERE record_a_id = ANY(%s)"
    return {
        "child": list(numbers),
        "source_record": records,
        "involvement": [row[0] for row in rows(said, records)],
        "case_decision": [row[0] for row in rows(decided, records)],
        **{table: [row[0] for row in rows(query, list(numbers))] for table, query in numbered.items()},
    }


def tables_that_mention(ids):
    """The tables in which a column that can refer to a child does refer to one of these."""
    found = set()
    for (table, column), target in references().items():
        held = f"string_to_array(trim(both '{{}}' from t.{column}::text), ',')"
        query = f"SELECT count(*) FROM {table} t WHERE {held} && %s"
        if rows(query, [str(one) for one in ids[target]])[0][0]:
            found.add(table)
    return found - SAYS_NOTHING


def tables_that_tell(words):
    """The tables with a row in which one of these words stands, as text or as bytes."""
    names = [row[0] for row in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    sought = [one for word in words for one in (word, word.encode().hex())]
    query = "SELECT count(*) FROM {} t WHERE t::text ILIKE ANY(%s)"
    return {name for name in names if rows(query.format(name), [f"%{one}%" for one in sought])[0][0]}


@pytest.fixture
def zeb(tmp_path):
    number = grown_up(tmp_path)
    return number, in_every_table(number)


def test_every_table_that_can_hold_a_child_holds_him_before(zeb):
    """Else the next test proves too little: plant a row of a new table in tests/factories/grown.py."""
    before = tables_that_mention(ids_of(*zeb))
    archive_by_hand(zeb[0], (timezone.now() - timedelta(days=365)).date())
    before |= tables_that_mention(ids_of(*zeb))
    # A shielded child has no keys; a run that has ended remembers nobody.
    held = {table for table, _ in references()} - SAYS_NOTHING - {"search_key", "retention_run"}
    assert held - before == set()


def test_nothing_is_left_and_the_child_beside_him_keeps_everything(zeb):
    gone, ben = ids_of(*zeb), child_of("nhs-demographics", BEN["local_id"])
    bens = ("source_record", "record_version", "match_identity", "search_identity", "involvement")
    of_ben = {
        table: rows(f"SELECT * FROM {table} t WHERE t::text LIKE '%%{ben}%%' ORDER BY 1") for table in bens
    }
    assert tables_that_tell(TELLING) >= {"record_version", "match_identity", "correction"}
    done = do_it()
    assert tables_that_tell([*TELLING, *zeb]) == set()
    assert tables_that_mention(gone) == set()
    for table, before in of_ben.items():
        assert rows(f"SELECT * FROM {table} t WHERE t::text LIKE '%%{ben}%%' ORDER BY 1") == before
    ((partner, change), *_) = rows(
        "SELECT partner, change_id FROM link WHERE child_id = %s ORDER BY id DESC", ben
    )
    assert (partner, change) == (None, None)
    assert done.figures["purged"] == {"turned_18": 1}
    assert rows("SELECT * FROM purging") == []


def test_the_audit_remembers_that_it_was_done_and_nobody_to_whom(zeb):
    ben = child_of("nhs-demographics", BEN["local_id"])
    about = [
        row[0] for row in rows("SELECT event_id FROM audit_body WHERE subjects && %s::varchar[]", list(zeb))
    ]
    leaves = rows("SELECT id, commitment FROM audit_event ORDER BY id")
    done = do_it()
    assert set(leaves) <= set(rows("SELECT id, commitment FROM audit_event"))
    assert not AuditBody.objects.filter(event__in=about).exists()
    bodies = [
        read_event(bytes(body)) for (body,) in rows("SELECT body FROM audit_body WHERE action = 'purged'")
    ]
    assert {str(one) for one in about} <= {one for event in bodies for one in event.details["events"]}
    assert all(event.subjects == () for event in bodies)
    # Of a search that returned Ben too, who searched when and why stays for Ben; what was typed does not.
    (kept,) = rows("SELECT body, subjects FROM audit_body WHERE action = 'kept_of_purged'")
    assert kept[1] == [ben]
    said = read_event(bytes(kept[0]))
    assert said.details["action"] == "searched"
    assert "Quillfeather" not in bytes(kept[0]).decode()
    assert done.figures["exports_to_call_back"] == {
        f"{made} 2012-11 la-353": 1 for made in ("made_family_report", "printed_record", "reported_breach")
    }
    # What names no child and is older than an archive lasts is emptied too.
    assert done.figures["audit"]["old_entries_emptied"] >= 1


def test_the_report_of_a_day_names_nobody(zeb):
    do_it()
    (run,) = RetentionRun.objects.all()
    assert run.ended_at is not None
    assert run.after == ""
    assert all(isinstance(n, int) for counts in run.figures.values() for n in counts.values())
    assert not set(zeb) & set(str(run.figures).replace("'", " ").split())
    assert do_it().figures == run.figures  # once a day


def test_a_dry_run_counts_and_changes_nothing(zeb):
    with acting_as_role("worker"):
        ahead = look_ahead(by=WORKER, at=timezone.localtime())
    assert ahead.figures["archived"] == {"turned_18": 1}
    assert rows("SELECT count(*) FROM child WHERE archived") == [(0,)]
    assert not RetentionRun.objects.exists()
    with acting_as_role("worker"):
        later = look_ahead(by=WORKER, at=datetime(2030, 1, 1, tzinfo=UTC))
    assert later.figures["archived"] == {"turned_18": 2}  # Ben, in November 2029


@pytest.mark.parametrize("days", [0, 30, 6 * 365])
def test_the_database_purges_nobody_before_their_day(tmp_path, days):
    number = grown_up(tmp_path)
    with acting_as_role("worker"), refused("not time"):
        stored.purge([number])
    archive_by_hand(number, (timezone.now() - timedelta(days=days)).date())
    with acting_as_role("worker"), refused("not time"):
        stored.purge([number])


@pytest.mark.parametrize(
    "table", ["link", "shield", "shield_step", "identity_change", "override_use", "use_step"]
)
def test_nobody_takes_rows_out_of_tables_that_only_grow_but_a_purge(zeb, table):
    for role in ("web", "worker", "auditor"):
        for statement in (f"DELETE FROM {table}", "INSERT INTO purging SELECT pg_current_xact_id()"):
            with acting_as_role(role), refused():
                rows(statement + " RETURNING 1")
    with refused():  # the owner neither, while no purge is under way
        rows(f"DELETE FROM {table} RETURNING 1")


def test_a_late_row_of_somebody_purged_makes_nobody_anew(zeb, tmp_path):
    do_it()
    late = tmp_path / "late"
    late.mkdir()
    report = load(feed(late, "nhs-demographics", ZEB, BEN, KNOWN), at=LATER)
    assert sum(one.past_time for one in report.links) == 1
    assert rows("SELECT count(*) FROM source_record WHERE local_id = %s", ZEB["local_id"]) == [(0,)]
    assert tables_that_tell(TELLING) == set()
    assert child_of("nhs-demographics", KNOWN["local_id"])


def test_a_purge_that_fails_in_the_middle_has_done_nothing(zeb, monkeypatch):
    before = tables_that_tell(TELLING)

    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr("contactpoint.actions.retain.purge.stored.purge", fail)
    with pytest.raises(RuntimeError):
        do_it()
    assert tables_that_tell(TELLING) == before - {"search_identity", "search_key"}
    monkeypatch.undo()
    assert do_it().figures["purged"] == {"turned_18": 1}
    assert tables_that_tell([*TELLING, *zeb]) == set()


KILLED = """
import os, signal
import django
django.setup()
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines import keep_time
from contactpoint.storage import retention

keep_time._PURGED_AT_ONCE = 1
real, purged = retention.purge, []

def purge(*given):
    rows = real(*given)
    if purged:
        os.kill(os.getpid(), signal.SIGKILL)
    purged.append(given)
    return rows

retention.purge = purge
keep_time.keep_time(by=system_viewer("worker"), at=timezone.localtime())
"""


def sealed(folder):
    """Number, sign and publish what happened; the newest head."""
    with acting_as_role("worker"):
        sealing.seal(signer=signer(), folder=folder / "published")
    return newest_note(folder / "published")


def report_of_database(folder, since):
    return sealing.verify_database(key=signer().verifier(), now=timezone.now(), since=since)


def verified(folder, *, since):
    """What somebody with the database, and somebody with the files alone, is told of the log."""
    key = signer().verifier()
    files = sealing.verify_directory(folder / "published", key=key, now=timezone.now(), since=since)
    return report_of_database(folder, since), files


def test_killed_in_the_middle_nothing_is_half_gone_and_the_next_run_goes_on(tmp_path, connect_as):
    twin = {**ZEB, "local_id": "ZQ-77121", "forename": "Araminta", "sex": "F", "nhs_number": "9000000025"}
    numbers = {grown_up(tmp_path, also=[twin]), child_of("nhs-demographics", "ZQ-77121")}
    assert len(numbers) == 2
    at = connection.settings_dict
    url = f"postgresql://{ROLE_NAMES['worker']}:test-worker@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    environment = {
        **os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "contactpoint.config.settings",
        "CONTACTPOINT_HOME": "",
    }  # fmt: skip
    note = sealed(tmp_path)
    with connect_as("worker"):
        killed = subprocess.run([sys.executable, "-P", "-c", KILLED], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    ((left,),) = rows("SELECT number FROM child WHERE number = ANY(%s)", list(numbers))
    assert rows("SELECT archived FROM child WHERE number = %s", left) == [(True,)]
    assert rows("SELECT count(*) FROM source_record WHERE child_id = %s", left)[0][0] > 0
    assert rows("SELECT count(*) FROM audit_body WHERE %s = ANY(subjects)", left)[0][0] > 0
    assert len(tables_that_mention(ids_of(*numbers - {left}))) == 0
    done = do_it()
    assert done.figures["purged"] == {"turned_18": 2}
    assert done.figures["archived"] == {"turned_18": 2}
    assert tables_that_mention(ids_of(*numbers)) == set()
    # Whoever kept the head of before finds that the log still begins with it, and which texts are gone.
    sealed(tmp_path)
    for report in verified(tmp_path, since=note):
        assert report.is_sound, report.faults
        assert report.size == report.signed_size > 0
    assert report_of_database(tmp_path, note).bodies_gone > 0
