"""The lists on their pages: a file with faults, one that changes nothing, a step that is pressed twice."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contactpoint.domain.reference_lists import COLUMNS
from contactpoint.storage.models import AuthorityChange, Organisation, ReferenceChange

OAK = "900001,Oak Lane School,school,353,01706 496001,,,,OL16 2AA"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.HOME = str(tmp_path)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "inbox" / "uploaded")


@pytest.fixture
def ewa(account, sign_in):
    """One of the national team, signed in."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("ewa@example.org", memberships=(("contactpoint", "national_team"),))
    return sign_in("ewa@example.org")[0]


def send(client, *lines, kind="school"):
    text = "\n".join((",".join(COLUMNS), *lines, ""))
    file = SimpleUploadedFile("schools.csv", text.encode(), "text/csv")
    return client.post("/reference/try/", {"kind": kind, "file": file}, follow=True)


def as_it_is(client):
    text = client.get("/reference/list/school/").content.decode("utf-8-sig")
    return [line for line in text.splitlines()[1:] if line]


def test_a_file_with_faults_says_line_field_and_reason(ewa):
    shown = send(ewa, OAK.replace(",353,", ",999,")).content.decode()
    assert "1 thing is wrong in this file. Nothing was changed." in shown
    assert 'data-label="Line">2<' in shown
    assert "There is no such authority" in shown
    assert not ReferenceChange.objects.exists()


def test_a_file_that_cannot_be_read_is_said_so(ewa):
    assert "The file names nobody" in send(ewa).content.decode()
    file = SimpleUploadedFile("schools.csv", b"code;name\n", "text/csv")
    shown = ewa.post("/reference/try/", {"kind": "school", "file": file}).content.decode()
    assert "Save the file with commas" in shown
    assert "Choose a file" in ewa.post("/reference/try/", {"kind": "school"}).content.decode()


def test_the_list_as_it_is_changes_nothing(ewa):
    assert "There is nothing to change" in send(ewa, *as_it_is(ewa)).content.decode()


def test_asking_twice_is_asking_once(ewa):
    shown = send(ewa, *as_it_is(ewa), OAK)
    address, text = shown.redirect_chain[-1][0], shown.content.decode()
    assert "1 new, 0 changed, 0 closed" in text
    assert "fewer than 100" in text
    assert "Say why" in ewa.post(address, {"step": "ask", "because": ""}).content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', text)[1]
    for _ in range(2):
        said = {"form_key": key, "step": "ask", "because": "October"}
        assert "It holds when a colleague agrees." in ewa.post(address, said, follow=True).content.decode()
    assert ReferenceChange.objects.get().state == "asked"
    report = ewa.get(f"{address}report/").content.decode("utf-8-sig")
    assert "900001,Oak Lane School,New,Name,–,Oak Lane School" in report
    assert ewa.post(address, {"form_key": "x", "step": "burn"}).status_code == 404
    assert ewa.get("/reference/list/refuge/").status_code == 404


def test_a_body_that_is_closed_is_marked_among_organisations(ewa):
    Organisation.objects.filter(pk="105734").update(closed_on=date(2026, 9, 1))
    shown = ewa.post("/organisations/", {"words": "105734"}, follow=True).content.decode()
    assert "Closed 1 September 2026" in shown


def test_a_merger_is_previewed_asked_for_once_and_dropped(ewa):
    said = {"authority": "354", "into": "353", "listed": "", "because": "The order of 1 April"}
    wrong = ewa.post("/authorities/plan/", {**said, "into": "999"}).content.decode()
    assert "There is no 999 here" in wrong
    shown = ewa.post("/authorities/plan/", said).content.decode()
    assert "fewer than 100" in shown
    assert not AuthorityChange.objects.exists(), "nothing is kept by looking"
    key = re.search(r'name="form_key" value="([^"]+)"', shown)[1]
    for _ in range(2):
        answer = ewa.post("/authorities/plan/", {**said, "form_key": key, "sure": "1"}, follow=True)
        assert "It is carried out when a colleague agrees." in answer.content.decode()
    (change,) = AuthorityChange.objects.all()
    page = f"/authorities/{change.pk}/"
    assert "354 goes into 353" in ewa.get("/authorities/").content.decode()
    assert "Rochdale Children&#x27;s Services (354)" in ewa.get(page).content.decode()
    assert ewa.post(page, {"form_key": "a", "step": "burn"}).status_code == 404
    key = re.search(r'name="form_key" value="([^"]+)"', ewa.get(page).content.decode())[1]
    dropped = ewa.post(page, {"form_key": key, "step": "drop"}, follow=True).content.decode()
    assert "Nothing was changed." in dropped
