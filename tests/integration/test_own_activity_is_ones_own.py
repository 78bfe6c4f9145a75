"""As the web role one reads the activity of nobody else, nor who works with a shielded child (ADR 9)."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege
from tests.factories.directory import NOW, amina_in_full, build_child, build_reference
from tests.factories.signed_in import sign_in
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, viewer

from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.audit.canonical import commitment, decode, encode
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.audit_log import append
from contactpoint.storage.guards import lay_guards
from contactpoint.storage.models import Account, SignInSession

pytestmark = pytest.mark.django_db(transaction=True)
ACTIVITY = "SELECT event_body FROM audit_activity(%(whose)s, NULL, NULL, 200)"
PROTECTED = "SELECT child FROM own_protected_children(%(whose)s, 'bridgewater-nhs', current_date)"
SAID = "SELECT service FROM own_words_about(%(child)s, %(whose)s, 'bridgewater-nhs', current_date)"
FORGE_SESSION = """
    INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES (%(key)s, '', now() + interval '1 hour');
    INSERT INTO sign_in_session (id, account_id, session_key, browser, began_at, used_at)
    VALUES (gen_random_uuid(), %(whose)s, %(key)s, 'Forged', now(), now())
"""
FORGE_EVENT = """
    WITH event AS (INSERT INTO audit_event (id, commitment) VALUES (%(event)s, %(commitment)s))
    INSERT INTO audit_body (event_id, occurred_at, action, outcome, account, subjects, body, salt)
    VALUES (%(event)s, %(at)s, 'signed_in', 'allowed', %(whose)s, '{}', %(body)s, %(salt)s)
"""


@pytest.fixture
def work(transactional_db):
    """Keisha works with a shielded child, and opened its record; she is not signed in any more."""
    lay_guards()
    build_reference()
    for identity in (KEISHA, PRIYA):
        Account.objects.create(id=identity, email=f"{identity}@example.org")
    number = build_child(*amina_in_full())
    open_record(number=number, purpose=WORRIED, by=viewer(), at=NOW, how=WITH_ME)
    record_involvement(
        number=number,
        service="school_nurse",
        role="School nurse",
        phone="0161 496 0101",
        start=date(2026, 9, 1),
        lead_practitioner=False,
        assessment_held=False,
        by=viewer(),
        at=NOW,
    )
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    return {"whose": KEISHA, "child": number, "key": uuid4().hex, "event": uuid4()}


def read(web, work):
    return [web.execute(query, work).fetchall() for query in (ACTIVITY, PROTECTED, SAID)]


def run(web, script, work):
    for statement in script.split(";\n"):
        web.execute(statement, work)


def test_who_is_signed_in_reads_their_own(connect_as, work):
    sign_in(KEISHA)
    with connect_as("web") as web:
        activity, protected, said = read(web, work)
    assert {"opened_record", "recorded_involvement"} <= {decode(bytes(row[0])).action for row in activity}
    assert (protected, said) == ([(work["child"],)], [("school_nurse",)])


def test_of_whoever_is_not_signed_in_nothing_is_read(connect_as, work):
    sign_in(PRIYA)
    with connect_as("web") as web:
        assert read(web, work) == [[], [], []]
        assert read(web, {**work, "whose": UUID(int=0)}) == [[], [], []]


OVER = {
    "ended": "UPDATE sign_in_session SET ended_at = now()",
    "expired": "UPDATE django_session SET expire_date = now()",
    "another session": "UPDATE sign_in_session SET session_key = 'other'",
}


@pytest.mark.parametrize("statement", OVER.values(), ids=OVER)
def test_once_a_sign_in_is_over_nothing_is_read(connect_as, work, statement):
    sign_in(KEISHA)
    with connect_as("web") as web:
        web.execute(statement)
        assert read(web, work) == [[], [], []]


def test_a_sign_in_lasts_no_longer_than_a_day_of_work(connect_as, work):
    sign_in(KEISHA)
    SignInSession.objects.update(began_at=timezone.now() - timedelta(hours=12))
    with connect_as("web") as web:
        assert read(web, work) == [[], [], []]


def test_a_forged_session_is_not_enough(connect_as, work):
    """The web role writes sessions, since pages sign people in: without the event of it they open nothing."""
    with connect_as("web") as web:
        run(web, FORGE_SESSION, work)
        assert read(web, work) == [[], [], []]


def test_the_event_of_an_earlier_sign_in_is_not_enough_either(connect_as, work):
    earlier = AuditEvent(
        event_id=uuid4(),
        occurred_at=timezone.now() - timedelta(hours=12),
        actor=Actor(kind=ActorKind.PERSON, account=KEISHA),
        action=Action.SIGNED_IN,
        outcome=Outcome.ALLOWED,
    )
    with transaction.atomic():
        append(earlier)
    with connect_as("web") as web:
        run(web, FORGE_SESSION, work)
        assert read(web, work) == [[], [], []]


def forged(work, **said):
    """What a climber writes: the columns of a sign-in, beside a body that says so, unless changed."""
    event = AuditEvent(
        event_id=work["event"],
        occurred_at=timezone.now(),
        actor=Actor(kind=ActorKind.PERSON, account=said.get("account", KEISHA)),
        action=said.get("action", Action.SIGNED_IN),
        outcome=Outcome.ALLOWED,
    )
    body, salt = encode(event), bytes(32)
    committed = said.get("commitment") or commitment(body, salt=salt)
    return {**work, "at": event.occurred_at, "body": body, "salt": salt, "commitment": committed}


def test_what_a_climber_must_forge_stands_for_good(connect_as, work):
    """Who forges the event too reads on: and the person sees a sign-in that nobody can take away again."""
    event = forged(work)
    with connect_as("web") as web:
        run(web, FORGE_EVENT, event)
        run(web, FORGE_SESSION, work)
        assert (event["body"],) in [(bytes(row[0]),) for row in read(web, work)[0]]


@pytest.mark.parametrize(
    "said",
    [{"account": PRIYA}, {"action": Action.SIGNED_OUT}, {"commitment": bytes(32)}],
    ids=["of somebody else", "of something else", "what the tree does not hold"],
)
def test_no_event_says_beside_its_body_what_the_body_does_not(connect_as, work, said):
    """R51: functions answer by the columns; the person's own activity and the tree tell the body."""
    with connect_as("web") as web, pytest.raises(InsufficientPrivilege, match="something else"):
        run(web, FORGE_EVENT, forged(work, **said))
