"""Contact points: a number to ring, short, asked about once a term (R25)."""

from datetime import date, timedelta

import pytest

from contactpoint.domain.directory import ContactPoint, Reached, in_order_of_age, is_it_time_to_confirm
from contactpoint.domain.errors import InvalidInput

TODAY = date(2026, 11, 22)


def reached(**changed):
    said = {"phone": "0161 496 0100", "hours": "Weekdays 9 to 5", "night": "", "holidays": ""}
    return Reached(**{**said, **changed})


@pytest.mark.parametrize(("days", "asked"), [(0, False), (90, False), (91, True), (400, True)], ids=str)
def test_r25_once_a_term(days, asked):
    assert is_it_time_to_confirm(reached(confirmed_on=TODAY - timedelta(days=days)), TODAY) is asked


def test_until_somebody_says_it_is_asked():
    assert is_it_time_to_confirm(None, TODAY)
    assert is_it_time_to_confirm(reached(), TODAY)


def test_what_somebody_found_wrong_is_asked_at_once():
    assert is_it_time_to_confirm(reached(confirmed_on=TODAY, doubted_on=TODAY), TODAY)


@pytest.mark.parametrize("wrong", [{"phone": " "}, {"phone": "0" * 25}, {"night": "x" * 161}], ids=str)
def test_what_nobody_could_ring_is_refused(wrong):
    with pytest.raises(InvalidInput):
        reached(**wrong)


def test_those_that_wait_longest_come_first():
    def point(service, said):
        return ContactPoint(organisation="x", organisation_name="X", service=service, reached=said)

    new, old = reached(confirmed_on=TODAY), reached(confirmed_on=TODAY - timedelta(days=9))
    wrong = reached(confirmed_on=TODAY, doubted_on=TODAY)
    found = in_order_of_age(
        (point("new", new), point("old", old), point("never", None), point("wrong", wrong))
    )
    assert [one.service for one in found] == ["wrong", "never", "old", "new"]
