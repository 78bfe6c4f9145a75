"""One form is acted on once, however often and from however many connections it is sent."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.factories.directory import NOW, acting_as_role, build_account, build_reference
from tests.factories.viewers import KEISHA, PRIYA, viewer

from contactpoint.actions.once import answered_before, once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.storage.models import AnsweredForm
from contactpoint.storage.queries.answered_forms import KEPT, forget_old_answers

NO = Refusal(sentence="No.", rules=("R1",), way_on="Ask.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    number: int


class Acts:
    """Counts how often it was really done."""

    def __init__(self, *answers):
        self.times, self._answers = 0, answers

    def __call__(self):
        self.times += 1
        return self._answers[self.times - 1] if self._answers else Answer(number=self.times)


@pytest.fixture
def people(transactional_db):
    build_reference()
    build_account(KEISHA, "Keisha Barrow")
    build_account(PRIYA, "Priya Nair")


def send(act, key, *, by=None, action="test", **sent):
    with acting_as_role("web"):
        return once(act, key=key, action=action, sent=sent, answered=Answer, by=by or viewer(), at=NOW)


def test_the_second_time_gets_the_first_answer(people):
    act, key = Acts(), str(uuid4())
    assert send(act, key, a=1) == send(act, key, a=1) == Answer(number=1)
    assert act.times == 1
    with acting_as_role("web"):
        assert answered_before(key=key, action="test", answered=Answer, by=viewer()) == Answer(number=1)
        assert answered_before(key=key, action="other", answered=Answer, by=viewer()) is None
        assert answered_before(key="no key", action="test", answered=Answer, by=viewer()) is None


def test_keys_of_different_people_never_meet(people):
    act, key = Acts(), str(uuid4())
    assert send(act, key).number == 1
    assert send(act, key, by=viewer(account_id=PRIYA, name="Priya Nair")).number == 2


@pytest.mark.parametrize("other", [{"a": 2}, {"action": "another"}], ids=str)
def test_the_same_key_with_other_contents_is_refused(people, other):
    act, key = Acts(), str(uuid4())
    send(act, key, a=1)
    with pytest.raises(Conflict, match="said something else"):
        send(act, key, **{"a": 1, **other})
    assert act.times == 1


def test_a_refusal_is_decided_anew(people):
    act, key = Acts(NO, Answer(number=7)), str(uuid4())
    assert send(act, key) is NO
    assert send(act, key) == Answer(number=7)


def test_what_fails_leaves_no_answer(people):
    def fail():
        raise InvalidInput("Enter a name.")

    key = str(uuid4())
    with pytest.raises(InvalidInput, match="Enter"):
        send(fail, key)
    assert send(Acts(), key) == Answer(number=1)


@pytest.mark.parametrize("key", ["", "x", "1234"])
def test_a_form_without_a_key_changes_nothing(people, key):
    act = Acts()
    with pytest.raises(InvalidInput, match="out of date"):
        send(act, key)
    assert act.times == 0


def test_two_presses_at_one_moment_act_once(people):
    act, key, inside, go_on, answers = Acts(), str(uuid4()), threading.Event(), threading.Event(), []

    def slow():
        inside.set()
        assert go_on.wait(30)
        return act()

    def press(do):
        try:
            answers.append(once(do, key=key, action="test", sent={}, answered=Answer, by=viewer(), at=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[do]) for do in (slow, act)]
    threads[0].start()
    assert inside.wait(30)
    threads[1].start()
    while not waiting_for_a_lock():
        assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join()
    assert answers == [Answer(number=1)] * 2
    assert act.times == 1


def waiting_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0] == 1


def test_the_worker_forgets_what_nobody_can_send_any_more_and_the_pages_cannot(people):
    send(Acts(), str(uuid4()))
    with acting_as_role("worker"), transaction.atomic():
        assert forget_old_answers(at=NOW + KEPT) == 0
        assert forget_old_answers(at=NOW + KEPT + timedelta(seconds=1)) == 1
    assert not AnsweredForm.objects.exists()


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_pages_cannot_change_an_answer(people, verb):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('contactpoint_web', 'answered_form', %s)", [verb])
        assert cursor.fetchone() == (False,)
