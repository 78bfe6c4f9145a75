"""Settings in the database: versions that stay, two people for what loosens, who goes by them.

R8, R9, R52, R53.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina, build_account, build_child, build_reference
from tests.factories.signed_in import as_the_owner, events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, WITH_ME, WORRIED, viewer

from contactpoint.actions.contact.ask import leave_message
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.reasons import RETIRED
from contactpoint.actions.find.search import search
from contactpoint.actions.find.trawling import SAY_AGAIN
from contactpoint.actions.protect.protect_now import protect_now
from contactpoint.actions.run.named import NOT_OF_THE_TEAM
from contactpoint.actions.run.settings import (
    NOTHING_CHANGES,
    answer_setting,
    preview_setting,
    propose_setting,
    settings_kept,
)
from contactpoint.actions.run.today import today
from contactpoint.domain.contacting import About, ContactQuestion, Urgency
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal, SearchAnswer
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.domain.errors import Conflict, Throttled
from contactpoint.domain.setting_changes import SettingDone
from contactpoint.domain.setting_table import SETTINGS, Looser
from contactpoint.domain.today import Queue
from contactpoint.pipelines.review_use import sampled_one_in
from contactpoint.storage.models import (
    AuditBody,
    ContactRequest,
    Membership,
    SettingVersion,
    Shield,
    Throttle,
)
from contactpoint.storage.settings import settings_at

pytestmark = pytest.mark.django_db
EWA, GRACE, HAL = (UUID(int=number) for number in (61, 62, 63))
CONSOLE = system_viewer("command line")
ASKED = ContactQuestion(about=About.SAFETY, urgency=Urgency.NOW, phone="0161 496 0101")


def desk(account=EWA):
    return viewer(
        account_id=account, role=Role.NATIONAL_TEAM, organisation_code="contactpoint",
        organisation_kind="national", authority=None,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def people():
    build_reference()
    for account, role in ((EWA, "national_team"), (GRACE, "national_team"), (HAL, "authority_team")):
        build_account(account, f"Person {account.int}")
        organisation = "contactpoint" if role == "national_team" else "la-353"
        Membership.objects.create(account_id=account, organisation_id=organisation, role=role)
        sign_in(account)
    build_account(KEISHA)
    Membership.objects.create(
        account_id=KEISHA, organisation_id="bridgewater-nhs", role="practitioner", services=["school_nurse"]
    )
    sign_in(KEISHA)


def now():
    return timezone.now()


def soon():
    """When everything that was set by now holds."""
    return timezone.now() + timedelta(minutes=3)


def propose(key, value, *, by=None, because="After the review"):
    with acting_as_role("web"):
        return propose_setting(key=key, value=value, because=because, by=by or desk(), at=now())


def answer(change, *, by=None, agrees=True):
    with acting_as_role("web"):
        return answer_setting(change=change, agrees=agrees, by=by or desk(GRACE), at=now())


def kept(by=None):
    with acting_as_role("web"):
        return settings_kept(by=by or desk(), at=now())


def set_to(key, value):
    """Set it, by two people where it takes two."""
    done = propose(key, value)
    if done.state == "asked":
        assert answer(kept().waiting[-1].id).state == "agreed"
    return settings_at(soon())


def test_what_is_stricter_one_person_sets_and_it_holds_in_a_moment():
    before = now()
    done = propose("searches_a_minute", 20)
    assert done.state == "set"
    assert settings_at(now())["searches_a_minute"] == 60, "it is announced before it holds"
    assert now() < datetime.fromisoformat(done.from_when) <= now() + timedelta(minutes=2)
    assert settings_at(soon())["searches_a_minute"] == 20
    assert settings_at(before).version == 0, "what held then holds then for ever"
    (version,) = kept().versions
    assert (version.key, version.value, version.because) == ("searches_a_minute", 20, "After the review")
    assert (version.by, version.agreed_by) == ("Person 61", "")


def test_what_loosens_waits_for_a_second_person():
    assert propose("searches_a_minute", 90).state == "asked"
    assert settings_at(soon())["searches_a_minute"] == 60
    (waits,) = kept().waiting
    assert waits.mine
    assert not kept(desk(GRACE)).waiting[0].mine
    refused = answer(waits.id, by=desk())
    assert isinstance(refused, Refusal)
    assert "you proposed it yourself" in refused.sentence
    assert answer(waits.id).state == "agreed"
    assert settings_at(soon())["searches_a_minute"] == 90
    assert [(one.by, one.agreed_by) for one in kept().versions] == [("Person 61", "Person 62")]
    with pytest.raises(Conflict), transaction.atomic():
        answer(waits.id)


def test_a_change_is_refused_or_taken_back_and_nothing_holds():
    propose("shield_lift_waits_days", 3)
    assert answer(kept().waiting[0].id, agrees=False).state == "refused"
    propose("shield_lift_waits_days", 4)
    assert answer(kept().waiting[0].id, by=desk(), agrees=False).state == "taken_back"
    assert (kept().waiting, kept().versions) == ((), ())


def test_of_a_setting_one_change_waits_at_a_time():
    propose("searches_a_minute", 90)
    with pytest.raises(Conflict), transaction.atomic():
        propose("searches_a_minute", 20, by=desk(GRACE))
    propose("urgent_contact_minutes", 20)
    with pytest.raises(Conflict), transaction.atomic():
        propose("urgent_contact_minutes", 15)
    assert propose("review_sampled_one_in", 100) == NOTHING_CHANGES


def test_nobody_passes_a_bound_and_nobody_else_sets_anything():
    beyond = propose("searches_a_minute", 121)
    assert isinstance(beyond, Refusal)
    assert "from 10 to 120" in beyond.way_on
    own = viewer(account_id=HAL, role=Role.AUTHORITY_TEAM, organisation_code="la-353")
    assert isinstance(propose("searches_a_minute", 20, by=own), Refusal)
    assert isinstance(kept(own), Refusal)
    assert not SettingVersion.objects.exists()
    assert AuditBody.objects.filter(action="refused").count() == 3


def test_the_database_knows_the_same_bounds_and_directions():
    found = {key: tuple(known) for key, *known in rows("SELECT * FROM settings_known()")}
    assert found == {
        key: (one.default, one.least, one.most, one.looser is Looser.MORE)
        for key, one in SETTINGS.items()
        if not one.words
    }
    worded = {key for (key,) in rows("SELECT * FROM settings_worded()")}
    assert worded == {key for key, one in SETTINGS.items() if one.words}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_setting_as('{ewa}', now(), 'searches_a_minute', 121, '', 'x')",
        "SELECT set_setting_as('{hal}', now(), 'searches_a_minute', 20, '', 'x')",
        "INSERT INTO setting_version SELECT 9, 'x', 9, now(), 'x', true, '{ewa}'",
        "UPDATE setting_version SET value = 5",
        "DELETE FROM setting_version",
        "UPDATE setting_change SET value = 100",
        "DELETE FROM setting_change",
    ],
)
def test_what_the_database_itself_refuses(statement):
    propose("searches_a_day.other", 20)
    propose("urgent_contact_minutes", 60)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(ewa=EWA, hal=HAL))


def test_pages_read_what_holds_and_come_by_the_rest_through_functions_alone():
    propose("searches_a_minute", 20)
    with acting_as_role("web"):
        assert settings_at(soon())["searches_a_minute"] == 20
        for table in ("setting_version", "setting_change"):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows(f"SELECT * FROM {table}")


def test_no_version_holds_before_it_was_announced():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS setting_version_announced IMMEDIATE")
    made = {"key": "searches_a_minute", "value": 20, "because": "x", "loosens": False, "by_id": EWA}
    SettingVersion.objects.create(**made, from_when=now() + timedelta(minutes=1))
    with pytest.raises(IntegrityError, match="announced"), transaction.atomic():
        SettingVersion.objects.create(**made, from_when=now())


def test_at_the_command_line_people_are_named():
    with acting_as_role("worker"):
        done = propose_setting(
            key="searches_a_minute", value=90, because="x", by=CONSOLE, at=now(), person=EWA
        )
        assert done.state == "asked"
        (waits,) = settings_kept(by=CONSOLE, at=now()).waiting
        own = answer_setting(change=waits.id, agrees=True, by=CONSOLE, at=now(), person=EWA)
        assert isinstance(own, Refusal)
        agreed = answer_setting(change=waits.id, agrees=True, by=CONSOLE, at=now(), person=GRACE)
    assert isinstance(agreed, SettingDone)
    assert settings_at(soon())["searches_a_minute"] == 90


def test_at_the_command_line_nobody_else_is_named():
    nurse = build_account(UUID(int=77)).pk
    with acting_as_role("worker"):
        for done in (
            propose_setting(
                key="searches_a_minute", value=9, because="x", by=CONSOLE, at=now(), person=nurse
            ),
            answer_setting(change=1, agrees=True, by=CONSOLE, at=now(), person=nurse),
        ):
            assert done == NOT_OF_THE_TEAM
    assert settings_at(soon())["searches_a_minute"] != 9


def test_whoever_may_agree_finds_it_in_today():
    propose("searches_a_minute", 90)
    with acting_as_role("web"):
        counted = [
            next(one.count for one in today(by=desk(who), at=now()) if one.queue is Queue.SETTINGS)
            for who in (EWA, GRACE)
        ]
    assert counted == [0, 1], "one's own is not for oneself to agree to"


def test_a_preview_says_how_many_went_beyond_it():
    for number, used in ((1, 150), (2, 90)):
        Throttle.objects.create(bucket=f"search:{UUID(int=number)}:safeguarding", window=now(), used=used)
    with acting_as_role("web"):
        found = preview_setting(key="searches_a_day.safeguarding", value=100, by=desk(), at=now())
        uncounted = preview_setting(key="urgent_contact_minutes", value=60, by=desk(), at=now())
    assert (found.now, found.loosens, found.reached) == (300, False, 1)
    assert (uncounted.loosens, uncounted.reached) == (True, None)


# Who goes by them.


def test_searches_go_by_what_is_set():
    set_to("searches_a_minute", 10)
    at = soon()
    sought = {"criteria": Criteria(surname="Nobody", forename="Ann"), "purpose": WORRIED, "by": viewer()}
    with acting_as_role("web"):
        for _ in range(10):
            search(**sought, at=at)
        with pytest.raises(Throttled):
            search(**sought, at=at)


def test_searches_for_one_reason_go_by_what_is_set():
    set_to("searches_a_day.safeguarding", 100)
    at = soon()
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    Throttle.objects.create(bucket=f"search:{KEISHA}:safeguarding", window=midnight, used=100)
    with acting_as_role("web"), pytest.raises(Throttled, match="this reason"):
        search(criteria=Criteria(surname="Nobody", forename="Ann"), purpose=WORRIED, by=viewer(), at=at)


@pytest.mark.parametrize(
    ("key", "bucket"),
    [
        ("records_asked_from", f"open:{KEISHA}"),
        ("organisation_records_asked_from", "open@bridgewater-nhs"),
    ],
)
def test_opening_goes_by_what_is_set(key, bucket):
    number = build_child(amina())
    least = SETTINGS[key].least
    set_to(key, least)
    at = soon()
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    Throttle.objects.create(bucket=bucket, window=midnight, used=least)
    with acting_as_role("web"):
        assert open_record(number=number, purpose=WORRIED, by=viewer(), at=at, how=WITH_ME) is SAY_AGAIN
        before = open_record(number=number, purpose=WORRIED, by=viewer(), at=now(), how=WITH_ME)
    assert isinstance(before, OpenRecord), "by what held a moment before it opens"


SOUGHT = {"criteria": Criteria(surname="Nobody", forename="Ann"), "by": viewer()}
MOVES = Purpose(code=PurposeCode.TRANSFER)


def test_a_reason_that_was_retired_starts_no_search_and_what_was_opened_stays_open():
    number = build_child(amina())
    set_to("reason_offered.transfer", 0)
    with acting_as_role("web"):
        assert isinstance(search(**SOUGHT, purpose=MOVES, at=now()), SearchAnswer), "until it holds"
        at = soon()
        assert search(**SOUGHT, purpose=MOVES, at=at) == RETIRED
        assert isinstance(search(**SOUGHT, purpose=WORRIED, at=at), SearchAnswer)
        assert isinstance(
            open_record(number=number, purpose=MOVES, by=viewer(), at=at, how=WITH_ME), OpenRecord
        )
    refused = [event for event in events_of(KEISHA) if event.action == "refused"]
    assert [event.purpose.code for event in refused] == ["transfer"]


def test_it_takes_two_to_have_it_back_and_to_call_a_reason_something_else():
    assert set_to("reason_offered.transfer", 0)["reason_offered.transfer"] == 0
    assert propose("reason_words.transfer", "A child moves to another area").state == "asked"
    assert answer(kept().waiting[0].id).state == "agreed"
    held = settings_at(soon())
    assert held.words("reason_words.transfer") == "A child moves to another area"
    assert held.words("reason_words.correcting") == "Correcting records"
    assert kept().versions[0].value == "A child moves to another area"


def test_a_protection_and_an_urgent_request_wait_as_long_as_is_set():
    number = build_child(amina())
    set_to("shield_confirmed_within_hours", 2)
    set_to("urgent_contact_minutes", 10)
    at = soon()
    with acting_as_role("web"):
        leave_message(number=number, question=ASKED, purpose=WORRIED, by=viewer(), at=at)
        protect_now(number=number, ground=Ground.DOMESTIC_ABUSE, purpose=WORRIED, by=viewer(), at=at)
    assert ContactRequest.objects.get().answer_by == at + timedelta(minutes=10)
    assert Shield.objects.get().confirm_by == at + timedelta(hours=2)


def test_a_day_is_sampled_by_what_held_when_it_ended():
    yesterday = now().date() - timedelta(days=1)
    set_to("review_sampled_one_in", 5)
    with acting_as_role("worker"):
        assert sampled_one_in(yesterday) == 100, "a day that was over before goes by what held then"
        assert sampled_one_in(now().date() + timedelta(days=1)) == 5


def test_what_is_done_about_settings_is_in_the_audit():
    propose("searches_a_minute", 90)
    answer(kept().waiting[0].id)
    done = [event for event in events_of(EWA) if event.action == "proposed_setting"]
    assert [(one.details["was"], one.details["becomes"], one.details["because"]) for one in done] == [
        (60, 90, "After the review")
    ]
    with as_the_owner():
        assert AuditBody.objects.filter(action="answered_setting", account=GRACE).count() == 1
