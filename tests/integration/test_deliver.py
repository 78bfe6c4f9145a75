"""Files are staged, held or refused; the same file twice changes nothing (R19, R24)."""

import threading
from datetime import date

import psycopg
import pytest
from django.db import connection
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import BEN, HELP, LATER, LOADER, NOW, build_sources, feed, load, rows
from tests.factories.viewers import viewer

from contactpoint.domain.errors import Conflict, DeliveryRefused, Misconfigured, NotFound
from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.held import release
from contactpoint.storage import copying
from contactpoint.storage.models import Delivery, RecordVersion, Rejection, StagedRecord

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sources(db):
    build_sources()


def take(path, source="births", at=NOW, **given):
    with acting_as_role("worker"):
        return deliver(path, source=source, by=LOADER, at=at, **given)


def many(number, **changes):
    return [
        {**AMINA, "local_id": f"M{at}", "surname": f"Okafor{chr(65 + at)}", **changes} for at in range(number)
    ]


def test_a_file_is_staged_and_nobody_sees_it_yet(tmp_path):
    report = take(feed(tmp_path, "births", AMINA, BEN))
    assert (report.state, report.read, report.accepted, report.changed) == ("staged", 2, 2, 2)
    assert rows("SELECT count(*) FROM source_record") == [(0,)]
    assert StagedRecord.objects.count() == 2


def test_the_same_file_twice_changes_nothing_and_says_so(tmp_path):
    path = feed(tmp_path, "births", AMINA)
    load(path)
    versions = list(RecordVersion.objects.values())
    report = load(path)
    (again,) = report.deliveries
    assert again.already
    assert again.sentence == "births_2026-11-22_full.csv was published on 22 November 2026. Nothing changed."
    assert report.publications == ()
    assert list(RecordVersion.objects.values()) == versions


def test_the_same_file_twice_before_publishing_is_staged_once(tmp_path):
    path = feed(tmp_path, "births", AMINA)
    assert take(path).delivery == take(path).delivery
    assert Delivery.objects.count() == 1


REFUSED = {
    "another source's file": (
        "births_2026-11-22_full.csv",
        {"source": "school-census"},
        "is a file of births",
    ),
    "a source nobody knows": (
        "tea_2026.csv",
        {"source": "tea", "as_at": date(2026, 11, 1), "kind": "full"},
        "no source",
    ),
    "no day": ("births.csv", {}, "does not say which day"),
    "another day": ("births_2026-11-22_full.csv", {"as_at": date(2026, 11, 1)}, "not what was asked for"),
    "a day to come": ("births_2026-11-23_full.csv", {}, "has not come yet"),
    "an impossible day": ("births_2026-02-30_full.csv", {}, "does not say which day"),
}


@pytest.mark.parametrize(("name", "given", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_file_is_refused_and_the_refusal_audited(tmp_path, name, given, sentence):
    path = feed(tmp_path, "births", AMINA).rename(tmp_path / name)
    with pytest.raises(DeliveryRefused, match=sentence):
        take(path, **{"source": "births", **given})
    assert rows("SELECT action, outcome FROM audit_body") == [("delivered", "refused")]
    assert Delivery.objects.count() == 0


def test_a_file_older_than_the_published_one_is_refused(tmp_path):
    load(feed(tmp_path, "births", AMINA))
    with pytest.raises(DeliveryRefused, match="An older file would undo newer facts"):
        take(feed(tmp_path, "births", BEN, as_at="2026-11-21", kind="delta"))


def test_a_second_file_of_a_source_waits_for_the_first_to_be_published(tmp_path):
    take(feed(tmp_path, "births", AMINA))
    with pytest.raises(Conflict, match="waits to be published"):
        take(feed(tmp_path, "births", AMINA, BEN, kind="delta"))


def test_what_was_staged_and_not_published_is_published_by_the_next_load(tmp_path):
    take(feed(tmp_path, "births", AMINA))
    report = load(feed(tmp_path, "births", BEN, kind="delta"))
    assert [one.new_children for one in report.publications] == [1, 1]


def test_several_files_of_one_source_are_published_oldest_first(tmp_path):
    moved = {**AMINA, "postcode": "OL2 5AA"}
    newer = feed(tmp_path, "births", moved, as_at="2026-11-20", kind="delta")
    load(newer, feed(tmp_path, "births", AMINA, as_at="2026-11-10"))
    assert rows("SELECT facts->>'postcode', superseded_at IS NULL FROM record_version ORDER BY id") == [
        ("OL1 4AB", False),
        ("OL2 5AA", True),
    ]


def test_rejections_keep_line_field_and_reason_but_never_the_value(tmp_path):
    report = take(feed(tmp_path, "births", {**AMINA, "sex": "secret"}, BEN))
    assert (report.accepted, report.rejected) == (1, 1)
    assert report.rejects == tmp_path / "births_2026-11-22_delta.rejected.csv"
    assert "secret" in report.rejects.read_text(encoding="utf-8")
    (kept,) = Rejection.objects.values("line", "field", "reason")
    assert (kept["line"], kept["field"]) == (2, "sex")
    assert "secret" not in kept["reason"]


def test_mended_rejects_complete_the_delivery(tmp_path):
    report = load(feed(tmp_path, "births", {**AMINA, "sex": "girl"}, BEN))
    path = report.deliveries[0].rejects
    path.write_text(path.read_text(encoding="utf-8").replace(",girl,", ",F,"), encoding="utf-8")
    load(path)
    assert rows("SELECT local_id FROM source_record ORDER BY 1") == [("A1",), ("B1",)]


def test_a_full_delivery_that_would_withdraw_more_than_two_in_a_hundred_is_held(tmp_path):
    load(feed(tmp_path, "births", *many(20)))
    held = load(feed(tmp_path, "births", *many(19), as_at="2026-12-20"), at=LATER).deliveries[0]
    assert held.state == "held"
    assert "no longer holds 1 of 20 records" in held.sentence
    assert rows("SELECT count(*) FROM source_record WHERE withdrawn_at IS NULL") == [(20,)]


def test_a_person_can_release_a_held_delivery(tmp_path):
    load(feed(tmp_path, "births", *many(20)))
    held = load(feed(tmp_path, "births", *many(19), as_at="2026-12-20"), at=LATER).deliveries[0]
    with acting_as_role("worker"):
        release(held.delivery, by=LOADER, at=LATER)
    load(at=LATER)
    assert rows("SELECT local_id FROM source_record WHERE withdrawn_at IS NOT NULL") == [("M19",)]
    with pytest.raises(NotFound):
        release(held.delivery, by=LOADER, at=LATER)


def test_a_better_file_replaces_a_held_one(tmp_path):
    load(feed(tmp_path, "births", *many(20)))
    load(feed(tmp_path, "births", *many(3), as_at="2026-12-19"), at=LATER)
    load(feed(tmp_path, "births", *many(20, postcode="OL2 5AA"), as_at="2026-12-20"), at=LATER)
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == [
        "published", "replaced", "published",
    ]  # fmt: skip
    assert StagedRecord.objects.count() == 0


def test_who_loads_after_one_that_was_killed_waits_until_its_lock_falls(tmp_path, monkeypatch):
    """PostgreSQL notices within a second; whoever still loads after a while is said to."""
    at = connection.settings_dict
    named = {"host": at["HOST"], "port": at["PORT"], "dbname": at["NAME"]}
    with psycopg.connect(**named, user=at["USER"], password=at["PASSWORD"]) as killed:
        killed.execute("SELECT pg_advisory_lock(%s)", [copying._LOADER_LOCK])
        with monkeypatch.context() as patch:
            patch.setattr(copying, "_PATIENCE", 0.2)
            with pytest.raises(Conflict) as conflict:
                take(feed(tmp_path, "births", AMINA))
        assert str(conflict.value) == "Another delivery is being taken in. Try again when it has finished."
        threading.Timer(0.5, killed.close).start()
        assert take(feed(tmp_path, "births", AMINA)).state == "staged"


def test_a_person_cannot_take_deliveries_in(tmp_path):
    with pytest.raises(Misconfigured):
        deliver(feed(tmp_path, "births", AMINA), source="births", by=viewer(), at=NOW)


def test_organisations_not_known_here_are_rejected_with_their_rows(tmp_path):
    row = {**AMINA, **HELP, "organisation": "la-999"}
    report = take(feed(tmp_path, "childrens-services-353", row), source="childrens-services-353")
    assert (report.accepted, report.rejected) == (0, 1)


def test_a_delivery_is_audited_with_its_counts(tmp_path):
    report = take(feed(tmp_path, "births", AMINA))
    ((body,),) = rows("SELECT convert_from(body, 'UTF8') FROM audit_body WHERE action = 'delivered'")
    assert f'"delivery":{report.delivery}' in body
    assert "Amina" not in body
