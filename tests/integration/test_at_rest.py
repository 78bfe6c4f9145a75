"""What a shield hides is encrypted in the database, under a key outside it, and all goes on as before."""

import json

import psycopg
import pytest
from django.db import connection, transaction
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import (
    BEN,
    KNOWN,
    LATER,
    LOADER,
    NOW,
    build_sources,
    child_of,
    feed,
    load,
    rows,
)
from tests.integration.test_shield_matching import GP, lift, shield

from contactpoint.cli.doctor_keys import seal_key_finding
from contactpoint.domain.audit.events import Action
from contactpoint.domain.errors import InvalidInput, Misconfigured
from contactpoint.pipelines import at_rest as pipeline
from contactpoint.pipelines.running import tell_nobody
from contactpoint.storage import at_rest
from contactpoint.storage.models import Organisation
from contactpoint.storage.near import hidden_facts
from contactpoint.storage.past import statements_then
from contactpoint.storage.queries.statements import read_facts, statements_of_many
from contactpoint.storage.seal_key import KeyRing, key_ring, new_key, write_ring

pytestmark = pytest.mark.django_db
HOME = {"address": "7 Quillfeather Rise, Oldham", "postcode": "OL1 9QZ"}
BEFORE = {"address": "3 Brindlemoor Court, Oldham", "postcode": "OL1 8QX"}
NUMBERED = {"nhs_number": "9000000017"}
PUPIL = {
    **AMINA, **HOME, **NUMBERED, "local_id": "S1", "service": "school", "organisation": "105734",
    "carer_forename": "Ottoline", "carer_surname": "Vanterpool", "carer_phone": "07700 900641",
}  # fmt: skip
OF_BEN = {**BEN, "nhs_number": "9000000009"}


def known(**more):
    return {**KNOWN, **NUMBERED, "former_surname": "Thistlewood", **more}


PLANTED = (
    "Quillfeather", "OL1 9QZ", "Brindlemoor", "OL1 8QX", "Ottoline", "Vanterpool", "900641", "Thistlewood",
    "9000000017",
)  # fmt: skip
NHS = "nhs-demographics"


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path):
    settings.SEAL_KEY = str(tmp_path / "seal.key")
    write_ring(tmp_path / "seal.key", KeyRing({1: new_key()}))
    return tmp_path / "seal.key"


@pytest.fixture
def number(tmp_path):
    """Amina, who has moved once, is known to two sources, and is shielded; Ben, who is not."""
    build_sources()
    load(feed(tmp_path, NHS, known(**BEFORE), OF_BEN))
    moved = feed(tmp_path, NHS, known(**HOME), OF_BEN, as_at="2026-11-29")
    load(moved, feed(tmp_path, "school-census", PUPIL), at=NOW.replace(day=29))
    found = child_of(NHS, "A1")
    shield(found)
    return found


def settle():
    with acting_as_role("worker"):
        return pipeline.settle_at_rest(renew=True)


def rotate(key_file, because="a year is over"):
    with acting_as_role("worker"):
        return pipeline.rotate_seal_key(
            path=key_file, because=because, by=LOADER, at=NOW, progress=tell_nobody
        )


def dumped(words=PLANTED):
    """In which tables these words stand, as text or as bytes, in everything that the database would dump."""
    names = [row[0] for row in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    found = set()
    for table in names:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
            raw = b"".join(bytes(block) for block in copy).lower()
        for word in words:
            if word.lower().encode() in raw or word.encode().hex().encode() in raw:
                found.add((table, word))
    return found


def keys_used():
    query = """
        SELECT v.sealed_with FROM record_version v JOIN source_record r ON r.id = v.record_id WHERE r.sealed
        UNION SELECT m.sealed_with FROM match_identity m JOIN source_record r ON r.id = m.record_id
        WHERE r.sealed ORDER BY 1
    """
    return [row[0] for row in rows(query)]


def said_of(number):
    with acting_as_role("worker"):
        return sorted(
            (one.source, one.addresses, one.carers, one.facts) for _, one in statements_of_many([number])
        )


def test_a_dump_of_the_database_does_not_hold_what_a_shield_hides(number):
    assert {table for table, _ in dumped()} >= {"record_version", "match_identity"}
    before = said_of(number)
    assert settle() == 4  # three versions, and at which school she is
    assert dumped() == set()
    assert said_of(number) == before
    assert settle() == 0


def test_what_is_not_hidden_is_left_as_it_is(number):
    settle()
    assert dumped(["Quarry Bank"]) >= {("record_version", "Quarry Bank"), ("match_identity", "Quarry Bank")}
    assert rows("SELECT count(*) FROM record_version v WHERE v.sealed <> (v.sealed_with IS NOT NULL)") == [
        (0,)
    ]


def test_the_next_deliveries_are_encrypted_before_they_are_published(tmp_path, number):
    settle()
    moved = known(address="1 Wetherlam Drift, Oldham", postcode="OL1 7QY")
    load(feed(tmp_path, NHS, moved, OF_BEN, as_at="2026-12-20"), at=LATER)
    assert child_of(NHS, "A1") == number
    assert dumped(["Wetherlam", "OL1 7QY", *PLANTED]) == set()


@pytest.mark.parametrize(
    "shared",
    [
        {"nhs_number": "9000000017", "forename": "Zenobia", "date_of_birth": "2016-09-05"},
        {**HOME, "surname": "Otherwise", "forename": "Aminah"},
    ],
    ids=["by its NHS number", "by postcode and birth date"],
)
def test_a_new_record_is_held_against_the_shielded_child_by_what_is_encrypted(tmp_path, number, shared):
    """R21: else it would become an unshielded double, or another child at the hidden address."""
    settle()
    asked = {**AMINA, **GP, **shared, "local_id": "N1"}
    load(feed(tmp_path, "gp-registrations", asked, as_at="2026-12-20", kind="delta"), at=LATER)
    assert rows("SELECT sealed FROM source_record WHERE local_id = 'N1'") == [(True,)]
    assert dumped() == set()


def test_when_a_shield_is_lifted_everything_is_as_it_was(tmp_path, number):
    before = rows("SELECT record_id, facts::text, postcode, nhs_number FROM match_identity ORDER BY 1")
    versions = rows("SELECT id, facts::text FROM record_version ORDER BY 1")
    settle()
    lift()
    settle()
    assert (
        rows("SELECT record_id, facts::text, postcode, nhs_number FROM match_identity ORDER BY 1") == before
    )
    assert rows("SELECT id, facts::text FROM record_version ORDER BY 1") == versions


def test_what_was_said_in_may_and_what_others_share_are_still_made_out(number):
    with connection.cursor() as cursor:  # sources that were made a moment ago were there then
        cursor.execute("DELETE FROM past_row WHERE image IS NULL")
    with acting_as_role("worker"):
        before = statements_then(number, NOW.replace(day=23)), hidden_facts(number)
    assert "Brindlemoor" in repr(before[0])
    settle()
    with acting_as_role("worker"):
        assert (statements_then(number, NOW.replace(day=23)), hidden_facts(number)) == before


def test_a_refuge_stays_left_out_of_what_pages_are_told(number):
    """ADR 20: the database can no more see that an address is one's when it hands encrypted facts on."""
    Organisation.objects.create(code="refuge", name="R", kind="refuge", authority="353", **HOME)
    told = """
        SELECT facts_told(facts - 'involvements')::text, record_id FROM record_version
        WHERE sealed ORDER BY id
    """
    before = [read_facts(*row) for row in rows(told)]
    assert [one.get("address_kind") for one in before] == [None, "not_shown", "not_shown"]
    settle()
    assert [read_facts(*row) for row in rows(told)] == before
    assert "Quillfeather" in repr(said_of(number))


def test_a_new_key_takes_every_sealed_row_and_is_written_down(key_file, number):
    settle()
    before = said_of(number)
    old = key_ring().newest
    new = rotate(key_file)
    assert (old.number, new.number) == (1, 2)
    assert keys_used() == [2]
    assert key_ring().keys.keys() == {1, 2}
    assert said_of(number) == before
    assert dumped([*PLANTED, new.secret.hex()]) == set()
    ((body,),) = rows("SELECT body FROM audit_body WHERE action = %s", Action.ROTATED_SEAL_KEY.value)
    details = json.loads(bytes(body))["details"]
    assert details["because"] == "a year is over"
    assert details["new"] == {"number": 2, "fingerprint": new.fingerprint}
    write_ring(key_file, KeyRing({2: new}))
    assert said_of(number) == before


def test_a_change_that_was_cut_short_goes_on_where_it_was(key_file, number, monkeypatch):
    settle()

    class CutShort(BaseException):
        pass

    def once(key):
        assert at_rest.renew_some(key, most=1) == 2  # a record's versions go together, with its matching row
        raise CutShort

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.at_rest, "renew_some", lambda key: (patch.undo(), once(key)))
        with pytest.raises(CutShort):
            rotate(key_file)
    assert keys_used() == [1, 2]
    assert (
        rows(
            "SELECT v.record_id FROM record_version v JOIN match_identity m USING (record_id) "
            "WHERE v.sealed_with <> m.sealed_with"
        )
        == []
    )
    assert said_of(number)
    assert rotate(key_file).number == 2
    assert keys_used() == [2]
    assert rows("SELECT count(*) FROM audit_body WHERE action = 'rotated_seal_key'") == [(1,)]
    assert rotate(key_file).number == 3


def test_the_worker_ends_it_too(key_file, number, monkeypatch):
    settle()
    monkeypatch.setattr(pipeline, "_renew", lambda *_: None)
    rotate(key_file)
    monkeypatch.undo()
    assert keys_used() == [1]
    settle()
    assert keys_used() == [2]
    assert rows("SELECT number FROM seal_key WHERE retired_at IS NULL") == [(2,)]


def test_a_line_that_the_database_does_not_know_yet_is_taken_up_and_no_other_made(key_file, number):
    settle()
    write_ring(key_file, key_ring().with_another())  # cut short before the database was told
    assert settle() == 0
    assert keys_used() == [1]
    assert rotate(key_file).number == 2
    assert keys_used() == [2]


@pytest.mark.parametrize("because", ["", "x" * 301])
def test_a_reason_is_needed(key_file, because):
    with pytest.raises(InvalidInput):
        rotate(key_file, because)


def test_nothing_is_sealed_with_another_key(key_file, number):
    settle()
    write_ring(key_file, KeyRing({1: new_key()}))
    with pytest.raises(Misconfigured, match="another one"):
        settle()
    with pytest.raises(Misconfigured, match="can not be opened"):
        said_of(number)


def test_a_lost_file_is_not_made_anew(key_file, number):
    settle()
    key_file.unlink()
    at_rest.ensure_ring(key_file)
    assert not key_file.exists()


def finding(path):
    class Asked:
        def execute(self, query):
            self.found = rows(query)
            return self

        def fetchone(self):
            return self.found[0]

        def fetchall(self):
            return self.found

    return seal_key_finding(Asked(), path)


def test_the_doctor_says_what_is_wrong_with_the_file_and_what_to_do(key_file, number):
    settle()
    right = key_ring()
    assert finding(key_file).found == "key 1 is in force"
    for ring, found in (
        (KeyRing({1: new_key()}), "key 1 is another one"),
        (KeyRing({2: new_key(2)}), "key 1 is missing"),
    ):
        write_ring(key_file, ring)
        assert (finding(key_file).state, finding(key_file).found) == ("wrong", found)
        assert f"to {key_file}" in finding(key_file).do
    key_file.write_text("nonsense")
    assert finding(key_file).state == "wrong"
    assert "CONTACTPOINT_SEAL_KEY" in finding(None).do
    key_file.unlink()
    assert "put it back" in finding(key_file).do
    write_ring(key_file, right)
    at_rest_under_two(right)
    assert finding(key_file).state == "wrong"  # key 2 is not in the file


def test_before_anything_is_sealed_a_missing_file_is_made_by_an_upgrade(key_file):
    assert (finding(key_file).state, finding(key_file).found) == ("ok", "nothing is sealed with it yet")
    key_file.unlink()
    assert finding(key_file).do == "contactpoint upgrade"
    at_rest.ensure_ring(key_file)
    assert finding(key_file).state == "ok"


def at_rest_under_two(ring):
    with transaction.atomic():
        at_rest.take_up(ring.with_another().newest)


def test_pages_can_not_read_which_keys_there_are(web_role, transactional_db):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("SELECT * FROM seal_key")
