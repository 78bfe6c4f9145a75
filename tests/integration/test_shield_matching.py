"""Test number one: what is told about a shielded child finds its child and shows nothing (R21, R22, R26-R27).

In 2009 updates about shielded children did not match and became new, unshielded children; feeds were paused.
"""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.directory import acting_as_role, build_account
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
    statements_for_web,
)
from tests.factories.viewers import OWEN, PRIYA, viewer

from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict
from contactpoint.linking.engine.results import SAME_CHILD
from contactpoint.pipelines import link
from contactpoint.storage.models import Child, SearchIdentity, SearchKey, Shield

pytestmark = pytest.mark.django_db
GP = {"service": "gp", "organisation": "P85001", "contact_phone": "0161 496 0501"}
MOVED = {
    "address": "Sycamore House, Rochdale",
    "postcode": "OL16 2ZZ",
    "forename": "Amena",
    "surname": "Okafour",
}


@pytest.fixture
def shielded(tmp_path):
    """Amina, known to two sources, shielded by a person."""
    build_sources()
    load(feed(tmp_path, "births", KNOWN, BEN), feed(tmp_path, "gp-registrations", {**KNOWN, **GP}))
    number = child_of("births", "A1")
    shield(number)
    return number


def shield(number):
    with acting_as_role("worker"):
        place_shield(number=number, ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=NOW)


def lift():
    """Lift every shield as two people do, long ago, so that their lifting has waited."""
    steps = ((OWEN, "lift_asked", 1), (PRIYA, "lift_agreed", 1), (None, "lifted", 8))
    for identity, what, day in steps:
        if identity:
            build_account(identity)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO shield_step (shield_id, what, was, becomes, by_id, at, answers, lift_at) "
                "SELECT id, %s, '', '', %s, %s, '{}', '2024-01-08' FROM shield",
                [what, identity, datetime(2024, 1, day, tzinfo=UTC)],
            )


def nothing_shows(number):
    assert {one.local_id for one in statements_for_web()} <= {"B1"}
    assert rows_for_web("SELECT seen FROM child, involvements_shown(number)") == []
    (shown,) = SearchIdentity.objects.filter(child=number)
    assert (shown.postcode, shown.sec, shown.dis, shown.la, shown.town, shown.known_as) == ("",) * 6
    assert not SearchKey.objects.filter(child=number).exists()


def test_placing_a_shield_seals_everything_at_once(shielded):
    nothing_shows(shielded)


def test_the_next_delivery_finds_the_shielded_child_and_makes_no_double(tmp_path, shielded):
    children = Child.objects.count()
    load(feed(tmp_path, "gp-registrations", {**KNOWN, **GP, **MOVED}, as_at="2026-12-20"), at=LATER)
    assert child_of("gp-registrations", "A1") == shielded
    assert Child.objects.count() == children
    nothing_shows(shielded)


def test_a_new_source_about_a_shielded_child_inherits_the_shield(tmp_path, shielded):
    children = Child.objects.count()
    load(
        feed(
            tmp_path,
            "childrens-services-353",
            {**KNOWN, **HELP, **MOVED, "local_id": "C1"},
            as_at="2026-12-20",
        ),
        at=LATER,
    )
    assert child_of("childrens-services-353", "C1") == shielded
    assert Child.objects.count() == children
    assert rows("SELECT sealed FROM source_record WHERE child_id = %s", shielded) == [(True,)] * 3
    assert rows("SELECT DISTINCT v.sealed FROM record_version v JOIN source_record r ON r.id = v.record_id "
                "WHERE r.child_id = %s", shielded) == [(True,)]  # fmt: skip
    nothing_shows(shielded)


def test_no_delivery_clears_a_shield(tmp_path):
    build_sources()
    marked = {**KNOWN, "restricted": "Y"}
    load(feed(tmp_path, "nhs-demographics", marked))
    number = child_of("nhs-demographics", "A1")
    for day, row in enumerate((KNOWN, {**KNOWN, **MOVED}, KNOWN), start=1):
        load(feed(tmp_path, "nhs-demographics", row, as_at=f"2026-12-0{day}"), at=LATER)
        assert Child.objects.get(pk=number).shielded
        nothing_shows(number)
    assert Shield.objects.filter(child=number, lifted_at=None).count() == 1


def test_a_restricted_row_shields_its_child_before_anything_about_it_is_written(tmp_path):
    build_sources()
    load(
        feed(tmp_path, "births", KNOWN),
        feed(tmp_path, "gp-registrations", {**KNOWN, **GP}),
        feed(tmp_path, "nhs-demographics", {**KNOWN, "restricted": "Y"}),
    )
    number = child_of("births", "A1")
    assert rows("SELECT ground, placed_by FROM shield") == [("hidden_location", "supply")]
    assert rows("SELECT array_agg(DISTINCT sealed) FROM source_record") == [([True],)]
    nothing_shows(number)
    ((subjects,),) = rows("SELECT subjects FROM audit_body WHERE action = 'shielded'")
    assert subjects == [number]


def test_a_source_marking_a_published_child_shields_all_it_has(tmp_path):
    build_sources()
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, "gp-registrations", {**KNOWN, **GP}))
    number = child_of("births", "A1")
    marked = {**KNOWN, **HELP, "restricted": "Y", "local_id": "C1"}
    load(feed(tmp_path, "childrens-services-353", marked, kind="delta"))
    assert Child.objects.get(pk=number).shielded
    nothing_shows(number)


@pytest.mark.parametrize("source", ["nhs-demographics", "childrens-services-353"])
@pytest.mark.parametrize("known", [True, False], ids=["the record is known", "the record is new"])
def test_a_mark_that_comes_in_a_later_delta_shields_a_published_child(tmp_path, source, known):
    build_sources()
    row = {**KNOWN, **(HELP if source.startswith("children") else {})}
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, source, *([row] if known else []), BEN))
    number = child_of("births", "A1")
    assert not Child.objects.get(pk=number).shielded
    marked = feed(tmp_path, source, {**row, "restricted": "Y"}, as_at="2026-12-20", kind="delta")
    load(marked, at=LATER)
    assert child_of(source, "A1") == number
    assert Child.objects.get(pk=number).shielded
    nothing_shows(number)


def test_a_shield_that_a_person_lifted_is_not_placed_again_by_the_same_mark(tmp_path):
    build_sources()
    load(feed(tmp_path, "nhs-demographics", {**KNOWN, "restricted": "Y"}))
    lift()
    load(
        feed(tmp_path, "nhs-demographics", {**KNOWN, **MOVED, "restricted": "Y"}, as_at="2026-12-20"),
        at=LATER,
    )
    assert not Child.objects.get().shielded


def test_a_shielded_child_that_left_its_source_is_still_found_by_the_next(tmp_path):
    build_sources()
    others = [{**BEN, "local_id": f"N{at}", "surname": f"Whit{chr(97 + at % 26)}{at}"} for at in range(60)]
    load(feed(tmp_path, "nhs-demographics", {**KNOWN, "restricted": "Y"}, *others))
    number = child_of("nhs-demographics", "A1")
    load(feed(tmp_path, "nhs-demographics", *others, as_at="2026-12-19"), at=LATER)
    load(
        feed(tmp_path, "nhs-demographics", {**KNOWN, "local_id": "A99"}, as_at="2026-12-20", kind="delta"),
        at=LATER,
    )
    assert child_of("nhs-demographics", "A99") == number
    assert not [one for one in statements_for_web() if one.local_id.startswith("A")]


def test_what_resembles_a_shielded_child_is_quarantined_r21(tmp_path, shielded, monkeypatch):
    children = Child.objects.count()
    real = link.propose

    def unsure(records, model, **given):
        """Links nobody, and asks about the stranger and Amina's birth record."""
        proposal = real(records, model, **given)
        ids = dict(records.select("local_id", "record").iter_rows())
        case = {
            "record_a": ids["A1"],
            "record_b": ids["X1"],
            "weight": 3.0,
            "levels": b"",
            "kind": SAME_CHILD,
        }
        reviews = pl.DataFrame([case], schema=proposal.reviews.schema)
        return replace(proposal, reviews=reviews)

    monkeypatch.setattr(link, "propose", unsure)
    stranger = {**AMINA, "local_id": "X1", "surname": "Abara", "date_of_birth": "2015-02-11", "postcode": ""}
    load(feed(tmp_path, "childrens-services-353", {**stranger, **HELP}, kind="delta"))
    assert child_of("childrens-services-353", "X1") is None
    assert Child.objects.count() == children
    assert "X1" not in {one.local_id for one in statements_for_web()}
    assert rows("SELECT near_shield FROM review_case") == [(True,)]
    assert not SearchIdentity.objects.filter(surname="Abara").exists()

    monkeypatch.setattr(link, "propose", real)
    load(feed(tmp_path, "births", {**BEN, "postcode": "OL12 9XZ"}, kind="delta"))
    number = child_of("childrens-services-353", "X1")
    assert number not in {None, shielded}
    assert rows("SELECT decision FROM link WHERE child_id = %s", number) == [("new",)]
    assert SearchIdentity.objects.filter(surname="Abara").exists()


SEARCH_ROW = """
    INSERT INTO search_identity (child_id, shielded, forename, surname, known_as, sk, fk, sfk, dob_text, sex,
        postcode, sec, dis, la, town)
    VALUES (%(child)s, {shielded}, '', '', '', 1, 1, 1, '', '', '{postcode}', '', '', '', '')
"""
ATTEMPTS = {
    "a search key": "INSERT INTO search_key (child_id, kind, key) VALUES (%(child)s, 3, 1)",
    "a search row with a place": SEARCH_ROW.format(shielded="true", postcode="OL1 4AB"),
    "an unshielded search row": SEARCH_ROW.format(shielded="false", postcode=""),
}


@pytest.mark.parametrize("statement", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_database_itself_refuses(shielded, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"child": shielded})


UNSEALING = [
    "UPDATE source_record SET sealed = false WHERE child_id = %(child)s",
    "UPDATE record_version SET sealed = false",
    "UPDATE involvement SET sealed = false",
    (
        "INSERT INTO source_record (source_id, local_id, child_id, sealed) "
        "VALUES ('harbour', 'H1', %(child)s, false)"
    ),
]


@pytest.mark.parametrize("statement", UNSEALING)
def test_nobody_can_write_a_row_about_a_shielded_child_unsealed(shielded, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement, {"child": shielded})
    assert rows("SELECT count(*) FROM source_record WHERE child_id = %s AND NOT sealed", shielded) == [(0,)]
    for table in ("record_version", "involvement"):
        assert rows(f"SELECT count(*) FROM {table} t JOIN source_record r ON r.id = t.record_id "
                    "WHERE r.child_id = %s AND NOT t.sealed", shielded) == [(0,)]  # fmt: skip


def test_a_record_moved_to_a_shielded_child_is_sealed_with_its_history(shielded):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE source_record SET child_id = %s WHERE local_id = 'B1'", [shielded])
    assert rows("SELECT DISTINCT v.sealed FROM record_version v") == [(True,)]


def test_a_shield_is_placed_once_and_only_by_who_may(shielded):
    with pytest.raises(Conflict):
        shield(shielded)
    number = child_of("births", "B1")
    refused = place_shield(number=number, ground=Ground.ADOPTION, by=viewer(), at=NOW)
    assert isinstance(refused, Refusal)
    ((told,),) = rows("SELECT convert_from(body, 'UTF8') FROM audit_body WHERE action = 'refused'")
    assert number in told
    assert Shield.objects.count() == 1
    team = viewer(role=Role.AUTHORITY_TEAM)
    place_shield(number=child_of("births", "B1"), ground=Ground.ADOPTION, by=team, at=NOW)
    assert Shield.objects.count() == 2
