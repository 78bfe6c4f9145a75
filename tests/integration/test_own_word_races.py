"""Two windows that say the same at once: one waits for the other, and it stands once."""

import threading

import pytest
from tests.factories.directory import amina_in_full, build_account, build_child, build_reference
from tests.factories.viewers import KEISHA, OWEN, PRIYA

pytestmark = pytest.mark.django_db(transaction=True)
SAY = """
    SELECT say_own_word(%s, 'school_nurse', 'bridgewater-nhs', 'Keisha Barrow', 'School nurse',
        '0161 496 0101', '2026-09-01', false, false, %s, now(), '', 'listed', NULL, NULL, '', '', '', '',
        NULL)
"""
HOLD = "SELECT hold_lead(%s, %s)"
END = "SELECT end_own_involvement(%s, %s, current_date, now())"


@pytest.fixture
def said(db):
    build_reference()
    build_account(KEISHA)
    return [build_child(*amina_in_full()), KEISHA]


class Other(threading.Thread):
    """The other window, which asks and perhaps waits."""

    def __init__(self, web, *query):
        super().__init__(daemon=True)
        self._ask, self.answer = lambda: web.execute(*query).fetchone(), None
        self.start()

    def run(self):
        self.answer = self._ask()

    def waits(self):
        self.join(timeout=0.5)
        return self.is_alive()

    def answered(self):
        self.join(timeout=30)
        assert not self.is_alive()
        return self.answer


@pytest.mark.parametrize(("end", "stands"), [("COMMIT", 1), ("ROLLBACK", 1)])
def test_the_second_waits_and_adds_nothing_to_what_stands(connect_as, said, end, stands):
    with connect_as("web") as one, connect_as("web") as two, connect_as("worker") as worker:
        one.execute("BEGIN")
        assert one.execute(SAY, said).fetchone() != (None,)
        other = Other(two, SAY, said)
        assert other.waits()
        one.execute(end)
        assert (other.answered() == (None,)) is (end == "COMMIT")
        found = worker.execute("SELECT count(*) FROM involvement WHERE typed_by_id = %s", [KEISHA]).fetchone()
        assert found == (stands,)


def test_whoever_ends_it_in_another_window_waits_until_it_was_told_that_it_stands(connect_as, said):
    with connect_as("web") as one, connect_as("web") as two:
        (made,) = one.execute(SAY, said).fetchone()
        one.execute("BEGIN")
        assert one.execute(SAY, said).fetchone() == (None,)
        other = Other(two, END, [made, KEISHA])
        assert other.waits()
        one.execute("COMMIT")
        other.answered()
        assert one.execute(SAY, said).fetchone() != (None,), "ended, so it is new"


def test_two_who_take_the_lead_at_once_come_one_after_the_other(connect_as, said):
    """Each holds who leads before anything of its own, so that neither waits for the other for ever."""
    build_account(PRIYA)
    with connect_as("web") as one, connect_as("web") as two:
        first = one.execute(SAY, said).fetchone()[0]
        second = two.execute(SAY, [said[0], PRIYA]).fetchone()[0]
        for window, which, whose in ((one, first, KEISHA), (two, second, PRIYA)):
            window.execute("BEGIN")
            hold = (HOLD, [which, whose])
            if window is one:
                window.execute(*hold)
            else:
                other = Other(window, *hold)
        assert other.waits()
        one.execute("SELECT own_involvement(%s, %s, 'bridgewater-nhs', current_date)", [first, KEISHA])
        one.execute("COMMIT")
        assert other.answered() is not None
        two.execute("ROLLBACK")


def test_who_accepts_while_another_takes_the_lead_does_not_wait_for_them_for_ever(connect_as, said):
    for identity in (PRIYA, OWEN):
        build_account(identity)
    child = said[0]
    with connect_as("web") as one, connect_as("web") as two:
        leading, mine = (one.execute(SAY, [child, who]).fetchone()[0] for who in (OWEN, PRIYA))
        given = one.execute(SAY, said).fetchone()[0]
        one.execute("SELECT confirm_own_word(%s, %s, now())", [given, PRIYA])
        (offer,) = one.execute("SELECT offer_handover(%s, %s, %s, now())", [given, KEISHA, PRIYA]).fetchone()
        two.execute("BEGIN")
        two.execute("SELECT lock_handover(%s, %s)", [offer, PRIYA])
        other = Other(one, HOLD, [leading, OWEN])
        assert other.waits()
        two.execute(HOLD, [mine, PRIYA])
        two.execute("COMMIT")
        assert other.answered() is not None


def test_other_services_and_other_people_do_not_wait(connect_as, said):
    with connect_as("web") as one, connect_as("web") as two:
        one.execute("BEGIN")
        one.execute(SAY, said)
        other = Other(two, SAY.replace("school_nurse", "health_visitor"), said)
        assert other.answered() != (None,)
        one.execute("ROLLBACK")
