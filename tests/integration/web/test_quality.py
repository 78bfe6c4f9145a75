"""How good the data is, as pages."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories.signed_in import as_the_owner
from tests.harness.tagged import read_pdf

from contactpoint.domain.audit.events import Action
from contactpoint.pipelines.count_quality import week_of
from contactpoint.storage.models import AuditBody, Delivery, Organisation, QualityCount

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


def test_charts_and_tables_hold_the_same_on_the_page_in_the_file_and_on_paper(team):
    """ADR 34: what is drawn is what is told, and everything drawn is in a table."""
    now = timezone.now()
    week = week_of(timezone.localdate()) - timedelta(weeks=1)
    QualityCount.objects.create(
        week=week, source_id="school-census", area="353", figures={**FIGURES, "whole": 200}
    )
    for back in (1, 8):
        Delivery.objects.create(
            source_id="school-census", file_name="c.csv", as_at=(now - timedelta(days=back)).date(),
            kind="full", state="published", received_at=now - timedelta(days=back), rows_read=100,
            rows_accepted=75, rows_rejected=25,
        )  # fmt: skip
    for path, charts in (("/quality/", 4), ("/quality/school-census/", 4)):
        page = team.get(path).content.decode().replace("&#x27;", "'")
        assert page.count('class="cp-chart"') == charts, path
        paper = read_pdf(team.post(f"{path}pdf/").content)
        figures = paper.root.all("Figure")
        assert len(figures) == charts
        assert all(one.alt in page for one in figures)
        rows = lines(team.post(f"{path}file/"))
        on_paper = {
            (f"{caption}: {column}".lower().replace(", continued", ""), head, cell.replace(",", ""))
            for caption, (columns, *found) in paper.tables.items() if caption != "In all"
            for head, *cells in found
            for column, cell in zip(columns[1:], cells, strict=True)
        }  # fmt: skip
        assert on_paper == {tuple(row) for row in rows if ": " in row[0]}
    told = {(row[0], row[2]) for row in rows}
    assert {("week by week: complete", "50.0%"), ("week by week: rows rejected", "25.0%")} <= told
    assert ("week by week: days old", "1") in told


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
