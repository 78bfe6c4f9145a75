"""The guides as pages: each link leads somewhere, each picture is there, each anchor is the hosted one."""

import re

import pytest

from contactpoint.cli.guide_site import GUIDES as FOLDER
from contactpoint.cli.guide_site import build_site
from contactpoint.domain.errors import InvalidInput
from contactpoint.pipelines.guides import GUIDES, read_guides, slug_of

READ = {one.name: one.body for one in read_guides(FOLDER, address="/guide/{}/", pictures="/p/{}")}


def test_every_guide_that_is_written_is_read():
    assert set(GUIDES) == {path.stem for path in FOLDER.glob("*.md")}


@pytest.mark.parametrize("name", GUIDES)
def test_every_link_and_picture_of_a_guide_leads_somewhere(name):
    body = READ[name]
    for to in re.findall(r'<a href="([^"]*)"', body):
        guide, _, part = to.removeprefix("/guide/").partition("#")
        target = guide.rstrip("/") or name
        assert target in READ, to
        assert not part or f'id="{part}"' in READ[target], to
    for picture in re.findall(r'<img src="/p/([^"]*)"', body):
        assert (FOLDER / "images" / picture).is_file(), picture
    assert body.count("<img") == body.count('alt="') == len(re.findall(r'alt="[^"]+"', body))


@pytest.mark.parametrize("name", GUIDES)
def test_nothing_of_its_markdown_is_left_over(name):
    text = re.sub(r"<[^>]*>", "", READ[name])
    assert not re.search(r"\]\(|\*\*|^#+ |\.md\b", text, re.MULTILINE)
    assert READ[name].count("<h1") == 1


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("My children", "my-children"),
        ("Sources, feeds & files", "sources-feeds--files"),
        ("“Still involved?”", "still-involved"),
        ("72-hour clock", "72-hour-clock"),
    ],
)
def test_a_heading_has_the_anchor_that_it_has_where_it_is_hosted(heading, anchor):
    assert slug_of(heading) == anchor


def test_html_in_a_guide_is_shown_and_not_obeyed(tmp_path):
    for name in GUIDES:
        (tmp_path / f"{name}.md").write_text("# A\n\n<script>alert(1)</script> [x](javascript:alert(1))\n")
    body = read_guides(tmp_path, address="{}", pictures="{}")[0].body
    assert "<script" not in body
    assert "href" not in body


def test_the_site_is_whole_and_made_anew_over_an_older_one(tmp_path):
    site = tmp_path / "a" / "site"
    for _ in range(2):
        build_site(site)
    for page in site.glob("*.html"):
        for to in re.findall(r'(?:href|src)="([^"#]+)[^"]*"', page.read_text(encoding="utf-8")):
            assert (site / to).is_file(), f"{page.name}: {to}"
    assert {path.stem for path in site.glob("*.html")} == {"index", *GUIDES}


def test_a_file_where_the_site_should_be_is_refused_and_left(tmp_path):
    taken = tmp_path / "site"
    taken.write_text("mine")
    with pytest.raises(InvalidInput, match="is a file"):
        build_site(taken)
    assert taken.read_text() == "mine"
