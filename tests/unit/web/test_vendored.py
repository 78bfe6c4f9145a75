"""The vendored GOV.UK Frontend is what the tool wrote, without what services off GOV.UK may not use."""

import hashlib
from pathlib import Path

import contactpoint.web

STATIC = Path(contactpoint.web.__file__).parent / "static/contactpoint"
VENDOR = STATIC / "vendor"


def test_every_file_has_the_sum_that_was_written_beside_it():
    sums = dict(reversed(line.split("  ")) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {file.name for file in VENDOR.iterdir()} - {"SHA256SUMS"}
    for name, expected in sums.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == expected, name


def test_no_style_sheet_asks_for_the_typeface_the_crest_or_any_other_file():
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text()
        for forbidden in (
            "GDS Transport",
            "@font-face",
            "crest",
            "govuk-crest",
            "url(",
            "@import",
            "sourceMapping",
        ):
            assert forbidden not in text, (sheet.name, forbidden)


def test_the_licence_goes_with_it():
    assert "The MIT License" in (VENDOR / "LICENCE.txt").read_text()
