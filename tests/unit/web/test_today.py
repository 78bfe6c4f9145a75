"""The words of Today: how many, how old, and just the page that is asked for."""

from datetime import date, timedelta

import pytest

from contactpoint.domain.today import Queue, Waiting
from contactpoint.web.presenters.today import PAGES, queue_views

ON = date(2026, 11, 27)


def view(queue, count, *, late=0, oldest=None):
    (one,) = queue_views([Waiting(queue=queue, count=count, late=late, oldest=oldest)], ON)
    return one


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (-1, "The oldest came today; each should be decided within 28 days."),
        (0, "The oldest came today; each should be decided within 28 days."),
        (1, "The oldest has waited 1 day; each should be decided within 28 days."),
        (30, "The oldest has waited 30 days; each should be decided within 28 days."),
    ],
)
def test_how_long_the_oldest_has_waited_stands_beside_the_aim(waited, words):
    assert view(Queue.USE, 2, oldest=ON - timedelta(days=waited)).age == words


def test_each_part_of_a_reviewers_list_and_the_oldest_month_is_what_its_line_opens():
    assert view(Queue.USE_ANSWERED, 1).asked == "?stands=answered"
    month = view(Queue.USE_MONTHS, 2, oldest=date(2026, 9, 1))
    assert (month.asked, month.age) == ("?month=2026-09", "The oldest is September 2026.")
    ready = view(Queue.CHECKPOINTS, 1, oldest=date(2026, 11, 3))
    assert (ready.asked, ready.age) == ("", "The oldest is ready since 3 November 2026.")
    assert (view(Queue.USE_MONTHS, 0).asked, view(Queue.USE_MONTHS, 0).words) == ("", "No months to sign off")


def test_late_is_said_where_it_is_counted():
    assert view(Queue.USE, 3, late=2).late == "2 late"
    assert view(Queue.CASES, 3, late=2).late == ""


def test_every_queue_has_a_page_and_words():
    assert PAGES.keys() == set(Queue)
