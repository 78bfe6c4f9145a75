"""Children for whom no authority is responsible: who is listed, and what comes of giving one away (R58)."""

from datetime import date

import pytest
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.grown import archive_by_hand
from tests.factories.signed_in import events_of
from tests.factories.supply import BEN, LOADER, NOW, child_of, feed, load, rows
from tests.factories.viewers import PRIYA
from tests.integration.test_moves import (
    DAY,
    LATER,
    OLDHAM,
    SAM,
    directory,
    national,
    responsible,
    run,
    says,
    says_of_it,
    team,
)

from contactpoint.actions.contribute.moves import answer_protected_move, protected_moves
from contactpoint.actions.contribute.unplaced import (
    children_without_authority,
    give_authority,
    note_leaving,
)
from contactpoint.actions.find.held import known_of
from contactpoint.actions.protect.by_the_clock import lift_what_is_due
from contactpoint.actions.protect.place_shield import place_shields
from contactpoint.actions.retain.lives import when_due
from contactpoint.actions.run.today import today
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.redact import is_it_said_that_they_left
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.domain.moves import MoveReason, MoveStep
from contactpoint.domain.people import AddressKind
from contactpoint.domain.retention import Leaving, Why
from contactpoint.domain.today import Queue
from contactpoint.domain.unplaced import AuthorityGiven, GivenBecause, LeavingNoted, NobodyBecause
from contactpoint.storage.models import AuthorityMove, Organisation
from contactpoint.storage.queries.involvements import involvements_of
from contactpoint.storage.queries.moves import noted_as_left
from contactpoint.storage.queries.statements import statements_of
from contactpoint.storage.retention import may_be_due

pytestmark = pytest.mark.django_db
__all__ = ["directory", "says"]
NOBODY = {**BEN, "address": "", "postcode": ""}
GLASGOW = {"address": "1 High Street, Glasgow", "postcode": "G1 1AA"}


def listed(at=LATER):
    found = run(children_without_authority, national(), at)
    assert found.in_all == waiting(at) == len(found.children)
    return {one.child: one for one in found.children}


def waiting(at=LATER):
    return {one.queue: one.count for one in run(today, national(), at)}[Queue.UNPLACED]


def give(number, authority="354", by=None, at=LATER, because=GivenBecause.LAST_KNOWN):
    return run(give_authority, by or national(), at, child=number, authority=authority, because=because)


def shield(number, at=NOW):
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=LOADER, at=at)


def lift(number):
    """Two people agree to it, and a week goes by."""
    for what, who in (("confirmed", SAM), ("lift_asked", PRIYA), ("lift_agreed", SAM)):
        rows(
            "INSERT INTO shield_step (shield_id, what, was, becomes, by_id, at, answers, review_by, lift_at) "
            "SELECT id, %s, '', '', %s, %s, '{}', '2027-05-01', %s FROM shield WHERE child_id = %s "
            "RETURNING id",
            what, who, LATER - 7 * DAY, LATER, number,
        )  # fmt: skip
    with acting_as_role("worker"):
        assert lift_what_is_due(by=LOADER, at=LATER + DAY) == 1


@pytest.fixture
def ben(says):
    """Amina lives in Glasgow, Ben nowhere that is known."""
    says(GLASGOW, NOW, NOBODY)
    return child_of("births", BEN["local_id"])


@pytest.fixture
def amina(ben):
    return child_of("births", AMINA["local_id"])


def test_whoever_belongs_nowhere_is_listed_with_since_when_and_why(amina, ben):
    found = listed()
    assert {one.name: (one.because, one.since) for one in found.values()} == {
        "Amina Okafor": (NobodyBecause.NOT_IN_ENGLAND, NOW.date()),
        f"{BEN['forename']} {BEN['surname']}": (NobodyBecause.NO_POSTCODE, NOW.date()),
    }
    looked = [event for event in events_of(SAM) if event.action is Action.LISTED_UNPLACED]
    assert {amina, ben} in [set(event.subjects) for event in looked]


def test_the_oldest_are_first_and_stay_as_old_as_they_are(says, tmp_path):
    says(GLASGOW, NOW)
    load(feed(tmp_path, "births", AMINA | GLASGOW, NOBODY, as_at=str((NOW + DAY).date())), at=NOW + DAY)
    says({**GLASGOW, "address": "2 High Street, Glasgow"}, NOW + 2 * DAY, NOBODY)
    found = run(children_without_authority, national(), NOW + 3 * DAY).children
    assert [(one.name.split()[0], one.since) for one in found] == [
        ("Amina", NOW.date()),
        (BEN["forename"], (NOW + DAY).date()),
    ]


def test_whoever_comes_to_an_authority_leaves_the_list_without_anybody_accepting(amina, says):
    says(OLDHAM, NOW + DAY, NOBODY)
    assert amina not in listed()
    assert responsible(amina) == "353"
    assert AuthorityMove.objects.count() == 0


@pytest.mark.parametrize(
    "said", [{"address_kind": "left_for_good"}, {"date_of_death": "2026-10-01"}], ids=["left", "died"]
)
def test_whoever_left_england_or_died_is_not_listed(amina, ben, tmp_path, said):
    """R49, R50."""
    same = {name: AMINA[name] for name in ("forename", "surname", "date_of_birth", "sex")}
    said = {**same, **GLASGOW, "local_id": "N1", **said}
    load(feed(tmp_path, "nhs-demographics", said, as_at=str((NOW + DAY).date())), at=NOW + DAY)
    assert child_of("nhs-demographics", "N1") == amina
    assert list(listed()) == [ben]


def test_an_authority_accepts_and_is_responsible_until_a_source_says_otherwise(amina, says):
    assert give(amina) == AuthorityGiven(authority="Rochdale Children's Services")
    assert amina not in listed()
    assert responsible(amina) is None
    assert says_of_it(team("354"), MoveStep.ACCEPT).state == "accepted"
    assert responsible(amina) == "354"
    assert amina not in listed()
    says(OLDHAM, LATER + DAY, NOBODY)
    assert responsible(amina, LATER + 2 * DAY) == "354", "Oldham has not accepted yet"
    says_of_it(team("353"), MoveStep.ACCEPT, at=LATER + 2 * DAY)
    assert responsible(amina, LATER + 3 * DAY) == "353"
    says(GLASGOW, LATER + 4 * DAY, NOBODY)
    assert amina in listed(LATER + 5 * DAY), "what was given once is over"
    given = [event for event in events_of(SAM) if event.action is Action.GAVE_AUTHORITY]
    assert [event.subjects for event in given] == [(amina,)]


def test_one_that_is_declined_is_decided_by_the_national_team_and_may_be_listed_again(amina):
    give(amina)
    assert says_of_it(team("354"), MoveStep.DECLINE, MoveReason.NOT_HERE).given
    assert amina not in listed()
    assert says_of_it(national(), MoveStep.KEEP).state == "kept"
    assert amina in listed()
    assert responsible(amina) is None
    give(amina, "353", because=GivenBecause.FAMILY_SAYS)
    assert says_of_it(team("353"), MoveStep.ACCEPT).state == "accepted"
    assert responsible(amina) == "353"
    assert list(AuthorityMove.objects.order_by("pk").values_list("state", flat=True)) == [
        "overtaken",
        "accepted",
    ]


def test_a_home_that_becomes_known_overtakes_what_was_asked(amina, says):
    give(amina)
    says(OLDHAM, LATER + DAY, NOBODY)
    assert AuthorityMove.objects.get().state == "overtaken"
    assert responsible(amina, LATER + 2 * DAY) == "353"


def test_nobody_is_given_twice_to_no_authority_nor_by_anybody_else(amina):
    assert isinstance(give(amina, "999"), Refusal)
    assert isinstance(give(amina, ""), Refusal)
    assert isinstance(give(amina, by=team("354")), Refusal)
    assert isinstance(run(children_without_authority, team("354")), Refusal)
    assert isinstance(give(amina), AuthorityGiven)
    assert isinstance(give(amina, "353"), Refusal)


def leave(number, kind=AddressKind.LEFT_FOR_GOOD, since=date(2025, 9, 1), by=None, at=LATER):
    leaving = Leaving(kind=kind, since=since)
    return run(note_leaving, by or national(), at, child=number, leaving=leaving)


def left_of(number, at=LATER):
    with acting_as_role("web"):
        known = known_of(number, statements_of(number), involvements_of(number), at)
        return is_it_said_that_they_left(known, at.date())


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        (AddressKind.LEFT_FOR_GOOD, date(2026, 9, 1)),
        (AddressKind.LEFT_RETURNING, date(2028, 9, 1)),
        (AddressKind.LEFT_ENGLAND, date(2028, 9, 1)),
    ],
)
def test_whoever_is_said_to_have_left_england_leaves_the_list_and_the_record_ends_in_time(amina, kind, ends):
    """R50."""
    assert leave(amina, kind) == LeavingNoted(kind=kind.value)
    assert amina not in listed()
    assert left_of(amina) == Leaving(kind=kind, since=date(2025, 9, 1))
    with acting_as_role("worker"):
        (due,) = when_due([amina], LATER)
        found = may_be_due(after="", born_by=date(2000, 1, 1), came_before=NOW - 999 * DAY, most=9)
    assert (due.archiving.why, due.archiving.since) == (Why.LEFT, ends)
    assert found == [amina]
    noted = [event for event in events_of(SAM) if event.action is Action.NOTED_LEAVING]
    assert [event.subjects for event in noted] == [(amina,)]
    assert isinstance(leave(amina), Refusal), "it is said once"


def test_whoever_is_in_an_authority_again_has_not_left(amina, says):
    leave(amina)
    says(OLDHAM, LATER + DAY, NOBODY)
    assert left_of(amina, LATER + DAY) is None
    assert rows("SELECT count(*) FROM left_england") == [(0,)]
    says(GLASGOW, LATER + 2 * DAY, NOBODY)
    assert amina in listed(LATER + 3 * DAY), "and is asked of anew"


def test_that_a_protected_child_left_is_said_by_nobody_and_told_to_nobody(amina, ben):
    """R27."""
    shield(amina, NOW + DAY)
    assert isinstance(leave(amina), Refusal)
    leave(ben)
    shield(ben, LATER)
    with acting_as_role("web"):
        assert noted_as_left([amina, ben]) == {}
    assert isinstance(leave(ben, by=team("354")), Refusal)


def test_a_protected_child_is_in_no_list_count_or_order_and_cannot_be_given(amina, ben):
    """R27, R34: nor does a protection that is lifted show by a new date."""
    shield(amina, NOW + DAY)
    assert list(listed()) == [ben]
    assert isinstance(give(amina), Refusal)
    assert AuthorityMove.objects.count() == 0
    lift(amina)
    assert listed(LATER + DAY)[amina].since == NOW.date()


def test_a_protected_child_becomes_nobodys_unseen(says):
    """R27: the table holds it, and nobody is told."""
    number = says(OLDHAM, NOW)
    shield(number)
    says(GLASGOW, NOW + DAY)
    assert rows("SELECT child_id FROM unplaced_child") == [(number,)]
    assert listed() == {}


def test_whoever_is_protected_while_an_authority_is_asked_goes_through_the_national_shield_desk(amina):
    """R32: and stays at the national desk until that has given it on."""
    give(amina)
    shield(amina, LATER)
    assert rows("SELECT authority FROM shield") == [("",)]
    (move,) = run(protected_moves, national(Role.SHIELD_TEAM))
    assert move.becomes == "Rochdale Children's Services"
    run(answer_protected_move, national(Role.SHIELD_TEAM), move=move.move, step=MoveStep.GIVE)
    assert rows("SELECT authority FROM shield") == [("354",)]


def test_the_desk_of_whoever_was_given_is_that_of_the_authority_that_accepted(amina):
    give(amina)
    says_of_it(team("354"), MoveStep.ACCEPT)
    shield(amina, LATER)
    assert rows("SELECT authority FROM shield") == [("354",)]


def test_an_archived_child_is_not_listed(amina, ben):
    archive_by_hand(amina, NOW.date() - DAY)
    assert list(listed()) == [ben]


def test_a_home_that_is_kept_back_reads_as_one_that_is_not_known(says, tmp_path):
    """ADR 20, 42: where a refuge is names no authority, and the list says no more than of anybody."""
    Organisation.objects.create(
        code="refuge-1", name="House", kind="refuge", authority="354", address="1 Elm Row, Rochdale",
        postcode="OL16 9XX", phone="01706 496100", accredited_until="2099-01-01",
    )  # fmt: skip
    says({"address": "1 Elm Row, Rochdale", "postcode": "OL16 9XX"}, NOW, NOBODY)
    found = listed()
    assert {one.because for one in found.values()} == {NobodyBecause.NO_POSTCODE}
    assert len(found) == len({(one.because, one.since) for one in found.values()}) + 1, "two, told alike"
