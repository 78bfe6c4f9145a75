"""Corrections: asked of the source, answered by its team, seen by who asked, marked (R25, R61)."""

from datetime import timedelta

import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.contribute.corrections import (
    answer_correction,
    ask_correction,
    contested,
    correctable,
    corrections,
)
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import (
    ContestedItem,
    CorrectionSent,
    ProtectedRecord,
    Refusal,
)
from contactpoint.domain.disclosure.contesting import Answer, Basis, Field
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.models import Correction, Delivery, RecordVersion, SourceRecord
from contactpoint.web.presenters.corrections import to_answer_view

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NURSE = viewer()
COUNCIL = viewer(
    account_id=PRIYA,
    name="Priya Nair",
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-353",
    organisation_name="Oldham Children's Services",
    organisation_kind="authority",
)


@pytest.fixture
def number(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(identity, name)
    return build_child(*amina_in_full())


def run(action, by=NURSE, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def record_of(source):
    return SourceRecord.objects.get(source_id=source).pk


def ask(number, *, by=NURSE, source="childrens-services-353", **changed):
    said = {
        "record_id": record_of(source),
        "field": Field.ADDRESS,
        "right": "3 Quarry Bank, Rochdale",
        "basis": Basis.CARER,
        **changed,
    }
    return run(ask_correction, by=by, number=number, purpose=WORRIED, **said)


def marks(number):
    with acting_as_role("web"):
        shown = open_record(number=number, purpose=WORRIED, by=teacher(), at=NOW, how=WITH_ME)
        return contested(shown, at=NOW)


def shield(number):
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)


def test_it_is_asked_marked_answered_and_seen(number):
    sent = ask(number)
    assert sent.source_name == "Oldham Children's Services"
    assert marks(number) == (ContestedItem(field="address", source_name="Oldham Children's Services"),)
    (mine,) = run(corrections).asked
    assert (mine.child_name, mine.field, mine.right, mine.fate) == (
        "Amina Okafor",
        "address",
        "3 Quarry Bank, Rochdale",
        "sent",
    )
    (theirs,) = run(corrections, COUNCIL).to_answer
    assert (theirs.says, theirs.right, theirs.basis) == (
        "14 Mill Lane, Oldham, OL1 4AB",
        "3 Quarry Bank, Rochdale",
        "carer",
    )
    assert theirs.local_id == SourceRecord.objects.get(source_id="childrens-services-353").local_id
    assert "Keisha" not in repr(theirs), "the source does not learn who asked (R39)"

    run(answer_correction, COUNCIL, correction_id=sent.correction_id, answer=Answer.STANDS)

    assert run(corrections).asked[0].fate == "stands"
    assert run(corrections, COUNCIL).to_answer == ()
    assert marks(number) == ()


def test_a_later_delivery_that_says_otherwise_has_corrected_it(number):
    sent = ask(number)
    run(answer_correction, COUNCIL, correction_id=sent.correction_id, answer=Answer.AGREED)
    assert run(corrections).asked[0].fate == "agreed"
    version = RecordVersion.objects.get(record_id=record_of("childrens-services-353"))
    version.facts["address"] = "3 Quarry Bank, Rochdale"
    version.save()
    assert run(corrections).asked[0].fate == "corrected"
    assert marks(number) == ()


def test_what_was_agreed_to_and_the_next_delivery_still_says_waits_again(number):
    """R25: a correction is followed up to the next delivery, for the source and for whoever asked."""
    sent = ask(number)
    run(answer_correction, COUNCIL, correction_id=sent.correction_id, answer=Answer.AGREED)
    assert run(corrections, COUNCIL).to_answer == ()
    Delivery.objects.create(
        source_id="childrens-services-353",
        as_at=NOW.date(),
        kind="delta",
        sha256="0" * 64,
        file_name="next.csv",
        state="published",
        received_at=NOW + DAY,
        published_at=NOW + DAY,
    )
    later = NOW + 2 * DAY
    (mine,) = run(corrections, at=later).asked
    (theirs,) = run(corrections, COUNCIL, at=later).to_answer
    assert (mine.fate, theirs.delivered_at) == ("still_said", NOW + DAY)
    assert "What you sent on" in to_answer_view(theirs).still
    assert len(marks(number)) == 1

    run(answer_correction, COUNCIL, at=later, correction_id=sent.correction_id, answer=Answer.AGREED)
    assert run(corrections, COUNCIL, at=later).to_answer == (), "until they deliver again"
    assert run(corrections, at=later).asked[0].fate == "agreed"


def test_asked_twice_is_asked_once_and_audited(number):
    assert ask(number) == ask(number)
    assert Correction.objects.count() == 1
    with acting_as_role("worker"):
        event = events_of(KEISHA, limit=1)[0]
    assert (event.action, event.subjects) == ("asked_correction", (number,))
    assert event.details["field"] == "address"


def test_only_what_is_said_can_be_wrong_and_only_with_a_reason(number):
    assert ask(number, field=Field.DATE_OF_DEATH).rules == ("R25",)
    assert ask(number, record_id=10**9).rules == ("R25",)
    with acting_as_role("web"):
        assert correctable(number=number, purpose=None, by=NURSE, at=NOW).rules == ("R8",)
    with pytest.raises(InvalidInput):
        ask(number, right="x" * 201)
    assert isinstance(run(corrections, viewer(role=Role.AUDITOR)), Refusal)


@pytest.mark.parametrize(
    "by",
    [NURSE, viewer(role=Role.AUTHORITY_TEAM), viewer(role=Role.NATIONAL_TEAM)],
    ids=["a practitioner", "another organisation's team", "the national team"],
)
def test_only_the_team_of_the_source_answers(number, by):
    sent = ask(number)
    assert run(corrections, by).to_answer == ()
    assert isinstance(
        run(answer_correction, by, correction_id=sent.correction_id, answer=Answer.STANDS), Refusal
    )
    assert run(corrections).asked[0].fate == "sent"


def test_of_a_shielded_child_nothing_is_asked_listed_or_answered(number):
    """R27: the answer is the same constant, and what was asked before is as if it never was."""
    sent = ask(number)
    source = record_of("school-census")
    shield(number)
    with acting_as_role("web"):
        shown = correctable(number=number, purpose=WORRIED, by=NURSE, at=NOW)
    assert isinstance(shown, ProtectedRecord)
    again = run(
        ask_correction,
        number=number,
        purpose=WORRIED,
        record_id=source,
        field=Field.ADDRESS,
        right="elsewhere",
        basis=Basis.CHILD,
    )
    assert again == shown
    assert Correction.objects.count() == 1
    assert run(corrections).asked == ()
    assert run(corrections, COUNCIL).to_answer == ()
    late = run(answer_correction, COUNCIL, correction_id=sent.correction_id, answer=Answer.STANDS)
    assert late.rules == ("R25",)
    assert isinstance(sent, CorrectionSent)
