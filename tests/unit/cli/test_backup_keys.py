"""A backup needs each line of `seal.key` that its rows are under, and no other."""

from dataclasses import dataclass, field

import pytest

from contactpoint.cli.manifest import files_of, fingerprints, keys_by_line, keys_needed
from contactpoint.cli.restore import _check_keys
from contactpoint.domain.errors import InvalidInput

ONE, TWO, OTHER = "1 " + "5e" * 32, "2 " + "7a" * 32, "1 " + "00" * 32
KEPT = {"pair.key": "5e" * 32, "seal.key": f"{ONE}\n{TWO}\n"}


@dataclass
class Kept:
    """As much of a manifest as is asked."""

    keys: dict[str, str] = field(default_factory=dict)


def made(*lines):
    return Kept(fingerprints(keys_needed(KEPT, lines)))


def test_each_line_has_a_fingerprint_of_its_own():
    assert keys_by_line(KEPT).keys() == {"pair.key", "seal.key 1", "seal.key 2"}
    assert keys_by_line({"pair.key": ""}) == {"pair.key": ""}
    assert made(2).keys.keys() == {"pair.key", "seal.key 2"}
    assert made().keys.keys() == {"pair.key"}
    assert files_of(made(1, 2).keys) == ["pair.key", "seal.key"]


@pytest.mark.parametrize(
    ("lines", "text"),
    [((1,), ONE), ((1,), f"{ONE}\n{TWO}"), ((2,), TWO), ((2,), f"{OTHER}\n{TWO}"), ((1, 2), f"{TWO}\n{ONE}")],
)
def test_a_backup_is_restored_with_a_file_that_has_its_lines(lines, text):
    """Also one from before a change of the key, as long as the old line is kept."""
    _check_keys(made(*lines), {**KEPT, "seal.key": text})


@pytest.mark.parametrize(
    ("lines", "text", "said"),
    [
        ((1,), TWO, "seal.key 1"),
        ((1,), OTHER, "not the ones of this backup: seal.key 1"),
        ((1, 2), ONE, "seal.key 2"),
    ],
)
def test_and_not_without_them(lines, text, said):
    with pytest.raises(InvalidInput, match=said):
        _check_keys(made(*lines), {**KEPT, "seal.key": text})


def test_a_backup_of_an_earlier_release_needs_none():
    _check_keys(Kept(fingerprints({"pair.key": "5e" * 32})), {"pair.key": "5e" * 32})
