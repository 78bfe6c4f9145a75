"""One organisation and one source from their pages, in a browser, to where people and files go on (R58)."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow
from tests.system.test_reference import carried_out_by

pytestmark = pytest.mark.system


def choose(window, name, value):
    window.page.locator(f'[name="{name}"][value="{value}"]').check()
    return window


def agreed(ewa, lena, title, shot):
    """Ask in one window, agree in the other, and wait until it is in force."""
    return carried_out_by(ewa, lena, title, shot)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_organisation_and_its_source_are_set_up_without_a_file(visit, photograph, size):
    """Given nothing but pages, when a partner joins, then two people add it, its feed, and close it again."""
    code = f"kids-{size['width']}"
    ewa, lena = visit("ewa", size=size), visit("lena", size=size)
    follow(ewa.go("/reference/").page.get_by_role("link", name="Add an organisation"))
    ewa.judge("17-new-body").press("Show what changes").judge("17-new-body-errors")
    assert ewa.follow_errors() == ["kind", "code", "name"]
    choose(ewa, "kind", "charity")
    ewa.fill(code=code, name=f"KIDS {size['width']}", phone="0161 496 0600", hours="Weekdays 9 to 5")
    if size is WIDE:
        photograph(ewa, "new-organisation", whole=True)
    ewa.press("Show what changes").judge("17-body-report")
    assert "1 new, 0 changed, 0 closed" in ewa.text()
    agreed(ewa, lena, f"Charity {code}", "17-body")
    follow(lena.page.get_by_role("link", name="Go on to its accreditation"))

    follow(ewa.go("/feeds/").page.get_by_role("link", name="Register a source"))
    ewa.judge("17-new-source").press("Show what changes").judge("17-new-source-errors")
    assert ewa.follow_errors() == ["name", "code", "contract", "organisation", "every"]
    choose(ewa, "contract", "charity")
    ewa.fill(name=f"Records of {code}", code=code, organisation=code, every="14")
    if size is WIDE:
        photograph(ewa, "new-source", whole=True)
    ewa.press("Show what changes").judge("17-source-report")
    agreed(ewa, lena, f"Source {code}", "17-source")
    follow(lena.page.get_by_role("link", name="Go on to its feed"))
    assert f"It is called {code} in file names." in lena.judge("17-feed").text()
    follow(lena.page.get_by_role("link", name="Who answers for it, and how often it tells"))
    lena.judge("17-source-change").fill(every="7").press("Show what changes")
    assert "14 → 7" in lena.text()

    ewa.go("/organisations/").fill(words=code).press("Show")
    follow(ewa.page.get_by_role("link", name="Change or close"))
    ewa.judge("17-body-change").press("Close it").judge("17-body-close")
    assert "0 new, 0 changed, 1 closed" in ewa.text()
    agreed(ewa, lena, f"Charity {code}", "17-closed")
    assert "open → closed" in lena.text()
