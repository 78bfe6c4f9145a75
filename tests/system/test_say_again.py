"""Saying why again in a real browser (R53)."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed
from tests.system.test_main_journey import open_record_of

pytestmark = pytest.mark.system
MANY = """
    INSERT INTO throttle (bucket, "window", used)
    SELECT replace(%s, '*', id::text),
        date_trunc('day', now() AT TIME ZONE 'Europe/London') AT TIME ZONE 'Europe/London', %s
    FROM account WHERE email = 'carol@demo.example'
    ON CONFLICT (bucket) DO UPDATE SET "window" = excluded."window", used = excluded.used
"""


@pytest.fixture
def busy(product):
    """Let Carol have done something so often today; afterwards it is as if she had not."""

    def was(bucket, used):
        with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
            owner.execute(MANY, (bucket, used))

    yield was
    product.forget_what_was_opened()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_one_says_why_and_the_record_opens(busy, product, visit, size):
    """Given many records opened today, when one says why, then the next opens."""
    busy("open:*", 40)
    window = visit("carol", size=size)
    open_record_of(window, a_mohamed(product.england, journey=3))
    assert window.judge("11-say-again").heading() == "You have opened many records today"
    window.press("Open the record").judge("11-say-again-errors")
    assert window.follow_errors() == ["need"]
    window.fill(need="The health visitor rang about him").press("Open the record")
    assert "Who is in contact" in window.text()


def test_one_says_why_and_goes_on_searching(busy, product, visit):
    """Given many searches today, when one says why, then the next is answered."""
    busy("search:*:all", 150)
    window = visit("carol", size=PHONE)
    window.search(surname=a_mohamed(product.england, journey=3).surname, age="9")
    assert window.judge("11-search-again").heading().endswith("have searched very often today")
    window.press("Search").judge("11-search-again-errors")
    assert window.follow_errors() == ["need"]
    window.fill(need="I check a list of twelve children").press("Search")
    assert "match" in window.heading()
