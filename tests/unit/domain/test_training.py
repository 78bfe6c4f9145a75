"""Training England, without a database: exercises, questions, names over a bad line (R3, R56)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contactpoint.domain.assessment import QUESTIONS, wrong_answers
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.training import EXERCISES, About, exercises_done, misheard, tries_within_a_day

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CHILD, ANOTHER = "C123456789A", "C987654321B"
SOMEBODY = Actor(kind=ActorKind.PERSON, account=UUID(int=1))


def event(action, subjects=(), outcome=Outcome.ALLOWED, at=NOW):
    return AuditEvent(
        event_id=uuid4(), occurred_at=at, actor=SOMEBODY, action=action, outcome=outcome, subjects=subjects
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_every_role_of_a_person_has_exercises_that_its_own_audit_shows(role):
    done = [event(one.shown_by[-1], (CHILD,)) for one in EXERCISES[role]]
    assert exercises_done(role, [], CHILD) == (False,) * len(EXERCISES[role])
    assert exercises_done(role, done, CHILD) == (True,) * len(EXERCISES[role])
    for place, left_out in enumerate(done):
        rest = [one for one in done if one is not left_out]
        assert exercises_done(role, rest, CHILD)[place] is (left_out.action in {one.action for one in rest})


def test_the_wrong_child_or_a_refusal_shows_nothing():
    about = [place for place, one in enumerate(EXERCISES[Role.PRACTITIONER]) if one.about is About.THE_CHILD]
    actions = [EXERCISES[Role.PRACTITIONER][place].shown_by[0] for place in about]
    wrong = [event(action, (ANOTHER,)) for action in actions]
    refused = [event(action, (CHILD,), Outcome.REFUSED) for action in actions]
    assert about
    assert not any(exercises_done(Role.PRACTITIONER, [*wrong, *refused], CHILD)[place] for place in about)
    assert not any(exercises_done(Role.PRACTITIONER, [event(actions[0], ())], None)[place] for place in about)


def test_tries_are_counted_within_a_day():
    tries = [event(Action.TOOK_ASSESSMENT, at=NOW - timedelta(hours=hours)) for hours in (1, 23, 25, 90)]
    assert tries_within_a_day([*tries, event(Action.SEARCHED)], NOW) == 2


def test_each_question_has_one_right_answer_and_says_why():
    assert len({one.key for one in QUESTIONS}) == len(QUESTIONS) == 10
    for one in QUESTIONS:
        assert 0 <= one.right < len(one.answers) == len(set(one.answers)) == 3
        assert one.why
    assert len({one.right for one in QUESTIONS}) == 3, "not always the same place"


def test_what_is_wrong_or_left_out_is_named():
    right = {one.key: one.right for one in QUESTIONS}
    assert wrong_answers(right) == ()
    for one in QUESTIONS:
        assert wrong_answers({**right, one.key: (one.right + 1) % 3}) == (one,)
        assert wrong_answers({key: value for key, value in right.items() if key != one.key}) == (one,)


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Phillips", "Philips"),
        ("Mohammed", "Mohamed"),
        ("Smith", "Smit"),
        ("O'Brien", "O'Bryn"),
        ("Ng", "Ngg"),
    ],
)
def test_a_name_over_a_bad_line(name, heard):
    assert misheard(name) == heard
    assert misheard(name)[0] == name[0]
