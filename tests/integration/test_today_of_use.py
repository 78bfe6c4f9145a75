"""What waits today for reviewers of use, auditors and whoever shuts access (R52, R54, R55, ADR 50)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from tests.factories.directory import acting_as_role, amina, build_account, build_child, build_reference
from tests.factories.signed_in import as_the_owner, events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, viewer

from contactpoint.actions.account.checkpoints import checkpoints, take_checkpoint
from contactpoint.actions.account.review_use import month_of_use, sign_off_month, use_to_review
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.run import incident
from contactpoint.actions.run.today import today
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.incident import Scope
from contactpoint.domain.review.deciding import UseState
from contactpoint.domain.today import QUEUE_OF, Queue
from contactpoint.storage.models import AuditHandover, Membership, Shield, UseDay, UseItem, UseSignOff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HAL, IRIS, FRANK, UNA, GRACE, NINA = (UUID(int=number) for number in range(61, 67))


def acting(account, role, organisation="la-353", kind="authority", authority="353"):
    return viewer(
        account_id=account,
        role=role,
        organisation_code=organisation,
        organisation_kind=kind,
        authority=authority,
        services=(),
    )


NATIONAL = ("contactpoint", "national", None)
REVIEWER = acting(HAL, Role.AUDIT_REVIEWER)
DESK = acting(IRIS, Role.AUDIT_REVIEWER, *NATIONAL)
AUDITOR = acting(FRANK, Role.AUDITOR)
NATIONS_AUDITOR = acting(UNA, Role.AUDITOR, *NATIONAL)
ADMINISTRATOR = acting(GRACE, Role.TECHNICAL_ADMINISTRATOR, *NATIONAL)
NATION = acting(NINA, Role.NATIONAL_TEAM, *NATIONAL)
EVERYBODY = (REVIEWER, DESK, AUDITOR, NATIONS_AUDITOR, ADMINISTRATOR, NATION)


@pytest.fixture(autouse=True)
def people(db):
    build_reference()
    for account in (KEISHA, OWEN, PRIYA):
        build_account(account)
    for one in EVERYBODY:
        build_account(one.account_id, f"Somebody {one.account_id.int}")
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role=one.role.value
        )
        sign_in(one.account_id)


def run(action, by, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def waiting(by, at=NOW):
    return {one.queue: one for one in run(today, by, at)}


def use(number, *, state="waiting", made=NOW, reviewed_by="353", who=KEISHA, restricted=False):
    return UseItem.objects.create(
        day=made.date() - timedelta(days=UseItem.objects.count()),
        account_id=who,
        organisation_id="la-353",
        child=number,
        team_size=40,
        restricted=restricted,
        reviewed_by=reviewed_by,
        codes=["unexplained"],
        weight=1,
        events=[],
        state=state,
        made_at=made,
    )


def test_r52_a_reviewer_is_told_what_waits_by_how_it_stands_and_the_oldest(people):
    number = build_child(amina())
    use(number, made=NOW - timedelta(days=28, minutes=1))
    use(number, made=NOW - timedelta(days=3))
    use(number, state="answered")
    use(number, state="justified")
    found = waiting(REVIEWER)
    assert list(found) == [
        Queue.USE_SUSPENDED,
        Queue.USE_ANSWERED,
        Queue.USE,
        Queue.USE_ASKED,
        Queue.USE_MONTHS,
    ]
    assert (found[Queue.USE].count, found[Queue.USE].late) == (2, 1)
    assert found[Queue.USE].oldest == (NOW - timedelta(days=28)).date()
    assert (found[Queue.USE_ANSWERED].count, found[Queue.USE_ANSWERED].late) == (1, 0)
    assert [one.count for one in waiting(DESK).values()] == [0] * 6


def test_r52_each_count_is_that_of_its_list(people):
    number = build_child(amina())
    for place, state in enumerate(QUEUE_OF):
        for _ in range(place + 1):
            use(number, state=state.value, reviewed_by="")
    found = waiting(DESK)
    for state, queue in QUEUE_OF.items():
        in_all, lines = run(use_to_review, DESK, stands=state)
        assert found[queue].count == in_all == len(lines) > 0
        assert {line.state for line in lines} == {state}


def test_r52_nobodys_own_use_is_counted_for_them(people):
    use(build_child(amina()), who=HAL)
    assert waiting(REVIEWER)[Queue.USE].count == 0


def test_r34_a_child_protected_since_leaves_the_queue_and_the_month_of_an_authority(people):
    UseDay.objects.create(day=date(2026, 11, 4), judged_at=NOW, figures={})
    number = build_child(amina())
    use(number)
    before = run(month_of_use, REVIEWER, month=NOW.date())[0]
    assert (waiting(REVIEWER)[Queue.USE].count, before.still_open) == (1, 1)
    assert run(month_of_use, DESK, month=NOW.date())[0].still_open == 0
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    assert Shield.objects.count() == 1
    assert (waiting(REVIEWER)[Queue.USE].count, run(month_of_use, REVIEWER, month=NOW.date())[0].states) == (
        0,
        (),
    )
    assert waiting(DESK)[Queue.USE].count == 1
    assert run(month_of_use, DESK, month=NOW.date())[0].still_open == 1


def test_r54_a_month_waits_from_the_first_of_the_next_until_it_is_signed_off(people):
    for day in (date(2025, 10, 31), date(2025, 11, 3), date(2026, 9, 30), date(2026, 10, 31), NOW.date()):
        UseDay.objects.create(day=day, judged_at=NOW, figures={})
    found = waiting(REVIEWER)[Queue.USE_MONTHS]
    assert (found.count, found.oldest) == (3, date(2025, 11, 1)), "not this one, nor what no page offers"
    run(sign_off_month, REVIEWER, month=date(2025, 11, 1), because="All well")
    found = waiting(REVIEWER)[Queue.USE_MONTHS]
    assert (found.count, found.oldest) == (2, date(2026, 9, 1))
    assert waiting(DESK)[Queue.USE_MONTHS].count == 3, "each authority signs off its own"
    assert UseSignOff.objects.count() == 1


def handed(organisation, *, made=NOW, taken=None):
    with as_the_owner():
        return AuditHandover.objects.create(
            organisation_id=organisation,
            asked_at=made or NOW,
            made_at=made,
            size=3 if made else None,
            signed="note" if made else "",
            proof=b"" if made else None,
            taken_at=taken,
        )


def test_r54_an_auditor_is_told_what_to_take_away_and_when_to_ask(people):
    ready, due = Queue.CHECKPOINTS, Queue.CHECKPOINT_DUE
    assert {queue: one.count for queue, one in waiting(AUDITOR).items()} == {ready: 0, due: 1}
    handed("la-353", made=None)
    assert waiting(AUDITOR)[due].count == 0, "one is being made"
    AuditHandover.objects.update(made_at=NOW, size=3, signed="note", proof=b"")
    assert (waiting(AUDITOR)[ready].count, waiting(AUDITOR)[ready].oldest) == (1, NOW.date())
    (line,) = run(checkpoints, AUDITOR).own
    assert line.taken_at is None
    run(take_checkpoint, AUDITOR, handover=line.handover)
    assert waiting(AUDITOR)[ready].count == 0
    later = NOW + timedelta(days=2)
    run(take_checkpoint, AUDITOR, later, handover=line.handover)
    assert run(checkpoints, AUDITOR).own[0].taken_at == NOW, "the first time is kept"
    assert waiting(AUDITOR, NOW + timedelta(days=31))[due].count == 0
    assert waiting(AUDITOR, NOW + timedelta(days=31, minutes=1))[due].count == 1


def test_r54_one_that_another_organisation_was_handed_is_not_marked_taken(people):
    other = handed("contactpoint")
    run(take_checkpoint, AUDITOR, handover=other.pk)
    other.refresh_from_db()
    assert other.taken_at is None


def test_r54_the_nations_auditor_sees_who_else_has_taken_none_away(people):
    assert waiting(NATIONS_AUDITOR)[Queue.CHECKPOINTS_ELSEWHERE].count == 1
    assert [one.taken_at for one in run(checkpoints, NATIONS_AUDITOR).elsewhere] == [None]
    handed("la-353", taken=NOW - timedelta(days=31))
    assert waiting(NATIONS_AUDITOR)[Queue.CHECKPOINTS_ELSEWHERE].count == 0
    assert waiting(NATIONS_AUDITOR, NOW + timedelta(days=1))[Queue.CHECKPOINTS_ELSEWHERE].count == 1
    assert Queue.CHECKPOINTS_ELSEWHERE not in waiting(AUDITOR)
    assert run(checkpoints, AUDITOR).elsewhere == ()


def test_r54_that_one_was_taken_away_is_written_once_and_nothing_else_changes(people):
    made = handed("la-353")
    AuditHandover.objects.filter(pk=made.pk).update(taken_at=NOW)
    for change in ({"taken_at": None}, {"taken_at": NOW + timedelta(days=1)}, {"size": 4}):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            AuditHandover.objects.filter(pk=made.pk).update(**change)


def test_r55_what_needs_a_second_person_waits_for_everybody_but_the_one_who_asked(people):
    run(incident.shut, NATION, scope=Scope.NATIONAL, code="", because="A theft")
    assert waiting(ADMINISTRATOR)[Queue.INCIDENTS].count == 1
    assert next(iter(waiting(NATION))) is Queue.INCIDENTS, "it stands first"
    assert waiting(NATION)[Queue.INCIDENTS].count == 0


@pytest.mark.parametrize("by", EVERYBODY, ids=lambda one: f"{one.role} {one.organisation_code}")
def test_r51_it_names_nobody_and_is_recorded(people, by):
    use(build_child(amina()))
    run(today, by)
    (event,) = [one for one in events_of(by.account_id) if one.action == "listed_today"]
    assert event.subjects == ()
    assert rows("SELECT count(*) FROM audit_body WHERE action = 'listed_today'") == [(1,)]
    assert UseState.WAITING.value == UseItem.objects.get().state
