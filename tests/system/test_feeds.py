"""Feeds in a browser: the list, a feed, an upload that the worker takes in, with and without JavaScript."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.system.conftest import PHONE, WIDE

pytestmark = pytest.mark.system
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
PATIENCE = 90  # seconds for the worker to take a small file in


def a_feed(window):
    """Open the first feed of the list, and return its code."""
    window.go("/feeds/").page.locator("th a").first.click()
    return window.page.url.rstrip("/").rpartition("/")[2]


@SIZES
def test_feeds_and_a_feed(visit, size):
    window = visit("dev", size=size).go("/feeds/").judge("feeds")
    assert window.heading() == "Feeds"
    code = a_feed(window)
    window.judge("feed")
    assert "next due by" in window.text() or "late: was due by" in window.text()
    window.press("Pause").judge("feed-error")
    assert window.follow_errors() == ["because"]
    window.go(f"/feeds/{code}/upload/").press("Upload").judge("feed-upload-error")
    assert window.follow_errors() == ["file"]


def test_the_national_team_sees_all_feeds(visit):
    window = visit("ewa").go("/feeds/").judge("feeds-national")
    assert window.page.locator("tbody tr").count() > 5


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_an_upload_that_cannot_be_read_says_what_to_do(visit, javascript):
    """An older file than the newest is refused, so that the directory of these tests stays as it is."""
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
        time.sleep(1)
    assert "An older file would undo newer facts" in line.inner_text()
    window.judge("feed-refused")
