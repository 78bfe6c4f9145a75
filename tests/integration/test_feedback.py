"""What people say of the directory: kept with their wave, read by the national team, answered (R17)."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.factories.signed_in import events_of
from tests.factories.viewers import viewer
from tests.integration.test_rollout import ELA, FIRST, NINA, NOW, TOM, national, people, run

from contactpoint.actions.run.feedback import (
    answer_feedback,
    feedback_of,
    feedback_to_read,
    give_feedback,
    own_feedback,
    version_of,
)
from contactpoint.actions.run.rollout import plan_wave
from contactpoint.actions.run.today import today
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound, Throttled
from contactpoint.domain.feedback import (
    MOST_A_DAY,
    Doing,
    Feedback,
    FeedbackDone,
    FeedbackKind,
    FeedbackState,
    Harm,
    Hindrance,
    Miss,
    WaveSaid,
    Worked,
)
from contactpoint.domain.meanwhile import AnswerVersion, ChangedMeanwhile
from contactpoint.domain.today import Queue

pytestmark = pytest.mark.django_db
__all__ = ["people"]  # the fixture
HOW = Feedback(
    kind=FeedbackKind.HOW, doing=Doing.FIND, worked=Worked.NO, hindered=Hindrance.SLOW, text="Very slow"
)
HARM = Feedback(kind=FeedbackKind.NEAR_MISS, doing=Doing.FIND, miss=Miss.WRONG_CHILD, harm=Harm.DID)
MANY = """
    INSERT INTO feedback
        (kind, doing, worked, hindered, miss, harm, text, by_id, organisation_id, at, state, answer)
    SELECT 'how', 'find', 'no', 'slow', '', '', '', %(account)s, %(organisation)s, now(), 'new', ''
    FROM generate_series(1, %(how_many)s)
"""
TEACHER = viewer(account_id=NINA, organisation_code="105734", organisation_name="School", name="Nina Cole")
TEAM = viewer(account_id=TOM, role=Role.AUTHORITY_TEAM, organisation_code="la-353", name="Tom Reed")


def test_it_is_kept_with_its_wave_read_gravest_first_and_answered():
    run(give_feedback, TEAM, said=HOW)
    run(plan_wave, national(), plan=FIRST, all_wait=True)
    given = run(give_feedback, TEACHER, said=HARM)
    listed = run(feedback_to_read, national())
    assert [(one.said, one.by, one.wave) for one in listed.first] == [
        (HARM, "Nina Cole", "Pathfinders"),
        (HOW, "Tom Reed", ""),
    ]
    assert listed.waves == (
        WaveSaid(wave="", how=1, near=0, unread=1),
        WaveSaid(wave="Pathfinders", how=0, near=1, unread=1),
    )
    assert {one.queue: one.count for one in run(today, national())}[Queue.FEEDBACK] == 2
    run(answer_feedback, national(ELA), number=given.number, state=FeedbackState.DONE, answer="It asks twice")
    (mine,) = run(own_feedback, TEACHER)
    assert (mine.state, mine.answer) == (FeedbackState.DONE, "It asks twice")
    assert [one.number for one in run(feedback_to_read, national()).first][-1] == given.number, (
        "done comes last"
    )
    assert [event.action for event in events_of(NINA)].count(Action.GAVE_FEEDBACK) == 1
    assert run(own_feedback, TEAM)[0].said == HOW, "each reads their own alone"


def test_of_two_who_answer_at_once_the_second_is_shown_what_the_first_said():
    given = run(give_feedback, TEACHER, said=HOW)
    shown = version_of(run(feedback_of, national(), number=given.number))
    first = {"number": given.number, "state": FeedbackState.DONE, "answer": "It is faster now"}
    assert run(answer_feedback, national(ELA), **first, seen=shown) == FeedbackDone(number=given.number)
    second = {"number": given.number, "state": FeedbackState.SEEN, "answer": "We look into it"}
    assert run(answer_feedback, national(), **second, seen=shown) == ChangedMeanwhile(
        seen=AnswerVersion(state="new", answer=""),
        now=AnswerVersion(state="done", answer="It is faster now"),
        sent=AnswerVersion(state="seen", answer="We look into it"),
    )
    assert run(own_feedback, TEACHER)[0].answer == "It is faster now"


def test_what_is_said_last_is_counted_beyond_what_the_list_holds():
    organisation, account = TEAM.organisation_code, TOM
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"organisation": organisation, "account": account, "how_many": 240})
    listed = run(feedback_to_read, national())
    assert len(listed.first) == 200
    assert listed.waves == (WaveSaid(wave="", how=240, near=0, unread=240),)


def test_nobody_says_so_much_in_a_day_that_others_go_unread():
    for _ in range(MOST_A_DAY):
        run(give_feedback, TEACHER, said=HOW)
    with pytest.raises(Throttled, match="say it tomorrow"):
        run(give_feedback, TEACHER, said=HARM)
    assert len(run(own_feedback, TEACHER)) == MOST_A_DAY
    assert run(give_feedback, TEAM, said=HOW), "others may"
    assert run(give_feedback, TEACHER, said=HARM, at=NOW + timedelta(days=1, seconds=1)), (
        "so may they tomorrow"
    )


def test_nobody_else_reads_or_answers_it_and_an_answer_names_no_child():
    given = run(give_feedback, TEACHER, said=HOW)
    for who in (TEACHER, TEAM):
        assert isinstance(run(feedback_to_read, who), Refusal)
        answer = run(answer_feedback, who, number=given.number, state=FeedbackState.SEEN, answer="")
        assert isinstance(answer, Refusal)
    assert isinstance(run(give_feedback, viewer(role=Role.AUDITOR, account_id=NINA), said=HOW), Refusal)
    with pytest.raises(InvalidInput):
        run(answer_feedback, national(), number=given.number, state=FeedbackState.SEEN, answer="OL1 4AB")
    with pytest.raises(NotFound):
        run(answer_feedback, national(), number=given.number + 9, state=FeedbackState.SEEN, answer="")
