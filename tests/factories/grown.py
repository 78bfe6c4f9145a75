"""Somebody who was in the directory as a child and is grown up by now, with a row in every table there is.

Where each row comes from is not the point here, but that there is one: a purge has to find it.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from tests.factories.directory import build_account
from tests.factories.feeds import AMINA
from tests.factories.supply import HELP, build_sources, child_of, feed, load, rows

from contactpoint.actions.find.index import refresh
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome
from contactpoint.storage import audit_log
from contactpoint.storage.models import (
    Archived,
    AuthorityChange,
    AuthorityChangeRow,
    AuthorityMove,
    CaseDecision,
    CaseWord,
    Child,
    ConsentStep,
    ContactRequest,
    Correction,
    EducationItem,
    EducationList,
    FamilyRequest,
    Handover,
    IdentityChange,
    IdentityMove,
    InvolvementRow,
    KeptApart,
    LeftEngland,
    Link,
    MediationRow,
    MixedQuestion,
    NotShared,
    OverrideUse,
    ReplayRequest,
    ReviewCase,
    Shield,
    SourceRecord,
    StagedLink,
    StagedReview,
    StayConsent,
    TeamWordRow,
    UnplacedChild,
    UseItem,
)

THEN = datetime(2012, 11, 22, 9, 30, tzinfo=UTC)
ZEB = {
    **AMINA,
    "local_id": "ZQ-77120",
    "forename": "Zebedee",
    "surname": "Quillfeather",
    "date_of_birth": "2001-05-09",
    "sex": "M",
    "address": "9 Thistlewood Rise, Oldham",
    "postcode": "OL3 9ZQ",
    "nhs_number": "9000000017",
}
HELPED = {**HELP, "start_date": "2011-09-01", "practitioner": "Ottoline Vane"}
BEN = {
    **AMINA,
    "local_id": "B1",
    "forename": "Benedict",
    "surname": "Whitworth",
    "date_of_birth": "2011-11-30",
    "sex": "M",
    "address": "3 Quarry Bank, Rochdale",
    "postcode": "OL12 9XY",
}
ASKED, ANSWERED = UUID(int=71), UUID(int=72)
_NONE = b"\0" * 16


def grown_up(folder, *, also=()) -> str:
    """Zebedee, as two sources said him in 2012, beside Ben, who is a child still; and `also` rows."""
    if not rows("SELECT FROM source LIMIT 1 OFFSET 1"):
        build_sources()
    files = (
        feed(folder, "nhs-demographics", ZEB, BEN, *also, as_at="2012-11-22"),
        feed(folder, "childrens-services-353", {**ZEB, **HELPED}, as_at="2012-11-22"),
    )
    load(*files, at=THEN)
    return child_of("nhs-demographics", ZEB["local_id"])


def in_every_table(number: str) -> str:
    """Put something about Zebedee into every table that can hold it; return a number that became his."""
    for one, name in ((ASKED, "Asked"), (ANSWERED, "Answered")):
        build_account(one, name)
    record, other = sorted(row[0] for row in rows("SELECT id FROM source_record WHERE child_id = %s", number))
    ben = child_of("nhs-demographics", "B1")
    (bens,) = (row[0] for row in rows("SELECT id FROM source_record WHERE child_id = %s", ben))
    alias = "C000000102M"
    Child.objects.create(number=alias, created_at=THEN, retired_into_id=number)
    _own_word(number)
    _cases(number, alias, ben, record=record, other=other, bens=bens)
    _shield(number, ben)
    ContactRequest.objects.create(
        child_id=number,
        desk="353",
        about="child",
        urgency="today",
        phone="0161 496 0101",
        asked_by_id=ASKED,
        asked_for_id="la-353",
        asked_at=THEN,
        answer_by=THEN,
    )
    refresh([number])
    FamilyRequest.objects.create(
        child_id=number,
        asker="parent",
        identity="document",
        entitlement="birth_certificate",
        received_on=THEN.date(),
        due_on=THEN.date() + timedelta(days=30),
        made_for_id="la-353",
        made_by_id=ASKED,
        made_at=THEN,
    )
    of_month = EducationList.objects.create(
        authority="353", month=THEN.date().replace(day=1), made_at=THEN, covered=True
    )
    change = AuthorityChange.objects.create(
        authority="354", plan={}, because="By order", asked_by_id=ASKED, asked_at=THEN
    )
    AuthorityChangeRow.objects.create(
        change=change, tab="archived", col="authority", row_key=number, was="354", becomes="353"
    )
    AuthorityMove.objects.create(
        child_id=number,
        from_authority="354",
        to_authority="353",
        opened_at=THEN,
        answer_by=THEN.date(),
        answered_by_id=ASKED,
    )
    LeftEngland.objects.create(
        child_id=number, kind="left_for_good", left_on=THEN.date(), said_at=THEN, said_by_id=ASKED
    )
    TeamWordRow.objects.create(
        child_id=number,
        kind="died",
        day=THEN.date(),
        known_from="hospital",
        because="not_told",
        authority="353",
        organisation_id="la-353",
        said_at=THEN,
        said_by_id=ASKED,
        taken_back_at=THEN,
        taken_back_by_id=ASKED,
        taken_back_because="wrong_day",
    )
    UnplacedChild.objects.update_or_create(child_id=number, defaults={"since": THEN})
    EducationItem.objects.create(of_list=of_month, child_id=number, why="never")
    NotShared.objects.create(
        child_id=number,
        organisation_id="la-353",
        what="contact",
        reason="not_safe",
        decided_by="Ottoline Vane",
        decided_by_title="Lead",
        by_id=ASKED,
        at=THEN,
    )
    MediationRow.objects.create(
        mediator_id=ANSWERED,
        made_for_id="la-353",
        name="Asked",
        title="Teacher",
        email="asked@example.org",
        organisation_id="105734",
        checked="rang_back",
        purpose="safeguarding",
        asked_at=THEN,
        child_id=number,
        opened_at=THEN,
    )
    ReplayRequest.objects.create(
        child_id=number,
        account_id=ANSWERED,
        moment=THEN,
        because="A complaint",
        asked_by_id=ASKED,
        organisation_id="la-353",
        role="audit_reviewer",
        asked_at=THEN,
    )
    StayConsent.objects.create(child_id=number, given_on=THEN.date(), recorded_at=THEN, withdrawn_at=THEN)
    item = UseItem.objects.create(
        day=THEN.date(),
        account_id=ASKED,
        organisation_id="la-353",
        child=number,
        team_size=3,
        restricted=False,
        codes=["volume"],
        weight=1,
        events=[uuid4()],
        made_at=THEN,
    )
    item.steps.create(what="asked", because="Was it the brother?", at=THEN, by_id=ANSWERED)
    _events(number, alias, ben)
    return alias


def _own_word(number):
    record = SourceRecord.objects.create(source_id="practitioners", local_id="f" * 32, child_id=number)
    typed = InvolvementRow.objects.create(
        record=record,
        service="school_nurse",
        organisation_id="bridgewater-nhs",
        practitioner="Ottoline Vane",
        typed_by_id=ASKED,
        recorded_at=THEN,
    )
    ConsentStep.objects.create(
        involvement=typed,
        what="withdrawn",
        basis="child",
        scope="listed",
        decided_by="Ruth Cole",
        decided_by_title="Named doctor",
        by_id=ASKED,
        made_for_id="bridgewater-nhs",
        at=THEN,
    )
    Handover.objects.create(involvement=typed, offered_to_id=ANSWERED, offered_at=THEN)
    Correction.objects.create(
        record_id=record.pk,
        field="name",
        said="Zebedee",
        right="Zebediah",
        basis="told",
        asked_by_id=ASKED,
        asked_for_id="la-353",
        asked_at=THEN,
    )


def _cases(number, alias, ben, *, record, other, bens):
    joined = IdentityChange.objects.create(
        kind="merge", kept_id=number, other_id=alias, because="one", made_by="desk", made_at=THEN
    )
    parted = IdentityChange.objects.create(
        kind="split", kept_id=number, other_id=ben, because="two", made_by="desk", made_at=THEN
    )
    MixedQuestion.objects.create(change=parted, opened_by_id=ASKED, opened_at=THEN, decide_by=THEN)
    IdentityMove.objects.create(change=joined, record_id=other, from_child_id=alias, to_child_id=number)
    IdentityMove.objects.create(change=parted, record_id=bens, from_child_id=number, to_child_id=ben)
    linked = {"decision": "parted", "decided_at": THEN, "decided_by": "desk", "model_version": "v"}
    Link.objects.create(record_id=bens, child_id=number, partner=record, **linked)
    Link.objects.create(record_id=bens, child_id=ben, partner=record, change=parted, **linked)
    pair = {"record_a_id": min(record, bens), "record_b_id": max(record, bens)}
    ReviewCase.objects.create(**pair, kind="possible_same_child", weight=1, levels=b"", opened_at=THEN)
    KeptApart.objects.create(**pair, said_at=THEN)
    CaseWord.objects.create(**pair, levels=b"", what="same", by_id=ASKED, said_at=THEN)
    decided = CaseDecision.objects.create(
        **pair,
        kind="possible_same_child",
        weight=1,
        levels=b"",
        what="different",
        because="two children",
        parts=[record],
        decided_by_id=ASKED,
        decided_as="national_team",
        decided_for_id="contactpoint",
        decided_at=THEN,
        change=parted,
    )
    CaseDecision.objects.create(
        **pair,
        kind="possible_same_child",
        weight=1,
        levels=b"",
        what="undo",
        because="no",
        decided_by_id=ASKED,
        decided_as="national_team",
        decided_for_id="contactpoint",
        decided_at=THEN,
        undoes=decided,
    )
    StagedLink.objects.create(
        record=bens, child=ben, is_new=False, decision="kept", partner=record, model_version="v"
    )
    StagedReview.objects.create(record_a=record, record_b=bens, kind="x", weight=1, levels=b"")
    (delivery,) = rows("SELECT id FROM delivery WHERE source_id = 'nhs-demographics'")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO staged_record (delivery_id, record, local_id, line, facts, involvements, "
            "fingerprint, changed, rejected) VALUES (%s, %s, 'ZQ-77120', 1, %s, '[]', %s, true, false)",
            [delivery, record, '{"surname": "Quillfeather"}', _NONE],
        )


def _shield(number, ben):
    Child.objects.filter(pk=number).update(shielded=True)
    placed = {"ground": "adoption", "placed_at": THEN, "placed_by": "x", "review_by": date(2013, 5, 1)}
    shield = Shield.objects.create(child_id=number, confirm_by=THEN, **placed)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO near_look (shield_id, at) VALUES (%s, %s)", [shield.pk, THEN])
        cursor.execute(
            "INSERT INTO near_child (shield_id, child_id, shares, found_at) VALUES (%s, %s, 'address', %s)",
            [shield.pk, ben, THEN],
        )
        cursor.execute(
            "INSERT INTO breach_question (shield_id, opened_by_id, opened_at, decide_by) "
            "VALUES (%s, %s, %s, %s)",
            [shield.pk, ASKED, THEN, THEN],
        )
        cursor.execute(
            "INSERT INTO kept_attempt (shield_id, event, how, at, found_at) "
            "VALUES (%s, %s, 'opened', %s, %s)",
            [shield.pk, uuid4(), THEN, THEN],
        )
    OverrideUse.objects.create(
        event=uuid4(),
        child_id=number,
        account_id=ASKED,
        organisation_id="la-353",
        reason="danger_now",
        used_at=THEN,
    )


def _events(number, alias, ben):
    said = (
        (Action.OPENED_RECORD, (number,), {"disclosed": {"fields": ["addresses"]}}),
        (Action.SEARCHED, (ben, number), {"terms": {"surname": "Quillfeather"}, "returned": 2}),
        (Action.REPORTED_BREACH, (alias,), {"child": alias}),
        (Action.PRINTED_RECORD, (number,), {}),
        (Action.MADE_FAMILY_REPORT, (number,), {}),
        (Action.SIGNED_IN, (), {}),
    )
    with transaction.atomic():
        for action, subjects, details in said:
            audit_log.append(
                AuditEvent(
                    event_id=uuid4(),
                    occurred_at=THEN,
                    action=action,
                    outcome=Outcome.ALLOWED,
                    actor=Actor(
                        kind=ActorKind.PERSON, account=ASKED, organisation="la-353", role="practitioner"
                    ),
                    subjects=subjects,
                    details=details,
                )
            )


def archive_by_hand(number: str, since: date, *, authority: str = "353", why: str = "turned_18") -> None:
    """Archive a child as the job would have on that day."""
    Child.objects.filter(pk=number).update(archived=True)
    at = datetime(since.year, since.month, since.day, 12, tzinfo=UTC)
    Archived.objects.create(
        child_id=number,
        why=why,
        since=since,
        purge_on=since.replace(year=since.year + 6),
        authority=authority,
        archived_at=at,
        checked_at=at,
    )
