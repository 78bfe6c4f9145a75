"""A delta costs what is in it: what need not be linked again is not, and no key reads a country."""

import polars as pl
import pytest
from django.db import connection, transaction
from tests.factories.directory import acting_as_role
from tests.factories.supply import BEN, KNOWN, LATER, LOADER, build_sources, feed, load, rows

from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.link import link
from contactpoint.pipelines.publish import publish
from contactpoint.storage import match_index

pytestmark = pytest.mark.django_db

NAMES = ("Ada", "Bea", "Cleo", "Dora", "Ella", "Flora", "Greta", "Hana", "Ida", "Jana", "Kira", "Lena")
OTHERS = [
    {**BEN, "local_id": f"N{at}", "forename": name, "date_of_birth": f"2012-{at + 1:02}-17", "sex": "F"}
    for at, name in enumerate(NAMES)
]


@pytest.fixture(autouse=True)
def _sources():
    build_sources()


def taken_in(path):
    """Take a delta in as the worker, and return what linking made of it."""
    with acting_as_role("worker"):
        deliver(path, source=path.name.split("_")[0], by=LOADER, at=LATER)
        report = link(by=LOADER, at=LATER)
        publish(by=LOADER, at=LATER)
    return report


def newest(local_id):
    return rows(
        "SELECT r.child_id, v.facts->>'gp_practice', v.facts->>'postcode', m.facts->>'gp_practice' "
        "FROM source_record r JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL "
        "JOIN match_identity m ON m.record_id = r.id WHERE local_id = %s",
        local_id,
    )


def test_what_linking_does_not_look_at_keeps_its_child_without_being_linked_again(tmp_path):
    known = {**KNOWN, "local_id": "K1", "gp_practice": "P85001"}
    load(feed(tmp_path, "nhs-demographics", known, *OTHERS))
    ((child, *_),) = newest("K1")
    moved = {**known, "gp_practice": "P85002"}
    report = taken_in(feed(tmp_path, "nhs-demographics", moved, as_at="2026-12-20", kind="delta"))
    assert (report.staged, report.kept, report.linked, report.new_children) == (1, 1, 0, 0)
    assert report.compared == 0
    assert newest("K1") == [(child, "P85002", "OL1 4AB", "P85002")]
    assert rows("SELECT count(*) FROM link WHERE decided_at = %s", LATER) == [(0,)]


@pytest.mark.parametrize(
    "changed", [{"postcode": "OL2 5AA"}, {"surname": "Lee"}, {"restricted": "Y"}, {"middle_names": "Grace"}]
)
def test_what_linking_looks_at_is_linked_again(tmp_path, changed):
    known = {**KNOWN, "local_id": "K1"}
    load(feed(tmp_path, "nhs-demographics", known, *OTHERS))
    ((child, *_),) = newest("K1")
    other = {**known, **changed}
    report = taken_in(feed(tmp_path, "nhs-demographics", other, as_at="2026-12-20", kind="delta"))
    assert report.compared > 0
    assert newest("K1")[0][0] == child


@pytest.fixture
def _namesakes():
    """Seventy children of one name, each born in another month of ten years; and one of a rare name."""
    build = """
        INSERT INTO child (number, created_at, shielded)
            SELECT 'C' || lpad(n::text, 9, '0') || 'A', now(), false FROM generate_series(1, 71) n;
        INSERT INTO source_record (id, source_id, local_id, child_id, sealed)
            SELECT 900000 + n, 'births', 'B' || n, 'C' || lpad(n::text, 9, '0') || 'A', false
            FROM generate_series(1, 71) n;
        INSERT INTO match_identity
            (record_id, child_id, withdrawn, facts, sk, fk, sfk, dob, postcode, nhs_number, upn)
            SELECT 900000 + n, 'C' || lpad(n::text, 9, '0') || 'A', false, '{}', 1, 2,
                CASE WHEN n < 71 THEN 3 ELSE 4 END, (2010 + n / 7) || '-0' || (1 + n % 7) || '-15', '', '', ''
            FROM generate_series(1, 71) n;
    """
    with connection.cursor() as cursor:
        cursor.execute(build)


@pytest.mark.usefixtures("_namesakes")
@pytest.mark.parametrize(
    ("sfk", "dob", "found"),
    [
        (3, "2012-03-15", 1),  # of a name that seventy have, those born in that month
        (3, "-", 0),
        (4, "-", 1),  # of a rare one, whoever has it
        (4, "2001-01-01", 1),
        (9, "2012-03-15", 0),
    ],
)
def test_a_name_that_many_have_finds_only_whom_more_than_the_name_speaks_for(sfk, dob, found):
    asked = pl.DataFrame(
        {"record": [1], "sk": [7], "fk": [8], "sfk": [sfk], "dob": [dob], "swapped": ["-"]}
        | {name: [""] for name in ("postcode", "nhs_number", "upn")}
    )
    with transaction.atomic():
        assert match_index.published_near(asked).height == found


@pytest.mark.usefixtures("_namesakes")
def test_it_is_asked_only_whether_so_many_are_published():
    assert match_index.holds_at_least(71)
    assert not match_index.holds_at_least(72)
