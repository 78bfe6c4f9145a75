"""Reports in a real browser: how the directory is used, also as a file, and how good the data is."""

import csv
import re
import subprocess
import sys

import pytest

from contactpoint.cli.directory import Directory
from contactpoint.cli.home import CHECKOUT
from tests.harness.tagged import read_pdf
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
# Ten weeks in which everybody in the area of Oldham, and at KIDS, searched twelve times a working day, and
# rang four times.
WEEKS = """
import django; django.setup()
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from contactpoint.storage.use_counts import ENGLAND, keep_counts, of_authority, of_organisation
today = timezone.localdate()
day = {
    "people": {"": 6}, "searches": {"": 12}, "by_purpose": {"safeguarding": 9, "transfer": 3},
    "found": {"first": 8, "refined": 3, "none": 1}, "contacted": {"minute": 1, "five": 2, "day": 1},
    "took": {"minute": 2, "five": 2}, "contacts": {"": 4}, "answered": {"spoke": 1},
}
with transaction.atomic():
    for back in range(1, 71):
        when = today - timedelta(days=back)
        counts = day if when.weekday() < 5 else {}
        keep_counts(when, {ENGLAND: counts, of_authority("353"): counts, of_organisation("kids"): counts})
"""

MEASURED = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.count_quality import count_quality
for weeks in (2, 0):
    count_quality(by=system_viewer("worker"), at=timezone.localtime() - timedelta(weeks=weeks))
"""

CHILDREN = """
import django; django.setup()
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.count_children import count_children
count_children(by=system_viewer("worker"), at=timezone.localtime())
"""


def picture(photograph, window, name, size):
    """The picture of a guide, once."""
    if size is WIDE:
        photograph(window, name, whole=True)


@pytest.fixture(scope="module")
def children_known(product):
    environment = Directory(product.home).environment("worker")
    subprocess.run([sys.executable, "-P", "-c", CHILDREN], env=environment, cwd=CHECKOUT, check=True)


@pytest.fixture(scope="module")
def measured(product):
    environment = Directory(product.home).environment("worker")
    subprocess.run([sys.executable, "-P", "-c", MEASURED], env=environment, cwd=CHECKOUT, check=True)


@pytest.fixture(scope="module")
def counted(product):
    environment = Directory(product.home).environment("worker")
    subprocess.run([sys.executable, "-P", "-c", WEEKS], env=environment, cwd=CHECKOUT, check=True)


@SIZES
def test_a_team_reads_how_its_area_uses_the_directory_and_takes_the_figures_away(
    visit, counted, people, kept, photograph, size
):
    """Given an area's use, when the team reads it, it downloads the figures once it has proved itself."""
    kept.pop("dev", None)  # signed in anew, so that a file asks who they are
    team = visit("dev", size=size)
    kept.pop("dev")  # the session has another key afterwards
    team.go("/today/")
    follow(team.page.get_by_role("link", name="How the directory is used"))
    assert "and every organisation in its area" in team.judge("14-report").text()
    assert "13 weeks" in team.page.locator("[aria-current=page]").last.inner_text()
    follow(team.page.get_by_role("link", name="4 weeks"))
    row = team.page.locator("table tr", has_text="Worried about a child's safety or welfare")
    assert row.locator("td").inner_text() == f"{4 * 5 * 9}"
    assert "By authority" not in team.judge("14-report-month").text()
    picture(photograph, team, "report-area", size)
    team.press("Download these figures").judge("14-report-prove")
    assert team.heading() == "Enter a new one-time code"
    team.fill(code=people["dev"].code()).press("Continue")
    assert (
        "Press the button again: nothing was done or downloaded yet." in team.judge("14-report-again").text()
    )
    assert "4 weeks" in team.page.locator("[aria-current=page]").last.inner_text()
    with team.page.expect_download() as download:
        team.page.get_by_role("button", name="Download these figures").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert ["searches", "", f"{4 * 5 * 12}"] in rows


def test_the_nation_is_told_by_authority(visit, counted, photograph):
    """Given the nation's use, when the national team reads it, then it is told by authority."""
    nation = visit("ewa").go("/report/?weeks=4").judge("14-report-nation")
    assert "By authority" in nation.text()
    photograph(nation, "report-nation", whole=True)
    assert nation.go("/report/?weeks=5").page.locator("[aria-current=page]").last.inner_text() == "13 weeks"


JUDGED = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from contactpoint.storage.use import keep_day
for back in range(1, 40):
    looks = 30 + 7 * (back % 5)
    came = {"accesses": looks, "explained": looks - 9, "sampled": 0, "queued": 0}
    figures = {"353": came, "at:kids": came}
    keep_day(timezone.localdate() - timedelta(days=back), figures, at=timezone.now())
"""


@pytest.fixture(scope="module")
def judged(product):
    environment = Directory(product.home).environment("worker")
    subprocess.run([sys.executable, "-P", "-c", JUDGED], env=environment, cwd=CHECKOUT, check=True)


@SIZES
def test_a_team_reads_how_its_work_goes_and_takes_the_figures_away(visit, judged, photograph, size):
    """Given weeks of looks that were judged, when a team asks how work goes, then it reads of its area."""
    team = visit("dev", size=size, proved=True).go("/today/")
    follow(team.page.get_by_role("link", name="How the work goes"))
    text = team.judge("17-work").text()
    for caption in ("Records to check", "Feeds now", "Uses to review", "Looks week by week", "Overdue now"):
        assert caption in text
    follow(team.page.get_by_role("link", name="4 weeks"))
    assert team.page.locator("table", has_text="Looks week by week").locator("tbody tr").count() == 4
    with team.page.expect_download() as download:
        team.page.get_by_role("button", name="Download these figures").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    picture(photograph, team, "work-area", size)
    looks = [row[2] for row in rows if row[0] == "looks week by week: looks"]
    assert len(looks) == 4
    with team.page.expect_download() as download:
        team.page.get_by_role("button", name="Download as a PDF").click()
    (_, *lines) = read_pdf(download.value.path().read_bytes()).tables["Looks week by week"]
    assert [line[1] for line in lines] == looks


@SIZES
def test_the_nation_reads_how_work_goes_and_which_authority_has_accounts_overdue(
    visit, judged, photograph, size
):
    """Given the work that waits, when the national team reads it, then accounts are told by authority."""
    nation = visit("ewa", size=size).go("/report/workload/").judge("17-work-nation")
    assert "Accounts by authority" in nation.text()
    picture(photograph, nation.go("/report/workload/?weeks=4"), "work-nation", size)


@SIZES
def test_a_partner_reads_of_its_children_people_and_looks_and_of_no_record(
    visit, children_known, counted, judged, photograph, size
):
    """Given a month that was counted, when a partner's team reads, then only of its own."""
    partner = visit("kay", size=size, proved=True).go("/today/")
    follow(partner.page.get_by_role("link", name="How many children your services work with"))
    text = partner.judge("16-children-partner").text()
    assert "Children with whom KIDS works" in text
    assert "Children by age" in text
    assert "Protected records" not in text
    picture(photograph, partner, "children-partner", size)
    with partner.page.expect_download() as download:
        partner.tap("Download these figures")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert ["where", "Children with whom KIDS works", ""] in list(csv.reader(file))
    text = partner.go("/report/workload/").judge("17-work-partner").text()
    assert "Overdue now" in text
    assert "Uses to review" in text
    assert "Records to check" not in text
    picture(photograph, partner.go("/report/workload/?weeks=4"), "work-partner", size)
    picture(photograph, partner.go("/report/?weeks=4"), "report-partner", size)


@SIZES
def test_a_team_reads_how_good_the_data_of_its_area_is(visit, measured, size):
    """Given an area's sources, when the team opens them, then page, chart, file and PDF tell the same."""
    team = visit("dev", size=size, proved=True).go("/today/")
    follow(team.page.get_by_role("link", name="How good the data is"))
    assert "The source with most gaps stands first." in team.judge("15-quality").text()
    drawn = team.page.locator("svg.cp-chart")
    assert drawn.count() > 1
    assert "by source: " in drawn.first.locator("desc").text_content()
    with team.page.expect_download() as download:
        team.tap("Download these figures")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert ["what", "of what", "how many"] in list(csv.reader(file))
    with team.page.expect_download() as download:
        team.tap("Download as a PDF")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    follow(team.page.get_by_role("link", name="School census"))
    assert "Field by field" in team.judge("15-quality-source").text()
    assert team.page.locator("table", has_text="Week by week").locator("tbody tr").count() == 13
    assert "in 2 of 13 weeks" in team.page.locator("svg.cp-chart desc").first.text_content()
    wards = team.page.locator("table", has_text="By ward, where children live").locator("tbody tr")
    names = wards.locator("th").all_inner_texts()
    assert any(re.fullmatch(r".+ \(E059\d{5}\)", name) for name in names)
    row = team.page.locator("table tr", has_text="First name")
    assert row.locator("td").first.inner_text().startswith(("99.", "all but under 10"))
    with team.page.expect_download() as download:
        team.tap("Download these figures")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        told = [row[1] for row in csv.reader(file) if row[0] == "by ward, where children live: records"]
    assert told == names
    with team.page.expect_download() as download:
        team.tap("Download as a PDF")
    (_, *lines) = read_pdf(download.value.path().read_bytes()).tables["By ward, where children live"]
    assert [line[0] for line in lines] == names


@SIZES
def test_a_team_reads_how_many_children_its_area_has_and_takes_the_figures_away(
    visit, children_known, photograph, size
):
    """Given an area's children, when the team counts them, then it downloads what the page tells."""
    team = visit("dev", size=size, proved=True).go("/today/")
    follow(team.page.get_by_role("link", name="How many children the directory holds"))
    assert "Children by age" in team.judge("16-children").text()
    assert "Protected records in England" not in team.text()
    picture(photograph, team, "children-area", size)
    with team.page.expect_download() as download:
        team.page.get_by_role("button", name="Download these figures").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert ["what", "of what", "how many"] in list(csv.reader(file))


def test_the_nation_is_told_of_protected_records_of_no_place(visit, children_known, photograph):
    """Given protected records, when the nation counts children, then they are told of no place."""
    nation = visit("ewa").go("/children-counted/").judge("16-children-nation")
    photograph(nation, "children")
    assert "Protected records in England" in nation.text()
    assert "By authority" in nation.text()


DASHBOARDS = ("/report/", "/report/workload/", "/children-counted/")
TABLES = "tables => tables.map(one => [one.caption.textContent.trim(), one.tBodies[0].rows.length])"


def taken(window, button):
    """What a button of the page hands out."""
    with window.page.expect_download() as download:
        window.tap(button)
    return download.value.path().read_bytes()


@pytest.mark.parametrize("who", ["dev", "ewa", "kay"], ids=["team", "nation", "partner"])
def test_every_dashboard_is_taken_away_by_whoever_reads_it(visit, counted, judged, children_known, who):
    """Given a dashboard, when it is downloaded, then spreadsheet and PDF have every table that it shows."""
    window = visit(who, size=PHONE, proved=True)
    for address in DASHBOARDS:
        shown = window.go(address).page.locator("main table").evaluate_all(TABLES)
        assert shown, address
        rows = list(csv.reader(taken(window, "Download these figures").decode("utf-8-sig").splitlines()))
        tables = read_pdf(taken(window, "Download as a PDF")).tables
        for caption, lines in shown:
            assert len(tables[caption]) == 1 + lines, caption
            held = [row for row in rows if row[0].startswith(f"{caption.lower()}: ")]
            assert len(held) >= lines, caption


@pytest.mark.parametrize("page", ["/report/", "/report/workload/", "/quality/", "/children-counted/"])
def test_nobody_else_reads_it(visit, page):
    """Given a practitioner, when they open a report, then they are told that they cannot see it."""
    amina = visit("amina").go(page)
    assert amina.heading() == "We cannot show you this"
