"""Each dashboard as a PDF: it holds every figure of its CSV and no other, and is written down alike."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories.signed_in import events_of
from tests.harness.tagged import read_pdf

from contactpoint.domain.audit.events import Action
from contactpoint.pipelines.count_children import month_of
from contactpoint.storage.models import ChildrenCount, Organisation, UseDay
from contactpoint.storage.use_counts import ENGLAND, keep_counts, of_authority

pytestmark = pytest.mark.django_db
DASHBOARDS = [("use", "/report/"), ("work", "/report/workload/"), ("children", "/children-counted/")]
EACH = pytest.mark.parametrize(
    "address", [address for _, address in DASHBOARDS], ids=[one for one, _ in DASHBOARDS]
)
TEAMS = pytest.mark.parametrize("member", [("la-353", "authority_team"), ("contactpoint", "national_team")])
A_DAY = {
    "people": {"": 9}, "searches": {"": 1_200}, "by_purpose": {"safeguarding": 1_197, "transfer": 3},
    "found": {"first": 800, "refined": 3, "none": 90}, "contacted": {"minute": 1, "five": 40},
    "took": {"minute": 1, "five": 40}, "contacts": {"": 60}, "asked": {"": 7},
}  # fmt: skip


@pytest.fixture(autouse=True)
def counted(db):
    """Five weeks in which much was done, and children of two spans of ages."""
    Organisation.objects.update(accredited_until="2099-01-01")
    for back in range(1, 36):
        day = timezone.localdate() - timedelta(days=back)
        keep_counts(day, {ENGLAND: A_DAY, of_authority("353"): A_DAY})
        figures = {"353": {"accesses": 900, "explained": 880, "sampled": 0, "queued": 0}}
        UseDay.objects.create(day=day, judged_at=timezone.now(), figures=figures)
    month = month_of(timezone.localdate())
    cells = {"children": {"5-10": 1_015, "0": None}, "assessment": {"5-10": 45}}
    ChildrenCount.objects.create(month=month, area="353", figures=cells)
    ChildrenCount.objects.create(month=month, area="", figures={"protected": {"": 40}})


@EACH
@TEAMS
def test_it_holds_every_figure_of_the_csv_and_no_other(account, sign_in, address, member):
    account(memberships=(member,))
    team, chosen = sign_in()[0], {"weeks": 4}
    # Since when contacts are counted is a row of the CSV, and a sentence on paper.
    told = csv_rows(team.post(f"{address}file/", chosen))
    rows = [row for row in told if row[0] != "contacts counted since"]
    paper = read_pdf(team.post(f"{address}pdf/", chosen).content)
    tables = {caption: rows for caption, rows in paper.tables.items() if caption != "In all"}
    on_paper = [
        (f"{caption}: {column}".lower(), head, cell.replace(",", ""))
        for caption, (columns, *lines) in tables.items()
        for head, *cells in lines
        for column, cell in zip(columns[1:], cells, strict=True)
    ]
    assert len(on_paper) > 8
    assert on_paper == rows[-len(on_paper) :]
    # Hours saved are two rows of the CSV, and a span on paper.
    facts = [part for _, value in paper.tables["In all"][1:] for part in value.replace(",", "").split(" to ")]
    first = len(rows) - len(on_paper) - len(facts)
    assert facts == [row[2] for row in rows[first : len(rows) - len(on_paper)]]
    known = {"what", "whose use", "whose work", "where", "month", "from", "to", "days counted", "waiting on"}
    assert {row[0] for row in rows[:first]} <= known


@EACH
def test_the_paper_says_what_the_page_says(account, sign_in, address):
    account(memberships=(("la-353", "authority_team"),))
    team = sign_in()[0]
    page = team.get(address, {"weeks": 4}).content.decode().replace("&#x27;", "'")
    paper = read_pdf(team.post(f"{address}pdf/", {"weeks": 4}).content)
    said = [one.text for tag in ("H1", "P", "TH", "TD") for one in paper.root.all(tag)]
    aside = {"Figure", "Number"} | {one for one in said if one.startswith("Made on ")}
    missing = [one for one in said if one not in page and one not in aside]
    assert missing == []
    (figure,) = paper.root.all("Figure")
    assert figure.alt in page


@EACH
def test_taking_it_away_is_written_down_as_the_csv_is(account, sign_in, address):
    person = account(memberships=(("la-353", "authority_team"),))
    team = sign_in()[0]
    answers = [team.post(f"{address}{kind}/", {"weeks": 4}) for kind in ("file", "pdf")]
    taken = [one for one in events_of(person.pk) if one.action is Action.EXPORTED]
    assert len(taken) == 2
    assert taken[0].details == taken[1].details
    csv_name, pdf_name = (answer["Content-Disposition"] for answer in answers)
    assert pdf_name == csv_name.replace(".csv", ".pdf")
    assert answers[1]["Content-Type"] == "application/pdf"


@EACH
def test_it_names_nobody(account, sign_in, address):
    person = account(memberships=(("la-353", "authority_team"),))
    content = sign_in()[0].post(f"{address}pdf/").content
    paper = read_pdf(content)
    assert set(paper.about) == {"/Title", "/Creator", "/CreationDate"}
    assert person.name not in str(paper)
    assert person.email not in str(paper)


@EACH
def test_nobody_else_has_it(account, sign_in, address):
    account(memberships=(("bridgewater-nhs", "practitioner"),))
    assert sign_in()[0].post(f"{address}pdf/").status_code == 403


def test_before_anything_is_counted_the_page_says_so_in_place_of_a_file(account, sign_in):
    ChildrenCount.objects.all().delete()
    account(memberships=(("la-353", "authority_team"),))
    assert sign_in()[0].post("/children-counted/pdf/")["Location"] == "/children-counted/"


def csv_rows(answer):
    return [tuple(row) for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))]
