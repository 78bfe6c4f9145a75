"""A night's review in the database: what goes to whom, what nobody else sees, what a verdict does.

R34, R39, R45, R52, R53, R54.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from psycopg.errors import InsufficientPrivilege
from tests.factories.directory import (
    acting_as_role,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import as_the_owner, events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.access.accounts import signed_in
from contactpoint.actions.account.review_use import (
    NOT_YOURS,
    decide_use,
    month_of_use,
    open_use,
    sign_off_month,
    use_to_review,
)
from contactpoint.actions.account.staff_home import forget_homes, home_digest, note_home, postcode_digest
from contactpoint.actions.account.use_questions import NOBODY_ASKS, answer_question, questions_about_team
from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Lapse, Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.review.deciding import UseChanged, UseDecided, UseState, Verdict
from contactpoint.domain.review.reviewers import NATIONAL, who_reviews_for
from contactpoint.pipelines.review_use import review_use
from contactpoint.storage import use as stored
from contactpoint.storage.models import Account, ContactRequest, Membership, Organisation, UseDay, UseItem
from contactpoint.storage.sealed_pairs import pair_key

pytestmark = pytest.mark.django_db
WORKER = system_viewer("worker")
THEN = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
NEXT_DAY = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)
SETTLED = THEN + timedelta(days=30)
HERE_REVIEWER, AWAY_REVIEWER, DESK_REVIEWER = (UUID(int=number) for number in (41, 42, 43))
JOAN = UUID(int=51)
SOCIAL_WORKER = viewer(
    account_id=JOAN, name="Joan Whitworth", organisation_code="la-353", organisation_kind="authority",
    services=("childrens_social_care",),
)  # fmt: skip


def reviewer(account, organisation="la-353", authority="353", kind="authority"):
    return viewer(
        account_id=account, name="Reviewer", role=Role.AUDIT_REVIEWER, organisation_code=organisation,
        organisation_kind=kind, authority=authority, services=(),
    )  # fmt: skip


HERE = reviewer(HERE_REVIEWER)
AWAY = reviewer(AWAY_REVIEWER, "la-354", "354")
DESK = reviewer(DESK_REVIEWER, "contactpoint", None, "national")


@pytest.fixture
def directory(monkeypatch):
    """Three reviewers, a nurse and a teacher, a large council and two small teams; nobody is sampled.

    Which look is sampled is decided by its random id: one run in a hundred would count one more.
    """
    monkeypatch.setattr("contactpoint.pipelines.review_use.sampled_one_in", lambda on: 2**63)
    build_reference()
    for account, name in ((KEISHA, "Keisha Barrow"), (OWEN, "Owen Tanner"), (JOAN, "Joan Whitworth"),
                          (PRIYA, "Priya Nair"), (HERE_REVIEWER, "Hal"), (AWAY_REVIEWER, "Ada"),
                          (DESK_REVIEWER, "Iris")):  # fmt: skip
        build_account(account, name)
    join(KEISHA, "bridgewater-nhs", ["school_nurse", "health_visitor"])
    join(PRIYA, "bridgewater-nhs", ["school_nurse"])
    join(OWEN, "105734", ["school"])
    join(JOAN, "la-353", ["childrens_social_care"])
    for number in range(20):
        extra = build_account(UUID(int=1000 + number), "Somebody")
        join(extra.pk, "la-353", [])
    for viewing in (HERE, AWAY, DESK):
        join(viewing.account_id, viewing.organisation_code, [], role="audit_reviewer")
        sign_in(viewing.account_id)


def join(account, organisation, services, role="practitioner"):
    return Membership.objects.create(
        account_id=account, organisation_id=organisation, role=role, services=services
    )


def looked(number, *, by=None, at=THEN):
    with acting_as_role("web"):
        return open_record(number=number, purpose=WORRIED, by=by or viewer(), at=at, how=WITH_ME)


def judge(at=NEXT_DAY):
    with acting_as_role("worker"):
        return review_use(by=WORKER, at=at)


def to_review(by):
    with acting_as_role("web"):
        return use_to_review(by=by, at=NEXT_DAY)[1]


def opened(item, by):
    with acting_as_role("web"):
        return open_use(item=item, by=by, at=NEXT_DAY)


def decide(item, verdict, by, *, seen="waiting", because="I asked around"):
    with acting_as_role("web"):
        return decide_use(item=item, seen=seen, verdict=verdict, because=because, by=by, at=NEXT_DAY)


def test_what_nothing_explains_waits_for_a_reviewer_and_what_is_explained_does_not(directory):
    """R52."""
    number = build_child(*amina_in_full())
    looked(number, by=teacher())
    looked(number, by=SOCIAL_WORKER)
    assert judge() == 1
    (line,) = to_review(AWAY)
    assert (line.name, line.child, line.codes) == ("Owen Tanner", number, ("unexplained",)), "his own school"
    figures = UseDay.objects.get().figures
    assert (figures["353"]["accesses"], figures["353"]["explained"], figures["354"]["queued"]) == (1, 1, 1)


def test_looks_of_a_charitys_people_are_counted_for_its_team_but_those_that_touch_a_shield(directory):
    """R34, R52."""
    join(OWEN, "harbour-recovery", ["family_support"])
    helper = viewer(
        account_id=OWEN, name="Owen Tanner", organisation_code="harbour-recovery",
        organisation_kind="charity", services=("family_support",),
    )  # fmt: skip
    looked(build_child(amina()), by=helper)
    looked(build_child(amina(), shielded=True), by=helper)
    judge()
    figures = UseDay.objects.get().figures
    assert figures["at:harbour-recovery"] == {"accesses": 1, "explained": 0}
    assert sum(one["accesses"] for key, one in figures.items() if not key.startswith("at:")) == 2


def test_a_day_is_judged_once_and_a_run_that_was_killed_goes_on(directory, monkeypatch):
    """R54."""
    number = build_child(*amina_in_full())
    looked(number, at=THEN - timedelta(days=1))
    looked(number)
    keep = stored.keep_day
    monkeypatch.setattr(stored, "keep_day", lambda *_a, **_k: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError), transaction.atomic():
        judge()
    assert (UseItem.objects.count(), UseDay.objects.count()) == (0, 0)
    monkeypatch.setattr(stored, "keep_day", keep)
    assert judge() == 2
    assert judge() == 0
    assert judge(NEXT_DAY + timedelta(days=1)) == 1, "the quiet day after is judged too"
    assert len(UseItem.objects.get().events) == 2


def test_own_word_explains_once_a_colleague_confirmed_it_and_then_closes_the_look(directory):
    """R45, R53."""
    number = build_child(amina())
    looked(number)
    with acting_as_role("web"):
        said = record_involvement(
            number=number, service="school_nurse", role="School nurse", phone="0161 496 0101",
            start=date(2026, 11, 18), lead_practitioner=False, assessment_held=False, consent=None,
            by=viewer(), at=THEN,
        )  # fmt: skip
    judge()
    assert UseItem.objects.get().codes == ["unexplained"]
    with acting_as_role("web"):
        confirm_involvement(
            involvement_id=said.involvement_id,
            by=viewer(account_id=PRIYA),
            at=THEN + timedelta(days=3),
        )
    judge(SETTLED)
    item = UseItem.objects.get()
    assert (item.state, item.explained) == ("explained", "own_work")
    assert to_review(AWAY) == ()


def test_four_weeks_later_the_rest_is_told_that_no_work_followed(directory):
    """R53."""
    number = build_child(amina())
    looked(number)
    judge()
    before = UseItem.objects.get().weight
    judge(SETTLED)
    item = UseItem.objects.get()
    assert item.codes == ["no_later_work", "unexplained"]
    assert item.weight > before


def test_family_is_found_by_name_and_by_the_digest_of_an_address(directory):
    """R53."""
    number = build_child(amina(carer_forename="Keisha", carer_surname="Barrow"))
    with acting_as_role("worker"):
        assert note_home(account=KEISHA, line="14, MILL LANE", postcode="ol1 4ab", by=WORKER, at=THEN)
        assert not note_home(account=KEISHA, line="14 Mill Ln", postcode="OL1 4AB", by=WORKER, at=THEN)
        with pytest.raises(InvalidInput):
            note_home(account=KEISHA, line="14 Mill Lane", postcode=" ", by=WORKER, at=THEN)
    looked(number)
    judge()
    assert set(UseItem.objects.get().codes) >= {"carer", "address", "surname"}
    kept = {bytes(digest) for (digest,) in rows("SELECT digest FROM staff_home")}
    assert home_digest("14 Mill Lane", "OL1 4AB", key=pair_key()) in kept
    assert postcode_digest("ol14ab", key=pair_key()) in kept
    bodies = b" ".join(
        bytes(body) for (body,) in rows("SELECT body FROM audit_body WHERE action = 'noted_home'")
    )
    assert b"ill L" not in bodies
    assert b"MILL" not in bodies
    with acting_as_role("worker"):
        assert forget_homes(account=KEISHA, by=WORKER, at=THEN) == 2


def test_an_address_has_one_digest_however_it_is_written():
    """R53."""
    key = b"k" * 32
    assert home_digest("14 Mill Lane, Oldham", "OL1 4AB", key=key) == home_digest(
        "14 MILL LN", "ol14ab", key=key
    )
    assert home_digest("14 Mill Lane", "OL1 4AB", key=key) != home_digest("16 Mill Lane", "OL1 4AB", key=key)
    assert home_digest("The Gables", "OL1 4AB", key=key) != home_digest("The Elms", "OL1 4AB", key=key)
    assert home_digest("14 Mill Lane", "OL1 4AB", key=key) != home_digest(
        "14 Mill Lane", "OL1 4AB", key=b"o" * 32
    )
    assert home_digest("14 Mill Lane", "", key=key) is None


def test_each_reviewer_sees_what_is_theirs_and_nothing_else(directory):
    """R34, R52."""
    join(HERE_REVIEWER, "bridgewater-nhs", ["school_nurse"])
    ordinary, protected = build_child(amina()), build_child(amina(), shielded=True)
    away = viewer(account_id=PRIYA, organisation_code="la-353", organisation_kind="authority", services=())
    looked(ordinary, by=teacher())  # a small team: another authority
    looked(ordinary, by=away)  # a large one: their own
    looked(ordinary, by=viewer(account_id=HERE_REVIEWER, organisation_code="la-353", services=()))
    looked(protected, by=away)
    judge()
    assert [line.name for line in to_review(AWAY)] == ["Owen Tanner"]
    assert [line.name for line in to_review(HERE)] == ["Priya Nair"], "not their own"
    assert [(line.name, line.child, line.protected) for line in to_review(DESK)] == [
        ("Priya Nair", protected, True)
    ]
    for item in UseItem.objects.all():
        seen = [by for by in (HERE, AWAY, DESK) if not isinstance(opened(item.pk, by), Refusal)]
        assert len(seen) == (0 if item.account_id == HERE_REVIEWER else 1)
        for by in (HERE, AWAY, DESK):
            if by not in seen:
                assert opened(item.pk, by) == NOT_YOURS == decide(item.pk, Verdict.JUSTIFIED, by)


KIDS_REVIEWER, OTHERS_REVIEWER = UUID(int=44), UUID(int=45)
KIDS = reviewer(KIDS_REVIEWER, "kids", None, "charity")
OTHERS = reviewer(OTHERS_REVIEWER, "barnardos", None, "charity")
HELPER = viewer(
    account_id=OWEN, name="Owen Tanner", organisation_code="kids", organisation_kind="charity",
    authority=None, services=("family_support",),
)  # fmt: skip


@pytest.fixture
def partners(directory):
    """Two national partners with a reviewer each; one has twenty people and more."""
    for by, name in ((KIDS, "KIDS"), (OTHERS, "Barnardo's")):
        Organisation.objects.create(code=by.organisation_code, name=name, kind="charity", authority="")
        build_account(by.account_id, "Kit")
        join(by.account_id, by.organisation_code, [], role="audit_reviewer")
        sign_in(by.account_id)
    join(OWEN, "kids", ["family_support"])
    for number in range(18):
        join(UUID(int=1000 + number), "kids", [])


def who_sees(item):
    everybody = (HERE, AWAY, DESK, KIDS, OTHERS)
    return [by.organisation_code for by in everybody if not isinstance(opened(item.pk, by), Refusal)]


def test_a_partner_reviews_its_own_people_as_an_authority_does(partners):
    """R52: the same list, the same verdicts, the month; nobody else has what is theirs."""
    number, month, december = build_child(amina()), date(2026, 11, 1), datetime(2026, 12, 1, 9, tzinfo=UTC)
    looked(number, by=HELPER)
    looked(number, by=SOCIAL_WORKER)
    judge()
    (line,) = to_review(KIDS)
    assert (line.name, line.organisation_name, line.reviewed_by) == ("Owen Tanner", "KIDS", "at:kids")
    item = UseItem.objects.get(organisation_id="kids")
    assert who_sees(item) == ["kids"]
    assert to_review(OTHERS) == ()
    assert isinstance(decide(item.pk, Verdict.JUSTIFIED, KIDS), UseDecided)
    with acting_as_role("web"):
        came, _ = month_of_use(month=month, by=KIDS, at=december)
        assert (came.accesses, came.queued, came.still_open) == (1, 1, 0)
        sign_off_month(month=month, because="All well", by=KIDS, at=december)
        _, signed = month_of_use(month=month, by=KIDS, at=december)
        assert [one.by for one in signed] == ["Kit"]
        others, none = month_of_use(month=month, by=OTHERS, at=december)
        assert (others.accesses, none) == (0, ())
        nation, _ = month_of_use(month=month, by=DESK, at=december)
        assert nation.accesses == 0, "it was not given to them"


def test_of_a_small_partner_and_of_one_without_reviewers_the_nation_reviews(partners):
    """R52."""
    Membership.objects.filter(account_id=UUID(int=1000), organisation_id="kids").delete()
    looked(build_child(amina()), by=HELPER)
    judge()
    assert who_sees(UseItem.objects.get()) == ["contactpoint"]
    UseItem.objects.all().delete()
    UseDay.objects.all().delete()
    join(UUID(int=1000), "kids", [])
    Membership.objects.filter(account_id=KIDS_REVIEWER).update(ended_at=THEN)
    judge()
    assert UseItem.objects.get().reviewed_by == NATIONAL


@pytest.mark.parametrize("sensitive", [False, True], ids=["shielded", "sensitive"])
def test_what_touches_a_shield_or_a_sensitive_service_is_never_a_partners(partners, sensitive):
    """R34, R39: neither in its list, nor in its month, whatever was decided before."""
    if sensitive:
        Membership.objects.filter(account_id=OWEN, organisation_id="kids").update(services=["mental_health"])
    looked(build_child(amina(), shielded=not sensitive), by=HELPER)
    judge()
    assert who_sees(UseItem.objects.get(organisation_id="kids")) == ["contactpoint"]
    with acting_as_role("web"):
        came, _ = month_of_use(month=date(2026, 11, 1), by=KIDS, at=NEXT_DAY)
    assert (came.accesses, came.queued, came.still_open) == (0, 0, 0)


def test_a_child_shielded_since_leaves_a_partners_list(partners):
    """R34."""
    number = build_child(amina())
    looked(number, by=HELPER)
    judge()
    rows("UPDATE child SET shielded = true WHERE number = %s RETURNING 1", number)
    assert to_review(KIDS) == ()
    assert who_sees(UseItem.objects.get()) == ["contactpoint"]


def test_a_reviewer_of_a_charity_within_an_authority_is_not_that_authoritys(partners):
    """R52: whoever reviews for a charity has nothing of the area in which it works."""
    Organisation.objects.filter(code="kids").update(authority="353")
    looked(build_child(amina()), by=SOCIAL_WORKER)
    judge()
    assert to_review(KIDS) == ()
    Membership.objects.filter(account_id=HERE_REVIEWER).update(ended_at=THEN)
    assert stored.with_reviewers() == ("354", "at:barnardos", "at:kids")


def test_the_database_says_the_same_of_whom_a_reviewer_looks_for():
    for kind, authority, code in itertools.product(
        ("national", "charity", "authority", "school"), ("353", ""), ("kids", "la-353")
    ):
        told = rows("SELECT who_reviews_for(%s, %s, %s)", kind, authority, code)[0][0]
        assert told == who_reviews_for(kind, authority, code)


def test_a_child_shielded_since_goes_to_national_reviewers(directory):
    """R34."""
    number = build_child(amina())
    looked(number, by=teacher())
    judge()
    assert to_review(AWAY)
    rows_changed = "UPDATE child SET shielded = true WHERE number = %s RETURNING 1"
    rows(rows_changed, number)
    assert to_review(AWAY) == ()
    assert [line.child for line in to_review(DESK)] == [number]


def test_whether_a_sensitive_service_is_involved_shows_in_no_ordinary_list(directory):
    """R39: the look of somebody who may give one is reviewed nationally, whoever the child."""
    therapist = viewer(account_id=PRIYA, services=("mental_health",))
    Membership.objects.filter(account_id=PRIYA).update(services=["mental_health"])
    hidden = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "significant_harm",
              "practitioner": "Keisha Barrow", "start_date": date(2026, 1, 1),}  # fmt: skip
    with_it, without = (
        build_child(amina(), amina("mental-health", involvements=[hidden])),
        build_child(amina()),
    )
    for number in (with_it, without):
        looked(number, by=therapist)
        looked(number)
    judge()
    seen = {
        number: [line.codes for line in to_review(AWAY) if line.child == number]
        for number in (with_it, without)
    }
    assert seen[with_it] == seen[without] == [("unexplained",)], (
        "not even where the hidden service names them"
    )
    assert [line.child for line in to_review(DESK)] == [without]


def test_what_only_a_hidden_source_says_is_not_compared(directory):
    """R39."""
    hidden = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "significant_harm"}
    known = amina("mental-health", carer_forename="Keisha", carer_surname="Barrow", involvements=[hidden])
    looked(build_child(amina(), known))
    judge()
    assert UseItem.objects.get().codes == ["unexplained"]


def test_evidence_names_what_was_typed_and_shown_and_repeats_none_of_it(directory):
    """R52."""
    number = build_child(*amina_in_full())
    with acting_as_role("web"):
        for _ in range(5):
            search(
                criteria=Criteria(surname="Okafor", forename="Amina", place="14 Mill Lane"),
                purpose=WORRIED, by=teacher(), at=THEN,
            )  # fmt: skip
    looked(number, by=teacher(), at=THEN + timedelta(hours=2))
    judge()
    about_none, about_one = to_review(AWAY)
    assert about_none.codes == ("never_opened", "unexplained")
    found = [opened(line.item, AWAY) for line in (about_none, about_one)]
    assert found[0].evidence[0].typed == ("forename", "place", "surname")
    assert "carers" in found[1].evidence[0].fields
    for value in ("Okafor", "Mill Lane", "Amina", "Whitworth"):
        assert value not in repr(found)


def waiting_one():
    number = build_child(amina())
    looked(number, by=teacher())
    judge()
    return UseItem.objects.get().pk


def standing_of(account):
    return signed_in(account, membership_id=None, request_id="r", on=THEN.date()).viewer.lapses


def test_a_suspension_holds_from_the_next_request_and_a_second_reviewer_lifts_it(directory):
    """R52."""
    item = waiting_one()
    assert Lapse.SUSPENDED not in standing_of(OWEN)
    assert decide(item, Verdict.SUSPEND, AWAY) == UseDecided(verdict="suspend")
    assert Lapse.SUSPENDED in standing_of(OWEN)
    done = {event.action.value for event in events_of(AWAY_REVIEWER)}
    assert done == {"opened_use", "reviewed_audit", "suspended"}
    assert opened(item, AWAY).may_be_said == (Verdict.MISUSE,)
    with pytest.raises(InvalidInput):
        decide(item, Verdict.JUSTIFIED, AWAY, seen="suspended")
    second = reviewer(HERE_REVIEWER, "la-354", "354")
    join(HERE_REVIEWER, "la-354", [], role="audit_reviewer")
    assert decide(item, Verdict.JUSTIFIED, second, seen="suspended") == UseDecided(verdict="justified")
    assert Lapse.SUSPENDED not in standing_of(OWEN)
    assert "reinstated" in {event.action.value for event in events_of(HERE_REVIEWER)}


def test_whoever_is_suspended_for_something_else_as_well_stays_so(directory):
    """R52."""
    looked(build_child(amina()), by=teacher())
    looked(build_child(amina()), by=teacher())
    judge()
    one, other = UseItem.objects.order_by("pk")
    decide(one.pk, Verdict.SUSPEND, AWAY)
    decide(other.pk, Verdict.SUSPEND, AWAY)
    second = reviewer(HERE_REVIEWER, "la-354", "354")
    join(HERE_REVIEWER, "la-354", [], role="audit_reviewer")
    decide(one.pk, Verdict.JUSTIFIED, second, seen="suspended")
    assert Lapse.SUSPENDED in standing_of(OWEN)


def test_a_manager_is_asked_about_their_own_team_and_answers_once(directory):
    """R52."""
    item = waiting_one()
    assert Verdict.ASK not in opened(item, AWAY).may_be_said, "nobody to ask"
    Account.objects.filter(pk=OWEN).update(manager_id=JOAN)
    sign_in(JOAN)
    sign_in(KEISHA)
    assert decide(item, Verdict.ASK, AWAY, because="Why did he look?") == UseDecided(verdict="ask")
    with acting_as_role("web"):
        (question,) = questions_about_team(by=SOCIAL_WORKER, at=NEXT_DAY)
        assert (question.name, question.asked) == ("Owen Tanner", "Why did he look?")
        assert questions_about_team(by=viewer(), at=NEXT_DAY) == ()
        assert answer_question(item=item, said="No idea", by=viewer(), at=NEXT_DAY) == NOBODY_ASKS
        answer_question(item=item, said="She is in his class", by=SOCIAL_WORKER, at=NEXT_DAY)
        assert answer_question(item=item, said="Again", by=SOCIAL_WORKER, at=NEXT_DAY) == NOBODY_ASKS
    found = opened(item, AWAY)
    assert found.line.state is UseState.ANSWERED
    assert [step.because for step in found.steps] == ["Why did he look?", "She is in his class"]


def test_a_manager_is_not_told_which_protected_child_it_was(directory):
    """R34."""
    looked(build_child(amina(), shielded=True), by=teacher())
    judge()
    Account.objects.filter(pk=OWEN).update(manager_id=JOAN)
    sign_in(JOAN)
    decide(UseItem.objects.get().pk, Verdict.ASK, DESK)
    with acting_as_role("web"):
        (question,) = questions_about_team(by=SOCIAL_WORKER, at=NEXT_DAY)
    assert question.child == ""


def test_what_is_sent_on_is_the_national_reviewers_and_no_longer_ones_own(directory):
    """R52."""
    item = waiting_one()
    decide(item, Verdict.ESCALATE, AWAY)
    assert to_review(AWAY) == ()
    assert [line.item for line in to_review(DESK)] == [item]


def test_somebody_who_decides_on_an_old_page_is_shown_how_it_stands(directory):
    """R52."""
    item = waiting_one()
    Account.objects.filter(pk=OWEN).update(manager_id=JOAN)
    decide(item, Verdict.ASK, AWAY)
    answer = decide(item, Verdict.JUSTIFIED, AWAY)
    assert isinstance(answer, UseChanged)
    assert answer.now.line.state is UseState.ASKED


def test_a_month_is_signed_off_once_when_it_is_over_and_nothing_of_it_waits(directory):
    """R54."""
    item, month, december = waiting_one(), date(2026, 11, 1), datetime(2026, 12, 1, 9, tzinfo=UTC)
    with acting_as_role("web"):
        with pytest.raises(Conflict, match="is not over"):
            sign_off_month(month=month, because="All well", by=AWAY, at=NEXT_DAY)
        with pytest.raises(Conflict, match="still waits"):
            sign_off_month(month=month, because="All well", by=AWAY, at=december)
    decide(item, Verdict.JUSTIFIED, AWAY)
    with acting_as_role("web"):
        sign_off_month(month=month, because="All well", by=AWAY, at=december)
        with pytest.raises(Conflict, match="before"):
            sign_off_month(month=month, because="All well", by=AWAY, at=december)
        came, signed = month_of_use(month=month, by=AWAY, at=december)
        assert (came.accesses, came.queued, came.still_open) == (1, 1, 0)
        assert [(one.month, one.because, one.by) for one in signed] == [(month, "All well", "Ada")]
        _, elsewhere = month_of_use(month=month, by=HERE, at=december)
        assert elsewhere == ()


CALLS = [
    "SELECT * FROM use_to_review(gen_random_uuid(), '{waiting}', 10, 0)",
    "SELECT * FROM use_opened(1, NULL)",
    "SELECT * FROM use_events(1, gen_random_uuid())",
    "SELECT decide_use(1, gen_random_uuid(), 'waiting', 'justified', 'justified', '', now())",
    "SELECT sign_off_use(gen_random_uuid(), '2026-11-01', '', now())",
    "SELECT * FROM use_reviewed_by(gen_random_uuid(), '{}')",
    "SELECT * FROM reviewer_seeing(gen_random_uuid(), '{}')",
]


@pytest.mark.parametrize("call", CALLS)
def test_without_a_reviewer_written_down_as_looking_the_database_gives_nothing(call, directory):
    """R52."""
    with acting_as_role("web"), pytest.raises(DatabaseError) as refused, transaction.atomic():
        rows(call)
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


def test_a_suspended_reviewer_reviews_nothing(directory):
    """R52."""
    waiting_one()
    with as_the_owner():
        Account.objects.filter(pk=AWAY_REVIEWER).update(suspended_at=THEN)
    with acting_as_role("web"), pytest.raises(DatabaseError), transaction.atomic():
        use_to_review(by=AWAY, at=NEXT_DAY)


def test_what_somebody_said_was_not_them_goes_to_a_reviewer(directory):
    """R52."""
    from contactpoint.actions.account.activity import report_activity

    number = build_child(amina())
    sign_in(OWEN)
    looked(number, by=teacher())
    event = events_of(OWEN)[0].event_id
    with acting_as_role("web"):
        report_activity(event_id=event, by=teacher(), at=THEN + timedelta(hours=1))
    judge()
    assert "disowned" in UseItem.objects.get().codes


def test_being_asked_to_get_in_touch_explains_whoever_takes_it_on_and_not_who_asked(directory):
    """R52."""
    number = build_child(*amina_in_full())
    asked = ContactRequest.objects.create(
        child_id=number, organisation_id="bridgewater-nhs", service="school_nurse", desk="353", about="talk",
        urgency="today", phone="0161 496 0100", asked_by_id=OWEN, asked_for_id="105734", asked_at=THEN,
        answer_by=THEN, taken_by_id=KEISHA, state="taken",
    )  # fmt: skip
    looked(asked.child_id, by=viewer())
    looked(number, by=teacher())
    judge()
    assert [item.account_id for item in UseItem.objects.all()] == [OWEN]
    assert sum(part["explained"] for part in UseDay.objects.get().figures.values()) == 1


def test_whoever_was_spoken_to_about_it_had_a_reason_to_look(directory):
    """R52."""
    number = build_child(*amina_in_full())
    ContactRequest.objects.create(
        child_id=number, organisation_id="bridgewater-nhs", service="school_nurse", desk="353", about="talk",
        urgency="today", phone="0161 496 0100", asked_by_id=OWEN, asked_for_id="105734", asked_at=THEN,
        answer_by=THEN, taken_by_id=KEISHA, state="answered", outcome="spoke",
    )  # fmt: skip
    looked(number, by=teacher())
    judge()
    assert UseItem.objects.count() == 0


def test_a_child_who_has_just_come_explains_a_look_unless_many_came(directory):
    """R52."""
    came = {"service": "school_nurse", "organisation": "bridgewater-nhs", "start_date": date(2026, 11, 17)}
    alone = build_child(amina(involvements=[came]))
    september = {**came, "start_date": date(2026, 11, 10)}
    among = [build_child(amina(local_id=f"b-{number}", involvements=[september])) for number in range(11)]
    for number in (alone, among[0]):
        looked(number)
    judge()
    assert [item.child for item in UseItem.objects.all()] == [among[0]]


def test_looks_at_one_child_again_and_again_are_one_thing_to_review(directory):
    """R52: until somebody decides; then what was found justified explains four weeks more."""
    number, other = build_child(amina()), build_child(amina())
    for days in range(3):
        looked(number, by=teacher(), at=THEN + timedelta(days=days))
    looked(other, by=teacher(), at=THEN + timedelta(days=1))
    judge(THEN + timedelta(days=3))
    again, once_only = UseItem.objects.order_by("day")
    assert (again.child, len(again.events), again.last_day) == (number, 3, date(2026, 11, 20))
    assert (once_only.child, len(once_only.events), once_only.last_day) == (other, 1, None)
    decide(again.pk, Verdict.JUSTIFIED, AWAY)
    looked(number, by=teacher(), at=THEN + timedelta(days=5))
    looked(other, by=teacher(), at=THEN + timedelta(days=5))
    judge(THEN + timedelta(days=6))
    once_only.refresh_from_db()
    assert (UseItem.objects.count(), len(once_only.events)) == (2, 2)


def test_of_many_looks_those_that_work_explains_go_and_the_rest_waits(directory):
    """R53."""
    number = build_child(amina())
    looked(number)
    looked(number, at=THEN + timedelta(days=40))
    judge(THEN + timedelta(days=41))
    item = UseItem.objects.get()
    assert (len(item.events), item.codes) == (2, ["no_later_work", "unexplained"])
    with acting_as_role("web"):
        said = record_involvement(
            number=number, service="school_nurse", role="School nurse", phone="0161 496 0101",
            start=date(2026, 12, 29), lead_practitioner=False, assessment_held=False, consent=None,
            by=viewer(), at=THEN + timedelta(days=42),
        )  # fmt: skip
        confirm_involvement(
            involvement_id=said.involvement_id, by=viewer(account_id=PRIYA), at=THEN + timedelta(days=43)
        )
    judge(THEN + timedelta(days=75))
    item.refresh_from_db()
    assert (len(item.events), item.state) == (1, "waiting"), "the first look was before any work"


def test_an_override_is_looked_at_whatever_explains_it(directory):
    """R33, R53."""
    number = build_child(*amina_in_full(), shielded=True)
    with acting_as_role("web"), transaction.atomic():
        record(Action.OVERRODE_SHIELD, by=SOCIAL_WORKER, at=THEN, subjects=[number])
    judge()
    (line,) = to_review(DESK)
    assert (line.explained, line.codes) == ("named_by_feed", ("override",))
