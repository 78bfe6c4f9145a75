"""Two hundred planted records to check, worked with the keyboard; of each is known what is true (R20)."""

import time
from collections import Counter

import psycopg
import pytest
from playwright.sync_api import expect

from contactpoint.cli.postgres import Cluster
from contactpoint.storage.seal_key import KeyRing
from contactpoint.storage.typed_texts import CASE
from tests.system.planted import KINDS, MANY, mistype, plant

pytestmark = pytest.mark.system
READING = 0.5  # seconds: nobody reads two records, and says how they know, in less
PATIENCE = 120  # seconds in which the worker puts together and parts what was decided
LISTS = {kind: kind for kind in KINDS} | {"possible_same_child": "possible_merge"}
KEYS = {"same": 1, "different": 2, "cannot_tell": 3}  # how often Tab is pressed from the reason to the button
# Whatever else waits came later: what is planted stands first in its list.
ASIDE = """
    UPDATE review_case SET opened_at = opened_at + %s * interval '1 day' WHERE NOT record_a_id = ANY (%s)
"""
LAST = "SELECT coalesce(max(id), 0) FROM case_decision"
SAID = """
    SELECT kind, record_a_id, record_b_id, what, because, decided_at FROM case_decision
    WHERE id > %s ORDER BY id
"""
TO_DO = "SELECT count(*) FROM case_decision WHERE id > %s AND done_at IS NULL"
TOGETHER = "SELECT array_agg(id ORDER BY id) FROM source_record WHERE id = ANY (%s) GROUP BY child_id"
# What the page says: how each side is called, and how many bits each comparison speaks for one child.
READ = """() => {
    const value = cell => (cell.querySelector(".cp-compare__value") ?? cell).firstChild.textContent.trim();
    const [, reasons] = document.querySelectorAll("main table");
    return {
        title: document.querySelector("h1").textContent,
        fields: [...document.querySelectorAll(".cp-compare tbody tr")].map(row => [...row.cells].map(value)),
        reasons: [...reasons.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent.trim())),
    };
}"""


@pytest.fixture
def owner(product):
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        yield owner


@pytest.fixture
def planted(product, owner):
    """All two hundred, first in their lists; afterwards every number is the right one again."""
    cases, right = plant(product, owner)
    assert len(cases) == MANY
    first = [case.records[0] for case in cases]
    owner.execute(ASIDE, [1, first])
    yield cases
    owner.execute(ASIDE, [-1, first])
    mistype(owner, right)


def read(page):
    """What somebody reads: the two names, and whether what was compared speaks for one child.

    Where the numbers conflict one of them may be wrong, so that all else decides, as the page says.
    """
    seen = page.evaluate(READ)
    fields = {name: (left.lower(), right.lower()) for name, left, right, _ in seen["fields"]}
    names = list(zip(fields["First name"], fields["Last name"], strict=True))
    conflict = seen["title"] == "One child with two identifiers?"
    weighed = [
        float(bits.split()[0].replace("−", "-"))
        for what, _, bits in seen["reasons"]
        if bits != "–" and not (conflict and "number" in what.lower())
    ]
    return names, "same" if sum(weighed) > 0 else "different"


def work(page, many):
    """Decide so many, one after the other, with keys alone; return how long was waited for the machine.

    Waiting is what somebody waits who has read: until what they said before is recorded, and from the key
    that decides until the next question is there. Why is what they read: who stood on either side.
    """
    keys, waited = page.keyboard, 0.0
    for turn in range(many):
        began = time.perf_counter()
        names, verdict = read(page)
        assert page.evaluate("document.activeElement.textContent") == "Decide"
        keys.press("Enter")
        keys.type(" / ".join(", ".join(name) for name in names))
        for _ in range(KEYS[verdict]):
            keys.press("Tab")
        time.sleep(max(0.0, READING + began - time.perf_counter()))
        began = time.perf_counter()
        if turn:
            expect(page.locator("main [role=status]").first).to_contain_text("Recorded: ")
        with page.expect_navigation(wait_until="commit"):
            keys.press("Enter")
        waited += time.perf_counter() - began
        keys.press("Tab")
    return waited


def keys_of(product):
    """What the reasons are encrypted with."""
    return KeyRing.parse((product.home / "secrets" / "seal.key").read_text(encoding="ascii"))


def test_two_hundred_of_every_kind_are_worked_by_keyboard(visit, product, owner, planted, record_property):
    """Given two hundred of three kinds, when each is decided as it reads, then each has its word.

    What is stored is true of each, none is lost and none stands on a neighbour; whatever a mistake had parted
    or put together is as it was.
    """
    ((last,),) = owner.execute(LAST).fetchall()
    window, waited = visit("dev"), 0.0
    page = window.page
    for kind in KINDS:
        window.go(f"/matching/?kind={LISTS[kind]}")
        with page.expect_navigation():
            page.locator("tbody th a").first.press("Enter")
        page.locator("#main-content").press("Tab")
        waited += work(page, sum(case.kind == kind for case in planted))
        expect(page.locator("[role=status]").first).to_contain_text("Recorded: ")
    said = owner.execute(SAID, [last]).fetchall()
    assert Counter((a, b) for _, a, b, *_ in said) == Counter(case.records for case in planted)
    by_records, keys = {case.records: case for case in planted}, keys_of(product)
    for kind, a, b, what, sealed, at in said:
        case, (because,) = by_records[a, b], CASE.open(at, keys, because=sealed)
        assert (kind, what) == (LISTS[case.kind], case.truth), because
        left, right = (tuple(name.split(", ")) for name in because.split(" / "))
        assert [one for one in planted if one.is_called(left, right)] == [case], because
    wait_until_done(owner, last)
    records = [record for case in planted for record in case.records]
    together = {frozenset(ids) for (ids,) in owner.execute(TOGETHER, [records])}
    ones = {frozenset(case.records) for case in planted if case.truth == "same"}
    twos = {frozenset([record]) for case in planted if case.truth == "different" for record in case.records}
    assert together == ones | twos
    record_property(
        "cases by keyboard", f"{MANY} cases were decided by keyboard; {waited:.1f} s of waiting in all"
    )


def wait_until_done(owner, last):
    """Wait until the worker has carried all of it out."""
    deadline = time.monotonic() + PATIENCE
    while owner.execute(TO_DO, [last]).fetchone()[0]:
        assert time.monotonic() < deadline, "the worker carried not all of it out"
        time.sleep(0.5)
