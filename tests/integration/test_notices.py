"""Notices and the daily e-mail: the page tells, the e-mail counts, once a day, whatever is killed.

And nothing that is hidden is ever told (R22, R27, R39, R41, R43-R45).
"""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.directory import NOW, acting_as_role, add_record, amina, build_account
from tests.factories.signed_in import events_of
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, OWEN, WITH_ME, WORRIED, teacher
from tests.integration.test_my_children import COLLEAGUE, NURSE, number, shield, work_with

from contactpoint.actions.contribute.keep_involvement import say_still_involved
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.notices import choose_notices, notice_choices, notices
from contactpoint.actions.find.open_record import open_record
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.notices import NoticeKind, Telling
from contactpoint.domain.errors import Misconfigured
from contactpoint.pipelines import digest
from contactpoint.pipelines.digest import anything_to_digest, send_digests
from contactpoint.pipelines.digest_news import news_of
from contactpoint.storage.models import AuditBody, Digest, DigestRun, Membership
from contactpoint.storage.queries.notices import people_to_tell

pytestmark = pytest.mark.django_db
WORKER = system_viewer("worker")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ON_TIME = NOW + HOUR
__all__ = ["number"]  # the fixture


def involve(number, service, *, at=NOW, **said):
    """A source tells of another service."""
    organisation = {"school": "105734", "gp": "P85001"}.get(service, "la-353")
    told = {"service": service, "organisation": organisation, "start_date": None, **said}
    add_record(number, amina(source="childrens-services-353", involvements=[told]))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE involvement SET recorded_at = %s WHERE service = %s AND typed_by_id IS NULL",
            [at, service],
        )


def told(by=NURSE, at=ON_TIME):
    with acting_as_role("web"):
        return notices(by=by, at=at)


def kinds(by=NURSE, at=ON_TIME):
    return [one.kind.value for one in told(by, at).told]


def send(at=ON_TIME):
    with acting_as_role("worker"):
        return send_digests(by=WORKER, at=at)


def to(mailoutbox):
    return [one.to[0] for one in mailoutbox]


def test_r44_a_service_that_comes_is_told_on_the_page_and_counted_in_the_email(number, mailoutbox):
    work_with(number)
    involve(number, "early_help", at=NOW + HOUR / 2)
    assert kinds() == ["service"]
    (event, *_) = events_of(KEISHA)
    assert (event.action, event.subjects) == ("listed_notices", (number,))
    assert send(ON_TIME + DAY) == 0, "they have looked since"
    involve(number, "youth_worker", at=ON_TIME + 2 * DAY)
    assert send(ON_TIME + 3 * DAY) == 1
    (mail,) = mailoutbox
    assert mail.to == [f"{KEISHA}@example.org"]
    assert "1 service became involved or ended" in mail.body
    for hidden in ("Amina", "Okafor", "Youth", "Keisha", number, "http"):
        assert hidden not in f"{mail.subject}\n{mail.body}"
    (sent,) = AuditBody.objects.filter(action="told_by_digest")
    assert sent.subjects == [number]


def test_nobody_is_told_twice_in_a_day_and_the_next_day_only_of_what_is_new(number, mailoutbox):
    work_with(number)
    involve(number, "early_help", at=NOW + HOUR / 2)
    assert send() == 1
    assert send(ON_TIME + 3 * HOUR) == 0
    DigestRun.objects.update(ended_at=None)  # as if it had been killed before the end
    assert send(ON_TIME + 4 * HOUR) == 0
    assert send(ON_TIME + DAY) == 0
    assert len(mailoutbox) == 1


def test_what_was_lost_between_claiming_and_sending_is_told_the_next_day(number, mailoutbox, monkeypatch):
    """Killed there, a day has one e-mail too few and never one too many."""

    def killed(_messages):
        raise KeyboardInterrupt

    work_with(number)
    involve(number, "early_help", at=NOW + HOUR / 2)
    with monkeypatch.context() as broken:
        broken.setattr(digest, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            send()
    assert list(Digest.objects.values_list("sent_at", flat=True)) == [None]
    assert send(ON_TIME + HOUR) == 0
    assert send(ON_TIME + DAY) == 1
    assert len(mailoutbox) == 1
    assert send(ON_TIME + 2 * DAY) == 0


def test_r45_still_involved_is_told_once_by_email_and_stands_on_the_page_until_answered(number, mailoutbox):
    made = work_with(number)
    later = NOW + 91 * DAY
    assert kinds(at=later - DAY) == []
    assert send(later - DAY + HOUR) == 0
    assert send(later + HOUR) == 1
    assert "1 “still involved?” to answer" in mailoutbox[0].body
    assert send(later + DAY + HOUR) == 0
    assert kinds(at=later + 40 * DAY) == ["stale"]
    with acting_as_role("web"):
        say_still_involved(involvement_id=made, by=NURSE, at=later + 40 * DAY)
    assert kinds(at=later + 40 * DAY + HOUR) == []


def test_r43_another_lead_practitioner_is_told(number, mailoutbox):
    work_with(number)
    work_with(number, by=COLLEAGUE, second=NURSE, service="school_nurse", lead_practitioner=True)
    with connection.cursor() as cursor:  # a while after the first
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        later = {"at": NOW + HOUR / 2}
        cursor.execute(
            "UPDATE involvement SET recorded_at = %(at)s, confirmed_at = %(at)s, changed_at = %(at)s "
            "WHERE service = 'school_nurse' AND typed_by_id IS NOT NULL",
            later,
        )
        cursor.execute(
            "UPDATE own_word_version SET held_from = %(at)s WHERE involvement_id IN "
            "(SELECT id FROM involvement WHERE service = 'school_nurse' AND typed_by_id IS NOT NULL)",
            later,
        )
    assert sorted(kinds()) == ["lead", "service"]
    with acting_as_role("web"):
        (child,) = my_children(by=NURSE, at=ON_TIME).children
    assert len(child.changes) == 2, "under “My children” stands the same"


# (rule, what is hidden: a function of the child's number)
HIDDEN = [
    ("R27", shield),
    ("R39", lambda number: involve(number, "mental_health", at=NOW + HOUR / 2, consent="child")),
    ("R39", lambda number: involve(number, "sexual_health", at=NOW + HOUR / 2, consent="significant_harm")),
    ("R41", lambda number: involve(number, "substance_misuse", at=NOW + HOUR / 2, consent="carer")),
]


@pytest.mark.parametrize(("rule", "hide"), HIDDEN)
def test_nothing_hidden_is_ever_told(number, mailoutbox, rule, hide):
    work_with(number)
    hide(number)
    later = NOW + 95 * DAY if rule == "R27" else ON_TIME
    assert kinds(at=later) == [], rule
    assert send(later) == 0, rule
    assert mailoutbox == []


def test_r45_ones_own_word_alone_earns_no_notice(number, mailoutbox):
    work_with(number, second=None)
    involve(number, "early_help", at=NOW + HOUR / 2)
    assert kinds() == []
    assert send() == 0


def test_what_somebody_does_not_want_they_are_not_told(number, mailoutbox):
    work_with(number)
    involve(number, "early_help", at=NOW + HOUR / 2)
    with acting_as_role("web"):
        assert set(notice_choices(by=NURSE, at=NOW).values()) == {Telling.EMAIL}
        choose_notices(choices={NoticeKind.SERVICE: Telling.HERE}, by=NURSE, at=NOW)
    assert send() == 0
    assert kinds() == ["service"]
    with acting_as_role("web"):
        choose_notices(choices={NoticeKind.SERVICE: Telling.NOWHERE}, by=NURSE, at=NOW)
    assert kinds() == []


def opens(number, by, at):
    with acting_as_role("web"):
        return open_record(number=number, purpose=WORRIED, by=by, at=at, how=WITH_ME)


def test_r57_a_role_that_reads_no_child_data_has_no_notices(number):
    assert isinstance(told(NURSE_AS_ADMINISTRATOR), Refusal)
    with acting_as_role("web"):
        for action in (notice_choices, lambda **who: choose_notices(choices={}, **who)):
            assert isinstance(action(by=NURSE_AS_ADMINISTRATOR, at=NOW), Refusal)


NURSE_AS_ADMINISTRATOR = teacher(role=Role.TECHNICAL_ADMINISTRATOR)


def test_of_records_opened_only_whoever_is_signed_in_is_told(number):
    """Which records somebody opened is told to nobody else, whatever statement the web role runs."""
    opens(number, NURSE, NOW)
    with acting_as_role("web"):
        assert rows("SELECT * FROM own_opened_and_changed(%s, %s)", OWEN, NOW - DAY) == []


@pytest.mark.parametrize(
    ("hour", "email", "due"),
    [(6, "locmem", False), (7, "locmem", True), (23, "locmem", True), (7, "", False)],
)
def test_it_is_time_after_seven_in_the_morning_where_e_mail_is_sent(db, settings, hour, email, due):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{email}.EmailBackend" if email else ""
    assert anything_to_digest(NOW.replace(hour=hour)) is due
    if not email:
        assert send() == 0


def test_once_everybody_was_told_it_is_over_for_the_day(number):
    assert anything_to_digest(ON_TIME)
    send()
    assert not anything_to_digest(ON_TIME + HOUR)
    assert anything_to_digest(ON_TIME + DAY)


def test_everybody_is_read_at_once_however_many_they_are_and_each_is_told_their_own(number, mailoutbox):
    work_with(number)
    involve(number, "early_help", at=NOW + HOUR / 2)
    with acting_as_role("worker"), CaptureQueriesContext(connection) as of_one:
        news_of(people_to_tell(None), NOW, ON_TIME)
    others = [UUID(int=place) for place in range(8000, 8040)]
    for place, other in enumerate(others):
        build_account(other, f"Nurse {place}")
        Membership.objects.create(
            account_id=other, organisation_id=NURSE.organisation_code, role="practitioner", services=[]
        )
    with acting_as_role("worker"), CaptureQueriesContext(connection) as of_many:
        found = news_of(people_to_tell(None), NOW, ON_TIME)
    assert found.keys() > {KEISHA, *others}
    assert [account for account, news in found.items() if news.notices] == [KEISHA]
    assert len(of_many) <= len(of_one)
    assert send() == 1
    assert to(mailoutbox) == [f"{KEISHA}@example.org"]


def test_whoever_has_left_is_not_told(number, mailoutbox):
    work_with(number)
    involve(number, "early_help", at=NOW + HOUR / 2)
    Membership.objects.filter(account_id=KEISHA).update(ended_at=NOW)
    assert send() == 0


def test_what_was_sent_long_ago_is_forgotten_but_for_the_last(number):
    work_with(number)
    for days, service in ((0, "early_help"), (1, "youth_worker"), (50, "send")):
        involve(number, service, at=NOW + days * DAY + HOUR / 2)
        send(ON_TIME + days * DAY)
    assert list(Digest.objects.order_by("day").values_list("day", flat=True)) == [date(2027, 1, 11)]


def test_only_the_worker_tells(number):
    with pytest.raises(Misconfigured):
        send_digests(by=NURSE, at=NOW)
