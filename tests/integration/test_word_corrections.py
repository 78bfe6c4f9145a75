"""A correction of somebody's own word reaches them, else who stands for them (R25, R44, R61)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import rows_for_web
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.corrections import ask_correction, contested, corrections
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.contribute.word_corrections import (
    NOT_NAMED,
    PASSED_ON_BY_NOBODY,
    answer_word,
    word_in_full,
    words_to_answer,
)
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import Lapse, Role, system_viewer
from contactpoint.domain.disclosure.answering import (
    RightBecause,
    WordAnswer,
)
from contactpoint.domain.disclosure.answers import Refusal, WordAnswered
from contactpoint.domain.disclosure.contesting import ANSWER_DAYS, Basis, Field
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.models import (
    Account,
    Correction,
    InvolvementRow,
    Membership,
    Organisation,
    OwnWordVersion,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOO_LATE = NOW + (ANSWER_DAYS + 1) * DAY
NURSE, ASKER = viewer(), teacher()
COLLEAGUE = viewer(account_id=PRIYA, name="Priya Nair")
COUNCIL = viewer(
    account_id=UUID(int=71),
    name="Dev Rao",
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-353",
    organisation_kind="authority",
    services=(),
)
ELSEWHERE = viewer(
    account_id=UUID(int=72),
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-354",
    organisation_kind="authority",
    authority="354",
    services=(),
)
EVERYBODY = (NURSE, COLLEAGUE, COUNCIL, ELSEWHERE, ASKER)
STILL = {"answer": WordAnswer.STANDS, "because": RightBecause.WORKS_WITH_CHILD}


def build_person(one):
    build_account(one.account_id, one.name)
    Account.objects.filter(pk=one.account_id).update(
        checked_on=date(2025, 1, 1), agreement_signed_on=date(2025, 1, 1), trained_until=date(2027, 5, 3)
    )
    Membership.objects.create(
        account_id=one.account_id,
        organisation_id=one.organisation_code,
        role=one.role.value,
        services=list(one.services),
    )
    sign_in(one.account_id)


@pytest.fixture
def number(db):
    build_reference()
    for one in EVERYBODY:
        build_person(one)
    return build_child(*amina_in_full())


def run(action, by=NURSE, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def work_with(number, **changed):
    said = {
        "service": "school_nurse",
        "role": "School nurse",
        "phone": "0161 496 0101",
        "start": date(2026, 9, 1),
        "lead_practitioner": False,
        "assessment_held": True,
        **changed,
    }
    made = run(record_involvement, number=number, **said).involvement_id
    run(confirm_involvement, COLLEAGUE, involvement_id=made)
    return InvolvementRow.objects.get(pk=made)


def ask(number, word, by=ASKER):
    sent = run(
        ask_correction,
        by,
        number=number,
        record_id=word.record_id,
        field=Field.SERVICE,
        right="They say that nobody of that number knows her",
        basis=Basis.OWN_WORK,
        purpose=WORRIED,
    )
    assert sent.of_person
    return sent.correction_id


@pytest.fixture
def word(number):
    return work_with(number)


@pytest.fixture
def asked(number, word):
    return ask(number, word)


def asked_as(at=NOW):
    """As what each person is asked who may sign in."""
    out = {one.pk for one in Account.objects.all() if not one.is_active or one.suspended_at}
    people = [one for one in EVERYBODY if one.account_id not in out]
    return {one.name: found[0].asked_as for one in people if (found := run(words_to_answer, one, at))}


def fate(at=NOW, by=ASKER):
    return run(corrections, by, at).asked[0].fate


def close(account):
    Account.objects.filter(pk=account).update(is_active=False)


def test_it_reaches_whose_word_it_is_and_nobody_else(asked):
    """R44: they have it with the child's name, without who asked."""
    (one,) = run(words_to_answer)
    assert (one.correction_id, one.child_name, one.asked_as) == (asked, "Amina Okafor", "author")
    assert one.says.startswith("School nursing: Bridgewater Community Health, Keisha Barrow")
    assert one.answer_by == (NOW + ANSWER_DAYS * DAY).date()
    assert "Owen" not in repr(one)
    assert asked_as() == {"Keisha Barrow": "author"}
    with acting_as_role("worker"):
        event = events_of(KEISHA, limit=1)[0]
    assert (event.action, event.subjects) == (
        "listed_corrections",
        (Correction.objects.get().record.child_id,),
    )


def test_what_they_correct_is_corrected_with_its_answer_and_what_it_said_stays(number, word, asked):
    answered = run(
        answer_word,
        correction_id=asked,
        answer=WordAnswer.CORRECTED,
        role="School nurse",
        phone="0161 496 0999",
        start=date(2026, 9, 1),
    )
    assert answered == WordAnswered(correction_id=asked, answer="corrected")
    word.refresh_from_db()
    assert (word.contact_phone, word.assessment, word.typed_by_id) == ("0161 496 0999", True, KEISHA)
    versions = OwnWordVersion.objects.filter(involvement=word).order_by("id")
    assert [one.contact_phone for one in versions] == ["0161 496 0101", "0161 496 0999"]
    assert (fate(), run(words_to_answer)) == ("corrected", ())
    with acting_as_role("worker"):
        event = events_of(KEISHA, limit=2)
    done = next(one for one in event if one.action == "answered_correction")
    assert (done.subjects, done.details["before"]["phone"]) == ((number,), "0161 496 0101")


def test_a_role_alone_is_corrected_though_the_record_shows_the_same_item(asked):
    run(
        answer_word,
        correction_id=asked,
        answer=WordAnswer.CORRECTED,
        role="Nurse of the school",
        phone="0161 496 0101",
        start=date(2026, 9, 1),
    )
    assert (fate(), run(words_to_answer)) == ("corrected", ())


def test_it_has_ended(word, asked):
    run(answer_word, correction_id=asked, answer=WordAnswer.ENDED)
    word.refresh_from_db()
    assert word.end_date == NOW.date()
    assert fate() == "corrected"


def test_it_is_right_because(number, asked):
    run(answer_word, correction_id=asked, **STILL)
    (mine,) = run(corrections, ASKER).asked
    assert (mine.fate, mine.because, mine.of_person) == ("stands", "works_with", True)
    with acting_as_role("web"):
        shown = open_record(number=number, purpose=WORRIED, by=ASKER, at=NOW, how=WITH_ME)
        assert contested(shown, at=NOW) == (), "what was refused is not marked (R61)"


def test_whose_word_it_is_not_passes_it_on_to_colleagues_and_they_to_the_team(asked):
    not_mine = {"correction_id": asked, "answer": WordAnswer.NOT_MINE}
    run(answer_word, **not_mine)
    assert asked_as() == {"Priya Nair": "colleague"}
    run(answer_word, COLLEAGUE, **not_mine)
    assert asked_as() == {"Dev Rao": "team"}
    assert run(answer_word, COUNCIL, **not_mine) == PASSED_ON_BY_NOBODY
    assert fate() == "sent"
    run(answer_word, COUNCIL, correction_id=asked, answer=WordAnswer.ENDED)
    assert fate() == "corrected"


def test_a_colleague_answers_for_whoever_cannot_and_nobody_who_provides_another_service(word, asked):
    Account.objects.filter(pk=KEISHA).update(suspended_at=NOW)
    assert asked_as() == {"Priya Nair": "colleague"}
    Membership.objects.filter(account_id=PRIYA).update(services=["gp"])
    assert asked_as() == {"Dev Rao": "team"}
    Account.objects.filter(pk=KEISHA).update(manager_id=PRIYA)
    assert asked_as() == {"Priya Nair": "colleague"}, "the manager of whose word it is"
    in_full = run(word_in_full, COLLEAGUE, correction_id=asked)
    assert (in_full.role, in_full.phone) == ("School nurse", "0161 496 0101")
    run(
        answer_word,
        COLLEAGUE,
        correction_id=asked,
        answer=WordAnswer.CORRECTED,
        role="School nurse",
        phone="0161 496 0100",
        start=date(2026, 9, 1),
    )
    word.refresh_from_db()
    assert (word.contact_phone, word.typed_by_id) == ("0161 496 0100", KEISHA), "it stays their word"


def test_with_nobody_there_the_team_of_the_child_is_asked_and_no_other(asked):
    close(KEISHA)
    close(PRIYA)
    assert asked_as() == {"Dev Rao": "team"}


def test_a_late_one_goes_to_the_team_as_well_until_either_answers(asked):
    """R25."""
    assert asked_as(NOW + ANSWER_DAYS * DAY) == {"Keisha Barrow": "author"}
    assert asked_as(TOO_LATE) == {"Keisha Barrow": "author", "Dev Rao": "team"}
    assert run(corrections, ASKER, TOO_LATE).asked[0].late
    run(answer_word, COUNCIL, TOO_LATE, correction_id=asked, **STILL)
    assert asked_as(TOO_LATE) == {}
    late_word = run(answer_word, NURSE, TOO_LATE, correction_id=asked, **STILL)
    assert isinstance(late_word, Refusal)


def test_whoever_asked_answers_nothing_for_a_colleague(number, word):
    ask(number, word, by=COLLEAGUE)
    close(KEISHA)
    assert asked_as() == {"Dev Rao": "team"}


@pytest.mark.parametrize("by", [ASKER, COLLEAGUE, COUNCIL, ELSEWHERE], ids=lambda one: one.name)
def test_who_is_not_asked_is_told_nothing_and_answers_nothing(asked, by):
    assert isinstance(run(word_in_full, by, correction_id=asked), Refusal)
    assert isinstance(run(answer_word, by, correction_id=asked, **STILL), Refusal)
    assert run(word_in_full, by, correction_id=asked).sentence == (
        run(word_in_full, by, correction_id=asked + 1000).sentence
    )
    assert Correction.objects.get().answer == ""


def test_only_with_a_reason_or_with_all_of_it(asked):
    for wrong in (
        {"answer": WordAnswer.STANDS},
        {"answer": WordAnswer.ENDED, "because": RightBecause.CHECKED},
        {"answer": WordAnswer.CORRECTED, "role": "Nurse", "phone": " ", "start": date(2026, 9, 1)},
        {"answer": WordAnswer.CORRECTED, "role": "Nurse", "phone": "1", "start": (NOW + DAY).date()},
    ):
        with pytest.raises(InvalidInput):
            run(answer_word, correction_id=asked, **wrong)


@pytest.mark.parametrize(
    "by", [viewer(role=Role.SHIELD_TEAM), viewer(role=Role.AUDITOR), viewer(lapses=(Lapse.SUSPENDED,))]
)
def test_who_may_not_is_refused(asked, by):
    assert isinstance(run(words_to_answer, by), Refusal)
    assert isinstance(run(word_in_full, by, correction_id=asked), Refusal)
    assert isinstance(run(answer_word, by, correction_id=asked, **STILL), Refusal)


def test_of_a_shielded_child_nothing_is_listed_or_answered(number, asked):
    """R27."""
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    assert asked_as(TOO_LATE) == {}
    assert isinstance(run(answer_word, correction_id=asked, **STILL), Refusal)
    assert run(corrections, ASKER).asked == ()


def test_of_a_service_that_may_not_be_shown_any_more_nothing_is(word, asked):
    """R39, R41."""
    InvolvementRow.objects.filter(pk=word.pk).update(
        service="mental_health", consent="child", consent_withdrawn_at=NOW
    )
    assert asked_as(TOO_LATE) == {}
    assert isinstance(run(answer_word, correction_id=asked, **STILL), Refusal)
    assert rows_for_web(f"SELECT * FROM corrections_about('{word.record.child_id}')") == [], "none to count"


def test_where_nobody_agreed_to_names_the_team_corrects_nothing(number, word):
    """R38: it would have to be told the number that is not shown."""
    InvolvementRow.objects.filter(pk=word.pk).update(
        service="mental_health", consent="child", consent_scope="team"
    )
    asked = ask(number, word)
    close(KEISHA)
    close(PRIYA)
    found = run(word_in_full, COUNCIL, correction_id=asked)
    assert (found.answers, found.phone) == (("ended", "stands"), "")
    corrected = {"role": "x", "phone": "1", "start": date(2026, 9, 1)}
    said = run(answer_word, COUNCIL, correction_id=asked, answer=WordAnswer.CORRECTED, **corrected)
    assert said == NOT_NAMED


def test_of_a_place_that_is_not_named_only_its_own_people_are_asked(number, word, asked):
    """R39 and ADR 20: a team that was asked would know where the child is known."""
    Organisation.objects.filter(pk="bridgewater-nhs").update(kind="refuge")
    assert "Dev Rao" not in asked_as(TOO_LATE)
    close(KEISHA)
    close(PRIYA)
    assert asked_as(TOO_LATE) == {}
