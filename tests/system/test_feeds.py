"""Feeds in a browser: list and feed, uploads, what waits for a person, pausing, rejected rows."""

import csv
import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
PATIENCE = 90  # seconds for the worker to take a small file in


def a_feed(window):
    """Open the first feed of the list, and return its code."""
    follow(window.go("/feeds/").page.locator("th a").first)
    return window.page.url.rstrip("/").rpartition("/")[2]


@SIZES
def test_feeds_and_a_feed(visit, size):
    """Given the feeds of an area, when one is opened, then it says how it does, and errors lead to fields."""
    window = visit("dev", size=size).go("/feeds/").judge("feeds")
    assert window.heading() == "Feeds"
    code = a_feed(window)
    window.judge("feed")
    assert "next due by" in window.text() or "late: was due by" in window.text()
    assert "Rows of the last" in window.page.get_by_role("img", name="Rows in each delivery").text_content()
    window.press("Pause").judge("feed-error")
    assert window.follow_errors() == ["because"]
    window.go(f"/feeds/{code}/upload/").press("Upload").judge("feed-upload-error")
    assert window.follow_errors() == ["file"]


def test_the_national_team_sees_all_feeds(visit):
    """Given the national team, when it opens the feeds, then those of every area are there."""
    window = visit("ewa").go("/feeds/").judge("feeds-national")
    assert window.page.locator("tbody tr").count() > 5


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_an_upload_that_cannot_be_read_says_what_to_do(visit, javascript):
    """Given a file older than the newest, when it is uploaded, then it is refused in words that help.

    An older file than the newest is refused, so that the directory of these tests stays as it is.
    """
    window = visit("dev", javascript=javascript)
    code = a_feed(window)
    name = f"{code}_{datetime.now(UTC).date() - timedelta(days=900 + javascript)}_delta.csv"
    window.go(f"/feeds/{code}/upload/").page.locator('[name="file"]').set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": b"local_id\nA1\n"}
    )
    window.press("Upload")
    assert window.heading() == "The file has arrived"
    line = window.page.locator("li", has_text=name)
    deadline = time.monotonic() + PATIENCE
    while (
        "Refused:"
        not in window.go(f"/feeds/{code}/").page.locator("main").inner_text().partition(name)[0][-40:]
    ):
        assert time.monotonic() < deadline, "the worker took nothing in"
        time.sleep(0.2)
    assert "An older file would undo newer facts" in line.inner_text()
    window.judge("feed-refused")


def arrived(window, code, name, *, before):
    """The line of a file on the feed's page, once its state begins differently from `before`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        line = window.go(f"/feeds/{code}/").page.locator("ul.cp-lines li", has_text=name).first.inner_text()
        if not line.startswith(before):
            return line
        assert time.monotonic() < deadline, f"the worker took nothing in: {line}"
        time.sleep(0.2)


def send(window, code, name, data):
    """Upload a file and wait until the worker has dealt with it; its line on the page."""
    window.go(f"/feeds/{code}/upload/").page.locator('[name="file"]').set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    window.press("Upload")
    assert window.heading() == "The file has arrived"
    return arrived(window, code, name, before=("Waiting", "Being taken in"))


@pytest.fixture
def register(product):
    """The newest full file of a feed of Oldham: its code, the newest day it spoke for, header and rows."""
    code = "childrens-services-353"
    files = sorted((product.england / "feeds").glob(f"{code}_*.csv"), key=lambda one: one.name.split("_")[1])
    newest = files[-1].name.split("_")[1]
    (full,) = [one for one in files if one.stem.endswith("_full")]
    header, *rows = full.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) > 1
    return code, newest, header, rows


@SIZES
def test_a_full_delivery_that_withdraws_too_much_waits_for_a_person_who_refuses_it(visit, register, size):
    """Given a file that withdraws too much, when a person refuses it, then nothing is withdrawn."""
    code, newest, header, rows = register
    window = visit("dev", size=size)
    name = f"{code}_{newest}_full.{size['width']}.csv"
    short = "\n".join([header, rows[size is PHONE], ""]).encode()
    line = send(window, code, name, short)
    assert "more than a delivery should withdraw: a person must look" in line
    window.judge("feed-held")
    held = window.page.locator("section.cp-protected")
    assert f"{name} waits for a person" in held.inner_text()
    assert "They would be withdrawn" in held.inner_text()
    assert "1 delivery waits for a person" in window.go("/feeds/").text()
    window.go(f"/feeds/{code}/").press("Refuse it")
    assert window.heading() == "The delivery is refused"
    window.judge("feed-held-refused")
    deadline = time.monotonic() + PATIENCE
    while window.go(f"/feeds/{code}/").page.locator("section.cp-protected").count():
        assert time.monotonic() < deadline, "the decision was not carried out"
        time.sleep(0.2)
    newest_row = window.page.locator("tbody tr").first
    assert "Refused by a person" in newest_row.inner_text()
    assert newest_row.locator('td[data-label="Withdrawn"]').inner_text() == "–", "nothing was"
    again = send(window, code, name, short)
    assert "somebody decided not to let it go on" in again


def said_now(product, code):
    """All that a feed says by now: its full file, records of which its changes replace."""
    records = {}
    for kind in ("full", "delta"):
        (file,) = (product.england / "feeds").glob(f"{code}_*_{kind}.csv")
        newer = {}
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()):
            newer.setdefault(row["local_id"], []).append(row)
        records |= newer
    return [row for rows in records.values() for row in rows]


def test_a_full_delivery_that_withdraws_too_much_goes_on_when_a_person_says_so(visit, product, register):
    """Given a file that withdraws too much, when a person lets it go on, then just those are withdrawn.

    It withdraws three whom the feed named a moment before, and nobody else.
    """
    code, newest, header, _ = register
    window = visit("dev")
    blank = dict.fromkeys(header.split(","), "")
    passing = {"forename": "Passing", "date_of_birth": "2013-04-05", "sex": "M"}
    three = [
        blank | passing | {"local_id": f"passing-{at}", "surname": f"By{at * 'o'}"} for at in range(1, 4)
    ]
    line = send(window, code, f"{code}_{newest}_delta.passing.csv", written(three))
    assert "3 of 3 rows accepted; 3 records are new or changed" in line
    line = send(window, code, f"{code}_{newest}_full.again.csv", written(said_now(product, code)))
    assert "a person must look" in line
    window.press("Let it go on")
    assert window.heading() == "The delivery goes on"
    deadline = time.monotonic() + PATIENCE
    while "Published" not in (
        row := window.go(f"/feeds/{code}/").page.locator("tbody tr").first.inner_text()
    ):
        assert time.monotonic() < deadline, f"the decision was not carried out: {row}"
        time.sleep(0.2)
    withdrawn = int(window.page.locator('tbody tr td[data-label="Withdrawn"]').first.inner_text())
    assert 3 <= withdrawn <= 5, "with what the test of rejected rows left"
    window.judge("feed-held-published")


@SIZES
def test_a_feed_is_paused_and_resumed(visit, register, size):
    """Given a feed, when it is paused, then nothing can be uploaded until it is resumed."""
    code = register[0]
    window = visit("dev", size=size).go(f"/feeds/{code}/")
    window.page.get_by_label("Why").fill("The register moves house")
    window.press("Pause")
    assert window.heading() == "The feed is paused"
    window.judge("feed-paused-done").go(f"/feeds/{code}/").judge("feed-paused")
    assert "The register moves house" in window.page.locator(".govuk-inset-text").inner_text()
    assert window.page.get_by_role("button", name="Upload a file").count() == 0
    assert "Paused" in window.go("/feeds/").text()
    window.go(f"/feeds/{code}/").press("Resume")
    assert window.heading() == "The feed is resumed"
    assert "The register moves house" not in window.go(f"/feeds/{code}/").text()
    assert window.page.get_by_role("button", name="Upload a file").count() == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_rejected_rows_are_downloaded_mended_and_sent_again(visit, register, javascript):
    """Given a rejected row, when it is downloaded, mended and sent again, then it is accepted."""
    code, newest, header, _ = register
    window = visit("dev", javascript=javascript, proved=True)
    blank = dict.fromkeys(header.split(","), "")
    zoe = {"forename": "=Zoe", "surname": "Rejectson", "date_of_birth": "2014-02-03", "sex": "girl"}
    wrong = blank | zoe | {"local_id": f"new-{javascript}"}
    line = send(window, code, f"{code}_{newest}_delta.wrong.{javascript}.csv", written([wrong]))
    assert "0 of 1 rows accepted, 1 rejected" in line
    window.judge("feed-rejects")
    row = window.page.locator("tbody tr").first
    assert "1 row: sex: It must be one of" in row.inner_text()
    with window.page.expect_download() as download:
        row.get_by_role("button", name="Download 1 row with reasons").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    (mended,) = csv.DictReader(text.splitlines())
    assert (mended["forename"], mended["sex"], mended["rejected_field"]) == ("'=Zoe", "girl", "sex")
    back = send(
        window, code, f"{code}_{newest}_delta.mended.{javascript}.csv", written([mended | {"sex": "F"}])
    )
    assert "1 of 1 rows accepted; 1 records are new or changed" in back


def written(rows):
    """Rows as a CSV file."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()
