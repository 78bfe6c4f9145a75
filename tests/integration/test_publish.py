"""What readers see after a publication, all of it or none of it; the newest supersedes the last (R24)."""

import json
import os
import signal
import subprocess
import sys
from datetime import date

import pytest
from django.db import connection
from tests.factories.feeds import AMINA
from tests.factories.supply import (
    BEN,
    HELP,
    KNOWN,
    LATER,
    LOADER,
    NOW,
    build_sources,
    child_of,
    feed,
    load,
    rows,
    rows_for_web,
)

from contactpoint.domain.identifiers import parse_child_number
from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.link import link
from contactpoint.pipelines.publish import publish
from contactpoint.storage import publishing
from contactpoint.storage.models import InvolvementRow, Link, RecordVersion, SearchIdentity, SourceRecord

CARE = {**HELP, "service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}
SCHOOL = {"service": "school", "organisation": "105734", "start_date": "2021-09-01"}


@pytest.fixture
def _sources(db):
    build_sources()


pytestmark = pytest.mark.usefixtures("_sources")


def test_one_child_in_three_sources_is_one_record_with_everyone_in_contact(tmp_path):
    load(
        feed(tmp_path, "births", KNOWN),
        feed(tmp_path, "school-census", {**KNOWN, **SCHOOL, "local_id": "S9"}),
        feed(tmp_path, "childrens-services-353", {**KNOWN, **HELP, "local_id": "C7"}),
    )
    (number,) = {row[0] for row in rows("SELECT child_id FROM source_record")}
    assert parse_child_number(number) == number
    assert rows_for_web(
        "SELECT (seen).service, (seen).organisation_id FROM child, involvements_shown(number) ORDER BY 1"
    ) == [
        ("school", "105734"),
        ("send", "la-353"),
    ]
    assert {one.surname for one in SearchIdentity.objects.filter(child=number)} == {"Okafor"}
    assert sorted(Link.objects.values_list("decision", flat=True)) == ["linked", "linked", "new"]
    for linked in Link.objects.filter(decision="linked"):
        assert linked.levels
        assert linked.partner in set(SourceRecord.objects.values_list("id", flat=True))


def test_only_what_changed_gets_a_new_version(tmp_path):
    load(feed(tmp_path, "births", AMINA, BEN))
    load(feed(tmp_path, "births", {**AMINA, "postcode": "OL2 5AA"}, BEN, as_at="2026-12-20"), at=LATER)
    history = rows(
        "SELECT r.local_id, v.facts->>'postcode', v.recorded_at, v.superseded_at "
        "FROM record_version v JOIN source_record r ON r.id = v.record_id ORDER BY v.id"
    )
    assert sorted(history) == [
        ("A1", "OL1 4AB", NOW, LATER),
        ("A1", "OL2 5AA", LATER, None),
        ("B1", "OL12 9XY", NOW, None),
    ]
    assert {one.postcode for one in SearchIdentity.objects.filter(child=child_of("births", "A1"))} == {
        "OL25AA"
    }


def test_matching_rows_written_ahead_are_read_by_nobody_and_put_right_after_a_cut(tmp_path):
    """A publication that was cut off has left them; linking again draws other numbers."""
    build = (feed(tmp_path, "births", AMINA, BEN), feed(tmp_path, "school-census", {**KNOWN, **SCHOOL}))
    for path in build:
        deliver(path, source=path.name.split("_")[0], by=LOADER, at=NOW)
    link(by=LOADER, at=NOW)
    publishing.match_ahead()
    ahead = dict(rows("SELECT record_id, child_id FROM match_identity"))
    assert len(ahead) == 3
    assert rows("SELECT count(*) FROM child") == [(0,)]

    later = feed(tmp_path, "nhs-demographics", KNOWN)
    deliver(later, source="nhs-demographics", by=LOADER, at=NOW)
    link(by=LOADER, at=NOW)
    publish(by=LOADER, at=NOW)

    matched = dict(rows("SELECT record_id, child_id FROM match_identity"))
    assert matched == dict(rows("SELECT id, child_id FROM source_record"))
    assert len(matched) == 4
    assert not set(ahead.values()) & set(matched.values())


def test_r22_records_and_links_are_numbered_in_the_order_in_which_they_came(tmp_path):
    """Which part of a child keeps its number hangs on it: no plan and no thread may decide it."""
    deliver(feed(tmp_path, "births", BEN, AMINA), source="births", by=LOADER, at=NOW)
    deliver(feed(tmp_path, "school-census", {**KNOWN, **SCHOOL}), source="school-census", by=LOADER, at=NOW)
    link(by=LOADER, at=NOW)
    with connection.cursor() as cursor:  # as if linking had written its answer in another order
        cursor.execute("CREATE TEMP TABLE turned ON COMMIT DROP AS SELECT * FROM staged_link")
        cursor.execute("DELETE FROM staged_link")
        cursor.execute("INSERT INTO staged_link SELECT * FROM turned ORDER BY record DESC")
    publish(by=LOADER, at=NOW)
    came = [("births", "B1"), ("births", "A1"), ("school-census", "A1")]
    assert rows("SELECT source_id, local_id FROM source_record ORDER BY id") == came
    linked = (
        "SELECT r.source_id, r.local_id FROM link l JOIN source_record r ON r.id = l.record_id ORDER BY l.id"
    )
    assert rows(linked) == came


def test_a_known_record_keeps_its_child_whatever_changes(tmp_path):
    load(feed(tmp_path, "births", AMINA, BEN))
    number = child_of("births", "A1")
    load(feed(tmp_path, "births", {**BEN, "local_id": "A1", "forename": "Ben"}, kind="delta"))
    assert child_of("births", "A1") == number
    assert Link.objects.count() == 2


def test_a_change_of_school_ends_one_contact_and_begins_another(tmp_path):
    load(feed(tmp_path, "school-census", {**AMINA, **SCHOOL}))
    moved = {**AMINA, **SCHOOL, "organisation": "la-354", "start_date": "2026-12-01"}
    load(feed(tmp_path, "school-census", moved, as_at="2026-12-20"), at=LATER)
    assert rows("SELECT organisation_id, end_date FROM involvement ORDER BY id") == [
        ("105734", date(2026, 12, 20)),
        ("la-354", None),
    ]


def test_what_a_full_file_no_longer_holds_is_withdrawn_and_its_contacts_end(tmp_path):
    others = [{**BEN, "local_id": f"N{at}", "surname": f"Whit{chr(97 + at % 26)}{at}"} for at in range(60)]
    load(feed(tmp_path, "childrens-services-353", {**AMINA, **HELP}, *others))
    number = child_of("childrens-services-353", "A1")
    report = load(feed(tmp_path, "childrens-services-353", *others, as_at="2026-12-20"), at=LATER)
    assert [one.withdrawn for one in report.publications] == [1]
    assert rows("SELECT end_date FROM involvement") == [(date(2026, 12, 20),)]
    assert not RecordVersion.objects.filter(record__local_id="A1", superseded_at=None).exists()
    assert not SearchIdentity.objects.filter(child=number).exists()
    returned = {**AMINA, **HELP, "surname": "Okafor-Lee"}
    load(feed(tmp_path, "childrens-services-353", returned, as_at="2026-12-20", kind="delta"), at=LATER)
    assert child_of("childrens-services-353", "A1") == number
    assert rows("SELECT end_date FROM involvement") == [(None,)]


def test_a_rejected_row_neither_changes_nor_withdraws_its_record(tmp_path):
    load(feed(tmp_path, "births", AMINA, BEN))
    load(feed(tmp_path, "births", {**AMINA, "sex": "girl"}, BEN, as_at="2026-12-20"), at=LATER)
    assert rows("SELECT withdrawn_at FROM source_record WHERE local_id = 'A1'") == [(None,)]
    assert RecordVersion.objects.get(record__local_id="A1").facts["sex"] == "F"


def test_a_delta_withdraws_nobody(tmp_path):
    load(feed(tmp_path, "births", AMINA, BEN))
    load(
        feed(tmp_path, "births", {**AMINA, "forename": "Aminah"}, as_at="2026-12-20", kind="delta"), at=LATER
    )
    assert not SourceRecord.objects.exclude(withdrawn_at=None).exists()


def test_a_feed_cannot_undo_a_withdrawn_consent(tmp_path):
    load(feed(tmp_path, "mental-health", {**AMINA, **CARE}))
    InvolvementRow.objects.update(consent_withdrawn_at=NOW)
    load(feed(tmp_path, "mental-health", {**AMINA, **CARE, "team": "East"}, as_at="2026-12-20"), at=LATER)
    assert rows("SELECT team, consent_withdrawn_at FROM involvement") == [("East", NOW)]


def test_involvements_can_be_rebuilt_from_the_version(tmp_path):
    load(feed(tmp_path, "childrens-services-353", {**AMINA, **HELP}))
    (version,) = RecordVersion.objects.all()
    assert version.facts["involvements"] == [HELP]


def test_brothers_are_two_children(tmp_path):
    brother = {**AMINA, "local_id": "A2", "forename": "Emeka", "sex": "M", "date_of_birth": "2018-01-19"}
    load(feed(tmp_path, "births", AMINA, brother), feed(tmp_path, "gp-registrations", AMINA, brother))
    assert child_of("births", "A1") != child_of("births", "A2")
    assert child_of("births", "A1") == child_of("gp-registrations", "A1")
    assert child_of("births", "A2") == child_of("gp-registrations", "A2")


def test_a_small_delta_finds_the_children_that_everything_would(tmp_path):
    strangers = [
        {
            **BEN,
            "local_id": f"N{at}",
            "forename": f"Ben{chr(97 + at)}",
            "surname": f"Hart{chr(97 + at)}",
            "nhs_number": "",
        }
        for at in range(24)
    ]
    load(feed(tmp_path, "births", KNOWN, *strangers))
    swapped = {**KNOWN, "date_of_birth": "2016-09-05", "forename": "Aminah", "local_id": "H1"}
    report = load(feed(tmp_path, "nhs-demographics", swapped, kind="delta"))
    assert report.links[0].compared < 10
    assert child_of("nhs-demographics", "H1") == child_of("births", "A1")


KILLED_WHILE_PUBLISHING = """
import os, signal
import django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines import publish
from contactpoint.pipelines.load import load_files
publish.refresh = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
load_files([Path({path!r})], by=system_viewer("supply"), at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_readers_keep_the_old_state_and_the_next_load_completes(
    tmp_path, web_role, worker_role
):
    load(feed(tmp_path, "births", AMINA))
    seen = "SELECT local_id, facts::json->>'surname' FROM child, statements_shown(number) ORDER BY 1"
    path = feed(tmp_path, "births", {**AMINA, "surname": "Okafor-Lee"}, BEN, as_at="2026-11-22", kind="delta")
    settings = connection.settings_dict
    at = f"{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    ended = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_PUBLISHING.format(path=str(path))],
        env={**os.environ, "DATABASE_URL": f"postgresql://contactpoint_worker:test-worker@{at}"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert web_role.execute(seen).fetchall() == [("A1", "Okafor")]
    assert worker_role.execute("SELECT state FROM delivery ORDER BY id").fetchall() == [
        ("published",),
        ("linked",),
    ]
    load()
    assert web_role.execute(seen).fetchall() == [("A1", "Okafor-Lee"), ("B1", "Whitworth")]
    assert worker_role.execute("SELECT count(*) FROM staged_record").fetchall() == [(0,)]
    assert worker_role.execute("SELECT count(*) FROM child").fetchall() == [(2,)]


def test_publishing_is_audited_with_its_deliveries_and_names_no_child(tmp_path):
    load(feed(tmp_path, "births", AMINA))
    ((body,),) = rows("SELECT convert_from(body, 'UTF8') FROM audit_body WHERE action = 'published'")
    assert '"source":"births"' in body
    assert "Okafor" not in body
    assert json.loads(body)
