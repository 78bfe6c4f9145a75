"""Reading the archive in a browser, as somebody who may ask for it: wide and narrow (R48)."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]


def test_the_archive_is_asked_for_with_a_number_and_a_reason(visit, size):
    """Given a team, when they ask for an archived record, then it takes a number and a reason."""
    window = visit("dev", size=size).go("/today/")
    follow(window.page.get_by_role("link", name="Read an archived record"))
    window.judge("14-archive").press("Read it").judge("14-archive-errors")
    assert window.follow_errors() == ["number", "purpose"]
    window.fill(number="C 000 000 102 M")
    window.page.locator('[name="purpose"][value="correcting"]').check()
    window.press("Read it").judge("14-archive-none")
    assert "No archived record that you can read has this number" in window.text()


def test_a_practitioner_has_no_archive(visit, size):
    """Given a practitioner, when they open the archive, then they are told that they cannot see it."""
    window = visit("amina", size=size).go("/archive/").judge("14-archive-refused")
    assert window.heading() == "We cannot show you this"
