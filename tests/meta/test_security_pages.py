"""docs/security: every requirement once, every file and test named is there, every link leads somewhere."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "security"
PAGES = sorted(FOLDER.glob("*.md"))
STATES = {"met", "partly", "not met", "none"}
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from one.
SECTIONS = {
    1: (2, 9, 11, 3, 2),
    2: (3, 3, 4, 1),
    3: (0, 2, 4, 6, 5, 0, 2),
    4: (3, 1, 2, 4),
    5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2),
    8: (2, 3, 1, 1),
    9: (3, 4),
    10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1),
    12: (3, 2, 4),
    13: (1, 5, 2, 5),
    14: (2, 4, 3),
    15: (3, 3, 7),
    16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}
WANTED = [
    f"{chapter}.{section}.{number}"
    for chapter, sections in SECTIONS.items()
    for section, many in enumerate(sections, start=1)
    for number in range(1, many + 1)
]
ROW = re.compile(r"^\| ((?:\d+\.\d+\.\d+(?:, )?)+) \| ([^|]+) \| ([^|]+) \| ([^|]*) ?\|$", re.MULTILINE)
ROWS = ROW.findall((FOLDER / "asvs.md").read_text(encoding="utf-8"))
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|sql|md|html|js)|[\w.-]+\.(?:py|lock))(?::(\w+))?`")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def named():
    for page in PAGES:
        for path, name in NAMED.findall(page.read_text(encoding="utf-8")):
            yield page.name, path, name


def where(path):
    if path.startswith(("docs/", "tests/")) or path.endswith(".lock"):
        return ROOT / path
    return ROOT / "src" / "contactpoint" / path


def test_the_pages_are_there():
    assert {page.name for page in PAGES} >= {
        "asvs.md",
        "impact-assessment.md",
        "inventory.md",
        "threat-model.md",
    }


def test_the_list_is_that_of_the_standard():
    assert len(WANTED) == 253


def test_every_requirement_stands_once():
    stands = Counter(number for numbers, *_ in ROWS for number in numbers.split(", "))
    assert stands == Counter(WANTED)


def test_every_row_says_how_it_stands_and_why():
    assert {state for _, _, state, _ in ROWS} == STATES
    assert [numbers for numbers, _, state, why in ROWS if state != "none" and not why.strip()] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row[2] == "met"], ids=lambda row: row[0])
def test_what_is_met_is_shown_by_something(row):
    numbers, _, _, why = row
    assert NAMED.search(why) or LINK.search(why), f"{numbers}: no test, file or page is named"


@pytest.mark.parametrize(("page", "path", "name"), sorted(set(named())))
def test_what_is_named_is_there(page, path, name):
    file = where(path)
    assert file.is_file(), f"{page} names {path}"
    if name:
        stands = rf"^(?:    )?(?:def |class |){name}\b"
        assert re.search(stands, file.read_text(encoding="utf-8"), re.MULTILINE), (
            f"{page} names {path}:{name}"
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_its_links_lead_somewhere(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (page.parent / link).exists(), link
