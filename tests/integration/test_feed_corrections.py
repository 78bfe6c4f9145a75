"""Corrections reach whoever runs a feed, by the source's own number, until answered (R25, R27, R39)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.contribute.corrections import ask_correction, corrections
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.run.feed_corrections import (
    answer_feed_correction,
    corrections_by_feed,
    feed_corrections,
)
from contactpoint.actions.run.today import today
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import CorrectionSent, Refusal
from contactpoint.domain.disclosure.contesting import ANSWER_DAYS, Answer, Basis, Field
from contactpoint.domain.errors import NotFound
from contactpoint.domain.today import Queue
from contactpoint.storage.models import (
    Correction,
    Delivery,
    InvolvementRow,
    Membership,
    Organisation,
    Source,
    SourceRecord,
)
from contactpoint.web.presenters.feed_corrections import correction_rows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GP, TOO_LATE = "gp-registrations", NOW + (ANSWER_DAYS + 1) * DAY
NATION = viewer(
    account_id=UUID(int=77),
    name="Ewa Marsh",
    role=Role.NATIONAL_TEAM,
    organisation_code="contactpoint",
    organisation_kind="national",
    authority=None,
)
COUNCIL = viewer(
    account_id=PRIYA,
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-353",
    organisation_kind="authority",
)


@pytest.fixture
def number(db):
    build_reference()
    for one in (NATION, COUNCIL):
        build_account(one.account_id, one.name)
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role=one.role.value
        )
        sign_in(one.account_id)
    build_account(KEISHA, "Keisha Barrow")
    build_account(OWEN, "Owen Tanner")
    return build_child(*amina_in_full())


def run(action, by=NATION, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def ask(number, source=GP, field=Field.ADDRESS, right="3 Quarry Bank"):
    sent = run(
        ask_correction,
        teacher(),
        number=number,
        record_id=SourceRecord.objects.get(source_id=source).pk,
        field=field,
        right=right,
        basis=Basis.CARER,
        purpose=WORRIED,
    )
    assert isinstance(sent, CorrectionSent)
    return sent.correction_id


def waiting(code=GP, by=NATION, at=NOW):
    return run(feed_corrections, by, at, code=code).waiting


def late(at=TOO_LATE):
    return {one.queue: one.count for one in run(today, NATION, at)}[Queue.CORRECTIONS_LATE]


def deliver(code, at):
    Delivery.objects.create(
        source_id=code,
        as_at=at.date(),
        kind="delta",
        sha256="0" * 64,
        file_name="next.csv",
        state="published",
        received_at=at,
        published_at=at,
    )


def test_a_source_whose_organisation_has_no_team_is_asked_by_its_own_number(number):
    """R25: the surgery has nobody who answers; whoever runs its feed has what it is asked."""
    asked = ask(number)
    (one,) = waiting()
    assert (one.correction_id, one.right) == (asked, "3 Quarry Bank")
    assert one.local_id == SourceRecord.objects.get(source_id=GP).local_id
    assert one.answer_by == (NOW + ANSWER_DAYS * DAY).date()
    for said in ("Amina", "Okafor", number, "Owen"):
        assert said not in repr(one), "neither of whom nor by whom"
    with acting_as_role("worker"):
        event = events_of(NATION.account_id, limit=1)[0]
    assert (event.action, event.subjects) == ("listed_corrections", (number,))


def test_it_is_answered_and_followed_to_the_next_delivery(number):
    asked = ask(number)
    run(answer_feed_correction, code=GP, correction_id=asked, answer=Answer.AGREED)
    assert waiting() == ()
    assert run(corrections, teacher()).asked[0].fate == "agreed"
    deliver(GP, NOW + DAY)
    (again,) = waiting(at=NOW + 2 * DAY)
    assert again.delivered_at == NOW + DAY
    assert again.answer_by == (NOW + (ANSWER_DAYS + 1) * DAY).date()

    run(answer_feed_correction, at=NOW + 2 * DAY, code=GP, correction_id=asked, answer=Answer.STANDS)
    assert waiting(at=NOW + 2 * DAY) == ()
    assert run(corrections, teacher()).asked[0].fate == "stands"
    with acting_as_role("worker"):
        event = events_of(NATION.account_id, limit=10)
    answered = [one for one in event if one.action == "answered_correction"]
    assert [one.subjects for one in answered] == [(number,), (number,)]


def test_it_is_answered_once_and_under_its_own_feed(number):
    asked = ask(number)
    elsewhere = run(answer_feed_correction, code="births", correction_id=asked, answer=Answer.STANDS)
    assert isinstance(elsewhere, Refusal)
    run(answer_feed_correction, code=GP, correction_id=asked, answer=Answer.STANDS)
    late_word = run(answer_feed_correction, code=GP, correction_id=asked, answer=Answer.AGREED)
    assert isinstance(late_word, Refusal)
    assert Correction.objects.get().answer == "stands"


def test_the_file_holds_the_same_and_taking_it_is_audited(number):
    ask(number, right="=HYPERLINK(1)")
    taken = run(feed_corrections, code=GP, to_take=True)
    heading, row = correction_rows(taken)
    assert dict(zip(heading, row, strict=True)) | {"you_say": ""} == {
        "your_number": SourceRecord.objects.get(source_id=GP).local_id,
        "what": "Address",
        "you_say": "",
        "said_to_be_right": "'=HYPERLINK(1)",
        "how_it_is_known": "A parent or carer told me",
        "asked_on": NOW.date().isoformat(),
        "answer_by": (NOW + ANSWER_DAYS * DAY).date().isoformat(),
        "you_agreed_and_delivered_on": "",
    }
    with acting_as_role("worker"):
        event = events_of(NATION.account_id, limit=1)[0]
    assert (event.action, event.subjects) == ("took_corrections", (number,))


def test_what_nobody_answers_in_time_waits_on_the_national_team_s_today(number):
    """R25."""
    asked = ask(number)
    assert late(at=NOW + ANSWER_DAYS * DAY) == 0
    assert late() == 1
    (row,) = run(corrections_by_feed, at=TOO_LATE)
    assert (row.code, row.organisation, row.waiting, row.late) == (GP, "Glodwick Surgery", 1, 1)
    run(answer_feed_correction, at=TOO_LATE, code=GP, correction_id=asked, answer=Answer.AGREED)
    assert (late(), run(corrections_by_feed, at=TOO_LATE)) == (0, ())
    assert Queue.CORRECTIONS_LATE not in {one.queue for one in run(today, COUNCIL)}


def test_a_team_has_those_of_the_feeds_it_runs_and_no_other(number):
    ask(number, "childrens-services-353")
    ask(number)
    assert [one.code for one in run(corrections_by_feed, COUNCIL)] == ["childrens-services-353"]
    assert len(waiting("childrens-services-353", COUNCIL)) == 1
    assert run(feed_corrections, COUNCIL, code=GP).rules == ("R25",)
    assert isinstance(run(corrections_by_feed, viewer(role=Role.PARTNER_TEAM)), Refusal)
    with pytest.raises(NotFound):
        run(feed_corrections, code="nothing-here")


def test_of_a_shielded_child_nothing_is_listed_counted_or_answered(number):
    """R27: as if it had never been asked."""
    asked = ask(number)
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    assert (waiting(), run(corrections_by_feed), late()) == ((), (), 0)
    answer = run(answer_feed_correction, code=GP, correction_id=asked, answer=Answer.STANDS)
    never = run(answer_feed_correction, code=GP, correction_id=10**9, answer=Answer.STANDS)
    assert answer == never
    assert Correction.objects.get().answer == ""


def test_of_a_place_that_is_not_named_only_its_own_organisation_learns(number):
    """ADR 20: whoever else runs the feed is not told that a child is known there."""
    Source.objects.filter(code="childrens-services-353").update(organisation_id="105734")
    ask(number, "childrens-services-353")
    assert [len(waiting("childrens-services-353", by)) for by in (NATION, COUNCIL)] == [1, 1]
    Organisation.objects.filter(code="105734").update(kind="refuge")
    assert [waiting("childrens-services-353", by) for by in (NATION, COUNCIL)] == [(), ()]
    assert (run(corrections_by_feed), late()) == ((), 0)


def test_of_what_may_not_be_shown_any_more_nothing_is_told(number):
    """R39: once the consent to a sensitive service is withdrawn its record is asked nothing."""
    of_harbour = InvolvementRow.objects.filter(record__source_id="harbour")
    zoe = build_child(
        amina(),
        amina(
            "harbour",
            involvements=[
                {
                    "service": "substance_misuse",
                    "organisation": "harbour-recovery",
                    "start_date": date(2026, 2, 3),
                    "consent": "child",
                }
            ],
        ),
    )
    asked = ask(zoe, "harbour", Field.NAME)
    assert [one.correction_id for one in waiting("harbour")] == [asked]
    of_harbour.update(consent_withdrawn_at=NOW)
    assert (waiting("harbour"), run(corrections_by_feed), late()) == ((), (), 0)
    answer = run(answer_feed_correction, code="harbour", correction_id=asked, answer=Answer.STANDS)
    assert isinstance(answer, Refusal)
