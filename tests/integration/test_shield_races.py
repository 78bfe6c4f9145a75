"""A shield being placed and a row being written wait for each other, so neither misses the other."""

import threading

import pytest
from tests.factories.supply import KNOWN, build_sources, child_of, feed, load

pytestmark = pytest.mark.django_db(transaction=True)
SHIELD = "UPDATE child SET shielded = true WHERE number = %s"
WRITE = """
    INSERT INTO source_record (source_id, local_id, child_id, sealed)
    VALUES ('school-census', 'S1', %s, false)
"""


@pytest.fixture
def number(db, tmp_path):
    build_sources()
    load(feed(tmp_path, "births", KNOWN))
    return child_of("births", "A1")


@pytest.mark.parametrize(("first", "second"), [(SHIELD, WRITE), (WRITE, SHIELD)], ids=["shield", "row"])
def test_whichever_comes_first_the_row_ends_sealed(connect_as, number, first, second):
    with connect_as("worker") as one, connect_as("worker") as other, connect_as("web") as web:
        one.execute("BEGIN")
        one.execute(first, [number])
        waiting = threading.Thread(target=other.execute, args=(second, [number]))
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive(), "it did not wait"
        one.execute("COMMIT")
        waiting.join(timeout=30)
        assert not waiting.is_alive()
        sealed = one.execute("SELECT local_id, sealed FROM source_record ORDER BY 1").fetchall()
        assert sealed == [("A1", True), ("S1", True)]
        assert web.execute("SELECT count(*) FROM statements_shown(%s)", [number]).fetchone() == (0,)
