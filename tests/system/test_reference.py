"""A list of schools from a file, in a browser: mended, tried, agreed to, carried out, put back (R58)."""

import csv
import io
import time

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
PATIENCE = 60  # seconds for the worker


def downloaded(window, button=None):
    with window.page.expect_download() as caught:
        if button:
            window.tap(button)
        else:
            window.page.get_by_role("link", name="Download: Schools").click()
    text = caught.value.path().read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def send(window, rows, kind="school"):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    window.page.locator(f'[name="kind"][value="{kind}"]').check()
    file = {"name": f"{kind}s.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}
    window.page.locator('[name="file"]').set_input_files(file)
    return window.press("Show what it changes")


def wait_for(window, words):
    deadline = time.monotonic() + PATIENCE
    while words not in window.text():
        assert time.monotonic() < deadline, "the worker carried nothing out"
        time.sleep(1)
        window.page.reload()


def carried_out_by(window, colleague, title="Schools,", shot="16"):
    """Ask in one window, agree in the other, and wait until it is in force."""
    window.fill(because="The register of October").press("Ask a colleague to agree")
    assert "It holds when a colleague agrees." in window.text()
    assert window.page.get_by_role("button", name="Agree, and carry it out").count() == 0
    follow(colleague.go("/today/").page.get_by_role("link", name="1 list for a second person"))
    follow(colleague.judge(f"{shot}-lists").page.get_by_role("link", name=title).first)
    colleague.judge(f"{shot}-agree").press("Agree, and carry it out")
    wait_for(colleague, "In force")
    return colleague.judge(f"{shot}-in-force")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_list_of_schools_from_its_file_to_putting_it_back(visit, photograph, size):
    """Given the list as it is, when a file closes a school and changes one, then two people make it so."""
    ewa, lena = visit("ewa", size=size), visit("lena", size=size)
    follow(ewa.go("/today/").page.get_by_role("link", name="for a second person").filter(has_text="list"))
    follow(ewa.judge("16-lists-before").page.get_by_role("link", name="Try a file"))
    ewa.judge("16-try").press("Show what it changes").judge("16-try-errors")
    assert ewa.follow_errors() == ["kind", "file"]
    head, *schools = downloaded(ewa)
    wrong = [head, [*schools[0][:3], "999", *schools[0][4:]], *schools[1:]]
    send(ewa, wrong).judge("16-faults")
    assert "There is no such authority" in ewa.text()

    kept = [[*schools[1][:4], "0161 496 0999", *schools[1][5:]], *schools[2:]]
    send(ewa, [head, *kept]).judge("16-report")
    assert "0 new, 1 changed, 1 closed" in ewa.text()
    if size is WIDE:
        photograph(ewa, "reference", whole=True)
    carried_out_by(ewa, lena)

    lena.press("Put it back as it was").judge("16-back")
    carried_out_by(lena, ewa)
    assert downloaded(ewa.go("/reference/")) == [head, *schools]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_wards_of_an_authority_from_its_file_to_putting_it_back(visit, size):
    """Given Oldham's wards, when a file takes one apart by whole postcodes, then two people make it so."""
    ewa, lena = visit("ewa", size=size), visit("lena", size=size)
    follow(ewa.go("/reference/").page.get_by_role("link", name="Try a file"))
    ewa.page.locator("#wards-of").select_option("353")
    head, *wards = downloaded(ewa, "Download: Wards")
    assert head == ["postcode", "ward", "name", "authority"]
    assert {row[3] for row in wards} == {"353"}
    sector, code, name, _ = wards[-1]
    wrong = [head, *wards, [f"{sector}A", code, name, "353"], [f"{sector}AC", code, "Else", "353"]]
    send(ewa, wrong, "ward").judge("16-ward-faults")
    assert "It is not a postcode like OL1 4AB" in ewa.text()
    assert "says otherwise of this ward" in ewa.text()

    whole = [f"{sector}AC", "E05999999", "Taken Apart", "353"]
    send(ewa, [head, *wards[1:], whole], "ward").judge("16-ward-report")
    assert "1 new, 0 changed, 1 closed" in ewa.text()
    assert "These postcodes are in no ward then." in ewa.text()
    carried_out_by(ewa, lena, "Wards,", "16-ward")
    lena.press("Put it back as it was").judge("16-ward-back")
    carried_out_by(lena, ewa, "Wards,", "16-ward")
    ewa.go("/reference/").page.locator("#wards-of").select_option("353")
    assert downloaded(ewa, "Download: Wards") == [head, *wards]
