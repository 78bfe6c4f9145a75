"""My activity and "this wasn't me" (R51, R52), and that every refusal leaves its event."""

from uuid import uuid4

import pytest
from tests.factories.directory import NOW, acting_as_role, amina_in_full, build_child, build_reference
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.account.activity import Reported, my_activity, report_activity
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.disclosure.answers import Refusal

pytestmark = pytest.mark.django_db
AMINA = Criteria(forename="Amina", surname="Okafor")


@pytest.fixture
def number(db):
    build_reference()
    return build_child(*amina_in_full())


def newest(account=KEISHA):
    return events_of(account, limit=1)[0]


def test_a_search_leaves_its_terms_reason_and_what_came_back(number):
    with acting_as_role("web"):
        search(criteria=AMINA, purpose=WORRIED, by=viewer(), at=NOW)
        event = newest()
    assert (event.action, event.purpose.code, event.subjects) == ("searched", "safeguarding", (number,))
    assert event.details["terms"] == {"forename": "Amina", "surname": "Okafor"}
    assert event.details["returned"] == 1


def test_opening_leaves_exactly_what_was_disclosed(number):
    with acting_as_role("web"):
        record = open_record(number=number, purpose=WORRIED, by=viewer(), at=NOW, how=WITH_ME)
        event = newest()
    assert (event.action, event.subjects) == ("opened_record", (number,))
    assert list(event.details["disclosed"]["involvements"]) == [one.id for one in record.contacts]
    assert list(event.details["disclosed"]["identifiers"]) == ["nhs_number"]


REFUSED = {
    "no reason": ({"purpose": None}, {}, "R8"),
    "training ran out": ({}, {"lapses": (Lapse.TRAINING_EXPIRED,)}, "R3"),
    "auditor": ({}, {"role": Role.AUDITOR}, "R57"),
    "technical administrator": ({}, {"role": Role.TECHNICAL_ADMINISTRATOR}, "R57"),
}


@pytest.mark.parametrize(("asked", "who", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_to_search_or_open_is_returned_and_audited(number, asked, who, rule):
    by = viewer(**who)
    purpose = asked.get("purpose", WORRIED)
    with acting_as_role("web"):
        for act in (
            lambda: search(criteria=AMINA, purpose=purpose, by=by, at=NOW),
            lambda: open_record(number=number, purpose=purpose, by=by, at=NOW, how=WITH_ME),
        ):
            refusal = act()
            assert isinstance(refusal, Refusal)
            assert refusal.rules[0] == rule
            assert refusal.way_on
            event = newest()
            assert (event.action, event.outcome, event.details["rules"][0]) == ("refused", "refused", rule)


def test_a_person_sees_their_own_activity_and_nobody_elses(number):
    sign_in(KEISHA), sign_in(OWEN)
    with acting_as_role("web"):
        search(criteria=AMINA, purpose=WORRIED, by=viewer(), at=NOW)
        search(criteria=AMINA, purpose=WORRIED, by=teacher(), at=NOW)
        mine = [one for one in my_activity(by=viewer(), at=NOW) if one.action != "signed_in"]
    assert [entry.action for entry in mine] == ["searched"]
    assert mine[0].terms == (("forename", "Amina"), ("surname", "Okafor"))
    assert (mine[0].purpose, mine[0].acting_for) == (
        "Worried about a child's safety or welfare",
        "Bridgewater Community Health",
    )


def test_this_was_not_me(number):
    sign_in(KEISHA), sign_in(OWEN)
    with acting_as_role("web"):
        search(criteria=AMINA, purpose=WORRIED, by=viewer(), at=NOW)
        (entry,) = (one for one in my_activity(by=viewer(), at=NOW) if one.action == "searched")
        assert isinstance(report_activity(event_id=entry.event_id, by=teacher(), at=NOW), Refusal)
        assert isinstance(report_activity(event_id=uuid4(), by=viewer(), at=NOW), Refusal)
        answer = report_activity(event_id=entry.event_id, by=viewer(), at=NOW)
        assert answer == Reported(event=str(entry.event_id))
        again = {one.event_id: one for one in my_activity(by=viewer(), at=NOW)}
        assert again[entry.event_id].reported
        assert newest(OWEN).outcome == "refused"


def test_somebody_whose_training_ran_out_still_sees_what_they_did(number):
    with acting_as_role("web"):
        assert my_activity(by=viewer(lapses=(Lapse.TRAINING_EXPIRED,)), at=NOW) == ()
