"""What people say of the directory: kept with their wave, read by the national team, answered (R17)."""

import pytest
from tests.factories.signed_in import events_of
from tests.factories.viewers import viewer
from tests.integration.test_rollout import ELA, FIRST, NINA, TOM, national, people, run

from contactpoint.actions.run.feedback import answer_feedback, feedback_to_read, give_feedback, own_feedback
from contactpoint.actions.run.rollout import plan_wave
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.feedback import (
    Doing,
    Feedback,
    FeedbackKind,
    FeedbackState,
    Harm,
    Hindrance,
    Miss,
    Worked,
)

pytestmark = pytest.mark.django_db
__all__ = ["people"]  # the fixture
HOW = Feedback(
    kind=FeedbackKind.HOW, doing=Doing.FIND, worked=Worked.NO, hindered=Hindrance.SLOW, text="Very slow"
)
HARM = Feedback(kind=FeedbackKind.NEAR_MISS, doing=Doing.FIND, miss=Miss.WRONG_CHILD, harm=Harm.DID)
TEACHER = viewer(account_id=NINA, organisation_code="105734", organisation_name="School", name="Nina Cole")
TEAM = viewer(account_id=TOM, role=Role.AUTHORITY_TEAM, organisation_code="la-353", name="Tom Reed")


def test_it_is_kept_with_its_wave_read_gravest_first_and_answered():
    run(give_feedback, TEAM, said=HOW)
    run(plan_wave, national(), plan=FIRST)
    given = run(give_feedback, TEACHER, said=HARM)
    listed = run(feedback_to_read, national())
    assert [(one.said, one.by, one.wave) for one in listed] == [
        (HARM, "Nina Cole", "Pathfinders"),
        (HOW, "Tom Reed", ""),
    ]
    run(answer_feedback, national(ELA), number=given.number, state=FeedbackState.DONE, answer="It asks twice")
    (mine,) = run(own_feedback, TEACHER)
    assert (mine.state, mine.answer) == (FeedbackState.DONE, "It asks twice")
    assert [one.number for one in run(feedback_to_read, national())][-1] == given.number, "done comes last"
    assert [event.action for event in events_of(NINA)].count(Action.GAVE_FEEDBACK) == 1
    assert run(own_feedback, TEAM)[0].said == HOW, "each reads their own alone"


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
