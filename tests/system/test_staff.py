"""Those who manage accounts: a thousand by file, somebody who leaves, a year that ends (R1, R3, R56)."""

import csv
import io
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from contactpoint.domain.people_file import COLUMNS
from tests.system.conftest import PHONE, WIDE
from tests.system.england import of_oldham
from tests.system.pages import follow
from tests.system.people import body_of, somebody_like
from tests.system.test_main_journey import open_record_of
from tests.system.test_my_children import card_of, say

pytestmark = pytest.mark.system
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
MANY, BAD = 1000, 50
TAKING = 120_000  # milliseconds that a machine with much to do may take over a thousand
BY_FILE = "SELECT id FROM account WHERE email LIKE '%@by-file.example'"
FORGET = (
    f"DELETE FROM invitation WHERE account_id IN ({BY_FILE})",
    f"DELETE FROM membership WHERE account_id IN ({BY_FILE})",
    "DELETE FROM people_file",
    "DELETE FROM account WHERE email LIKE '%@by-file.example'",
)


@pytest.fixture
def owner(product):
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        yield owner


@pytest.fixture
def a_school_of_rochdale(product, people, owner):
    """A school, and Rhys whose team invites its people; afterwards nobody was invited."""
    (school,) = owner.execute(
        "SELECT code FROM organisation WHERE authority = '354' AND kind = 'school' ORDER BY code DESC LIMIT 1"
    ).fetchone()
    somebody_like(product, people, "rhys", like="dev", at="la-354", role="authority_team")
    yield school
    for statement in FORGET:
        owner.execute(statement)


def people_file(school):
    """A thousand rows of which every twentieth is bad, in five ways."""
    faults = (
        {"email": ""},
        {"organisation": "no-such-body"},
        {"role": "headmaster"},
        {"services": "school;piano"},
        {"trained_until": "31.2.2027"},
    )
    until = (datetime.now(UTC).date() + timedelta(days=300)).isoformat()
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS)
    rows.writeheader()
    for place in range(MANY):
        fault = faults[place // 20 % len(faults)] if place % 20 == 7 else {}
        good = {
            "name": f"Person Number {place}",
            "email": f"p{place}@by-file.example",
            "job_title": "Teacher",
            "organisation": school,
            "role": "practitioner",
            "services": "school",
            "manager_email": "rhys@demo.example",
            "checked_on": "2026-06-01",
            "trained_until": until,
            "agreement_signed_on": "2026-06-01",
        }
        rows.writerow({**good, **fault})
    return out.getvalue()


def upload(window, text):
    window.go("/people/file/")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    window.page.locator('[name="file"]').set_input_files(file)
    window.page.context.set_default_timeout(TAKING)
    return window.press("Invite them")


def mended(row):
    """The row as whoever reads its reason mends it; it is told in the columns that came with it."""
    place = row["name"].rpartition(" ")[2]
    right = {
        "email": f"p{place}@by-file.example",
        "role": "practitioner",
        "services": "school",
        "trained_until": "",
    }
    return {**row, **{field: right[field] for field in row["rejected_field"].split("; ") if field in right}}


def test_a_thousand_are_invited_by_file_and_fifty_bad_rows_come_back(visit, owner, a_school_of_rochdale):
    """Given a file of 1,000 with 50 bad rows, when it is sent, then 950 are invited and 50 are mended."""
    team = visit("rhys", proved=True).go("/people/")
    follow(team.page.get_by_role("link", name="Invite many by file"))
    team.judge_both("22-file").press("Invite them").judge_both("22-file-errors")
    assert team.follow_errors() == ["file"]
    upload(team, people_file(a_school_of_rochdale))
    assert team.heading() == f"{MANY - BAD} people were invited, {BAD} rows we could not take"
    lines = team.page.locator("tbody tr").all_inner_texts()
    assert len(lines) == BAD
    assert [line.split("\t")[:2] for line in lines[:2]] == [["9", "email"], ["29", "organisation"]]
    team.judge_both("22-file-done")
    assert invited(owner) == MANY - BAD

    with team.page.expect_download() as taken:
        team.tap("Download the rows")
    with taken.value.path().open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.DictReader(file))
    assert len(back) == BAD
    out = io.StringIO()
    rows = csv.DictWriter(out, list(back[0]))
    rows.writeheader()
    rows.writerows({**mended(row), "organisation": a_school_of_rochdale} for row in back)
    upload(team, out.getvalue())
    assert team.heading() == f"{BAD} people were invited"
    assert invited(owner) == MANY
    follow(team.page.get_by_role("link", name="See them among people"))
    team.fill(words="Person Number 7").press("Show")
    assert "p7@by-file.example" in team.text(), "whose row was mended is there as well"


def invited(owner):
    return owner.execute("SELECT count(*) FROM account WHERE email LIKE '%@by-file.example'").fetchone()[0]


def test_a_leavers_work_goes_to_a_colleague(visit, product, people):
    """Given a lead practitioner who leaves, when their access ends, then a colleague has child and lead."""
    school, _ = body_of(product, "amina")
    somebody_like(product, people, "noor", like="amina", at=school, services=["school"])
    child, noor = of_oldham(product.england, 21), visit("noor")
    name = say(noor, child, "0161 496 0791", lead="yes")
    visit("ben").go("/to-confirm/").press(f"Confirm Noor Hart and {name}")

    team = visit("dev", proved=True).go("/people/")
    follow(team.fill(words="Noor Hart").press("Show").page.get_by_role("link", name="Noor Hart"))
    follow(team.page.get_by_role("link", name="Has left"))
    team.judge_both("22-leave").press("End their access now").judge_both("22-leave-errors")
    assert team.follow_errors() == ["to"]
    assert child.surname not in team.text(), "whose children they are is not told here"
    team.page.get_by_label("Ben Whitaker, Head of year").check()
    assert "Noor Hart is signed out everywhere" in team.press("End their access now").text()

    assert noor.go("/my-children/").heading() == "Sign in"
    ben = visit("ben").go("/my-children/").judge_both("22-taken-over")
    assert "Lead practitioner" in card_of(ben, name).inner_text()
    record = visit("carol")
    open_record_of(record, child)
    row = record.page.locator(".cp-contact", has_text="Ben Whitaker")
    assert "Lead practitioner" in row.inner_text()
    assert "Noor Hart" not in record.page.locator(".cp-contact").first.inner_text()


@pytest.fixture
def two_of_amina(product, people, owner):
    """Two whose manager Amina is: the year of one ends soon, that of the other ended yesterday."""
    school, _ = body_of(product, "amina")
    ((amina,),) = owner.execute("SELECT id FROM account WHERE email = 'amina@demo.example'").fetchall()
    for name in ("olga", "pete"):
        manager = {"manager_id": str(amina)}
        somebody_like(product, people, name, like="amina", at=school, services=["school"], **manager)
    day = "UPDATE account SET renew_by = current_date + %s, suspended_at = NULL WHERE email = %s"
    for days, name in ((10, "olga"), (-1, "pete")):
        owner.execute(day, [days, people[name].email])


def test_an_account_is_renewed_before_its_day_and_shut_after_it(visit, two_of_amina):
    """Given a year that ends soon and one that ended, when their manager renews both, then both may work."""
    pete = visit("pete").go("/find/").judge_both("22-not-renewed")
    assert "your account was to be renewed on" in pete.text()
    amina = visit("amina", proved=True).go("/team/").judge_both("22-renewals")
    row = amina.page.locator("tr", has_text="Olga Hart").last
    assert "Soon" in row.inner_text()
    follow(row.get_by_role("button", name="Yes"))
    assert "Olga Hart keeps the account for another year." in amina.judge_both("22-renewed").text()
    assert "Soon" not in row.inner_text()
    row = amina.page.locator("tr", has_text="Pete Hart").last
    assert "Over" in row.inner_text()
    follow(row.get_by_role("button", name="Yes"))
    assert pete.go("/find/").heading() == "Find a child"


@SIZES
def test_whoever_is_suspended_is_out_from_the_next_click_on(visit, two_of_amina, size):
    """Given somebody at work, when the team suspends them, then their next click says so."""
    olga, team = visit("olga", size=size).go("/find/"), visit("dev", size=size, proved=True).go("/people/")
    assert olga.heading() == "Find a child"
    follow(team.fill(words="Olga Hart").press("Show").page.get_by_role("link", name="Olga Hart"))
    follow(team.page.get_by_role("link", name="Suspend", exact=True))
    team.judge("22-suspend").press("Suspend").judge("22-suspend-errors")
    assert team.follow_errors() == ["because"]
    team.fill(because="Her laptop was stolen").press("Suspend")
    assert "Olga Hart is shut out from the next click on." in team.judge("22-suspended").text()
    assert "suspended" in olga.go("/find/").judge("22-is-suspended").text()
    assert olga.heading() != "Find a child"
    team.press("Open the account again")
    assert olga.go("/find/").heading() == "Find a child"
