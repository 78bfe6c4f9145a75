"""What somebody could see of a child at a moment, against what really was shown at that moment (R51).

Worlds are random: records come, change, are withdrawn and given to others; shields, consent, confirmation,
standing, roles and organisations change. After each step everybody opens the record, and what they were given
is kept; in the end each of those moments is asked about again.
"""

from datetime import date, timedelta
from itertools import count
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.factories.directory import (
    acting_as_role,
    add_record,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import sign_in
from tests.factories.two_worlds.making import for_a_while
from tests.factories.viewers import WITH_ME, WORRIED

from contactpoint.access.accounts import signed_in
from contactpoint.actions.account.replay import record_then, replay
from contactpoint.actions.find.index import refresh
from contactpoint.actions.find.open_record import open_record
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.incident import Scope
from contactpoint.storage import past
from contactpoint.storage.incidents import open_again, put_incident
from contactpoint.storage.models import (
    Account,
    Child,
    Delivery,
    InvolvementRow,
    Membership,
    Organisation,
    RecordVersion,
    Shield,
    Source,
    SourceRecord,
)

pytestmark = pytest.mark.django_db
COMMAND = system_viewer("command line")
NURSE, TEACHER, DESK, THERAPIST = (UUID(int=number) for number in (71, 72, 73, 74))
PEOPLE = {
    NURSE: ("bridgewater-nhs", "practitioner", ["school_nurse"]),
    TEACHER: ("105734", "practitioner", ["school"]),
    DESK: ("la-353", "authority_team", []),
    THERAPIST: ("bridgewater-nhs", "practitioner", ["mental_health"]),
}
THERAPY = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}
_serial = count(1)


def people():
    build_reference()
    for account, (organisation, role, services) in PEOPLE.items():
        build_account(account, f"Person {account.int}")
        Account.objects.filter(pk=account).update(
            checked_on=date(2026, 1, 1), trained_until=date(2099, 1, 1), agreement_signed_on=date(2026, 1, 1)
        )
        Membership.objects.create(
            account_id=account, organisation_id=organisation, role=role, services=services
        )
        sign_in(account)


@pytest.fixture(autouse=True)
def no_factor_asked(monkeypatch):
    monkeypatch.setattr("contactpoint.access.accounts.factor_since", lambda account: date(2026, 1, 1))
    monkeypatch.setattr("contactpoint.actions.find.open_record.may_one_more_be_opened", lambda **_: None)


def shown(number):
    """What everybody is given now, with the moment and in which role they asked."""
    found = []
    for account in PEOPLE:
        moment = timezone.localtime()
        acting = signed_in(account, membership_id=None, request_id="r", on=moment.date()).viewer
        if acting is None:
            continue
        with acting_as_role("web"):
            answer = open_record(number=number, purpose=WORRIED, by=acting, at=moment, how=WITH_ME)
        found.append((account, acting, moment, answer))
    return found


def replayed(account, number, moment):
    with acting_as_role("worker"):
        (member,) = past.memberships_then(account, moment)
        return member, record_then(member, number, moment)


def records_of(number):
    return list(SourceRecord.objects.filter(child_id=number).order_by("pk"))


def pick(number, place, among):
    found = list(among)
    return found[place % len(found)] if found else None


def new_version(number, place):
    record = pick(number, place, records_of(number))
    if record is None:
        return
    now = timezone.now()
    stood = RecordVersion.objects.filter(record=record, superseded_at=None)
    facts = stood.values_list("facts", flat=True).first()
    stood.update(superseded_at=now)
    RecordVersion.objects.create(
        record=record,
        as_at=date(2026, 11, 2) + timedelta(days=place),
        facts={
            **facts,
            "forename": f"Amina {place}",
            "address": f"{place} Mill Lane",
            "sex": "FM"[place % 2],
        },
        fingerprint=bytes(16),
        recorded_at=now,
    )


def new_record(number, place):
    sources = ("births", "harbour", "mental-health", "school-census")
    involved = {
        "harbour": [{"service": "family_support", "organisation": "harbour-recovery"}],
        "mental-health": [THERAPY],
    }
    source = sources[place % 4]
    made = add_record(number, amina(source, involvements=involved.get(source, [])))
    RecordVersion.objects.filter(record=made).update(recorded_at=timezone.now())
    InvolvementRow.objects.filter(record=made).update(recorded_at=timezone.now())


def withdraw(number, place):
    record = pick(number, place, records_of(number))
    if record:
        SourceRecord.objects.filter(pk=record.pk).update(
            withdrawn_at=None if record.withdrawn_at else timezone.now()
        )


def give_to_another(number, place):
    record = pick(number, place, records_of(number))
    other = Child.objects.exclude(pk=number).first()
    if record and other:
        SourceRecord.objects.filter(pk=record.pk).update(child_id=other.pk)


def retire(number, place):
    other = Child.objects.exclude(pk=number).first()
    SourceRecord.objects.filter(child_id=number).update(child_id=other.pk)
    Child.objects.filter(pk=number).update(retired_into_id=other.pk)


def shield(number, place):
    """Placing it, or in the test alone taking it away without the life that a shield has."""
    now_it = Child.objects.get(pk=number)
    if not now_it.shielded:
        Child.objects.filter(pk=number).update(shielded=True)
        refresh([number])
    else:
        Child.objects.filter(pk=number).update(shielded=False)
        refresh([number])


def keep_from(number, place):
    account = list(PEOPLE)[place % len(PEOPLE)]
    Shield.objects.get_or_create(
        child_id=number,
        kept_from_id=account,
        defaults={
            "ground": "hidden_location", "placed_at": timezone.now(), "placed_by": "test",
            "review_by": date(2027, 5, 1), "authority": "", "state": "temporary",
            "confirm_by": timezone.now() + timedelta(days=1),
        },
    )  # fmt: skip


def change_involvement(number, place):
    row = pick(number, place, InvolvementRow.objects.filter(record__child_id=number).order_by("pk"))
    if row is None:
        return
    changes = (
        {"end_date": date(2026, 11, 20), "end_recorded_at": timezone.now()},
        {"practitioner": f"Worker {place}", "lead_practitioner": True},
        {"consent": "carer", "consent_withdrawn_at": timezone.now()},
        {"contact_phone": f"0161 496 0{place:03d}", "last_confirmed": date(2026, 11, 3)},
        {"start_date": date(2099, 1, 1)},
        {"consent_scope": ("team", "desk")[place % 2]},
    )
    InvolvementRow.objects.filter(pk=row.pk).update(**changes[place % len(changes)])


def change_organisation(number, place):
    code = ("105734", "bridgewater-nhs", "la-353")[place % 3]
    changes = (
        {"name": f"Renamed {place}"},
        {"phone": f"0161 {place}"},
        {"accredited_until": date(2020, 1, 1)},
        {"postcode": f"OL{place} 1AA", "kind": "gp"},
        {"kind": "refuge", "address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"},
        {"kind": "hospital_school", "phone": "07700 900123"},
    )
    Organisation.objects.filter(pk=code).update(**changes[place % 6])


def change_source(number, place):
    code = ("births", "school-census", "nhs-demographics")[place % 3]
    Source.objects.filter(pk=code).update(
        name=f"Source {place}", vouched_at=date(2026, 11, 3), promised_days=3
    )


def deliver(number, place):
    now = timezone.now()
    Delivery.objects.create(
        source_id=("births", "harbour", "school-census")[place % 3], as_at=date(2026, 11, 20), kind="delta",
        sha256=f"{next(_serial):064d}", file_name="x", state="published", received_at=now, published_at=now,
    )  # fmt: skip


def change_standing(number, place):
    account = list(PEOPLE)[place % len(PEOPLE)]
    changes = ({"suspended_at": timezone.now()}, {"trained_until": date(2020, 1, 1)}, {"suspended_at": None},
               {"checked_on": date(2020, 1, 1)},
        {"renew_by": date(2026, 1, 1)}, {"trained_until": date(2099, 1, 1)})  # fmt: skip
    Account.objects.filter(pk=account).update(**changes[place % len(changes)])


def change_role(number, place):
    account = list(PEOPLE)[place % len(PEOPLE)]
    changes = (
        {"role": "auditor"},
        {"services": ["gp"]},
        {"role": "practitioner"},
        {"organisation_id": "P85001"},
    )
    Membership.objects.filter(account_id=account).update(**changes[place % 4])


def archive(number, place):
    """The archive's own tables aside: what hides the record is a column of the child."""
    changes = ({"archived": True}, {"archived": False}, {"stays_until": date(2030, 1, 1)})
    Child.objects.filter(pk=number).update(**changes[place % 3])
    if place % 3 == 1:
        refresh([number])


def shut(number, place):
    code = ("105734", "bridgewater-nhs")[place % 2]
    made = put_incident(Scope.ORGANISATION, code, because="x", account=None, at=timezone.now(), shut=True)
    if made is not None and place % 3 == 0:
        open_again(made, account=None, at=timezone.now())


STEPS = (
    new_version, new_record, withdraw, give_to_another, shield, keep_from, change_involvement,
    change_organisation, change_source, deliver, change_standing, change_role, shut, retire, archive,
)  # fmt: skip


def world():
    people()
    build_child(amina("births"))
    return build_child(*amina_in_full(), amina("mental-health", involvements=[THERAPY]))


def check(number, steps):
    seen = shown(number)
    for step, place in steps:
        step(number, place)
        seen += shown(number)
    for account, acting, moment, answer in seen:
        member, again = replayed(account, number, moment)
        assert again == answer, (step_names(steps), moment)
        assert member.membership["role"] == acting.role.value
    return seen


def step_names(steps):
    return [(step.__name__, place) for step, place in steps]


FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("step", STEPS, ids=[step.__name__ for step in STEPS])
def test_after_each_kind_of_change_the_moment_before_is_answered_as_it_was(step):
    seen = check(world(), [(step, 0), (step, 1), (step, 3), (step, 6)])
    assert len({repr(answer) for _, _, _, answer in seen}) > 1


@FEW
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=3, max_size=7))
def test_any_moment_of_a_random_history_is_answered_as_it_was_shown(steps):
    with for_a_while():
        check(world(), steps)


def test_it_says_which_rules_answered_and_whether_they_were_in_force_then(monkeypatch):
    number = world()
    with acting_as_role("worker"):
        before = timezone.now()
        past.note_rules(timezone.now())
        past.note_rules(timezone.now())
        asked = {"account": NURSE, "child": number, "because": "A complaint", "by": COMMAND}
        found = replay(**asked, moment=timezone.now(), at=timezone.now())
        assert (found.exact, found.could_see[0].is_open, found.could_see[0].protected) == (True, True, False)
        assert "addresses" in found.could_see[0].fields
        assert not replay(**asked, moment=before, at=timezone.now()).exact, "before they were written down"
        monkeypatch.setattr(past, "rules_now", lambda: "0" * 64)
        assert not replay(**asked, moment=timezone.now(), at=timezone.now()).exact
        for text in ("Mill Lane", "Okafor", "Grace"):
            assert text not in repr(found)


def test_it_needs_a_reason_a_moment_that_has_come_and_a_system(monkeypatch):
    number, now = world(), timezone.now()
    asked = {
        "account": NURSE,
        "child": number,
        "moment": now,
        "because": "A complaint",
        "by": COMMAND,
        "at": now,
    }
    with acting_as_role("worker"):
        with pytest.raises(InvalidInput):
            replay(**{**asked, "because": " "})
        with pytest.raises(InvalidInput):
            replay(**{**asked, "moment": now + timedelta(minutes=1)})
        person = signed_in(NURSE, membership_id=None, request_id="r", on=now.date()).viewer
        with pytest.raises(Conflict):
            replay(**{**asked, "by": person})
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_body WHERE action = 'replayed'")
            assert cursor.fetchone() == (0,)
        replay(**asked)
