"""The guides: every picture and every link that they name is there, and every picture is small and named."""

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
NAMED = [
    (page, target)
    for page in PAGES
    for target in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
]
LARGEST = 120_000


def anchors(text):
    """The places in a page that links may name, as they are made from its headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_is_a_guide_for_practitioners_with_pictures():
    assert (GUIDE / "practitioner.md") in PAGES
    assert sum(target.endswith(".png") for _, target in NAMED) >= 9


@pytest.mark.parametrize(("page", "target"), NAMED, ids=[target for _, target in NAMED])
def test_what_is_named_is_there(page, target):
    if target.startswith("https://"):
        return
    path, _, place = target.partition("#")
    wanted = (page.parent / path) if path else page
    assert wanted.is_file()
    if place:
        assert place in anchors(wanted.read_text(encoding="utf-8"))


@pytest.mark.parametrize("picture", sorted((GUIDE / "images").glob("*.png")), ids=lambda one: one.name)
def test_a_picture_is_small_has_a_palette_and_is_used(picture):
    data = picture.read_bytes()
    assert len(data) < LARGEST
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert data[25] == 3, "draw it again with CONTACTPOINT_GUIDE_PICTURES=1, tests/system"
    assert any(target == f"images/{picture.name}" for _, target in NAMED)
