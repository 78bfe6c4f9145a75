"""Who saw what, on the page: of a child, a person, a time; for the national desk's people alone (R55)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from tests.factories.directory import NOW, acting_as_role, amina, build_child
from tests.factories.supply import rows
from tests.factories.viewers import WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.storage.models import Account, Organisation

ADDRESS = "/incident/who-saw-what/"


@pytest.fixture
def desk(account, sign_in):
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("ewa@example.org", memberships=(("contactpoint", "national_team"),))
    account("grace@example.org", memberships=(("contactpoint", "technical_administrator"),))
    return tuple(sign_in(f"{name}@example.org")[0] for name in ("ewa", "grace"))


@pytest.fixture
def looked(account):
    """Amina Shah opened two records, one of them protected."""
    made = account()
    one, hidden = build_child(amina()), build_child(amina(), shielded=True)
    who = viewer(account_id=made.pk, organisation_code="la-353", organisation_kind="authority")
    with acting_as_role("web"):
        for number in (one, hidden):
            open_record(number=number, purpose=WORRIED, by=who, at=NOW, how=WITH_ME)
    return one, hidden


def test_the_report_names_person_fields_and_reason_and_no_value(desk, looked):
    ewa, _ = desk
    one, hidden = looked
    page = ewa.post(ADDRESS, {"child": one}).content.decode()
    assert "1 person saw something of 1 child." in page
    assert "Amina Shah, practitioner for la-353" in page
    assert "addresses" in page
    assert "Mill Lane" not in page
    by_person = ewa.post(ADDRESS, {"email": "amina@example.org"}).content.decode()
    assert "1 person saw something of 2 children." in by_person
    assert "the record was protected" in by_person
    after = {"child": hidden, "begin-day": "25", "begin-month": "11", "begin-year": "2026"}
    assert "Nobody was shown anything that fits." in ewa.post(ADDRESS, after).content.decode()
    file = ewa.post(ADDRESS, {"child": one, "download": "yes"})
    assert file["Content-Type"].startswith("text/csv")
    assert len(file.content.decode().splitlines()) == 2
    events = rows("SELECT count(*) FROM audit_body WHERE action = 'reported_breach'")
    assert events == [(5,)], "each report is itself recorded, and whom the one by person told of"


WRONG = [
    ({}, "a first day"),
    ({"child": "12"}, "number like C482"),
    ({"email": "nobody@example.org"}, "No account has this e-mail address"),
]


@pytest.mark.parametrize(("typed", "told"), WRONG)
def test_what_is_typed_wrongly_is_said(desk, typed, told):
    assert told in desk[0].post(ADDRESS, typed).content.decode()


def test_whoever_reads_no_child_data_or_is_elsewhere_has_no_report(desk, account, sign_in):
    """R57."""
    _, grace = desk
    assert grace.get(ADDRESS).status_code == 403
    assert "Who saw what" not in grace.get("/incident/").content.decode()
    account()
    assert sign_in()[0].get(ADDRESS).status_code == 403


def test_the_database_answers_nobody_who_was_not_written_down(desk, looked):
    assert Account.objects.exists()
    with acting_as_role("web"), pytest.raises(DatabaseError), transaction.atomic():
        rows("SELECT * FROM breach_seen(gen_random_uuid(), %s, NULL, NULL, NULL)", looked[0])
