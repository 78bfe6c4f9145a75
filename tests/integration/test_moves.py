"""A child moves between authorities and people accept it; a protected one moves unseen by others (R58)."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import transaction
from tests.factories.directory import acting_as_role, build_account
from tests.factories.feeds import AMINA
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import BEN, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import PRIYA, teacher, viewer

from contactpoint.actions.contribute import moves
from contactpoint.actions.contribute.moves import (
    accept_moves,
    answer_move,
    answer_protected_move,
    children_who_move,
    open_move,
    protected_moves,
)
from contactpoint.actions.find.held import known_of
from contactpoint.actions.protect.place_shield import place_shields
from contactpoint.actions.protect.shield_desk import what_moved
from contactpoint.actions.recording import record
from contactpoint.actions.run.today import today
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.redact import which_authority_is_responsible
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.domain.moves import BECOMES, MoveReason, MovesAccepted, MoveState, MoveStep, Side
from contactpoint.domain.today import Queue
from contactpoint.pipelines.moves import escalate_moves
from contactpoint.storage.models import AuthorityMove, Membership
from contactpoint.storage.queries.involvements import involvements_of
from contactpoint.storage.queries.statements import statements_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SAM = UUID(int=7001)
OLDHAM = {"address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"}
ROCHDALE = {"address": "3 Quarry Bank, Rochdale", "postcode": "OL16 9XY"}
WORKER = system_viewer("worker")


def team(authority, role=Role.AUTHORITY_TEAM, who=PRIYA):
    return viewer(
        account_id=who,
        role=role,
        organisation_code=f"la-{authority}",
        organisation_kind="authority",
        authority=authority,
        services=(),
    )


def national(role=Role.NATIONAL_TEAM):
    return viewer(
        account_id=SAM, role=role, organisation_code="contactpoint", organisation_kind="national", services=()
    )


@pytest.fixture(autouse=True)
def directory(db):
    build_sources()
    build_account(PRIYA, "Priya Nair")
    build_account(SAM, "Sam Tyler")
    for account, organisation, roles in (
        (PRIYA, "la-353", ("authority_team", "shield_team")),
        (PRIYA, "la-354", ("authority_team", "shield_team")),
        (SAM, "contactpoint", ("national_team", "shield_team")),
    ):
        for role in roles:
            Membership.objects.create(
                account_id=account, organisation_id=organisation, role=role, services=[]
            )
        sign_in(account)


@pytest.fixture
def says(tmp_path):
    """The births register says where Amina, and whoever else, lives."""
    told = []

    def say(where, at, *others):
        told.append(at)
        load(feed(tmp_path, "births", {**AMINA, **where}, *others, as_at=str(at.date())), at=at)
        return child_of("births", AMINA["local_id"])

    return say


@pytest.fixture
def amina(says):
    """She lived in Oldham and now lives in Rochdale."""
    says(OLDHAM, NOW)
    return says(ROCHDALE, NOW + DAY)


LATER = NOW + 2 * DAY


def run(action, by, at=LATER, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def seen(by, at=LATER):
    return {(one.side, one.state): one for one in run(children_who_move, by, at)}


def waiting(by, at=LATER):
    return {one.queue: (one.count, one.late) for one in run(today, by, at)}[Queue.MOVES]


def responsible(number, at=LATER):
    with acting_as_role("web"):
        known = known_of(number, statements_of(number), involvements_of(number), at)
    return which_authority_is_responsible(known, at.date())


def says_of_it(by, step, reason=None, at=LATER):
    (one,) = run(children_who_move, by, at)
    return run(answer_move, by, at, move=one.move, step=step, reason=reason)


def test_a_first_publication_opens_no_move(says):
    assert responsible(says(OLDHAM, NOW), NOW) == "353"
    assert AuthorityMove.objects.count() == 0


def test_the_old_authority_stays_responsible_until_the_new_one_accepts(amina):
    """R59."""
    assert responsible(amina) == "353"
    (coming,), (leaving,) = seen(team("354")).values(), seen(team("353")).values()
    assert (coming.side, coming.state, coming.name) == (Side.COMING, MoveState.ASKED, "Amina Okafor")
    assert (leaving.side, leaving.was, leaving.becomes) == (
        Side.LEAVING,
        "Oldham Children's Services",
        "Rochdale Children's Services",
    )
    assert waiting(team("354")) == (1, 0)
    assert waiting(team("353")) == (0, 0)
    assert says_of_it(team("354"), MoveStep.ACCEPT).state == "accepted"
    assert responsible(amina) == "354"
    assert waiting(team("354")) == (0, 0)
    assert (Side.LEAVING, MoveState.ACCEPTED) in seen(team("353")), "the old one sees what became of it"
    actions = {event.action.value for event in events_of(PRIYA)}
    assert {"listed_moves", "answered_move"} <= actions


def test_several_are_accepted_at_once_each_written_down_and_only_by_whom_they_come_to(says):
    """R58, R59: what goes, or waits no more, is passed over."""
    says(OLDHAM, NOW, {**BEN, **OLDHAM})
    says(ROCHDALE, NOW + DAY, {**BEN, **ROCHDALE})
    moves = [one.move for one in run(children_who_move, team("354"))]
    assert len(moves) == 2
    assert run(accept_moves, team("353"), moves=moves) == MovesAccepted(accepted=0, over=2)
    assert run(accept_moves, team("354"), moves=[*moves, 99]) == MovesAccepted(accepted=2, over=1)
    assert run(accept_moves, team("354"), moves=moves) == MovesAccepted(accepted=0, over=2)
    answered = [event for event in events_of(PRIYA) if event.action is Action.ANSWERED_MOVE]
    assert sorted(event.subjects for event in answered) == sorted(
        (child,) for child in AuthorityMove.objects.values_list("child_id", flat=True)
    )


def test_what_was_declined_is_left_by_the_old_authority_or_decided_by_the_national_team(amina):
    assert says_of_it(team("354"), MoveStep.DECLINE, MoveReason.PLACED).state == "declined"
    assert waiting(team("353")) == (1, 0)
    assert (Side.NATIONAL, MoveState.DECLINED) in seen(national())
    assert says_of_it(team("353"), MoveStep.KEEP).state == "kept"
    assert responsible(amina) == "353"
    assert seen(national()) == {}


@pytest.mark.parametrize(
    ("step", "whose"), [(MoveStep.GIVE, "354"), (MoveStep.KEEP, "353")], ids=["given", "kept"]
)
def test_an_objection_is_decided_by_the_national_team(amina, step, whose):
    assert says_of_it(team("353"), MoveStep.OBJECT, MoveReason.FOR_A_WHILE).state == "objected"
    assert isinstance(says_of_it(team("354"), MoveStep.ACCEPT), Refusal)
    says_of_it(national(), step)
    assert responsible(amina) == whose


def test_what_nobody_answers_in_ten_working_days_goes_on_to_the_national_team(amina):
    last = NOW + timedelta(days=15)  # 7 December: ten working days after the 23rd of November
    for at, handed_on in ((last, 0), (last + DAY, 1), (last + 2 * DAY, 0)):
        with acting_as_role("worker"):
            assert escalate_moves(by=WORKER, at=at) == handed_on
        assert len(seen(national(), at)) == (at > last)
    assert waiting(team("354"), last + DAY) == (1, 1)
    assert waiting(national(), last + DAY) == (1, 1)
    assert says_of_it(team("354"), MoveStep.ACCEPT, at=last + DAY).state == "accepted", "late is not never"


def test_what_is_said_next_overtakes_a_move(amina, says):
    says(OLDHAM, NOW + 3 * DAY)
    assert responsible(amina) == "353"
    at = NOW + 4 * DAY
    assert seen(team("354"), at) == {}
    says(ROCHDALE, at)
    assert len(seen(team("354"), at)) == 1, "asked anew"
    assert list(AuthorityMove.objects.order_by("pk").values_list("state", flat=True)) == [
        "overtaken",
        "asked",
    ]


def test_one_that_was_kept_is_not_asked_again_by_the_same_word(amina, says):
    says_of_it(team("354"), MoveStep.DECLINE, MoveReason.NOT_HERE)
    says_of_it(team("353"), MoveStep.KEEP)
    says({**ROCHDALE, "address": "4 Quarry Bank, Rochdale"}, NOW + 3 * DAY)
    assert responsible(amina) == "353"
    assert AuthorityMove.objects.count() == 1


def test_nobody_answers_for_another_authority_nor_twice(amina):
    (one,) = run(children_who_move, team("354"))
    accepts = {"move": one.move, "step": MoveStep.ACCEPT, "reason": None}
    for who in (team("353"), national(), teacher()):
        assert isinstance(run(answer_move, who, **accepts), Refusal)
    assert isinstance(run(open_move, national(), move=one.move), Refusal), "it does not wait there"
    assert isinstance(run(answer_move, team("354"), **{**accepts, "step": MoveStep.DECLINE}), Refusal)
    assert not isinstance(run(answer_move, team("354"), **accepts), Refusal)
    assert isinstance(run(answer_move, team("354"), **accepts), Refusal)


def test_an_answer_that_comes_too_late_is_refused_and_never_written_down_as_given(amina, monkeypatch):
    """Two of a team press at once: the second saw the move while it still waited."""
    with acting_as_role("web"), transaction.atomic():
        still = moves.stored.moves_seen(record(Action.LISTED_MOVES, by=team("354"), at=LATER))
    says_of_it(team("354"), MoveStep.DECLINE, MoveReason.NOT_HERE)
    monkeypatch.setattr(moves.stored, "moves_seen", lambda seeing: still)
    late = run(answer_move, team("354"), move=still[0].move, step=MoveStep.ACCEPT, reason=None)
    assert isinstance(late, Refusal)
    (said,) = [one for one in events_of(PRIYA) if one.action is Action.ANSWERED_MOVE]
    assert said.details["step"] == "decline"
    assert Action.REFUSED in {one.action for one in events_of(PRIYA)}


def shield(number, at=NOW):
    return place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=LOADER, at=at)


def test_a_protected_childs_move_goes_through_the_national_shield_desk(says):
    """R27, R32: nobody else sees it, and the old desk learns that it moved."""
    number = says(OLDHAM, NOW)
    shield(number)
    says(ROCHDALE, NOW + DAY)
    desk, new_desk = (team(code, Role.SHIELD_TEAM) for code in ("353", "354"))
    for code in ("353", "354"):
        assert run(children_who_move, team(code)) == ()
        assert waiting(team(code)) == (0, 0)
    assert run(children_who_move, national()) == ()
    assert isinstance(run(protected_moves, national()), Refusal)
    assert isinstance(run(protected_moves, desk), Refusal)
    assert run(what_moved, desk) == ()
    (move,) = run(protected_moves, national(Role.SHIELD_TEAM))
    assert move.becomes == "Rochdale Children's Services"
    given = {"move": move.move, "step": MoveStep.GIVE}
    assert isinstance(run(answer_protected_move, desk, **given), Refusal)
    assert run(answer_protected_move, national(Role.SHIELD_TEAM), **given).state == "accepted"
    answers = [one.action for one in events_of(PRIYA)].count(Action.ANSWERED_MOVE)
    assert isinstance(run(answer_protected_move, national(Role.SHIELD_TEAM), **given), Refusal)
    assert [one.action for one in events_of(PRIYA)].count(Action.ANSWERED_MOVE) == answers
    assert rows("SELECT authority FROM shield") == [("354",)]
    assert [(one.child, one.went) for one in run(what_moved, desk)] == [(number, True)]
    assert [(one.child, one.went) for one in run(what_moved, new_desk)] == [(number, False)]


def test_whoever_is_protected_since_leaves_every_list_and_their_desk_is_the_old_authoritys(amina):
    shield(amina, LATER)
    assert rows("SELECT authority FROM shield") == [("353",)]
    assert seen(team("354")) == {}
    assert waiting(team("354")) == (0, 0)
    assert len(run(protected_moves, national(Role.SHIELD_TEAM))) == 1


def test_it_goes_with_its_child_and_the_web_role_reads_none_of_it(amina, web_role):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("SELECT * FROM authority_move")


@pytest.mark.parametrize("function", ["moves_seen", "protected_moves", "moves_of_desk"])
def test_the_database_shows_it_to_nobody_who_was_not_written_down(function, web_role):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute(f"SELECT * FROM {function}(gen_random_uuid())")


def test_the_database_knows_the_same_table():
    for side in Side:
        for state in MoveState:
            for step in MoveStep:
                ((becomes,),) = rows("SELECT next_move_state(%s, %s, %s)", side, state, step)
                assert becomes == BECOMES.get((side, state, step))
