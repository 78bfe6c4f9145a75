"""How good the data is, as pages."""

import csv
import io

import pytest
from django.utils import timezone
from tests.factories.signed_in import as_the_owner

from contactpoint.domain.audit.events import Action
from contactpoint.pipelines.count_quality import week_of
from contactpoint.storage.models import AuditBody, Organisation, QualityCount

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
    assert "all but under 10" in page  # meet another source; of one that does not nobody is told
    assert "rounded to the nearest 5" in page
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


def lines(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_and_a_source_are_handed_out_as_files_with_the_same_figures(team):
    """ADR 34: no file tells more than its page."""
    listed = team.post("/quality/file/")
    assert listed["Content-Type"].startswith("text/csv")
    assert "attachment" in listed["Content-Disposition"]
    rows = lines(listed)
    (name,) = [row[1] for row in rows if row[2] == "25.0%"]
    assert ["what is missing: records", name, "400"] in rows
    assert ["how sources do: meet another", name, "all but under 10"] in rows
    place = lines(team.post("/quality/school-census/file/"))
    school = "Broadfield Primary School"
    assert ["by school, practice or service: records", school, "40"] in place
    assert ["by school, practice or service: with a field missing", school, "75.0%"] in place
    for path in ("/quality/pdf/", "/quality/school-census/pdf/"):
        assert team.post(path).content.startswith(b"%PDF-")
    with as_the_owner():
        assert AuditBody.objects.filter(action=Action.EXPORTED.value).count() == 4


def test_places_that_are_told_alike_stand_by_name(team):
    """No order tells of a number that is not told."""
    week = week_of(timezone.localdate())
    for code, name, whole in (("900001", "Zebra School", 20), ("900002", "Ash School", 29)):
        Organisation.objects.create(code=code, name=name, kind="school", authority="353")
        QualityCount.objects.create(
            week=week,
            source_id="school-census",
            area="353",
            place_kind="organisation",
            place=code,
            figures={**FIGURES, "records": 29, "whole": whole},
        )
    page = team.get("/quality/school-census/").content.decode()
    places = ["Broadfield", "Ash School", "Zebra School"]
    assert sorted(places, key=page.index) == places


def test_the_files_are_handed_to_nobody_else(account, sign_in):
    account(memberships=(("105734", "practitioner"),))
    client = sign_in()[0]
    for path in ("/quality/file/", "/quality/pdf/", "/quality/school-census/file/"):
        assert client.post(path).status_code == 403
