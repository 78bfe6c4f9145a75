"""How a feed is read, in a browser: a mapping tried, agreed by two people, delivered by, put back (R19)."""

import csv
import io
import time

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow
from tests.system.test_feeds import register, said_now, send

__all__ = ["register"]
pytestmark = pytest.mark.system
PATIENCE = 90  # seconds for the worker
TEXT = """# {which}: how the new case system writes its file
[columns]
forename = "First name"
date_of_birth = "DOB"

[dates]
date_of_birth = "%d/%m/%Y"

[values.sex]
1 = "M"
2 = "F"
"""


def theirs(rows):
    """Rows as the new system writes them."""
    out = io.StringIO(newline="")
    names = {"forename": "First name", "date_of_birth": "DOB"}
    writer = csv.writer(out)
    writer.writerow([names.get(name, name) for name in rows[0]])
    for row in rows:
        born = "/".join(reversed(row["date_of_birth"].split("-")))
        sex = {"M": "1", "F": "2"}.get(row["sex"], "")
        writer.writerow((row | {"date_of_birth": born, "sex": sex}).values())
    return out.getvalue().encode()


def bring(window, text, rows):
    files = {"mapping": ("new.toml", text.encode()), "file": ("new.csv", theirs(rows))}
    for name, (called, data) in files.items():
        given = {"name": called, "mimeType": "text/plain", "buffer": data}
        window.page.locator(f'[name="{name}"]').set_input_files(given)
    return window.press("Try it")


def tried(window):
    deadline = time.monotonic() + PATIENCE
    while "What the file comes to" not in window.text():
        assert time.monotonic() < deadline, "the worker tried nothing"
        time.sleep(1)
        window.page.reload()
    return window


def agreed(window, colleague, code, picture):
    """Ask in one window and agree in the other, who comes to it from Today."""
    window.fill(because="The new case system").press("Ask a second person to agree")
    assert "It holds when a second person agrees." in window.judge(f"{picture}-asked").text()
    assert window.page.get_by_role("button", name="Agree").count() == 0
    follow(colleague.go("/today/").page.get_by_role("link", name="1 way to read a feed"))
    assert "A second person has to agree how it is read" in colleague.text()
    follow(colleague.page.locator(f'th a[href="/feeds/{code}/"]'))
    follow(colleague.page.get_by_role("link", name="How its files are read"))
    follow(colleague.judge(f"{picture}-history").page.locator("th a").first)
    colleague.judge(f"{picture}-agree").press("Agree: read files by it from now on")
    assert "Files are read by it from now on." in colleague.judge(f"{picture}-in-force").text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_mapping_from_its_file_to_putting_it_back(visit, product, photograph, register, size):
    """Given a source with a new system, when two people agree how it is read, then its files come in."""
    code, newest, _, _ = register
    rows = [row for row in said_now(product, code) if len(row["date_of_birth"]) == 10]
    dev, ewa = visit("dev", size=size), visit("ewa", size=size)
    dev.go(f"/feeds/{code}/")
    follow(dev.page.get_by_role("link", name="How its files are read"))
    follow(dev.judge("mapping-none").page.get_by_role("link", name="Try a mapping"))
    dev.judge("mapping-try").press("Try it").judge("mapping-try-errors")
    assert dev.follow_errors() == ["mapping"]
    bring(dev, "[columns]\nforname = 'First name'\n", rows).judge("mapping-faults")
    assert "1 thing is wrong in this mapping" in dev.text()

    bring(dev, TEXT.format(which=size["width"]), rows)
    tried(dev).judge("mapping-report")
    assert "Can the file be read?" in dev.text()
    if size is WIDE:
        photograph(dev, "mapping", whole=True)
    agreed(dev, ewa, code, "mapping")

    again = visit("dev", size=size)
    name = f"{code}_{newest}_delta.mapped.{size['width']}.csv"
    assert "1 of 1 rows accepted; 0 records are new or changed" in send(again, code, name, theirs(rows[:1]))

    ewa.press("Put back what was before").judge("mapping-back")
    assert "to the letter" in ewa.text()
    agreed(ewa, dev, code, "mapping-back")
