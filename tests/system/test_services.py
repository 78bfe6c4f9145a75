"""The service directory in a browser: a team adds a service, and somebody else finds it (R25, R34, R44)."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system


def pick(window, name, label):
    window.page.locator(f'[name="{name}"]').select_option(label=label)
    return window


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_service_that_a_team_adds_is_found_by_whoever_looks(visit, photograph, size):
    """Given a council, when its team says who helps young carers there, then Ben finds the number."""
    dev = visit("dev", size=size).go("/contact-points/").judge("18-points")
    follow(dev.page.get_by_role("link", name="Add a service of your organisations"))
    dev.judge("18-new-point").press("Go on").judge("18-new-point-errors")
    assert dev.follow_errors() == ["organisation", "service"]
    offered = dev.page.locator('[name="organisation"] option')
    (place,) = [at for at in range(offered.count()) if "(la-353)" in offered.nth(at).inner_text()]
    dev.page.locator('[name="organisation"]').select_option(index=place)
    pick(dev, "service", "Young carers").press("Go on")
    dev.fill(phone="0161 496 0777", hours="Weekdays 9 to 5", night="0161 496 0778, any time")
    dev.fill(holidays="0161 496 0779").press("Save")

    ben = visit("ben", size=size)
    follow(ben.go("/find/").page.get_by_role("link", name="Services", exact=True))
    assert "Refuges, secure homes and hospital schools are not listed" in ben.judge("18-services").text()
    pick(ben, "service", "Young carers")
    pick(ben, "authority", "All of England").fill(words="").press("Look for it")
    assert "Out of hours: 0161 496 0778, any time" in ben.judge("18-found").text()
    assert "In school holidays: 0161 496 0779" in ben.text()
    assert ben.page.locator('a[href="tel:01614960777"]').count() == 1
    if size is WIDE:
        photograph(ben, "services", whole=True)
    ben.fill(words="Nowhere at all").press("Look for it").judge("18-nothing")
    assert "No service fits" in ben.text()
