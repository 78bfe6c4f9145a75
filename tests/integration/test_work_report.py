"""How the work goes, counted in the database for whoever is written down as reading it (ADR 36)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from tests.factories.directory import acting_as_role, amina, build_account, build_child, build_reference
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, teacher, viewer

from contactpoint.actions.run.reports import Period, use_report
from contactpoint.actions.run.work import work_report
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.matching import CaseKind
from contactpoint.domain.work import OVERDUE, AreaPeople, Health, Stands
from contactpoint.storage.models import (
    Account,
    CaseDecision,
    Child,
    Delivery,
    Membership,
    ReviewCase,
    Shield,
    SourceRecord,
    UseDay,
    UseItem,
)
from contactpoint.storage.queries import work as stored
from contactpoint.storage.use_counts import keep_counts, of_authority, of_organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LAST_WEEK = datetime(2026, 11, 18, 12, tzinfo=UTC)
COLLEAGUE = UUID(int=71)
TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353", organisation_kind="authority")
AWAY = viewer(
    role=Role.AUTHORITY_TEAM, organisation_code="la-354", authority="354", organisation_kind="authority"
)
NATION = viewer(
    role=Role.NATIONAL_TEAM, account_id=OWEN, organisation_code="contactpoint", organisation_kind="national",
    authority=None,
)  # fmt: skip
PARTNER = viewer(
    role=Role.PARTNER_TEAM,
    account_id=PRIYA,
    organisation_code="harbour-recovery",
    organisation_kind="charity",
)
MERGE, DONE = CaseKind.POSSIBLE_MERGE, Stands.DONE


@pytest.fixture(autouse=True)
def teams(db):
    build_reference()
    for account, role, bodies in (
        (KEISHA, "authority_team", ("la-353", "la-354")),
        (OWEN, "national_team", ("contactpoint",)),
        (PRIYA, "partner_team", ("harbour-recovery",)),
    ):
        build_account(account)
        for body in bodies:
            Membership.objects.create(account_id=account, organisation_id=body, role=role)
        sign_in(account)


@pytest.fixture
def asked(monkeypatch):
    """What the database answered, before any of it is rounded."""
    found = {}

    def noting(name, ask):
        def note(*values):
            found[name] = ask(*values)
            return found[name]

        return note

    for name in ("cases", "reviews", "looks", "people"):
        monkeypatch.setattr(stored, name, noting(name, getattr(stored, name)))
    return found


def read(by=TEAM, at=NOW, period=Period.MONTH, **how):
    with acting_as_role("web"):
        return work_report(period=period, by=by, at=at, **how)


def pair():
    """Two records of two children of Oldham that may be one, each with its number."""
    numbers = [build_child(amina()) for _ in range(2)]
    return [SourceRecord.objects.get(child_id=number) for number in numbers]


def case(opened, **changed):
    one, other = pair()
    values = {"kind": "possible_same_child", "weight": 3.0, "levels": b"", "opened_at": opened}
    ReviewCase.objects.create(record_a=one, record_b=other, **{**values, **changed})
    return one.child_id


def decided(at, **changed):
    one, other = pair()
    values = {"kind": "possible_merge", "weight": 3.0, "levels": b"", "what": "different", "because": "Seen",
              "decided_as": "authority_team", "decided_at": at, "done_at": at}  # fmt: skip
    CaseDecision.objects.create(
        record_a=one, record_b=other, decided_by_id=KEISHA, decided_for_id="la-353", **{**values, **changed}
    )
    return one.child_id


def cases_in(found):
    return {(one.kind, one.stands): one.count for one in found["cases"]}


@pytest.fixture
def at_work():
    """Two cases wait, one too long; one was decided in the period, one long ago, and one was taken back."""
    children = [case(LAST_WEEK), case(NOW - timedelta(days=40)), decided(LAST_WEEK)]
    Child.objects.update(created_at=NOW - timedelta(days=90))
    decided(NOW - timedelta(days=200))
    decided(LAST_WEEK, undone_at=NOW)
    return children


SEEN = {(MERGE, Stands.ON_TIME): 1, (MERGE, Stands.LATE): 1, (MERGE, DONE): 1}


def test_a_team_reads_what_waits_in_its_area_and_the_nation_all_of_it(at_work, asked):
    report = read()
    assert cases_in(asked) == SEEN
    assert {(one.waiting, one.done) for one in report.cases} == {(None, None)}, "under ten is told as that"
    read(NATION)
    assert cases_in(asked) == SEEN
    read(AWAY)
    assert cases_in(asked) == {}


@pytest.mark.parametrize("by", [TEAM, NATION], ids=["team", "nation"])
def test_nothing_near_a_shield_is_in_any_count(at_work, asked, by):
    """R21, R34: the count is what it would be if there were no such case."""
    case(LAST_WEEK, near_shield=True)
    read(by)
    assert cases_in(asked) == SEEN
    Child.objects.filter(number__in=at_work).update(shielded=True)
    read(by)
    assert cases_in(asked) == {}


def test_a_case_of_a_child_kept_from_somebody_is_not_counted_for_them(at_work, asked):
    Shield.objects.create(
        child_id=at_work[0], kept_from_id=KEISHA, ground="adoption", placed_by=str(OWEN), placed_at=NOW,
        review_by=NOW.date(), confirm_by=NOW,
    )  # fmt: skip
    read()
    assert cases_in(asked) == {key: count for key, count in SEEN.items() if key[1] is not Stands.ON_TIME}
    read(NATION)
    assert cases_in(asked) == SEEN


def use(place, **changed):
    values = {"day": LAST_WEEK.date(), "made_at": LAST_WEEK, "account_id": COLLEAGUE, "child": f"X{place}",
              "organisation_id": "la-353", "team_size": 40, "restricted": False, "reviewed_by": "353",
              "codes": [], "weight": 1, "events": []}  # fmt: skip
    return UseItem.objects.create(**{**values, **changed})


def test_uses_to_review_are_counted_by_how_they_stand_but_none_that_touches_a_protected_child(asked):
    build_account(COLLEAGUE)
    use(1)
    use(2, state="justified")
    use(3, made_at=NOW - timedelta(days=60))
    use(4, reviewed_by="354")
    use(5, restricted=True, reviewed_by="")
    use(6, child=build_child(amina(), shielded=True))
    read()
    ours = {(Stands.ON_TIME, True): 1, (DONE, True): 1, (Stands.LATE, False): 1}
    assert {(one.stands, one.in_period): one.count for one in asked["reviews"]} == ours
    read(NATION)
    england = {**ours, (Stands.ON_TIME, True): 2}
    assert {(one.stands, one.in_period): one.count for one in asked["reviews"]} == england


def test_looks_are_told_by_week_as_they_were_judged(asked):
    for day, key, looks in ((16, "353", 60), (18, "353", 40), (18, "", 7), (24, "353", 99)):
        figures = {key: {"accesses": looks, "explained": looks // 2, "sampled": 0, "queued": 0}}
        on = date(2026, 11, day)
        if made := UseDay.objects.filter(day=on).first():
            UseDay.objects.filter(day=on).update(figures={**made.figures, **figures})
        else:
            UseDay.objects.create(day=on, judged_at=NOW, figures=figures)
    report = read()
    assert [(one.week, one.looks, one.explained) for one in asked["looks"]] == [(date(2026, 11, 16), 100, 50)]
    assert report.review.explained == 0.5
    read(NATION)
    assert [one.looks for one in asked["looks"]] == [107]


def test_accounts_are_counted_by_what_is_overdue_within_reach(asked):
    fresh = {"checked_on": NOW.date(), "trained_until": NOW.date(), "agreement_signed_on": NOW.date(),
             "last_seen_at": NOW}  # fmt: skip
    Account.objects.update(**fresh)
    for place, body, changed in (
        (81, "105734", {"trained_until": NOW.date() - timedelta(days=1), "renew_by": date(2026, 11, 24)}),
        (82, "la-354", {"checked_on": date(2023, 11, 25)}),
        (83, "harbour-recovery", {"agreement_signed_on": None, "last_seen_at": NOW - timedelta(days=29)}),
        (84, "105734", {"is_active": False, "trained_until": None}),
    ):
        build_account(UUID(int=place))
        Account.objects.filter(pk=UUID(int=place)).update(**{**fresh, **changed})
        Membership.objects.create(account_id=UUID(int=place), organisation_id=body, role="practitioner")
    counted, areas = {}, {}
    for name, by in (("team", TEAM), ("nation", NATION), ("partner", PARTNER)):
        areas[name] = read(by).areas
        one = asked["people"]
        counted[name] = (one.accounts, one.active, one.overdue, *(one.by_kind[kind] for kind in OVERDUE))
    assert OVERDUE == (
        Lapse.TRAINING_EXPIRED, Lapse.CHECK_EXPIRED, Lapse.AGREEMENT_UNSIGNED, Lapse.NOT_RENEWED
    )  # fmt: skip
    # Keisha and a teacher of Oldham, and Priya and a colleague of the partner, which has its seat there.
    assert counted == {
        "team": (4, 3, 2, 1, 0, 1, 1),
        "nation": (6, 5, 3, 1, 1, 1, 1),
        "partner": (2, 1, 1, 0, 0, 1, 0),
    }
    assert areas == {
        "team": (),
        "nation": (
            AreaPeople(name="Oldham Children's Services", accounts=None, overdue=None),
            AreaPeople(name="Rochdale Children's Services", accounts=None, overdue=None),
        ),
        "partner": (),
    }


def test_a_partner_reads_of_its_own_feed_people_and_looks_and_of_no_record(at_work, asked):
    Delivery.objects.create(
        source_id="harbour", file_name="h.csv", as_at=NOW.date(), kind="full", state="published",
        received_at=LAST_WEEK, rows_read=40, rows_accepted=38, rows_rejected=2,
    )  # fmt: skip
    report = read(PARTNER)
    assert report.cases is None
    assert report.review.weeks == ()
    assert report.feeds.by_health == {one: int(one is Health.ON_TIME) for one in Health}
    assert report.feeds.rejected == 0.05
    assert "cases" not in asked
    assert sum(read().feeds.by_health.values()) == 3, "a team reads of the feeds that it runs"


def use_of(person, body, *, number, place, **changed):
    return UseItem.objects.create(**{
        "day": LAST_WEEK.date() - timedelta(days=place), "account_id": person, "organisation_id": body,
        "child": number, "team_size": 40, "restricted": False, "reviewed_by": "", "codes": ["unexplained"],
        "weight": 1, "events": [], "made_at": LAST_WEEK, **changed,
    })  # fmt: skip


def test_r52_a_partner_reads_how_its_own_peoples_use_was_reviewed_rounded(asked):
    number = build_child(amina())
    for place in range(13):
        use_of(
            KEISHA, "harbour-recovery", number=number, place=place, state="justified" if place else "waiting"
        )
        use_of(OWEN, "105734", number=number, place=place)
    report = read(PARTNER)
    assert sum(one.count for one in asked["reviews"]) == 13, "no other body's"
    assert (report.review.done, report.review.on_time, report.review.found) == (10, None, 10)
    assert read(AWAY).review.found is None


def test_r34_what_touches_a_shield_is_in_no_figure_of_a_partner(asked):
    hidden, open_one = build_child(amina(), shielded=True), build_child(amina())
    use_of(KEISHA, "harbour-recovery", number=hidden, place=1)
    use_of(KEISHA, "harbour-recovery", number=open_one, place=2, restricted=True)
    read(PARTNER)
    assert asked["reviews"] == ()


def test_r52_looks_of_a_charitys_people_are_told_to_its_team_and_twice_to_nobody(asked):
    whole = {"accesses": 60, "explained": 40, "sampled": 0, "queued": 0}
    figures = {"": whole, "353": whole, "at:harbour-recovery": {"accesses": 24, "explained": 12}}
    UseDay.objects.create(day=LAST_WEEK.date(), judged_at=NOW, figures=figures)
    (week,) = read(PARTNER).review.weeks
    assert (week.explained, week.unexplained) == (10, 10)
    (week,) = read(NATION).review.weeks
    assert (week.explained, week.unexplained) == (80, 40), (
        "once for each authority and the national reviewers"
    )


def test_a_partner_that_has_its_seat_in_an_area_does_not_read_that_areas_use():
    counts = {
        of_authority("353"): {"searches": {"": 90}},
        of_organisation("harbour-recovery"): {"searches": {"": 7}},
    }
    keep_counts(LAST_WEEK.date(), counts)
    with acting_as_role("web"):
        assert use_report(period=Period.MONTH, by=PARTNER, at=NOW).searches == 7


@pytest.mark.parametrize(("exported", "deed"), [(False, Action.READ_REPORT), (True, Action.EXPORTED)])
def test_whoever_reads_it_or_takes_it_away_is_written_down(exported, deed):
    read(exported=exported)
    (event,) = (one for one in events_of(KEISHA) if one.details.get("report"))
    assert (event.action, event.details["report"]) == (deed, "work")


def test_the_report_is_for_teams():
    refused = read(teacher())
    assert isinstance(refused, Refusal)
    assert refused.rules == ("R1",)
