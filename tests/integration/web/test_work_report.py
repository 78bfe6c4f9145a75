"""How the work goes, as a page and as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from contactpoint.storage.models import UseDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(account, sign_in):
    account(memberships=(("la-353", "authority_team"),))
    for back in range(1, 36):
        day = timezone.localdate() - timedelta(days=back)
        figures = {"353": {"accesses": 10, "explained": 8, "sampled": 0, "queued": 0}}
        UseDay.objects.create(day=day, judged_at=timezone.now(), figures=figures)
    return sign_in()[0]


def test_the_page_holds_what_the_file_holds(team):
    page = team.get("/report/workload/", {"weeks": 4}).content.decode()
    answer = team.post("/report/workload/file/", {"weeks": 4})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith('attachment; filename="work-4-weeks-to-')
    assert ["looks that work explains", "", "78.6%"] in rows
    looks = [row[2] for row in rows if row[0] == "looks week by week: looks"]
    assert looks == ["70"] * 4
    assert ["uses to review: uses", "Waiting longer", "under 10"] in rows
    assert "78.6%</dd>" in page
    assert "cp-chart" in page
    assert "Records near a protected child" in page


def test_a_partner_is_told_nothing_of_records(account, sign_in):
    account(memberships=(("harbour-recovery", "partner_team"),))
    page = sign_in()[0].get("/report/workload/").content.decode()
    assert "Overdue now" in page
    assert "Feeds now" in page
    assert "Uses to review" in page
    for word in ("Records to check", "Records near", "Records waiting", "shield"):
        assert word not in page
