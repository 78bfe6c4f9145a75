"""Feeds in pages: the list, one feed, uploads of every size, pause, what is held, rejected rows to mend."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA, feed_text
from tests.factories.supply import LOADER

from contactpoint.pipelines.intake import take_in
from contactpoint.storage.models import Delivery, FeedFile

pytestmark = pytest.mark.django_db
TEAM = (("la-353", "authority_team"),)
FEED = "/feeds/childrens-services-353/"
BEN = {**AMINA, "local_id": "B1", "forename": "Ben", "surname": "Whitworth", "date_of_birth": "2012-11-30"}


@pytest.fixture
def inbox(tmp_path, settings):
    settings.HOME = str(tmp_path)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "inbox" / "uploaded")
    return tmp_path / "inbox"


@pytest.fixture
def team(account, sign_in, inbox):
    account(memberships=TEAM)
    return sign_in()[0]


def said(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def key(client, path):
    return re.search(r'name="form_key" value="([^"]+)"', client.get(path).content.decode())[1]


def named(days=0, kind="full"):
    return f"childrens-services-353_{timezone.localdate() - timedelta(days=days)}_{kind}.csv"


def send(client, *rows, name=None, text=None, code="childrens-services-353", **more):
    text = feed_text("childrens_services", *rows) if text is None else text
    file = SimpleUploadedFile(name or named(), text.encode())
    path = f"/feeds/{code}/upload/"
    return client.post(path, {"file": file, "form_key": key(client, f"{FEED}upload/"), **more})


def take(inbox):
    with acting_as_role("worker"):
        take_in(inbox, by=LOADER)


def test_a_team_sees_the_feeds_of_its_authority_and_a_practitioner_none(team, account, sign_in):
    page = said(team.get("/feeds/"))
    assert "Oldham Children" in page
    assert "NHS demographics" not in page
    account("nurse@example.org")
    nurse, _ = sign_in("nurse@example.org")
    assert nurse.get("/feeds/").status_code == 403


def test_an_upload_is_taken_in_and_the_page_says_what_became_of_it(team, inbox):
    assert "The file has arrived" in said(send(team, AMINA, {**BEN, "sex": "secret"}))
    assert "Waiting" in said(team.get(FEED))
    take(inbox)
    page = said(team.get(FEED))
    assert "1 of 2 rows accepted, 1 rejected" in page
    assert "1 row: sex: It must be one of" in page
    assert list((inbox / "uploaded").iterdir()) == []


def test_rejected_rows_come_back_to_those_who_sent_them_only(team, inbox, account, sign_in):
    send(team, AMINA, {**BEN, "sex": "secret"})
    take(inbox)
    delivery = Delivery.objects.get(source_id="childrens-services-353", file_name=named()).pk
    back = team.post(f"{FEED}rejects/", {"delivery": delivery})
    assert back["Content-Disposition"].startswith("attachment")
    assert "Whitworth" in b"".join(back.streaming_content).decode("utf-8-sig")
    account("ewa@example.org", memberships=(("bridgewater-nhs", "national_team"),))
    national, _ = sign_in("ewa@example.org")
    assert national.post(f"{FEED}rejects/", {"delivery": delivery}).status_code == 403
    assert "Download" not in said(national.get(FEED))
    assert team.post(f"{FEED}rejects/", {"delivery": delivery + 1}).status_code == 404


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("births_2026-11-01_full.csv", "is a file of births, not of childrens-services-353"),
        ("feed.xlsx", "The file must be a CSV file"),
        ("feed.csv", "Say what the file holds"),
    ],
)
def test_a_wrong_file_is_refused_before_anything_is_kept(team, inbox, name, sentence):
    assert sentence in said(send(team, AMINA, name=name))
    assert not FeedFile.objects.exists()
    assert list((inbox / "uploaded").iterdir()) == []


def test_a_file_that_is_too_large_is_told_so_and_not_kept(team, inbox, settings):
    settings.DELIVERY_LIMIT = 1000
    answer = send(team, text="x" * 5000)
    assert answer.status_code == 413
    assert "larger than 1000 bytes" in said(answer)
    assert list((inbox / "uploaded").iterdir()) == []


def test_files_sent_to_any_other_page_are_passed_over(client, inbox):
    client.post("/account/login/", {"login": "x", "file": SimpleUploadedFile("a.csv", b"x" * 100_000)})
    assert not (inbox / "uploaded").exists()


def test_the_same_form_twice_hands_in_one_file(team, inbox):
    once = key(team, f"{FEED}upload/")
    for _ in range(2):
        answer = send(team, AMINA, form_key=once)
        assert "The file has arrived" in said(answer)
    assert FeedFile.objects.count() == 1


def test_pausing_needs_a_reason_and_resuming_ends_it(team):
    assert "Say why" in said(team.post(f"{FEED}pause/", {"form_key": key(team, FEED)}))
    team.post(f"{FEED}pause/", {"because": "We are moving", "form_key": key(team, FEED)})
    assert "We are moving" in said(team.get(FEED))
    assert "Paused" in said(team.get("/feeds/"))
    assert "resumed" in said(team.post(f"{FEED}resume/", {"form_key": key(team, FEED)}))
    assert "We are moving" not in said(team.get(FEED))


def test_a_held_delivery_is_shown_and_decided_once(team, inbox):
    send(team, AMINA, BEN)
    take(inbox)
    send(team, AMINA)
    take(inbox)
    page = said(team.get(FEED))
    assert "It no longer holds 1 of the 2 records that are here (50.0%)" in page
    held = Delivery.objects.get(state="held").pk
    sent = {"delivery": held, "what": "let_go_on", "form_key": key(team, FEED)}
    for _ in range(2):
        assert "The delivery goes on" in said(team.post(f"{FEED}decide/", sent))
    assert "let it go on" in said(team.get(FEED))
    take(inbox)
    assert Delivery.objects.get(pk=held).state == "published"


def test_a_feed_of_another_authority_is_not_shown(team):
    assert "not a feed of your authority" in said(team.get("/feeds/nhs-demographics/"))
    assert team.get("/feeds/nothing/").status_code == 404
