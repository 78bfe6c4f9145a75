"""A family asks what is held (R60): who answers by when, what moves a request, and what is told."""

from datetime import UTC, date, datetime

import pytest
from tests.factories.records import NOW, TODAY, consent, involvement, statement
from tests.factories.viewers import PRIYA, viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import HeldVersion, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.family.asking import (
    Asker,
    Because,
    Entitlement,
    FamilyAsking,
    FamilyInQuestion,
    FamilyState,
    FamilyStep,
    Identity,
    due_on,
    was_it_shown_who_asks,
    what_becomes_of_it,
)
from contactpoint.domain.family.telling import (
    FamilyReport,
    LookTold,
    ToldTo,
    by_day,
    key_of,
    tell_family,
    tell_protected,
    what_can_be_chosen,
    without_sensitive,
)

OLDHAM = viewer(account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="la-353", authority="353")
ROCHDALE = viewer(account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="la-354", authority="354")
NATIONAL = viewer(account_id=PRIYA, role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None)
SHIELDS = viewer(account_id=PRIYA, role=Role.SHIELD_TEAM, organisation_code="contactpoint", authority=None)
OLDHAMS_SHIELDS = viewer(account_id=PRIYA, role=Role.SHIELD_TEAM, organisation_code="la-353", authority="353")


def asked(*, protected=False, authority="353", **more):
    return FamilyInQuestion(protected=protected, authority=authority, **more)


# (who, the request, allowed)
WHO_ANSWERS = [
    (OLDHAM, asked(), True),
    (OLDHAM, asked(authority=None), True),
    (ROCHDALE, asked(), False),
    (NATIONAL, asked(), True),
    (SHIELDS, asked(), False),
    (viewer(), asked(), False),
    (OLDHAM, asked(protected=True), False),
    (NATIONAL, asked(protected=True), False),
    (OLDHAMS_SHIELDS, asked(protected=True), False),
    (OLDHAMS_SHIELDS, None, False),
    (SHIELDS, None, True),
    (SHIELDS, asked(protected=True), True),
    (OLDHAM, asked(shown=True), True),
    (OLDHAM, asked(shown=False), False),
    (SHIELDS, asked(protected=True, shown=False), False),
    (OLDHAM, asked(step=FamilyStep.EXTEND, because=Because.COMPLEX), True),
    (OLDHAM, asked(step=FamilyStep.EXTEND), False),
    (OLDHAM, asked(step=FamilyStep.ANSWER, state=FamilyState.REFUSED), False),
]


@pytest.mark.parametrize(("who", "family", "allowed"), WHO_ANSWERS)
def test_r60_who_answers_a_family(who, family, allowed):
    request = AccessRequest(viewer=who, permission=Permission.ANSWER_FAMILY, at=NOW, family=family)
    assert authorise(request).allowed is allowed


# (received, extended, due)
DUE = [
    (date(2026, 3, 27), False, date(2026, 4, 27)),
    (date(2026, 1, 31), False, date(2026, 2, 28)),
    (date(2028, 1, 31), False, date(2028, 2, 29)),
    (date(2026, 12, 1), False, date(2027, 1, 1)),
    (date(2026, 11, 30), True, date(2027, 2, 28)),
    (date(2026, 3, 27), True, date(2026, 6, 27)),
]


@pytest.mark.parametrize(("received", "extended", "due"), DUE)
def test_by_when_a_family_is_answered(received, extended, due):
    assert due_on(received, extended=extended) == due


# (state, step, reason, becomes)
MOVES = [
    (FamilyState.OPEN, FamilyStep.EXTEND, Because.MANY, FamilyState.EXTENDED),
    (FamilyState.OPEN, FamilyStep.EXTEND, Because.EXCESSIVE, None),
    (FamilyState.EXTENDED, FamilyStep.EXTEND, Because.MANY, None),
    (FamilyState.OPEN, FamilyStep.ANSWER, None, FamilyState.ANSWERED),
    (FamilyState.EXTENDED, FamilyStep.ANSWER, None, FamilyState.ANSWERED),
    (FamilyState.OPEN, FamilyStep.ANSWER, Because.MANY, None),
    (FamilyState.OPEN, FamilyStep.REFUSE, Because.NOTHING_TO_GIVE, FamilyState.REFUSED),
    (FamilyState.OPEN, FamilyStep.REFUSE, None, None),
    (FamilyState.EXTENDED, FamilyStep.PASS_ON, None, FamilyState.EXTENDED),
    *((FamilyState.ANSWERED, step, None, None) for step in FamilyStep),
    *((FamilyState.REFUSED, step, None, None) for step in FamilyStep),
]


@pytest.mark.parametrize(("state", "step", "because", "becomes"), MOVES)
def test_what_moves_a_request(state, step, because, becomes):
    assert what_becomes_of_it(state, step, because) is becomes


# (who, what shows that they may, accepted)
ENTITLED = [
    (Asker.CHILD, Entitlement.UNDERSTANDS, True),
    (Asker.CHILD, Entitlement.BIRTH_CERTIFICATE, False),
    (Asker.PARENT, Entitlement.BIRTH_CERTIFICATE, True),
    (Asker.PARENT, Entitlement.COURT_ORDER, True),
    (Asker.PARENT, Entitlement.UNDERSTANDS, False),
    (Asker.REPRESENTATIVE, Entitlement.CHILDS_AUTHORITY, True),
    (Asker.REPRESENTATIVE, Entitlement.BIRTH_CERTIFICATE, False),
    *((asker, Entitlement.NOT_SHOWN, True) for asker in Asker),
]


@pytest.mark.parametrize(("asker", "entitlement", "accepted"), ENTITLED)
def test_what_entitles_whom(asker, entitlement, accepted):
    said = {"asker": asker, "identity": Identity.DOCUMENT, "entitlement": entitlement, "received_on": TODAY}
    if accepted:
        assert FamilyAsking(**said).asker is asker
    else:
        with pytest.raises(InvalidInput):
            FamilyAsking(**said)


@pytest.mark.parametrize(
    ("identity", "entitlement", "shown"),
    [
        (Identity.DOCUMENT, Entitlement.UNDERSTANDS, True),
        (Identity.NOT_SHOWN, Entitlement.UNDERSTANDS, False),
        (Identity.DOCUMENT, Entitlement.NOT_SHOWN, False),
    ],
)
def test_nobody_is_told_before_they_showed_who_they_are(identity, entitlement, shown):
    assert was_it_shown_who_asks(identity, entitlement) is shown


NAMED = {"forename": "Amina", "surname": "Okafor", "date_of_birth": "2016-05-09", "sex": "F"}
HOME = {"address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"}
FATHERS = {"address": "3 Quarry Bank, Rochdale", "postcode": "OL12 9XY"}
GRACE = {"forename": "Grace", "surname": "Okafor", "relationship": "mother", "phone": "07700 900123"}
IVY = {"forename": "Ivy", "surname": "Lindqvist", "relationship": "stepmother", "phone": "07700 900456"}


def held(*extra, services=()):
    """Amina at her mother's by the NHS and at her father's by child benefit, and what else is said."""
    said = (
        statement("nhs_demographics", record=1, **NAMED, **HOME, carers=[GRACE], nhs_number="9000000009"),
        statement("child_benefit", record=2, **NAMED, **FATHERS, carers=[IVY]),
        *extra,
    )
    return KnownRecord(number="C000000102M", statements=said, involvements=services)


def report_of(record, *, asker=Asker.PARENT, homes=(), carers=(), looks=()):
    versions = [HeldVersion(statement=one, held_from=one.recorded_at) for one in record.statements]
    to = ToldTo(asker=asker, homes=frozenset(homes), carers=frozenset(carers))
    return tell_family(record, versions, looks, (), to=to, at=NOW)


def homes_in(report):
    return [one.told.postcode for one in report.facts if one.field is HistoryField.ADDRESS]


def keys():
    homes, carers = what_can_be_chosen(held(), TODAY)
    return {one.told.postcode: one.key for one in homes}, {one.told.forename: one.key for one in carers}


def test_a_parent_is_told_of_no_home_but_their_own():
    homes, _ = keys()
    assert homes_in(report_of(held())) == []
    assert homes_in(report_of(held(), homes=[homes["OL1 4AB"]])) == ["OL1 4AB"]
    assert "OL12 9XY" not in repr(report_of(held(), homes=[homes["OL1 4AB"]]))


def test_the_child_is_told_of_every_home_and_carer_and_of_no_telephone():
    report = report_of(held(), asker=Asker.CHILD)
    assert sorted(homes_in(report)) == ["OL1 4AB", "OL12 9XY"]
    assert {"Grace", "Ivy"} == {one.told.forename for one in report.facts if one.field is HistoryField.CARER}
    assert "07700" not in repr(report)


def test_a_carer_is_told_of_themselves_alone():
    _, carers = keys()
    report = report_of(held(), carers=[carers["Grace"]])
    assert "Grace" in repr(report)
    assert "Ivy" not in repr(report)
    assert "Grace" not in repr(report_of(held()))


def test_every_fact_says_who_told_it_and_since_when_and_of_numbers_only_that_they_are_held():
    facts = {one.field: one for one in report_of(held()).facts}
    name = facts[HistoryField.NAME]
    assert name.told == "Amina Okafor"
    assert [(one.source_name, one.held_since) for one in name.said_by] == [
        ("Child benefit", NOW),
        ("NHS demographics", NOW),
    ]
    assert facts[HistoryField.NHS_NUMBER].told is None
    assert "9000000009" not in repr(report_of(held(), asker=Asker.CHILD))


@pytest.mark.parametrize("asker", list(Asker))
@pytest.mark.parametrize("agreed", ["child", "carer"])
def test_a_sensitive_service_changes_nothing_even_where_practitioners_may_see_it(asker, agreed):
    """R36, R39: whoever agreed that practitioners see it did not agree that a parent does."""
    said = statement("mental_health", record=3, **NAMED, address="1 The Clinic", postcode="OL1 9ZZ")
    with_it = held(said, services=(involvement("mental_health", record=3, consent=consent(agreed)),))
    homes = [key_of(one) for one in said.addresses]
    assert report_of(with_it, asker=asker, homes=homes) == report_of(held(), asker=asker, homes=homes)
    assert without_sensitive(with_it).involvements == ()


def test_a_protected_child_is_three_facts_and_a_number_whatever_is_held():
    bare = {"number": "C000000102M", "name": "Amina Okafor", "date_of_birth": "2016-05-09", "sex": "F"}
    expected = FamilyReport(**bare)
    assert tell_protected(ShieldedRecord(**bare), TODAY) == expected
    assert tell_protected(held(), TODAY) == expected


def look(hour, **changed):
    values = {
        "action": "opened_record",
        "at": datetime(2026, 11, 20, hour, tzinfo=UTC),
        "organisation": "Broadfield Primary School",
        "services": ("school",),
        "role": "practitioner",
        "purpose": "safeguarding",
    }
    return LookTold(**{**values, **changed})


def test_looks_of_one_day_and_kind_are_one_line():
    lines = by_day([look(9), look(11), look(12, purpose="transfer")])
    assert [(line.times, line.look.purpose) for line in lines] == [(2, "safeguarding"), (1, "transfer")]
    newer = by_day([look(9), look(9, at=datetime(2026, 11, 21, 9, tzinfo=UTC))])
    assert [line.on.day for line in newer] == [21, 20]
