"""What practitioners corrected, gave up and ended stays as it stood, and is told by the rules (R39-R46)."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from tests.factories.directory import NOW, acting_as_role, amina, build_account, build_child, build_reference
from tests.factories.records import agreed
from tests.factories.signed_in import sign_in
from tests.factories.viewers import KEISHA, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.hand_over import accept_handover, offer_handover
from contactpoint.actions.contribute.keep_involvement import (
    become_lead,
    correct_involvement,
    end_involvement,
    say_still_involved,
)
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.history import history
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.domain.involvement import ConsentBasis
from contactpoint.storage.models import InvolvementRow, Membership, OwnWordVersion

pytestmark = pytest.mark.django_db
SERVICES = ("school_nurse", "mental_health")
NURSE = viewer(services=SERVICES)
COLLEAGUE = viewer(account_id=PRIYA, name="Priya Nair", phone="0161 496 0102", services=SERVICES)
DAY = timedelta(days=1)
SEPTEMBER = date(2026, 9, 1)
SAID = {"role": "School nurse", "phone": "0161 496 0101", "start": SEPTEMBER, "assessment_held": False}
TOLD = ("practitioner_role", "contact_phone", "contact_hours", "contact_cover", "start_date", "end_date")
TOLD += ("lead_practitioner", "lead_since", "assessment")


@pytest.fixture
def number(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair")):
        build_account(identity, name)
        Membership.objects.create(
            account_id=identity,
            organisation_id="bridgewater-nhs",
            role="practitioner",
            services=list(SERVICES),
        )
        sign_in(identity)
    return build_child(amina("births"))


def act(action, day, by=NURSE, **terms):
    """Do it some days before now, as the web does."""
    with acting_as_role("web"):
        return action(by=by, at=NOW - day * DAY, **terms)


def work_with(number, day=20, *, by=NURSE, second=COLLEAGUE, confirmed=19, **changed):
    said = {"service": "school_nurse", "lead_practitioner": False, **SAID, **changed}
    made = act(record_involvement, day, by, number=number, **said).involvement_id
    if second:
        act(confirm_involvement, confirmed, second, involvement_id=made)
    return made


def correct(involvement, day, **changed):
    return act(correct_involvement, day, involvement_id=involvement, **{**SAID, **changed})


def told(number, day=0, by=None):
    """The history of who is in contact, as somebody else is told it, on some day before now."""
    with acting_as_role("web"):
        asked = {"purpose": WORRIED, "field": HistoryField.SERVICE, "on": (NOW - day * DAY).date()}
        return history(number=number, by=by or teacher(), at=NOW, **asked)


def shown(number, day, *names):
    """What the record showed of its one contact at the end of a day."""
    (one,) = told(number, day).showed
    return tuple(getattr(one.contact, name) for name in names)


def kept(involvement):
    rows = OwnWordVersion.objects.filter(involvement_id=involvement).order_by("id")
    return list(rows.values_list(*TOLD, "held_from", "held_until"))


def test_every_correction_leaves_what_stood_and_is_told_newest_first(number):
    """R42, R44: role, telephone, start and whether an assessment is held, each with the day it changed."""
    made = work_with(number)
    correct(made, 9, phone="0161 496 0199")
    correct(made, 5, phone="0161 496 0199", role="Matron", start=date(2026, 8, 1), assessment_held=True)

    history = told(number)
    turns = [
        (turn.at, *((one.practitioner_role, one.phone, one.start) for one in turn.after))
        for turn in history.source_turns
    ]
    assert turns == [
        (NOW - 5 * DAY, ("Matron", "0161 496 0199", date(2026, 8, 1))),
        (NOW - 9 * DAY, ("School nurse", "0161 496 0199", SEPTEMBER)),
        (NOW - 19 * DAY, ("School nurse", "0161 496 0101", SEPTEMBER)),
    ]
    assert [turn.at for turn in history.record_turns] == [turn[0] for turn in turns]
    assert shown(number, 10, "phone", "assessment_held") == ("0161 496 0101", False)
    assert shown(number, 6, "phone", "practitioner_role") == ("0161 496 0199", "School nurse")
    assert shown(number, 0, "practitioner_role", "assessment_held") == ("Matron", True)


def test_what_was_corrected_to_the_same_is_no_change(number):
    made = work_with(number)
    correct(made, 9)
    act(say_still_involved, 8, involvement_id=made)
    assert [turn.at for turn in told(number).source_turns] == [NOW - 19 * DAY]
    assert len(kept(made)) == 1


def test_r45_what_was_corrected_before_somebody_confirmed_it_is_told_to_nobody(number):
    made = work_with(number, second=None, phone="0161 496 0666")
    correct(made, 15, phone="0161 496 0667")
    for by in (teacher(), COLLEAGUE, NURSE):
        assert told(number, by=by).source_turns == ()
    act(confirm_involvement, 10, COLLEAGUE, involvement_id=made)
    correct(made, 5, phone="0161 496 0668")
    for by in (teacher(), COLLEAGUE, NURSE):
        history = told(number, by=by)
        assert [turn.at for turn in history.source_turns] == [NOW - 5 * DAY, NOW - 10 * DAY]
        assert "0666" not in repr(history)
        assert history.held_since == NOW - 10 * DAY


def test_r43_who_led_is_told_of_the_days_on_which_they_did(number):
    """Whoever takes the lead closes the last; whoever ends leads no more."""
    first = work_with(number)
    second = work_with(number, by=COLLEAGUE, second=NURSE)
    act(become_lead, 12, involvement_id=first)
    act(become_lead, 8, COLLEAGUE, involvement_id=second)
    act(end_involvement, 4, COLLEAGUE, involvement_id=second)
    leads = {
        day: [one.contact.practitioner for one in told(number, day).showed if one.contact.lead_practitioner]
        for day in (13, 12, 9, 8, 5, 4, 0)
    }
    assert leads == {
        13: [],
        12: ["Keisha Barrow"],
        9: ["Keisha Barrow"],
        8: ["Priya Nair"],
        5: ["Priya Nair"],
        4: [],
        0: [],
    }


def test_what_was_handed_over_stands_as_it_stood_and_ends_that_day(number):
    old = work_with(number, assessment_held=True)
    act(offer_handover, 9, involvement_id=old, to=PRIYA)
    with acting_as_role("web"):
        (offer,) = my_children(by=COLLEAGUE, at=NOW - 9 * DAY).offers
    act(accept_handover, 8, COLLEAGUE, handover_id=offer.handover_id, phone="0161 496 0103")
    assert shown(number, 9, "practitioner", "phone", "assessment_held") == (
        "Keisha Barrow",
        "0161 496 0101",
        True,
    )
    assert shown(number, 8, "practitioner", "phone", "assessment_held") == (
        "Priya Nair",
        "0161 496 0103",
        True,
    )


@pytest.mark.parametrize("consent", ConsentBasis)
def test_r39_of_a_sensitive_service_no_version_is_told_whoever_agrees(number, consent):
    made = work_with(number, service="mental_health", consent=agreed(consent))
    correct(made, 9, phone="0161 496 0199")
    assert len(kept(made)) == 2
    for by in (teacher(), COLLEAGUE, NURSE):
        assert told(number, by=by).source_turns == ()


def test_r46_what_was_corrected_over_a_year_ago_is_told_no_more(number):
    made = work_with(number, 420, confirmed=419, start=date(2025, 1, 1))
    correct(made, 370, phone="0161 496 0199", start=date(2025, 1, 1))
    history = told(number)
    assert "0161 496 0101" not in repr(history)
    assert [one.phone for turn in history.source_turns for one in turn.after] == ["0161 496 0199"]


def work(number):
    """Everything that changes what somebody said."""
    first = work_with(number)
    correct(first, 15, phone="0161 496 0199")
    correct(first, 14, phone="0161 496 0199", role="Matron", assessment_held=True)
    second = work_with(number, by=COLLEAGUE, second=NURSE)
    act(become_lead, 8, COLLEAGUE, involvement_id=second)
    act(end_involvement, 4, involvement_id=first)
    waiting = work_with(number, 3, second=None)
    correct(waiting, 2, phone="0161 496 0198")
    return [first, second, waiting]


def test_the_current_version_says_what_the_involvement_says_and_none_overlap(number):
    for made in work(number):
        row = InvolvementRow.objects.values_list(*TOLD).get(pk=made)
        versions = kept(made)
        assert versions[-1][: len(TOLD)] == row
        assert versions[-1][-1] is None
        assert [one[-1] for one in versions[:-1]] == [one[-2] for one in versions[1:]]


def test_an_earlier_releases_corrections_are_carried_over_from_the_audit(number):
    """As they are kept now, but for who led when: of that the newest alone was known."""
    made = work(number)
    led = TOLD.index("lead_practitioner")

    def without_lead():
        return {one: [row[:led] + row[led + 2 :] for row in kept(one)] for one in made}

    now = without_lead()
    now[made[1]] = [(*now[made[1]][0][:-1], None)]
    OwnWordVersion.objects.all().delete()
    carry_over = import_module("contactpoint.storage.migrations.0009_own_word_versions").CARRY_OVER
    with connection.cursor() as cursor:
        cursor.execute(carry_over)
    assert without_lead() == now
