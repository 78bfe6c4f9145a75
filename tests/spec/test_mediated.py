"""Somebody without an account asks through somebody who has one: as well known, one record (R3, R6)."""

from dataclasses import replace

import pytest
from tests.factories.records import NOW, statement
from tests.factories.viewers import WORRIED, teacher, viewer

from contactpoint.actions.recording import actor_of
from contactpoint.domain.audit.events import Requester
from contactpoint.domain.disclosure.actors import Lapse, OnBehalfOf, Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.mediation import (
    CheckedHow,
    RecordAskedFor,
    RequesterInQuestion,
    RequesterSaid,
)
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.errors import InvalidInput

MEDIATE = Permission.MEDIATE
KNOWN = RequesterInQuestion(
    accredited=True, has_account=False, waits=False, checked=CheckedHow.RANG_BACK, vouched=True
)
# (rule, who looks, who asks, whether they may)
ASKS = [
    ("R6", viewer(), KNOWN, True),
    ("R6", viewer(), replace(KNOWN, checked=CheckedHow.HERE), True),
    ("R6", viewer(role=Role.AUTHORITY_TEAM), KNOWN, True),
    ("R6", viewer(role=Role.NATIONAL_TEAM), KNOWN, True),
    ("R6", viewer(), replace(KNOWN, has_account=True), False),
    ("R6", viewer(), replace(KNOWN, accredited=False), False),
    ("R3", viewer(), replace(KNOWN, waits=True), False),
    ("R6", viewer(), replace(KNOWN, checked=CheckedHow.TAKEN_AT_WORD), False),
    ("R6", viewer(), replace(KNOWN, vouched=False), False),
    ("R3", viewer(lapses=(Lapse.TRAINING_EXPIRED,)), KNOWN, False),
    ("R4", viewer(lapses=(Lapse.NO_SECOND_FACTOR,)), KNOWN, False),
    ("R57", viewer(role=Role.AUDITOR), KNOWN, False),
    ("R57", viewer(role=Role.TECHNICAL_ADMINISTRATOR), KNOWN, False),
]


@pytest.mark.parametrize(("rule", "by", "who", "may"), ASKS)
def test_whoever_asks_is_checked_as_strictly_as_whoever_looks(rule, by, who, may):
    decision = authorise(AccessRequest(viewer=by, permission=MEDIATE, at=NOW, purpose=WORRIED, requester=who))
    assert decision.allowed is may
    assert may or rule in decision.rules


def test_r8_nobody_looks_without_a_reason():
    asked = AccessRequest(viewer=viewer(), permission=MEDIATE, at=NOW, requester=KNOWN)
    assert authorise(asked).rules == ("R8",)


# (rule, what was opened for them before, what is asked for now, whether it opens)
RECORDS = [
    ("R6", None, "C000000102M", True),
    ("R6", "C000000102M", "C000000102M", True),
    ("R6", "C000000102M", "C000000203K", False),
]


@pytest.mark.parametrize(("rule", "before", "now", "opens"), RECORDS)
def test_one_record_is_opened_for_them(rule, before, now, opens):
    asked = RecordAskedFor(opened_before=before, now=now)
    request = AccessRequest(
        viewer=viewer(), permission=MEDIATE, at=NOW, purpose=WORRIED, record_asked_for=asked
    )
    decision = authorise(request)
    assert decision.allowed is opens
    assert opens or decision.rules == (rule,)


def asks_of(kind):
    return OnBehalfOf(name="Jo Bloggs", title="Youth worker", organisation="kids", organisation_kind=kind)


# (rule, who looks, of what kind of organisation asks, which other bodies' numbers are shown)
NUMBERS = [
    ("R6", viewer(), "gp", ["nhs_number"]),
    ("R6", viewer(), "charity", []),
    ("R6", viewer(), "school", []),
    ("R6", teacher(), "authority", ["upn"]),
    ("R6", teacher(), "gp", []),
    ("R6", viewer(organisation_kind="national"), "national", ["nhs_number", "upn"]),
    ("R6", viewer(organisation_kind="national"), "charity", []),
]


@pytest.mark.parametrize(("rule", "by", "kind", "shown"), NUMBERS)
def test_only_numbers_that_both_may_read_are_shown(rule, by, kind, shown):
    record = KnownRecord(
        number="C000000102M",
        statements=(
            statement(forename="Amina", surname="Okafor", nhs_number="9000000009", upn="F353573416001"),
        ),
    )
    both = replace(by, mediates_for=asks_of(kind))
    assert [scheme for scheme, _ in redact(record, both, WORRIED, NOW).identifiers] == shown, rule
    for number, scheme in (("9000000009", "nhs_number"), ("F353573416001", "upn")):
        asked = AccessRequest(
            viewer=both, permission=Permission.SEARCH, at=NOW, purpose=WORRIED, number_typed=number
        )
        assert authorise(asked).allowed is (scheme in shown)


def test_the_audit_names_both():
    who = actor_of(viewer(mediates_for=asks_of("charity")))
    assert who.account == viewer().account_id
    assert who.mediated_for == Requester(name="Jo Bloggs", organisation="kids", role="Youth worker")


@pytest.mark.parametrize("left_out", ["name", "title", "email"])
def test_nobody_is_looked_for_who_could_not_be_found_again(left_out):
    said = {"name": "Jo Bloggs", "title": "Youth worker", "email": "jo@kids.example"}
    with pytest.raises(InvalidInput):
        RequesterSaid(**{**said, left_out: " "}, organisation="kids", checked=CheckedHow.HERE, vouched=True)
