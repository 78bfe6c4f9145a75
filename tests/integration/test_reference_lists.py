"""Lists of authorities, schools and practices from a file: tried, agreed, carried out, put back (R58)."""

import json
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, build_child, build_reference
from tests.factories.national import EWA_HERE, LENA_HERE, NINA, build_people
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import rows
from tests.factories.viewers import viewer

from contactpoint.actions.find.index import refresh
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.run.reference import (
    put_back,
    reference_change,
    reference_changes,
    step_change,
    take_list,
    try_list,
)
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import DeliveryRefused, InvalidInput, NotFound
from contactpoint.domain.reference_lists import BECOMES, COLUMNS, WARD_COLUMNS, ListKind, ListState
from contactpoint.domain.two_people import Step
from contactpoint.pipelines import areas
from contactpoint.pipelines.areas import work_areas_out
from contactpoint.pipelines.reference import load_reference
from contactpoint.pipelines.reference_lists import MEANWHILE, carry_out_lists
from contactpoint.storage.models import (
    AreaRework,
    AuditBody,
    Child,
    InvolvementRow,
    Organisation,
    ReferenceChange,
    SearchIdentity,
    SourceRecord,
    WardPostcode,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SCHOOLS = ListKind.SCHOOL
HEAD = ",".join(COLUMNS)
BROADFIELD = "105734,Broadfield Primary School,school,353,0161 496 0734,Weekdays 9 to 5,,,OL1 4AB"
OAK = '900001,Oak Lane School,school,354,01706 496001,Weekdays 9 to 4,,"Oak Lane, Rochdale",OL16 2AA'


@pytest.fixture(autouse=True)
def people(db):
    build_reference()
    build_people()


HEAD_OF_WARDS = ",".join(WARD_COLUMNS)
COLDHURST = "OL1 4AB,E05000800,Coldhurst,353"
CROMPTON = "OL2 7,E05000801,Crompton,353"
HEYWOOD = "OL10,E05000810,Heywood,354"


def run(action, by=EWA_HERE, **terms):
    with acting_as_role("web"):
        return action(by=by, at=NOW, **terms)


def file(*lines):
    return "\n".join((HEAD, *lines, "")).encode()


def tried(*lines, kind=SCHOOLS):
    return run(try_list, kind=kind, data=file(*lines))


def work():
    with acting_as_role("worker"):
        return carry_out_lists(by=system_viewer("worker"), at=NOW)


def step(number, what, by=EWA_HERE, because=""):
    return run(step_change, by, number=number, step=what, because=because)


def agree(number):
    assert step(number, Step.ASK, because="The register of October").state == "asked"
    assert step(number, Step.AGREE, LENA_HERE).state == "agreed"
    assert work() == 1


def schools():
    columns = "code, name, authority, phone, postcode, closed_on IS NOT NULL"
    return rows(f"SELECT {columns} FROM organisation WHERE kind = 'school' ORDER BY code")


def test_a_list_is_tried_agreed_by_two_carried_out_and_put_back():
    before = schools()
    number = tried(BROADFIELD.replace("0734,W", "0999,W"), OAK).number
    assert schools() == before, "a try changes nothing"
    found = run(reference_change, number=number)
    assert [(one.code, one.is_new, one.fields) for one in found.differences] == [
        ("105734", False, ("phone",)),
        ("900001", True, ()),
    ]
    assert (found.added, found.changed, found.gone, found.children) == (1, 1, 0, None)

    assert step(number, Step.ASK, because="The register of October").state == "asked"
    assert work() == 0, "nothing holds before a second person agreed"
    assert isinstance(step(number, Step.AGREE), Refusal), "nobody agrees to their own"
    assert step(number, Step.AGREE, LENA_HERE).state == "agreed"
    assert schools() == before, "a page changes nothing itself"
    assert work() == 1
    assert [(row[0], row[3]) for row in schools()] == [
        ("105734", "0161 496 0999"),
        ("900001", "01706 496001"),
    ]
    with as_the_owner():
        assert AuditBody.objects.filter(action=Action.CHANGED_REFERENCE.value).count() == 1

    back = run(put_back, LENA_HERE, number=number).number
    assert isinstance(run(put_back, LENA_HERE, number=back), Refusal), "only what was carried out is put back"
    assert step(back, Step.ASK, LENA_HERE, "It was last year's register").state == "asked"
    assert isinstance(step(back, Step.AGREE, LENA_HERE), Refusal)
    assert step(back, Step.AGREE).state == "agreed"
    work()
    assert schools()[0] == before[0]
    assert schools()[1][-1], "what was new is closed, not deleted"
    (latest, first) = run(reference_changes)
    assert (latest.puts_back, latest.by, latest.answered_by) == (number, "Lena Fox", "Ewa Nowak")
    assert (first.because, first.state, first.by) == ("The register of October", ListState.DONE, "Ewa Nowak")


def tried_wards(*lines):
    return run(try_list, kind=ListKind.WARD, data="\n".join((HEAD_OF_WARDS, *lines, "")).encode())


def wards():
    return sorted(WardPostcode.objects.values_list("postcode", "ward", "name", "authority"))


def as_rows(*lines):
    return sorted(tuple(line.split(",")) for line in lines)


def test_wards_are_tried_agreed_by_two_carried_out_and_put_back():
    agree(tried_wards(COLDHURST, CROMPTON, HEYWOOD).number)
    assert wards() == as_rows(COLDHURST, CROMPTON, HEYWOOD)
    assert tried_wards(COLDHURST, CROMPTON).number is None, (
        "authorities that a file does not name keep theirs"
    )
    moved = "OL1 4AB,E05000801,Crompton,353"
    number = tried_wards(moved).number
    found = run(reference_change, number=number)
    assert [(one.code, one.fields, one.closes) for one in found.differences] == [
        ("OL1 4AB", ("ward", "name"), False),
        ("OL2 7", ("closed",), True),
    ]
    assert (found.added, found.changed, found.gone) == (0, 1, 1)
    agree(number)
    assert wards() == as_rows(moved, HEYWOOD)
    agree(run(put_back, number=number).number)
    assert wards() == as_rows(COLDHURST, CROMPTON, HEYWOOD)
    new = tried_wards(COLDHURST, CROMPTON, "OL3,E05000802,Saddleworth,353").number
    agree(new)
    agree(run(put_back, number=new).number)
    assert wards() == as_rows(COLDHURST, CROMPTON, HEYWOOD), "what was new is in no ward again"


def test_a_postcode_that_goes_to_another_authority_is_a_change_of_it():
    agree(tried_wards(COLDHURST, HEYWOOD).number)
    number = tried_wards("OL1 4AB,E05000810,Heywood,354", HEYWOOD).number
    (only,) = run(reference_change, number=number).differences
    assert only.fields == ("ward", "name", "authority")
    agree(number)
    assert wards() == as_rows("OL1 4AB,E05000810,Heywood,354", HEYWOOD)


def test_what_is_wrong_in_a_file_of_wards_is_said_by_line_and_field():
    agree(tried_wards(HEYWOOD).number)
    found = tried_wards(
        COLDHURST,
        COLDHURST,
        "OL14AB,E05000800,Coldhurst,353",
        "OL3,E06000800,Saddleworth,353",
        "OL4,E05000800,Waterhead,353",
        "OL5,E05000803,Lees,999",
        "OL6,E05000810,Heywood,353",
        ",,,",
    )
    assert [(one.line, one.field) for one in found.faults] == [
        (3, "postcode"),
        (4, "postcode"),
        (5, "ward"),
        (6, "name"),
        (7, "authority"),
        (8, "authority"),
        *((9, name) for name in WARD_COLUMNS),
    ]
    assert wards() == as_rows(HEYWOOD)


def test_the_wards_of_an_authority_as_they_are_change_nothing():
    agree(tried_wards(COLDHURST, CROMPTON, HEYWOOD).number)
    as_it_is = run(take_list, kind=ListKind.WARD, authority="353")
    assert "Heywood" not in as_it_is
    assert run(try_list, kind=ListKind.WARD, data=as_it_is.encode()).number is None
    with pytest.raises(NotFound):
        run(take_list, kind=ListKind.WARD, authority="999")


def test_wards_that_changed_meanwhile_are_not_overwritten():
    number = tried_wards(COLDHURST).number
    step(number, Step.ASK, because="May")
    step(number, Step.AGREE, LENA_HERE)
    WardPostcode.objects.create(postcode="OL1 4AB", ward="E05000801", name="Crompton", authority="353")
    assert work() == 1
    assert run(reference_change, number=number).outcome == MEANWHILE


def test_the_database_keeps_no_ward_that_is_none():
    row = {"code": "OL1", "ward": "E05000800", "name": "Coldhurst", "authority": "353", "closed": ""}
    for wrong in ({"code": "OL14AB"}, {"ward": "353"}, {"name": ""}, {"authority": "999"}, {"name": None}):
        assert rows("SELECT is_ward_row(%s)", json.dumps({**row, **wrong})) == [(False,)]
    assert rows("SELECT is_ward_row(%s)", json.dumps(row)) == [(True,)]


def test_the_first_load_replaces_the_wards_of_the_authorities_it_names(tmp_path):
    agree(tried_wards(COLDHURST, CROMPTON, HEYWOOD).number)
    (tmp_path / "wards.csv").write_text(f"{HEAD_OF_WARDS}\nOL3,E05000802,Saddleworth,353\n")
    with acting_as_role("worker"):
        report = load_reference(tmp_path, by=system_viewer("loader"), at=NOW)
    assert report.wards == 1
    assert wards() == as_rows(HEYWOOD, "OL3,E05000802,Saddleworth,353")
    for wrong in ("OL3 7X,E05000802,Saddleworth,353", "OL3,X,Saddleworth,353", "OL3,E05000802,,353"):
        (tmp_path / "wards.csv").write_text(f"{HEAD_OF_WARDS}\n{wrong}\n")
        with acting_as_role("worker"), pytest.raises(DeliveryRefused, match=r"Line 2 of wards\.csv"):
            load_reference(tmp_path, by=system_viewer("loader"), at=NOW)


def test_a_school_that_is_gone_is_closed_and_keeps_its_history_and_opens_again():
    child = build_child({"source": "school-census", "forename": "Ada", "surname": "Bell"})
    agree(tried(OAK).number)
    held = Organisation.objects.get(pk="105734")
    assert held.closed_on == timezone.localdate(NOW)
    assert rows("SELECT number FROM child WHERE number = %s", child) == [(child,)]
    number = tried(OAK).number
    assert number is None, "the same file again changes nothing"
    agree(tried(BROADFIELD, OAK).number)
    assert Organisation.objects.get(pk="105734").closed_on is None


def test_a_school_in_another_area_takes_its_children_along_as_after_a_delivery():
    """R58, R59: whose a child is goes by it; the old authority answers until the new one accepts."""
    child = build_child(
        {
            "source": "school-census",
            "forename": "Ada",
            "surname": "Bell",
            "date_of_birth": "2016-05-09",
            "involvements": [{"service": "school", "organisation": "105734"}],
        }
    )
    assert rows("SELECT DISTINCT la FROM search_identity WHERE child_id = %s", child) == [("353",)]
    agree(tried(BROADFIELD.replace("school,353", "school,354")).number)
    moves = rows("SELECT from_authority, to_authority FROM authority_move WHERE child_id = %s", child)
    assert moves == [("353", "354")]


def births(**changed):
    ada = {"source": "births", "forename": "Ada", "surname": "Bell", "date_of_birth": "2016-05-09"}
    return build_child({**ada, "address": "9 Elm Street", "postcode": "OL4 2CD", **changed})


def area_of(child):
    return {la for (la,) in rows("SELECT la FROM search_identity WHERE child_id = %s", child)}


def rework(at_once=2):
    with acting_as_role("worker"):
        return work_areas_out(by=system_viewer("worker"), at=NOW, at_once=at_once)


MOORSIDE = "900002,Moorside School,school,353,01706 496002,Weekdays 9 to 4,,,OL4 1ZZ"


def test_whose_area_a_postcode_is_in_is_worked_out_again_for_the_children_who_live_there():
    """R58, R59: by a list and by putting it back; what is known of nobody's school changes all the same."""
    children = [births(forename=name) for name in ("Ada", "Bea", "Cora")]
    elsewhere = births(forename="Dora", postcode="OL1 4AB")
    assert {area for one in children for area in area_of(one)} == {""}
    number = tried(BROADFIELD, MOORSIDE).number
    agree(number)
    assert {area for one in children for area in area_of(one)} == {""}, "the worker comes to them later"
    assert rework() == 3
    assert [area_of(one) for one in children] == [{"353"}] * 3
    assert area_of(elsewhere) == {"353"}
    assert rework() == 0, "and once"
    agree(tried(BROADFIELD, MOORSIDE.replace("school,353", "school,354")).number)
    assert rework() == 3
    moves = rows("SELECT child_id, from_authority, to_authority FROM authority_move ORDER BY child_id")
    assert moves == [(child, "353", "354") for child in sorted(children)]
    back = run(put_back, LENA_HERE, number=run(reference_changes)[0].number).number
    step(back, Step.ASK, LENA_HERE, "It was wrong")
    step(back, Step.AGREE)
    work()
    assert rework() == 3
    assert rows("SELECT DISTINCT state FROM authority_move") == [("overtaken",)]


def test_a_worker_that_is_killed_goes_on_where_it_was_and_done_twice_comes_to_the_same():
    children = sorted(births(forename=name) for name in ("Ada", "Bea", "Cora"))
    agree(tried(BROADFIELD, MOORSIDE).number)
    parts = []

    def cut_off(numbers, **terms):
        parts.append(list(numbers))
        if len(parts) == 2:
            raise KeyboardInterrupt
        return refresh(numbers, **terms)

    with mock.patch.object(areas, "refresh", cut_off), pytest.raises(KeyboardInterrupt):
        rework(at_once=1)
    assert parts == [[children[0]], [children[1]]]
    assert rows("SELECT done_through FROM area_rework") == [(children[0],)]
    rework(at_once=1)
    assert [area_of(one) for one in children] == [{"353"}] * 3
    assert AreaRework.objects.count() == 0


def test_a_protected_child_is_looked_at_whatever_the_district_and_shows_nothing():
    """R27, R58: its desk learns of it through the national one."""
    child = births()
    place_shields(numbers=[child], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    agree(tried(BROADFIELD, MOORSIDE).number)
    assert rework() == 1
    assert area_of(child) == {""}
    assert rows("SELECT count(*) FROM unplaced_child") == [(0,)], "Moorside's area is its own, unseen"
    assert rows("SELECT count(*) FROM authority_move") == [(0,)], "its desk is the national one"


def test_a_list_that_moves_no_district_has_nobody_looked_at():
    births()
    agree(tried(BROADFIELD, OAK).number)
    assert AreaRework.objects.count() == 0


def test_what_changed_meanwhile_is_not_overwritten():
    number = tried(BROADFIELD, OAK).number
    step(number, Step.ASK, because="October")
    step(number, Step.AGREE, LENA_HERE)
    Organisation.objects.create(code="900001", name="Oak", kind="school", authority="353")
    assert work() == 1
    assert run(reference_change, number=number).outcome == MEANWHILE
    assert Organisation.objects.get(pk="900001").name == "Oak"
    late = tried(BROADFIELD).number
    Organisation.objects.filter(pk="900001").update(name="Oak Lane")
    assert isinstance(step(late, Step.ASK, because="October"), Refusal)


def test_the_first_load_opens_whoever_it_names(tmp_path):
    Organisation.objects.filter(pk="105734").update(closed_on=timezone.localdate())
    (tmp_path / "organisations.csv").write_bytes(file(BROADFIELD))
    with acting_as_role("worker"):
        load_reference(tmp_path, by=system_viewer("loader"), at=NOW)
    assert Organisation.objects.get(pk="105734").closed_on is None


def test_a_reference_file_has_children_looked_at_whose_district_it_moves(tmp_path):
    child = births()
    (tmp_path / "organisations.csv").write_bytes(file(MOORSIDE))
    with acting_as_role("worker"):
        load_reference(tmp_path, by=system_viewer("loader"), at=NOW)
    assert area_of(child) == {""}
    assert rework() == 1
    assert area_of(child) == {"353"}


def test_one_of_a_list_waits_at_a_time_and_whoever_brought_it_drops_it():
    first, second = tried(OAK).number, tried(BROADFIELD, OAK).number
    step(first, Step.ASK, because="October")
    assert isinstance(step(second, Step.ASK, because="October"), Refusal)
    assert isinstance(step(first, Step.DROP, LENA_HERE), Refusal)
    assert step(first, Step.DROP).state == "dropped"
    step(second, Step.ASK, because="October")
    assert step(second, Step.REFUSE, LENA_HERE).state == "refused"
    assert isinstance(step(second, Step.AGREE, LENA_HERE), Refusal)
    assert work() == 0
    with pytest.raises(InvalidInput):
        step(tried(OAK).number, Step.ASK)


def test_a_draft_is_nobody_elses():
    number = tried(OAK).number
    with pytest.raises(NotFound):
        run(reference_change, LENA_HERE, number=number)
    assert run(reference_changes, LENA_HERE) == ()
    assert [one.number for one in run(reference_changes)] == [number]


def test_a_bad_file_says_where_and_why_and_keeps_nothing():
    found = tried(
        BROADFIELD.replace("OL1 4AB", "OL1"), OAK.replace("354", "999"), OAK.replace(",school,", ",gp,")
    )
    assert [(one.line, one.field) for one in found.faults] == [
        (2, "postcode"),
        (3, "authority"),
        (4, "kind"),
        (4, "code"),
    ]
    for data in (b"", b"code;name\n", file(), file("1,2"), "code,näme\n".encode("latin-1")):
        with pytest.raises(InvalidInput):
            run(try_list, kind=SCHOOLS, data=data)
    assert not ReferenceChange.objects.exists()


def test_no_list_names_a_place_that_is_kept_back_or_ends_an_authority():
    """R34: a refuge's code is another organisation's, as any other is. R58: a merger ends authorities."""
    Organisation.objects.create(code="900009", name="Harbour House", kind="refuge", authority="353")
    Organisation.objects.create(code="900008", name="Harbour Trust", kind="charity", authority="353")
    reasons = {
        tried(BROADFIELD, OAK.replace("900001", code)).faults[0].reason for code in ("900009", "900008")
    }
    assert len(reasons) == 1
    assert "Harbour" not in run(take_list, kind=SCHOOLS)
    one = "la-353,Oldham Children's Services,authority,353,0161 496 0353,Weekdays 9 to 5,,,OL1 1UT"
    assert "ends only by a merger" in tried(one, kind=ListKind.AUTHORITY).faults[0].reason
    event = "INSERT INTO reference_change (kind) VALUES ('school')"
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("web"):
        connection.cursor().execute(event)


def test_a_new_authority_has_a_source_for_what_is_said_by_hand():
    as_it_is = run(take_list, kind=ListKind.AUTHORITY)
    assert run(try_list, kind=ListKind.AUTHORITY, data=as_it_is.encode()).number is None
    lines = as_it_is.encode() + b"la-355,Middleton,authority,355,,,,,M24 1AA\r\n"
    number = run(try_list, kind=ListKind.AUTHORITY, data=lines).number
    agree(number)
    assert rows("SELECT count(*) FROM source WHERE code = 'by-hand-355'") == [(1,)]
    assert isinstance(run(put_back, number=number), Refusal), "an authority ends only by a merger"


def test_only_the_national_team_sees_or_changes_lists():
    nina = viewer(account_id=NINA, name="Nina Cole")
    for action, terms in (
        (reference_changes, {}),
        (reference_change, {"number": 1}),
        (take_list, {"kind": SCHOOLS}),
        (try_list, {"kind": SCHOOLS, "data": file(OAK)}),
        (put_back, {"number": 1}),
        (step_change, {"number": 1, "step": Step.AGREE, "because": ""}),
    ):
        assert isinstance(run(action, nina, **terms), Refusal)


def test_the_database_has_the_same_table_of_steps():
    for state in ListState:
        for taken in Step:
            becomes = BECOMES.get((state, taken))
            found = rows("SELECT next_list_state(%s, %s)", state.value, taken.value)[0][0]
            assert found == (becomes.value if becomes else None)


def test_nobody_changes_what_was_said_of_a_list():
    number = tried(OAK).number
    agree(number)
    for statement in (
        "UPDATE reference_change SET because = 'else' WHERE id = %s",
        "DELETE FROM reference_change WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement, [number])


def pupils(count):
    """So many children at Broadfield, the last of them protected."""
    numbers = [f"C{place:09d}A" for place in range(count)]
    hidden = numbers[-1]
    Child.objects.bulk_create(
        Child(number=number, created_at=NOW, shielded=number == hidden) for number in numbers
    )
    SearchIdentity.objects.bulk_create(
        SearchIdentity(child_id=number, shielded=number == hidden, sk=1, fk=1, sfk=1) for number in numbers
    )
    records = SourceRecord.objects.bulk_create(
        SourceRecord(source_id="school-census", local_id=number, child_id=number, sealed=number == hidden)
        for number in numbers
    )
    InvolvementRow.objects.bulk_create(
        InvolvementRow(
            record=record,
            involvement_id="0",
            service="school",
            organisation_id="105734",
            recorded_at=NOW,
        )
        for record in records
    )


def test_of_postcodes_no_children_are_counted():
    """R34: a file could name each postcode alone, as often as somebody likes."""
    pupils(151)
    SearchIdentity.objects.filter(shielded=False).update(postcode="OL14AB", sec="OL1 4", dis="OL1")
    agree(tried_wards(COLDHURST).number)
    assert run(reference_change, number=tried_wards("OL1,E05000800,Coldhurst,353").number).children is None


@pytest.mark.parametrize(("count", "told"), [(100, None), (101, 100), (150, 100), (151, 200)])
def test_children_are_told_to_the_nearest_hundred_without_who_is_protected(count, told):
    """R34: of so many at a school one is protected, and no number has them in it."""
    pupils(count)
    number = tried(BROADFIELD.replace("0734,W", "0999,W")).number
    assert run(reference_change, number=number).children == told
