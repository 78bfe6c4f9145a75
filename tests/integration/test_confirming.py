"""Whoever may not see what waits is told that nothing does; a shielded child's is confirmed unseen (R45)."""

from datetime import date

import pytest
from django.test import Client
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.records import agreed
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement, waiting
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.domain.disclosure.answers import RecordedInvolvement
from contactpoint.domain.involvement import ConsentBasis
from contactpoint.web.presenters.contribute import confirmed_page

pytestmark = pytest.mark.django_db
SENSITIVE = {"services": ("mental_health",)}


def colleague(**changed):
    return viewer(account_id=PRIYA, name="Priya Nair", **changed)


@pytest.fixture(autouse=True)
def directory(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(identity, name)


def say(number, service="school_nurse", consent=None):
    with acting_as_role("web"):
        said = record_involvement(
            number=number,
            service=service,
            role="Nurse",
            phone="0161 496 0101",
            start=date(2026, 9, 1),
            lead_practitioner=False,
            assessment_held=False,
            consent=consent,
            by=viewer(services=(service,)),
            at=NOW,
        )
    assert isinstance(said, RecordedInvolvement)
    return said.involvement_id


def confirm(involvement_id, by):
    with acting_as_role("web"):
        return confirm_involvement(involvement_id=involvement_id, by=by, at=NOW)


def listed(by):
    with acting_as_role("web"):
        return [one.involvement_id for one in waiting(by=by, at=NOW)]


def test_a_sensitive_service_waits_only_for_those_who_provide_it():
    said = say(build_child(*amina_in_full()), "mental_health", agreed(ConsentBasis.SIGNIFICANT_HARM))
    assert listed(colleague()) == []
    assert listed(colleague(**SENSITIVE)) == [said]
    refused = confirm(said, colleague())
    assert refused == confirm(10**9, colleague())
    assert rows("SELECT confirmed_at FROM involvement WHERE id = %s", said) == [(None,)]
    assert isinstance(confirm(said, colleague(**SENSITIVE)), RecordedInvolvement)


def test_another_organisations_is_answered_like_one_that_does_not_exist():
    said = say(build_child(*amina_in_full()))
    assert confirm(said, teacher()) == confirm(10**9, teacher())
    with acting_as_role("worker"):
        told = rows("SELECT convert_from(body, 'UTF8') FROM audit_body WHERE action = 'refused'")
    assert {text.split('"rules":')[1].split("]")[0] for (text,) in told} == {'["R45"'}


def test_what_is_about_a_shielded_child_is_confirmed_with_the_same_answer_and_stays_sealed():
    shielded = build_child(amina("births"), shielded=True)
    hidden, seen = say(shielded), say(build_child(*amina_in_full()))
    assert listed(colleague()) == [seen]

    answers = [confirm(one, colleague()) for one in (hidden, seen)]

    assert [type(one) for one in answers] == [RecordedInvolvement] * 2
    assert answers[0].confirming == answers[1].confirming
    assert rows("SELECT confirmed_by_id, sealed FROM involvement WHERE id = %s", hidden) == [(PRIYA, True)]
    told = rows("SELECT subjects FROM audit_body WHERE action = 'confirmed_involvement' ORDER BY subjects")
    assert [len(subjects) for (subjects,) in told] == [0, 1]
    with acting_as_role("web"):
        record = open_record(number=shielded, purpose=WORRIED, by=teacher(), at=NOW, how=WITH_ME)
    assert "Bridgewater" not in repr(record)
    assert confirm(hidden, colleague()) == confirm(10**9, colleague())


def test_nobody_confirms_what_they_recorded_about_a_shielded_child():
    hidden = say(build_child(amina("births"), shielded=True))
    assert confirm(hidden, viewer()).rules == ("R45",)
    assert rows("SELECT confirmed_at FROM involvement WHERE id = %s", hidden) == [(None,)]


def test_no_page_promises_that_everybody_sees_what_is_confirmed(client: Client):
    said = " ".join(confirmed_page().lines)
    assert "Everybody" not in said
    assert "agree" in said
