"""`contactpoint supply compare`: its words."""

from contactpoint.cli.comparing import in_words
from contactpoint.domain.source_mappings import HeldChanges, Reading


def test_rows_reasons_and_what_would_differ_are_said_and_nothing_small():
    changes = HeldChanges(held=12_300, different=None, fields=(("address", 200),))
    said = list(in_words(Reading(rows=12_400, rejected=3, reasons=(("DOB", "No.", 3),), changes=changes)))
    assert said[:4] == [
        "12,400 rows, 3 rejected.",
        "  3  DOB: No.",
        "Held records that it tells of: about 12,300. Of those different afterwards: fewer than 100.",
        "  about 200  address",
    ]
    assert "Nothing was loaded" in said[-1]


def test_a_file_that_cannot_be_read_is_told_with_its_reason():
    assert list(in_words(Reading(refused="No header."))) == ["It cannot be read: No header."]
