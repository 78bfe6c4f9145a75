"""Which school and services a hidden child has is encrypted too, and its past with it (ADR 28)."""

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.directory import acting_as_role, build_account
from tests.factories.feeds import AMINA
from tests.factories.signed_in import sign_in
from tests.factories.supply import BEN, HELP, LATER, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import KEISHA, viewer
from tests.integration.test_at_rest import key_file, rotate, settle
from tests.integration.test_joining import SHIELDS, merge, split, undo
from tests.integration.test_shield_matching import lift, shield

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.domain.disclosure.answers import AlreadySaid, RecordedInvolvement, Refusal
from contactpoint.domain.errors import Misconfigured
from contactpoint.pipelines import at_rest as pipeline
from contactpoint.pipelines.held import release
from contactpoint.storage import involvements_at_rest
from contactpoint.storage.models import Membership
from contactpoint.storage.past import PlacesThen, involvements_then
from contactpoint.storage.queries.keeping_time import involvements_of_many
from contactpoint.storage.seal_key import KeyRing, new_key, write_ring
from contactpoint.storage.sealed_involvements import pseudonyms
from contactpoint.storage.use import ties_of

__all__ = ["key_file"]
pytestmark = pytest.mark.django_db
COUNCIL = "childrens-services-353"
PUPIL = {**AMINA, "local_id": "S1", "service": "school", "organisation": "105734", "start_date": "2024-09-02"}
SENT = {**AMINA, **HELP, "local_id": "M1", "practitioner": "Dilys Farthingale", "team": "Quernmore team"}
AGAIN = {**SENT, "contact_phone": "0161 496 0888", "practitioner": "Osgood Farthingale"}
NURSE = viewer(services=("school_nurse",))
SECOND = UUID("00000000-0000-4000-8000-000000000007")
COLLEAGUE = viewer(account_id=SECOND, name="Ngozi Eze", services=("school_nurse",))
SAID = {"role": "School nurse", "phone": "0161 496 0101", "start": date(2026, 9, 1)}
# Whoever reads one of these in a row of the child's knows where it goes; people only where they work with it.
WHOSE = (
    "105734",
    "la-353",
    "bridgewater-nhs",
    "Farthingale",
    "Quernmore",
    "496 0353",
    "496 0888",
    "496 0101",
)
PEOPLE = (str(KEISHA), str(SECOND))
# What still says some of it, as the table of ADR 28 has it; no other table may.
IN_THE_CLEAR = {"audit_body"}
HELD = """
    SELECT 'row', id, (to_jsonb(i) - 'sealed')::text FROM involvement i UNION ALL
    SELECT 'image', id, (to_jsonb(p) - 'sealed')::text FROM past_row p WHERE tab = 'involvement' UNION ALL
    SELECT 'version', id, to_jsonb(v)::text FROM own_word_version v ORDER BY 1, 2
"""


@pytest.fixture
def number(tmp_path):
    """Amina, known to her school and to the council, which has changed what it says of her."""
    build_sources()
    load(feed(tmp_path, "births", AMINA, BEN), feed(tmp_path, "school-census", PUPIL))
    load(feed(tmp_path, COUNCIL, SENT))
    load(feed(tmp_path, COUNCIL, AGAIN, as_at="2026-11-29"), at=NOW.replace(day=29))
    for identity, name in ((KEISHA, "Keisha Barrow"), (SECOND, "Ngozi Eze")):
        build_account(identity, name)
        work = {"role": "practitioner", "services": ["school_nurse"]}
        Membership.objects.create(account_id=identity, organisation_id="bridgewater-nhs", **work)
        sign_in(identity)
    return child_of("births", "A1")


def say(number, by=NURSE):
    terms = {"service": "school_nurse", "lead_practitioner": False, "assessment_held": False, **SAID}
    with acting_as_role("web"):
        return record_involvement(number=number, by=by, at=LATER, **terms)


def confirm(which, by=COLLEAGUE):
    with acting_as_role("web"):
        return confirm_involvement(involvement_id=which, by=by, at=LATER)


def hide(number):
    shield(number)
    settle()


def tied(number):
    """In which tables a row about the child says whose it is, in everything that a dump would hold."""
    tables = [row[0] for row in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    records = {row[0] for row in rows("SELECT id FROM source_record WHERE child_id = %s", number)}
    made = {row[0] for row in rows("SELECT id FROM involvement WHERE record_id = ANY(%s)", list(records))}
    found = set()
    for table in tables:
        for (text,) in rows(f"SELECT to_jsonb(t)::text FROM {table} t"):
            if _is_about(table, json.loads(text), number, records, made):
                words = (*WHOSE, *PEOPLE) if table in ("involvement", "past_row") else WHOSE
                found |= {(table, word) for word in words if word.lower() in text.lower()}
    return found


def _is_about(table, row, number, records, made):
    image = row.get("image") or {}
    return (
        number in json.dumps(row)
        or {row.get("record_id"), row.get("record")} & records
        or (table == "involvement" and row["id"] in made)
        or (row.get("involvement_id") in made and table != "involvement")
        or (row.get("tab") == "involvement" and image.get("id") in made)
    )


def known(number):
    with acting_as_role("worker"):
        return [one for _, one in involvements_of_many([number])]


def then(number, day):
    with connection.cursor() as cursor:  # sources that were made a moment ago were there then
        cursor.execute("DELETE FROM past_row WHERE image IS NULL")
    with acting_as_role("worker"):
        at = NOW.replace(day=day)
        return involvements_then(number, at, PlacesThen(at))


def keys_used():
    query = """
        SELECT sealed_with FROM involvement WHERE sealed UNION
        SELECT sealed_with FROM past_row WHERE sealed ORDER BY 1
    """
    return [row[0] for row in rows(query)]


def test_a_dump_does_not_say_which_organisations_a_hidden_child_has(number):
    confirm(say(number).involvement_id)
    assert {table for table, _ in tied(number)} >= {"involvement", "past_row", "own_word_version"}
    before = known(number), then(number, 23)
    hide(number)
    assert {table for table, _ in tied(number)} <= IN_THE_CLEAR
    assert (known(number), then(number, 23)) == before
    assert "Farthingale" in repr(before[0])


def test_encrypting_leaves_no_image_and_no_version_of_what_stood(number):
    confirm(say(number).involvement_id)
    shield(number)
    counted = "SELECT count(*) FROM past_row UNION ALL SELECT count(*) FROM own_word_version"
    before = rows(counted)
    settle()
    assert rows(counted) == before
    lift()
    before = rows(counted)
    settle()
    assert rows(counted) == before


def test_what_is_not_hidden_is_left_as_it_is(number):
    hide(number)
    other = child_of("births", "B1")
    query = "SELECT count(*) FROM involvement WHERE sealed <> (sealed_said IS NOT NULL)"
    assert rows(query) == [(0,)]
    assert rows("SELECT count(*) FROM past_row WHERE sealed <> (sealed_with IS NOT NULL)") == [(0,)]
    assert not tied(other)


def test_two_children_of_one_school_are_not_told_by_it(number, tmp_path):
    pupil = {**BEN, "local_id": "S2", "service": "school", "organisation": "105734"}
    load(feed(tmp_path, "school-census", PUPIL, pupil, as_at="2026-12-19"), at=LATER)
    hide(number)
    hide(child_of("births", "B1"))
    found = rows("SELECT organisation_tag FROM involvement WHERE service = 'school' AND sealed")
    assert len(found) == len(set(found)) == 2


def test_when_a_shield_is_lifted_rows_and_images_are_as_they_were(number):
    confirm(say(number).involvement_id)
    before = rows(HELD)
    hide(number)
    assert rows(HELD) != before
    lift()
    settle()
    assert rows(HELD) == before


def test_a_new_key_takes_every_row_and_image(key_file, number):
    hide(number)
    before = known(number), then(number, 23)
    new = rotate(key_file)
    assert keys_used() == [2]
    write_ring(key_file, KeyRing({2: new}))
    assert (known(number), then(number, 23)) == before


def test_a_change_of_key_that_was_cut_short_goes_on(key_file, number, monkeypatch):
    hide(number)

    class CutShort(BaseException):
        pass

    def once(key):
        assert involvements_at_rest.renew_some(key, most=1) == 2  # a row, an image
        raise CutShort

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.involvements_at_rest, "renew_some", lambda key: (patch.undo(), once(key)))
        with pytest.raises(CutShort):
            rotate(key_file)
    assert keys_used() == [1, 2]
    assert len(known(number)) == 2
    settle()
    assert keys_used() == [2]


def test_another_key_opens_nothing_and_says_so(key_file, number):
    hide(number)
    write_ring(key_file, KeyRing({1: new_key()}))
    with pytest.raises(Misconfigured, match="can not be opened"):
        known(number)


def test_what_is_encrypted_can_not_be_put_into_another_row(number):
    hide(number)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE involvement i SET sealed_said = o.sealed_said FROM involvement o "
            "WHERE i.id <> o.id AND i.sealed AND o.sealed"
        )
    with pytest.raises(Misconfigured, match="altered"):
        known(number)


def test_a_delivery_changes_and_ends_what_is_encrypted(number, tmp_path):
    hide(number)
    moved = {**PUPIL, "organisation": "la-354"}
    anew = {**AGAIN, "involvement_id": "I2", "organisation": "P85001", "practitioner": "Una Quell"}
    load(
        feed(tmp_path, "school-census", moved, as_at="2026-12-19"),
        feed(tmp_path, COUNCIL, anew, as_at="2026-12-19"),
        at=LATER,
    )
    found = {(one.contact.organisation_code, one.contact.practitioner, one.end) for one in known(number)}
    assert found == {
        ("la-354", None, None),
        ("105734", None, date(2026, 12, 19)),
        ("la-353", "Osgood Farthingale", date(2026, 12, 19)),
        ("P85001", "Una Quell", None),
    }
    assert not tied(number)
    assert "105734" in {one.contact.organisation_code for one in then(number, 30)}
    assert keys_used() == [1]


def test_what_a_source_no_longer_sends_ends(number, tmp_path):
    hide(number)
    nobody = {**AMINA, "local_id": "M1"}
    load(feed(tmp_path, COUNCIL, nobody, as_at="2026-12-19"), at=LATER)
    ended = {one.contact.organisation_code: one.end for one in known(number)}
    assert ended == {"105734": None, "la-353": date(2026, 12, 19)}
    assert not tied(number)


def test_what_a_source_no_longer_knows_at_all_ends(number, tmp_path):
    hide(number)
    held = load(feed(tmp_path, COUNCIL, {**BEN, "local_id": "M9"}, as_at="2026-12-19"), at=LATER).deliveries[
        0
    ]
    with acting_as_role("worker"):
        release(held.delivery, by=LOADER, at=LATER)
    load(at=LATER)
    ended = {one.contact.organisation_code: one.end for one in known(number)}
    assert ended == {"105734": None, "la-353": date(2026, 12, 19)}
    assert not tied(number)


def test_r41_what_was_withdrawn_stays_so_under_another_number(tmp_path, number):
    care = {**AMINA, **HELP, "local_id": "H1", "service": "mental_health", "organisation": "bridgewater-nhs"}
    care |= {"consent": "child"}
    load(feed(tmp_path, "mental-health", care, kind="delta"), at=LATER)
    assert child_of("mental-health", "H1") == number
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent_step (involvement_id, what, basis, scope, by_id, made_for_id, at) "
            "SELECT id, 'withdrawn', 'child', 'listed', %s, 'la-353', now() FROM involvement "
            "WHERE service = 'mental_health'",
            [KEISHA],
        )
    hide(number)
    again = [{**care, "involvement_id": one, "start_date": "2026-12-01"} for one in ("I1", "I2")]
    load(feed(tmp_path, "mental-health", *again, as_at="2026-12-20", kind="delta"), at=LATER)
    query = (
        "SELECT consent_withdrawn_at IS NOT NULL, sealed_said IS NOT NULL FROM involvement WHERE consent > ''"
    )
    assert rows(query) == [(True, True)] * 2


def test_two_who_become_one_and_part_again_are_as_they_were(tmp_path, number):
    other = {**BEN, **HELP, "local_id": "M2", "involvement_id": "I7"}
    load(feed(tmp_path, COUNCIL, AGAIN, other, as_at="2026-12-19"), at=LATER)
    ben = child_of("births", "B1")
    hide(number)
    before, opened = rows(HELD), (known(number), known(ben))
    done = merge(number, ben, by=SHIELDS)
    settle()
    assert not {table for table, _ in tied(number)} - IN_THE_CLEAR
    undo(done, by=SHIELDS)
    settle()
    assert (known(number), known(ben)) == opened
    assert [row for row in rows(HELD) if "la-353" in row[2]] == []  # both are hidden until somebody decides
    lift()
    settle()
    after = {row[:2]: row[2] for row in rows(HELD)}
    assert all(after[one, which] == text for one, which, text in before if '"sealed_said"' not in text)
    assert (known(number), known(ben)) == opened


def test_a_part_that_is_taken_out_stays_encrypted(number):
    hide(number)
    ((record,),) = rows("SELECT id FROM source_record WHERE source_id = 'school-census'")
    before = known(number)
    done = split(number, record, by=SHIELDS)
    settle()
    new = child_of("school-census", "S1")
    assert [one.contact.organisation_code for one in known(new)] == ["105734"]
    assert not tied(new)
    undo(done, by=SHIELDS)
    settle()
    assert known(number) == before


def test_r43_one_s_own_word_of_a_hidden_child_is_known_and_said_once(number):
    """What stands for the account is enough for what is one's own; a colleague confirms it unseen."""
    made = say(number).involvement_id
    hide(number)
    assert isinstance(say(number), AlreadySaid)
    with acting_as_role("web"):
        assert len(my_children(by=NURSE, at=LATER).children) == 1
        assert not my_children(by=COLLEAGUE, at=LATER).children
    refused = [confirm(made, NURSE), confirm(made, viewer(account_id=SECOND, organisation_code="la-353"))]
    assert all(isinstance(one, Refusal) for one in refused)
    assert isinstance(confirm(made), RecordedInvolvement)
    settle()
    assert isinstance(confirm(made), Refusal)
    assert {table for table, _ in tied(number)} <= IN_THE_CLEAR
    lift()
    settle()
    query = "SELECT typed_by_id, confirmed_by_id, organisation_id FROM involvement WHERE id = %s"
    assert rows(query, made) == [(KEISHA, SECOND, "bridgewater-nhs")]


def test_nobody_confirms_their_own_word_past_the_pages(number):
    """R45: and what a compromised page writes does not keep the worker from sealing."""
    made = say(number).involvement_id
    hide(number)
    assert rows("SELECT confirm_own_word(%s, %s, now())", made, KEISHA) == [(True,)]
    settle()
    query = "SELECT confirmed_at, sealed_with FROM involvement WHERE id = %s"
    assert rows(query, made) == [(None, 1)]


def test_work_with_a_hidden_child_is_handed_over(number):
    made = say(number).involvement_id
    confirm(made)
    hide(number)
    at = "bridgewater-nhs"
    values = [KEISHA, SECOND, at, LATER, pseudonyms(KEISHA, at), pseudonyms(SECOND, at)]
    rows("SELECT hand_all_over(%s, %s, %s, %s, %s, %s)", *values)
    settle()
    with acting_as_role("web"):
        assert not my_children(by=NURSE, at=LATER).children
        assert len(my_children(by=COLLEAGUE, at=LATER).children) == 1
    assert rows("SELECT count(*) FROM own_word_version WHERE involvement_id = %s", made) == [(2,)]
    assert not {table for table, _ in tied(number)} - IN_THE_CLEAR
    lift()
    settle()
    roles = "SELECT practitioner_role, end_date FROM own_word_version WHERE involvement_id = %s ORDER BY id"
    assert rows(roles, made) == [("School nurse", None), ("School nurse", LATER.date())]


def test_what_explains_a_look_at_a_hidden_child_still_does(number):
    def asked():
        with acting_as_role("worker"):
            return ties_of([number], ["105734", "bridgewater-nhs"], came_since=date(2024, 9, 1))

    confirm(say(number).involvement_id)
    before = [replace(one, came_with=0) for one in asked()]
    assert {one.organisation for one in before} == {"105734", "bridgewater-nhs"}
    hide(number)
    assert asked() == tuple(before)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE past_row SET until = now() WHERE tab = 'involvement'",
        "UPDATE past_row SET image = image || '{\"service\": \"gp\"}' WHERE tab = 'involvement'",
        "UPDATE past_row SET image = '{}' WHERE tab = 'organisation' AND image IS NOT NULL",
    ],
)
def test_what_stood_before_stays_but_for_whose_it_was(number, statement):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation SET name = name || ' (new)'")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(f"{statement} RETURNING id")


def test_a_row_says_whose_it_is_or_is_encrypted(number):
    for change in ("organisation_id = NULL", "sealed_said = '1.x'"):
        with pytest.raises(DatabaseError, match="involvement_says_whose"), transaction.atomic():
            rows(f"UPDATE involvement SET {change} RETURNING id")


def test_no_file_of_keys_is_needed_where_nothing_is_sealed(settings, number):
    settings.SEAL_KEY = ""
    assert isinstance(confirm(say(number).involvement_id), RecordedInvolvement)
    assert len(known(number)) == 3
