"""Two people join what one alone may not, where the nation set it so; whoever saw either is told (R20)."""

import psycopg
import pytest
from playwright.sync_api import expect

from contactpoint.cli.postgres import Cluster
from tests.system.pages import follow
from tests.system.test_matching import BORN_IN_OLDHAM, ask, settled

pytestmark = pytest.mark.system
TWO = BORN_IN_OLDHAM.replace("LIMIT 6", "OFFSET 330 LIMIT 2")
WHOSE = "SELECT child_id FROM source_record WHERE id = ANY (%s) ORDER BY id"
FIRST = """
    UPDATE review_case SET opened_at = opened_at + %s * interval '1 day'
    WHERE NOT (record_a_id = %s AND record_b_id = %s)
"""
EARLIER = "UPDATE setting_version SET from_when = from_when - interval '3 minutes' WHERE key = 'match_by_two'"
SETTING = "/settings/match_by_two/"


@pytest.fixture
def two_records(product):
    """Two records of Oldham that may be one child's, first on the list; nothing of the setting stays."""
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        (one, ours), (other, theirs) = owner.execute(TWO).fetchall()
        ask(owner, "possible_same_child", one, ours, other, theirs)
        owner.execute(FIRST, [1, one, other])
        yield [number for (number,) in owner.execute(WHOSE, [[one, other]])]
        owner.execute(FIRST, [-1, one, other])
        for table in ("setting_change", "setting_version"):
            unguarded(owner, table, f"DELETE FROM {table} WHERE key = 'match_by_two'")


def unguarded(owner, table, statement):
    """What nobody does with a table but who owns it, where a test has to."""
    owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.execute(statement)
    owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def minutes_later(product):
    """A setting holds some minutes after it was made: they have passed."""
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        unguarded(owner, "setting_version", EARLIER)


def change(window, value, because):
    window.go(SETTING).page.get_by_label(value, exact=True).check()
    window.fill(because=because).press("Show what it means")
    return window.press("Yes, change it")


def decide(window, verdict):
    follow(window.go("/matching/?kind=possible_merge").page.locator("tbody th a").first)
    window.fill(because="Both mothers rang").press(verdict)
    return window


def test_two_people_join_what_one_alone_may_not(visit, product, two_records):
    """Given that it takes two, when one says the same child, then nothing moves until a second has."""
    carol = visit("carol").search(number=two_records[0])
    follow(carol.page.locator(".cp-card").first.get_by_role("button"))
    carol.say_how()
    ewa, lena, dev = visit("ewa", proved=True), visit("lena", proved=True), visit("dev")
    change(ewa, "Yes", "Two were joined that are not one")
    assert "It waits for a second person" not in ewa.judge_both("24-by-two").text(), "stricter takes one"
    minutes_later(product)

    decide(dev, "Same child")
    expect(dev.page.locator("main")).to_contain_text("A second person has to say the same")
    dev.judge_both("24-first-of-two")
    assert "Both mothers rang" not in dev.go("/matching/decided/").text()
    follow(lena.go("/matching/?kind=possible_merge").page.locator("tbody th a").first)
    text = lena.judge_both("24-second-of-two").text()
    assert "Two people have to say the same before anything is joined or parted." in text
    assert not [word for word in ("Dev Patel", "Both mothers rang") if word in text]
    lena.fill(because="The midwife knows").press("Same child")
    expect(lena.page.locator("main")).to_contain_text("Recorded: the same child.")
    assert "The midwife knows" in settled(lena)

    notices = carol.go("/notices/").judge_both("24-joined-notice")
    card = notices.page.locator(".cp-card", has_text="A record you opened").first
    assert "Two records became one" in card.inner_text()

    follow(lena.go("/matching/decided/").page.get_by_role("link", name="Take back").first)
    lena.fill(because="They were two").press("Take back")
    assert "Taken back" in settled(lena)
    change(ewa, "No", "One is enough again")
    assert "It waits for a second person" in ewa.text(), "looser takes two"
    follow(lena.go(SETTING).page.get_by_role("button", name="Agree"))
    minutes_later(product)
    follow(dev.go("/matching/?kind=possible_merge").page.locator("tbody th a").first)
    assert "Two people have to say the same" not in dev.text()
