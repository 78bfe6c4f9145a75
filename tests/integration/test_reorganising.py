"""An authority is split or merged as one action of two people, and taken back by two (R58)."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from tests.factories.directory import acting_as_role, build_account
from tests.factories.feeds import AMINA
from tests.factories.supply import BEN, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import PRIYA, viewer

from contactpoint.actions.protect.place_shield import place_shields
from contactpoint.actions.run.reorganise import (
    agree_to_change,
    agree_to_undo,
    ask_change,
    ask_undo,
    preview,
)
from contactpoint.cli.authorities import _read
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.reorganising import Plan
from contactpoint.storage.models import (
    Account,
    AuthorityMove,
    Membership,
    Organisation,
    PairedAuthority,
    ShieldsCheckedRow,
    WardPostcode,
    WaveBody,
    WaveRow,
)
from contactpoint.storage.queries.organisations import authorities, gazetteer

pytestmark = pytest.mark.django_db
COMMAND = system_viewer("command line")
EVE, GRACE = UUID(int=7101), UUID(int=7102)
LATER = NOW + timedelta(days=2)
MERGER = Plan(authority="354", rest="353")
STATE = (
    "SELECT code, authority FROM organisation ORDER BY 1",
    "SELECT code, authority FROM source ORDER BY 1",
    "SELECT id, authority FROM shield ORDER BY 1",
    "SELECT id, organisation_id FROM membership ORDER BY 1",
    "SELECT id, from_authority, to_authority, state FROM authority_move ORDER BY 1",
    "SELECT postcode, authority FROM ward_postcode ORDER BY 1",
    "SELECT authority, second_desk FROM paired_authority ORDER BY 1",
    "SELECT child_id, shielded, surname, la, postcode FROM search_identity ORDER BY 1, 3, 5",
)


@pytest.fixture(autouse=True)
def directory(db, tmp_path):
    """Amina lives in Oldham, Ben in Rochdale, where Cora is protected; Dan moves from there to Oldham."""
    build_sources()
    for account in (PRIYA, EVE, GRACE):
        build_account(account, f"Person {account.int}")
    for account, organisation, role in (
        (PRIYA, "la-354", "authority_team"), (EVE, "contactpoint", "national_team"),
        (GRACE, "contactpoint", "national_team"),
    ):  # fmt: skip
        Membership.objects.create(account_id=account, organisation_id=organisation, role=role, services=[])
    ben = {**BEN, "postcode": "OL16 9XY", "nhs_number": ""}
    cora = {**ben, "local_id": "C1", "forename": "Cora", "sex": "F", "date_of_birth": "2014-03-02"}
    dan = {**ben, "local_id": "D1", "forename": "Daniel", "date_of_birth": "2011-01-07"}
    load(feed(tmp_path, "births", AMINA, ben, cora, dan))
    place_shields(numbers=[child_of("births", "C1")], ground=Ground.ADOPTION, by=LOADER, at=NOW)
    at = NOW + timedelta(days=1)
    moved = {**dan, "address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"}
    load(feed(tmp_path, "births", moved, as_at=str(at.date()), kind="delta"), at=at)


def run(action, *given, **terms):
    with acting_as_role("worker"):
        return action(*given, by=COMMAND, at=LATER, **terms)


def state():
    return [rows(query) for query in STATE]


def area_of(local_id):
    return {
        la
        for (la,) in rows("SELECT la FROM search_identity WHERE child_id = %s", child_of("births", local_id))
    }


def change(plan=MERGER):
    number = run(ask_change, plan, because="By order", asked_by=EVE)
    run(agree_to_change, number, agreed_by=GRACE)
    return number


def test_a_child_whom_the_nation_gave_to_an_authority_goes_to_its_successor_and_back(tmp_path):
    """R58: nothing else says whose they are."""
    eva = {**AMINA, "local_id": "E1", "forename": "Eva", "address": "1 High Street", "postcode": "G1 1AA"}
    load(feed(tmp_path, "births", eva, as_at=str(LATER.date()), kind="delta"), at=LATER)
    number = child_of("births", "E1")
    AuthorityMove.objects.create(
        child_id=number,
        from_authority="",
        to_authority="354",
        given_because="last_known",
        state="accepted",
        opened_at=NOW,
        answer_by=NOW.date(),
        closed_at=NOW,
    )
    assert rows("SELECT given_to(%s)", number) == [("354",)]
    merger = change()
    assert rows("SELECT given_to(%s)", number) == [("353",)]
    run(ask_undo, merger, asked_by=GRACE)
    run(agree_to_undo, merger, agreed_by=EVE)
    assert rows("SELECT given_to(%s)", number) == [("354",)]


def test_a_merger_takes_everything_along_and_opens_no_move():
    WardPostcode.objects.create(postcode="OL16", ward="E05000811", name="Balderstone", authority="354")
    before = state()
    number = change()
    assert rows("SELECT authority FROM ward_postcode") == [("353",)]
    assert area_of("B1") == {"353"}
    assert rows("SELECT authority FROM shield") == [("353",)]
    assert rows("SELECT count(*) FROM organisation WHERE authority = '354'") == [(0,)]
    assert rows("SELECT state FROM authority_move") == [("overtaken",)], "Dan had nowhere to move to any more"
    assert [(one.code, one.name) for one in authorities()] == [("353", "Oldham Children's Services")]
    assert dict(gazetteer().districts)["OL16"] == "353"
    run(ask_undo, number, asked_by=GRACE)
    run(agree_to_undo, number, agreed_by=EVE)
    assert state() == before, "all is as it was"


@pytest.mark.parametrize(
    ("paired", "becomes"),
    [
        ({"354": "355", "355": "354"}, {"353": "355", "355": "353"}),
        ({"354": "353"}, {"354": "353"}),
        ({"353": "354"}, {"353": "354"}),
        ({"353": "355", "354": "356"}, {"353": "355", "354": "356"}),
        ({"353": "355", "356": "354"}, {"353": "355", "356": "353"}),
    ],
    ids=[
        "each other's",
        "no desk is its own",
        "nor by the other way",
        "one keeps its own",
        "second of another",
    ],
)
def test_pairs_of_desks_go_along_where_they_can_and_come_back(paired, becomes):
    """R31: a desk of the nation's list is whose second it was, under its successor's code."""
    PairedAuthority.objects.bulk_create(
        PairedAuthority(authority=one, second_desk=other) for one, other in paired.items()
    )
    number = change()
    assert dict(rows("SELECT authority, second_desk FROM paired_authority")) == becomes
    run(ask_undo, number, asked_by=GRACE)
    run(agree_to_undo, number, agreed_by=EVE)
    assert dict(rows("SELECT authority, second_desk FROM paired_authority")) == paired


def test_a_split_gives_what_is_listed_to_the_other_and_asks_about_protected_children():
    Organisation.objects.create(code="la-355", name="Middleton", kind="authority", authority="355")
    plan = Plan(authority="354", rest="355", organisations={"la-354": "355"}, people={str(PRIYA): "la-355"})
    before = state()
    number = change(plan)
    assert rows("SELECT organisation_id FROM membership WHERE account_id = %s", PRIYA) == [("la-355",)]
    assert area_of("B1") == {"355"}
    run(ask_undo, number, asked_by=EVE)
    run(agree_to_undo, number, agreed_by=GRACE)
    assert state() == before


def test_a_preview_tells_no_small_number_and_nothing_of_protections():
    with acting_as_role("worker"):
        found = preview(MERGER, by=COMMAND)
    assert (found.children, found.people, found.organisations) == (None, None, None)
    assert not hasattr(found, "shields")


def test_it_takes_two_of_the_national_team_and_a_reason():
    with pytest.raises(InvalidInput):
        run(ask_change, MERGER, because=" ", asked_by=EVE)
    with pytest.raises(Conflict):
        run(ask_change, MERGER, because="By order", asked_by=PRIYA)
    number = run(ask_change, MERGER, because="By order", asked_by=EVE)
    with pytest.raises(Conflict):
        run(ask_change, MERGER, because="By order", asked_by=GRACE)
    for agrees in (EVE, PRIYA):
        with pytest.raises(Conflict):
            run(agree_to_change, number, agreed_by=agrees)
    Account.objects.filter(pk=GRACE).update(suspended_at=NOW)
    with pytest.raises(Conflict):
        run(agree_to_change, number, agreed_by=GRACE)
    Account.objects.filter(pk=GRACE).update(suspended_at=None)
    run(agree_to_change, number, agreed_by=GRACE)
    with pytest.raises(Conflict):
        run(agree_to_change, number, agreed_by=GRACE)
    with pytest.raises(Conflict):
        run(agree_to_undo, number, agreed_by=GRACE)


def test_a_plan_names_authorities_that_there_are():
    for plan in ("354", "354"), ("35", "353"):
        with pytest.raises(InvalidInput):
            Plan(authority=plan[0], rest=plan[1])
    with pytest.raises(NotFound), acting_as_role("worker"):
        preview(Plan(authority="354", rest="999"), by=COMMAND)
    with pytest.raises(Conflict):
        preview(MERGER, by=viewer())


FOREIGN = [
    {"organisations": {"la-353": "354"}},
    {"sources": {"childrens-services-353": "353"}},
    {"people": {str(EVE): "la-353"}},
]


@pytest.mark.parametrize("listed", FOREIGN, ids=lambda listed: next(iter(listed)))
def test_a_plan_lists_only_what_is_its_authoritys(listed):
    """R58: nobody takes along what is another's, and whoever acts for another body too keeps that."""
    with pytest.raises(InvalidInput, match="is not of authority 354"):
        run(ask_change, Plan(authority="354", rest="353", **listed), because="By order", asked_by=EVE)


def test_of_whoever_acts_for_two_authorities_only_what_they_are_there_moves():
    Membership.objects.create(account_id=PRIYA, organisation_id="la-353", role="shield_team", services=[])
    Organisation.objects.create(code="la-355", name="Middleton", kind="authority", authority="355")
    change(Plan(authority="354", rest="355", people={str(PRIYA): "la-355"}))
    kept = rows("SELECT organisation_id, role FROM membership WHERE account_id = %s ORDER BY 1", PRIYA)
    assert kept == [("la-353", "shield_team"), ("la-355", "authority_team")]


def in_wave(authority, *, is_open):
    """Put an authority's body into a wave of its own."""
    wave = WaveRow.objects.create(
        name=f"Wave of {authority}",
        kind="pathfinder",
        planned_on=NOW.date(),
        made_at=NOW,
        state="open" if is_open else "planned",
        opened_at=NOW if is_open else None,
    )
    WaveBody.objects.create(wave=wave, organisation_id=f"la-{authority}", since=NOW)
    return wave


def waits(code):
    return rows("SELECT waits FROM gate_of(%s)", code)[0][0]


def change_wave(wave, state):
    WaveRow.objects.filter(pk=wave.pk).update(state=state, opened_at=NOW if state == "open" else None)


def test_r3_a_merger_lets_nobody_in_whose_wave_is_not_open():
    """A change of authorities is no way round the checklist, nor shuts anybody out by surprise."""
    school = Organisation.objects.create(code="S354", name="A school", kind="school", authority="354")
    mine = in_wave("353", is_open=True)
    with pytest.raises(InvalidInput, match="Authority 353 is open in the roll-out and 354 is not"):
        run(ask_change, MERGER, because="By order", asked_by=EVE)
    theirs = in_wave("354", is_open=True)
    number = run(ask_change, MERGER, because="By order", asked_by=EVE)
    change_wave(theirs, "planned")
    with pytest.raises(Conflict, match="Open or shut both first"):
        run(agree_to_change, number, agreed_by=GRACE)
    assert waits(school.code)
    change_wave(theirs, "open")
    run(agree_to_change, number, agreed_by=GRACE)
    assert not waits(school.code)
    run(ask_undo, number, asked_by=GRACE)
    change_wave(mine, "planned")
    assert waits(school.code)
    with pytest.raises(Conflict, match="Open or shut both first"):
        run(agree_to_undo, number, agreed_by=EVE)
    change_wave(mine, "open")
    run(agree_to_undo, number, agreed_by=EVE)
    assert not waits(school.code)


def test_r3_a_new_authority_takes_the_place_of_the_one_before_it_and_gives_it_back():
    Organisation.objects.create(code="la-355", name="Middleton", kind="authority", authority="355")
    Organisation.objects.create(code="S354", name="A school", kind="school", authority="354")
    wave = in_wave("354", is_open=True)
    assert waits("la-355"), "it is in no wave"
    number = change(Plan(authority="354", rest="355"))
    assert not waits("S354")
    change_wave(wave, "planned")
    assert waits("S354"), "it is shut with the wave"
    change_wave(wave, "open")
    run(ask_undo, number, asked_by=GRACE)
    run(agree_to_undo, number, agreed_by=EVE)
    assert not waits("S354")
    assert waits("la-355")


def test_r26_the_word_on_protections_holds_no_longer_where_others_come_that_were_never_checked():
    for authority in ("353", "354"):
        in_wave(authority, is_open=False)
    ShieldsCheckedRow.objects.create(authority="353", how="none", on=NOW.date(), by_id=EVE)
    change()
    assert not ShieldsCheckedRow.objects.exists()


def test_what_somebody_changed_meanwhile_stays_when_it_is_taken_back():
    number = change()
    Organisation.objects.filter(code="la-354").update(authority="356")
    run(ask_undo, number, asked_by=GRACE)
    run(agree_to_undo, number, agreed_by=EVE)
    assert Organisation.objects.get(code="la-354").authority == "356"


def test_a_row_changes_only_what_goes_by_authorities(web_role):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("SELECT * FROM authority_change")


def test_what_goes_elsewhere_is_read_line_by_line(tmp_path):
    file = tmp_path / "listed.csv"
    file.write_text("organisation,105734,355\nsource,harbour,355\nperson,ben@example.org,la-353\n")
    with pytest.raises(NotFound, match=r"ben@example\.org"):
        _read("353", "354", file)
    file.write_text("organisation,105734,355\nsource,harbour,355\n")
    plan = _read("353", "354", file)
    assert (plan.organisations, plan.sources) == ({"105734": "355"}, {"harbour": "355"})
    assert plan.successors == {"354", "355"}
    file.write_text("\ufefforganisation,105734,355\n\n")
    assert _read("353", "354", file).organisations == {"105734": "355"}, "as spreadsheets save it"
    for text, says in (
        ("school,105734\n", "Line 1"),
        ("organisation,105734,355\norganisation,105734,354\n", "Line 2: 105734 is listed already"),
        ("organisation,,355\n", "Line 1"),
        ("\n\n", "lists nothing"),
    ):
        file.write_text(text)
        with pytest.raises(InvalidInput, match=says):
            _read("353", "354", file)
    file.write_bytes(b"organisation,\xff\xfe,355\n")
    with pytest.raises(InvalidInput, match="UTF-8"):
        _read("353", "354", file)
    with pytest.raises(NotFound):
        _read("353", "354", tmp_path / "none.csv")
