"""How good the data is, as pages."""

import pytest
from django.utils import timezone

from contactpoint.pipelines.count_quality import week_of
from contactpoint.storage.models import QualityCount

pytestmark = pytest.mark.django_db
FIGURES = {
    "records": 400,
    "linked": 399,
    "whole": 300,
    "filled": {"forename": 400, "upn": 300},
    "compared": {"date_of_birth": 400},
    "differs": {"date_of_birth": 1},
}


@pytest.fixture
def team(account, sign_in):
    account(memberships=(("la-353", "authority_team"),))
    week = week_of(timezone.localdate())
    for area in ("", "353"):
        QualityCount.objects.create(week=week, source_id="school-census", area=area, figures=FIGURES)
    QualityCount.objects.create(
        week=week,
        source_id="school-census",
        area="353",
        place_kind="organisation",
        place="105734",
        figures={**FIGURES, "records": 40, "whole": 10},
    )
    return sign_in()[0]


def test_the_list_leads_to_a_source_and_its_places(team):
    listed = team.get("/quality/").content.decode()
    assert "most often: " in listed
    assert 'href="/quality/school-census/"' in listed
    page = team.get("/quality/school-census/").content.decode()
    assert "99.8%" in page  # meet another source; never rounded up to all
    assert "Broadfield Primary School" in page
    assert "75.0%" in page


def test_before_anything_is_counted_the_pages_say_so(account, sign_in):
    account(memberships=(("la-353", "authority_team"),))
    client = sign_in()[0]
    assert "too few" in client.get("/quality/").content.decode()
    assert "Nothing is counted yet." in client.get("/quality/childrens-services-353/").content.decode()


def test_of_a_source_that_there_is_not_the_page_says_where_to_go(team):
    answer = team.get("/quality/nowhere/")
    assert answer.status_code == 404
    assert "Go back to the list of sources." in answer.content.decode()


def test_it_is_not_for_practitioners(account, sign_in):
    account(memberships=(("105734", "practitioner"),))
    assert sign_in()[0].get("/quality/").status_code == 403
