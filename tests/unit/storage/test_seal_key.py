"""The file of sealing keys: numbered lines, the newest of which seals."""

import pytest

from contactpoint.domain.errors import InvalidInput, Misconfigured
from contactpoint.storage.seal_key import KeyRing, key_ring, line_fingerprints, new_key, write_ring

ONE, TWO = "1 " + "5e" * 32, "2 " + "7a" * 32


def test_the_newest_line_seals_and_old_ones_stay():
    ring = KeyRing.parse(f"{TWO}\n{ONE}\n")
    assert ring.newest.number == 2
    assert ring.text() == f"{ONE}\n{TWO}\n"
    grown = ring.with_another()
    assert grown.newest.number == 3
    assert grown.text().startswith(ring.text())


@pytest.mark.parametrize(
    "text", ["", "\n", "1 5e", f"0 {'5e' * 32}", f"1  {'5e' * 32}", f"{ONE}\n{ONE}", "{}"]
)
def test_what_is_no_file_of_keys_is_refused_without_quoting_it(text):
    with pytest.raises(InvalidInput) as refused:
        KeyRing.parse(text)
    assert "5e5e" not in str(refused.value)


def test_a_fingerprint_tells_keys_apart_and_is_none_of_them():
    marks = line_fingerprints(f"{ONE}\n{TWO}\n")
    assert len(set(marks.values())) == 2
    assert not any(secret in mark for mark in marks.values() for secret in ("5e5e", "7a7a"))


def test_a_tag_is_as_long_as_its_column_and_no_value_of_a_source():
    key = KeyRing.parse(ONE).newest
    assert len(key.tag("postcode", "OL1 4AB", 8)) == 8
    assert key.tag("postcode", "OL1 4AB", 8).startswith("~")
    assert key.tag("upn", "OL1 4AB", 8) != key.tag("postcode", "OL1 4AB", 8)
    assert KeyRing.parse(TWO).newest.tag("postcode", "OL1 4AB", 8) != key.tag("postcode", "OL1 4AB", 8)


def test_a_line_that_is_not_there_is_asked_for():
    with pytest.raises(Misconfigured, match="key 7"):
        KeyRing.parse(ONE).get(7)


def test_a_process_reads_the_file_again_when_it_has_changed(settings, tmp_path):
    settings.SEAL_KEY = str(tmp_path / "seal.key")
    write_ring(tmp_path / "seal.key", KeyRing({1: new_key()}))
    before = key_ring()
    write_ring(tmp_path / "seal.key", before.with_another())
    assert key_ring().newest.number == 2
    assert key_ring().keys[1] == before.keys[1]
    assert [one.name for one in tmp_path.iterdir()] == ["seal.key"]
    assert (tmp_path / "seal.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("named", ["", "/nowhere/seal.key"])
def test_a_process_without_the_file_says_so(settings, named):
    settings.SEAL_KEY = named
    with pytest.raises(Misconfigured, match="no file of sealing keys"):
        key_ring()
