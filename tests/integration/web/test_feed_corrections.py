"""Corrections to whoever runs a feed, through the pages (R25, R34)."""

import pytest
from tests.factories.directory import amina_in_full, build_child
from tests.integration.web.test_finding import opened
from tests.integration.web.test_my_children import send, text_of

from contactpoint.storage.models import Correction, SourceRecord

NATIONAL = (("bridgewater-nhs", "national_team"),)
FEED = "/feeds/gp-registrations/"


@pytest.fixture
def asked(db, account, sign_in):
    """The surgery is asked for an address, and somebody of the national team is signed in."""
    number = build_child(*amina_in_full())
    account()
    client, _ = sign_in()
    path = opened(client, number).request["PATH_INFO"]
    page = client.get(f"{path}wrong/", {"asked": "1", "field": "address"})
    surgery = SourceRecord.objects.get(source_id="gp-registrations")
    send(client, page, "itself", record=surgery.pk, right="3 Quarry <b>Bank</b>", basis="carer")
    account("ewa@example.org", name="Ewa Marsh", memberships=NATIONAL)
    return sign_in("ewa@example.org")[0], surgery.local_id


def test_it_is_found_from_the_feed_taken_as_a_file_and_answered(asked):
    client, local_id = asked
    assert f'href="{FEED}corrections/"' in text_of(client.get(FEED))
    assert 'href="/corrections/feeds/"' in text_of(client.get("/feeds/"))
    by_feed = text_of(client.get("/corrections/feeds/"))
    assert f'href="{FEED}corrections/"' in by_feed
    assert "1 correction waits" in by_feed

    page = client.get(f"{FEED}corrections/")
    assert local_id in text_of(page)
    assert "3 Quarry &lt;b&gt;Bank&lt;/b&gt;" in page.content.decode()
    assert "Amina" not in text_of(page), "neither whose record it is nor who asked"

    taken = send(client, page, "/file/")
    assert taken["Content-Type"] == "text/csv; charset=utf-8"
    heading, row, *rest = taken.content.decode("utf-8-sig").splitlines()
    assert heading.startswith("your_number,what,you_say,said_to_be_right")
    assert row.startswith(f"{local_id},Address,")
    assert rest == []

    assert "Nothing waits for an answer." in text_of(send(client, page, "/answer/"))
    assert Correction.objects.get().answer == "agreed"
    assert "No correction waits" in text_of(client.get("/corrections/feeds/"))
    assert text_of(client.get("/today/")).count("No corrections that no source has answered in time") == 1


def test_whoever_runs_no_feed_is_refused(asked, account, sign_in):
    account("kit@example.org", name="Kit Lowe")
    client, _ = sign_in("kit@example.org")
    for page in ("/corrections/feeds/", f"{FEED}corrections/"):
        assert client.get(page).status_code == 403
    for page in (f"{FEED}corrections/file/", f"{FEED}corrections/answer/"):
        sent = client.post(page, {"correction": "1", "answer": "stands", "form_key": "nothing"})
        assert sent.status_code != 200
    assert Correction.objects.get().answer == ""
