"""Typed text that is encrypted: whole again with the key, in its own column, and in no other way."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from contactpoint.domain.errors import Misconfigured
from contactpoint.storage.seal_key import KeyRing, new_key
from contactpoint.storage.typed_texts import CONTACT, CORRECTION, TABLES

AT = datetime(2026, 11, 27, 5, 12, 30, 250, tzinfo=UTC)
RING = KeyRing({1: new_key(1), 2: new_key(2)})
PHONE = "07700 900641"


def sealed(text=PHONE, number=2, at=AT):
    return CONTACT.seal(at, RING.get(number), phone=text)[0]


def opened(text, at=AT, ring=RING):
    return CONTACT.open(at, ring, phone=text)[0]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("text", [PHONE, "Łucja's “other” home, flat 2 — ask for Ñ", "x" * 64, "x" * 65, " "])
def test_it_is_whole_again_under_any_key_of_the_file(text, number):
    found = sealed(text, number)
    assert found.startswith(f"~sealed.{number}.")
    assert text.strip() == "" or text not in found
    assert opened(found) == text


def test_nothing_is_nothing_and_what_is_in_the_clear_is_read():
    assert sealed("") == opened("") == ""
    assert opened("~sealed.by.court") == "~sealed.by.court"


def test_the_same_moment_elsewhere_is_the_same_moment():
    assert opened(sealed(), AT.astimezone(timezone(timedelta(hours=5)))) == PHONE


def test_the_same_text_twice_is_not_the_same_twice():
    assert sealed() != sealed()


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_its_length_tells_little(table):
    for name, block in table.columns.items():
        found = {len(table.seal(AT, RING.newest, **{name: "x" * length})[0]) for length in (1, 2, block)}
        assert len(found) == 1, name


def test_it_opens_in_no_other_column_and_at_no_other_moment():
    with pytest.raises(Misconfigured, match="altered"):
        opened(sealed(), AT + timedelta(microseconds=1))
    with pytest.raises(Misconfigured, match="altered"):
        CORRECTION.open(AT, RING, right=sealed())


def test_nor_with_another_key_nor_without_its_own():
    with pytest.raises(Misconfigured, match="another key"):
        opened(sealed(), ring=KeyRing({1: new_key(1), 2: new_key(2)}))
    with pytest.raises(Misconfigured, match="not in the file"):
        opened(sealed(), ring=KeyRing({1: RING.get(1)}))


def test_a_tag_tells_equal_texts_about_one_thing_and_nothing_else():
    one = CORRECTION.tag(RING.newest, "7.address", "14 Mill Lane")
    assert one == CORRECTION.tag(RING.newest, "7.address", "14 Mill Lane")
    assert len(one) == 44
    assert (
        len(
            {
                one,
                CORRECTION.tag(RING.newest, "8.address", "14 Mill Lane"),
                CORRECTION.tag(RING.newest, "7.address", "15 Mill Lane"),
                CORRECTION.tag(RING.get(1), "7.address", "14 Mill Lane"),
            }
        )
        == 4
    )
    assert CORRECTION.tag(RING.newest, "7.address", "") == ""
