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
    SELECT 'open:' || id,
        date_trunc('day', now() AT TIME ZONE 'Europe/London') AT TIME ZONE 'Europe/London', 40
    FROM account WHERE email = 'carol@demo.example'
    ON CONFLICT (bucket) DO UPDATE SET "window" = excluded."window", used = excluded.used
"""


@pytest.fixture
def busy(product):
    """Carol has opened forty records today; afterwards it is as if she had not."""
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        owner.execute(MANY)
        yield
        owner.execute("DELETE FROM throttle WHERE bucket LIKE 'open:%' OR bucket LIKE 'again:%'")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_one_says_why_and_the_record_opens(busy, product, visit, size):
    """Given many records opened today, when one says why, then the next opens."""
    window = visit("carol", size=size)
    open_record_of(window, a_mohamed(product.england, journey=3))
    assert window.judge("11-say-again").heading() == "You have opened many records today"
    window.press("Open the record").judge("11-say-again-errors")
    assert window.follow_errors() == ["need"]
    window.fill(need="The health visitor rang about him").press("Open the record")
    assert "Who is in contact" in window.text()
