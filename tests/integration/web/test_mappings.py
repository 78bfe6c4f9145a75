"""How a feed is read, on its pages: a bad mapping, a try that is sent twice, two people, putting it back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA, feed_text
from tests.factories.supply import LOADER
from tests.integration.web.test_feeds import said

from contactpoint.pipelines.try_mappings import try_mappings
from contactpoint.storage.models import SourceMapping

pytestmark = pytest.mark.django_db
FEED = "/feeds/childrens-services-353/"
TRY = f"{FEED}mapping/try/"
TEXT = '[columns]\nforename = "First name"\n'
ROWS = feed_text("childrens_services", AMINA).replace("forename", "First name", 1)


@pytest.fixture
def inbox(tmp_path, settings):
    settings.HOME = str(tmp_path)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "inbox" / "uploaded")
    return tmp_path / "inbox"


@pytest.fixture
def team(account, sign_in, inbox):
    """Two of the team of Oldham, signed in."""
    both = []
    for email in ("dev@example.org", "ruth@example.org"):
        account(email, memberships=(("la-353", "authority_team"),))
        both.append(sign_in(email)[0])
    return both


def key(client, path):
    return re.search(r'name="form_key" value="([^"]+)"', client.get(path).content.decode())[1]


def send(client, text=TEXT, file=ROWS, *, form_key=None, name="new.csv"):
    given = {"mapping": SimpleUploadedFile("new.toml", text.encode())} if text else {}
    if file:
        given["file"] = SimpleUploadedFile(name, file.encode())
    return client.post(TRY, {**given, "form_key": form_key or key(client, TRY)}, follow=True)


def work(inbox):
    with acting_as_role("worker"):
        try_mappings(inbox, by=LOADER)


def press(client, path, **more):
    return client.post(path, {"form_key": key(client, path), **more}, follow=True)


def test_a_bad_mapping_says_line_name_and_reason_and_keeps_nothing(team, inbox):
    shown = said(send(team[0], '[columns]\nforname = "First name"\n'))
    assert "1 thing is wrong in this mapping. Nothing was kept." in shown
    assert "2 forname Children's services of a council has no such column" in shown.replace("&#x27;", "'")
    assert "It is not TOML" in said(send(team[0], "forename = First"))
    assert "Choose the mapping" in said(send(team[0], ""))
    assert "must end in .csv" in said(send(team[0], name="new.xlsx"))
    assert "larger than 64 kB" in said(send(team[0], "# " + "x" * 70_000))
    assert not SourceMapping.objects.exists()
    assert not list((inbox / "uploaded").iterdir())


def test_a_try_is_agreed_by_two_and_put_back(team, inbox):
    dev, ruth = team
    once = key(dev, TRY)
    for _ in range(2):
        assert "Being tried over its file" in said(send(dev, form_key=once))
    assert SourceMapping.objects.count() == 1
    work(inbox)
    page = f"{FEED}mapping/1/"
    shown = said(dev.get(page))
    assert "Can the file be read? The columns are not those of" in shown
    assert "sex : 1" in shown
    assert "suffix" not in shown, "it is no column of this contract"
    assert "other_address : none" in shown
    assert "The first line must be" not in shown
    assert "Say why" in said(dev.post(page, {"step": "ask", "because": "", "form_key": "x"}))
    assert ruth.get(page).status_code == 404
    assert "It holds when a second person agrees." in said(press(dev, page, step="ask", because="October"))
    assert "A second person has to agree how it is read" in said(ruth.get("/feeds/"))
    assert "way to read a feed for a second person" in said(ruth.get("/today/"))
    assert "1 way to read a feed" not in said(dev.get("/today/"))
    assert "Files are read by it from now on." in said(press(ruth, page, step="agree"))
    assert "Version 1, since" in said(ruth.get(f"{FEED}mapping/"))
    assert ruth.get(f"{page}file/").content.decode() == TEXT
    assert "Files are read by just this mapping already" in said(send(dev))
    back = ruth.post(f"{page}back/", {"form_key": key(ruth, page)}, follow=True)
    assert "This is to the letter what was in force before" in said(back)
    assert "in the names, dates and codes of the contract" in said(back)
    again = f"{FEED}mapping/2/"
    press(ruth, again, step="ask", because="A mistake")
    press(dev, again, step="agree")
    assert "Version 2, since" in said(dev.get(f"{FEED}mapping/"))


def test_what_differs_is_shown_where_both_read_the_file(team, inbox):
    dev = team[0]
    swap = '[columns]\nforename = "known_as"\nknown_as = "forename"\n[values.sex]\n2 = "F"\n'
    send(dev, swap, feed_text("childrens_services", {**AMINA, "sex": "girl"}))
    work(inbox)
    shown = said(dev.get(f"{FEED}mapping/1/"))
    assert "Columns that more or fewer rows fill" in shown
    assert "forename 1 0" in shown
    assert "1 row: sex: It must be one of: M, F; or blank." in shown
    press(dev, f"{FEED}mapping/1/", step="drop")
    assert "No mapping was asked for yet" in said(dev.get(f"{FEED}mapping/"))


def test_a_file_that_is_too_large_is_told_so(team, inbox, settings):
    settings.DELIVERY_LIMIT = 1000
    answer = send(team[0], file="x" * 5000)
    assert answer.status_code == 413
    assert "larger than 1000 bytes" in said(answer)


def test_nobody_else_opens_these_pages(team, inbox, account, sign_in):
    send(team[0])
    account("nurse@example.org")
    account("ravi@example.org", memberships=(("la-354", "authority_team"),))
    for email in ("nurse@example.org", "ravi@example.org"):
        other, _ = sign_in(email)
        for page in (f"{FEED}mapping/", TRY, f"{FEED}mapping/1/", f"{FEED}mapping/1/file/"):
            assert other.get(page).status_code == 403
    assert team[0].get("/feeds/nothing/mapping/").status_code == 404
    assert team[0].post(f"{FEED}mapping/1/", {"step": "burn", "form_key": "x"}).status_code == 404


def test_without_a_data_folder_nothing_is_tried(team, settings):
    settings.HOME = ""
    assert "cannot be handed in here" in said(team[0].get(TRY))
