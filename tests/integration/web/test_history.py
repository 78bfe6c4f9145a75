"""The page "How this record came to be"."""

import html
from datetime import date, datetime, timedelta

from tests.factories.directory import NOW, amina, build_child, said_of
from tests.integration.web.test_finding import opened

from contactpoint.actions.find.index import refresh
from contactpoint.domain.here import HERE
from contactpoint.storage.models import Child, RecordVersion, SourceRecord


def moved(number):
    record = SourceRecord.objects.get(child_id=number, source_id="school-census")
    RecordVersion.objects.create(
        record=record,
        as_at=NOW.date() - timedelta(days=200),
        facts={"address": "1 Old Road, Oldham", "postcode": "OL1 9ZZ"},
        fingerprint=bytes(16),
        recorded_at=NOW - timedelta(days=200),
        superseded_at=NOW,
    )


def test_the_record_leads_to_its_history(account, sign_in):
    number = build_child(amina("school-census"), amina("births"))
    moved(number)
    account()
    client, _ = sign_in()
    record = opened(client, number)
    address = f"{record.request['PATH_INFO']}history/"
    assert f'href="{address}"' in record.content.decode()

    today = client.get(address).content.decode()
    assert "School census said: Home, 14 Mill Lane, Oldham, OL1 4AB; before: Home, 1 Old Road" in today
    assert "both sources agree; Birth registrations agrees" in today

    then = client.get(address, {"field": "address", "on-day": "31", "on-month": "5", "on-year": "2026"})
    page = then.content.decode()
    assert "Address on 31 May 2026: what the record showed" in page
    assert "Home (try this first)" in page
    assert "Birth registrations" not in page.split("What each source said then")[1].split("What changed")[0]
    assert number not in then.request["QUERY_STRING"]


def test_who_was_in_contact_is_told_in_words(account, sign_in):
    school = {"service": "school", "organisation": "105734", "start_date": date(2025, 9, 1)}
    number = build_child(amina("births"), amina("school-census", involvements=[school]))
    moved(number)
    version = RecordVersion.objects.get(superseded_at__isnull=False)
    version.facts["involvements"] = [said_of({**school, "organisation": "la-353", "practitioner": "Jo Hill"})]
    version.save()
    account()
    client, _ = sign_in()
    address = f"{opened(client, number).request['PATH_INFO']}history/"
    asked = {"field": "service", "on-day": "31", "on-month": "5", "on-year": "2026"}
    page = html.unescape(client.get(address, asked).content.decode())
    assert "Who is in contact on 31 May 2026: what the record showed" in page
    assert "Jo Hill, Oldham Children's Services, since 1 September 2025" in page
    assert (
        "School census said: School: Broadfield Primary School, since 1 September 2025; before: School: "
        "Jo Hill, Oldham Children's Services, since 1 September 2025"
    ) in page


def test_a_wrong_day_or_item_is_asked_for_again(account, sign_in):
    number = build_child(amina("births"))
    account()
    client, _ = sign_in()
    address = f"{opened(client, number).request['PATH_INFO']}history/"
    tomorrow = datetime.now(HERE) + timedelta(days=1)
    to_come = {"on-day": str(tomorrow.day), "on-month": str(tomorrow.month), "on-year": str(tomorrow.year)}
    for typed, words in (
        ({"field": "address", **to_come}, "The day must be today or earlier"),
        ({"field": "nhs_number"}, "Choose an item"),
        ({"field": "involvements"}, "Choose an item"),
    ):
        response = client.get(address, typed)
        assert response.status_code == 400
        assert words in response.content.decode()
        assert "Mill Lane" not in response.content.decode()


def test_r27_the_history_of_a_protected_record_is_the_protected_page(account, sign_in):
    number = build_child(amina("school-census"), amina("births"))
    moved(number)
    account()
    client, _ = sign_in()
    record = opened(client, number)
    Child.objects.filter(pk=number).update(shielded=True)
    refresh([number])
    page = client.get(f"{record.request['PATH_INFO']}history/").content.decode()
    assert "This record is protected" in page
    for word in ("Old Road", "Mill Lane", "School census", "How this record came to be"):
        assert word not in page


def test_another_session_sees_nothing(account, sign_in):
    account()
    client, _ = sign_in()
    assert client.get("/record/bm90aGluZw/history/").status_code == 404
