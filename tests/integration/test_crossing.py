"""A sealed pair that two people type, and two named people who cross it; nobody else learns of it (R35)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina, build_account, build_child, build_reference
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import viewer

from contactpoint.actions.link.changing import are_sealed_apart
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.protect import crossers as who
from contactpoint.actions.protect.cross_identity import (
    agree_crossing,
    ask_crossing,
    end_crossing,
    see_crossing,
)
from contactpoint.actions.protect.seal_identity import drop_pair, sealed_desk, type_pair, type_pair_again
from contactpoint.actions.run.today import today
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.sealed_identity import (
    Crossed,
    CrossingReason,
    CrossingState,
    PairEnd,
    PairGround,
)
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.today import Queue
from contactpoint.pipelines.sealed_identities import tend_sealed_identities
from contactpoint.storage.models import Account, CrossingRow, Membership, PairProposal, SealedHalf
from contactpoint.storage.sealed_pairs import forget_ways

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = timedelta(minutes=1)
LAST_DAY = (NOW + timedelta(days=90)).date()
WORKER = system_viewer("worker")


def at_national(number, name, role=Role.SHIELD_TEAM):
    return viewer(
        account_id=UUID(int=number),
        name=name,
        role=role,
        organisation_code="contactpoint",
        organisation_kind="national",
        authority=None,
        services=(),
    )


UMA, VERA, WIM = (at_national(910 + place, name) for place, name in enumerate(("Uma", "Vera", "Wim")))
NILS, NORA = (
    at_national(920 + place, name, Role.NATIONAL_TEAM) for place, name in enumerate(("Nils", "Nora"))
)
OLDHAM = replace(UMA, account_id=UUID(int=930), organisation_code="la-353", authority="353")
EVERYBODY = (UMA, VERA, WIM, NILS, NORA, OLDHAM)


@pytest.fixture(autouse=True)
def _people(db):
    build_reference()
    good = {"checked_on": NOW.date(), "trained_until": LAST_DAY, "agreement_signed_on": NOW.date()}
    rows("UPDATE organisation SET accredited_until = '2099-01-01' RETURNING code")
    for one in EVERYBODY:
        build_account(one.account_id, one.name)
        sign_in(one.account_id)
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role=one.role.value
        )
    Account.objects.update(**good)


@pytest.fixture
def pair():
    """Two children of nearly the same name, each with a number of its own."""
    one = build_child(amina("births"))
    other = build_child(amina("gp-registrations", surname="Marlowe", former_surname="Okafor"))
    return one, other


def as_web(act, **said):
    with acting_as_role("web"):
        return act(**said)


def as_worker(at=NOW):
    with acting_as_role("worker"):
        return tend_sealed_identities(by=WORKER, at=at)


def type_first(numbers, by=UMA):
    return as_web(type_pair, numbers=numbers, ground=PairGround.ADOPTION, by=by, at=NOW)


def type_second(numbers, by=VERA):
    ((which,),) = rows("SELECT id FROM pair_proposal WHERE outcome = ''")
    return as_web(type_pair_again, pair=which, numbers=numbers, by=by, at=NOW)


def seal(numbers):
    type_first(numbers)
    type_second(tuple(reversed(numbers)))
    as_worker()


def name_two():
    for one in (UMA, VERA):
        as_web(who.name_crosser, email=f"{one.account_id}@example.org", until=LAST_DAY, by=NILS, at=NOW)
        as_web(who.agree_crosser, crosser=newest("crosser"), by=NORA, at=NOW)


def newest(table):
    return rows(f"SELECT max(id) FROM {table}")[0][0]


def ask(number, by=UMA, at=NOW):
    return as_web(ask_crossing, number=number, reason=CrossingReason.DANGER, by=by, at=at)


def agree(by=VERA, at=NOW):
    return as_web(agree_crossing, crossing=newest("crossing"), by=by, at=at)


def see(by=UMA, at=NOW):
    return as_web(see_crossing, crossing=newest("crossing"), by=by, at=at)


def cross(number):
    ask(number)
    agree()
    as_worker()
    return see()


def ends():
    return [one.end for one in as_web(sealed_desk, by=UMA, at=NOW).pairs]


def test_what_two_people_typed_alike_is_recorded_and_what_they_typed_is_gone(pair):
    seal(pair)
    assert ends() == [PairEnd.RECORDED]
    assert are_sealed_apart(*pair)
    assert rows("SELECT typed, typed_again FROM pair_proposal") == [("", "")]
    desk = at_national(999, "National", Role.NATIONAL_TEAM)
    with acting_as_role("worker"):
        refused = merge_children(one=pair[0], other=pair[1], because="The same", by=desk, at=NOW)
    assert isinstance(refused, Refusal)


def test_one_person_records_nothing(pair):
    type_first(pair)
    assert as_worker() == 0
    assert type_second(pair, by=UMA).rules == ("R35",)
    with pytest.raises(DatabaseError), transaction.atomic():
        PairProposal.objects.update(second_by=UMA.account_id)
    assert not are_sealed_apart(*pair)


@pytest.mark.parametrize(
    ("second", "became"),
    [("another", PairEnd.DIFFERENT), ("nobody", PairEnd.NOT_FOUND), ("joined", PairEnd.ONE_RECORD)],
)
def test_what_is_not_two_records_that_both_typed_is_not_recorded(pair, second, became):
    first, again = pair, pair
    if second == "another":
        again = (pair[0], build_child(amina("births", local_id="A9")))
    if second == "nobody":
        first = again = (pair[0], "C000000102M")
    if second == "joined":
        rows("UPDATE child SET retired_into_id = %s WHERE number = %s RETURNING number", *pair)
    type_first(first)
    type_second(again)
    as_worker()
    assert ends() == [became]
    assert SealedHalf.objects.count() == 0


def test_of_whom_is_kept_from_one_of_the_two_it_is_said_that_there_is_none(pair):
    rows(
        "INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by, authority, confirm_by, "
        "kept_from_id) VALUES (%s, 'adoption', now(), 'test', '2099-01-01', '', now(), %s) RETURNING id",
        pair[1],
        VERA.account_id,
    )
    seal(pair)
    assert ends() == [PairEnd.NOT_FOUND]


@pytest.mark.parametrize("numbers", [("C000000102M",), ("C000000102M", "C000000102M"), ("C000000102M", "x")])
def test_two_numbers_are_typed(numbers):
    with pytest.raises(InvalidInput):
        type_first(numbers)


def test_what_waits_is_dropped_by_either_and_nothing_is_kept(pair):
    type_first(pair)
    ((which,),) = rows("SELECT id FROM pair_proposal")
    assert as_web(drop_pair, pair=which, by=VERA, at=NOW).what == "dropped"
    assert rows("SELECT typed, outcome FROM pair_proposal") == [("", "dropped")]
    assert isinstance(as_web(drop_pair, pair=which, by=VERA, at=NOW), Refusal)


@pytest.mark.parametrize("by", [OLDHAM, NILS, viewer(account_id=UMA.account_id)])
def test_nobody_else_types_or_looks(pair, by):
    assert isinstance(type_first(pair, by=by), Refusal)
    assert isinstance(as_web(sealed_desk, by=by, at=NOW), Refusal)
    assert PairProposal.objects.count() == 0


def test_a_case_that_asks_about_the_two_goes_and_so_does_what_is_beside_both(pair):
    third = build_child(amina("nhs-demographics", local_id="H1"))
    record_of = dict(rows("SELECT child_id, id FROM source_record"))
    for a, b in ((pair[0], pair[1]), (pair[0], third), (pair[1], third)):
        low, high = sorted((record_of[a], record_of[b]))
        rows(
            "INSERT INTO review_case (record_a_id, record_b_id, kind, weight, levels, opened_at, "
            "near_shield) VALUES (%s, %s, 'same_child', 1, '\\x', now(), false) RETURNING id",
            low,
            high,
        )
    seal(pair)
    assert rows("SELECT count(*) FROM review_case") == [(1,)]


def test_no_row_and_no_event_names_either_half(pair):
    """Not with the key of what is sealed, either: the audit's own reader opens no half."""
    seal(pair)
    name_two()
    assert cross(pair[0]) == Crossed(numbers=(pair[1],))
    held = repr(rows("SELECT * FROM pair_proposal")) + repr(rows("SELECT * FROM crossing"))
    held += repr(rows("SELECT * FROM sealed_half")) + repr(rows("SELECT * FROM sealed_pair"))
    held += repr(rows("SELECT convert_from(body, 'UTF8'), subjects FROM audit_body"))
    held += repr(rows("SELECT * FROM answered_form"))
    held += "".join(repr(events_of(one.account_id)) for one in EVERYBODY)
    for number in pair:
        assert number not in held
        assert number.encode().hex() not in held


def test_each_half_leads_to_the_other_once(pair):
    seal(pair)
    name_two()
    assert cross(pair[0]) == Crossed(numbers=(pair[1],))
    assert isinstance(see(), Refusal), "once"
    assert cross(pair[1]) == Crossed(numbers=(pair[0],))
    assert rows("SELECT number, answer FROM crossing") == [("", ""), ("", "")]
    crossed = [one for one in events_of(UMA.account_id) if one.action is Action.CROSSED_IDENTITY]
    assert len(crossed) == 2
    assert {one.subjects for one in crossed} == {()}


def test_who_has_no_other_half_leads_nowhere_and_the_audit_looks_the_same(pair):
    name_two()
    assert cross(pair[0]) == Crossed(numbers=())
    seal(pair)
    assert cross(pair[0]) == Crossed(numbers=(pair[1],))
    looked = rows("SELECT length(body), subjects FROM audit_body WHERE action = 'looked_up_crossing'")
    assert looked[0] == looked[1]


def test_a_number_that_retired_leads_where_its_child_leads(pair):
    seal(pair)
    later = build_child(amina("nhs-demographics", local_id="H1"))
    rows("UPDATE child SET retired_into_id = %s WHERE number = %s RETURNING number", later, pair[1])
    name_two()
    assert cross(pair[0]) == Crossed(numbers=(later,))
    assert cross(pair[1]) == Crossed(numbers=(pair[0],))
    assert cross(later) == Crossed(numbers=(pair[0],))


def test_nobody_crosses_alone_or_unnamed(pair):
    seal(pair)
    assert ask(pair[0]).rules == ("R35",), "nobody is named"
    name_two()
    assert ask(pair[0], by=WIM).rules == ("R35",)
    assert ask(pair[0], by=OLDHAM).rules == ("R35",)
    ask(pair[0])
    assert isinstance(ask(pair[0]), Refusal), "one at a time"
    assert agree(by=UMA).rules == ("R35",)
    assert agree(by=WIM).rules == ("R35",)
    as_worker()
    assert isinstance(see(), Refusal), "not agreed"
    agree()
    as_worker()
    assert isinstance(see(by=VERA), Refusal), "not whoever agreed"
    assert isinstance(see(by=WIM), Refusal)
    assert isinstance(see(), Crossed)


def test_what_is_late_is_gone(pair):
    seal(pair)
    name_two()
    ask(pair[0])
    assert isinstance(agree(at=NOW + 15 * MINUTE), Refusal)
    as_worker(at=NOW + 15 * MINUTE)
    assert rows("SELECT number, ended_at IS NOT NULL FROM crossing") == [("", True)]
    ask(pair[0], at=NOW + 16 * MINUTE)
    agree(at=NOW + 17 * MINUTE)
    as_worker(at=NOW + 17 * MINUTE)
    assert isinstance(see(at=NOW + 32 * MINUTE), Refusal)
    as_worker(at=NOW + 32 * MINUTE)
    assert rows("SELECT count(*) FROM crossing WHERE answer <> '' OR number <> ''") == [(0,)]


def test_the_two_alone_see_that_anybody_crosses(pair):
    seal(pair)
    name_two()
    ask(pair[0])
    of_vera, of_wim = (as_web(sealed_desk, by=one, at=NOW) for one in (VERA, WIM))
    assert [one.state for one in of_vera.crossings] == [CrossingState.ASKED]
    assert pair[0] not in repr(of_vera)
    assert (of_wim.crossings, of_wim.may_cross) == ((), False)
    assert of_wim.pairs == (), "what is recorded is shown to the two who typed it"
    assert as_web(end_crossing, crossing=newest("crossing"), by=VERA, at=NOW).what == "ended"


@pytest.mark.parametrize("what", ["suspended", "left", "ended", "over"])
def test_whoever_is_not_in_good_standing_neither_crosses_nor_agrees(pair, what):
    seal(pair)
    name_two()
    ask(pair[0])
    agree()
    as_worker()
    if what == "suspended":
        Account.objects.filter(pk=VERA.account_id).update(suspended_at=NOW)
    if what == "left":
        Membership.objects.filter(account_id=VERA.account_id).update(ended_at=NOW)
    if what == "ended":
        as_web(who.end_crosser, crosser=newest("crosser"), by=NILS, at=NOW)
    if what == "over":
        rows("UPDATE crosser SET until = '2020-01-01' WHERE account_id = %s RETURNING id", VERA.account_id)
    assert isinstance(see(), Refusal), "whoever agreed is not one of the two any more"
    CrossingRow.objects.all().delete()
    assert ask(pair[0]).rules == ("R35",), "and nobody is there who could agree"


def missing(by, queue):
    return {one.queue: one.count for one in as_web(today, by=by, at=NOW)}[queue]


def test_today_says_how_many_are_missing_to_the_desk_and_to_whoever_names_them():
    assert (missing(UMA, Queue.DESK_CROSSERS), missing(NILS, Queue.CROSSERS)) == (2, 2)
    name_two()
    assert (missing(UMA, Queue.DESK_CROSSERS), missing(NILS, Queue.CROSSERS)) == (0, 0)
    Account.objects.filter(pk=VERA.account_id).update(trained_until="2020-01-01")
    assert (missing(UMA, Queue.DESK_CROSSERS), missing(NILS, Queue.CROSSERS)) == (1, 1)
    assert Queue.DESK_CROSSERS not in {one.queue for one in as_web(today, by=OLDHAM, at=NOW)}


def test_today_tells_the_other_of_the_two_alone_that_one_waits(pair):
    name_two()
    ask(pair[0])
    assert [missing(one, Queue.CROSSINGS) for one in (UMA, VERA, WIM)] == [0, 1, 0]
    type_first(pair)
    assert [missing(one, Queue.PAIRS) for one in (UMA, VERA, WIM)] == [0, 1, 1]


def test_two_others_name_each_and_there_are_never_three():
    def give(one, by=NILS, until=LAST_DAY):
        return as_web(who.name_crosser, email=f"{one.account_id}@example.org", until=until, by=by, at=NOW)

    assert isinstance(give(OLDHAM), Refusal), "another desk"
    assert isinstance(give(NILS), Refusal), "oneself, and not of the desk"
    assert isinstance(give(UMA, until=(NOW + timedelta(days=400)).date()), Refusal)
    assert isinstance(give(UMA, by=UMA), Refusal)
    assert give(UMA).what == "named"
    assert as_web(who.agree_crosser, crosser=newest("crosser"), by=NILS, at=NOW).rules == ("R35",)
    assert isinstance(give(UMA), Refusal), "twice"
    assert give(VERA).what == "named"
    assert isinstance(give(WIM), Refusal), "no third"
    with pytest.raises(DatabaseError), transaction.atomic():
        rows("UPDATE crosser SET agreed_by_id = named_by_id, agreed_at = now() RETURNING id")
    as_web(who.end_crosser, crosser=newest("crosser"), by=NORA, at=NOW)
    assert give(WIM).what == "named"
    assert {one.name for one in as_web(who.crossers, by=NILS, at=NOW)} == {"Uma", "Wim"}


@pytest.mark.parametrize("table", ["sealed_half", "pair_proposal", "crosser", "crossing"])
@pytest.mark.parametrize("role", ["web", "auditor"])
def test_no_page_reads_the_tables(table, role):
    with acting_as_role(role), pytest.raises(DatabaseError), transaction.atomic():
        rows(f"SELECT * FROM {table}")


def test_a_purge_takes_the_ways_away_and_leaves_the_two_apart(pair):
    seal(pair)
    with acting_as_role("worker"):
        assert forget_ways([pair[0]]) == 2
        assert forget_ways([pair[0]]) == 0
    assert are_sealed_apart(*pair)
