"""How many children the directory holds, as a page and as a file."""

import csv
import io

import pytest
from django.utils import timezone

from contactpoint.pipelines.count_children import month_of
from contactpoint.storage.models import ChildrenCount

pytestmark = pytest.mark.django_db
CELLS = {"children": {"5-10": 1_015, "0": None}, "assessment": {"5-10": 45}}


@pytest.fixture
def team(account, sign_in):
    account(memberships=(("la-353", "authority_team"),))
    month = month_of(timezone.localdate())
    ChildrenCount.objects.create(month=month, area="353", figures=CELLS)
    ChildrenCount.objects.create(month=month, area="", figures={"protected": {"": 40}})
    return sign_in()[0]


def test_the_page_holds_what_the_file_holds(team):
    page = team.get("/children-counted/").content.decode()
    answer = team.post("/children-counted/file/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith('attachment; filename="children-')
    assert ["children", "", "1015"] in rows
    assert ["children by age: children", "Under 1", "under 10"] in rows
    assert "1,015</dd>" in page
    assert "cp-chart" in page
    assert "Protected records in England" not in page
    assert "By authority" not in page


def test_before_anything_is_counted_the_page_says_so(account, sign_in):
    account(memberships=(("la-353", "authority_team"),))
    team = sign_in()[0]
    assert "Nothing is counted yet." in team.get("/children-counted/").content.decode()
    assert team.post("/children-counted/file/").content.decode("utf-8-sig") == ""
