"""The team that answers for a child writes down that they died or left, and takes it back (R49, R50, R58)."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.factories.directory import acting_as_role, add_record, amina, build_child
from tests.factories.grown import archive_by_hand
from tests.factories.signed_in import events_of
from tests.factories.viewers import PRIYA, WITH_ME
from tests.integration.test_archive import NOW, TODAY, years_ago
from tests.integration.test_staying import OLDHAM, ROCHDALE, child, run, team

from contactpoint.actions.contribute.corrections import correctable
from contactpoint.actions.contribute.team_words import take_back, word_written, write_down
from contactpoint.actions.find.history import history
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.retain.lives import when_due
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.retention import Why, years_on
from contactpoint.domain.team_words import KnownFrom, TakenBackBecause, TeamWord, WordKind, WrittenBecause
from contactpoint.storage.models import TeamWordRow
from contactpoint.storage.past import statements_then
from contactpoint.storage.retention import may_be_due

pytestmark = pytest.mark.django_db
__all__ = ["child"]
DAY = timedelta(days=1)
WORD = "Oldham Children's Services, in its team’s own word"


def died(number, day=TODAY - 99 * DAY, by=OLDHAM):
    word = TeamWord(
        kind=WordKind.DIED, day=day, known_from=KnownFrom.HOSPITAL, because=WrittenBecause.NOT_TOLD
    )
    return run(write_down, by, number, word=word)


def left(number, day=TODAY - 99 * DAY, by=OLDHAM, kind=WordKind.LEFT_FOR_GOOD):
    word = TeamWord(kind=kind, day=day, known_from=KnownFrom.FAMILY, because=WrittenBecause.NOT_TOLD)
    return run(write_down, by, number, word=word)


def back(number, by=OLDHAM, *, died=True):
    return run(take_back, by, number, died=died, because=TakenBackBecause.WRONG_CHILD)


def death_written(**asked):
    return word_written(died=True, **asked)


def opened(number):
    return run(open_record, OLDHAM, number, how=WITH_ME)


def due(number):
    with acting_as_role("worker"):
        (found,) = when_due([number], NOW)
        maybe = may_be_due(after="", born_by=years_ago_day(99), came_before=NOW - 9999 * DAY, most=9)
    return found.archiving, maybe


def years_ago_day(years):
    return years_on(TODAY, -years)


def test_r49_it_stands_on_the_record_and_ends_it_a_year_later_until_it_is_taken_back(child):
    assert run(death_written, OLDHAM, child).standing is None
    day = TODAY - 99 * DAY
    died(child)
    seen = run(death_written, OLDHAM, child).standing
    assert (seen.day, seen.known_from, seen.whose) == (day.isoformat(), KnownFrom.HOSPITAL, WORD)
    shown = opened(child).date_of_death
    assert (shown.value, shown.provenance.source_name) == (day.isoformat(), WORD)
    archiving, maybe = due(child)
    assert (archiving.why, archiving.since, maybe) == (Why.DIED, years_on(day, 1), [child])
    with pytest.raises(Conflict):
        died(child)
    back(child)
    assert opened(child).date_of_death is None
    archiving, maybe = due(child)
    assert (archiving.why, maybe) == (Why.TURNED_18, [])
    with pytest.raises(Conflict):
        back(child)
    died(child)
    acts = [one.action for one in events_of(PRIYA)]
    assert (acts.count(Action.NOTED_DEATH), acts.count(Action.WITHDREW_DEATH)) == (2, 1)
    kept = TeamWordRow.objects.order_by("pk").values_list("taken_back_because", flat=True)
    assert list(kept) == ["wrong_child", ""]


def test_how_the_record_came_to_be_tells_it_and_that_it_was_taken_back(child):
    died(child)
    with acting_as_role("worker"):
        assert WORD in {one.source_name for one in statements_then(child, NOW + DAY)}, "for a replay"
    back(child)
    told = run(history, OLDHAM, child, field=HistoryField.DATE_OF_DEATH, on=TODAY)
    with acting_as_role("worker"):
        assert all(one.source_name != WORD for one in statements_then(child, NOW + DAY))
    turns = [(one.source_name, one.before, one.after) for one in told.source_turns]
    day = (TODAY - 99 * DAY).isoformat()
    assert sorted(turns) == [(WORD, (), (day,)), (WORD, (day,), ())]


@pytest.mark.parametrize(("said", "believed"), [(0, "agrees"), (1, "differs")])
def test_a_sources_own_date_agrees_or_is_weighed_against_it(child, said, believed):
    """The registration of a death is nearer to it than a team is."""
    day = TODAY - 99 * DAY
    source = amina("nhs-demographics", date_of_birth=years_ago(17))
    add_record(child, {**source, "date_of_death": (day - said * DAY).isoformat()})
    died(child, day)
    shown = opened(child).date_of_death
    assert shown.value == (day - said * DAY).isoformat()
    both = {shown.provenance.source_name, *shown.provenance.agreeing}
    assert (WORD in both) is (believed == "agrees")


def test_r58_only_who_answers_for_the_child_writes_it_down(child):
    for by in (ROCHDALE, team(role=Role.NATIONAL_TEAM)):
        assert died(child, by=by).rules == ("R58",)
        assert back(child, by=by).rules == ("R58",)
        assert run(death_written, by, child).rules == ("R58",)
    for role in (Role.PRACTITIONER, Role.SHIELD_TEAM, Role.PARTNER_TEAM):
        assert isinstance(died(child, by=team(role=role)), Refusal)
    assert not TeamWordRow.objects.exists()


def test_a_day_to_come_or_before_birth_is_refused_and_changes_nothing(child):
    for day in (TODAY + DAY, years_ago_day(18)):
        with pytest.raises(InvalidInput):
            died(child, day)
    assert not TeamWordRow.objects.exists()


def test_r27_of_who_is_protected_nothing_is_written_or_told(child):
    other = build_child(amina(forename="Zara", surname="Okoro", date_of_birth=years_ago(17)))
    died(child)
    place_shields(
        numbers=[child, other], ground=Ground.HIDDEN_LOCATION, by=system_viewer("shield import"), at=NOW
    )
    for act in (lambda one: run(death_written, OLDHAM, one), died, back):
        first, second = act(child), act(other)
        assert first == second
        assert first.rules == ("R27",)
    with acting_as_role("web"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM team_statements_shown(%s)", [child])
        assert cursor.fetchone() == (0,)
    assert due(child)[0].why is Why.TURNED_18, "nothing hidden moves the day"
    assert TeamWordRow.objects.get().taken_back_at is None


def test_r11_of_who_is_archived_nothing_is_written_or_told(child):
    died(child)
    archive_by_hand(child, TODAY - DAY)
    for act in (lambda one: run(death_written, OLDHAM, one), died, back):
        assert act(child).rules == ("R11",)


def test_it_is_no_sources_to_put_right(child):
    died(child)
    found = run(correctable, OLDHAM, child)
    assert "date_of_death" not in {one.field for one in found}


@pytest.mark.parametrize("statement", ["INSERT INTO team_word DEFAULT VALUES", "SELECT FROM team_word"])
def test_pages_come_by_it_through_functions_alone(child, statement):
    with (
        acting_as_role("web"),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


@pytest.fixture
def ten():
    """A child of ten whom Oldham's schools and the NHS know at home there."""
    said = {"date_of_birth": years_ago(10), "address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"}
    return build_child(amina(**said), amina("nhs-demographics", **said))


@pytest.mark.parametrize(
    ("kind", "years"),
    [(WordKind.LEFT_FOR_GOOD, 1), (WordKind.LEFT_RETURNING, 3), (WordKind.LEFT_ENGLAND, 3)],
)
def test_r50_who_left_has_no_home_here_and_the_record_ends_in_time(child, ten, kind, years):
    """Two sources agree on the home: the team's word counts all the same, and the team still answers."""
    left(ten, kind=kind)
    shown = opened(ten)
    (home,) = shown.addresses
    assert (home.address.kind.value, home.address.line, home.address.since) == (kind, None, TODAY - 99 * DAY)
    assert home.provenance.source_name == WORD
    assert shown.responsible_authority == "Oldham Children's Services"
    archiving, maybe = due(ten)
    assert (archiving.why, archiving.since) == (Why.LEFT, years_on(TODAY - 99 * DAY, years))
    assert maybe == [ten]
    with pytest.raises(Conflict):
        left(ten)
    back(ten, died=False)
    assert opened(ten).addresses[0].address.line == "14 Mill Lane, Oldham"
    told = run(history, OLDHAM, ten, field=HistoryField.ADDRESS, on=TODAY)
    assert [one.source_name for one in told.source_turns].count(WORD) == 2
    acts = [one.action for one in events_of(PRIYA)]
    assert (acts.count(Action.NOTED_LEAVING), acts.count(Action.WITHDREW_LEAVING)) == (1, 1)


def test_a_death_and_a_leaving_are_two_words(child, ten):
    left(ten)
    died(ten)
    back(ten)
    assert run(word_written, OLDHAM, ten, died=False).standing.kind is WordKind.LEFT_FOR_GOOD
    assert run(death_written, OLDHAM, ten).standing is None
