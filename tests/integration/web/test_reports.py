"""How the directory is used, as a page and as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from contactpoint.storage.use_counts import keep_counts, of_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(account, sign_in):
    account(memberships=(("la-353", "authority_team"),))
    for back in range(1, 36):
        counts = {"searches": {"": 1}, "by_purpose": {"transfer": 1}, "contacts": {"": 1}}
        keep_counts(timezone.localdate() - timedelta(days=back), {of_authority("353"): counts})
    return sign_in()[0]


def test_the_page_holds_what_the_file_holds(team):
    page = team.get("/report/", {"weeks": 4}).content.decode()
    answer = team.post("/report/file/", {"weeks": 4})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith('attachment; filename="use-4-weeks-to-')
    assert ["searches", "", "28"] in rows
    assert ["why people searched: searches", "Transferring a child", "28"] in rows
    assert "28</dd>" in page
    assert "Week by week" in page


def test_before_anything_is_counted_the_page_says_so(account, sign_in):
    account(memberships=(("la-353", "authority_team"),))
    page = sign_in()[0].get("/report/").content.decode()
    assert "For 91 of these days nothing was counted." in page
    assert "cp-chart" not in page


def test_a_period_that_there_is_not_is_a_quarter(team):
    assert '<strong aria-current="page">13 weeks</strong>' in team.get("/report/?weeks=99").content.decode()
